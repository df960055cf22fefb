"""The calendar: real months, kinds of day, and office hours in whole minutes.

Time inside the model is an integer number of minutes from the scenario's first midnight; days and months are
counted from the same midnight, from 0.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

MINUTES_PER_DAY = 1440
WORKDAY, WEEKEND, HOLIDAY = 0, 1, 2


class CalendarEndError(ValueError):
    """A date asked for lies outside the days the calendar knows."""


@dataclass(frozen=True, eq=False)
class Calendar:
    """Days and months of a scenario; make one with :meth:`build`.

    Attributes
    ----------
    start : date
        The first day, the first of a month; its midnight is minute 0.
    months : int
        Number of months.
    month_starts : ndarray of int64, shape (months + 1,)
        First day of each month, as a number of days from `start`; the last is the day after the last month.
    day_types : ndarray of int8, shape (days of the months + margin,)
        ``WORKDAY``, ``WEEKEND`` or ``HOLIDAY``. The margin lets offices look ahead.
    """

    start: date
    months: int
    month_starts: NDArray[np.int64]
    day_types: NDArray[np.int8]

    @classmethod
    def build(
        cls,
        start: date,
        months: int,
        holidays: Collection[date],
        makeup_workdays: Collection[date],
        weekend: Collection[int] = (5, 6),
        margin_days: int = 800,
    ) -> Calendar:
        """Lay out the days.

        Parameters
        ----------
        start : date
            First day, the first of a month.
        months : int
            Number of months, at least 1.
        holidays : collection of date
            Days off, whatever the day of the week. Dates outside the calendar are not needed and not used.
        makeup_workdays : collection of date
            Days of the weekend on which everybody works.
        weekend : collection of int
            Days of the week off, Monday 0 to Sunday 6.
        margin_days : int
            Days laid out after the last month.

        Returns
        -------
        Calendar
            The calendar, its arrays read-only.

        Raises
        ------
        ValueError
            When `start` is not the first of a month, a number is out of range, or a date is both a holiday and
            a make-up workday.
        """
        if start.day != 1:
            raise ValueError(f"a calendar starts on the first of a month, not on {start}")
        if months < 1 or margin_days < 0:
            raise ValueError(f"need at least 1 month and no negative margin, got {months} and {margin_days}")
        if not set(weekend) <= set(range(7)):
            raise ValueError(f"weekend days are 0 (Monday) to 6 (Sunday), got {sorted(weekend)}")
        if both := set(holidays) & set(makeup_workdays):
            raise ValueError(f"both a holiday and a make-up workday: {', '.join(map(str, sorted(both)))}")
        starts = np.array(
            [(_first_of_month(start, month) - start).days for month in range(months + 1)], np.int64
        )
        size = int(starts[-1]) + margin_days
        weekdays = (start.weekday() + np.arange(size)) % 7
        types = np.where(np.isin(weekdays, list(weekend)), WEEKEND, WORKDAY).astype(np.int8)
        for days, kind in ((holidays, HOLIDAY), (makeup_workdays, WORKDAY)):
            numbers = np.array([(day - start).days for day in days], dtype=np.int64)
            types[numbers[(numbers >= 0) & (numbers < size)]] = kind
        starts.setflags(write=False)
        types.setflags(write=False)
        return cls(start, months, starts, types)

    def day_of(self, d: date) -> int:
        """Count the days from the first day to a date (negative before it)."""
        return (d - self.start).days

    def date_of(self, day: int) -> date:
        """Return the date of a day number."""
        return self.start + timedelta(days=int(day))

    def minute_of(self, d: date) -> int:
        """Return the minute of the midnight at which a date begins."""
        return self.day_of(d) * MINUTES_PER_DAY

    def datetime64(self, minutes: ArrayLike) -> NDArray[np.datetime64]:
        """Moments of minutes.

        Parameters
        ----------
        minutes : array_like of int
            Minutes from the first midnight, of any shape.

        Returns
        -------
        ndarray of datetime64[s]
            In the shape of `minutes`.

        Raises
        ------
        TypeError
            When the minutes are not integers.
        """
        array = np.asarray(minutes)
        if array.size and array.dtype.kind not in "iu":
            raise TypeError(f"minutes are whole numbers, got an array of {array.dtype}")
        return np.asarray(
            np.datetime64(self.start, "s") + (array.astype(np.int64) * 60).astype("timedelta64[s]")
        )

    def month_date(self, month: int) -> date:
        """Return the first day of a month."""
        return _first_of_month(self.start, month)

    def month_label(self, month: int) -> str:
        """Return a month as text, for example ``2022-07``."""
        return f"{self.month_date(month):%Y-%m}"

    @overload
    def month_of_minute(self, minute: int) -> int: ...
    @overload
    def month_of_minute(self, minute: NDArray[np.integer]) -> NDArray[np.int64]: ...
    def month_of_minute(self, minute: int | NDArray[np.integer]) -> int | NDArray[np.int64]:
        """Month in which a minute lies.

        Parameters
        ----------
        minute : int or ndarray of int
            Minutes from the first midnight.

        Returns
        -------
        int or ndarray of int64
            From 0; −1 before the first midnight, and `months` from the end of the last month on.
        """
        found = np.searchsorted(self.month_starts * MINUTES_PER_DAY, minute, side="right") - 1
        return found.astype(np.int64) if np.ndim(minute) else int(found)

    def month_end_minute(self, month: int) -> int:
        """Return the midnight at which a month ends: the first minute of the next.

        Raises
        ------
        IndexError
            When the calendar has no such month.
        """
        if not 0 <= month < self.months:
            raise IndexError(f"the calendar has months 0 to {self.months - 1}, not {month}")
        return int(self.month_starts[month + 1]) * MINUTES_PER_DAY


def _first_of_month(start: date, month: int) -> date:
    years, month_index = divmod(start.month - 1 + int(month), 12)
    return date(start.year + years, month_index + 1, 1)


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
        if not (np.ndim(start) or np.ndim(end)):
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


def china_days(first_year: int, last_year: int) -> tuple[list[date], list[date], int]:
    """Days off and make-up workdays of mainland China, from the `holidays` library.

    Parameters
    ----------
    first_year, last_year : int
        Years wanted, both included.

    Returns
    -------
    days_off : list of date
        Statutory holidays with the days given in lieu and moved, in order.
    makeup_workdays : list of date
        Days of the weekend that are worked, in order.
    last_published_year : int
        Last year whose arrangement (which days are moved) the library knows, whatever the years asked for: the
        last with a make-up workday, since every arrangement since 2001 has one. Of later years `days_off` has the
        statutory dates, with the working day given in lieu of one that falls on a weekend, and no make-up workday.

    Raises
    ------
    ValueError
        When the years are in the wrong order.
    """
    if first_year > last_year:
        raise ValueError(f"years in the wrong order: {first_year} to {last_year}")
    from holidays import country_holidays

    wanted = range(first_year, last_year + 1)
    known = country_holidays("CN", years=range(min(first_year, 2001), max(last_year, 2100) + 1))
    moved: set[date] = known.weekend_workdays
    return (
        sorted(day for day in known if day.year in wanted),
        sorted(day for day in moved if day.year in wanted),
        max(day.year for day in moved),
    )
