"""The formulas on arrays are those on numbers, and the fewest values that are enough are found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.results.intervals import (
    agresti_min,
    fewest,
    half_between,
    normal_quantile,
    t_half_width,
    t_quantile,
    wilson,
)

N = np.array([2, 3, 20, 400])


def test_quantiles_are_those_of_the_tables():
    assert t_quantile(0.95, 1) == pytest.approx(12.7062, abs=1e-4)
    assert normal_quantile(0.95) == pytest.approx(1.959964, abs=1e-6)


def test_arrays_are_told_element_by_element():
    shares = np.array([0, 1 / 3, 0.5, 1])
    for found, one in (
        (t_half_width(2.0, N), lambda place: t_half_width(2.0, int(N[place]))),
        (wilson(shares, N)[0], lambda place: wilson(shares[place], N[place])[0]),
        (wilson(shares, N)[1], lambda place: wilson(shares[place], N[place])[1]),
        (
            agresti_min(N // 2, N // 4, N)[0],
            lambda place: agresti_min(N[place] // 2, N[place] // 4, N[place])[0],
        ),
        (
            half_between(*agresti_min(N // 2, N // 4, N)),
            lambda place: half_between(*agresti_min(N[place] // 2, N[place] // 4, N[place])),
        ),
    ):
        assert list(found) == [one(place) for place in range(len(N))]


def test_a_probability_without_exceptions_has_an_edge_and_a_width():
    low, high = wilson(np.array([0.0, 1.0]), 20)
    assert (low[0], high[1]) == (0, 1)
    # z^2 / (n + z^2) from the edge.
    assert (high[0], 1 - low[1]) == pytest.approx((3.8414588 / 23.8414588,) * 2)


@given(st.integers(2, 10**9))
def test_fewest_is_the_first_that_is_enough(enough):
    assert fewest(lambda n: n >= enough) == enough


def test_too_many_are_none():
    assert fewest(lambda _: False) is None
