"""The fast world: months from the workday kernel on one thread or several, orders, marks of the injured."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.core.errors import InputError
from injurysim.core.randomness import Streams
from injurysim.scenario.injuries import EndsShift, HazardInjuries, NoAbsence, OffWork
from injurysim.scenario.values import Part
from injurysim.scenario.world import World
from injurysim.world import roster, workday
from injurysim.world.conduct import draw_conduct
from injurysim.world.days import HOLIDAY
from injurysim.world.hazard import rider_factors
from injurysim.world.hurting import hurting
from injurysim.world.injuries import draw_marks, listed_injuries
from injurysim.world.month import Injuries, Month
from injurysim.world.monthly import Settled
from injurysim.world.orders import nothing_settled, reoffered, settle
from injurysim.world.population import Population, draw_population
from injurysim.world.presence import chances, draws_of
from injurysim.world.rules import lasting_names
from injurysim.world.tables import MISSED_COLUMNS, Tables
from injurysim.world.weather import weather_states

T = TypeVar("T")
R = TypeVar("R")

BUFFER_ROWS = 4096
"""Injuries of one call of the kernel."""
RIDERS_AT_ONCE, PARTS_A_THREAD = 16_384, 2
"""Riders of one call of the kernel at most, and calls for each thread at least, so that none waits long for another."""
RIDERS_OF_BLOCK, FIRST_WAVE, RIDERS_A_MISS = 16, 512, 50
"""Riders that stay together in a wave, riders of the first one at most, and riders to a shift missed from which on no waves are needed."""
MISSES = 16_384
"""Missed shifts a call can tell of; more are walked and told of by the next."""
ENGAGEMENTS_AT_ONCE = 16_384
"""Engagements settled by one call at most: few enough to stay in a cache close by."""
NOT_YET = -(1 << 20)
"""Day of a rider's last shift before there was any."""

_RECOVERIES: dict[type[Part], int] = {
    NoAbsence: roster.RECOVERY_NONE,
    EndsShift: roster.RECOVERY_ENDS_SHIFT,
    OffWork: roster.RECOVERY_OFF_WORK,
}


class Worked(NamedTuple):
    """What working a month of some riders has told: riders put aside, shifts missed, and injuries."""

    aside: NDArray[np.int64]
    missed: NDArray[np.int64]
    injuries: NDArray[np.int64]


class _Desk(threading.local):
    """What each thread works at: room that the kernel overwrites, kept from call to call."""

    def __init__(self, hurting: roster.Hurting) -> None:
        self.room = roster.new_room()
        self.on_foot = roster.on_foot_with(hurting, BUFFER_ROWS)
        self.missed = np.empty((MISSES, MISSED_COLUMNS), np.int64)


