"""A rider of the reference model: one SimPy process that works shifts, takes orders and gets hurt."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

from injurysim.core.calendar import MINUTES_PER_DAY, Calendar
from injurysim.core.randomness import Purpose, Streams
from injurysim.world.reference_law import Job, Marks, Severities
from injurysim.world.reference_shift import InjuryClock, Stretch, Tiredness, stretches

if TYPE_CHECKING:
    from collections.abc import Callable

    import simpy
    from simpy.events import Event

SHIFTS_AT_ONCE = 8
"""Shifts whose orders are drawn in one call: few enough to hold for many riders, enough to be quick."""


@dataclass(frozen=True)
class Setting:
    """What all riders share; severities are None when injuries are listed."""

    environment: simpy.Environment
    calendar: Calendar
    streams: Streams
    tiredness: Tiredness
    severities: Severities | None
    ends_shift: bool
    days_off: bool


@dataclass(frozen=True)
class Hurt:
    """One injury as it happens; ``minute`` is its first minute, ``worked_minutes`` those before it in the shift."""

    k: int
    minute: int
    slot: int
    on_order: bool
    worked_minutes: int
    marks: Marks


class Tally:
    """A rider's month, by app of the portfolio."""

    __slots__ = ("days", "engaged", "hazard", "injuries", "online", "orders", "shifts")

    def __init__(self, apps: int) -> None:
        self.days, self.online, self.orders = [0] * apps, [0] * apps, [0] * apps
        self.engaged, self.hazard = [0.0] * apps, [0.0] * apps
        self.shifts = 0
        self.injuries: list[Hurt] = []


@dataclass(slots=True)
class Shift:
    """A planned shift and the draws of its orders, in the order of the day; the first ``drawn`` are used up.

    ``gaps`` are between orders, in units of their mean; ``order_minutes`` are by app.
    """

    day: int
    start: int
    wanted: int
    gaps: array[float] = field(default_factory=lambda: array("d"))
    order_minutes: list[array[float]] = field(default_factory=list)
    drawn: int = 0


@dataclass(slots=True)
class Task:
    """Work on one app from ``begin`` to ``end``, and what came of it.

    ``moments`` are the middles of the minutes in which the rider is hurt: ``on_order`` says of each whether an
    order was in hand.
    """

    shift: Shift
    slot: int
    begin: int
    end: int
    moments: list[float]
    orders: int = 0
    engaged: float = 0.0
    on_order: list[bool] = field(default_factory=list)


