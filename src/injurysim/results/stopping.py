"""When to stop: half-widths after every replication, and the first number at which they have stayed narrow enough.

The rule is that of Hoad, Robinson and Davies (2010, Automated selection of the number of replications for a
discrete-event simulation, Journal of the Operational Research Society 61, 1632-1644), for absolute half-widths: a
half-width that is narrow once may be so by chance, so it must stay narrow for some replications more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from injurysim.results.intervals import LEVEL, agresti_min, half_between, t_half_width, wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from injurysim.results.metric import Kind

LOOK_AHEAD = 5
"""Replications for which half-widths must stay narrow, and from 100 replications on the same in per cent of them."""


def look_ahead(n: int) -> int:
    """Return for how many replications more half-widths narrow at the nth must stay so.

    Examples
    --------
    >>> look_ahead(20), look_ahead(100), look_ahead(240)
    (5, 5, 12)
    """
    return LOOK_AHEAD if n <= 100 else LOOK_AHEAD * n // 100


def running_counts(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return how many values there are up to each replication, those missing (NaN) left out; of the same shape."""
    return np.cumsum(~np.isnan(values), axis=0)


def running_half_widths(
    values: NDArray[np.float64], kind: Kind = "mean", level: float = LEVEL
) -> NDArray[np.float64]:
    """Return the half-width of the interval of all values up to each replication.

    Parameters
    ----------
    values : array, shape (replications, ...)
        Missing values are NaN and left out; any further axes are series of their own.
    kind : {'mean', 'probability'}
        Student's t interval, or Wilson's of zeros and ones.
    level : float
        Confidence level.

    Returns
    -------
    array, of the same shape
        Infinite below two values. What stands at a replication depends on no later one.
    """
    n = running_counts(values)
    known = np.maximum(n, 2)
    # Taken from a value of their own, so that a small spread about a large mean is not lost.
    present = ~np.isnan(values)
    first = np.take_along_axis(values, np.argmax(present, axis=0, keepdims=True), axis=0)
    gap = np.where(present, values - first, 0.0)
    total = np.cumsum(gap, axis=0)
    if kind == "probability":
        start = np.where(np.isnan(first), 0.0, first)
        half = half_between(*wilson(np.clip(start + total / known, 0, 1), known, level))
    else:
        squares = np.cumsum(gap * gap, axis=0)
        variance = np.maximum(0.0, squares - total * total / known) / (known - 1)
        half = t_half_width(np.sqrt(variance), known, level)
    return np.where(n >= 2, half, np.inf)


def running_half_widths_of_pairs(
    values: NDArray[np.float64], baseline: NDArray[np.float64], kind: Kind = "mean", level: float = LEVEL
) -> NDArray[np.float64]:
    """Return the half-width of the paired difference up to each replication: paired t, or Agresti and Min.

    Parameters
    ----------
    values, baseline : array, shape (replications, ...)
        The same replication at the same place; a pair with a missing value is left out.
    kind, level
        As for :func:`running_half_widths`.
    """
    difference = values - baseline
    if kind == "mean":
        return running_half_widths(difference, level=level)
    n = running_counts(difference)
    gained, lost = np.cumsum(difference > 0, axis=0), np.cumsum(difference < 0, axis=0)
    half = half_between(*agresti_min(gained, lost, np.maximum(n, 2), level))
    return np.where(n >= 2, half, np.inf)


def stop_at(within: NDArray[np.bool_], least: int) -> int | None:
    """Return the number of replications at which a run stops.

    Parameters
    ----------
    within : array of bool, shape (replications,)
        Whether every half-width is narrow enough after each replication.
    least : int
        Fewest replications at which that counts.

    Returns
    -------
    int or None
        The first n >= least, and its look-ahead, such that half-widths are narrow after n replications and stay so
        up to there; None when these replications do not show it. More replications never change an answer.

    Examples
    --------
    >>> narrow = np.array([False, True, False, *[True] * 8])
    >>> stop_at(narrow, least=2), stop_at(narrow[:8], least=2)
    (9, None)
    """
    outside = np.append(np.flatnonzero(~within), len(within))
    place = np.arange(max(0, least - 1), len(within))
    last = np.array([each + look_ahead(int(each) + 1) for each in place], dtype=np.int64)
    stays = last < outside[np.searchsorted(outside, place)]
    return int(last[np.argmax(stays)]) + 1 if stays.any() else None