class FastWorld:
    """A world by the workday kernel.

    Parameters
    ----------
    world : World
        The law of the world.
    calendar : Calendar
        Its months are the months of the world.
    streams : Streams
        Seed and replication.
    population : Population, optional
        Riders already drawn; by default they are drawn here.
    tables : Tables, optional
        The compiled law; it depends on the world only, so replications share it.
    threads : int
        Threads that work a month; the result is the same for any number.
    """

    def __init__(
        self,
        world: World,
        calendar: Calendar,
        streams: Streams,
        population: Population | None = None,
        tables: Tables | None = None,
        *,
        threads: int = 1,
    ) -> None:
        self.world, self.calendar, self.streams, self.threads = world, calendar, streams, threads
        if population is None:
            population = draw_population(world, calendar, streams, threads=threads)
        self.population = population
        self.tables = Tables(world, self.population.portfolios) if tables is None else tables
        conducts, code = draw_conduct(world, streams, self.population.who)
        self._conduct = self.tables.conduct_numbers(conducts)[code].astype(np.int16)
        self._used = _pairs(self.population.portfolio, self._conduct)
        self._states = weather_states(world, calendar, streams)
        self._hurting = hurting(world, _RECOVERIES[type(world.recovery)])
        self._pay = _holiday_pay(world, self.population)
        self._desk = _Desk(self._hurting)
        self._reoffers = any(each.reoffer_share.value for each in world.platforms.values())

    def months(self) -> Iterator[Month]:
        """Start all riders afresh and yield the months in order."""
        diary = self._new_diary()
        with ThreadPoolExecutor(self.threads) as pool:
            for month in range(self.calendar.months):
                yield self._month(month, diary, pool)

    def _new_diary(self) -> roster.Diary:
        riders, engagements = len(self.population), len(self.population.engagement_rider)
        by_week = len(self.tables.states.week_from) > 1
        return roster.Diary(
            back_on=np.zeros(riders, np.int32),
            free_from=np.zeros(riders, np.int32),
            last_day=np.full(riders, NOT_YET, np.int32),
            last_end=np.full(riders, NOT_YET, np.int32),
            row=np.zeros(riders, np.int16),
            short_until=np.full(riders, NOT_YET, np.int32),
            week=np.zeros((riders if by_week else 0, roster.DAYS_OF_WEEK), np.int16),
            week_number=np.full(riders, NOT_YET, np.int32),
            used=np.zeros((len(lasting_names(self.world)), engagements)),
        )

    def _month(self, month: int, diary: roster.Diary, pool: ThreadPoolExecutor) -> Month:
        scale = rider_factors(self.world, self.population, self.streams, month)
        totals, rows = self._work(month, diary, scale, pool)
        settled = self._settle(month, totals, scale, pool)
        return Month(
            index=month,
            days_worked=totals.days_worked,
            online_minutes=totals.online,
            engaged_minutes=settled.engaged,
            orders=settled.orders,
            earnings_fen=settled.earnings_fen,
            expected_injuries=settled.injuries,
            rider_days=totals.rider_days,
            worked_minutes=totals.worked,
            injuries=self._injuries(month, rows),
        )

    def _work(
        self, month: int, diary: roster.Diary, scale: NDArray[np.float64], pool: ThreadPoolExecutor
    ) -> tuple[roster.Totals, NDArray[np.int64]]:
        """Run the kernel over all riders who are there, a part of them at a time."""
        p, totals = self.population, self._new_totals()
        last, first = int(self.calendar.month_starts[month + 1]), int(self.calendar.month_starts[month])
        work = self._worker(month, diary, scale, totals)
        present = np.flatnonzero((p.entry_day < last) & (p.exit_day > first) & (diary.back_on < last))
        (wave_of, waves), wave, found = _waves(len(present)), 0, []
        while wave < waves:
            some = present[wave_of == wave]
            aside, missed, _ = self._side_by_side(pool, work, some, walking=False)
            self.tables.learn(missed)
            _, more, injuries = self._side_by_side(pool, work, aside, walking=True)
            self.tables.learn(more)
            found.append(injuries)
            wave += 1
            if (len(missed) + len(more)) * RIDERS_A_MISS < len(some):
                wave_of[wave_of > wave] = wave  # what there is to learn is known: all others at once
        injuries = np.concatenate(found)
        return totals, injuries[np.argsort(injuries[:, roster.RIDER], kind="stable")]

    def _worker(
        self, month: int, diary: roster.Diary, scale: NDArray[np.float64], totals: roster.Totals
    ) -> Callable[..., Worked]:
        """Return what works the month of some riders, with or without walking, by the rows there are when it is called."""
        p, t = self.population, self.tables
        first, last = (int(each) for each in self.calendar.month_starts[month : month + 2])
        kinds = t.kinds.of_days(self.calendar, self._states, month)
        t.rows_for(kinds, p, self._used)
        riders = roster.Riders(
            p.who,
            p.group,
            p.region,
            p.portfolio,
            self._conduct,
            p.entry_day,
            p.exit_day,
            p.first_engagement,
            scale,
        )
        days = roster.Days(
            month=month, first=first, last=last,
            draws=draws_of(first, last),
            chance=chances(self.world, self.calendar, self._states, month),
            kinds=kinds,
            pays_more=self.calendar.day_types[first:last] == HOLIDAY,
            more_pay=self._pay - 1.0,
            season=t.season[:, self.calendar.month_date(month).month - 1],
            monday=-self.calendar.start.weekday(),
        )  # fmt: skip
        law, tiring = t.law, t.tiring

        def work(part: NDArray[np.int64], *, walking: bool) -> Worked:
            worked, desk = [], self._desk
            on_foot = desk.on_foot if walking else None
            told = workday.Told(np.empty(len(part), np.int64), desk.missed)
            while len(part):
                done, aside, missing, count = workday.work_month(
                    self.streams.key0, part, riders, diary, days, t.starts, t.wishes, law, t.rows, tiring, desk.room, totals,
                    on_foot, told,
                )  # fmt: skip
                if done < 0:
                    raise InputError.of(
                        f"a rider is hurt {roster.MOST_INJURIES} times in a month",
                        "Lower the hazard, the hazard_factor of the group or the spread of its frailty.",
                        where="injuries.per_1000_hours",
                    )
                found = told.aside[:aside], told.missed[:missing], desk.on_foot.injuries[:count]
                worked.append(Worked(*(each.copy() for each in found)))
                part = part[done:]
            return _together(worked)

        return work

    def _side_by_side(
        self, pool: ThreadPoolExecutor, work: Callable[..., Worked], some: NDArray[np.int64], *, walking: bool
    ) -> Worked:
        """Work some riders in parts."""
        least = PARTS_A_THREAD * self.threads if self.threads > 1 else 1
        size = min(RIDERS_AT_ONCE, len(some) // least + 1)
        parts = [some[at : at + size] for at in range(0, len(some), size)]
        return _together(self._map(pool, partial(work, walking=walking), parts))

    def _new_totals(self) -> roster.Totals:
        riders, engagements = len(self.population), len(self.population.engagement_rider)
        return roster.Totals(
            days_worked=np.zeros(engagements, np.int32),
            online=np.zeros(engagements, np.int32),
            engaged=np.zeros(engagements),
            orders=np.zeros(engagements),
            paid=np.zeros(0 if (self._pay == 1.0).all() else engagements),
            lost=np.zeros(engagements if self._reoffers else 0),
            hazard=np.zeros(engagements),
            rider_days=np.zeros(riders, np.int32),
            worked=np.zeros(riders, np.int32),
        )

    def _settle(
        self, month: int, totals: roster.Totals, scale: NDArray[np.float64], pool: ThreadPoolExecutor
    ) -> Settled:
        """Draw the orders of all engagements and pay them, a part of them at a time."""
        size = len(totals.orders)
        settled, more = nothing_settled(size), 1 + reoffered(self.world, self.population, totals)

        def work(part: slice) -> None:
            settle(
                self.streams,
                month,
                part,
                self.population,
                self.tables.order_laws,
                more,
                scale,
                totals,
                settled,
            )

        self._map(
            pool,
            work,
            [slice(at, min(at + ENGAGEMENTS_AT_ONCE, size)) for at in range(0, size, ENGAGEMENTS_AT_ONCE)],
        )
        return settled

    def _map(self, pool: ThreadPoolExecutor, work: Callable[[T], R], parts: list[T]) -> list[R]:
        """Do the parts, in order on one thread or side by side; what comes back is in the order of the parts."""
        return list(pool.map(work, parts) if self.threads > 1 else map(work, parts))

    def _injuries(self, month: int, rows: NDArray[np.int64]) -> Injuries:
        if not isinstance(self.world.injuries, HazardInjuries):
            return listed_injuries(self.world, self.world.injuries, self.calendar, self.population, month)
        p, rider = self.population, rows[:, roster.RIDER]
        severity, k = rows[:, roster.SEVERITY_CODE], rows[:, roster.K]
        medical, grade = draw_marks(
            self.world.injuries, self.streams, p.who[rider], month=month, k=k, severity=severity
        )
        first, second = p.first_engagement[rider], rows[:, roster.SECOND_SLOT]
        return Injuries(
            rider=rider,
            month=np.full(len(rows), month),
            k=k,
            minute=rows[:, roster.AT],
            app=p.engagement_platform[first + rows[:, roster.SLOT]].astype(np.int64),
            second_app=np.where(
                second < 0, -1, p.engagement_platform[first + np.maximum(second, 0)].astype(np.int64)
            ),
            situation=rows[:, roster.SITUATION_CODE],
            worked_minutes=rows[:, roster.BEFORE],
            severity=severity,
            medical_cost_fen=medical,
            days_off=rows[:, roster.OFF_DAYS],
            grade=grade,
            fatal=self._hurting.fatal[severity],
        )


def _together(parts: list[Worked]) -> Worked:
    if len(parts) == 1:
        return parts[0]
    nothing = (np.zeros(shape, np.int64) for shape in (0, (0, MISSED_COLUMNS), (0, roster.INJURY_COLUMNS)))
    return Worked(*(np.concatenate(each) for each in zip(nothing, *parts, strict=True)))


def _waves(riders: int) -> tuple[NDArray[np.int8], int]:
    """Return the wave of each rider, and how many there are: each is spread over all and three times all those before it.

    What a wave has missed in the tables is learnt before the next, so most shifts are met when their rows are there.
    """
    blocks, waves = riders // RIDERS_OF_BLOCK + 1, 1
    while 4 ** (waves - 1) * FIRST_WAVE < riders:
        waves += 1
    wave_of, block = np.zeros(blocks, np.int8), np.arange(blocks)
    for wave in range(1, waves):
        wave_of += block % 4 ** (waves - wave) != 0
    return np.repeat(wave_of, RIDERS_OF_BLOCK)[:riders], waves


def _pairs(portfolio: NDArray[np.integer], conduct: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the portfolios and conducts that occur together, shape (n, 2), in order."""
    if not len(portfolio):
        return np.zeros((0, 2), np.int64)
    many = int(conduct.max()) + 1
    met = np.flatnonzero(np.bincount(portfolio.astype(np.int64) * many + conduct))
    return np.stack(np.divmod(met, many), axis=1)


def _holiday_pay(world: World, population: Population) -> NDArray[np.float64]:
    """Return the factor on the pay of orders on a holiday by portfolio and app, shape (F, K)."""
    splits = [list(world.groups[g].portfolios[p].split) for g, p in population.portfolios]
    factors = np.ones((len(splits), max(map(len, splits))))
    for row, split in zip(factors, splits, strict=True):
        row[: len(split)] = [float(world.platforms[name].holiday_pay_factor.value) for name in split]
    return factors
