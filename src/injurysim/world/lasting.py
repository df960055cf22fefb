"""Limits by week or month in the kernel: their meters run on from shift to shift.

They change no row of a shift, so days and riders that differ in nothing else share rows. Whether a shift fits into what is
left of them is looked up with its row: minutes on a clock are a sum of numbers of the row by weights.
``spent`` are the minutes on their clocks in the month of one rider, shape (limits by week or month, apps).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.core.kernel_cache import inlined, kernel
from injurysim.scenario.world import World
from injurysim.world import layout, packed
from injurysim.world.conduct import Conduct
from injurysim.world.layout import ShiftLaw, index
from injurysim.world.packed import BLOCK, Blocks
from injurysim.world.rules import lasting_limits, lasting_names, spans, stacked

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NONE = 0
"""Set of limits by week or month that is empty."""


class Lasting(NamedTuple):
    """Limits by week or month as the kernel reads them. F portfolios, C conducts, D kinds of day.

    Attributes
    ----------
    sets : (F, C, D) which set of them holds; span : (sets, 2) rows of a set.
    any : (F, C) whether a set has been met that is not empty.
    by_week : (limits,) whether a limit is by week.
    rows : (n, LIMIT_COLUMNS) as those of a shift; owner, meter : (n,) the limit, and the app under which its meter is kept.
    terms, place, weight : (n,), (n, MOST_APPS) and likewise: minutes on the clock are so many numbers of a row, at these
        places, times these weights.
    """

    sets: NDArray[np.int32]
    span: Ints
    any: NDArray[np.bool_]
    by_week: NDArray[np.bool_]
    rows: Floats
    owner: Ints
    meter: Ints
    terms: Ints
    place: Ints
    weight: Floats


class LastingSets:
    """Sets of limits by week or month, numbered as they are met.

    Parameters
    ----------
    world : World
    """

    def __init__(self, world: World) -> None:
        self._world, self._names = world, lasting_names(world)
        self._number: dict[bytes, int] = {b"": NONE}
        self._rows: list[Floats] = [np.zeros((0, layout.LIMIT_COLUMNS))]
        self._facts: list[tuple[int, int, int, Ints, Floats]] = []

    def number(
        self, names: Sequence[str], conduct: Conduct, apps: Sequence[str], law: ShiftLaw, f: int
    ) -> int:
        """Return the number of the set that holds for a portfolio and conduct on a day, new or known."""
        rows, owners = lasting_limits(self._world, names, conduct, apps)
        if not len(rows):
            return NONE
        key = b"/".join([str(f).encode(), rows.tobytes(), *(name.encode() for name in owners)])
        number = self._number.setdefault(key, len(self._number))
        if number == len(self._rows):
            self._rows.append(rows)
            for row, owner in zip(rows, owners, strict=True):
                self._facts.append((self._names.index(owner), *_clock(row, law, f)))
        return number

    def made(self, sets: NDArray[np.int32]) -> Lasting:
        """Return them for the kernel, with the number of the set of each portfolio, conduct and kind of day."""
        owner, meter, terms = (np.array([fact[i] for fact in self._facts], np.int64) for i in range(3))
        shape = (len(self._facts), layout.MOST_APPS)
        return Lasting(
            sets=sets,
            span=spans(self._rows),
            any=np.any(sets > NONE, axis=2),
            by_week=np.array(
                [self._world.limits[name].kind == "week_logoff" for name in self._names], np.bool_
            ),
            rows=stacked(self._rows),
            owner=owner,
            meter=meter,
            terms=terms,
            place=np.array([fact[3] for fact in self._facts], np.int64).reshape(shape),
            weight=np.array([fact[4] for fact in self._facts]).reshape(shape),
        )


def _clock(row: Floats, law: ShiftLaw, f: int) -> tuple[int, int, Ints, Floats]:
    """Return the app under which a meter is kept, and the terms of its clock: how many, their places and weights."""
    apps, engaged = int(law.apps[f]), row[layout.CLOCK] == layout.CLOCK_ENGAGED
    coefficient = row[layout.FIRST_COEFFICIENT : layout.FIRST_COEFFICIENT + apps]
    column = packed.ENGAGED if engaged else packed.ONLINE
    place, weight = np.zeros(layout.MOST_APPS, np.int64), np.zeros(layout.MOST_APPS)
    if row[layout.SCOPE] != layout.ALL:
        k = int(row[layout.SCOPE])
        place[0], weight[0] = BLOCK * k + column, coefficient[k]
        return k, 1, place, weight
    if law.at_once[f] and apps > 1:
        place[0] = BLOCK + (packed.BUSY if engaged else packed.WORKED)
        weight[0] = coefficient @ law.share[f, :apps]
        return 0, 1, place, weight
    place[:apps], weight[:apps] = BLOCK * np.arange(apps) + column, coefficient
    return 0, apps, place, weight


@inlined
def _on_clock(lasting: Lasting, i: int, values: Blocks, at: int) -> float:
    """Minutes of a shift, whose row begins at ``at``, on the clock of row ``i``."""
    minutes = 0.0
    for term in range(lasting.terms[i]):
        minutes += lasting.weight[i, term] * np.float64(values[index(at + lasting.place[i, term])])
    return minutes


@inlined
def fits(lasting: Lasting, chosen: int, spent: Floats, values: Blocks, at: int) -> bool:
    """Say whether a shift stays within what is left of a set of limits."""
    for row in range(lasting.span[index(chosen), 0], lasting.span[index(chosen), 1]):
        i = index(row)
        before = spent[index(lasting.owner[i]), index(lasting.meter[i])]
        if before + _on_clock(lasting, i, values, at) > lasting.rows[i, layout.MINUTES]:
            return False
    return True


@inlined
def run_on(lasting: Lasting, chosen: int, spent: Floats, values: Blocks, at: int) -> None:
    """Let the meters of a set of limits run for a shift."""
    for row in range(lasting.span[index(chosen), 0], lasting.span[index(chosen), 1]):
        i = index(row)
        spent[index(lasting.owner[i]), index(lasting.meter[i])] += _on_clock(lasting, i, values, at)


@inlined
def start_month(lasting: Lasting, spent: Floats, used: Floats, first: int, apps: int) -> None:
    """Set the meters by month to zero, and take those by week from the rider's diary."""
    for i in range(used.shape[0]):
        for k in range(apps):
            spent[i, k] = used[i, index(first + k)] if lasting.by_week[i] else 0.0


@inlined
def start_week(lasting: Lasting, spent: Floats, apps: int) -> None:
    """Set the meters by week to zero."""
    for i in range(lasting.by_week.shape[0]):
        if lasting.by_week[i]:
            for k in range(apps):
                spent[i, k] = 0.0


@inlined
def end_month(lasting: Lasting, spent: Floats, used: Floats, first: int, apps: int) -> None:
    """Write the meters by week into the rider's diary."""
    for i in range(used.shape[0]):
        if lasting.by_week[i]:
            for k in range(apps):
                used[i, index(first + k)] = spent[i, k]


@kernel
def add_left(lasting: Lasting, chosen: int, spent: Floats, limits: Floats, found: int) -> int:
    """Add a set of limits, with the minutes they have left, to those of a shift; return how many there are then."""
    for i in range(lasting.span[chosen, 0], lasting.span[chosen, 1]):
        for column in range(layout.LIMIT_COLUMNS):
            limits[found, column] = lasting.rows[i, column]
        limits[found, layout.MINUTES] -= spent[lasting.owner[i], lasting.meter[i]]
        found += 1
    return found
