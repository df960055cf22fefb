"""Exact sums of whole numbers by code, in one pass and without copies of what is summed.

Values may be whole numbers of any size up to 64 bits, or truths: each is widened before it is added, so that small
types never overflow.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from injurysim.core.kernel_cache import keep_compiled_kernels

keep_compiled_kernels()

Ints = NDArray[np.int64]
Wholes = NDArray[np.integer[Any]]
Truths = NDArray[np.bool_]


@njit(cache=True, nogil=True)
def _add_by(codes: Wholes, values: Wholes | Truths, total: Ints) -> bool:
    """Add values to the totals of their codes; say whether every code has a total."""
    for i in range(codes.size):
        code = codes[i]
        if code < 0 or code >= total.size:
            return False
        total[code] += np.int64(values[i])
    return True


@njit(cache=True, nogil=True)
def _add_parts(first: Wholes, owner: Wholes, part: Wholes, values: Wholes | Truths, total: Ints) -> bool:
    """Add values of parts to the totals of their owner's and their own code; say whether there is one for each."""
    for i in range(owner.size):
        row = owner[i]
        if row < 0 or row >= total.shape[0]:
            return False
        for j in range(first[i], first[i + 1]):
            column = part[j]
            if column < 0 or column >= total.shape[1]:
                return False
            total[row, column] += np.int64(values[j])
    return True


@njit(cache=True, nogil=True)
def _add_some_parts(
    first: Wholes, owner: Wholes, part: Wholes, values: Wholes | Truths, mask: Truths, total: Ints
) -> bool:
    """Do as ``_add_parts`` for the parts in a mask."""
    for i in range(owner.size):
        row = owner[i]
        if row < 0 or row >= total.shape[0]:
            return False
        for j in range(first[i], first[i + 1]):
            column = part[j]
            if column < 0 or column >= total.shape[1]:
                return False
            if mask[j]:
                total[row, column] += np.int64(values[j])
    return True


def sum_by(codes: Wholes, values: Wholes | Truths, size: int) -> Ints:
    """Sum whole numbers by code, without passing through floats.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        From 0 to ``size`` - 1.
    values : ndarray of int or bool, shape (n,)
        What is summed.
    size : int
        Number of codes.

    Returns
    -------
    ndarray of int64, shape (size,)
        The sum of the values of each code.

    Raises
    ------
    IndexError
        A code outside the range.
    TypeError
        Values that are not whole, or might not fit in 64 bits with a sign.
    """
    total = np.zeros(size, np.int64)
    _refuse(codes.shape != values.shape, values)
    if not _add_by(codes, values, total):
        raise IndexError(f"a code is not from 0 to {size - 1}")
    return total


def sum_parts(
    first: Wholes,
    owner: Wholes,
    part: Wholes,
    values: Wholes | Truths,
    shape: tuple[int, int],
    mask: Truths | None = None,
) -> Ints:
    """Sum whole numbers of parts that lie owner by owner, by the owner's code and the part's own.

    Riders are owners and their engagements the parts: no array over engagements is needed for the rider's code.

    Parameters
    ----------
    first : ndarray of int, shape (owners + 1,)
        First part of each owner, and the number of parts.
    owner : ndarray of int, shape (owners,)
        Code of each owner.
    part : ndarray of int, shape (parts,)
        Code of each part.
    values : ndarray of int or bool, shape (parts,)
        What is summed.
    shape : tuple of two int
        Number of codes of owners and of parts.
    mask : ndarray of bool, shape (parts,), optional
        The parts that count; all by default.

    Returns
    -------
    ndarray of int64, of that shape

    Raises
    ------
    IndexError
        A code outside the range.
    TypeError
        Values that are not whole, or might not fit in 64 bits with a sign.
    """
    total = np.zeros(shape, np.int64)
    several = first[-1] != len(part) or len(first) != len(owner) + 1 or part.shape != values.shape
    _refuse(several or (mask is not None and mask.shape != part.shape), values)
    if mask is None:
        inside = _add_parts(first, owner, part, values, total)
    else:
        inside = _add_some_parts(first, owner, part, values, mask, total)
    if not inside:
        raise IndexError(f"a code is not below {shape[0]} and {shape[1]}, or is negative")
    return total


def _refuse(differs: bool | np.bool_, values: Wholes | Truths) -> None:
    """Refuse what a kernel would read past its end, or would round."""
    if differs:
        raise ValueError("codes and values differ in length")
    if values.dtype.kind not in "iub" or values.dtype == np.uint64:
        raise TypeError(f"whole numbers are summed, not {values.dtype}")


def narrow(values: Wholes) -> Wholes:
    """Return whole numbers in half the memory where each of them fits, and as they are where one does not."""
    bounds = np.iinfo(np.int32)
    if values.size and (values.min() < bounds.min or values.max() > bounds.max):
        return values
    return values.astype(np.int32, copy=False)
