"""Poisson counts by exact inverse transform."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from injurysim.core.kernel_cache import kernel

TIE = 1e-13
"""A sum of probabilities closer than this to a uniform does not tell on which side it lies."""
GOOD_MEAN, GOOD_Z, ERROR = 16.0, 4.0, 6.0
"""From this mean on and within so many standard deviations the expansion is off by less than ERROR / mean^1.5."""


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
    (`GOOD_MEAN`, `GOOD_Z`) and x is not near a whole number, its whole part is the answer. Elsewhere a start is corrected
    with ``scipy.special.pdtr`` until it meets the definition, so the answer never depends on the expansion. Below
    `GOOD_MEAN` probabilities are summed from 0 up.
    """
    uniforms, means = np.broadcast_arrays(np.asarray(u, np.float64), np.asarray(mean, np.float64))
    shape, uniforms, means = uniforms.shape, uniforms.ravel(), means.ravel()
    if not ((uniforms > 0.0) & (uniforms < 1.0)).all():
        raise ValueError("uniforms must lie strictly between 0 and 1")
    if not ((means >= 0.0) & (means < math.inf)).all():
        raise ValueError("a Poisson mean must be finite and not negative")
    z = special.ndtri(uniforms)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        root = np.sqrt(means)
        x = means + root * z + (2.0 + z * z) / 6.0 - z * (2.0 + z * z) / (72.0 * root)
        x += (-16.0 + z * z * (7.0 + 3.0 * z * z)) / (810.0 * means)
        error = ERROR / (means * root)
        counts = np.floor(x)
        near = np.minimum(x - counts, counts + 1.0 - x)
    small = means < GOOD_MEAN
    sure = (np.abs(z) <= GOOD_Z) & (near > error)
    _count_up(uniforms, means, small, counts, sure)
    rest = np.flatnonzero(~sure)
    counts[rest] = _by_definition(uniforms[rest], means[rest], z[rest])
    return np.asarray(counts.reshape(shape), dtype=np.int64)


@kernel
def _count_up(
    uniforms: NDArray[np.float64], means: NDArray[np.float64], wanted: NDArray[np.bool_],
    counts: NDArray[np.float64], sure: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Sum probabilities from 0 up to the count that reaches each uniform, where it is wanted; ties are not sure."""
    for i in range(uniforms.shape[0]):
        if wanted[i]:
            u, count, chance = uniforms[i], 0.0, math.exp(-means[i])
            reached = chance
            while reached < u and (chance > TIE or count < means[i]):
                count += 1.0
                chance *= means[i] / count
                reached += chance
            counts[i] = count
            sure[i] = reached - u > TIE and u - (reached - chance) > TIE


def _by_definition(
    uniforms: NDArray[np.float64], means: NDArray[np.float64], z: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Count from a Cornish-Fisher start, moved until P(N < k) < u <= P(N <= k)."""
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
