"""Riders' own earnings over the last months: the base of wages replaced and of earnings lost."""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from injurysim.core.money import round_half_up

MOST_MONTHS = 36


class EarningsHistory:
    """Monthly earnings of riders over all platforms, the last 36 months.

    Parameters
    ----------
    riders : int
        Number of riders.
    """

    def __init__(self, riders: int) -> None:
        self._riders = riders
        self._months: deque[NDArray[np.int64]] = deque(maxlen=MOST_MONTHS)
        self._months_since_first = np.zeros(riders, np.int64)

    def add(self, engagement_rider: NDArray[np.int64], earnings_fen: NDArray[np.int64]) -> None:
        """Add a month of earnings by engagement."""
        total = np.zeros(self._riders, np.int64)
        np.add.at(total, engagement_rider, earnings_fen)
        self._months.append(total)
        self._months_since_first += (self._months_since_first > 0) | (total > 0)

    def monthly_fen(self, rider: int, months: int) -> int:
        """Return a rider's mean monthly earnings over up to so many last months, the current one included, half up.

        Months of the run before the rider's first earnings are left out; without earnings the mean is 0.
        """
        known = min(months, len(self._months), int(self._months_since_first[rider]))
        if not known:
            return 0
        recent = (int(self._months[-back][rider]) for back in range(1, known + 1))
        return round_half_up(Fraction(sum(recent), known))
