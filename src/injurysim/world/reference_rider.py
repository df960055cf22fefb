"""A rider of the reference model: one SimPy process that works shifts, takes orders and gets hurt."""

from __future__ import annotations

import math
from array import array
from collections.abc import Generator, Iterable, Iterator, MutableSequence, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import sub
from typing import TYPE_CHECKING

import numpy as np

from injurysim.core.calendar import MINUTES_PER_DAY
from injurysim.core.randomness import Purpose
from injurysim.world.conduct import Conduct
from injurysim.world.reference_hurt import InjuryClock
from injurysim.world.reference_law import START_STEP, Job
from injurysim.world.reference_leg import Leg
from injurysim.world.reference_month import Tally
from injurysim.world.reference_orders import Desk, draw_orders
from injurysim.world.reference_past import Past
from injurysim.world.reference_shift import Walk, split
from injurysim.world.reference_work import Plan, Setting, Work, count_lost

if TYPE_CHECKING:
    from collections.abc import Callable

    from simpy.events import Event

SHIFTS_AT_ONCE = 31
"""Shifts whose orders are drawn in one call: few enough to hold for many riders, enough to be quick."""


@dataclass(frozen=True)
class Person:
    """What is known of one rider; names as in ``population.Population``."""

    who: int
    group: int
    cohort: int
    frailty: float
    entry_day: int
    exit_day: int
    experience_months: int
    conduct: Conduct

    def experience(self, month: int) -> int:
        """Return the whole calendar months since the month of entry, and those brought along."""
        return max(month + 1 - self.cohort if self.cohort else month, 0) + self.experience_months


