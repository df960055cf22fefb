"""Intervals at the replication at which a run by precision stops: how often they hold, and what that costs.

A run that looks until its interval is narrow stops a little more often when the spread happens to look small, so that
its interval holds the truth a little less often than 95 %. Measured here on values whose mean is known, and told in
``docs/precision.md``; run as a program, this prints the page's table. All are seeded; a bound is four standard errors
below what was to be expected, so that a right rule fails once in 16 000 times.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from injurysim.results.stopping import (
    look_ahead,
    running_half_widths,
    running_half_widths_of_pairs,
    stop_at,
)
from injurysim.scenario.precision import LEAST

WIDTHS = (15, 30, 100, 300)
"""Replications that a fixed number would need for the half-width asked for, by the normal law."""


def normal(rng, shape):
    return rng.normal(0, 1, shape)


def compound(rng, shape):
    """Yearly loss of a small fund: compound Poisson, thirty payments of an exponential law (skewness 0.4)."""
    return (rng.gamma(np.maximum(rng.poisson(30, shape), 1e-9)) - 30) / math.sqrt(60)


def exponential(rng, shape):
    """Skewness 2."""
    return rng.exponential(1, shape) - 1


def lognormal(rng, shape):
    """Skewness 6.2: a loss ruled by its largest claims."""
    return (rng.lognormal(0, 1, shape) - math.exp(0.5)) / math.sqrt((math.e - 1) * math.e)


LAWS = {law.__name__: law for law in (normal, compound, exponential, lognormal)}
"""Laws of mean 0 and standard deviation 1."""


def at_the_stop(values, kind, wanted, truth, least=LEAST):
    """Return the share of runs whose interval holds the truth, and the mean number kept.

    Parameters
    ----------
    values : array, shape (replications, runs)
        A run that has not stopped by their end ends there, as at a budget.
    """
    half_widths = running_half_widths(values, kind)
    kept = [stop_at(narrow, least) or len(values) for narrow in (half_widths <= wanted).T]
    held = []
    for run, number in enumerate(kept):
        own = values[:number, run]
        centre = own.mean()
        if kind == "probability":  # Wilson's interval lies around a shifted centre
            z2 = 1.959964**2
            centre = (own.sum() + z2 / 2) / (number + z2)
        held.append(abs(centre - truth) <= half_widths[number - 1, run] + 1e-12)
    return float(np.mean(held)), float(np.mean(kept))


def coverage(law, number, runs, seed, least=LEAST):
    values = LAWS[law](np.random.default_rng(seed), (3 * number + 400, runs))
    return at_the_stop(values, "mean", 1.96 / math.sqrt(number), 0.0, least)


@pytest.mark.parametrize("number", WIDTHS[:3])
def test_intervals_of_a_normal_law_hold_at_the_stop(number):
    """Two points below 95 % at most; 2 000 runs err by 0.005."""
    share, kept = coverage("normal", number, 2000, 20_100 + number)
    assert share >= 0.93 - 4 * math.sqrt(0.93 * 0.07 / 2000)
    assert share <= 0.95 + 4 * math.sqrt(0.95 * 0.05 / 2000)
    # What is kept is what a fixed number would take, the look-ahead, and little more.
    assert kept <= 1.05 * max(LEAST, number) + look_ahead(number) + 5


def test_looking_ahead_and_a_least_number_keep_rash_stops_away():
    """Without either, intervals of half the level stop at once: the rule is better, and by more than chance."""
    values = normal(np.random.default_rng(6), (200, 2000))
    half_widths = running_half_widths(values)
    wanted = 1.96 / math.sqrt(30)
    rash = np.argmax(half_widths <= wanted, axis=0) + 1
    own = np.cumsum(values, axis=0)[rash - 1, np.arange(2000)] / rash
    held = float(np.mean(np.abs(own) <= half_widths[rash - 1, np.arange(2000)]))
    share, _ = at_the_stop(values, "mean", wanted, 0.0)
    assert share > held + 4 * math.sqrt(2 * 0.05 * 0.95 / 2000)


def test_skewed_values_hold_less_often_than_they_say():
    """The page says so, and the measure must show it: at 100 replications of a lognormal law by more than chance."""
    share, _ = coverage("lognormal", 100, 1000, 9)
    assert share < 0.95 - 4 * math.sqrt(0.95 * 0.05 / 1000)
    assert coverage("compound", 100, 1000, 10)[0] >= 0.93 - 4 * math.sqrt(0.93 * 0.07 / 1000)


def test_intervals_of_a_probability_hold_at_the_stop():
    rng = np.random.default_rng(12)
    share, kept = at_the_stop((rng.random((900, 1500)) < 0.1).astype(float), "probability", 0.04, 0.1)
    assert share >= 0.93 - 4 * math.sqrt(0.93 * 0.07 / 1500)
    assert kept == pytest.approx(216 + look_ahead(216), rel=0.1)  # z^2 p (1 - p) / half-width^2


def test_intervals_of_paired_probabilities_hold_at_the_stop():
    rng = np.random.default_rng(13)
    u = rng.random((900, 1000))
    mine, theirs = (u < 0.3).astype(float), ((u < 0.2) | (u > 0.95)).astype(float)
    half_widths = running_half_widths_of_pairs(mine, theirs, "probability")
    held = []
    for run in range(mine.shape[1]):
        number = stop_at(half_widths[:, run] <= 0.05, LEAST)
        assert number is not None
        shrunk = (mine[:number, run] - theirs[:number, run]).sum() / (number + 2)
        held.append(abs(shrunk - 0.05) <= half_widths[number - 1, run])
    assert np.mean(held) >= 0.93 - 4 * math.sqrt(0.93 * 0.07 / 1000)


def report():
    """Print the table of the page: 10 000 runs a cell, standard error 0.2 points."""
    for law, draw in LAWS.items():
        for number in WIDTHS:
            parts = [coverage(law, number, 2000, 31_000 + number + 7 * part) for part in range(5)]
            share, kept = np.mean(parts, axis=0)
            fixed = draw(np.random.default_rng(5), (max(number, LEAST), 20_000))
            half_widths = running_half_widths(fixed)[-1]
            usual = np.mean(np.abs(fixed.mean(axis=0)) <= half_widths)
            print(f"| {law} | {number} | {100 * usual:.1f} | {100 * share:.1f} | {kept:.0f} |")


if __name__ == "__main__":
    report()
