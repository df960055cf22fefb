"""What a world's law compiles to: arrays for the walk of a shift, and a row for every shift that can be wanted.

Shifts are alike under the same portfolio, limits and climate, whatever the day or the rider: a *variant*. Each variant
has room for a row for every start and wish. Rows are filled as shifts first ask for them (a whole line of wishes from one
walk where a shorter wish is the beginning of a longer one) and kept for the replications after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from injurysim.core.side_by_side import ALONE, SideBySide
from injurysim.scenario.world import World
from injurysim.world import filling, layout, packed
from injurysim.world.conduct import Conduct
from injurysim.world.days import DayKinds
from injurysim.world.filling import Filling
from injurysim.world.lasting import LastingSets
from injurysim.world.law import LawTables
from injurysim.world.orders import order_laws
from injurysim.world.picks import (
    START_CELLS,
    START_MINUTES,
    WANTED_CELLS,
    WANTED_MINUTES,
    starts_of,
    wishes_of,
)
from injurysim.world.population import Population
from injurysim.world.roster import Tiring
from injurysim.world.rows import MISSED_KIND, RowStore, RowTables
from injurysim.world.rules import shift_limits, spans, stacked
from injurysim.world.tiredness import DayStates, tiring_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Codes = NDArray[np.int32]

ROWS_AT_ONCE = 1024
"""Rows, or lines of rows, filled by one call at most."""
RARE = 1e-4
"""Starts and wishes further out in the tails than this have no rows; such shifts are walked."""


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
        self.starts, (self.season, self.wishes) = starts_of(world), wishes_of(world)
        self.order_laws = order_laws(world)
        apps = [len(self._apps(f)) for f in range(len(portfolios))]
        self._width = np.array([packed.width_of(each, self.law_tables.combine) for each in apps], np.int64)
        # A shorter wish is the beginning of a longer one: for one app, and for apps at once.
        split = [world.groups[group].portfolios[name] for group, name in portfolios]
        self._lined = np.array([each.at_once or len(each.split) == 1 for each in split])
        self._conducts: dict[Conduct, int] = {}
        self._variants: dict[tuple[int, bytes, bytes], int] = {}
        self._ruled: dict[tuple[tuple[str, ...], int, int], tuple[Floats, int]] = {}
        self._climates: dict[tuple[int, int], bytes] = {}
        self._portfolio_of: list[int] = []
        self._limits: list[Floats] = []
        self._lasting = LastingSets(world)
        self._bounds = self._support()
        self._store = RowStore(len(self.states.factor) if self._per_state else 1, int(self._bounds[1].max()))
        self._filling = Filling(int(self._bounds[3].max()))
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
                variant[f, c, d], sets[f, c, d] = self._met(f, c, d)
            fresh += len(unknown)
        if fresh or self._made is None:
            self._made = self._gather(variant, sets)
        return self.rows

    def learn(self, missed: NDArray[np.int64], hands: SideBySide = ALONE) -> None:
        """Fill the rows that shifts have missed, and those that come with them.

        Parameters
        ----------
        missed : array of shape (n, MISSED_COLUMNS)
            As told by the kernel.
        hands : SideBySide
            Threads to share the rows.

        Raises
        ------
        InputError
            If rows would take too much memory.
        """
        if not len(missed):
            return
        variant, state, start, wish = (missed[:, column] for column in range(MISSED_KIND))
        lined = self._lined[np.array(self._portfolio_of)[variant]]
        # Days of several kinds have the same row: any of them will do.
        place = (variant * self._store.lines.shape[1] + state) * START_CELLS + start
        each = np.unique(place * WANTED_CELLS + np.where(lined, 0, wish), return_index=True)[1]
        asked = self._asked_for(missed[each], lined[each])
        law, rows = self.law, self.rows
        parts = hands.parts(len(asked), ROWS_AT_ONCE, each=2)
        for _ in hands.begin(lambda part: self._filling.fill(law, rows, WANTED_MINUTES, asked[part]), parts):
            pass

    def _asked_for(self, missed: NDArray[np.int64], lined: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return what is to be filled for shifts that miss a row each, and make room for it."""
        variant, state, start, wish, kind = missed.T
        f = np.array(self._portfolio_of)[variant]
        start_from, _, wanted_from, wishes = (bound[f] for bound in self._bounds)
        width, asked = self._width[f], np.empty((len(missed), filling.ASKED_COLUMNS), np.int64)
        begins = self._store.begins(variant, state, start, wishes, width)
        asked[:, filling.AT] = begins + np.where(lined, 0, wish * width)
        asked[:, filling.PORTFOLIO], asked[:, filling.KIND] = f, kind
        asked[:, filling.STATE] = state if self._per_state else len(self.states.factor)
        asked[:, [filling.LIMITS_FROM, filling.LIMITS_TO]] = self.rows.limit_span[variant]
        asked[:, filling.START] = (start_from + start) * START_MINUTES
        asked[:, filling.WISH] = np.where(lined, filling.ALL_WISHES, (wanted_from + wish) * WANTED_MINUTES)
        return asked

    def _met(self, f: int, c: int, d: int) -> tuple[int, int]:
        """Return the variant of a portfolio, conduct and kind of day, new or known, and its set of lasting limits."""
        limits, lasting = self._rules(self.kinds.kinds[d].limits, c, f)
        key = (f, limits.tobytes(), self._climate(d, f))
        number = self._variants.setdefault(key, len(self._variants))
        if number == len(self._portfolio_of):
            self._portfolio_of.append(f)
            self._limits.append(limits)
            self._store.hold(number + 1)
        return number, lasting

    def _rules(self, names: tuple[str, ...], c: int, f: int) -> tuple[Floats, int]:
        """Return the limits of a shift, and the set of those by week or month, where limits of these names hold."""
        key = names, c, f
        if key not in self._ruled:
            conduct, apps = list(self._conducts)[c], self._apps(f)
            limits = shift_limits(self.world, names, conduct, apps)
            self._ruled[key] = limits, self._lasting.number(names, conduct, apps, self.law, f)
        return self._ruled[key]

    def _climate(self, d: int, f: int) -> bytes:
        """Return what tells the climates of kinds of day apart for a portfolio."""
        key = d, f
        if key not in self._climates:
            law = self.law
            self._climates[key] = b"/".join(
                each[d, f].tobytes() for each in (law.rate, law.meter, law.climate_hazard)
            )
        return self._climates[key]

    def _apps(self, f: int) -> list[str]:
        group, portfolio = self.portfolios[f]
        return list(self.world.groups[group].portfolios[portfolio].split)

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
