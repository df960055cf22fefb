"""The tables ``summary`` and ``quantiles`` from values per replication."""

from __future__ import annotations

import math

import pytest

from injurysim.core.schemas import TABLES
from injurysim.results.metrics import metric_of
from injurysim.results.statistics import mean_interval, probability_interval, quantile_interval
from injurysim.results.summaries import QUANTILES, quantiles, summary
from rows import only


def test_summary_of_the_run_worked_out_by_hand(small_values):
    table = summary(small_values)
    assert list(table.columns) == list(TABLES["summary"].names)
    net = only(table, design="pilot", metric="net_position")
    wanted = mean_interval([49, 39, 29])
    assert (net["mean"], net["sd"], net["n"]) == (39, 10, 3)
    assert (net["ci_low"], net["ci_high"]) == pytest.approx((wanted.low, wanted.high))
    below = only(table, design="pilot", metric="month_below_zero")
    wilson = probability_interval([0, 1, 1])
    assert (below["mean"], below["ci_low"], below["ci_high"]) == pytest.approx(
        (2 / 3, wilson.low, wilson.high)
    )
    assert (net["method"], below["method"]) == ("t", "Wilson")
    assert set(summary(small_values, 0.9)["level"]) == {0.9}
    none = only(table, design="policy", metric="net_position")
    assert none["n"] == 0
    assert none[["mean", "sd", "ci_low", "ci_high"]].isna().all()
    assert only(table, design=None, metric="injuries")["mean"] == 3


def test_quantiles_are_those_of_the_values(small_values):
    table = quantiles(small_values, level=0.5)
    assert set(table["q"]) == set(QUANTILES)
    assert (set(table["method"]), set(table["level"])) == ({"order statistics"}, {0.5})
    for q in QUANTILES:
        wanted = quantile_interval([49, 39, 29], q, 0.5)
        row = only(table, design="pilot", metric="net_position", q=q)
        assert (row["estimate"], row["n"], row["unit"]) == (wanted.estimate, 3, "yuan")
        for name, end in (("ci_low", wanted.low), ("ci_high", wanted.high)):
            assert math.isnan(row[name]) if end is None else row[name] == end
    none = only(table, design="policy", metric="net_position", q=0.5)
    assert none["n"] == 0
    assert none[["estimate", "ci_low", "ci_high"]].isna().all()
    # A metric with labels keeps them; one of the world has no design; a probability, 0 or 1, has no quantiles.
    assert only(table, design="pilot", metric="net_position[2022]", q=0.5)["estimate"] == -1
    assert only(table, design=None, metric="injuries", q=0.5)["estimate"] == 3
    kinds = {metric_of(name).kind for name in table["metric"].unique()}
    assert kinds == {"mean"}
