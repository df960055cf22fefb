"""Intervals against scipy, closed forms, and how often they hold the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from injurysim.results.statistics import (
    mean_interval,
    probability_interval,
    quantile_interval,
)

FLOATS = st.floats(-1e9, 1e9)


def test_mean_by_hand():
    found = mean_interval([1, 2, 3])
    assert (found.estimate, found.sd, found.n) == (2, 1, 3)
    # t(2) at 97.5 % is 4.30265.
    assert found.half_width == pytest.approx(4.302652729749462 / math.sqrt(3))


@given(st.lists(FLOATS, min_size=2, max_size=30), st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_mean_is_that_of_scipy(values, level):
    found = mean_interval(values, level)
    sem = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    if sem == 0:
        assert (found.low, found.high) == (found.estimate, found.estimate)
        return
    low, high = stats.t.interval(level, len(values) - 1, np.mean(values), sem)
    assert found.low == pytest.approx(low, rel=1e-9, abs=1e-6)
    assert found.high == pytest.approx(high, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    "interval", [mean_interval, probability_interval, lambda v: quantile_interval(v, 0.5)]
)
def test_nothing_is_said_from_fewer_than_two(interval):
    none, one = interval([]), interval([1, None, float("nan")])
    assert (none.estimate, none.sd, none.low, none.high, none.n) == (None, None, None, None, 0)
    assert (one.estimate, one.sd, one.low, one.high, one.n) == (1, None, None, None, 1)
    assert one.half_width is None


def test_missing_values_are_left_out():
    assert mean_interval([1, None, 3, float("nan")]) == mean_interval([1, 3])


@pytest.mark.parametrize(("k", "n"), [(0, 20), (1, 20), (10, 20), (20, 20), (3, 7)])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_wilson_is_that_of_scipy(k, n, level):
    found = probability_interval([1] * k + [0] * (n - k), level)
    wanted = stats.binomtest(k, n).proportion_ci(level, method="wilson")
    assert found.estimate == k / n
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def test_a_probability_is_of_zeros_and_ones():
    with pytest.raises(ValueError, match="zeros and ones"):
        probability_interval([0, 0.5])


def test_median_of_twenty_lies_between_the_sixth_and_fifteenth():
    """The textbook interval: 95.86 % by the binomial law."""
    found = quantile_interval(range(1, 21), 0.5)
    assert (found.estimate, found.low, found.high) == (10, 6, 15)


@given(st.integers(2, 200), st.floats(0.02, 0.98))
def test_quantile_interval_holds_its_level_and_no_wider_than_it_must(n, q):
    level = 0.95
    found = quantile_interval(range(1, n + 1), q, level)
    binomial, tail = stats.binom(n, q), (1 - level) / 2
    # x_(r) lies above the quantile with P(at most r - 1 below), x_(s) below it with P(at least s below).
    if found.low is None:
        assert binomial.cdf(0) > tail
    else:
        assert binomial.cdf(found.low - 1) <= tail < binomial.cdf(found.low)
    if found.high is None:
        assert binomial.cdf(n - 1) < 1 - tail
    else:
        assert binomial.sf(found.high - 1) <= tail + 1e-12
        assert found.high == 1 or binomial.sf(found.high - 2) > tail - 1e-12
    assert found.estimate == math.ceil(n * q - 1e-9)


def test_a_quantile_lies_inside():
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile_interval([1, 2], 1.0)


def _covered(draw, interval, truth, runs=2000):
    hits = 0
    for _ in range(runs):
        found = interval(draw())
        hits += (found.low is None or found.low <= truth) and (found.high is None or truth <= found.high)
    return hits / runs


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Seeded; 4 sigma of 2000 runs at 95 % is 0.0195 (one false alarm in 16 000 were it not seeded)."""
    rng = np.random.default_rng(20221101)
    sigma4 = 4 * math.sqrt(0.95 * 0.05 / 2000)
    normal = _covered(lambda: rng.normal(3, 2, 8), mean_interval, 3)
    assert abs(normal - 0.95) < sigma4
    median = _covered(lambda: rng.exponential(1, 30), lambda v: quantile_interval(v, 0.5), math.log(2))
    assert median > 0.95 - sigma4
    # Wilson's coverage swings about its level with p; its true value at n = 20, p = 0.1 is 0.9568 by the binomial law.
    wilson = _covered(lambda: rng.random(20) < 0.1, probability_interval, 0.1)
    exact = sum(
        stats.binom(20, 0.1).pmf(k)
        for k in range(21)
        if (ci := stats.binomtest(k, 20).proportion_ci(method="wilson")).low <= 0.1 <= ci.high
    )
    assert abs(wilson - exact) < sigma4


def test_order_statistics_hold_the_truth_at_least_so_often():
    """Exactly, by the binomial law: P(x_(r) <= quantile < x_(s)) for every n and q, and level."""
    for level in (0.8, 0.95):
        for n in (2, 5, 20, 59, 100):
            for q in (0.05, 0.25, 0.5, 0.75, 0.95):
                found = quantile_interval(range(1, n + 1), q, level)
                below = stats.binom(n, q)
                missed_low = 0.0 if found.low is None else below.cdf(found.low - 1)
                missed_high = 0.0 if found.high is None else below.sf(found.high - 1)
                assert 1 - missed_low - missed_high >= level - 1e-12
