"""Offices: a queue before a number of staff who work on working days."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import simpy

from injurysim.core.calendar import HOLIDAY, Calendar
from injurysim.core.working_time import CalendarEndError, WorkingTime

ANY_DAY = frozenset(range(7))
NEVER = 1 << 62
"""A minute after all that the calendar knows: work that is not taken up, or not finished, within any run."""


@dataclass(slots=True)
class Case:
    """One case through one office: when it arrived, was taken up and is finished (minutes), and the staff's minutes."""

    arrived: int
    minutes: int
    started: int | None = None
    finished: int | None = None
    within_limit: bool | None = None


_Waiting = tuple[int, int, str, int, Case, simpy.Event]
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
    opens_minute, closes_minute : int
        Office hours.
    slot_minutes : int
        Cases are taken up every so many open minutes from the opening on.
    sitting_weekdays : iterable of int
        Days of the week on which the office sits, Monday 0.
    """

    def __init__(
        self,
        env: simpy.Environment,
        calendar: Calendar,
        staff: int,
        *,
        opens_minute: int = 540,
        closes_minute: int = 1020,
        slot_minutes: int = 30,
        sitting_weekdays: Iterable[int] = ANY_DAY,
    ) -> None:
        self._env = env
        self.staff = staff
        self.working_time = WorkingTime(
            _sitting(calendar, frozenset(sitting_weekdays)), opens_minute, closes_minute
        )
        self._slot = slot_minutes
        self._queue: list[_Waiting] = []
        self._free_at = [0] * staff
        self._next_look: int | None = None
        self._last_slot = (0, 0)
        self.cases: list[Case] = []

    def handle(
        self, *, priority: int, accepted_at: int, claim: str, minutes: int
    ) -> tuple[Case, simpy.Event]:
        """Put a case into the queue; the event happens when it is finished."""
        case = Case(arrived=self._now, minutes=minutes)
        self.cases.append(case)
        done = self._env.event()
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
        free = sum(1 for free_at in self._free_at if free_at <= moment)
        late = []
        while self._queue and free:
            waiting = heapq.heappop(self._queue)
            *_, case, done = waiting
            if case.arrived < moment:
                self._start(case, done, moment)
                free -= 1
            else:
                late.append(waiting)
        for waiting in late:
            heapq.heappush(self._queue, waiting)
        if self._queue:
            earliest = min(self._free_at, default=NEVER)
            self._look_at(self._slot_after(max(moment, earliest - 1)))

    def _start(self, case: Case, done: simpy.Event, moment: int) -> None:
        try:
            end = self.working_time.add_working_minutes(moment, case.minutes)
        except CalendarEndError:
            end = NEVER
        heapq.heapreplace(self._free_at, end)
        case.started, case.finished = moment, end
        if end != NEVER:
            self._env.timeout(end - moment).callbacks.append(done.trigger)


def _sitting(calendar: Calendar, weekdays: frozenset[int]) -> Calendar:
    """Return the calendar with every other weekday off."""
    if weekdays >= ANY_DAY:
        return calendar
    weekday = (calendar.start.weekday() + np.arange(len(calendar.day_types))) % 7
    sits = np.isin(weekday, list(weekdays))
    return replace(calendar, day_types=np.where(sits, calendar.day_types, HOLIDAY).astype(np.int8))
