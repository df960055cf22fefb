"""Intervals over replications: of a mean, a probability, a quantile and a paired difference.

Nothing is said from fewer than two replications: the ends are null then, never zero. Missing values
(``None``, ``NaN``) are left out, and ``n`` says how many were there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVEL = 0.95
"""Confidence level where none is given."""

MOST_REPLICATIONS = 10**9
"""A need for more replications than this is told as null: no run can meet it."""


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


@dataclass(frozen=True)
class Paired:
    """Differences of pairs (this less baseline) that saw the same random numbers.

    Attributes
    ----------
    difference, se : float or None
        Mean difference; its standard error, None below two pairs.
    low, high : float or None
        Ends of the interval of the mean difference.
    better_share : float or None
        Share of pairs in which this is better, ties counted half; None without a direction.
    n : int
        Number of pairs.
    n_needed : int or None
        Fewest pairs for the wanted half-width (:func:`pairs_needed`).
    method : str
        How the interval was made.
    level : float
        Its confidence level.
    """

    difference: float | None
    se: float | None
    low: float | None
    high: float | None
    better_share: float | None
    n: int
    n_needed: int | None
    method: Literal["paired t", "paired Agresti-Min"]
    level: float = LEVEL


def t_quantile(level: float, degrees: int) -> float:
    """Return the two-sided quantile of Student's t; 12.706 for 0.95 and one degree of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + level) / 2))


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
    half = t_quantile(level, len(x) - 1) * sd / math.sqrt(len(x))
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
    from scipy.special import ndtri

    x = _zeros_and_ones(_present(values))
    n = len(x)
    if n == 0:
        return Interval(None, None, None, None, 0, level)
    p = float(x.mean())
    if n < 2:
        return Interval(p, None, None, None, n, level)
    z = float(ndtri((1 + level) / 2))
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = 0.0 if p == 0 else max(0.0, centre - half)
    high = 1.0 if p == 1 else min(1.0, centre + half)
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


def paired_difference(
    values: Iterable[float | None],
    baseline: Iterable[float | None],
    *,
    direction: Literal["higher", "lower"] | None = None,
    kind: Literal["mean", "probability"] = "mean",
    half_width: float | None = None,
    level: float = LEVEL,
) -> Paired:
    """Compare two runs replication by replication.

    Parameters
    ----------
    values, baseline : iterables of float or None, of one length
        The same replication stands at the same place; a pair with a missing value is left out.
    direction : {'higher', 'lower'}, optional
        What is better.
    kind : {'mean', 'probability'}
        A mean gets the paired t interval. A probability (values 0 or 1) gets the interval of Agresti and Min
        (2005), which adds half a pair to each of the four cells: it has a width even when all pairs agree.
    half_width : float, optional
        The precision wanted; by default half the difference found (:func:`pairs_needed`).
    level : float
        Confidence level.

    Returns
    -------
    Paired
    """
    a, b = np.asarray(_floats(values)), np.asarray(_floats(baseline))
    if a.shape != b.shape:
        raise ValueError(f"pairs need one length, not {len(a)} and {len(b)}")
    both = ~(np.isnan(a) | np.isnan(b))
    a, b = a[both], b[both]
    d = a - b
    n = len(d)
    method: Literal["paired t", "paired Agresti-Min"] = "paired t" if kind == "mean" else "paired Agresti-Min"
    better = None
    if direction is not None and n:
        gain = np.sign(d) if direction == "higher" else -np.sign(d)
        better = float((gain + 1).mean() / 2)
    if n < 2:
        return Paired(float(d[0]) if n else None, None, None, None, better, n, None, method, level)
    difference, sd = float(d.mean()), float(d.std(ddof=1))
    wanted = abs(difference) / 2 if half_width is None else half_width
    if kind == "mean":
        half = t_quantile(level, n - 1) * sd / math.sqrt(n)
        low, high = difference - half, difference + half
        needed = pairs_needed(sd, wanted, level)
    else:
        low, high, spread = _agresti_min(_zeros_and_ones(a), _zeros_and_ones(b), level)
        needed = pairs_needed(spread, wanted, level)
    return Paired(difference, sd / math.sqrt(n), low, high, better, n, needed, method, level)


def pairs_needed(sd: float, half_width: float, level: float = LEVEL) -> int | None:
    """Return the fewest pairs n >= 2 with t(n-1) sd / sqrt(n) <= half-width.

    Asked for half the difference found, it says how many replications tell the two apart with room to spare; a
    difference that is nothing but chance needs more and more.

    Parameters
    ----------
    sd : float
        Standard deviation of the differences.
    half_width : float
        The precision wanted, in their unit.
    level : float
        Confidence level.

    Returns
    -------
    int or None
        None when no number of replications up to 10^9 is enough.
    """
    if sd == 0:
        return 2
    if half_width <= 0 or not _narrow(MOST_REPLICATIONS, sd, half_width, level):
        return None
    too_few, enough = 1, 2
    while not _narrow(enough, sd, half_width, level):
        too_few, enough = enough, enough * 2
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if _narrow(middle, sd, half_width, level) else (middle, enough)
    return enough


def _narrow(n: int, sd: float, half_width: float, level: float) -> bool:
    return t_quantile(level, n - 1) * sd / math.sqrt(n) <= half_width


def _agresti_min(a: NDArray[np.float64], b: NDArray[np.float64], level: float) -> tuple[float, float, float]:
    """Return low and high of P(a) - P(b) of matched pairs, half a pair added to each cell, and the sd in it."""
    from scipy.special import ndtri

    n = len(a) + 2
    gained = float(np.count_nonzero(a > b)) + 0.5
    lost = float(np.count_nonzero(a < b)) + 0.5
    centre = (gained - lost) / n
    spread = math.sqrt((gained + lost) / n - centre**2)
    half = float(ndtri((1 + level) / 2)) * spread / math.sqrt(n)
    return max(-1.0, centre - half), min(1.0, centre + half), spread


def _floats(values: Iterable[float | None]) -> list[float]:
    """Return values as floats, missing ones as NaN."""
    return [math.nan if value is None else float(value) for value in values]


def _present(values: Iterable[float | None]) -> NDArray[np.float64]:
    x = np.asarray(_floats(values), dtype=np.float64)
    return x[~np.isnan(x)]


def _zeros_and_ones(x: NDArray[np.float64]) -> NDArray[np.float64]:
    if np.any((x != 0) & (x != 1)):
        raise ValueError("a probability is estimated from zeros and ones")
    return x
