"""Asking for memory ahead of its use."""

from __future__ import annotations

import platform

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray

from injurysim.core.prefetch import prefetch


@njit
def _ask(array: NDArray[np.float64], index: int) -> float:
    prefetch(array, index)
    return array[0]


@pytest.mark.parametrize("index", [0, 99, 100, 10**9, -1, -(10**9)])
def test_nothing_happens_wherever_is_asked(index: int) -> None:
    array = np.arange(100.0)
    assert _ask(array, index) == 0.0
    assert (array == np.arange(100.0)).all()


@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="the instruction has another name")
def test_it_is_an_instruction_of_the_processor() -> None:
    _ask(np.arange(4.0), 1)
    (code,) = _ask.inspect_asm().values()
    assert "prefetcht0" in code