class Rider:
    """One rider.

    Parameters
    ----------
    setting : Setting
        What all riders share.
    job : Job
        The law of the rider's group and portfolio.
    who : int
        The key of the rider's draws.
    frailty : float
        The rider's own factor on the hazard.
    """

    __slots__ = ("_back_on", "_frailty", "_free_from", "_job", "_setting", "_who")

    def __init__(self, setting: Setting, job: Job, who: int, frailty: float) -> None:
        self._setting, self._job, self._who, self._frailty = setting, job, who, frailty
        self._back_on: float = 0
        self._free_from = 0

    def life(self, close: Callable[[int, Tally], None]) -> Generator[Event, None, None]:
        """Live through the calendar; ``close`` takes each month's tally when its last shift is over.

        In a task orders come as a Poisson stream, whatever is in hand, and each is an event when it is taken and
        when it is delivered. Those in hand at the end are not carried on. This is the loop all events go
        through, so it is one generator and reads no more than it must.
        """
        environment, apps = self._setting.environment, self._job.apps
        timeout = environment.timeout
        for task in self._tasks(close):
            begin, end, shift, app = task.begin, task.end, task.shift, apps[task.slot]
            yield timeout(max(0.0, begin - environment.now))
            if app.gap == math.inf:
                yield timeout(end - begin)
                task.on_order = [app.order_minutes is None] * len(task.moments)
                continue
            gaps, order_minutes, mean_gap = shift.gaps, shift.order_minutes[task.slot], app.gap
            now: float = begin
            number = shift.drawn
            arrival = begin + gaps[number] * mean_gap
            deliveries = [math.inf]  # a heap; infinity keeps it from running empty
            for alarm in (*task.moments, end):
                while True:
                    delivery = deliveries[0]
                    if arrival < delivery:
                        if arrival >= alarm:
                            break
                        yield timeout(arrival - now)
                        now = arrival
                        if delivery == math.inf:
                            task.engaged -= now
                        heappush(deliveries, now + order_minutes[number])
                        number += 1
                        if number == len(gaps):
                            self._draw_orders([shift])
                        arrival += gaps[number] * mean_gap
                    else:
                        if delivery >= alarm:
                            break
                        yield timeout(delivery - now)
                        now = delivery
                        heappop(deliveries)
                        if deliveries[0] == math.inf:
                            task.engaged += now
                yield timeout(alarm - now)
                now = alarm
                task.on_order.append(len(deliveries) > 1)
            if task.on_order.pop():
                task.engaged += end
            task.orders = number - shift.drawn
            shift.drawn = number + 1

    def _tasks(self, close: Callable[[int, Tally], None]) -> Iterator[Task]:
        """Find the rider's next task when the one before it is over."""
        for month in range(self._setting.calendar.months):
            tally = Tally(len(self._job.apps))
            clock = InjuryClock(self._setting.streams, self._who, month)
            for shift in self._planned(month):
                if shift.day >= self._back_on:
                    tally.shifts += 1
                    yield from self._work(shift, clock, tally, month)
            close(month, tally)

    def _planned(self, month: int) -> Iterator[Shift]:
        """Plan the month's shifts by attendance, wish and hour; absence is not known yet."""
        calendar, streams = self._setting.calendar, self._setting.streams
        days = np.arange(calendar.month_starts[month], calendar.month_starts[month + 1])
        chance = np.array(self._job.attendance)[calendar.day_types[days]]
        present = days[streams.uniform(Purpose.ATTENDANCE, self._who, days) < chance]
        plans = []
        for day in present.tolist():
            length, hour = streams.pair_one(Purpose.SHIFT, self._who, day)
            if wanted := bisect_left(self._job.wanted, length):
                plans.append((day, day * MINUTES_PER_DAY + bisect_left(self._job.start, hour), wanted))
        for first in range(0, len(plans), SHIFTS_AT_ONCE):
            batch = [Shift(*plan) for plan in plans[first : first + SHIFTS_AT_ONCE]]
            self._draw_orders(batch)
            yield from batch

    def _draw_orders(self, shifts: Sequence[Shift]) -> None:
        """Draw more gaps and minutes of orders for each shift, about as many as it is likely to need."""
        apps = self._job.apps
        gap = min(app.gap for app in apps)
        if gap == math.inf:
            return
        likely = np.array([shift.wanted for shift in shifts]) / gap
        counts = (likely + 2.5 * np.sqrt(likely)).astype(np.int64) + 3
        ends = np.cumsum(counts)
        days = np.repeat([shift.day for shift in shifts], counts)
        index = np.arange(ends[-1]) - np.repeat(ends - counts - [len(shift.gaps) for shift in shifts], counts)
        gaps = -np.log(self._setting.streams.uniform(Purpose.ORDER_GAP, self._who, days, index))
        lots = self._setting.streams.uniform(Purpose.ORDER_MINUTES, self._who, days, index)
        minutes = [
            lots if app.order_minutes is None else np.maximum(app.order_minutes.ppf(lots), 0.0)
            for app in apps
        ]
        for shift, end, count in zip(shifts, ends.tolist(), counts.tolist(), strict=True):
            shift.order_minutes = shift.order_minutes or [array("d") for _ in apps]
            mine = slice(end - count, end)
            shift.gaps.frombytes(gaps[mine].tobytes())
            for known, more in zip(shift.order_minutes, minutes, strict=True):
                known.frombytes(more[mine].tobytes())

    def _work(self, shift: Shift, clock: InjuryClock, tally: Tally, month: int) -> Iterator[Task]:
        """Work a shift, stretch by stretch, until nothing is wanted, a limit ends it or the rider is hurt."""
        job, once = self._job, self._setting.ends_shift
        now = max(shift.start, self._free_from)
        worked, seen = 0, set[int]()
        rules = job.rules[job.rules_of_day[shift.day]]
        for stretch in stretches(shift.wanted, job.shares, rules, self._setting.tiredness):
            slot, begin = stretch.slot, now + stretch.rest
            if shift.drawn == len(shift.gaps):
                self._draw_orders([shift])
            minutes, rung = self._exposed(stretch, clock, tally)
            now = begin + minutes
            task = Task(shift, slot, begin, now, [begin + minute + 0.5 for _, minute in rung])
            yield task
            if slot not in seen:
                tally.days[slot] += 1
                tally.orders[slot] += job.apps[slot].per_day
            seen.add(slot)
            tally.online[slot] += minutes
            tally.orders[slot] += task.orders
            tally.engaged[slot] += minutes if job.apps[slot].order_minutes is None else task.engaged
            for (k, minute), busy in zip(rung, task.on_order, strict=True):
                marks = self._marks(month, k)
                tally.injuries.append(Hurt(k, begin + minute, slot, busy, worked + minute, marks))
            worked += minutes
            if rung and once:
                self._recover(shift.day, tally.injuries[-1].marks)
                break
        self._free_from = now

    def _exposed(
        self, stretch: Stretch, clock: InjuryClock, tally: Tally
    ) -> tuple[int, list[tuple[int, int]]]:
        """Expose the rider to a stretch: minutes really worked, and (k, minute of the stretch) of each injury."""
        base = self._job.apps[stretch.slot].hazard * self._frailty
        if base == 0.0:
            return stretch.minutes, []
        hurt: list[tuple[int, int]] = []
        before = 0
        for piece, multiplier in self._setting.tiredness.pieces(stretch.clock, stretch.minutes):
            rung = clock.ring(base * multiplier, piece, once=self._setting.ends_shift)
            hurt += [(k, before + minute) for k, minute in rung]
            lasted = rung[-1][1] + 1 if rung and self._setting.ends_shift else piece
            tally.hazard[stretch.slot] += base * multiplier * lasted
            before += lasted
            if rung and self._setting.ends_shift:
                break
        return before, hurt

    def _marks(self, month: int, k: int) -> Marks:
        assert self._setting.severities is not None  # noqa: S101  (nobody is hurt without a hazard)
        return self._setting.severities.draw(self._who, month, k)

    def _recover(self, day: int, marks: Marks) -> None:
        if marks.fatal:
            self._back_on = math.inf
        elif self._setting.days_off:
            self._back_on = day + 1 + marks.days_off
