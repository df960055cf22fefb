"""The fatigue clock: the hazard multiplier it sets, and what a rest does to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from injurysim.core.money import round_half_up
from injurysim.scenario.fatigue import Fatigue, FullRecovery, HoursOnShift


def multiplier_by_minute(fatigue: Fatigue, minutes: int) -> NDArray[np.float64]:
    """Return the hazard multiplier of each minute of the fatigue clock, shape (minutes,)."""
    multipliers = np.ones(minutes)
    if isinstance(fatigue, HoursOnShift):
        for band in fatigue.bands:
            multipliers[int(band.from_hours * 60) :] = float(band.multiplier.value)
    return multipliers


def clock_after_rest(fatigue: Fatigue, clock_minutes: int, rest_minutes: int) -> int:
    """Return the fatigue clock after a rest, in whole minutes, never below zero."""
    if not isinstance(fatigue, HoursOnShift):
        return clock_minutes
    if isinstance(fatigue.rest, FullRecovery):
        return 0 if rest_minutes >= fatigue.rest.after_minutes.value else clock_minutes
    restored = fatigue.rest.hours_per_rest_hour.value * rest_minutes
    return max(0, clock_minutes - round_half_up(restored))
