"""Poisson counts by exact inverse transform."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from injurysim.core.kernel_cache import inlined, kernel

MOST_SUMMED = 600.0
"""Up to this mean probabilities are summed from 0: that of 0 is far from the smallest number there is."""
TIE, TIE_A_TERM = 1e-13, 4e-16
"""A sum of probabilities closer than this to a uniform, and so much for each term, does not tell on which side it lies."""
GOOD_MEAN, GOOD_Z, ERROR = 16.0, 4.0, 6.0
"""From this mean on and within so many standard deviations the expansion is off by less than ERROR / mean^1.5."""
UNDECIDED = -1.0


def poisson_counts(u: ArrayLike, mean: ArrayLike) -> NDArray[np.int64]:
    """Poisson counts by exact inverse transform: the k with P(N < k) < u <= P(N <= k).

    Parameters
    ----------
    u : array_like of float
        Uniforms strictly between 0 and 1.
    mean : array_like of float
        Means, finite and not negative, broadcast against `u`; a mean of 0 gives 0.

    Returns
    -------
    ndarray of int64
        Counts in the broadcast shape.

    Raises
    ------
    ValueError
        When a uniform or a mean is out of range.

    Notes
    -----
    N < k has the probability Q(k, mean) of the incomplete gamma function, which also runs between whole numbers: the
    count is the whole part of the x with Q(x, mean) = u. Giles (2016) expands x in 1/√mean; where the expansion is good
    (`GOOD_MEAN`, `GOOD_Z`) and x is not near a whole number, its whole part is the answer. Elsewhere probabilities are
    summed from 0 up. Where neither decides, a start is corrected with ``scipy.special.pdtr`` until it meets the
    definition, so the answer never depends on the expansion or on the rounding of a sum.
    """
    uniforms, means = np.broadcast_arrays(np.asarray(u, np.float64), np.asarray(mean, np.float64))
    shape, uniforms, means = uniforms.shape, uniforms.flatten(), means.flatten()
    _check(uniforms, means)
    z = special.ndtri(uniforms)
    counts = np.empty(len(z))
    _fill_counts(uniforms, means, z, counts)
    rest = np.flatnonzero(counts == UNDECIDED)
    if len(rest):
        counts[rest] = counts_by_definition(uniforms[rest], means[rest], z[rest])
    return np.asarray(counts.reshape(shape), dtype=np.int64)


@inlined
def quick_count(u: float, mean: float, z: float) -> float:
    """Return the Poisson count of a uniform and its normal quantile, or `UNDECIDED`; for use inside kernels.

    What is undecided, and any mean out of range, is for :func:`counts_by_definition`.
    """
    if mean >= GOOD_MEAN and abs(z) <= GOOD_Z:
        root, square = math.sqrt(mean), z * z
        x = mean + root * z + (2.0 + square) / 6.0 - z * (2.0 + square) / (72.0 * root)
        x += (-16.0 + square * (7.0 + 3.0 * square)) / (810.0 * mean)
        count = math.floor(x) * 1.0
        if min(x - count, count + 1.0 - x) * mean * root > ERROR:
            return count
    if not 0.0 <= mean <= MOST_SUMMED:
        return UNDECIDED
    count, chance = 0.0, math.exp(-mean)
    reached = chance
    while reached < u and (chance > TIE or count < mean):
        count += 1.0
        chance *= mean / count
        reached += chance
    tie = TIE + TIE_A_TERM * count
    return count if reached - u > tie and u - (reached - chance) > tie else UNDECIDED


@kernel
def _fill_counts(
    uniforms: NDArray[np.float64],
    means: NDArray[np.float64],
    z: NDArray[np.float64],
    counts: NDArray[np.float64],
) -> None:
    for i in range(uniforms.shape[0]):
        counts[i] = quick_count(uniforms[i], means[i], z[i])


def _check(uniforms: NDArray[np.float64], means: NDArray[np.float64]) -> None:
    if not ((uniforms > 0.0) & (uniforms < 1.0)).all():
        raise ValueError("uniforms must lie strictly between 0 and 1")
    if not ((means >= 0.0) & (means < math.inf)).all():
        raise ValueError("a Poisson mean must be finite and not negative")


def counts_by_definition(
    uniforms: NDArray[np.float64], means: NDArray[np.float64], z: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Count from a Cornish-Fisher start, moved until P(N < k) < u <= P(N <= k).

    Parameters
    ----------
    uniforms, means, z : ndarray of float, shape (n,)
        Uniforms, means and the normal quantiles of the uniforms.

    Returns
    -------
    ndarray of float, shape (n,)

    Raises
    ------
    ValueError
        When a uniform or a mean is out of range.
    """
    _check(uniforms, means)
    counts = np.maximum(np.ceil(means + np.sqrt(means) * z + (z * z - 1.0) / 6.0 - 0.5), 0.0)
    low = np.flatnonzero(special.pdtr(counts, means) < uniforms)
    while low.size:
        counts[low] += 1.0
        low = low[special.pdtr(counts[low], means[low]) < uniforms[low]]
    high = np.flatnonzero(counts > 0.0)
    while high.size:
        high = high[special.pdtr(counts[high] - 1.0, means[high]) >= uniforms[high]]
        counts[high] -= 1.0
        high = high[counts[high] > 0.0]
    return counts
