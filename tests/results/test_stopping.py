"""Half-widths after every replication are those of the intervals; the rule stops where its words say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.results.paired import paired_difference
from injurysim.results.statistics import mean_interval, probability_interval
from injurysim.results.stopping import (
    look_ahead,
    running_counts,
    running_half_widths,
    running_half_widths_of_pairs,
    stop_at,
)

MISSING = st.none()
AMOUNTS = st.lists(st.floats(-1e6, 1e6) | MISSING, min_size=1, max_size=25)
CHANCES = st.lists(st.sampled_from([0.0, 1.0]) | MISSING, min_size=1, max_size=25)


def floats(values):
    return np.array([math.nan if value is None else value for value in values])


def half_width(interval):
    return math.inf if interval.low is None else (interval.high - interval.low) / 2


@given(AMOUNTS)
def test_running_half_widths_are_those_of_the_intervals(values):
    running = running_half_widths(floats(values))
    for n in range(1, len(values) + 1):
        assert running[n - 1] == pytest.approx(half_width(mean_interval(values[:n])), rel=1e-6, abs=1e-5)


@given(CHANCES)
def test_running_half_widths_of_probabilities_are_wilsons(values):
    running = running_half_widths(floats(values), "probability")
    for n in range(1, len(values) + 1):
        assert running[n - 1] == pytest.approx(half_width(probability_interval(values[:n])), abs=1e-12)


@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.sampled_from([0.0, 1.0]) | MISSING), min_size=1))
def test_running_half_widths_of_pairs_are_those_of_the_differences(pairs):
    mine, theirs = (list(side) for side in zip(*pairs, strict=True))
    for kind in ("mean", "probability"):
        running = running_half_widths_of_pairs(floats(mine), floats(theirs), kind)
        for n in range(1, len(pairs) + 1):
            found = paired_difference(mine[:n], theirs[:n], kind=kind)
            assert running[n - 1] == pytest.approx(half_width(found), abs=1e-9)


def test_a_small_spread_about_a_large_mean_is_not_lost():
    values = np.random.default_rng(3).normal(0, 1, 200)
    assert running_half_widths(values + 1e9)[-1] == pytest.approx(running_half_widths(values)[-1], rel=1e-5)


def test_a_constant_has_no_width_and_series_stand_side_by_side():
    values = np.stack([np.full(6, 3.7), np.arange(6.0)], axis=1)
    both = running_half_widths(values)
    assert both[0].tolist() == [math.inf] * 2
    assert np.all(both[1:, 0] == 0)
    assert np.array_equal(both[:, 1], running_half_widths(values[:, 1]))


@given(AMOUNTS, st.integers(1, 25))
def test_what_stands_depends_on_nothing_later(values, cut):
    early = floats(values[:cut])
    assert np.array_equal(running_half_widths(floats(values))[: len(early)], running_half_widths(early))
    assert running_counts(floats(values))[-1] == sum(value is not None for value in values)


def test_look_ahead_is_five_and_from_a_hundred_five_per_cent():
    assert [look_ahead(n) for n in (1, 99, 100, 101, 119, 120, 400)] == [5, 5, 5, 5, 5, 6, 20]


def in_words(within, least):
    """The rule as it is written, number by number."""
    for n in range(least, len(within) + 1):
        last = n + look_ahead(n)
        if last <= len(within) and all(within[n - 1 : last]):
            return last
    return None


@given(st.lists(st.sampled_from([True, True, True, True, False]), max_size=60), st.integers(1, 20))
def test_the_rule_stops_where_its_words_say(within, least):
    assert stop_at(np.array(within, bool), least) == in_words(within, least)


@given(st.integers(95, 260), st.integers(300, 500))
def test_the_look_ahead_grows_with_the_replications(first, length):
    within = np.arange(1, length + 1) >= first
    assert stop_at(within, 2) == in_words(within.tolist(), 2)


@given(st.lists(st.booleans(), max_size=40), st.lists(st.booleans(), max_size=40))
def test_more_replications_never_change_an_answer(early, late):
    found = stop_at(np.array(early, bool), 2)
    if found is not None:
        assert stop_at(np.array([*early, *late], bool), 2) == found
