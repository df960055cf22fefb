"""The reference world: the same law as the fast world in plain SimPy, one process a rider, one event an order.

It is slow and meant to be read. Given the same keyed draws it works the same shifts and minutes as the fast world
and hurts the same riders in the same minutes; orders, which the fast world draws once a month, agree in law.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import simpy

from injurysim.core.calendar import Calendar
from injurysim.core.money import to_fen
from injurysim.core.randomness import Streams
from injurysim.core.sums import sum_by
from injurysim.scenario.injuries import HazardInjuries, NoAbsence, OffWork
from injurysim.scenario.world import World
from injurysim.world.injuries import listed_injuries
from injurysim.world.month import SITUATIONS, Injuries, Month
from injurysim.world.population import Population, draw_population
from injurysim.world.reference_law import Severities, jobs
from injurysim.world.reference_rider import Hurt, Rider, Setting, Tally
from injurysim.world.reference_shift import Tiredness

ON_ORDER, WAITING = SITUATIONS.index("on_order"), SITUATIONS.index("waiting")


class ReferenceWorld:
    """A world in SimPy, event by event.

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

    Attributes
    ----------
    population : Population
    environment : simpy.Environment
        That of the latest call of :meth:`months`; its clock is in minutes from the first midnight.
    """

    def __init__(
        self, world: World, calendar: Calendar, streams: Streams, population: Population | None = None
    ) -> None:
        self.world, self.calendar, self.streams = world, calendar, streams
        self.population = draw_population(world, streams) if population is None else population
        self.environment = simpy.Environment()

    def months(self) -> Iterator[Month]:
        """Start all riders and yield the months in order, each when the last of its shifts is over."""
        self.environment = simpy.Environment()
        ledger = [_Ledger(self, month) for month in range(self.calendar.months)]
        setting, law = self._setting(), jobs(self.world, self.calendar, self.population.portfolios)
        p = self.population
        for number, (who, portfolio, frailty) in enumerate(
            zip(p.who.tolist(), p.portfolio.tolist(), p.frailty.tolist(), strict=True)
        ):
            rider = Rider(setting, law[portfolio], who, frailty)
            self.environment.process(rider.life(partial(_close, ledger, number)))
        for month in range(self.calendar.months):
            if len(p):
                self.environment.run(until=ledger[month].complete)
            yield ledger[month].month(self)
            ledger[month].forget()

    def _setting(self) -> Setting:
        injuries = self.world.injuries
        return Setting(
            environment=self.environment,
            calendar=self.calendar,
            streams=self.streams,
            tiredness=Tiredness(self.world.fatigue),
            severities=Severities(injuries, self.streams) if isinstance(injuries, HazardInjuries) else None,
            ends_shift=not isinstance(self.world.recovery, NoAbsence),
            days_off=isinstance(self.world.recovery, OffWork),
        )


class _Ledger:
    """What the riders have told of one month; ``complete`` is triggered by the last of them."""

    def __init__(self, world: ReferenceWorld, index: int) -> None:
        self.index = index
        self.complete = world.environment.event()
        self._tallies: list[Tally | None] = [None] * len(world.population)
        self._awaited = len(world.population)

    def enter(self, rider: int, tally: Tally) -> None:
        self._tallies[rider] = tally
        self._awaited -= 1
        if not self._awaited:
            self.complete.succeed()

    def forget(self) -> None:
        self._tallies = []

    def month(self, world: ReferenceWorld) -> Month:
        tallies = [tally for tally in self._tallies if tally is not None]
        platform = world.population.engagement_platform
        pay = np.array(
            [to_fen(each.pay_per_order_yuan.value) for each in world.world.platforms.values()], np.int64
        )
        orders = np.array([count for tally in tallies for count in tally.orders], np.int64)
        engaged = np.array([minutes for tally in tallies for minutes in tally.engaged], np.float64)
        online = np.array([minutes for tally in tallies for minutes in tally.online], np.int64)
        return Month(
            index=self.index,
            days_worked=np.array([days for tally in tallies for days in tally.days], np.int64),
            online_minutes=online,
            engaged_minutes=np.floor(engaged + 0.5).astype(np.int64),
            orders=orders,
            earnings_fen=orders * pay[platform],
            expected_injuries=np.array([hazard for tally in tallies for hazard in tally.hazard], np.float64),
            rider_days=np.array([tally.shifts for tally in tallies], np.int64),
            worked_minutes=sum_by(world.population.engagement_rider, online, len(world.population)),
            injuries=self._injuries(world, tallies),
        )

    def _injuries(self, world: ReferenceWorld, tallies: list[Tally]) -> Injuries:
        if not isinstance(world.world.injuries, HazardInjuries):
            return listed_injuries(
                world.world, world.world.injuries, world.calendar, world.population, self.index
            )
        found: list[tuple[int, Hurt]] = [
            (rider, hurt) for rider, tally in enumerate(tallies) for hurt in tally.injuries
        ]
        riders = np.array([rider for rider, _ in found], np.int64)
        slots = np.array([hurt.slot for _, hurt in found], np.int64)
        p, marks = world.population, [hurt.marks for _, hurt in found]
        return Injuries(
            rider=riders,
            month=np.full(len(found), self.index, np.int64),
            k=np.array([hurt.k for _, hurt in found], np.int64),
            minute=np.array([hurt.minute for _, hurt in found], np.int64),
            app=p.engagement_platform[p.first_engagement[riders] + slots],
            second_app=np.full(len(found), -1, np.int64),
            situation=np.array([ON_ORDER if hurt.on_order else WAITING for _, hurt in found], np.int64),
            worked_minutes=np.array([hurt.worked_minutes for _, hurt in found], np.int64),
            severity=np.array([mark.severity for mark in marks], np.int64),
            medical_cost_fen=np.array([mark.medical_cost_fen for mark in marks], np.int64),
            days_off=np.array([mark.days_off for mark in marks], np.int64),
            grade=np.array([mark.grade for mark in marks], np.int64),
            fatal=np.array([mark.fatal for mark in marks], np.bool_),
        )


def _close(ledger: list[_Ledger], rider: int, month: int, tally: Tally) -> None:
    ledger[month].enter(rider, tally)
