"""The law of the reference model: a scenario's numbers as a rider of one group and portfolio meets them on a day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import HOLIDAY, WEEKEND, Calendar
from injurysim.core.distributions import Distribution, gamma_by_mean, integer_cdf
from injurysim.core.randomness import Purpose, Streams, digest64
from injurysim.scenario.groups import MOST_WANTED_HOURS, Group
from injurysim.scenario.injuries import HazardInjuries
from injurysim.scenario.limits import BadWeather
from injurysim.scenario.platforms import FixedOrders, OneAtATime, Platform
from injurysim.scenario.values import Value
from injurysim.scenario.world import World
from injurysim.world.conduct import Conduct
from injurysim.world.reference_fatigue import steps
from injurysim.world.reference_limits import Rule, rules_of
from injurysim.world.reference_orders import Desk, Rate
from injurysim.world.weather import STATES, effect_of

WANTED_STEP = 5
"""Wanted minutes come in steps of so many."""
START_STEP = 15
"""Starts come in steps of so many minutes."""
MOST_STEPS = 60 * MOST_WANTED_HOURS // WANTED_STEP
STARTS_OF_DAY = 24 * 60 // START_STEP


@dataclass(frozen=True)
class App:
    """A platform on the days of one kind, as riders of one group and portfolio work on it.

    Attributes
    ----------
    hazard : float
        Expected injuries of a worked minute, by industry and weather.
    rate : Rate, optional
        Orders a minute; None when there are so many a day.
    order_minutes : Distribution, optional
        Minutes of one order in dry weather.
    factor : float
        Factor on them.
    one_at_a_time : bool
        Whether an order in hand keeps others away.
    per_day : int
        Orders of a day worked, when there are so many.
    """

    hazard: float
    rate: Rate | None
    order_minutes: Distribution | None
    factor: float
    one_at_a_time: bool
    per_day: int

    def desk(self, day: int, slot: int) -> Desk:
        """Return the app in a shift."""
        return Desk(day, slot, self.rate, self.order_minutes, self.factor, self.one_at_a_time)


@dataclass(frozen=True)
class Conditions:
    """What days of one kind are like.

    Attributes
    ----------
    apps : of the portfolio, in its order.
    limits : names of the limits in force.
    holiday : whether orders are paid as on a holiday.
    """

    apps: tuple[App, ...]
    limits: tuple[str, ...]
    holiday: bool


class Job:
    """The law of one group and portfolio.

    Attributes
    ----------
    platforms : names of the platforms, in the order of the portfolio.
    shares : share of each in basis points.
    at_once : whether their apps are open together.
    commute : minutes to the first order, and from the last.
    attendance : ndarray of float, shape (days,); chance of working on a day.
    """

    def __init__(
        self,
        world: World,
        calendar: Calendar,
        weather: NDArray[np.int64],
        group_name: str,
        portfolio_name: str,
    ) -> None:
        group = world.groups[group_name]
        portfolio = group.portfolios[portfolio_name]
        self._world, self._calendar, self._group = world, calendar, group
        self.platforms = tuple(portfolio.split)
        self.shares = tuple(round(float(share.value) * 10_000) for share in portfolio.split.values())
        self.at_once = portfolio.at_once
        self.commute = group.work.commute_minutes.value
        self._states: list[int] = weather[list(world.regions).index(group.region)].tolist()
        starts = integer_cdf(group.work.start_hour.law(), 0, STARTS_OF_DAY, unit=START_STEP / 60)
        self._start = starts
        self._wanted: dict[float, NDArray[np.float64]] = {}
        self._conditions: dict[tuple[object, ...], Conditions] = {}
        self._by_day: dict[int, Conditions] = {}
        self._rules: dict[tuple[tuple[str, ...], Conduct], tuple[Rule, ...]] = {}
        self._month_of_year = [calendar.month_date(month).month for month in range(calendar.months)]
        self.attendance = self._attendance()

    def _attendance(self) -> NDArray[np.float64]:
        law = self._group.work.attendance
        by_kind = [float(each.value) for each in (law.workday, law.weekend, law.holiday)]
        days = range(int(self._calendar.month_starts[-1]))
        season = self._group.work.season.attendance
        chances = [
            by_kind[self._calendar.day_types[day]]
            * _of_month(season, self._month_of_year[self._month(day)])
            * float(effect_of(self._world, self._states[day]).attendance.value)
            for day in days
        ]
        return np.minimum(chances, 1.0)

    def _month(self, day: int) -> int:
        return int(np.searchsorted(self._calendar.month_starts, day, side="right")) - 1

    def wanted(self, month: int, lots: NDArray[np.float64]) -> list[int]:
        """Return the minutes wanted in shifts of a month."""
        factor = _of_month(self._group.work.season.hours, self._month_of_year[month])
        if factor not in self._wanted:
            law = self._group.work.wanted_hours.law()
            self._wanted[factor] = integer_cdf(law, 0, MOST_STEPS, unit=WANTED_STEP / 60 / factor)
        found: list[int] = (WANTED_STEP * np.searchsorted(self._wanted[factor], lots)).tolist()
        return found

    def starts(self, lots: NDArray[np.float64]) -> list[int]:
        """Return the minutes of the day at which shifts start."""
        found: list[int] = (START_STEP * np.searchsorted(self._start, lots)).tolist()
        return found

    def on(self, day: int, month: int) -> Conditions:
        """Return the conditions of a day."""
        if day not in self._by_day:
            self._by_day[day] = self._known(day, month)
        return self._by_day[day]

    def _known(self, day: int, month: int) -> Conditions:
        date, region = self._calendar.date_of(day), self._group.region
        names = tuple(name for name, limit in self._world.limits.items() if limit.holds_on(date, region))
        key = (int(self._calendar.day_types[day]), self._month_of_year[month], self._states[day], names)
        if key not in self._conditions:
            self._conditions[key] = self._conditions_of(*key)
        return self._conditions[key]

    def _conditions_of(self, kind: int, month: int, state: int, names: tuple[str, ...]) -> Conditions:
        apps = tuple(
            self._app(slot, name, kind, month, state, names) for slot, name in enumerate(self.platforms)
        )
        kept = tuple(name for name in names if not isinstance(self._world.limits[name], BadWeather))
        return Conditions(apps, kept, kind == HOLIDAY)

    def _app(self, slot: int, name: str, kind: int, month: int, state: int, names: tuple[str, ...]) -> App:
        platform, effect = self._world.platforms[name], effect_of(self._world, state)
        demand, minutes, hazard = (
            float(each.value) for each in (effect.demand, effect.order_minutes, effect.hazard)
        )
        for rule in (self._world.limits[each] for each in names):
            if not isinstance(rule, BadWeather) or STATES[state] not in rule.states:
                continue
            if rule.platforms is None or name in rule.platforms:
                demand *= float(rule.demand.value)
                minutes *= float(rule.order_minutes.value)
                hazard *= float(rule.hazard.value)
        injuries = self._world.injuries
        hazard *= (
            float(injuries.per_1000_hours[platform.industry].value) / 60_000
            if isinstance(injuries, HazardInjuries) else 0.0
        )  # fmt: skip
        orders = platform.orders
        if isinstance(orders, FixedOrders):
            return App(hazard, None, None, 1.0, False, orders.per_day.value)
        share = self.shares[slot] / 10_000 if self.at_once else 1.0
        rate = Rate([demand * share * each for each in _rates(platform, kind, month)])
        return App(hazard, rate, orders.minutes.law(), minutes, isinstance(orders, OneAtATime), 0)

    def rules(self, limits: tuple[str, ...], conduct: Conduct) -> tuple[Rule, ...]:
        """Return the rules of a shift for a rider's way to deal with limits."""
        if not limits:
            return ()
        key = (limits, conduct)
        if key not in self._rules:
            self._rules[key] = rules_of(self._world, limits, self.platforms, self.shares, conduct)
        return self._rules[key]


