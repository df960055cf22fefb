"""Sums by code: every value once, exactly, however large."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.sums import sum_by

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(-(2**40), 2**40)), max_size=30)


@given(pairs)
def test_each_value_counts_once_under_its_code(rows: list[tuple[int, int]]) -> None:
    codes, values = (np.array(column, np.int64) for column in (zip(*rows, strict=True) if rows else ((), ())))
    assert sum_by(codes, values, 5).tolist() == [sum(v for c, v in rows if c == code) for code in range(5)]


def test_sums_beyond_what_a_float_holds_are_exact() -> None:
    assert sum_by(np.zeros(2, np.int64), np.array([2**53, 1]), 1).tolist() == [2**53 + 1]
