"""Intervals over replications: of a mean, a probability and a quantile.

Nothing is said from fewer than two replications: the ends are null then, never zero. Missing values
(``None``, ``NaN``) are left out, and ``n`` says how many were there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from injurysim.results.intervals import LEVEL, t_half_width, wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHODS = {"mean": "t", "probability": "Wilson"}
"""How the interval of a metric is made, by its kind."""


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence interval.

    Attributes
    ----------
    estimate : float or None
        None without a value.
    sd : float or None
        Standard deviation of the values; None below two.
    low, high : float or None
        Ends of the interval; None where it cannot be given.
    n : int
        Number of values.
    level : float
        Confidence level.
    """

    estimate: float | None
    sd: float | None
    low: float | None
    high: float | None
    n: int
    level: float = LEVEL

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval, or None."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


def mean_interval(values: Iterable[float | None], level: float = LEVEL) -> Interval:
    """Give the mean and its t interval, mean +- t sd / sqrt(n).

    Parameters
    ----------
    values : iterable of float or None, one for each replication
    level : float
        Confidence level.

    Returns
    -------
    Interval
    """
    x = _present(values)
    if len(x) == 0:
        return Interval(None, None, None, None, 0, level)
    mean = float(x.mean())
    if len(x) < 2:
        return Interval(mean, None, None, None, len(x), level)
    sd = float(x.std(ddof=1))
    half = float(t_half_width(sd, len(x), level))
    return Interval(mean, sd, mean - half, mean + half, len(x), level)


def probability_interval(values: Iterable[float | None], level: float = LEVEL) -> Interval:
    """Give the share of ones and its Wilson score interval (Wilson 1927).

    Parameters
    ----------
    values : iterable of 0, 1 or None, one for each replication
    level : float
        Confidence level.

    Returns
    -------
    Interval
        Never of zero width, even when all values agree.

    Raises
    ------
    ValueError
        A value that is neither 0 nor 1.
    """
    x = zeros_and_ones(_present(values))
    n = len(x)
    if n == 0:
        return Interval(None, None, None, None, 0, level)
    p = float(x.mean())
    if n < 2:
        return Interval(p, None, None, None, n, level)
    low, high = map(float, wilson(p, n, level))
    return Interval(p, float(x.std(ddof=1)), low, high, n, level)


def quantile_interval(values: Iterable[float | None], q: float, level: float = LEVEL) -> Interval:
    """Give a quantile and its interval between two order statistics, without a law for the values.

    The number of values below the true quantile is binomial (n, q). The ends are the innermost order statistics
    that leave at most (1 - level) / 2 on either side (Conover, Practical Nonparametric Statistics, 3.2); an end
    that n values cannot give is None.

    Parameters
    ----------
    values : iterable of float or None, one for each replication
    q : float
        Between 0 and 1.
    level : float
        Confidence level, held at least.

    Returns
    -------
    Interval
        The estimate is the smallest value with at least a share q of the values up to it.
    """
    if not 0 < q < 1:
        raise ValueError(f"a quantile lies between 0 and 1, not at {q}")
    from scipy.special import bdtr

    x = np.sort(_present(values))
    n = len(x)
    if n == 0:
        return Interval(None, None, None, None, 0, level)
    # A tolerance keeps 0.95 x 20 from becoming the 20th value by a rounding error.
    estimate = float(x[max(0, math.ceil(n * q - 1e-9) - 1)])
    if n < 2:
        return Interval(estimate, None, None, None, n, level)
    tail = (1 - level) / 2
    below = np.asarray(
        bdtr(np.arange(n), n, q)
    )  # P(at most k of n values below the quantile), k = 0 .. n - 1
    # x_(r) exceeds the quantile when at most r - 1 values lie below it; x_(s) falls short when s or more do.
    lower = int(np.count_nonzero(below <= tail))
    upper = int(np.count_nonzero(below < 1 - tail)) + 1
    return Interval(
        estimate,
        float(x.std(ddof=1)),
        float(x[lower - 1]) if lower >= 1 else None,
        float(x[upper - 1]) if upper <= n else None,
        n,
        level,
    )


def floats(values: Iterable[float | None]) -> list[float]:
    """Return values as floats, missing ones as NaN."""
    return [math.nan if value is None else float(value) for value in values]


def _present(values: Iterable[float | None]) -> NDArray[np.float64]:
    x = np.asarray(floats(values), dtype=np.float64)
    return x[~np.isnan(x)]


def zeros_and_ones(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what is given; raises ``ValueError`` unless it is zeros and ones."""
    if np.any((x != 0) & (x != 1)):
        raise ValueError("a probability is estimated from zeros and ones")
    return x
