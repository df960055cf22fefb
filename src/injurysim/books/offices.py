"""Offices: a queue before a number of staff who work on working days."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import simpy

from injurysim.core.calendar import HOLIDAY, MINUTES_PER_DAY, WORKDAY, Calendar
from injurysim.core.money import round_half_up
from injurysim.core.working_time import CalendarEndError, WorkingTime

ANY_DAY = frozenset(range(7))
NEVER = 1 << 62
"""A minute after all that the calendar knows: work that is not taken up, or not finished, within any run."""


@dataclass(slots=True)
class Case:
    """One case through one office: when it arrived, was taken up and is finished (minutes), and the staff's minutes.

    Attributes
    ----------
    leaves_at : minute at which it leaves the queue if nobody has taken it up before, None when it stays.
    within_limit : whether it was finished within the legal limit, None without one.
    """

    arrived: int
    minutes: int
    leaves_at: int | None = None
    started: int | None = None
    finished: int | None = None
    within_limit: bool | None = None

    def left_by(self, moment: int) -> bool:
        """Say whether the case has left the queue, untouched, by a moment."""
        return self.started is None and self.leaves_at is not None and self.leaves_at <= moment


class Finish(simpy.Event):
    """The end of a case: it is known when it will be as soon as the case is taken up."""

    def in_minutes(self, delay: int) -> None:
        """Let it happen after a delay, as a timeout does that begins now."""
        self._ok, self._value = True, None
        self.env.schedule(self, delay=delay)


_Waiting = tuple[int, int, str, int, Case, Finish]
"""A place in the queue, ordered by priority, acceptance and claim; one claim's own cases by their number."""