def _rates(platform: Platform, kind: int, month: int) -> list[float]:
    """Orders a minute by hour of the day, in dry weather."""
    assert not isinstance(platform.orders, FixedOrders)  # noqa: S101  (they have no rate)
    demand = platform.orders.demand
    of_kind = {WEEKEND: demand.weekend, HOLIDAY: demand.holiday}.get(kind)
    rate = float(platform.orders.per_hour.value) / 60 * _of_month(demand.by_month, month)
    rate *= 1.0 if of_kind is None else float(of_kind.value)
    return [rate * factor for factor in steps(demand.by_hour)]


def _of_month(factors: Mapping[int, Value], month: int) -> float:  # type: ignore[type-arg]
    return float(factors[month].value) if month in factors else 1.0


def jobs(
    world: World, calendar: Calendar, weather: NDArray[np.int64], portfolios: tuple[tuple[str, str], ...]
) -> list[Job]:
    """State the law of each (group, portfolio)."""
    return [Job(world, calendar, weather, group, portfolio) for group, portfolio in portfolios]


class Factors:
    """What multiplies the hazard of riders for a whole month, but for frailty."""

    def __init__(self, world: World, streams: Streams, months: int) -> None:
        self._groups = list(world.groups.values())
        self._common = [
            [
                float(group.hazard_factor.value) * _shock(group, name, streams, month)
                for month in range(months)
            ]
            for name, group in world.groups.items()
        ]

    def of(self, group: int, month: int, experience: int) -> float:
        """Return the factor of riders of a group in a month, with so many whole months of experience."""
        law, factor = self._groups[group].experience, self._common[group][month]
        if law is None:
            return factor
        excess = float(law.at_entry.value) - 1
        return factor * (1 + excess * math.exp(-experience / float(law.months.value)))


def _shock(group: Group, name: str, streams: Streams, month: int) -> float:
    """Return the factor all riders of a group share in a month."""
    if group.shock is None:
        return 1.0
    period = month // group.shock.months.value
    u = streams.uniform_one(Purpose.SHOCK, digest64("shock", group.region, name), period)
    return float(gamma_by_mean(1.0, float(group.shock.cv.value)).ppf(u))
