"""What a world's law compiles to: integer tables that the kernel looks up.

Probabilities of whole minutes and days become cumulative tables; the hazard of a shift becomes, for every number
of wanted minutes, its segments, and per minute of the fatigue clock a cumulative hazard in fixed point.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import MINUTES_PER_DAY, Calendar
from injurysim.core.distributions import Distribution, integer_cdf
from injurysim.core.errors import InputError
from injurysim.scenario.groups import Work
from injurysim.scenario.injuries import MOST_DAYS_OFF, EndsShift, HazardInjuries, NoAbsence, OffWork, Severity
from injurysim.scenario.platforms import Platform, PoissonOrders
from injurysim.scenario.values import Part
from injurysim.scenario.world import World
from injurysim.world.fatigue import multiplier_by_minute
from injurysim.world.population import Population
from injurysim.world.rules import limits_by_day
from injurysim.world.shifts import MOST_WANTED_MINUTES, compile_shifts, shift_totals

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LAST_MINUTE_OF_DAY = 1439
GUIDE_CELLS = 1024
ONE_INJURY = 1 << 52
"""The unit of integrated hazard: one expected injury, in fixed point."""
ONE_MINUTE = 1 << 20
"""The unit of the engaged meter: one minute, in fixed point."""

RECOVERY_NONE, RECOVERY_ENDS_SHIFT, RECOVERY_OFF_WORK = 0, 1, 2
_RECOVERIES: dict[type[Part], int] = {
    NoAbsence: RECOVERY_NONE,
    EndsShift: RECOVERY_ENDS_SHIFT,
    OffWork: RECOVERY_OFF_WORK,
}


@dataclass(frozen=True)
class Tables:
    """The law of a world in arrays.

    Shapes: G groups, P platforms, F portfolios, R sets of limits, W = MOST_WANTED_MINUTES + 1, S segments at most,
    K platforms of a portfolio at most, V severities.

    Attributes
    ----------
    attendance : (G, 3) chance of working by kind of day.
    start_cdf : (G, 1440); wanted_cdf : (G, W).
    start_guide, wanted_guide : (G, GUIDE_CELLS) first entry of the table that reaches each cell's lower end.
    set_of_day : (days,) index of the set of limits that holds.
    segments : (R, F, W); segment_* : (R, F, W, S); shift_minutes : (R, F, W) from start to end with rests.
    slot_minutes, slot_engaged, slot_hazard : (R, F, W, K) totals of a whole shift.
    hazard_to : (F, K, W + 1) hazard from clock zero to each minute of the clock, for group factor and frailty 1.
    busy : (P, W) chance of an order in hand in the j-th minute of a segment; engaged_to : (P, W + 1) its sum.
    severity_cdf : (V,); days_off_cdf : (V, MOST_DAYS_OFF + 1); fatal : (V,).
    platform_of : (F, K) platform of a slot.
    """

    attendance: Floats
    start_cdf: Floats
    start_guide: Ints
    wanted_cdf: Floats
    wanted_guide: Ints
    set_of_day: Ints
    segments: Ints
    segment_slot: Ints
    segment_start: Ints
    segment_minutes: Ints
    segment_clock: Ints
    shift_minutes: Ints
    slot_minutes: Ints
    slot_engaged: Ints
    slot_hazard: Ints
    hazard_to: Ints
    busy: Floats
    engaged_to: Ints
    severity_cdf: Floats
    days_off_cdf: Floats
    fatal: NDArray[np.bool_]
    platform_of: Ints
    recovery: int


def compile_world(world: World, calendar: Calendar, population: Population) -> Tables:
    """Compile the law of a world for the portfolios of a population.

    Raises
    ------
    InputError
        If a hazard is so large that a rider would be hurt hundreds of times in a month.
    """
    sets, set_of_day = limits_by_day(world.limits, calendar)
    shifts = compile_shifts(
        world, population, [{name: world.limits[name] for name in names} for names in sets]
    )
    if shifts.length.max(initial=0) > MINUTES_PER_DAY:
        raise InputError.of(
            "a shift with its rests could last more than a day",
            "Lower the wanted hours, or the rests that limits ask for.",
            where="groups.wanted_hours",
        )
    hazard_to, platform_of = _hazards(world, population)
    busy, engaged_to = _order_meters(world)
    slot_minutes, slot_engaged, slot_hazard = shift_totals(shifts, hazard_to, engaged_to, platform_of)
    works = [group.work for group in world.groups.values()]
    start_cdf = _hours_table((work.start_hour.law() for work in works), LAST_MINUTE_OF_DAY)
    wanted_cdf = _hours_table((work.wanted_hours.law() for work in works), MOST_WANTED_MINUTES)
    severities = world.injuries.severities if isinstance(world.injuries, HazardInjuries) else {}
    return Tables(
        attendance=_attendance(works),
        start_cdf=start_cdf,
        start_guide=_guides(start_cdf),
        wanted_cdf=wanted_cdf,
        wanted_guide=_guides(wanted_cdf),
        set_of_day=np.array(set_of_day, np.int64),
        segments=shifts.count,
        segment_slot=shifts.slot,
        segment_start=shifts.start,
        segment_minutes=shifts.minutes,
        segment_clock=shifts.clock,
        shift_minutes=shifts.length,
        slot_minutes=slot_minutes,
        slot_engaged=slot_engaged,
        slot_hazard=slot_hazard,
        hazard_to=hazard_to,
        busy=busy,
        engaged_to=engaged_to,
        severity_cdf=cumulative([float(each.share.value) for each in severities.values()]),
        days_off_cdf=_days_off_table(severities.values()),
        fatal=np.array([each.fatal for each in severities.values()], np.bool_),
        platform_of=platform_of,
        recovery=_RECOVERIES[type(world.recovery)],
    )


def cumulative(shares: list[float]) -> Floats:
    """Return cumulative shares with the last entry exactly 1 (empty stays empty)."""
    total = np.cumsum(shares)
    if len(total):
        total[-1] = 1.0
    return total


def _attendance(works: Iterable[Work]) -> Floats:
    return np.array(
        [
            [float(chance.value) for chance in (each.workday, each.weekend, each.holiday)]
            for each in (work.attendance for work in works)
        ]
    )


def _hours_table(laws: Iterable[Distribution], most_minutes: int) -> Floats:
    """Tabulate laws of hours by the whole minute, one row each."""
    return np.array([integer_cdf(law, 0, most_minutes, unit=1 / 60) for law in laws])


def _guides(cdfs: Floats) -> Ints:
    """Point into cumulative tables at every 1/GUIDE_CELLS of probability, so that a search has a step or two."""
    cells = np.arange(GUIDE_CELLS) / GUIDE_CELLS
    return np.array([np.searchsorted(cdf, cells, side="left") for cdf in cdfs], np.int64)


def _days_off_table(severities: Iterable[Severity]) -> Floats:
    rows = [integer_cdf(severity.days_off.law(), 0, MOST_DAYS_OFF) for severity in severities]
    return np.array(rows).reshape(len(rows), MOST_DAYS_OFF + 1)


def _hazards(world: World, population: Population) -> tuple[Ints, Ints]:
    """Tabulate the cumulative hazard by minute of the fatigue clock for each portfolio and slot."""
    portfolios = [world.groups[g].portfolios[p] for g, p in population.portfolios]
    widest = max(len(each.split) for each in portfolios)
    multiplier = multiplier_by_minute(world.fatigue, MOST_WANTED_MINUTES + 1)
    clock = np.concatenate([[0.0], np.cumsum(multiplier)])
    most = float(multiplier.max()) * MOST_WANTED_MINUTES
    hazard_to = np.zeros((len(portfolios), widest, MOST_WANTED_MINUTES + 2), np.int64)
    platform_of = np.full((len(portfolios), widest), -1, np.int64)
    for f, portfolio in enumerate(portfolios):
        for k, name in enumerate(portfolio.split):
            platform_of[f, k] = population.platforms.index(name)
            if isinstance(world.injuries, HazardInjuries):
                industry = world.platforms[name].industry
                per_minute = float(world.injuries.per_1000_hours[industry].value) / 60_000
                # The highest band all day long bounds a month's hazard, whatever the rests.
                if per_minute * most * 31 > 500:
                    raise InputError.of(
                        f"the hazard of industry '{industry}' means hundreds of injuries of a rider in a month",
                        "Lower it below 100 injuries per 1000 hours.",
                        where="injuries.per_1000_hours",
                    )
                hazard_to[f, k] = np.rint(clock * (per_minute * ONE_INJURY)).astype(np.int64)
    return hazard_to, platform_of


def _order_meters(world: World) -> tuple[Floats, Ints]:
    """Tabulate the chance of an order in hand by minute of a segment, and its running sum."""
    busy = np.array([_busy(platform) for platform in world.platforms.values()])
    return busy, np.concatenate(
        [np.zeros((len(busy), 1), np.int64), np.cumsum(np.rint(busy * ONE_MINUTE).astype(np.int64), axis=1)],
        axis=1,
    )


def _busy(platform: Platform) -> Floats:
    """Chance of an order in hand in the middle of each minute from an empty start (M/G/infinity)."""
    if not isinstance(platform.orders, PoissonOrders):
        return np.ones(MOST_WANTED_MINUTES)
    law, per_minute = platform.orders.minutes.law(), float(platform.orders.per_hour.value) / 60
    # E[min(S, t)] is the integral of P(S > x) to t; a quarter-minute grid is exact to 1e-5 for orders of minutes.
    grid = (np.arange(MOST_WANTED_MINUTES * 4) + 0.5) / 4
    in_hand = np.concatenate([[0.0], np.cumsum(1 - law.cdf(grid)) / 4])
    return -np.expm1(-per_minute * in_hand[2::4])
