"""A stretched law draws what the law draws, times the factor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from injurysim.scenario.distribution import Random
from injurysim.scenario.stretching import stretched

LAWS = [
    {"kind": "constant", "value": 7},
    {"kind": "exponential", "mean": 12},
    {"kind": "gamma", "mean": 20, "cv": 0.8},
    {"kind": "gamma", "shape": 2, "scale": 5},
    {"kind": "lognormal", "median": 9, "sigma": 1.1},
    {"kind": "lognormal", "mean": 9, "cv": 0.5, "between": [1, 60]},
    {"kind": "weibull", "shape": 0.7, "scale": 25},
    {"kind": "pareto", "alpha": 3, "theta": 40},
    {"kind": "uniform", "low": 2, "high": 9},
    {"kind": "empirical", "values": [1, 5, 5, 30]},
    {"kind": "discrete", "values": [0, 14, 90], "weights": [5, 3, 1]},
    {
        "kind": "mixture",
        "weights": [0.4, 0.6],
        "parts": [{"kind": "uniform", "low": 0, "high": 3}, {"kind": "exponential", "mean": 30}],
    },
]
read = TypeAdapter(Random).validate_python


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law["kind"])
@given(factor=st.floats(0.1, 5))
def test_every_quantile_is_stretched(law: dict[str, object], factor: float) -> None:
    known = read(law)
    u = np.array([0.003, 0.2, 0.5, 0.77, 0.999])
    np.testing.assert_allclose(stretched(known, factor).law().ppf(u), factor * known.law().ppf(u), rtol=1e-6)


def test_a_poisson_law_keeps_its_kind_and_has_the_mean() -> None:
    assert stretched(read({"kind": "poisson", "mean": 4}), 1.5).law().mean() == pytest.approx(6)
