"""What the machine can do at best on one core: draws into an array that stays in L1, and the memory triad."""

from __future__ import annotations

import numpy as np
from measure import timed
from numba import njit
from numpy.typing import NDArray

from injurysim.core.threefry import threefry2x64

Words = NDArray[np.uint64]
Floats = NDArray[np.float64]

L1_WORDS = 1024
"""Two arrays of them take 16 KiB."""
TRIAD_WORDS = 4_000_000
"""Three arrays of them take 96 MB, more than the caches of most machines."""

_ONE, _GOLDEN = np.uint64(1), np.uint64(0x9E3779B97F4A7C15)
_MIX1, _MIX2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)


@njit(cache=True)
def fill_threefry(times: int, key: np.uint64, first: Words, second: Words) -> None:
    """Fill both words of a counter's draw, so many times over."""
    counter = np.uint64(0)
    for _ in range(times):
        for i in range(first.size):
            first[i], second[i] = threefry2x64(key, key, counter, np.uint64(i))
        counter += _ONE


@njit(cache=True)
def fill_splitmix(times: int, key: np.uint64, out: Words) -> None:
    """Fill with SplitMix64 (Steele, Lea and Flood 2014): only a yardstick, the package does not draw by it."""
    state = np.uint64(key)
    for _ in range(times):
        for i in range(out.size):
            z = state + np.uint64(i) * _GOLDEN
            z = (z ^ (z >> _S30)) * _MIX1
            z = (z ^ (z >> _S27)) * _MIX2
            out[i] = z ^ (z >> _S31)
        state += _GOLDEN


@njit(cache=True)
def triad(out: Floats, one: Floats, other: Floats, factor: float) -> None:
    """Add a multiple: the triad of STREAM (McCalpin)."""
    for i in range(out.size):
        out[i] = one[i] + factor * other[i]


def limits(times: int = 20_000) -> dict[str, float]:
    """Measure the limits once.

    Returns
    -------
    dict
        ``threefry``: draws of 128 bits a second; ``splitmix``: draws of 64 bits a second; ``triad``: bytes a
        second, and ``triad_elements``, of three words each.
    """
    first, second = np.zeros(L1_WORDS, np.uint64), np.zeros(L1_WORDS, np.uint64)
    key = np.uint64(2022)
    fill_threefry(1, key, first, second)
    fill_splitmix(1, key, first)
    with timed() as threefry:
        fill_threefry(times, key, first, second)
    with timed() as splitmix:
        fill_splitmix(4 * times, key, first)
    out, one, other = (np.full(TRIAD_WORDS, value) for value in (0.0, 1.0, 2.0))
    triad(out, one, other, 3.0)
    with timed() as streamed:
        triad(out, one, other, 3.0)
        triad(out, one, other, 4.0)
    elements = 2 * TRIAD_WORDS / streamed.cpu
    return {
        "threefry": times * L1_WORDS / threefry.cpu,
        "splitmix": 4 * times * L1_WORDS / splitmix.cpu,
        "triad": 3 * 8 * elements,
        "triad_elements": elements,
    }
