"""The world's two engines and bare SimPy, each timed on its own."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
import simpy
from cases import WORLD, with_horizon, with_world
from measure import Stopwatch, timed

from injurysim.core.randomness import Streams
from injurysim.scenario.resolve import exposure_calendar
from injurysim.world import workday
from injurysim.world.fast import FastWorld
from injurysim.world.reference import ReferenceWorld

if TYPE_CHECKING:
    from injurysim.core.calendar import Calendar
    from injurysim.scenario.document import Scenario
    from injurysim.world.month import Month
    from injurysim.world.tables import Tables

SEED = 2022


class Kernel:
    """The fast world of one size; sizes of as many months share their compiled law in ``laws``."""

    def __init__(self, scenario: Scenario, riders: int, months: int, laws: dict[int, Tables]) -> None:
        self._scenario = with_horizon(with_world(scenario, riders), months)
        self._months, self._laws = months, laws

    def run(self, replication: int) -> dict[str, float]:
        """Run the months of a replication.

        Returns
        -------
        dict
            ``kernel`` and ``kernel_loop``: rider-days a second, of the months with orders and marks, and of the
            compiled loop alone; ``riders_drawn``: riders drawn a second.
        """
        calendar = exposure_calendar(self._scenario)
        with timed() as drawing:
            world = FastWorld(
                self._scenario.worlds[WORLD],
                calendar,
                Streams(SEED, replication),
                tables=self._laws.get(self._months),
            )
        self._laws[self._months] = world.tables
        watch = Stopwatch()
        with (
            patch.object(workday, "work_month", watch.wrap("loop", workday.work_month)),
            timed() as took,
        ):
            for _ in world.months():
                pass
        rider_days = len(world.population) * int(calendar.month_starts[-1])
        return {
            "kernel": rider_days / took.cpu,
            "kernel_loop": rider_days / watch.seconds["loop"],
            "riders_drawn": len(world.population) / drawing.cpu,  # the law is compiled in the warm-up round
        }


def twin_and_bare(scenario: Scenario, riders: int, replication: int) -> dict[str, float]:
    """Run the twin for a month, then bare SimPy with as many processes and as many timeouts.

    Returns
    -------
    dict
        ``twin`` in rider-days a second; ``twin_events`` and ``bare_events`` a second.
    """
    world, calendar = _twin(scenario, riders, replication)
    with timed() as twin:
        for _ in world.months():
            pass
    events = _scheduled(world.environment)
    # A process is an event when it begins and one when it ends; the rest are timeouts, a few more than needed.
    each = max(round(events / riders) - 2, 1)
    environment = simpy.Environment()
    gaps = np.random.default_rng(replication).exponential(1.0, (64, each)).tolist()
    with timed() as bare:
        for number in range(riders):
            environment.process(_waits(environment, gaps[number % len(gaps)]))
        environment.run()
    return {
        "twin": riders * int(calendar.month_starts[-1]) / twin.cpu,
        "twin_events": events / twin.cpu,
        "bare_events": _scheduled(environment) / bare.cpu,
    }


def agreement(scenario: Scenario, riders: int) -> dict[str, int]:
    """Run both engines on the same draws and hold them equal, so that a fast wrong kernel is not timed.

    Returns
    -------
    dict
        Riders, shifts, minutes and injuries that agree.

    Raises
    ------
    SystemExit
        If they differ.
    """
    twin, calendar = _twin(scenario, riders, 0, hazard=100)
    fast = FastWorld(twin.world, calendar, twin.streams, twin.population)
    months = list(zip(twin.months(), fast.months(), strict=True))
    for slow, quick in months:
        for name in ("days_worked", "online_minutes", "rider_days"):
            if not np.array_equal(getattr(slow, name), getattr(quick, name)):
                raise SystemExit(f"the kernel and the twin differ in {name}: nothing was timed")
        if _hurt(slow) != _hurt(quick):
            raise SystemExit("the kernel and the twin hurt different riders: nothing was timed")
    return {
        "riders": riders,
        "shifts": sum(int(quick.rider_days.sum()) for _, quick in months),
        "minutes": sum(int(quick.online_minutes.sum()) for _, quick in months),
        "injuries": sum(len(quick.injuries) for _, quick in months),
    }


def _twin(
    scenario: Scenario, riders: int, replication: int, hazard: int = 1
) -> tuple[ReferenceWorld, Calendar]:
    small = with_horizon(with_world(scenario, riders, hazard), 1)
    calendar = exposure_calendar(small)
    return ReferenceWorld(small.worlds[WORLD], calendar, Streams(SEED, replication)), calendar


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
