"""What a world's law compiles to: integer tables that the kernel looks up.

Probabilities of whole minutes and days become cumulative tables; the hazard of a shift becomes, for every number
of wanted minutes, its segments, and per minute of the fatigue clock a cumulative hazard in fixed point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.core.distributions import Distribution, integer_cdf
from injurysim.core.errors import InputError
from injurysim.scenario.injuries import HazardInjuries, NoAbsence, OffWork
from injurysim.scenario.platforms import Platform, PoissonOrders
from injurysim.scenario.world import World
from injurysim.world.fatigue import clock_after_rest, multiplier_by_minute
from injurysim.world.population import Population
from injurysim.world.rules import ShiftRules, limits_by_day, shift_rules
from injurysim.world.timetable import Segment, timetable

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_WANTED_MINUTES = 1200
"""Longest wanted work in a shift, minutes."""
MOST_DAYS_OFF = 3650
ONE_INJURY = 1 << 52
"""The unit of integrated hazard: one expected injury, in fixed point."""
ONE_MINUTE = 1 << 20
"""The unit of the engaged meter: one minute, in fixed point."""
NEVER = 1 << 62

RECOVERY_NONE, RECOVERY_ENDS_SHIFT, RECOVERY_OFF_WORK = 0, 1, 2


@dataclass(frozen=True)
class Tables:
    """The law of a world in arrays.

    Shapes: G groups, P platforms, F portfolios, R sets of limits, W = MOST_WANTED_MINUTES + 1, S segments at most,
    K platforms of a portfolio at most, V severities.

    Attributes
    ----------
    attendance : (G, 3) chance of working by kind of day.
    start_cdf : (G, 1440); wanted_cdf : (G, W).
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
    wanted_cdf: Floats
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
    hazard_to, platform_of = _hazards(world, population)
    busy, engaged_to = _order_meters(world)
    shifts = _shifts(world, population, [{name: world.limits[name] for name in names} for names in sets])
    severities = world.injuries.severities if isinstance(world.injuries, HazardInjuries) else {}
    slot_minutes, slot_engaged, slot_hazard = _shift_totals(shifts, hazard_to, engaged_to, platform_of)
    return Tables(
        attendance=np.array(
            [
                [float(share.value) for share in (a.workday, a.weekend, a.holiday)]
                for a in (group.work.attendance for group in world.groups.values())
            ]
        ),
        start_cdf=_minute_table(world, lambda group: group.work.start_hour.law(), 1439),  # type: ignore[attr-defined]
        wanted_cdf=_minute_table(world, lambda group: group.work.wanted_hours.law(), MOST_WANTED_MINUTES),  # type: ignore[attr-defined]
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
        days_off_cdf=np.array([integer_cdf(each.days_off.law(), 0, MOST_DAYS_OFF) for each in severities.values()])
        if severities
        else np.ones((0, MOST_DAYS_OFF + 1)),
        fatal=np.array([each.fatal for each in severities.values()], np.bool_),
        platform_of=platform_of,
        recovery=RECOVERY_NONE
        if isinstance(world.recovery, NoAbsence)
        else RECOVERY_OFF_WORK
        if isinstance(world.recovery, OffWork)
        else RECOVERY_ENDS_SHIFT,
    )


def cumulative(shares: list[float]) -> Floats:
    """Return cumulative shares with the last entry exactly 1 (empty stays empty)."""
    total = np.cumsum(shares)
    if len(total):
        total[-1] = 1.0
    return total


def _minute_table(world: World, law: Callable[[object], Distribution], most: int) -> Floats:
    return np.array([integer_cdf(law(group), 0, most, unit=1 / 60) for group in world.groups.values()])


def _hazards(world: World, population: Population) -> tuple[Ints, Ints]:
    """Tabulate the cumulative hazard by minute of the fatigue clock for each portfolio and slot."""
    portfolios = [world.groups[g].portfolios[p] for g, p in population.portfolios]
    widest = max(len(each.split) for each in portfolios)
    multiplier = multiplier_by_minute(world.fatigue, MOST_WANTED_MINUTES + 1)
    clock = np.concatenate([[0.0], np.cumsum(multiplier)])
    hazard_to = np.zeros((len(portfolios), widest, MOST_WANTED_MINUTES + 2), np.int64)
    platform_of = np.full((len(portfolios), widest), -1, np.int64)
    for f, portfolio in enumerate(portfolios):
        for k, name in enumerate(portfolio.split):
            platform_of[f, k] = population.platforms.index(name)
            if isinstance(world.injuries, HazardInjuries):
                per_minute = float(world.injuries.per_1000_hours[world.platforms[name].industry].value) / 60_000
                hazard_to[f, k] = np.rint(clock * (per_minute * ONE_INJURY)).astype(np.int64)
                if per_minute * clock[-1] * 31 > 500:
                    raise InputError.of(
                        f"the hazard of industry '{world.platforms[name].industry}' means hundreds of injuries of a "
                        "rider in a month",
                        "Lower it below 100 injuries per 1000 hours.",
                        where="injuries.per_1000_hours",
                    )
    return hazard_to, platform_of


