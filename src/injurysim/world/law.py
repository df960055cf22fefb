"""The law of a shift compiled into arrays: portfolios, demand, the mean meter, hazard and fatigue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from injurysim.core.errors import InputError
from injurysim.scenario.fatigue import factors_of
from injurysim.scenario.injuries import HazardInjuries
from injurysim.scenario.platforms import OneAtATime, Orders, PoissonOrders
from injurysim.scenario.world import World
from injurysim.world import layout, tiredness
from injurysim.world.days import DayKind
from injurysim.world.layout import MOST_MINUTES
from injurysim.world.meters import busy_one_at_a_time, factors_by_hour, still_in_hand

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_A_MONTH = 500
"""Expected injuries of a rider in a month beyond which a hazard is refused."""


class LawTables:
    """Builds :class:`~injurysim.world.layout.ShiftLaw`, adding kinds of day as they are met.

    Parameters
    ----------
    world : World
    portfolios : sequence of (group, portfolio)

    Raises
    ------
    InputError
        If a hazard is so large that a rider would be hurt hundreds of times in a month.
    """

    def __init__(self, world: World, portfolios: Sequence[tuple[str, str]]) -> None:
        self._world = world
        self._portfolios = [(world.groups[g], world.groups[g].portfolios[p]) for g, p in portfolios]
        fatigue = factors_of(world.fatigue)
        self.states = tiredness.day_states(fatigue)
        self.combine = tiredness.COMBINATIONS[fatigue.combine]
        self._platforms = list(world.platforms)
        self._in_hand: list[Floats] = [np.zeros(MOST_MINUTES)]
        self._one: list[Floats] = [np.zeros(MOST_MINUTES)]
        self._meters: dict[tuple[str, float, float], int] = {}
        self._kinds: list[tuple[Floats, Ints, Floats]] = []
        self._fixed = self._fixed_part()
        self._made: layout.ShiftLaw | None = None
        self._refuse_absurd_hazards(fatigue_most=float(self._fixed["shift_factor"].max()))

    def law(self, kinds: Sequence[DayKind]) -> layout.ShiftLaw:
        """Return the law for kinds of day, those of an earlier call first."""
        if self._made is None or len(kinds) > len(self._kinds):
            self._kinds += [self._climate(kind) for kind in kinds[len(self._kinds) :]]
            rates, meters, hazards = (np.array(part) for part in zip(*self._kinds, strict=True))
            self._made = layout.ShiftLaw(
                rate=rates, meter=meters, climate_hazard=hazards,
                in_hand=np.array(self._in_hand), one=np.array(self._one), **self._fixed,
            )  # fmt: skip
        return self._made

    def _fixed_part(self) -> dict[str, Any]:
        world, fatigue = self._world, factors_of(self._world.fatigue)
        count, widest = len(self._portfolios), max(len(each.split) for _, each in self._portfolios)
        share, base = np.zeros((count, widest)), np.zeros((count, widest))
        share_to = np.zeros((count, widest + 1), np.int64)
        kind, steady = np.zeros((count, widest), np.int64), np.ones((count, widest), np.int64)
        demand = np.ones((count, widest, 24))
        for f, (_, portfolio) in enumerate(self._portfolios):
            for k, (name, part) in enumerate(portfolio.split.items()):
                share[f, k] = float(part.value)
                share_to[f, k + 1] = share_to[f, k] + round(part.value * 10_000)
                platform = world.platforms[name]
                if isinstance(world.injuries, HazardInjuries):
                    base[f, k] = float(world.injuries.per_1000_hours[platform.industry].value) / 60_000
                kind[f, k] = orders_kind(platform.orders)
                if kind[f, k] != layout.ORDERS_FIXED:
                    demand[f, k] = factors_by_hour(platform.orders.demand)  # type: ignore[union-attr]
                    steady[f, k] = not np.ptp(demand[f, k])
        situations = world.injuries.situations if isinstance(world.injuries, HazardInjuries) else None
        return {
            "apps": np.array([len(each.split) for _, each in self._portfolios], np.int64),
            "at_once": np.array([each.at_once for _, each in self._portfolios], np.int64),
            "commute": np.array([group.work.commute_minutes.value for group, _ in self._portfolios], np.int64),
            "share_to": share_to, "share": share, "base": base, "orders_kind": kind, "demand": demand,
            "steady": steady,
            "situations": np.array(
                [float(each.value) for each in (situations.on_order, situations.waiting, situations.travelling)]
                if situations else [1.0, 1.0, 1.0]
            ),
            "shift_factor": tiredness.shift_factors(fatigue),
            "break_factor": tiredness.break_factors(fatigue),
            "hour_factor": tiredness.hour_factors(fatigue),
            "restored": tiredness.restored_minutes(fatigue),
            "break_minutes": tiredness.break_minutes(fatigue),
            "combine": self.combine,
            "cap": fatigue.highest,
            # The last state is nobody's: a day that adds nothing, for rows that any state can use.
            "day_factor": np.append(self.states.factor, 1.0),
            "day_added": np.append(self.states.added, 0.0),
        }  # fmt: skip

    def _climate(self, kind: DayKind) -> tuple[Floats, Ints, Floats]:
        """Return orders a minute, rows of the meters and hazard factors of a kind of day, each (F, K)."""
        shape = (len(self._portfolios), self._fixed["share"].shape[1])
        rate, meter, hazard = np.zeros(shape), np.zeros(shape, np.int64), np.ones(shape)
        for f, (_, portfolio) in enumerate(self._portfolios):
            for k, (name, part) in enumerate(portfolio.split.items()):
                climate = kind.climates[self._platforms.index(name)]
                orders = self._world.platforms[name].orders
                hazard[f, k] = climate.hazard
                if isinstance(orders, PoissonOrders | OneAtATime):
                    taken = float(part.value) if portfolio.at_once else 1.0
                    rate[f, k] = float(orders.per_hour.value) / 60 * climate.demand * taken
                    meter[f, k] = self._meter(name, orders, climate.order_minutes, rate[f, k])
        return rate, meter, hazard

    def _meter(self, name: str, orders: PoissonOrders | OneAtATime, factor: float, rate: float) -> int:
        """Return the row of a mean meter, made once for each platform and factor, and rate where it depends on it."""
        hours, one = factors_by_hour(orders.demand), isinstance(orders, OneAtATime)
        steady = not np.ptp(hours)
        key = (name, factor, rate if one or steady else 0.0)
        if key not in self._meters:
            rows = self._one if one or steady else self._in_hand
            self._meters[key] = len(rows)
            law = orders.minutes.law()
            if one:
                rows.extend(busy_one_at_a_time(law, factor, rate, hours))
            elif steady:
                rows.append(-np.expm1(-rate * hours[0] * still_in_hand(law, factor)))
            else:
                rows.append(still_in_hand(law, factor))
        return self._meters[key]

    def _refuse_absurd_hazards(self, fatigue_most: float) -> None:
        """Refuse hazards of hundreds of injuries in a month, whatever the rests."""
        if not isinstance(self._world.injuries, HazardInjuries):
            return
        for industry, hazard in self._world.injuries.per_1000_hours.items():
            if float(hazard.value) / 60_000 * MOST_MINUTES * 31 * fatigue_most > MOST_A_MONTH:
                raise InputError.of(
                    f"the hazard of industry '{industry}' means hundreds of injuries of a rider in a month.",
                    "Lower it below 100 injuries per 1000 hours.",
                    where="injuries.per_1000_hours",
                )


def orders_kind(orders: Orders) -> int:
    """Return the code of a kind of orders in the kernels."""
    if isinstance(orders, PoissonOrders):
        return layout.ORDERS_POISSON
    return layout.ORDERS_ONE_AT_A_TIME if isinstance(orders, OneAtATime) else layout.ORDERS_FIXED
