"""The months gone by, as rules look back over them: by engagement, and only what some rule asks for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from injurysim.core.sums import Ints, narrow
from injurysim.world.month import Month

Kept = NDArray[Any]

MEASURES: Mapping[str, Callable[[Month], Kept]] = {
    "orders": lambda month: narrow(month.orders),
    "online_minutes": lambda month: narrow(month.online_minutes),
    "earnings_fen": lambda month: narrow(month.earnings_fen),
}
"""What can be looked back over, by name."""


class Past:
    """Months that are over, the newest last; a month at hand is never among them."""

    def __init__(self) -> None:
        self._months: dict[str, deque[Kept]] = {}

    def keep(self, measure: str, months: int) -> None:
        """Ask, before the first month, that a measure be kept for so many months."""
        known = self._months.get(measure)
        if known is None or (known.maxlen or 0) < months:
            self._months[measure] = deque(maxlen=months)

    def add(self, month: Month) -> None:
        """Take in a month that is over."""
        for measure, kept in self._months.items():
            kept.append(MEASURES[measure](month))

    def of(self, engagements: slice, measure: str, months: int) -> Ints:
        """Return a sum over up to so many last months of some engagements that lie together."""
        recent = [values[engagements] for values in list(self._months[measure])[-months:]]
        nothing = np.zeros(engagements.stop - engagements.start, np.int64)
        found: Ints = np.sum([nothing, *recent], axis=0, dtype=np.int64)
        return found