class Rider:
    """One rider.

    Parameters
    ----------
    setting : Setting
        What all riders share.
    job : Job
        The law of the rider's group and portfolio.
    person : Person
        Who it is.
    """

    __slots__ = ("_back_on", "_desks", "_free_from", "_job", "_past", "_person", "_setting")

    def __init__(self, setting: Setting, job: Job, person: Person) -> None:
        self._setting, self._job, self._person = setting, job, person
        self._past = Past(setting.calendar)
        self._back_on: float = 0
        self._free_from = 0
        self._desks: list[Desk] = []

    def life(self, close: Callable[[int, Tally], None]) -> Generator[Event, None, None]:
        """Live through the calendar; ``close`` takes each month's tally when its last shift is over.

        Each order is an event when it is taken and when it is delivered. What a leg on one app with a Poisson stream
        of one rate leads to is known when it begins, whatever happens elsewhere: its moments go into an agenda that
        is lived through later in one go, as nearly all events are of this kind. Other legs are played by
        :meth:`_play`.
        """
        environment = self._setting.environment
        for month in range(self._setting.calendar.months):
            tally, agenda = Tally(len(self._job.platforms)), array("d")
            for leg in self._legs(month, tally):
                if leg.begin > (agenda[-1] if agenda else environment.now):
                    agenda.append(leg.begin)
                desk = self._desks[leg.apps[0]] if len(leg.apps) == 1 else None
                if desk is not None and desk.simple and leg.turns is None:
                    self._write_down(leg, desk, agenda)
                else:
                    yield from self._wait(agenda)
                    del agenda[:]
                    yield from self._play(leg)
            yield from self._wait(agenda)
            close(month, tally)

    def _wait(self, agenda: Sequence[float]) -> Iterable[Event]:
        """Return a timeout for each moment of an agenda, made when the one before it is over."""
        if not agenda:
            return ()
        environment = self._setting.environment
        # Sums of timeouts are rounded: the clock may be a hair beyond the moment it was to stop at.
        now = min(environment.now, agenda[0])
        return map(environment.timeout, array("d", map(sub, agenda, chain([now], agenda))))

    def _write_down(self, leg: Leg, desk: Desk, agenda: MutableSequence[float]) -> None:
        """Put the moments of a leg at a desk of simple orders on the agenda."""
        streams, who, now = self._setting.streams, self._person.who, float(leg.begin)
        if leg.opened:
            desk.open(now, streams, who)
        for alarm in (*leg.moments, leg.begin + leg.minutes):
            moments, engaged = desk.agenda(now, alarm, streams, who)
            leg.busy += engaged
            agenda.extend(moments)
            agenda.append(alarm)
            now = alarm
            leg.in_hand.append(leg.apps if desk.busy else ())
        leg.in_hand.pop()
        leg.engaged = (leg.busy,)

    def _play(self, leg: Leg) -> Generator[Event, None, None]:
        """Play the orders of a leg on any apps: at the next event of any, it is stepped on."""
        environment, streams, who = self._setting.environment, self._setting.streams, self._person.who
        now, end = float(leg.begin), leg.begin + leg.minutes
        desks = [self._desks[slot] for slot in leg.apps]
        for slot in leg.opened:
            self._desks[slot].open(now, streams, who)
        engaged = [-now if desk.busy else 0.0 for desk in desks]
        busy = sum(desk.busy for desk in desks)
        union = -now if busy else 0.0
        turns = [now] if busy else []
        for alarm in (*leg.moments, end):
            while desks:
                place = min(range(len(desks)), key=lambda each: desks[each].next)
                desk, before = desks[place], desks[place].busy
                at = desk.next
                if at >= alarm:
                    break
                yield environment.timeout(at - now)
                now = at
                desk.step(now, streams, who)
                if desk.busy == before:
                    continue
                engaged[place] += now if before else -now
                busy += -1 if before else 1
                if busy == (0 if before else 1):
                    union += now if before else -now
                    turns.append(now)
            yield environment.timeout(alarm - now)
            now = alarm
            if alarm != end:
                leg.in_hand.append(
                    tuple(slot for slot, desk in zip(leg.apps, desks, strict=True) if desk.busy)
                )
        leg.engaged = tuple(
            sofar + end if desk.busy else sofar for sofar, desk in zip(engaged, desks, strict=True)
        )
        leg.busy = union + end if busy else union
        if leg.turns is not None:
            leg.turns = turns

    def _legs(self, month: int, tally: Tally) -> Iterator[Leg]:
        """Find the next leg of a month when the one before it is known."""
        person, setting = self._person, self._setting
        clock = InjuryClock(setting.streams, person.who, month)
        factor = person.frailty * setting.factors.of(person.group, month, person.experience(month))
        for plan in self._planned(month):
            if plan.day >= self._back_on:
                yield from self._shift(plan, factor, clock, tally, month)

    def _shift(
        self, plan: Plan, factor: float, clock: InjuryClock, tally: Tally, month: int
    ) -> Iterator[Leg]:
        """Work a shift, unless the limits of week and month leave nothing of it."""
        setting, job, person = self._setting, self._job, self._person
        start = max(plan.start, -(-self._free_from // START_STEP) * START_STEP)
        rules = job.rules(plan.conditions.limits, person.conduct)
        meters = self._past.meters(rules, len(job.platforms), plan.day, month)
        walk = Walk(plan.wanted, plan.wishes, meters, at_once=job.at_once)
        legs = walk.legs()
        if (first := next(legs, None)) is None:
            if setting.reoffers:
                count_lost(plan, [0] * len(plan.wishes), start + job.commute, tally)
            return
        self._desks = plan.desks
        work = Work(setting, job, person.who, factor, plan, clock, tally, month)
        yield from work.legs(start, first, legs, self._past.weariness(setting.tiredness, plan.day, start))
        self._past.close(meters, plan.day, month, worked=work.worked, end=work.end)
        self._free_from = work.end
        if work.hurt is None:
            self._free_from += walk.off
        elif work.hurt.fatal:
            self._back_on = math.inf
        elif setting.days_off:
            self._back_on = plan.day + 1 + work.hurt.days_off

    def _planned(self, month: int) -> Iterator[Plan]:
        """Plan the month's shifts by attendance, wish and hour; absence is not known yet."""
        calendar, streams, person, job = (
            self._setting.calendar,
            self._setting.streams,
            self._person,
            self._job,
        )
        first = max(int(calendar.month_starts[month]), person.entry_day)
        last = min(int(calendar.month_starts[month + 1]), person.exit_day)
        if first >= last or self._back_on == math.inf:
            return
        lots = streams.by_day(Purpose.PRESENCE, person.who, first, last)
        days = first + np.flatnonzero(lots < job.attendance[first:last])
        lengths, hours = streams.pairs(Purpose.SHIFT, person.who, days)
        plans = []
        lengths_and_starts = zip(job.wanted(month, lengths), job.starts(hours), strict=True)
        for day, (wanted, start) in zip(days.tolist(), lengths_and_starts, strict=True):
            if wanted:
                wishes = split(wanted, job.shares, at_once=job.at_once)
                plans.append(Plan(day, day * MINUTES_PER_DAY + start, wanted, wishes, job.on(day, month)))
        for begin in range(0, len(plans), SHIFTS_AT_ONCE):
            batch = plans[begin : begin + SHIFTS_AT_ONCE]
            self._draw_orders(batch)
            yield from batch

    def _draw_orders(self, plans: Sequence[Plan]) -> None:
        """Open the desks of shifts, and draw about as many orders for each as it is likely to need."""
        desks, likely = [], []
        for plan in plans:
            plan.desks = [app.desk(plan.day, slot) for slot, app in enumerate(plan.conditions.apps)]
            for desk, wish in zip(plan.desks, plan.wishes, strict=True):
                if desk.rate is not None and wish:
                    desks.append(desk)
                    likely.append(desk.rate.expected(plan.start, plan.start + wish))
        if desks:
            counts = np.array(likely)
            draw_orders(
                self._setting.streams, self._person.who, desks,
                (counts + 3 * np.sqrt(counts)).astype(np.int64) + 6,
            )  # fmt: skip
