"""Paired differences: against scipy, closed forms, and how often joint intervals hold the truth together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from injurysim.results.intervals import t_quantile
from injurysim.results.paired import paired_difference, pairing_gain
from injurysim.results.statistics import mean_interval

FLOATS = st.floats(-1e9, 1e9)
PAIRS = st.lists(st.tuples(FLOATS, FLOATS), min_size=2, max_size=20)
BITS = st.lists(st.tuples(st.sampled_from([0, 1]), st.sampled_from([0, 1])), min_size=2, max_size=20)


@given(st.lists(st.tuples(FLOATS, FLOATS), min_size=2, max_size=20))
def test_paired_t_is_that_of_scipy(pairs):
    a, b = (np.array(side) for side in zip(*pairs, strict=True))
    found = paired_difference(a, b)
    wanted = mean_interval(a - b)
    assert (found.difference, found.low, found.high) == (wanted.estimate, wanted.low, wanted.high)
    assert found.method == "paired t"
    if np.ptp(a - b) > 1e-3:
        low, high = stats.ttest_rel(a, b).confidence_interval(0.95)
        assert (found.low, found.high) == pytest.approx((low, high), rel=1e-7, abs=1e-5)


def test_pairs_keep_together():
    found = paired_difference([1, None, 3, 5], [0, 2, None, 1], direction="lower")
    assert (found.difference, found.n, found.better_share) == (2.5, 2, 0)


@pytest.mark.parametrize(("direction", "share"), [("higher", 0.625), ("lower", 0.375), (None, None)])
def test_better_share_counts_ties_half(direction, share):
    assert paired_difference([1, 1, 1, 1], [0, 0, 1, 2], direction=direction).better_share == share


def test_one_pair_has_a_difference_and_nothing_more():
    found = paired_difference([3], [1], direction="higher")
    assert (found.difference, found.better_share, found.n) == (2, 1, 1)
    assert (found.se, found.low, found.high, found.n_needed) == (None, None, None, None)
    assert paired_difference([], []).difference is None


def test_sides_need_one_length():
    with pytest.raises(ValueError, match="one length"):
        paired_difference([1], [1, 2])


def test_agresti_min_by_hand():
    """Cells 5 and 1 of 20: centre 4/22, variance of a pair 7/22 - (4/22)^2."""
    a, b = [1] * 5 + [0] + [0] * 14, [0] * 5 + [1] + [0] * 14
    found = paired_difference(a, b, kind="probability")
    half = 1.959963984540054 * math.sqrt((7 / 22 - (4 / 22) ** 2) / 22)
    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((4 / 22 - half, 4 / 22 + half))
    assert found.method == "paired Agresti-Min"


def test_probabilities_that_agree_in_all_pairs_still_have_a_width():
    found = paired_difference([0] * 20, [0] * 20, kind="probability")
    assert found.low < 0 < found.high
    assert found.n_needed is None


def half_width(sd, pairs, level=0.95):
    return t_quantile(level, pairs - 1) * sd / math.sqrt(pairs)


@given(st.floats(1e-3, 1e3), st.floats(1e-2, 1e3))
def test_the_pairs_needed_are_the_fewest(sd, wanted):
    found = paired_difference([sd * math.sqrt(2), 0], [0, 0], half_width=wanted)
    sd, n = found.se * math.sqrt(2), found.n_needed
    if n is None:
        assert 1.9 * sd / math.sqrt(1e9) > wanted * 0.9
        return
    assert half_width(sd, n) <= wanted * (1 + 1e-12)
    assert n == 2 or half_width(sd, n - 1) > wanted * (1 - 1e-12)


def test_the_pairs_needed_at_the_edges():
    assert paired_difference([1, 1], [0, 0], half_width=0.1).n_needed == 2
    assert paired_difference([1, 1], [1, 1]).n_needed == 2
    assert paired_difference([1, -1], [0, 0]).n_needed is None
    assert paired_difference([1, -1], [0, 0], half_width=1e-9).n_needed is None
    # sd 1: 1.96^2 / 0.1^2 = 384.2, and a little more for t.
    assert paired_difference([math.sqrt(2), 0], [0, 0], half_width=0.1).n_needed == 387


@given(st.one_of(PAIRS, BITS), st.integers(2, 60), st.sampled_from([0.8, 0.95]))
def test_the_joint_interval_holds_the_own_one(pairs, family, level):
    a, b = zip(*pairs, strict=True)
    kind = "probability" if {*a, *b} <= {0, 1} else "mean"
    found = paired_difference(a, b, kind=kind, level=level, family=family)
    assert found.joint_low <= found.low <= found.high <= found.joint_high
    assert (found.family, found.correction) == (family, "Bonferroni")
    # Bonferroni: it is the interval of one pair at 1 - (1 - level) / m.
    alone = paired_difference(a, b, kind=kind, level=1 - (1 - level) / family)
    assert (found.joint_low, found.joint_high) == (alone.low, alone.high)
    assert (found.low, found.high) == (
        (one := paired_difference(a, b, kind=kind, level=level)).low,
        one.high,
    )


@given(PAIRS, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_a_family_of_one_needs_no_correction(pairs, level):
    found = paired_difference(*zip(*pairs, strict=True), level=level)
    assert (found.joint_low, found.joint_high) == (found.low, found.high)
    assert (found.family, found.correction) == (1, "none")


def test_joint_intervals_hold_the_truth_together():
    """Six designs against one baseline, correlated normals, 10 pairs; seeded.

    Of 2000 experiments 95 % or more must hold all six; 4 sigma is 0.0195 (one false alarm in 30 000 were it not
    seeded). The pairs' own intervals hold all six together far less often.
    """
    rng = np.random.default_rng(20240630)
    truths = np.array([0.0, 1.0, -2.0, 0.5, 3.0, 0.0])
    runs = 2000
    together = {"own": 0, "joint": 0}
    for _ in range(runs):
        shared = rng.normal(0, 2, 10)
        baseline = shared + rng.normal(0, 1, 10)
        held = {"own": True, "joint": True}
        for truth in truths:
            found = paired_difference(truth + shared + rng.normal(0, 1, 10), baseline, family=len(truths))
            held["own"] &= found.low <= truth <= found.high
            held["joint"] &= found.joint_low <= truth <= found.joint_high
        for name in together:
            together[name] += held[name]
    assert together["joint"] / runs >= 0.95 - 4 * math.sqrt(0.95 * 0.05 / runs)
    assert together["own"] / runs < 0.9


@given(PAIRS, st.integers(1, 30), st.floats(1e-3, 1e9))
def test_the_need_is_that_of_the_joint_interval(pairs, family, half_width):
    a, b = (np.array(side) for side in zip(*pairs, strict=True))
    found = paired_difference(a, b, family=family, half_width=half_width)
    level = 0.95 if family == 1 else 1 - 0.05 / family
    assert found.half_width_wanted == half_width
    alone = paired_difference(a, b, level=level, half_width=half_width)
    assert found.n_needed == alone.n_needed
    assert paired_difference(a, b).half_width_wanted == abs(paired_difference(a, b).difference) / 2


@given(BITS, st.floats(0.01, 0.5), st.integers(1, 20))
def test_the_need_of_a_probability_is_that_of_its_joint_interval(bits, wanted, family):
    """So many times the pairs there are have it, where as many of them differ; fewer have not."""
    a, b = (list(side) for side in zip(*bits, strict=True))
    n = paired_difference(a, b, kind="probability", half_width=wanted, family=family).n_needed

    def width(times):
        found = paired_difference(a * times, b * times, kind="probability", family=family)
        return (found.joint_high - found.joint_low) / 2

    enough = math.ceil(n / len(a))
    assert width(enough) <= wanted * (1 + 1e-9)
    assert enough == 1 or width(enough - 1) > wanted * (1 - 1e-9)


def test_ties_are_counted():
    found = paired_difference([1, 1, 2, 0], [1, 1, 1, 1], direction="higher")
    assert (found.better_share, found.same_share) == (0.5, 0.5)


def test_gain_by_hand():
    """Variances 4 and 1, covariance 1.5: 5 / (4 + 1 - 3)."""
    z = np.array([[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0]]) * math.sqrt(3) / 2
    a, b = 2 * z[0], 0.75 * z[0] + math.sqrt(1 - 0.75**2) * z[1]
    assert pairing_gain(a, b) == pytest.approx(5 / 2)
    assert paired_difference(a, b).gain == pairing_gain(a, b)


@given(st.floats(-0.95, 0.95))
def test_gain_of_equal_variances_is_one_over_one_less_the_correlation(rho):
    z = np.array([[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0]])
    assert pairing_gain(z[0], rho * z[0] + math.sqrt(1 - rho**2) * z[1]) == pytest.approx(1 / (1 - rho))


def test_gain_of_what_never_varies_is_null():
    assert pairing_gain([1.0, 2.0, 4.0], [1.0, 2.0, 4.0]) is None
    # A constant difference, but for rounding.
    assert pairing_gain([0.1 + 0.2, 0.7 + 0.2, 1.3 + 0.2], [0.1, 0.7, 1.3]) is None
    assert pairing_gain([3.0], [1.0]) is None
    assert pairing_gain([3.0, None], [1.0, 2.0]) is None


@given(PAIRS)
def test_gain_is_at_least_a_half(pairs):
    """var(a - b) <= 2 (var a + var b)."""
    a, b = (np.array(side) for side in zip(*pairs, strict=True))
    gain = pairing_gain(a, b)
    assume(gain is not None)
    assert gain >= 0.5 * (1 - 1e-6)


def _covered(draw, interval, truth, runs=2000):
    hits = 0
    for _ in range(runs):
        found = interval(draw())
        hits += found.low <= truth <= found.high
    return hits / runs


def test_agresti_min_holds_the_truth():
    rng = np.random.default_rng(7)

    def draw():
        u = rng.random((30, 2))
        return u[:, 0] < 0.3, u[:, 1] < 0.2

    share = _covered(draw, lambda ab: paired_difference(*ab, kind="probability"), 0.1)
    assert share > 0.95 - 4 * math.sqrt(0.95 * 0.05 / 2000)