def _order_meters(world: World) -> tuple[Floats, Ints]:
    """Tabulate the chance of an order in hand by minute of a segment, and its running sum."""
    busy = np.array([_busy(platform) for platform in world.platforms.values()])
    return busy, np.concatenate(
        [np.zeros((len(busy), 1), np.int64), np.cumsum(np.rint(busy * ONE_MINUTE).astype(np.int64), axis=1)], axis=1
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


@dataclass(frozen=True)
class _Shifts:
    count: Ints
    slot: Ints
    start: Ints
    minutes: Ints
    clock: Ints
    length: Ints


def _shifts(world: World, population: Population, sets: list[dict[str, object]]) -> _Shifts:
    """Work out the timetable of every number of wanted minutes, for each set of limits and portfolio."""

    def rests_to(clock: int, rest: int) -> int:
        return clock_after_rest(world.fatigue, clock, rest)

    worked_out: list[list[list[list[Segment]]]] = []
    for limits in sets:
        of_set = []
        for group, name in population.portfolios:
            split = world.groups[group].portfolios[name].split
            rules = shift_rules(limits, tuple(split))  # type: ignore[arg-type]
            points = tuple(round(float(share.value) * 10_000) for share in split.values())
            possible = _possible(world.groups[group].work.wanted_hours.law())
            of_set.append(
                [
                    timetable(wanted, points, rules, rests_to) if possible[wanted] else []
                    for wanted in range(MOST_WANTED_MINUTES + 1)
                ]
            )
        worked_out.append(of_set)
    most = max((len(shift) for of_set in worked_out for shifts in of_set for shift in shifts), default=0)
    shape = (len(sets), len(population.portfolios), MOST_WANTED_MINUTES + 1)
    count, length = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    slot, start, minutes, clock = (np.zeros((*shape, max(most, 1)), np.int64) for _ in range(4))
    for r, of_set in enumerate(worked_out):
        for f, shifts in enumerate(of_set):
            for wanted, shift in enumerate(shifts):
                count[r, f, wanted] = len(shift)
                for s, segment in enumerate(shift):
                    slot[r, f, wanted, s] = segment.slot
                    start[r, f, wanted, s] = segment.start
                    minutes[r, f, wanted, s] = segment.minutes
                    clock[r, f, wanted, s] = segment.clock
                    length[r, f, wanted] = segment.start + segment.minutes
    return _Shifts(count, slot, start, minutes, clock, length)


def _possible(law: Distribution) -> NDArray[np.bool_]:
    """Which numbers of wanted minutes can be drawn at all."""
    cdf = integer_cdf(law, 0, MOST_WANTED_MINUTES, unit=1 / 60)
    return np.diff(cdf, prepend=0.0) > 0


def _shift_totals(shifts: _Shifts, hazard_to: Ints, engaged_to: Ints, platform_of: Ints) -> tuple[Ints, Ints, Ints]:
    """Sum minutes, engaged meter and hazard of whole shifts by slot."""
    shape = (*shifts.count.shape, platform_of.shape[1])
    totals = tuple(np.zeros(shape, np.int64) for _ in range(3))
    for s in range(shifts.slot.shape[3]):
        r, f, wanted = np.nonzero(shifts.count > s)
        slot, clock = shifts.slot[r, f, wanted, s], shifts.clock[r, f, wanted, s]
        minutes = shifts.minutes[r, f, wanted, s]
        np.add.at(totals[0], (r, f, wanted, slot), minutes)
        np.add.at(totals[1], (r, f, wanted, slot), engaged_to[platform_of[f, slot], minutes])
        np.add.at(totals[2], (r, f, wanted, slot), hazard_to[f, slot, clock + minutes] - hazard_to[f, slot, clock])
    return totals[0], totals[1], totals[2]


__all__ = ["NEVER", "ONE_INJURY", "ONE_MINUTE", "Tables", "compile_world", "cumulative"]

_ = ShiftRules
