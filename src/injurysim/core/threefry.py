"""Threefry2x64-20 compiled: random words of a counter under a key, and the uniforms made of them.

The generator is of Random123 (Salmon, Moraes, Dror and Shaw 2011), checked against its published known answers; see
:mod:`injurysim.core.randomness` for what goes into key and counter.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from injurysim.core.kernel_cache import keep_compiled_kernels, kernel

keep_compiled_kernels()

Whole = int | np.integer[Any]
Words = NDArray[np.uint64]

# numba turns uint64 mixed with a signed integer into float64, so every constant is a uint64.
_PARITY = np.uint64(0x1BD11BDAA9FC1A22)
_WORD, _HALF, _PURPOSE_SHIFT, _SPARE_BITS = np.uint64(64), np.uint64(32), np.uint64(48), np.uint64(12)
_R0, _R1, _R2, _R3 = np.uint64(16), np.uint64(42), np.uint64(12), np.uint64(31)
_R4, _R5, _R6, _R7 = np.uint64(16), np.uint64(32), np.uint64(24), np.uint64(21)
_S1, _S2, _S3, _S4, _S5 = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4), np.uint64(5)
_UNIT = 2.0**-52
_QUARTER_BITS, _QUARTER_MASK = np.uint64(32), np.uint64(0xFFFFFFFF)
QUARTERS = 4
"""Uniforms of 32 bits in one draw of :func:`quarters`."""


@njit(cache=True)
def _four(
    x0: np.uint64, x1: np.uint64, r0: np.uint64, r1: np.uint64, r2: np.uint64, r3: np.uint64
) -> tuple[np.uint64, np.uint64]:
    """Four rounds: add, rotate, exclusive-or."""
    x0 += x1
    x1 = ((x1 << r0) | (x1 >> (_WORD - r0))) ^ x0
    x0 += x1
    x1 = ((x1 << r1) | (x1 >> (_WORD - r1))) ^ x0
    x0 += x1
    x1 = ((x1 << r2) | (x1 >> (_WORD - r2))) ^ x0
    x0 += x1
    x1 = ((x1 << r3) | (x1 >> (_WORD - r3))) ^ x0
    return x0, x1


@njit(cache=True)
def threefry2x64(k0: np.uint64, k1: np.uint64, c0: np.uint64, c1: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Threefry2x64-20 of one counter under one key, all words of 64 bits.

    Parameters
    ----------
    k0, k1 : uint64
        The key.
    c0, c1 : uint64
        The counter.

    Returns
    -------
    tuple of two uint64
        Two random words.

    Notes
    -----
    From Python pass ``numpy.uint64``: numba takes a plain integer for a signed one.
    """
    a, b = np.uint64(k0), np.uint64(k1)
    c = _PARITY ^ a ^ b
    x0, x1 = _four(np.uint64(c0) + a, np.uint64(c1) + b, _R0, _R1, _R2, _R3)
    x0, x1 = _four(x0 + b, x1 + c + _S1, _R4, _R5, _R6, _R7)
    x0, x1 = _four(x0 + c, x1 + a + _S2, _R0, _R1, _R2, _R3)
    x0, x1 = _four(x0 + a, x1 + b + _S3, _R4, _R5, _R6, _R7)
    x0, x1 = _four(x0 + b, x1 + c + _S4, _R0, _R1, _R2, _R3)
    return x0 + c, x1 + a + _S5


@njit(cache=True)
def uniform_of(word: np.uint64) -> float:
    """Make the uniform of a random word: its top 52 bits j, in the middle of their cell, (j + 1/2)·2⁻⁵²."""
    # Through a signed integer, which this is as well: processors convert it in one step.
    return (np.float64(np.int64(word >> _SPARE_BITS)) + 0.5) * _UNIT


@njit(cache=True)
def uniform_pair(
    key0: np.uint64, who: np.uint64, purpose: Whole, when: Whole, index: Whole
) -> tuple[float, float]:
    """Two uniforms of one draw, for use inside other kernels (fields are taken as they are, unchecked).

    The top 52 bits of each word, moved to the middle of their cell: (j + 1/2)·2⁻⁵². Such a number is exact in
    double precision and never 0 or 1, and 1 − u is as good as u. (With 53 bits the half is not representable
    above one half, and the last cell rounds to 1.)

    Parameters
    ----------
    key0 : uint64
        ``Streams.key0``: seed and replication.
    who : uint64
        Digest of the path of the subject.
    purpose, when, index : int
        Below 2¹⁶, 2³² and 2³².

    Returns
    -------
    tuple of two float
        Uniforms strictly between 0 and 1.
    """
    x0, x1 = threefry2x64(
        np.uint64(key0),
        np.uint64(who),
        np.uint64(purpose) << _PURPOSE_SHIFT,
        (np.uint64(when) << _HALF) | np.uint64(index),
    )
    return uniform_of(x0), uniform_of(x1)


@njit(cache=True)
def quarters(
    key0: np.uint64, who: np.uint64, purpose: Whole, when: Whole
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Four whole numbers below 2³² of one draw, in order: u = (number + 1/2)·2⁻³² is uniform.

    For chances that are looked at every day, for which 32 bits are fine enough: one draw serves four days.

    Parameters
    ----------
    key0, who, purpose, when
        As in :func:`uniform_pair`; the index is 0.
    """
    x0, x1 = threefry2x64(
        np.uint64(key0),
        np.uint64(who),
        np.uint64(purpose) << _PURPOSE_SHIFT,
        np.uint64(when) << _HALF,
    )
    return x0 >> _QUARTER_BITS, x0 & _QUARTER_MASK, x1 >> _QUARTER_BITS, x1 & _QUARTER_MASK


@njit(cache=True, nogil=True)
def fill_uniform(
    key0: np.uint64, purpose: np.uint64, who: Words, when: Words, index: Words, out: NDArray[np.float64]
) -> None:
    """Fill an array with the first uniform of each draw; fields of one element stand for all."""
    many_who, many_when, many_index = who.size > 1, when.size > 1, index.size > 1
    for i in range(out.size):
        out[i], _ = uniform_pair(key0, who[i * many_who], purpose, when[i * many_when], index[i * many_index])


@njit(cache=True, nogil=True)
def fill_pairs(
    key0: np.uint64, purpose: np.uint64, who: np.uint64, when: Words, index: Words, out: NDArray[np.float64]
) -> None:
    """Fill an array with both uniforms of each draw of one subject."""
    for i in range(when.size):
        out[0, i], out[1, i] = uniform_pair(key0, who, purpose, when[i], index[i])


@kernel
def fill_words(
    key0: np.uint64,
    who: np.uint64,
    purpose: np.uint64,
    when: NDArray[np.int64],
    number: int,
    first: Words,
    second: Words,
) -> None:
    """Fill arrays with the words of the first draws of one subject, for use inside other kernels.

    A loop of whole words that processors do several of at a time; :func:`uniform_of` makes uniforms of them.
    """
    counter = np.uint64(purpose) << _PURPOSE_SHIFT
    for i in range(number):
        first[i], second[i] = threefry2x64(key0, who, counter, np.uint64(when[i]) << _HALF)


@njit(cache=True, nogil=True)
def fill_first_word(k0: np.uint64, k1: np.uint64, c0: np.uint64, c1: Words, out: Words) -> None:
    """Fill an array with the first word of each counter."""
    for i in range(out.size):
        out[i], _ = threefry2x64(k0, k1, c0, c1[i])
