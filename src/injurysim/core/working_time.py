"""Office hours in whole minutes: when an office is open, and what a number of working days comes to."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import MINUTES_PER_DAY, WORKDAY, Calendar


class CalendarEndError(ValueError):
    """A date asked for lies outside the days the calendar knows."""


class WorkingTime:
    """Office hours over a calendar: make-up workdays work, weekends and holidays do not.

    Parameters
    ----------
    calendar : Calendar
        The days.
    opens_minute, closes_minute : int
        Minutes after midnight; the office is open from the first up to, not including, the second.

    Attributes
    ----------
    minutes_per_day : int
        Minutes open on a working day.

    Raises
    ------
    ValueError
        When the hours are not inside a day. Every method raises ``CalendarEndError`` (a ``ValueError``) for a
        moment outside the calendar, or when its answer would lie past the calendar's end.

    Notes
    -----
    An office that closes at 1440 closes at the next day's midnight, a minute that belongs to the next day.
    """

    def __init__(self, calendar: Calendar, opens_minute: int = 540, closes_minute: int = 1020) -> None:
        if not 0 <= opens_minute < closes_minute <= MINUTES_PER_DAY:
            raise ValueError(f"office hours {opens_minute} to {closes_minute} do not lie in one day")
        self.calendar = calendar
        self.opens_minute = opens_minute
        self.closes_minute = closes_minute
        self.minutes_per_day = closes_minute - opens_minute
        works = calendar.day_types == WORKDAY
        # Lists answer single questions several times faster than arrays, and processes ask one at a time.
        self._days: list[int] = np.flatnonzero(works).tolist()
        self._before_array = np.concatenate(([0], np.cumsum(works, dtype=np.int64)))
        self._before: list[int] = self._before_array.tolist()

    def next_opening(self, at: int) -> int:
        """First open minute from `at` on: `at` itself inside office hours."""
        day, minute = self._split(at)
        if self._works(day):
            if minute < self.opens_minute:
                return day * MINUTES_PER_DAY + self.opens_minute
            if minute < self.closes_minute:
                return at
        return self._working_day(self._before[day + 1]) * MINUTES_PER_DAY + self.opens_minute

    def add_working_minutes(self, at: int, minutes: int) -> int:
        """Moment at which work of some open minutes, begun at `at` or at the next opening, is finished.

        Parameters
        ----------
        at : int
            Minute at which the work arrives.
        minutes : int
            Open minutes of work; 0 gives `at` itself.

        Returns
        -------
        int
            The minute of finishing, from just after an opening to a closing.

        Raises
        ------
        CalendarEndError
            When the work is not finished by the calendar's end.
        ValueError
            When `minutes` is negative.
        """
        if minutes <= 0:
            _refuse_negative(minutes, "working minutes")
            return at
        full_days, rest = divmod(self._open_before(at) + minutes - 1, self.minutes_per_day)
        return self._working_day(full_days) * MINUTES_PER_DAY + self.opens_minute + rest + 1

    def working_minutes_between(self, start: int, end: int) -> int:
        """Open minutes from `start` to `end` (negative when `end` lies before `start`)."""
        return self._open_before(end) - self._open_before(start)

    def add_working_days(self, at: int, days: int) -> int:
        """Find the closing time of the n-th working day after the day of `at`, which itself does not count.

        Parameters
        ----------
        at : int
            Minute from which a statutory limit runs.
        days : int
            Working days; 0 gives `at` itself.

        Returns
        -------
        int
            The last minute of the limit.

        Raises
        ------
        CalendarEndError
            When the limit lies past the calendar's end.
        ValueError
            When `days` is negative.
        """
        if days <= 0:
            _refuse_negative(days, "working days")
            return at
        day, _ = self._split(at)
        return self._working_day(self._before[day + 1] + days - 1) * MINUTES_PER_DAY + self.closes_minute

    @overload
    def working_days_between(self, start: int, end: int) -> int: ...
    @overload
    def working_days_between(
        self, start: NDArray[np.integer], end: NDArray[np.integer]
    ) -> NDArray[np.int64]: ...
    def working_days_between(
        self, start: int | NDArray[np.integer], end: int | NDArray[np.integer]
    ) -> int | NDArray[np.int64]:
        """Working days after the day of `start`, up to and with the day of `end`.

        Parameters
        ----------
        start, end : int or ndarray of int
            Minutes, broadcast against each other.

        Returns
        -------
        int or ndarray of int64
            Working days; negative when the day of `end` lies before that of `start`.

        Raises
        ------
        CalendarEndError
            When a moment lies outside the calendar.
        """
        if (isinstance(start, int) and isinstance(end, int)) or not (np.ndim(start) or np.ndim(end)):
            (first, _), (last, _) = self._split(int(start)), self._split(int(end))
            return self._before[last + 1] - self._before[first + 1]
        first_days, last_days = (np.asarray(moment) // MINUTES_PER_DAY for moment in (start, end))
        for days in (first_days, last_days):
            if days.size and not (days.min() >= 0 and days.max() < len(self._before) - 1):
                raise self._outside()
        return np.asarray(self._before_array[last_days + 1] - self._before_array[first_days + 1])

    def _split(self, at: int) -> tuple[int, int]:
        day, minute = divmod(at, MINUTES_PER_DAY)
        if not 0 <= day < len(self._before) - 1:
            raise self._outside()
        return day, minute

    def _works(self, day: int) -> bool:
        return self._before[day + 1] > self._before[day]

    def _working_day(self, number: int) -> int:
        if number >= len(self._days):
            raise self._outside()
        return self._days[number]

    def _open_before(self, at: int) -> int:
        """Open minutes from the first midnight to `at`."""
        day, minute = self._split(at)
        today = min(max(minute - self.opens_minute, 0), self.minutes_per_day) if self._works(day) else 0
        return self._before[day] * self.minutes_per_day + today

    def _outside(self) -> CalendarEndError:
        last = self.calendar.date_of(len(self._before) - 2)
        return CalendarEndError(
            f"office time is known from {self.calendar.start} to {last} only; "
            "give the calendar more months or a wider margin"
        )


def _refuse_negative(number: int, what: str) -> None:
    if number < 0:
        raise ValueError(f"{what} must not be negative, got {number}")
