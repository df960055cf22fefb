"""The fast world: months from the workday kernel on one thread or several, orders, marks of the injured."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.core.side_by_side import SideBySide
from injurysim.scenario.injuries import EndsShift, HazardInjuries, NoAbsence, OffWork
from injurysim.scenario.values import Part
from injurysim.scenario.world import World
from injurysim.world import roster
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
from injurysim.world.tables import Tables
from injurysim.world.weather import weather_states
from injurysim.world.working import Brief, Working

SETTLED_AT_ONCE = 8_192
"""Riders settled with by one call at most: few enough to stay in a cache close by."""
NOT_YET = -(1 << 20)
"""Day of a rider's last shift before there was any."""

_RECOVERIES: dict[type[Part], int] = {
    NoAbsence: roster.RECOVERY_NONE,
    EndsShift: roster.RECOVERY_ENDS_SHIFT,
    OffWork: roster.RECOVERY_OFF_WORK,
}


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
        self._reoffers = any(each.reoffer_share.value for each in world.platforms.values())

    def months(self) -> Iterator[Month]:
        """Start all riders afresh and yield the months in order."""
        with SideBySide(self.threads) as hands:
            working = Working(self.streams, self.tables, self._hurting, self._new_diary(), hands)
            briefs = deque([self._brief(0)])
            for _ in range(self.calendar.months):
                yield self._month(briefs, working, hands)

    def _month(self, briefs: deque[Brief], working: Working, hands: SideBySide) -> Month:
        """Work the month that is next, and leave the brief of the one after it."""
        brief = briefs.popleft()
        month, totals = brief.days.month, brief.totals
        hurt = working.work(brief)
        settled, parts = self._settle(brief, hands)
        # On several threads this is done meanwhile.
        injuries = self._injuries(month, hurt)
        if month + 1 < self.calendar.months:
            briefs.append(self._brief(month + 1))
        list(parts)
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
            injuries=injuries,
        )

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

    def _brief(self, month: int) -> Brief:
        """Return what it takes to work a month."""
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
            rider_factors(self.world, p, self.streams, month),
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
        present = np.flatnonzero((p.entry_day < last) & (p.exit_day > first))
        return Brief(present, riders, days, t.law, self._new_totals())

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

    def _settle(self, brief: Brief, hands: SideBySide) -> tuple[Settled, Iterator[None]]:
        """Begin to draw the orders of all who are there and to pay them: `settled` is filled in when all parts are done."""
        totals, scale, present = brief.totals, brief.riders.scale, brief.present
        settled = nothing_settled(len(totals.orders))
        more = 1 + reoffered(self.world, self.population, present, totals)

        def work(part: slice) -> None:
            settle(
                self.streams,
                brief.days.month,
                present[part],
                self.population,
                self.tables.order_laws,
                more,
                scale,
                totals,
                settled,
            )

        return settled, hands.begin(work, hands.parts(len(present), SETTLED_AT_ONCE))

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
