"""Fatigue as the kernel looks it up: multipliers by minute, and the states of fatigue a day can begin in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import numpy as np
from numpy.typing import NDArray

from injurysim.core.money import round_half_up
from injurysim.scenario.fatigue import Band, Factors, FullRecovery
from injurysim.world import layout
from injurysim.world.meters import by_hour
from injurysim.world.roster import DAYS_OF_WEEK, Tiring

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

COMBINATIONS = {"product": layout.PRODUCT, "additive": layout.ADDITIVE, "capped": layout.CAPPED}
EVERYTHING = 1 << 40
"""More minutes than a shift has: what a full recovery takes from the clock."""


@dataclass(frozen=True)
class DayStates:
    """The states of fatigue a shift can begin in: a band of the week's hours, of the days in a row, short rest or not.

    The state is ``(week band × days in a row + place in the row) × 2 + short``.

    Attributes
    ----------
    week_from : (B,) minutes worked in seven days from which each band holds.
    row_from : (D,) number of the day in a row from which each band holds.
    short_below : minutes between two shifts below which a rest is short; 0 if that does not matter.
    factor, added : (B × D × 2,) product of the multipliers, and the sum of what each adds to 1.
    """

    week_from: Ints
    row_from: Ints
    short_below: int
    factor: Floats
    added: Floats

    @property
    def matter(self) -> bool:
        """Whether it makes a difference in which state a day begins."""
        return bool((self.factor != 1.0).any() or (self.added != 0.0).any())


def day_states(fatigue: Factors) -> DayStates:
    """Return the states of fatigue of a day."""
    week = [(int(band.from_hours * 60), float(band.multiplier.value)) for band in fatigue.week_hours or ()]
    rows = [(day, float(each.value)) for day, each in sorted(fatigue.consecutive_days.items())]
    week, rows = week or [(0, 1.0)], rows or [(1, 1.0)]
    short = float(fatigue.short_rest.multiplier.value) if fatigue.short_rest else 1.0
    states = list(product((m for _, m in week), (m for _, m in rows), (1.0, short)))
    return DayStates(
        week_from=np.array([start for start, _ in week], np.int64),
        row_from=np.array([start for start, _ in rows], np.int64),
        short_below=round(fatigue.short_rest.below_hours.value * 60) if fatigue.short_rest else 0,
        factor=np.array([np.prod(state) for state in states]),
        added=np.array([sum(state) - len(state) for state in states]),
    )


def tiring_of(states: DayStates, law: layout.ShiftLaw) -> Tiring:
    """Return the states of a day as the kernel reads them."""
    rows, week = len(states.row_from), len(states.week_from)
    minutes, days = np.arange(DAYS_OF_WEEK * layout.MOST_MINUTES + 1), np.arange(states.row_from[-1] + 1)
    neither = np.zeros(len(law.day_factor))
    return Tiring(
        matters=states.matter,
        week=(np.searchsorted(states.week_from, minutes, side="right") - 1).clip(0, week - 1) * (2 * rows),
        row=(np.searchsorted(states.row_from, days, side="right") - 1).clip(0, rows - 1) * 2,
        short_below=states.short_below,
        factor=law.day_factor if law.combine == layout.PRODUCT else neither + 1.0,
        added=law.day_added if law.combine == layout.ADDITIVE else neither,
    )


def shift_factors(fatigue: Factors) -> Floats:
    """Return the multiplier by minute of the fatigue clock, shape (MOST_MINUTES + 1,)."""
    return _by_minute(fatigue.hours_on_shift or (), layout.MOST_MINUTES + 1)


def _by_minute(bands: tuple[Band, ...], minutes: int) -> Floats:
    multipliers = np.ones(minutes)
    for band in bands:
        multipliers[int(band.from_hours * 60) :] = float(band.multiplier.value)
    return multipliers


def break_factors(fatigue: Factors) -> Floats:
    """Return the multiplier by minutes of work since the last break; the last one holds for good."""
    if fatigue.since_break is None:
        return np.ones(1)
    bands = fatigue.since_break.bands
    multipliers = np.ones(int(bands[-1].from_minutes) + 1)
    for band in bands:
        multipliers[int(band.from_minutes) :] = float(band.multiplier.value)
    return multipliers


def hour_factors(fatigue: Factors) -> Floats:
    """Return the multiplier by hour of the day, shape (24,)."""
    return by_hour({hour: float(factor.value) for hour, factor in fatigue.hour_of_day.items()})


def break_minutes(fatigue: Factors) -> int:
    """Return the minutes of rest that make a break; a break that does not matter is never made."""
    return round(fatigue.since_break.break_minutes.value) if fatigue.since_break else EVERYTHING


def restored_minutes(fatigue: Factors) -> Ints:
    """Return what a rest takes from the fatigue clock by its minutes, halves rounded up, to a day of rest."""
    rests = range(layout.MINUTES_OF_DAY + 1)
    if isinstance(fatigue.rest, FullRecovery):
        after = fatigue.rest.after_minutes.value
        return np.array([EVERYTHING if rest and rest >= after else 0 for rest in rests], np.int64)
    rate: Decimal = fatigue.rest.hours_per_rest_hour.value
    return np.array([min(round_half_up(rate * rest), EVERYTHING) for rest in rests], np.int64)
