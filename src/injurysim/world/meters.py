"""The mean meter: the chance that a rider has an order in hand, minute by minute since the app was opened.

For a Poisson stream at rate r(t) the number of orders in hand u minutes after an empty start is Poisson with mean
∫₀ᵘ r(t − x) P(S > x) dx (M_t/G/∞, Eick, Massey and Whitt 1993), so the chance of at least one is 1 − exp(−mean). With
one order at a time the chance B(t) solves the renewal equation B(t) = ∫₀ᵘ a(t − x) P(S > x) dx with acceptances
a = r (1 − B).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from injurysim.core.distributions import Distribution
from injurysim.scenario.platforms import Demand, OneAtATime
from injurysim.world.layout import MOST_MINUTES, QUARTERS_OF_DAY

Floats = NDArray[np.float64]

STEPS = 4
"""Steps of a minute on which P(S > x) is summed: exact to 1e-5 for orders of some minutes."""
HOURS = 24
CELLS = 20_000
"""Cells of equal probability by which the moments of an order's minutes are taken."""


def still_in_hand(law: Distribution, factor: float) -> Floats:
    """Integrate P(factor × S > x) from 0 to j + 1/2 minutes.

    Parameters
    ----------
    law : Distribution
        Minutes of an order.
    factor : float
        Factor on them.

    Returns
    -------
    ndarray of float, shape (MOST_MINUTES,)
    """
    grid = (np.arange(MOST_MINUTES * STEPS) + 0.5) / STEPS
    reached = np.concatenate([[0.0], np.cumsum(1 - law.cdf(grid / factor)) / STEPS])
    return np.asarray(reached[STEPS // 2 : MOST_MINUTES * STEPS : STEPS])


def busy_one_at_a_time(law: Distribution, factor: float, rate: float, by_hour: Floats) -> Floats:
    """Solve the renewal equation of a rider who takes one order at a time, by the quarter of opening.

    Parameters
    ----------
    law : Distribution
        Minutes of an order.
    factor : float
        Factor on them.
    rate : float
        Orders offered a minute, at a factor of 1.
    by_hour : ndarray of float, shape (24,)
        Factor on the rate by hour of the day.

    Returns
    -------
    ndarray of float, shape (1 or 96, MOST_MINUTES)
        Chance of an order in hand in the middle of minute j since opening; one row if demand is the same all day.
    """
    openings = QUARTERS_OF_DAY if np.ptp(by_hour) else 1
    minutes = np.arange(openings)[:, None] * 15 + np.arange(MOST_MINUTES)[None, :]
    offered = rate * by_hour[minutes // 60 % HOURS]
    # What is taken in a minute, at any moment of it, and is in hand in the middle of a later one.
    reached = still_in_hand(law, factor)
    own, lasts = reached[0], np.diff(reached, prepend=0.0)
    span = int(np.flatnonzero(lasts > 1e-12)[-1]) + 1 if (lasts > 1e-12).any() else 1
    # By minute, then opening: what is taken in the minutes before lies together in memory.
    offered = np.ascontiguousarray(offered.T)
    taken, busy, backwards = np.zeros_like(offered), np.zeros_like(offered), lasts[::-1].copy()
    for j, rate_now in enumerate(offered):
        first = max(0, j - span + 1)
        before = backwards[MOST_MINUTES - 1 - j + first : MOST_MINUTES - 1] @ taken[first:j]
        busy[j] = (before + rate_now * own) / (1 + rate_now * own)
        taken[j] = rate_now * (1 - busy[j])
    return np.ascontiguousarray(busy.T)


def dispersion(orders: OneAtATime) -> float:
    """Variance over mean of the orders of a long time: that of the renewal process, var(cycle) / mean(cycle)².

    The cycle is the wait for an order, exponential at the plain rate, and the order itself.
    """
    law, per_minute = orders.minutes.law(), float(orders.per_hour.value) / 60
    if not per_minute:
        return 1.0
    minutes = law.ppf((np.arange(CELLS) + 0.5) / CELLS)
    cycle = 1 / per_minute + minutes.mean()
    return float((1 / per_minute**2 + minutes.var()) / cycle**2)


def factors_by_hour(demand: Demand) -> Floats:
    """Return the factor of each hour of the day, shape (24,)."""
    return by_hour({hour: float(factor.value) for hour, factor in demand.by_hour.items()})


def by_hour(steps: dict[int, float]) -> Floats:
    """Fill the hours of a day: each listed hour's factor holds until the next one; all 1 when none is listed."""
    factors = np.ones(HOURS)
    for hour in sorted(steps):
        factors[hour:] = steps[hour]
    return factors
