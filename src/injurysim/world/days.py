"""What kind of day it is for riders: which limits hold, how demand, orders and hazard stand on each platform."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.scenario.limits import BadWeather
from injurysim.scenario.platforms import Demand, FixedOrders, Platform
from injurysim.scenario.world import World
from injurysim.world.weather import STATES, effect_of

WORKDAY, WEEKEND, HOLIDAY = DAY_TYPES = 0, 1, 2
"""Codes of ``Calendar.day_types``."""


@dataclass(frozen=True)
class Climate:
    """Factors of a day on one platform.

    Attributes
    ----------
    demand : factor on orders an accepting hour.
    order_minutes : factor on the minutes of an order.
    hazard : factor on the hazard.
    """

    demand: float
    order_minutes: float
    hazard: float


@dataclass(frozen=True)
class DayKind:
    """What shifts of a day have in common: the limits that hold, by name, and the climate of each platform."""

    limits: tuple[str, ...]
    climates: tuple[Climate, ...]


class DayKinds:
    """The kinds of day of a world, numbered as they are met.

    Attributes
    ----------
    kinds : list of DayKind
        By number.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.kinds: list[DayKind] = []
        self._number: dict[DayKind, int] = {}
        self._known: dict[tuple[str, int, int], int] = {}
        changes = {day for limit in world.limits.values() for day in limit.changes()}
        self._changes = np.array(sorted(changes), np.int64)

    def of_days(self, calendar: Calendar, states: NDArray[np.int64], month: int) -> NDArray[np.int64]:
        """Return the kind of each day of a month in each region, shape (regions, days of the month).

        ``states`` are those of the weather, shape (regions, days of the calendar).
        """
        first, last = int(calendar.month_starts[month]), int(calendar.month_starts[month + 1])
        numbers = np.zeros((len(self._world.regions), last - first), np.int64)
        # Days between two changes of the limits, under the same weather and of the same type, are of one kind in a month.
        date, of_year = calendar.start.toordinal() + np.arange(first, last), calendar.month_date(month).month
        passed, types = np.searchsorted(self._changes, date, side="right"), calendar.day_types[first:last]
        for code, region in enumerate(self._world.regions):
            alike = (passed * len(STATES) + states[code, first:last]) * len(DAY_TYPES) + types
            facts, at, where = np.unique(alike, return_index=True, return_inverse=True)
            found = np.zeros(len(facts), np.int64)
            for place, day in enumerate(at.tolist()):
                key = (region, of_year, int(facts[place]))
                if key not in self._known:
                    state = int(states[code, first + day])
                    holding = self._holding(calendar.date_of(first + day), region, state)
                    self._known[key] = self._numbered(self._kind(holding, state, int(types[day]), of_year))
                found[place] = self._known[key]
            numbers[code] = found[where]
        return numbers

    def _holding(self, date: dt.date, region: str, state: int) -> tuple[str, ...]:
        return tuple(
            name
            for name, limit in self._world.limits.items()
            if limit.holds_on(date, region)
            and (not isinstance(limit, BadWeather) or STATES[state] in limit.states)
        )

    def _kind(self, holding: tuple[str, ...], state: int, day_type: int, month: int) -> DayKind:
        rules = [limit for name in holding if isinstance(limit := self._world.limits[name], BadWeather)]
        return DayKind(
            limits=tuple(name for name in holding if not isinstance(self._world.limits[name], BadWeather)),
            climates=tuple(
                self._climate(name, platform, rules, state, day_type, month)
                for name, platform in self._world.platforms.items()
            ),
        )

    def _climate(
        self, name: str, platform: Platform, rules: list[BadWeather], state: int, day_type: int, month: int
    ) -> Climate:
        effect = effect_of(self._world, state)
        demand, minutes, hazard = (
            float(factor.value) for factor in (effect.demand, effect.order_minutes, effect.hazard)
        )
        for rule in rules:
            if rule.platforms is None or name in rule.platforms:
                demand *= float(rule.demand.value)
                minutes *= float(rule.order_minutes.value)
                hazard *= float(rule.hazard.value)
        if isinstance(platform.orders, FixedOrders):
            return Climate(1.0, 1.0, hazard)
        return Climate(demand * day_factor(platform.orders.demand, day_type, month), minutes, hazard)

    def _numbered(self, kind: DayKind) -> int:
        number = self._number.setdefault(kind, len(self.kinds))
        if number == len(self.kinds):
            self.kinds.append(kind)
        return number


def day_factor(demand: Demand, day_type: int, month: int) -> float:
    """Return the factor on demand of a kind of day and a month of the year."""
    of_kind = {WEEKEND: demand.weekend, HOLIDAY: demand.holiday}.get(day_type)
    of_month = demand.by_month.get(month)
    return (float(of_kind.value) if of_kind else 1.0) * (float(of_month.value) if of_month else 1.0)
