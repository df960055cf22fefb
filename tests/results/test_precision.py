"""A run ends where its values say, whatever the batches; and the table tells how far each target was reached."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injurysim.core.schemas import TABLES
from injurysim.results.comparison import comparison
from injurysim.results.places import baselines_of
from injurysim.results.precision import Rule
from injurysim.results.stopping import look_ahead
from injurysim.results.summaries import summary
from injurysim.scenario.precision import target_of

MEAN = "closing_balance=40"
CHANCE = "month_below_zero=0.12"
DIFFERENCE = "difference:closing_balance=12"


def frame(number, seed=1, **constant):
    """Values of two designs in two worlds, alike by pairs, with a probability; some replaced by a constant."""
    rng = np.random.default_rng(seed)
    rows = []
    for replication in range(number):
        common = rng.normal(0, 100)
        for world in ("base", "limit"):
            for design in ("old", "new"):
                balance = 500 + common + rng.normal(0, 30)
                drawn = {"closing_balance": balance, "month_below_zero": float(rng.random() < 0.2)}
                for metric, value in {**drawn, **constant}.items():
                    unit = "probability" if metric == "month_below_zero" else "yuan"
                    rows.append((world, design, replication, metric, unit, value))
            rows.append((world, None, replication, "injuries", "injuries", float(rng.poisson(50))))
    columns = ["world", "design", "replication", "metric", "unit", "value"]
    return pd.DataFrame(rows, columns=columns)


LONG = frame(900)


def first(number, values=LONG):
    return values[values["replication"] < number]


def rule(*targets, least=5, at_most=900, **more):
    def against(place, places):
        return baselines_of(place, places, "base", "old")

    return Rule([target_of(text) for text in targets], least, at_most, against, **more)


def run(asked, values=LONG, batches=()):
    """Run by the rule's own numbers, or by larger batches while there are any; return how many are kept."""
    there, waiting = 0, list(batches)
    while (number := asked.next_number(first(there, values))) is not None:
        assert there < number <= asked.at_most
        assert there == 0 or number <= 2 * there
        there = max(number, there + waiting.pop()) if waiting else number
    return asked.kept(first(there, values))


@pytest.mark.parametrize("targets", [(MEAN,), (CHANCE,), (DIFFERENCE,), (MEAN, CHANCE, DIFFERENCE)])
def test_a_run_ends_at_the_first_number_at_which_all_has_stayed_narrow(targets):
    asked = rule(*targets)
    kept = run(asked)

    def met(number):
        """Whether every interval of the tables is as wanted, by the tables' own words."""
        values = first(number)
        tables = {"estimate": summary(values), "difference": comparison(values, "base", "old")}
        for target in asked.targets:
            rows = tables[target.of]
            rows = rows[rows["metric"] == target.metric]
            assert len(rows) >= 4
            if ((rows["ci_high"] - rows["ci_low"]) / 2 > float(target.half_width)).any():
                return False
        return True

    start = next(n for n in range(5, kept) if n + look_ahead(n) == kept)
    assert all(met(number) for number in range(start, kept + 1))
    assert not met(start - 1)
    assert asked.table(first(kept))["reached"].all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 200), max_size=8), st.integers(0, 5))
def test_batches_do_not_change_the_end(batches, seed):
    values = frame(300, seed)
    asked = rule("closing_balance=25", DIFFERENCE, at_most=250)
    assert run(asked, values, batches) == run(asked, values)


def test_the_budget_ends_what_cannot_be_reached_and_says_what_it_would_take():
    asked = rule("closing_balance=1", CHANCE, at_most=60)
    assert run(asked) == 60
    table = asked.table(first(60))
    assert not table[table["metric"] == "closing_balance"]["reached"].any()
    for row in table[table["metric"] == "closing_balance"].itertuples():
        # (t / half-width)^2 variances, the half-width found being t sd / sqrt(60); and 5 % more to look ahead.
        assert row.n_foreseen == pytest.approx(1.05 * 60 * row.half_width**2 * (1.96 / 2.001) ** 2, rel=0.01)


def test_values_beyond_the_budget_do_not_count():
    asked = rule(MEAN, at_most=8)
    assert asked.kept(first(300)) == 8
    assert asked.next_number(first(8)) is None


def test_a_metric_that_never_varies_takes_the_least_number():
    values = frame(40, closing_balance=7.0)
    asked = rule("closing_balance=0.5", least=12)
    assert run(asked, values) == 12 + look_ahead(12)
    assert set(asked.table(first(17, values))["half_width"]) == {0.0}


def test_a_narrower_target_is_not_reached_sooner():
    kept = [run(rule(f"closing_balance={half_width}")) for half_width in (80, 40, 20, 12)]
    assert kept == sorted(kept)
    assert kept[0] < kept[-1]


