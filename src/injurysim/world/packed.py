"""Rows as the tables keep them: a block of eight numbers of single precision for each app.

Looking a shift up costs what it takes to fetch its row from memory, so rows are small: a block is half a line of the
processor's cache, and a row of two apps is one line. Minutes are whole and exact; orders and minutes with an order in hand
are rounded to 24 bits; hazard decides who is hurt in which minute, and is kept as the sum of two numbers, to 48 bits. What
a shift comes to is always read from here, looked up or walked, so it does not matter which of the two it was.

    block 0        length   off    online engaged orders lost hazard rest    (the first app)
    block 1        worked   busy   online engaged orders lost hazard rest    (the second app)
    block 2, ...   -        -      online engaged orders lost hazard rest    (each other app)
    after these    plain    rest   plain  rest   ...                         (of four apps a block, under ADDITIVE only)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from injurysim.core.kernel_cache import inlined, kernel
from injurysim.world import layout
from injurysim.world.layout import ADDITIVE, HEAD, PER_APP, ShiftLaw

Floats = NDArray[np.float64]
Blocks = NDArray[np.float32]

BLOCK = 8
LENGTH, OFF, ONLINE, ENGAGED, ORDERS, LOST, HAZARD, HAZARD_REST = range(8)
"""Columns of the block of an app, as in :mod:`~injurysim.world.layout`; length and off of the first one alone."""
WORKED, BUSY = 0, 1
"""Columns of the second block: of apps open together, where they do not follow from the apps' own."""
PLAIN_A_BLOCK = 4
UNKNOWN = -1.0
"""Length of a row that is not filled yet."""
MOST_WIDTH = BLOCK * (layout.MOST_APPS + layout.MOST_APPS // PLAIN_A_BLOCK)


def width_of(apps: int, combine: int) -> int:
    """Return how many numbers a row has."""
    return BLOCK * (apps + (-(-apps // PLAIN_A_BLOCK) if combine == ADDITIVE else 0))


@inlined
def number_in(values: Blocks, at: int, k: int, column: int) -> float:
    """One number of a row that begins at ``at``: a column of the block of app k."""
    # Not negative, so numba need not count from the end.
    return np.float64(values[np.uint64(at + BLOCK * k + column)])


@inlined
def _put(values: Blocks, at: int, k: int, column: int, value: float) -> None:
    values[at + BLOCK * k + column] = value


@inlined
def _put_exact(values: Blocks, at: int, k: int, column: int, value: float) -> None:
    """Put a number down as two of single precision whose sum is it, to 48 bits."""
    high = np.float32(value)
    values[at + BLOCK * k + column] = high
    values[at + BLOCK * k + column + 1] = value - np.float64(high)


@kernel
def pack(law: ShiftLaw, f: int, row: Floats, values: Blocks, at: int) -> None:
    """Write a row of a walk into the blocks from ``at`` on."""
    apps = law.apps[f]
    for k in range(apps):
        column = HEAD + k * PER_APP
        _put(values, at, k, ONLINE, row[column + layout.ONLINE])
        _put(values, at, k, ENGAGED, row[column + layout.ENGAGED])
        _put(values, at, k, ORDERS, row[column + layout.ORDERS])
        _put(values, at, k, LOST, row[column + layout.LOST])
        _put_exact(values, at, k, HAZARD, row[column + layout.HAZARD])
        if law.combine == ADDITIVE:
            to, place = apps + k // PLAIN_A_BLOCK, 2 * (k % PLAIN_A_BLOCK)
            _put_exact(values, at, to, place, row[column + layout.PLAIN])
    if apps > 1:
        _put(values, at, 1, WORKED, row[layout.WORKED])
        _put(values, at, 1, BUSY, row[layout.BUSY])
    _put(values, at, 0, OFF, row[layout.OFF])
    _put(values, at, 0, LENGTH, row[layout.LENGTH])


@inlined
def hazard_in(values: Blocks, at: int, k: int) -> float:
    """Hazard on app k, on a day that adds nothing."""
    return number_in(values, at, k, HAZARD) + number_in(values, at, k, HAZARD_REST)


@inlined
def plain_in(values: Blocks, at: int, apps: int, k: int) -> float:
    """Hazard on app k without fatigue, under ADDITIVE."""
    block, place = apps + k // PLAIN_A_BLOCK, 2 * (k % PLAIN_A_BLOCK)
    return number_in(values, at, block, place) + number_in(values, at, block, place + 1)


@inlined
def fresh_hazard(values: Blocks, at: int, apps: int) -> float:
    """Hazard of a row on a day that adds nothing."""
    hazard = hazard_in(values, at, 0)  # most have one app
    for k in range(1, apps):
        hazard += hazard_in(values, at, k)
    return hazard


@inlined
def hazard_of(values: Blocks, at: int, apps: int, additive: bool, factor: float, added: float) -> float:
    """Hazard of a row under a state of fatigue of the day."""
    hazard = factor * fresh_hazard(values, at, apps)
    if additive:
        for k in range(apps):
            hazard += added * plain_in(values, at, apps, k)
    return hazard


@inlined
def worked_in(values: Blocks, at: int, apps: int, together: bool) -> float:
    """Minutes worked by the rider, each once if several apps are open together."""
    if together:
        return number_in(values, at, 1, WORKED)
    minutes = number_in(values, at, 0, ONLINE)
    for k in range(1, apps):
        minutes += number_in(values, at, k, ONLINE)
    return minutes