class Office:
    """Staff of one office in one region.

    Cases are taken up at slot starts only, by staff who are free by then, from the cases that arrived before the
    slot; so nothing depends on the order in which events of one instant were made.

    Parameters
    ----------
    env : simpy.Environment
        The clock of the book, in minutes.
    calendar : Calendar
        Working days.
    staff : int
        Cases that can be in hand at once.
    leave : mapping of month to share
        Month of the year 1 to 12: share of the staff on leave, in whole people, half up; one at least stays. Who
        goes on leave finishes the case in hand first.
    opens_minute, closes_minute : int
        Office hours.
    slot_minutes : int
        Cases are taken up every so many open minutes from the opening on.
    sitting_weekdays : iterable of int
        Days of the week on which the office sits, Monday 0.
    round_the_clock : bool
        Never closed, whatever the hours, the weekdays and the calendar.

    Attributes
    ----------
    working_time : the hours of this office.
    legal_time : the working days of the calendar, by which legal limits count.
    """

    def __init__(
        self,
        env: simpy.Environment,
        calendar: Calendar,
        staff: int,
        *,
        leave: Mapping[int, Decimal] | None = None,
        opens_minute: int = 540,
        closes_minute: int = 1020,
        slot_minutes: int = 30,
        sitting_weekdays: Iterable[int] = ANY_DAY,
        round_the_clock: bool = False,
    ) -> None:
        self._env = env
        self.working_time = self.legal_time = WorkingTime(calendar, opens_minute, closes_minute)
        if round_the_clock:
            self.working_time = WorkingTime(_never_closed(calendar), 0, MINUTES_PER_DAY)
        elif (weekdays := frozenset(sitting_weekdays)) < ANY_DAY:
            self.working_time = WorkingTime(_sitting(calendar, weekdays), opens_minute, closes_minute)
        self._slot = slot_minutes
        self.staff = [_present(calendar, month, staff, leave or {}) for month in range(calendar.months + 1)]
        self._month_starts = [int(day) * MINUTES_PER_DAY for day in calendar.month_starts]
        self._queue: list[_Waiting] = []
        self._in_hand: list[int] = []
        self._next_look: int | None = None
        self._last_slot = (0, 0)
        self.cases: list[Case] = []

    def handle(
        self, *, priority: int, accepted_at: int, claim: str, minutes: int, leaves_at: int | None = None
    ) -> tuple[Case, simpy.Event]:
        """Put a case into the queue; the event happens when it is finished.

        A case that nobody has taken up before ``leaves_at`` leaves the queue then.
        """
        case = Case(arrived=self._now, minutes=minutes, leaves_at=leaves_at)
        self.cases.append(case)
        done = Finish(self._env)
        heapq.heappush(self._queue, (priority, accepted_at, claim, len(self.cases), case, done))
        self._look_at(self._slot_after(self._now))
        return case, done

    @property
    def _now(self) -> int:
        return int(self._env.now)

    def _slot_after(self, at: int) -> int:
        """Return the first slot start strictly after a moment, NEVER when the calendar has none."""
        since, slot = self._last_slot
        if since <= at < slot:  # many ask within one slot, or in one night
            return slot
        try:
            slot = self._open_slot_after(at)
        except CalendarEndError:
            slot = NEVER
        self._last_slot = at, slot
        return slot

    def _open_slot_after(self, at: int) -> int:
        opening = self.working_time.next_opening(at + 1)
        into = opening % 1440 - self.working_time.opens_minute
        wait = -into % self._slot
        if into + wait < self.working_time.minutes_per_day:
            return opening + wait
        return self.working_time.next_opening(opening - opening % 1440 + 1440)

    def _look_at(self, moment: int) -> None:
        """Look at the queue at a slot start, unless a look is due by then, be it in this very minute."""
        if moment == NEVER or (self._next_look is not None and self._next_look <= moment):
            return
        self._next_look = moment
        self._env.timeout(moment - self._now).callbacks.append(lambda _: self._take_up(moment))

    def _take_up(self, moment: int) -> None:
        if self._next_look != moment:
            return
        self._next_look = None
        while self._in_hand and self._in_hand[0] <= moment:
            heapq.heappop(self._in_hand)
        free = self._staff_at(moment) - len(self._in_hand)
        late = []
        while self._queue and free > 0:
            waiting = heapq.heappop(self._queue)
            *_, case, done = waiting
            if case.arrived >= moment:
                late.append(waiting)
            elif not case.left_by(moment):
                self._start(case, done, moment)
                free -= 1
        for waiting in late:
            heapq.heappush(self._queue, waiting)
        if self._queue:
            self._look_at(self._slot_after(self._nobody_free_before(moment)))

    def _nobody_free_before(self, moment: int) -> int:
        """Return the last minute, from a moment on, before which nobody more can be free: an ending or a return."""
        if len(self._in_hand) < self._staff_at(moment):
            return moment
        found = self._in_hand[0] - 1 if self._in_hand else NEVER
        month = self._month(moment)
        for later in range(month + 1, len(self.staff)):
            if self.staff[later] > self.staff[month]:
                found = min(found, self._month_starts[later] - 1)
                break
        return max(moment, found)

    def _staff_at(self, moment: int) -> int:
        return self.staff[self._month(moment)]

    def _month(self, moment: int) -> int:
        """Return the month of a moment; all that comes after the last month is one more."""
        return bisect_right(self._month_starts, moment) - 1

    def _start(self, case: Case, done: Finish, moment: int) -> None:
        try:
            end = self.working_time.add_working_minutes(moment, case.minutes)
        except CalendarEndError:
            end = NEVER
        heapq.heappush(self._in_hand, end)
        case.started, case.finished = moment, end
        if end != NEVER:
            done.in_minutes(end - moment)


def _present(calendar: Calendar, month: int, staff: int, leave: Mapping[int, Decimal]) -> int:
    """Return the staff at work in a month: those on leave are whole people, half up, and one at least stays."""
    away = leave.get(calendar.month_date(month).month)
    return staff if away is None else max(staff - round_half_up(staff * away), min(staff, 1))


def _never_closed(calendar: Calendar) -> Calendar:
    """Return the calendar with every day a working day."""
    return replace(calendar, day_types=np.full_like(calendar.day_types, WORKDAY))


def _sitting(calendar: Calendar, weekdays: frozenset[int]) -> Calendar:
    """Return the calendar with every other weekday off."""
    weekday = (calendar.start.weekday() + np.arange(len(calendar.day_types))) % 7
    sits = np.isin(weekday, list(weekdays))
    return replace(calendar, day_types=np.where(sits, calendar.day_types, HOLIDAY).astype(np.int8))