def test_several_targets_end_no_sooner_than_each():
    alone = [run(rule(target)) for target in (MEAN, CHANCE, DIFFERENCE)]
    assert run(rule(MEAN, CHANCE, DIFFERENCE)) >= max(alone)


def test_the_table_tells_the_intervals_of_the_other_tables():
    values = first(50)
    asked = rule("closing_balance@base/new=30", "difference:closing_balance@/new=30", "injuries=5", CHANCE)
    table = asked.table(values)
    assert list(table.columns) == list(TABLES["precision"].names)
    own = summary(values)
    compared = comparison(values, "base", "old")
    for row in table.to_dict("records"):
        wider = compared if isinstance(row["baseline_world"], str) else own
        keys = ["world", "design", "metric"] + (
            ["baseline_world", "baseline_design"] if wider is compared else []
        )
        for key in keys:
            wider = wider[
                wider[key].isna() if row[key] != row[key] or row[key] is None else wider[key] == row[key]
            ]
        (same,) = wider.to_dict("records")
        assert row["half_width"] == pytest.approx((same["ci_high"] - same["ci_low"]) / 2, rel=1e-9)
        assert row["n"] == same["n"] == 50
        assert row["reached"] == (row["half_width"] <= row["half_width_wanted"])
    counted = table.groupby("target").size().to_dict()
    assert counted == {
        "closing_balance@base/new": 1,
        "difference:closing_balance@/new": 3,
        "injuries": 2,
        "month_below_zero": 4,
    }
    assert set(table["method"]) == {"t", "paired t", "Wilson"}


def test_a_place_without_a_value_asks_for_nothing_and_is_told_only_when_none_has_one():
    values = frame(40)
    values.loc[values["design"] == "old", "value"] = math.nan
    asked = rule("closing_balance=200", "net_position=5", least=5)
    kept = run(asked, values)
    assert kept == 10
    table = asked.table(first(kept, values))
    assert set(table[table["target"] == "closing_balance"]["design"]) == {"new"}
    (nowhere,) = table[table["target"] == "net_position"].to_dict("records")
    assert not nowhere["reached"]
    assert nowhere["n"] == 0
    assert pd.isna(nowhere["world"])


def test_a_few_values_do_not_make_a_metric_known():
    """Two values that happen to agree have no spread; the run goes on for as many as it wants at least."""
    values = frame(200, closing_balance=7.0)
    rare = (values["metric"] == "closing_balance") & (values["replication"] % 8 != 0)
    values.loc[rare, "value"] = math.nan
    asked = rule("closing_balance=1", least=6)
    kept = run(asked, values)
    assert kept == 5 * 8 + 1 + look_ahead(41)  # the sixth value is that of the 41st replication
    assert not asked.table(first(20, values))["reached"].any()


def test_missing_values_count_as_no_replication():
    """Every other value is missing: half as many values, so twice the replications are foreseen and run."""
    values = frame(600)
    balance = values["metric"] == "closing_balance"
    values.loc[balance & (values["replication"] % 2 == 1), "value"] = math.nan
    asked = rule("closing_balance@base/new=25", least=20)
    kept = run(asked, values)
    (row,) = asked.table(first(kept, values)).to_dict("records")
    assert row["n"] == pytest.approx(kept / 2, abs=1)
    (early,) = asked.reaches(first(30, values))
    assert early.foreseen(20) == pytest.approx(kept, rel=0.4)
    dense = rule("closing_balance@base/new=25", least=20)
    half = values[balance & (values["replication"] % 2 == 0)].assign(replication=values["replication"] // 2)
    assert run(dense, half) < kept


def test_what_is_foreseen_is_enough():
    """As many values more of the same spread, and the half-width is as wanted; one look-ahead fewer is not."""
    for text in ("closing_balance@base/new=15", "month_below_zero@base/new=0.04", DIFFERENCE):
        for reach in rule(text).reaches(first(60)):
            foreseen = reach.foreseen(5)
            needed = next(n for n in range(foreseen, 0, -1) if n + look_ahead(n) == foreseen)
            scaled = reach.half_widths()[-1] * math.sqrt(60 / needed)
            assert scaled == pytest.approx(reach.wanted, rel=0.06)


def test_a_gap_in_the_replications_is_refused():
    with pytest.raises(ValueError, match="from 0 on"):
        rule(MEAN).next_number(LONG[LONG["replication"] != 3])


def test_differences_of_other_accounts_are_not_asked_for():
    accounts = {"old": frozenset({"pool"}), "new": frozenset({"pool", "pilot"})}
    found = rule(DIFFERENCE, accounts=accounts).reaches(first(20))
    assert {(each.place, each.baseline) for each in found} == {
        (("limit", design), ("base", design)) for design in ("old", "new")
    }
