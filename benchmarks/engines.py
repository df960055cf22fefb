"""The world's two engines and bare SimPy, each timed on its own."""

from __future__ import annotations

import inspect
import os
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy
from cases import Sizes, with_horizon, with_world
from measure import Took, timed

from injurysim.core.randomness import Streams
from injurysim.scenario.resolve import exposure_calendar
from injurysim.world.fast import FastWorld
from injurysim.world.reference import ReferenceWorld

if TYPE_CHECKING:
    from injurysim.core.calendar import Calendar
    from injurysim.scenario.document import Scenario
    from injurysim.scenario.world import World
    from injurysim.world.month import Month
    from injurysim.world.population import Population

SEED = 2022
WHY_ONE_THREAD = (
    "this kernel has one thread"
    if "threads" not in inspect.signature(FastWorld).parameters
    else "this machine has one core"
    if (os.cpu_count() or 1) < 2
    else ""
)
TWO_THREADS = not WHY_ONE_THREAD


class Kernel:
    """The fast world of one law and size; riders are drawn and the law is compiled once, before anything is timed."""

    def __init__(self, law: World, calendar: Calendar) -> None:
        self._law, self._calendar = law, calendar
        first = FastWorld(law, calendar, Streams(SEED, 0))
        self._population, self._tables = first.population, first.tables
        self.rider_days = rider_days(first.population, calendar)

    @classmethod
    def of(cls, scenario: Scenario, riders: int, months: int, hazard: int = 1) -> Kernel:
        """Take the world of a scenario, cut to size."""
        cut = with_horizon(with_world(scenario, riders, hazard), months)
        return cls(cut.worlds[cut.baseline.world], exposure_calendar(cut))

    def months(self, replication: int, threads: int = 1) -> Iterator[Month]:
        """Yield the months of a replication, of the same riders each time."""
        more = {"threads": threads} if TWO_THREADS else {}
        streams = Streams(SEED, replication)
        return FastWorld(
            self._law, self._calendar, streams, population=self._population, tables=self._tables, **more
        ).months()

    def took(self, replication: int, threads: int = 1) -> Took:
        """Time the months of a replication with everything that is in them: shifts, orders, marks of the injured."""
        months = self.months(replication, threads)
        with timed() as took:
            for _ in months:
                pass
        return took

    def rates(self, replication: int, name: str) -> dict[str, float]:
        """Time a replication three times, straight after each other: first, again, and on two threads.

        Another replication has other weather, so some rows of the tables are missing and are filled on the way: that is the
        first time. How fast the kernel is when the law has been compiled is what the other two are about.

        Returns
        -------
        dict
            In rider-days a second: ``<name>_first`` and ``<name>``, by one thread's own seconds; ``<name>_wall`` and
            ``<name>_two_threads``, by the clock, as seconds of two threads cannot be added.
        """
        first, one = self.took(replication), self.took(replication)
        found = {
            f"{name}_first": self.rider_days / first.cpu,
            name: self.rider_days / one.cpu,
            f"{name}_wall": self.rider_days / one.wall,
        }
        if TWO_THREADS:
            found[f"{name}_two_threads"] = self.rider_days / self.took(replication, threads=2).wall
        return found

    def riders_drawn(self, replication: int) -> dict[str, float]:
        """Draw the riders of a replication; ``riders_drawn`` a second."""
        with timed() as took:
            FastWorld(self._law, self._calendar, Streams(SEED, replication), tables=self._tables)
        return {"riders_drawn": len(self._population) / took.cpu}


def rider_days(population: Population, calendar: Calendar) -> int:
    """Return the days of riders who are there, worked or not."""
    last = int(calendar.month_starts[-1])
    days = np.minimum(population.exit_day, last) - np.maximum(population.entry_day, 0)
    return int(np.maximum(days, 0).sum())


def twin_and_bare(scenario: Scenario, riders: int, replication: int, name: str = "twin") -> dict[str, float]:
    """Run the twin for a month, then bare SimPy with as many processes and as many timeouts.

    Returns
    -------
    dict
        ``<name>`` in rider-days a second; ``<name>_events`` and ``<name>_bare_events`` a second.
    """
    world, calendar = _twin(scenario, riders, replication)
    with timed() as twin:
        for _ in world.months():
            pass
    events = _scheduled(world.environment)
    # A process is an event when it begins and one when it ends; the rest are timeouts, a few more than needed.
    processes = len(world.population)
    each = max(round(events / processes) - 2, 1)
    environment = simpy.Environment()
    gaps = np.random.default_rng(replication).exponential(1.0, (64, each)).tolist()
    with timed() as bare:
        for number in range(processes):
            environment.process(_waits(environment, gaps[number % len(gaps)]))
        environment.run()
    return {
        name: rider_days(world.population, calendar) / twin.cpu,
        f"{name}_events": events / twin.cpu,
        f"{name}_bare_events": _scheduled(environment) / bare.cpu,
    }


def agreement(scenario: Scenario, sizes: Sizes) -> dict[str, Any]:
    """Run both engines on the same draws and hold them equal, so that a fast wrong kernel is not timed.

    Returns
    -------
    dict
        Riders, shifts, minutes and injuries that agree, and on how many threads.

    Raises
    ------
    SystemExit
        If they differ.
    """
    twin, calendar = _twin(scenario, sizes.twin_riders, 0, hazard=100)
    slow = list(twin.months())
    for threads in (1, 2) if TWO_THREADS else (1,):
        more = {"threads": threads} if TWO_THREADS else {}
        fast = FastWorld(twin.world, calendar, twin.streams, twin.population, **more)
        for one, other in zip(slow, fast.months(), strict=True):
            _hold_equal(one, other)
    return {
        "riders": sizes.twin_riders,
        "threads": 2 if TWO_THREADS else 1,
        "shifts": sum(int(month.rider_days.sum()) for month in slow),
        "minutes": sum(int(month.online_minutes.sum()) for month in slow),
        "injuries": sum(len(month.injuries) for month in slow),
    }


def _hold_equal(slow: Month, quick: Month) -> None:
    for name in ("days_worked", "online_minutes", "rider_days"):
        if not np.array_equal(getattr(slow, name), getattr(quick, name)):
            raise SystemExit(f"the kernel and the twin differ in {name}: nothing was timed")
    if _hurt(slow) != _hurt(quick):
        raise SystemExit("the kernel and the twin hurt different riders: nothing was timed")


def _twin(
    scenario: Scenario, riders: int, replication: int, hazard: int = 1
) -> tuple[ReferenceWorld, Calendar]:
    small = with_horizon(with_world(scenario, riders, hazard), 1)
    calendar = exposure_calendar(small)
    return ReferenceWorld(small.worlds[small.baseline.world], calendar, Streams(SEED, replication)), calendar


def _hurt(month: Month) -> list[tuple[int, ...]]:
    found = month.injuries
    return sorted(zip(found.rider.tolist(), found.minute.tolist(), found.severity.tolist(), strict=True))


def _scheduled(environment: simpy.Environment) -> int:
    """Return how many events an environment has scheduled: the counter that orders its queue."""
    return int(next(environment._eid))


def _waits(environment: simpy.Environment, gaps: Sequence[float]) -> Generator[simpy.Event, None, None]:
    timeout = environment.timeout
    for gap in gaps:
        yield timeout(gap)
