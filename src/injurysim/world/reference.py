"""The reference world: the same law as the fast world in plain SimPy, one process a rider, one event an order.

It is slow and meant to be read. Given the same keyed draws it works the same shifts and minutes as the fast world
and hurts the same riders in the same minutes; orders, which the fast world draws once a month, agree in law.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import partial

import simpy

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.scenario.injuries import HazardInjuries, NoAbsence, OffWork
from injurysim.scenario.world import World
from injurysim.world.conduct import draw_conduct
from injurysim.world.month import Month
from injurysim.world.population import Population, draw_population
from injurysim.world.reference_fatigue import Tiredness
from injurysim.world.reference_hurt import Severities
from injurysim.world.reference_law import Factors, jobs
from injurysim.world.reference_month import Ledger, Tally
from injurysim.world.reference_rider import Person, Rider
from injurysim.world.reference_work import Setting
from injurysim.world.weather import weather_states


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
        self.population = draw_population(world, calendar, streams) if population is None else population
        self.environment = simpy.Environment()

    def months(self) -> Iterator[Month]:
        """Start all riders and yield the months in order, each when the last of its shifts is over."""
        self.environment = simpy.Environment()
        p, ledgers = self.population, []
        for month in range(self.calendar.months):
            ledgers.append(Ledger(self.environment, len(p), month))
        weather = weather_states(self.world, self.calendar, self.streams)
        setting, law = self._setting(), jobs(self.world, self.calendar, weather, p.portfolios)
        for number, (portfolio, person) in enumerate(zip(p.portfolio.tolist(), self._persons(), strict=True)):
            rider = Rider(setting, law[portfolio], person)
            self.environment.process(rider.life(partial(_close, ledgers, number)))
        # What is there by now stays: the garbage collector need not look at it again while riders work.
        gc.freeze()
        try:
            for ledger in ledgers:
                if len(p):
                    self.environment.run(until=ledger.complete)
                yield ledger.month(self.world, self.calendar, self.streams, p)
        finally:
            gc.unfreeze()

    def _persons(self) -> Iterator[Person]:
        p = self.population
        conducts, codes = draw_conduct(self.world, self.streams, p.who)
        for rider, code in enumerate(codes.tolist()):
            yield Person(
                who=int(p.who[rider]),
                group=int(p.group[rider]),
                cohort=int(p.cohort[rider]),
                frailty=float(p.frailty[rider]),
                entry_day=int(p.entry_day[rider]),
                exit_day=int(p.exit_day[rider]),
                experience_months=int(p.experience_months[rider]),
                conduct=conducts[code],
            )

    def _setting(self) -> Setting:
        injuries = self.world.injuries
        hazard = injuries if isinstance(injuries, HazardInjuries) else None
        factors = hazard.situations if hazard else None
        return Setting(
            environment=self.environment,
            calendar=self.calendar,
            streams=self.streams,
            tiredness=Tiredness(self.world.fatigue),
            factors=Factors(self.world, self.streams, self.calendar.months),
            severities=Severities(hazard, self.streams) if hazard else None,
            situations=(
                (float(factors.on_order.value), float(factors.waiting.value), float(factors.travelling.value))
                if factors else (1.0, 1.0, 1.0)
            ),
            ends_shift=not isinstance(self.world.recovery, NoAbsence),
            days_off=isinstance(self.world.recovery, OffWork),
            reoffers=any(each.reoffer_share.value for each in self.world.platforms.values()),
        )  # fmt: skip


def _close(ledgers: list[Ledger], rider: int, month: int, tally: Tally) -> None:
    ledgers[month].enter(rider, tally)
