"""The law of the reference model: a scenario's numbers as one rider meets them, and the marks of an injury."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate

from injurysim.core.calendar import Calendar
from injurysim.core.distributions import Distribution, integer_cdf
from injurysim.core.randomness import Purpose, Streams
from injurysim.scenario.groups import MOST_WANTED_HOURS
from injurysim.scenario.injuries import MOST_DAYS_OFF, HazardInjuries
from injurysim.scenario.platforms import PoissonOrders
from injurysim.scenario.world import World
from injurysim.world.rules import ShiftRules, limits_by_day, shift_rules

MOST_WANTED_MINUTES = 60 * MOST_WANTED_HOURS
LAST_MINUTE_OF_DAY = 1439


@dataclass(frozen=True)
class App:
    """A platform as a rider of one group works on it.

    Attributes
    ----------
    platform : int
        Its position among the world's platforms.
    hazard : float
        Expected injuries of a worked minute, fatigue multiplier and frailty 1.
    gap : float
        Mean minutes between two orders (infinite: there are none), unless orders are fixed.
    order_minutes : Distribution, optional
        Minutes of one order; None when orders are fixed.
    per_day : int
        Orders of a day worked, when they are fixed.
    """

    platform: int
    hazard: float
    gap: float
    order_minutes: Distribution | None
    per_day: int


@dataclass(frozen=True)
class Job:
    """What riders of one group and portfolio share.

    Attributes
    ----------
    attendance : chance of working, by kind of day.
    start, wanted : P(rounded minutes <= m) for m = 0, 1, ….
    shares : share of each app in basis points, in the order worked.
    apps : the platforms, in the order worked.
    rules : the limits, by set of limits.
    rules_of_day : the set of limits that holds on a day.
    """

    attendance: tuple[float, float, float]
    start: list[float]
    wanted: list[float]
    shares: tuple[int, ...]
    apps: tuple[App, ...]
    rules: tuple[ShiftRules, ...]
    rules_of_day: list[int]


def jobs(world: World, calendar: Calendar, portfolios: tuple[tuple[str, str], ...]) -> list[Job]:
    """State the law of each (group, portfolio)."""
    sets, rules_of_day = limits_by_day(world.limits, calendar)
    stated = []
    for group_name, portfolio_name in portfolios:
        group = world.groups[group_name]
        split = group.portfolios[portfolio_name].split
        attendance = group.work.attendance
        stated.append(
            Job(
                attendance=(
                    float(attendance.workday.value),
                    float(attendance.weekend.value),
                    float(attendance.holiday.value),
                ),
                start=_minutes(group.work.start_hour.law(), LAST_MINUTE_OF_DAY),
                wanted=_minutes(group.work.wanted_hours.law(), MOST_WANTED_MINUTES),
                shares=tuple(round(float(share.value) * 10_000) for share in split.values()),
                apps=tuple(_app(world, name, float(group.hazard_factor.value)) for name in split),
                rules=tuple(
                    shift_rules({name: world.limits[name] for name in names}, tuple(split)) for names in sets
                ),
                rules_of_day=rules_of_day,
            )
        )
    return stated


def _minutes(law_of_hours: Distribution, most: int) -> list[float]:
    table: list[float] = integer_cdf(law_of_hours, 0, most, unit=1 / 60).tolist()
    return table


def _app(world: World, name: str, factor: float) -> App:
    platform, hazard = world.platforms[name], 0.0
    if isinstance(world.injuries, HazardInjuries):
        hazard = float(world.injuries.per_1000_hours[platform.industry].value) / 1000 / 60 * factor
    code = list(world.platforms).index(name)
    if not isinstance(platform.orders, PoissonOrders):
        return App(code, hazard, math.inf, None, platform.orders.per_day.value)
    per_minute = float(platform.orders.per_hour.value) / 60
    return App(code, hazard, 1 / per_minute if per_minute else math.inf, platform.orders.minutes.law(), 0)


@dataclass(frozen=True)
class Marks:
    """What is drawn of one injury; names as in ``month.Injuries``."""

    severity: int
    medical_cost_fen: int
    days_off: int
    grade: int
    fatal: bool


class Severities:
    """The classes of severity of a world, from which the marks of an injury are drawn."""

    def __init__(self, injuries: HazardInjuries, streams: Streams) -> None:
        classes = injuries.severities.values()
        self._streams = streams
        self._class = list(accumulate(float(each.share.value) for each in classes))
        self._class[-1] = 1.0
        self._medical = [each.medical_yuan.law() for each in classes]
        self._days_off = [integer_cdf(each.days_off.law(), 0, MOST_DAYS_OFF).tolist() for each in classes]
        self._grades = [sorted(each.disability) for each in classes]
        self._grade_share = [
            list(accumulate(float(each.disability[grade].value) for grade in sorted(each.disability)))
            for each in classes
        ]
        self._fatal = [each.fatal for each in classes]

    def draw(self, who: int, month: int, k: int) -> Marks:
        """Draw the marks of injury k of a rider's month."""
        one = self._streams.uniform_one
        severity = bisect_left(self._class, one(Purpose.SEVERITY, who, month, k))
        yuan = max(float(self._medical[severity].ppf(one(Purpose.MEDICAL_COST, who, month, k))), 0.0)
        place = bisect_right(self._grade_share[severity], one(Purpose.DISABILITY, who, month, k))
        grades = self._grades[severity]
        return Marks(
            severity=severity,
            medical_cost_fen=math.floor(yuan * 100 + 0.5),
            days_off=bisect_left(self._days_off[severity], one(Purpose.DAYS_OFF, who, month, k)),
            grade=grades[place] if place < len(grades) else 0,
            fatal=self._fatal[severity],
        )
