"""What a world's law compiles to: arrays for the walk of a shift, and a row for every shift that can be wanted.

Rows are worked out when a month first needs them, for a portfolio, a way to deal with limits and a kind of day, and
kept for the replications after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.core.distributions import Distribution, integer_cdf
from injurysim.core.errors import InputError
from injurysim.core.kernel_cache import kernel
from injurysim.scenario.world import World
from injurysim.world import walk
from injurysim.world.conduct import Conduct
from injurysim.world.days import DayKinds
from injurysim.world.law import LawTables
from injurysim.world.population import Population
from injurysim.world.rules import lasting_limits, lasting_names, shift_limits
from injurysim.world.tiredness import DayStates

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

START_MINUTES = 15
"""A shift starts on a quarter of an hour."""
WANTED_MINUTES = 5
"""Riders want to work so many times five minutes."""
START_CELLS = 24 * 60 // START_MINUTES
WANTED_CELLS = 20 * 60 // WANTED_MINUTES
PICK_CELLS = 4096
RARE = 1e-4
"""Starts and wishes further out in the tails than this have no rows; such shifts are walked."""
MOST_ROW_BYTES = 3 << 30


class Picks(NamedTuple):
    """Laws of whole numbers, for drawing by inverse transform with one look-up in most cases.

    Attributes
    ----------
    cdf : (n, cells) P(number <= j).
    direct : (n, PICK_CELLS) for u in the cell: the number, or -1 - (the first that it can be).
    """

    cdf: Floats
    direct: NDArray[np.int16]


class RowTables(NamedTuple):
    """Rows and limits as the kernel reads them. F portfolios, C conducts, V kinds of day, E states that have rows.

    Attributes
    ----------
    values : all rows, one after another.
    first : (F, C, V, E) where those of a portfolio, conduct, kind and state begin; -1 when there are none.
    start_from, starts, wanted_from, wishes : (F,) cells of start and of wanted minutes that have rows.
    limits, limit_span : limits of a shift, and (F, C, V, 2) which of them hold.
    lasting, lasting_span : limits by week or month, likewise; lasting_owner : which limit each row is of.
    by_week : (limits by week or month,) whether it is by week.
    """

    values: Floats
    first: Ints
    start_from: Ints
    starts: Ints
    wanted_from: Ints
    wishes: Ints
    limits: Floats
    limit_span: Ints
    lasting: Floats
    lasting_span: Ints
    lasting_owner: Ints
    by_week: NDArray[np.bool_]


@kernel
def _fill(
    law: walk.ShiftLaw, kind: int, f: int, state: int, limits: Floats,
    first_start: int, starts: int, first_wanted: int, wishes: int, scratch: walk.Scratch, stop: Floats, out: Floats,
) -> None:  # fmt: skip
    """Walk every start and wish; ``out`` has shape (starts, wishes, HEAD + apps * PER_APP)."""
    for s in range(starts):
        for w in range(wishes):
            walk.walk(
                law, kind, f, state, limits, (first_start + s) * START_MINUTES, (first_wanted + w) * WANTED_MINUTES,
                np.inf, scratch, out[s, w], stop,
            )  # fmt: skip


class Tables:
    """The compiled law of a world, shared by its replications.

    Parameters
    ----------
    world : World
    portfolios : sequence of (group, portfolio)
        As in ``Population.portfolios``.
    """

    def __init__(self, world: World, portfolios: tuple[tuple[str, str], ...]) -> None:
        self.world, self.portfolios = world, portfolios
        self.law_tables = LawTables(world, portfolios)
        self.kinds = DayKinds(world)
        self.starts = _picks([group.work.start_hour.law() for group in world.groups.values()],
                             [START_MINUTES / 60] * len(world.groups), START_CELLS)  # fmt: skip
        self.season, self.wishes = _wishes(world)
        self._conducts: dict[Conduct, int] = {}
        self._blocks: list[Floats] = []
        self._row_count = 0
        self._first: dict[tuple[int, int, int, int], int] = {}
        self._limits: list[Floats] = [np.zeros((0, walk.LIMIT_COLUMNS))]
        self._lasting: list[Floats] = [np.zeros((0, walk.LIMIT_COLUMNS))]
        self._owners: list[int] = []
        self._limit_span: dict[tuple[int, int, int], tuple[int, int]] = {}
        self._lasting_span: dict[tuple[int, int, int], tuple[int, int]] = {}
        self._bounds = self._support()
        self._made: RowTables | None = None

    @property
    def states(self) -> DayStates:
        """States of fatigue a shift can begin in."""
        return self.law_tables.states

    @property
    def _per_state(self) -> bool:
        """Whether every state needs rows of its own: a cap does not go through the sum over a shift."""
        return self.law_tables.capped and self.states.matter

    @property
    def law(self) -> walk.ShiftLaw:
        """The law of a shift, for the kinds of day met so far."""
        return self.law_tables.law(self.kinds.kinds)

    def conduct_numbers(self, conducts: Iterable[Conduct]) -> Ints:
        """Return the numbers under which ways to deal with limits are known here."""
        return np.array([self._conducts.setdefault(each, len(self._conducts)) for each in conducts], np.int64)

    def rows_for(self, kinds: NDArray[np.int64], population: Population, used: NDArray[np.int64]) -> RowTables:
        """Return the rows for a month.

        Parameters
        ----------
        kinds : array of shape (regions, days)
            Kinds of day.
        population : Population
            For the region of each group.
        used : array of shape (n, 2)
            Portfolios and conducts that occur together.

        Raises
        ------
        InputError
            If rows would take too much memory, or a shift could last more than a day.
        """
        met = {region: np.unique(kinds[region]).tolist() for region in range(len(kinds))}
        fresh = [
            (f, c, v)
            for f, c in used.tolist()
            for v in met[population.regions.index(self.world.groups[self.portfolios[f][0]].region)]
            if (f, c, v) not in self._limit_span
        ]
        for f, c, v in fresh:
            self._compile(f, c, v)
        if fresh or self._made is None:
            self._made = self._gather()
        return self._made

    def _compile(self, f: int, c: int, v: int) -> None:
        conduct = list(self._conducts)[c]
        apps = self._apps(f)
        names = self.kinds.kinds[v].limits
        limits = shift_limits(self.world, names, conduct, apps)
        begin = sum(map(len, self._limits))
        self._limits.append(limits)
        self._limit_span[f, c, v] = (begin, begin + len(limits))
        lasting, owners = lasting_limits(self.world, names, conduct, apps)
        begin = sum(map(len, self._lasting))
        self._lasting.append(lasting)
        self._owners += [lasting_names(self.world).index(name) for name in owners]
        self._lasting_span[f, c, v] = (begin, begin + len(lasting))

        start_from, starts, wanted_from, wishes = (int(bound[f]) for bound in self._bounds)
        law, width = self.law, walk.HEAD + len(apps) * walk.PER_APP
        neutral = len(self.states.factor)
        for place, state in enumerate(range(neutral) if self._per_state else [neutral]):
            block = np.zeros((starts, wishes, width))
            if (self._row_count + block.size) * 8 > MOST_ROW_BYTES:
                raise InputError.of(
                    f"the shifts of this world would need more than {MOST_ROW_BYTES >> 30} GiB of tables",
                    "Use fewer different factors on demand by month, or another rule than `combine: capped`.",
                    where="worlds",
                )
            _fill(law, v, f, state, limits, start_from, starts, wanted_from, wishes, walk.new_scratch(),
                  np.zeros(walk.STOP_COLUMNS), block)  # fmt: skip
            if block[:, :, walk.LENGTH].max(initial=0) > walk.MINUTES_OF_DAY:
                raise InputError.of(
                    "a shift with its rests could last more than a day",
                    "Lower the wanted hours, or the rests that limits ask for.",
                    where="groups.wanted_hours",
                )
            self._first[f, c, v, place] = self._row_count
            self._blocks.append(block.reshape(-1))
            self._row_count += block.size

    def _apps(self, f: int) -> list[str]:
        group, portfolio = self.portfolios[f]
        return list(self.world.groups[group].portfolios[portfolio].split)

    def _gather(self) -> RowTables:
        shape = (
            len(self.portfolios), len(self._conducts), len(self.kinds.kinds),
            len(self.states.factor) if self._per_state else 1,
        )  # fmt: skip
        first = np.full(shape, -1, np.int64)
        for place, at in self._first.items():
            first[place] = at
        spans = []
        for known in (self._limit_span, self._lasting_span):
            span = np.zeros((*shape[:3], 2), np.int64)
            for key, bounds in known.items():
                span[key] = bounds
            spans.append(span)
        # One array, so that the kernel needs no list; the blocks are views of it from now on.
        values = np.concatenate(self._blocks) if self._blocks else np.zeros(0)
        self._blocks = [values]
        lasting = lasting_names(self.world)
        return RowTables(
            values=values,
            first=first,
            start_from=self._bounds[0],
            starts=self._bounds[1],
            wanted_from=self._bounds[2],
            wishes=self._bounds[3],
            limits=np.concatenate(self._limits),
            limit_span=spans[0],
            lasting=np.concatenate(self._lasting),
            lasting_span=spans[1],
            lasting_owner=np.array(self._owners, np.int64),
            by_week=np.array([self.world.limits[name].kind == "week_logoff" for name in lasting], np.bool_),
        )

    def _support(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Cells of start and of wanted minutes that are worth a row, by portfolio."""
        groups = [list(self.world.groups).index(group) for group, _ in self.portfolios]
        starts = [_cells(self.starts.cdf[g][None]) for g in groups]
        wishes = [_cells(self.wishes.cdf[np.unique(self.season[g])]) for g in groups]
        return (
            np.array([low for low, _ in starts], np.int64),
            np.array([high - low for low, high in starts], np.int64),
            np.array([max(low, 1) for low, _ in wishes], np.int64),
            np.array([max(high, 2) - max(low, 1) for low, high in wishes], np.int64),
        )


