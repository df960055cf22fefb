"""A rider of the reference model: one SimPy process that works shifts, takes orders and gets hurt."""

from __future__ import annotations

import math
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
    """A planned shift and the draws of its orders: unit gaps, and minutes by app; ``drawn`` are used up."""

    day: int
    start: int
    wanted: int
    gaps: list[float] = field(default_factory=list)
    order_minutes: list[list[float]] = field(default_factory=list)
    drawn: int = 0


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
        """Live through the calendar; ``close`` takes each month's tally when its last shift is over."""
        for month in range(self._setting.calendar.months):
            tally = Tally(len(self._job.apps))
            clock = InjuryClock(self._setting.streams, self._who, month)
            for shift in self._planned(month):
                if shift.day >= self._back_on:
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
        """Draw more gaps and minutes of orders than the shifts are likely to need, after those they have."""
        apps = self._job.apps
        gap = min(app.gap for app in apps)
        if gap == math.inf:
            return
        mean = max(shift.wanted for shift in shifts) / gap
        first = len(shifts[0].gaps)
        index = first + np.arange(int(mean + 4 * math.sqrt(mean)) + 4 + 2 * len(apps))
        days = np.array([shift.day for shift in shifts])[:, np.newaxis]
        gaps = -np.log(self._setting.streams.uniform(Purpose.ORDER_GAP, self._who, days, index))
        lots = self._setting.streams.uniform(Purpose.ORDER_MINUTES, self._who, days, index)
        minutes = [
            np.zeros((len(shifts), 0))
            if app.order_minutes is None
            else np.maximum(app.order_minutes.ppf(lots), 0.0)
            for app in apps
        ]
        for row, shift in enumerate(shifts):
            shift.gaps += gaps[row].tolist()
            known = shift.order_minutes or [[] for _ in apps]
            shift.order_minutes = [
                before + more[row].tolist() for before, more in zip(known, minutes, strict=True)
            ]

    def _work(
        self, shift: Shift, clock: InjuryClock, tally: Tally, month: int
    ) -> Generator[Event, None, None]:
        """Work a shift, stretch by stretch, until nothing is wanted, a limit ends it or the rider is hurt."""
        environment, job = self._setting.environment, self._job
        now = max(shift.start, self._free_from)
        rules = job.rules[job.rules_of_day[shift.day]]
        tally.shifts += 1
        worked = 0
        last_slot = -1
        for stretch in stretches(shift.wanted, job.shares, rules, self._setting.tiredness):
            slot, app = stretch.slot, job.apps[stretch.slot]
            now += stretch.rest
            yield environment.timeout(max(0.0, now - environment.now))
            minutes, rung = self._exposed(stretch, clock, tally)
            moments = [now + minute + 0.5 for _, minute in rung]
            on_order = yield from self._take_orders(shift, slot, now, minutes, moments, tally)
            if slot != last_slot:
                tally.days[slot] += 1
                tally.orders[slot] += app.per_day
                last_slot = slot
            tally.online[slot] += minutes
            for (k, minute), busy in zip(rung, on_order, strict=True):
                marks = self._marks(month, k)
                tally.injuries.append(Hurt(k, now + minute, slot, busy, worked + minute, marks))
            worked, now = worked + minutes, now + minutes
            if rung and self._setting.ends_shift:
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

    def _take_orders(
        self, shift: Shift, slot: int, begin: int, minutes: int, moments: Sequence[float], tally: Tally
    ) -> Generator[Event, None, list[bool]]:
        """Take and finish orders in a stretch, one event each; say of each moment whether one is in hand.

        Orders come as a Poisson stream whatever is in hand; those in hand at the end are not carried on.
        """
        environment, app, end = self._setting.environment, self._job.apps[slot], begin + minutes
        timeout = environment.timeout
        if app.order_minutes is None or app.gap == math.inf:
            yield timeout(end - environment.now)
            always = app.order_minutes is None
            tally.engaged[slot] += minutes * always
            return [always] * len(moments)
        if shift.drawn == len(shift.gaps):
            self._draw_orders([shift])
        gaps, order_minutes, mean_gap = shift.gaps, shift.order_minutes[slot], app.gap
        n, taken, engaged, busy_from = shift.drawn, 0, 0.0, 0.0
        in_hand = [math.inf]  # a heap of moments of delivery; infinity keeps it from running empty
        arrival = begin + gaps[n] * mean_gap
        on_order = []
        for alarm in (*moments, end):
            while True:
                delivery = in_hand[0]
                if arrival < delivery:
                    if arrival >= alarm:
                        break
                    yield timeout(arrival - environment.now)
                    if len(in_hand) == 1:
                        busy_from = arrival
                    heappush(in_hand, arrival + order_minutes[n])
                    taken += 1
                    n += 1
                    if n == len(gaps):
                        self._draw_orders([shift])
                        order_minutes = shift.order_minutes[slot]
                    arrival += gaps[n] * mean_gap
                else:
                    if delivery >= alarm:
                        break
                    yield timeout(delivery - environment.now)
                    heappop(in_hand)
                    if len(in_hand) == 1:
                        engaged += delivery - busy_from
            yield timeout(alarm - environment.now)
            on_order.append(len(in_hand) > 1)
        if on_order.pop():
            engaged += end - busy_from
        shift.drawn = n + 1
        tally.orders[slot] += taken
        tally.engaged[slot] += engaged
        return on_order
