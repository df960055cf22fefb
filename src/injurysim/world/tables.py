"""What a world's law compiles to: arrays for the walk of a shift, and a row for every shift that can be wanted.

Shifts are alike under the same portfolio, limits and climate, whatever the day or the rider: a *variant*. Each variant
has room for a row for every start and wish. Rows are filled as shifts first ask for them (a whole line of wishes from one
walk where a shorter wish is the beginning of a longer one) and kept for the replications after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.core.distributions import Distribution, integer_cdf
from injurysim.scenario.world import World
from injurysim.world import layout, packed, walk
from injurysim.world.conduct import Conduct
from injurysim.world.days import DayKinds
from injurysim.world.lasting import LastingSets
from injurysim.world.law import LawTables
from injurysim.world.orders import order_laws
from injurysim.world.population import Population
from injurysim.world.roster import Tiring
from injurysim.world.rows import RowStore, RowTables
from injurysim.world.rules import shift_limits, spans, stacked
from injurysim.world.tiredness import DayStates, tiring_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Codes = NDArray[np.int32]

START_MINUTES = 15
"""A shift starts on a quarter of an hour."""
WANTED_MINUTES = 5
"""Riders want to work so many times five minutes."""
START_CELLS = 24 * 60 // START_MINUTES
WANTED_CELLS = 20 * 60 // WANTED_MINUTES
PICK_BITS = 12
PICK_CELLS = 1 << PICK_BITS
RARE = 1e-4
"""Starts and wishes further out in the tails than this have no rows; such shifts are walked."""

# What the kernel says of a shift that had no row yet.
MISSED_VARIANT, MISSED_STATE, MISSED_START, MISSED_WISH, MISSED_KIND = range(5)
MISSED_COLUMNS = 5


class Picks(NamedTuple):
    """Laws of whole numbers, for drawing by inverse transform with one look-up in most cases.

    Attributes
    ----------
    cdf : (n, cells) P(number <= j).
    direct : (n, PICK_CELLS) for u in the cell: the number, or -1 - (the first that it can be).
    """

    cdf: Floats
    direct: NDArray[np.int16]


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
        groups = list(world.groups.values())
        self.starts = _picks(
            [group.work.start_hour.law() for group in groups], [START_MINUTES / 60] * len(groups), START_CELLS
        )
        self.season, self.wishes = _wishes(world)
        self.order_laws = order_laws(world)
        apps = [len(self._apps(f)) for f in range(len(portfolios))]
        self._columns = [layout.HEAD + each * layout.PER_APP for each in apps]
        self._width = np.array([packed.width_of(each, self.law_tables.combine) for each in apps], np.int64)
        # A shorter wish is the beginning of a longer one: for one app, and for apps at once.
        split = [world.groups[group].portfolios[name] for group, name in portfolios]
        self._lined = np.array([each.at_once or len(each.split) == 1 for each in split])
        self._conducts: dict[Conduct, int] = {}
        self._variants: dict[bytes, int] = {}
        self._portfolio_of: list[int] = []
        self._limits: list[Floats] = []
        self._lasting = LastingSets(world)
        self._bounds = self._support()
        self._store = RowStore(len(self.states.factor) if self._per_state else 1, int(self._bounds[1].max()))
        self._scratch, self._stop = layout.new_scratch(), np.zeros(layout.STOP_COLUMNS)
        self._no_line = layout.no_line()
        self._made: RowTables | None = None

    @property
    def states(self) -> DayStates:
        """States of fatigue a shift can begin in."""
        return self.law_tables.states

    @cached_property
    def tiring(self) -> Tiring:
        """States of fatigue as the kernel reads them."""
        return tiring_of(self.states, self.law)

    @property
    def _per_state(self) -> bool:
        """Whether every state needs rows of its own: a cap does not go through the sum over a shift."""
        return self.law_tables.combine == layout.CAPPED and self.states.matter

    @property
    def law(self) -> layout.ShiftLaw:
        """The law of a shift, for the kinds of day met so far."""
        return self.law_tables.law(self.kinds.kinds)

    @property
    def row_bytes(self) -> int:
        """Bytes of the rows there is room for, filled or not."""
        return self._store.row_bytes

    @property
    def rows(self) -> RowTables:
        """The rows asked for last by :meth:`rows_for`, and what has been learnt since."""
        assert self._made is not None  # noqa: S101  (nobody learns before a month has begun)
        return self._made._replace(values=self._store.values, lines=self._store.lines)

    def conduct_numbers(self, conducts: Iterable[Conduct]) -> Ints:
        """Return the numbers under which ways to deal with limits are known here."""
        return np.array([self._conducts.setdefault(each, len(self._conducts)) for each in conducts], np.int64)

    def rows_for(
        self, kinds: NDArray[np.int64], population: Population, used: NDArray[np.int64]
    ) -> RowTables:
        """Return the rows for a month, filled as far as shifts have asked for them; :attr:`rows` are those learnt since too.

        Parameters
        ----------
        kinds : array of shape (regions, days)
            Kinds of day.
        population : Population
            For the region of each group.
        used : array of shape (n, 2)
            Portfolios and conducts that occur together.
        """
        variant, sets = self._places()
        region = np.array(
            [population.regions.index(self.world.groups[group].region) for group, _ in self.portfolios]
        )
        fresh = 0
        for code, days in enumerate(kinds):
            some, met = used[region[used[:, 0]] == code], np.unique(days)
            unknown = np.argwhere(variant[some[:, :1], some[:, 1:], met] < 0)
            for f, c, d in np.column_stack([some[unknown[:, 0]], met[unknown[:, 1]]]).tolist():
                variant[f, c, d], sets[f, c, d] = self._variant(f, c, d), self._set(f, c, d)
            fresh += len(unknown)
        if fresh or self._made is None:
            self._made = self._gather(variant, sets)
        return self.rows

    def learn(self, missed: NDArray[np.int64]) -> None:
        """Fill the rows that shifts have missed, and those that come with them.

        Parameters
        ----------
        missed : array of shape (n, MISSED_COLUMNS)
            As told by the kernel.

        Raises
        ------
        InputError
            If rows would take too much memory.
        """
        if not len(missed):
            return
        variant, state, start, wish = (missed[:, column] for column in range(MISSED_KIND))
        wish = np.where(self._lined[np.array(self._portfolio_of)[variant]], 0, wish)
        # Days of several kinds have the same row: any of them will do.
        cell = ((variant * self._store.lines.shape[1] + state) * START_CELLS + start) * WANTED_CELLS + wish
        law = self.law
        for at in np.unique(cell, return_index=True)[1].tolist():
            self._fill(law, *missed[at].tolist())

    def _variant(self, f: int, c: int, d: int) -> int:
        """Return the variant of a portfolio, conduct and kind of day, new or known."""
        conduct, names = list(self._conducts)[c], self.kinds.kinds[d].limits
        limits = shift_limits(self.world, names, conduct, self._apps(f))
        law = self.law
        facts = (limits, law.rate[d, f], law.meter[d, f], law.climate_hazard[d, f])
        key = b"/".join([str(f).encode(), *(fact.tobytes() for fact in facts)])
        number = self._variants.setdefault(key, len(self._variants))
        if number == len(self._portfolio_of):
            self._portfolio_of.append(f)
            self._limits.append(limits)
            self._store.hold(number + 1)
        return number

    def _set(self, f: int, c: int, d: int) -> int:
        """Return the set of limits by week or month of a portfolio, conduct and kind of day."""
        conduct, names = list(self._conducts)[c], self.kinds.kinds[d].limits
        return self._lasting.number(names, conduct, self._apps(f), self.law, f)

    def _apps(self, f: int) -> list[str]:
        group, portfolio = self.portfolios[f]
        return list(self.world.groups[group].portfolios[portfolio].split)

    def _fill(self, law: layout.ShiftLaw, variant: int, place: int, start: int, wish: int, kind: int) -> None:
        """Fill the row of a start and wish, or the line of a start."""
        f = self._portfolio_of[variant]
        start_from, _, wanted_from, wishes = (int(bound[f]) for bound in self._bounds)
        width, row = int(self._width[f]), np.zeros(self._columns[f])
        begin = self._store.line(variant, place, start, wishes, width)
        state = place if self._per_state else len(self.states.factor)
        minute, limits = (start_from + start) * START_MINUTES, self._limits[variant]
        if self._lined[f]:
            rows = np.zeros((wishes, self._columns[f]))
            line = layout.Line(
                rows, np.zeros((wishes, 4), np.int64), wanted_from * WANTED_MINUTES, WANTED_MINUTES
            )
            walk.walk_line(law, kind, f, state, limits, minute, self._scratch, self._stop, row, line)
            packed.pack_all(law, f, rows, self._store.values, begin, width)
        else:
            walk.walk(law, kind, f, state, limits, minute, (wanted_from + wish) * WANTED_MINUTES, np.inf,
                      self._scratch, row, self._stop, self._no_line)  # fmt: skip
            packed.pack(law, f, row, self._store.values, begin + wish * width)

    def _places(self) -> tuple[Codes, Codes]:
        """Return variants and sets of lasting limits met so far, (F, C, D), with room for the conducts and kinds of now."""
        shape = (len(self.portfolios), len(self._conducts), len(self.kinds.kinds))
        variant, sets = np.full(shape, -1, np.int32), np.zeros(shape, np.int32)
        if self._made is not None:
            _, conducts, kinds = self._made.variant.shape
            variant[:, :conducts, :kinds] = self._made.variant
            sets[:, :conducts, :kinds] = self._made.lasting.sets
        return variant, sets

    def _gather(self, variant: Codes, sets: Codes) -> RowTables:
        return RowTables(
            values=self._store.values,
            width=self._width,
            variant=variant,
            lines=self._store.lines,
            start_from=self._bounds[0],
            starts=self._bounds[1],
            wanted_from=self._bounds[2],
            wishes=self._bounds[3],
            limits=stacked(self._limits),
            limit_span=spans(self._limits),
            lasting=self._lasting.made(sets),
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