def _cells(cdfs: Floats) -> tuple[int, int]:
    """Return the first cell, and the one after the last, outside which nearly nothing lies."""
    low = min(int(np.searchsorted(cdf, RARE, side="right")) for cdf in cdfs)
    high = max(int(np.searchsorted(cdf, 1 - RARE, side="left")) for cdf in cdfs)
    return low, high + 1


def _wishes(world: World) -> tuple[Ints, Picks]:
    """Return the row of the laws of wanted minutes by group and month of the year, shape (G, 12), and the laws."""
    rows: dict[tuple[int, float], int] = {}
    season = np.zeros((len(world.groups), 12), np.int64)
    groups = list(world.groups.values())
    for g, group in enumerate(groups):
        for month in range(12):
            factor = group.work.season.hours.get(month + 1)
            key = (g, float(factor.value) if factor else 1.0)
            season[g, month] = rows.setdefault(key, len(rows))
    laws = [groups[g].work.wanted_hours.law() for g, _ in rows]
    units = [WANTED_MINUTES / 60 / factor for _, factor in rows]
    return season, _picks(laws, units, WANTED_CELLS)


def _picks(laws: list[Distribution], units: list[float], most: int) -> Picks:
    cdf = np.array([integer_cdf(law, 0, most, unit=unit) for law, unit in zip(laws, units, strict=True)])
    edges = np.arange(PICK_CELLS + 1) / PICK_CELLS
    direct = np.zeros((len(cdf), PICK_CELLS), np.int16)
    for row, each in zip(direct, cdf, strict=True):
        low = np.searchsorted(each, edges[:-1], side="right")
        high = np.searchsorted(each, edges[1:], side="left")
        row[:] = np.where(low == high, low, -1 - low)
    return Picks(cdf, direct)
