"""Exact sums of whole numbers by code."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sum_by(codes: NDArray[np.int64], values: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Sum whole numbers by code, without passing through floats.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
        From 0 to ``size`` - 1.
    values : ndarray of int64, shape (n,)
        What is summed.
    size : int
        Number of codes.

    Returns
    -------
    ndarray of int64, shape (size,)
        The sum of the values of each code.
    """
    total = np.zeros(size, np.int64)
    np.add.at(total, codes, values)
    return total
