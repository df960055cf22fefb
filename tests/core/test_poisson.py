"""Poisson counts: the definition of the inverse, and an independent library."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from injurysim.core.poisson import poisson_counts

U = (np.arange(2000) + 0.5) / 2000
poisson_counts(0.5, 1.0)  # compiles the kernel, before a deadline runs


@given(st.lists(st.tuples(st.floats(2.0**-53, 1 - 2.0**-53), st.floats(0.0, 1e5)), min_size=1, max_size=50))
def test_poisson_counts_meet_their_definition(pairs: list[tuple[float, float]]) -> None:
    u, mean = np.array(pairs).T
    counts = poisson_counts(u, mean)
    assert counts.dtype == np.int64
    assert (special.pdtr(counts, mean) >= u).all()
    below = counts > 0
    assert (special.pdtr(counts[below] - 1.0, mean[below]) < u[below]).all()
    assert (counts[mean == 0.0] == 0).all()


@pytest.mark.parametrize("mean", [0.01, 0.5, 3.0, 80.0, 2000.0])
def test_poisson_counts_are_those_of_scipy(mean: float) -> None:
    counts = poisson_counts(U, mean)
    assert (counts == stats.poisson(mean).ppf(U)).all()
    # Midpoints of equal cells: mean and variance within what the cells can resolve.
    assert counts.mean() == pytest.approx(mean, rel=2e-2)
    assert counts.var() == pytest.approx(mean, rel=3e-2)


def test_the_expansion_gives_what_the_definition_gives() -> None:
    """Where the expansion is trusted its whole part is the count: a million pairs, dense where it is worst."""
    generator = np.random.default_rng(11)
    mean = np.concatenate([generator.uniform(16, 60, 500_000), np.exp(generator.uniform(2.77, 8, 500_000))])
    u = generator.random(len(mean))
    counts = poisson_counts(u, mean)
    assert (special.pdtr(counts, mean) >= u).all()
    assert (special.pdtr(counts - 1.0, mean) < u)[counts > 0].all()


def test_tails_and_uniforms_close_to_a_step_meet_the_definition() -> None:
    """Where the expansion is not trusted: far from the mean, and next to where the count changes."""
    generator = np.random.default_rng(12)
    mean = generator.uniform(0, 1200, 40_000)
    tail = 10.0 ** -generator.uniform(4, 15, 20_000)
    step = special.pdtr(np.floor(mean[20_000:]), mean[20_000:])
    step *= 1 + generator.choice([-1, 1], 20_000) * 10.0 ** -generator.uniform(4, 16, 20_000)
    u = np.concatenate([tail[:10_000], 1 - tail[10_000:], step])
    counts = poisson_counts(u, mean)
    assert (special.pdtr(counts, mean) >= u).all()
    assert (special.pdtr(counts - 1.0, mean) < u)[counts > 0].all()


def test_poisson_counts_broadcast() -> None:
    assert poisson_counts(np.full((3, 1), 0.5), np.array([0.0, 1.0])).tolist() == [[0, 1]] * 3
    assert poisson_counts(0.5, 10.0).shape == ()
    assert poisson_counts(np.array([]), 3.0).shape == (0,)


@pytest.mark.parametrize(
    ("u", "mean"), [([0.0], [1.0]), ([1.0], [1.0]), ([0.5], [-1.0]), ([0.5], [math.nan])]
)
def test_what_is_no_uniform_or_no_mean_is_refused(u: list[float], mean: list[float]) -> None:
    with pytest.raises(ValueError, match="must"):
        poisson_counts(u, mean)
