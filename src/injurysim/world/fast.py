"""The fast world: months from the workday kernel, orders drawn once a month, marks of the injured."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.core.errors import InputError
from injurysim.core.money import to_fen
from injurysim.core.poisson import poisson_counts
from injurysim.core.randomness import Purpose, Streams, digest32
from injurysim.core.sums import sum_by
from injurysim.scenario.injuries import HazardInjuries
from injurysim.scenario.platforms import PoissonOrders
from injurysim.scenario.world import World
from injurysim.world import workday
from injurysim.world.injuries import draw_marks, listed_injuries
from injurysim.world.month import Injuries, Ints, Month
from injurysim.world.population import Population, draw_population
from injurysim.world.tables import ONE_INJURY, ONE_MINUTE, Tables, compile_world

BUFFER_ROWS = 8192


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
        The compiled law; it depends on the world and the portfolios only, so replications share it.
    threads : int
        Threads that the world may use.
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
        self.threads = threads
        self.world, self.calendar, self.streams = world, calendar, streams
        self.population = draw_population(world, streams) if population is None else population
        self.tables = compile_world(world, calendar, self.population) if tables is None else tables
        factor = np.array([float(group.hazard_factor.value) for group in world.groups.values()])
        self._scale = factor[self.population.group] * self.population.frailty
        self._back_on = self._free_from = np.zeros(0, np.int64)

    def months(self) -> Iterator[Month]:
        """Start all riders afresh and yield the months in order."""
        self._back_on = np.zeros(len(self.population), np.int64)
        self._free_from = np.zeros(len(self.population), np.int64)
        for month in range(self.calendar.months):
            yield self._month(month)

    def _month(self, month: int) -> Month:
        engagements, riders = len(self.population.engagement_rider), len(self.population)
        days_worked, online, engaged, hazard = (np.zeros(engagements, np.int64) for _ in range(4))
        rider_days = np.zeros(riders, np.int64)
        rows = self._work(
            month,
            days_worked=days_worked,
            online=online,
            engaged=engaged,
            hazard=hazard,
            rider_days=rider_days,
        )
        orders = self._orders(month, online, days_worked)
        pay = np.array(
            [to_fen(each.pay_per_order_yuan.value) for each in self.world.platforms.values()], np.int64
        )
        return Month(
            index=month,
            days_worked=days_worked,
            online_minutes=online,
            engaged_minutes=(engaged + ONE_MINUTE // 2) // ONE_MINUTE,
            orders=orders,
            earnings_fen=orders * pay[self.population.engagement_platform],
            expected_injuries=hazard / ONE_INJURY * self._scale[self.population.engagement_rider],
            rider_days=rider_days,
            worked_minutes=sum_by(self.population.engagement_rider, online, riders),
            injuries=self._injuries(month, rows),
        )

    def _work(
        self, month: int, *, days_worked: Ints, online: Ints, engaged: Ints, hazard: Ints, rider_days: Ints
    ) -> Ints:
        """Run the kernel over all riders, emptying its injury buffer as often as it asks."""
        p, t, calendar = self.population, self.tables, self.calendar
        buffer = np.zeros((BUFFER_ROWS, 8), np.int64)
        found, rider = [], 0
        while rider < len(p):
            rider, rows = workday.work_month(
                self.streams.key0, month, int(calendar.month_starts[month]), int(calendar.month_starts[month + 1]),
                calendar.day_types, t.set_of_day,
                p.who, p.group, p.portfolio, self._scale, p.first_engagement,
                t.attendance, t.start_cdf, t.start_guide, t.wanted_cdf, t.wanted_guide,
                t.segments, t.segment_slot, t.segment_start, t.segment_minutes, t.segment_clock, t.shift_minutes,
                t.slot_minutes, t.slot_engaged, t.slot_hazard, t.hazard_to, t.busy, t.engaged_to, t.platform_of,
                t.severity_cdf, t.days_off_cdf, t.fatal, t.recovery,
                rider, self._back_on, self._free_from,
                days_worked, online, engaged, hazard, rider_days, buffer,
            )  # fmt: skip
            if rider < 0:
                raise InputError.of(
                    f"a rider is hurt {workday.MOST_INJURIES} times in a month",
                    "Lower the hazard, the hazard_factor of the group or the spread of its frailty.",
                    where="injuries.per_1000_hours",
                )
            found.append(buffer[:rows].copy())
        return np.concatenate(found) if found else np.zeros((0, 8), np.int64)

    def _orders(self, month: int, online: Ints, days_worked: Ints) -> Ints:
        """Draw the orders of each engagement from its accumulated intensity."""
        p = self.population
        orders = np.zeros(len(online), np.int64)
        for code, (name, platform) in enumerate(self.world.platforms.items()):
            mine = np.flatnonzero(p.engagement_platform == code)
            if isinstance(platform.orders, PoissonOrders):
                who = p.who[p.engagement_rider[mine]]
                u = self.streams.uniform(Purpose.ORDERS, who, when=month, index=digest32(name))
                orders[mine] = poisson_counts(u, online[mine] * (float(platform.orders.per_hour.value) / 60))
            else:
                orders[mine] = days_worked[mine] * platform.orders.per_day.value
        return orders

    def _injuries(self, month: int, rows: NDArray[np.int64]) -> Injuries:
        if not isinstance(self.world.injuries, HazardInjuries):
            return listed_injuries(self.world, self.world.injuries, self.calendar, self.population, month)
        rider = rows[:, workday.RIDER]
        app = self.tables.platform_of[self.population.portfolio[rider], rows[:, workday.SLOT]]
        severity, k = rows[:, workday.SEVERITY_CODE], rows[:, workday.K]
        medical, grade = draw_marks(
            self.world.injuries, self.streams, self.population.who[rider], month=month, k=k, severity=severity
        )
        return Injuries(
            rider=rider,
            month=np.full(len(rows), month),
            k=k,
            minute=rows[:, workday.MINUTE],
            app=app,
            second_app=np.full(len(rows), -1),
            situation=rows[:, workday.SITUATION_CODE],
            worked_minutes=rows[:, workday.WORKED],
            severity=severity,
            medical_cost_fen=medical,
            days_off=rows[:, workday.OFF],
            grade=grade,
            fatal=self.tables.fatal[severity],
        )
