"""The formulas of intervals, on numbers or arrays: Student's t, Wilson, Agresti and Min, and how many it would take."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Numbers: TypeAlias = Any
"""A number, or an array of any shape; several arguments are broadcast."""

Floats: TypeAlias = "NDArray[np.float64]"

LEVEL = 0.95
"""Confidence level where none is given."""

MOST_REPLICATIONS = 10**9
"""A need for more replications than this is told as null: no run can meet it."""


def t_quantile(level: float, degrees: Numbers) -> Floats:
    """Return the two-sided quantile of Student's t; 12.706 for 0.95 and one degree of freedom."""
    from scipy.special import stdtrit

    return np.asarray(stdtrit(degrees, (1 + level) / 2))


def normal_quantile(level: float) -> float:
    """Return the two-sided quantile of the normal law; 1.960 for 0.95."""
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def t_half_width(sd: Numbers, n: Numbers, level: float = LEVEL) -> Floats:
    """Return the half-width of a mean's interval, t(n - 1) sd / sqrt(n), for n of 2 or more."""
    return np.asarray(t_quantile(level, np.asarray(n) - 1) * sd / np.sqrt(n))


def wilson(share: Numbers, n: Numbers, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the ends of the score interval of a probability (Wilson 1927).

    Parameters
    ----------
    share : number or array
        Share of ones among the values.
    n : number or array
        Number of values.
    level : float
        Confidence level.

    Returns
    -------
    tuple of array
        Low and high, of the shape of the arguments; never equal.
    """
    p, n = np.asarray(share, np.float64), np.asarray(n, np.float64)
    z = normal_quantile(level)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    # At the edges the formula gives the edge but for rounding.
    low = np.where(p == 0, 0.0, np.maximum(0.0, centre - half))
    high = np.where(p == 1, 1.0, np.minimum(1.0, centre + half))
    return low, high


def agresti_min(gained: Numbers, lost: Numbers, n: Numbers, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the ends of the interval of a difference of matched probabilities.

    Half a pair is added to each of the four cells (Agresti and Min 2005, Simple improved confidence intervals for
    comparing matched proportions, Statistics in Medicine 24), so that it has a width even when all pairs agree.

    Parameters
    ----------
    gained, lost : number or array
        Pairs in which only this side, or only the other, has a one.
    n : number or array
        Number of pairs.
    level : float
        Confidence level.

    Returns
    -------
    tuple of array
        Low and high, of the shape of the arguments, cut to -1 and 1; never equal.
    """
    cells = np.asarray(n, np.float64) + 2
    gained, lost = np.asarray(gained, np.float64) + 0.5, np.asarray(lost, np.float64) + 0.5
    centre = (gained - lost) / cells
    half = normal_quantile(level) * np.sqrt(((gained + lost) / cells - centre**2) / cells)
    return np.maximum(-1.0, centre - half), np.minimum(1.0, centre + half)


def half_between(low: Floats, high: Floats) -> Floats:
    """Return half the distance of two ends."""
    return np.asarray((high - low) / 2)


def fewest(narrow: Callable[[int], bool]) -> int | None:
    """Return the fewest values, 2 or more, that are enough.

    Parameters
    ----------
    narrow : callable
        Says of a number whether it is enough; once true it stays so.

    Returns
    -------
    int or None
        None when no number up to 10^9 is enough.
    """
    if not narrow(MOST_REPLICATIONS):
        return None
    too_few, enough = 1, 2
    while not narrow(enough):
        too_few, enough = enough, enough * 2
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if narrow(middle) else (middle, enough)
    return enough
