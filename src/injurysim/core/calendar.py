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

    def month_of(self, d: date) -> int:
        """Return the month in which a date lies, from that of the start; negative before it, and without an end."""
        return 12 * (d.year - self.start.year) + d.month - self.start.month

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
