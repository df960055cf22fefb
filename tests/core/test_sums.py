"""Sums by code: every value once, exactly, however large."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injurysim.core.sums import narrow, sum_by, sum_parts

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(-(2**40), 2**40)), max_size=30)


@given(pairs)
@settings(deadline=None)  # the first call compiles
def test_each_value_counts_once_under_its_code(rows: list[tuple[int, int]]) -> None:
    codes, values = (np.array(column, np.int64) for column in (zip(*rows, strict=True) if rows else ((), ())))
    assert sum_by(codes, values, 5).tolist() == [sum(v for c, v in rows if c == code) for code in range(5)]


def test_sums_beyond_what_a_float_holds_are_exact() -> None:
    assert sum_by(np.zeros(2, np.int64), np.array([2**53, 1]), 1).tolist() == [2**53 + 1]


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64, np.bool_])
def test_small_types_do_not_overflow(kind: type) -> None:
    values = np.full(1000, True if kind is np.bool_ else np.iinfo(kind).max // 1000 or 100, kind)
    assert sum_by(np.zeros(1000, np.int16), values, 1).tolist() == [1000 * int(values[0])]
    first = np.array([0, 400, 1000])
    found = sum_parts(first, np.array([1, 0], np.int8), np.zeros(1000, np.int32), values, (2, 1))
    assert found.tolist() == [[600 * int(values[0])], [400 * int(values[0])]]


owners = st.lists(
    st.tuples(st.integers(0, 2), st.lists(st.tuples(st.integers(0, 3), st.integers(-9, 9), st.booleans())))
)


@given(owners)
@settings(deadline=None)
def test_parts_are_summed_under_their_owner_and_themselves(
    given: list[tuple[int, list[tuple[int, int, bool]]]],
) -> None:
    parts = [part for _, several in given for part in several]
    first = np.cumsum([0, *(len(several) for _, several in given)])
    owner = np.array([code for code, _ in given], np.int64)
    part, values = (np.array([each[place] for each in parts], np.int64) for place in (0, 1))
    mask = np.array([each[2] for each in parts], np.bool_)
    for chosen in (None, mask):
        wanted = np.zeros((3, 4), np.int64)
        for code, several in given:
            for column, value, inside in several:
                wanted[code, column] += value if chosen is None or inside else 0
        assert sum_parts(first, owner, part, values, (3, 4), mask=chosen).tolist() == wanted.tolist()


def test_what_cannot_be_summed_is_refused() -> None:
    codes, first = np.array([0, 3]), np.array([0, 1, 2])
    for outside in (codes, np.array([0, -1])):
        with pytest.raises(IndexError):
            sum_by(outside, np.ones(2, np.int64), 3)
        with pytest.raises(IndexError):
            sum_parts(first, outside, np.zeros(2, np.int64), np.ones(2, np.int64), (3, 1))
        with pytest.raises(IndexError):
            sum_parts(
                first, np.zeros(2, np.int64), outside, np.ones(2, np.int64), (1, 3), mask=np.ones(2, np.bool_)
            )
    for kind in (np.float64, np.uint64):
        with pytest.raises(TypeError):
            sum_by(np.zeros(2, np.int64), np.ones(2, kind), 1)
    with pytest.raises(ValueError, match="length"):
        sum_by(np.zeros(2, np.int64), np.ones(3, np.int64), 1)
    with pytest.raises(ValueError, match="length"):
        sum_parts(
            np.array([0, 3]), np.zeros(1, np.int64), np.zeros(2, np.int64), np.ones(2, np.int64), (1, 1)
        )


def test_numbers_are_narrowed_only_when_every_one_fits() -> None:
    edge = np.array([2**31 - 1, -(2**31)])
    assert narrow(edge).dtype == np.int32
    assert narrow(edge).tolist() == edge.tolist()
    assert narrow(edge + 1).dtype == narrow(edge - 1).dtype == np.int64
    assert narrow(np.zeros(0, np.int64)).dtype == np.int32
