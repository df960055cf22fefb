"""The months gone by, as rules look back over them: by engagement, and only what some rule asks for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.core.sums import Ints, narrow
from injurysim.world.month import Floats, Month

DAYS_OF_YEAR = 365.25

Kept = NDArray[Any]

MEASURES: Mapping[str, Callable[[Month], Kept]] = {
    "orders": lambda month: narrow(month.orders),
    "days_worked": lambda month: month.days_worked.astype(np.int8),
    "months_worked": lambda month: month.days_worked > 0,
    "online_minutes": lambda month: narrow(month.online_minutes),
    "engaged_minutes": lambda month: narrow(month.engaged_minutes),
    "earnings_fen": lambda month: narrow(month.earnings_fen),
    "expected_injuries": lambda month: month.expected_injuries.astype(np.float32),
}
"""What can be looked back over, by name."""


class Past:
    """Months that are over, the newest last; a month at hand is never among them.

    Parameters
    ----------
    calendar : Calendar
        The months.
    """

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._months: dict[str, deque[Kept]] = {}
        self.over = 0

    def keep(self, measure: str, months: int) -> None:
        """Ask, before the first month, that a measure be kept for so many months."""
        known = self._months.get(measure)
        if known is None or (known.maxlen or 0) < months:
            self._months[measure] = deque(maxlen=months)

    def add(self, month: Month) -> None:
        """Take in a month that is over."""
        for measure, kept in self._months.items():
            kept.append(MEASURES[measure](month))
        self.over = month.index + 1

    def total(self, measure: str, months: int) -> Ints | None:
        """Return a sum over up to so many last months, shape (engagements,); None before any month is over."""
        recent = list(self._months[measure])[-months:]
        if not recent:
            return None
        found: Ints = np.sum(recent, axis=0, dtype=np.int64)
        return found

    def of(self, engagements: slice, measure: str, months: int) -> Ints:
        """Return a sum over up to so many last months of some engagements that lie together, shape (n,)."""
        recent = [values[engagements] for values in list(self._months[measure])[-months:]]
        nothing = np.zeros(engagements.stop - engagements.start, np.int64)
        found: Ints = np.sum([nothing, *recent], axis=0, dtype=np.int64)
        return found

    def yearly(self, measure: str, engagements: Ints, first_month: Ints) -> Floats:
        """Return what a measure comes to in a year, by the months kept.

        Parameters
        ----------
        measure : str
            One of :data:`MEASURES`.
        engagements : ndarray of int, shape (n,)
            Engagements asked for.
        first_month : ndarray of int, shape (n,)
            First month that counts for each: the first in which the rider was there throughout.

        Returns
        -------
        ndarray of float, shape (n,)
            The sum over the months that count, over their days, times 365.25; 0 where none counts.
        """
        kept = self._months[measure]
        sums = np.zeros(len(engagements))
        oldest = self.over - len(kept)
        for month, values in enumerate(kept, oldest):
            counts = first_month <= month
            sums[counts] += values[engagements[counts]]
        starts = self._calendar.month_starts
        days = starts[self.over] - starts[np.clip(first_month, oldest, self.over)]
        return np.asarray(sums * DAYS_OF_YEAR / np.maximum(days, 1))
