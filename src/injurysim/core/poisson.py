"""Poisson counts by exact inverse transform."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special


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
    A Cornish-Fisher start (right, or one off, unless the mean is small) is corrected with ``scipy.special.pdtr``
    until it meets the definition, so the answer does not depend on the start.
    """
    uniforms, means = np.broadcast_arrays(np.asarray(u, np.float64), np.asarray(mean, np.float64))
    shape, uniforms, means = uniforms.shape, uniforms.ravel(), means.ravel()
    if not ((uniforms > 0.0) & (uniforms < 1.0)).all():
        raise ValueError("uniforms must lie strictly between 0 and 1")
    if not ((means >= 0.0) & (means < math.inf)).all():
        raise ValueError("a Poisson mean must be finite and not negative")
    z = special.ndtri(uniforms)
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
    return np.asarray(counts.reshape(shape), dtype=np.int64)
