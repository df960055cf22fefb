"""Riders' own earnings over the last months: the base of wages replaced and of earnings lost."""

from __future__ import annotations

from collections import deque

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

    def add(self, engagement_rider: NDArray[np.int64], earnings_fen: NDArray[np.int64]) -> None:
        """Add a month of earnings by engagement."""
        total = np.zeros(self._riders, np.int64)
        np.add.at(total, engagement_rider, earnings_fen)
        self._months.append(total)

    def monthly_fen(self, rider: int, months: int) -> int:
        """Return a rider's mean monthly earnings over up to so many last months, the current one included.

        Months of the run before the rider's first earnings are left out; without earnings the mean is 0.
        """
        recent = [int(month[rider]) for month in list(self._months)[-months:]]
        while recent and recent[0] == 0:
            recent.pop(0)
        return round_half_up_mean(recent)


def round_half_up_mean(amounts: list[int]) -> int:
    """Return the mean of amounts in fen, half up; 0 of none."""
    from fractions import Fraction

    return round_half_up(Fraction(sum(amounts), len(amounts))) if amounts else 0
