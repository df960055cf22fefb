"""The table ``comparison`` from values per replication."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from injurysim.core.errors import InputError
from injurysim.core.schemas import TABLES
from injurysim.results.comparison import comparison
from injurysim.results.paired import paired_difference, pairing_gain
from injurysim.results.summaries import quantiles, summary
from rows import only


def values(*rows):
    """Return values from (world, design, metric, unit, one value for each replication)."""
    return pd.DataFrame(
        [
            (world, design, replication, metric, unit, math.nan if value is None else float(value))
            for world, design, metric, unit, series in rows
            for replication, value in enumerate(series)
        ],
        columns=["world", "design", "replication", "metric", "unit", "value"],
    )


def test_tables_can_be_built_from_the_frames(small_values):
    for name, frame in (
        ("summary", summary(small_values)),
        ("quantiles", quantiles(small_values)),
        ("comparison", comparison(small_values, "base", "policy")),
    ):
        table = TABLES[name]
        assert table.to_pandas(table.build({column: frame[column] for column in table.names})).equals(frame)


def test_nothing_compared_is_an_empty_table():
    nothing = values()
    assert list(comparison(nothing, "base", "policy").columns) == list(TABLES["comparison"].names)
    assert len(summary(nothing)) == len(quantiles(nothing)) == 0


def test_designs_are_compared_by_replication(small_values):
    table = comparison(small_values, "base", "policy")
    assert set(table["design"]) == {"pilot"}
    assert set(table["baseline_design"]) == {"policy"}
    row = only(table, metric="pure_premium_per_order")
    assert row["difference"] == pytest.approx((200 - 8) / 3000)
    assert (row["direction"], row["method"], row["level"], row["n"]) == ("neutral", "paired t", 0.95, 3)
    loss = only(table, metric="uncompensated_loss_per_injured_rider")
    assert loss["difference"] == pytest.approx(188.5 - 271)
    assert (loss["direction"], loss["better_share"]) == ("better", 1)
    assert loss["n_needed"] == paired_difference([193.5, 188.5, 183.5], [271] * 3).n_needed
    assert loss["half_width_wanted"] == pytest.approx((271 - 188.5) / 2)
    reported = only(table, metric="reported_share")
    assert (reported["direction"], reported["better_share"]) == ("worse", 0)


def test_a_metric_only_one_side_has_is_compared_with_nothing(small_values):
    table = comparison(small_values, "base", "policy")
    row = only(table, metric="net_position")
    assert (row["n"], row["direction"]) == (0, "unclear")
    assert row[["difference", "se", "ci_low", "ci_high", "better_share", "n_needed"]].isna().all()
    assert not table["metric"].str.startswith("charged_rate").any()


def test_worlds_are_compared_design_by_design_and_alone():
    rows = [
        (world, design, "closing_balance", "yuan", [base + shift, base + 1 + shift])
        for world, shift in (("base", 0), ("limit", 100))
        for design, base in (("old", 0), ("new", 10))
    ]
    rows += [("base", None, "injuries", "injuries", [5, 7]), ("limit", None, "injuries", "injuries", [4, 6])]
    table = comparison(values(*rows), "base", "old")
    pairs = set(
        zip(
            table["world"],
            table["design"].fillna(""),
            table["baseline_world"],
            table["baseline_design"].fillna(""),
            strict=True,
        )
    )
    assert pairs == {
        ("base", "new", "base", "old"),
        ("limit", "new", "limit", "old"),
        ("limit", "new", "base", "new"),
        ("limit", "old", "base", "old"),
        ("limit", "", "base", ""),
    }
    assert only(table, world="limit", design="new", baseline_world="base")["difference"] == 100
    assert only(table, world="limit", design="new", baseline_world="limit")["difference"] == 10
    injuries = only(table, design=None)
    assert (injuries["difference"], injuries["direction"]) == (-1, "better")


def test_a_design_with_responses_stands_in_the_world_it_was_made_from():
    rows = [
        ("base", "old", "closing_balance", "yuan", [1, 2]),
        ("base~new", "new", "closing_balance", "yuan", [3, 5]),
        ("limit", "old", "closing_balance", "yuan", [1, 1]),
        ("limit~new", "new", "closing_balance", "yuan", [9, 9]),
    ]
    table = comparison(values(*rows), "base", "old")
    pairs = set(
        zip(table["world"], table["design"], table["baseline_world"], table["baseline_design"], strict=True)
    )
    assert pairs == {
        ("base~new", "new", "base", "old"),
        ("limit", "old", "base", "old"),
        ("limit~new", "new", "limit", "old"),
        ("limit~new", "new", "base~new", "new"),
    }


def test_pairs_are_matched_by_replication_not_by_place():
    frame = values(
        ("base", "old", "closing_balance", "yuan", [1, 2, 3]),
        ("base", "new", "closing_balance", "yuan", [11, 12, 13]),
    )
    shuffled = frame.sample(frac=1, random_state=3)
    without = shuffled[(shuffled["design"] != "old") | (shuffled["replication"] != 1)]
    row = only(comparison(without, "base", "old"))
    assert (row["difference"], row["se"], row["n"]) == (10, 0, 2)


def test_metrics_in_different_units_are_not_compared():
    rows = [
        ("base", "old", "break_even_rate[main]", "yuan/order", [1, 2]),
        ("base", "new", "break_even_rate[main]", "yuan/rider_day", [3, 4]),
    ]
    assert len(comparison(values(*rows), "base", "old")) == 0


def test_probabilities_use_the_interval_for_matched_pairs():
    rows = [
        ("base", "old", "month_below_zero", "probability", [0] * 20),
        ("base", "new", "month_below_zero", "probability", [1] * 12 + [0] * 8),
    ]
    row = only(comparison(values(*rows), "base", "old"))
    assert (row["method"], row["direction"]) == ("paired Agresti-Min", "worse")
    assert (row["n"], row["same_share"], row["half_width_wanted"]) == (20, 0.4, 0.3)
    assert row["better_share"] == pytest.approx(0.2)


def test_a_baseline_that_was_not_run_leaves_nothing_to_compare():
    assert len(comparison(values(("base", "new", "closing_balance", "yuan", [1, 2])), "base", "old")) == 0


def test_stocks_of_different_accounts_are_not_compared():
    """A design with a second fund is not richer for it; an account both have is compared by itself."""
    rows = [
        ("base", "old", "closing_balance", "yuan", [1, 2]),
        ("base", "new", "closing_balance", "yuan", [11, 12]),
        ("limit", "new", "closing_balance", "yuan", [10, 13]),
        ("base", "old", "closing_balance_of[pool]", "yuan", [1, 2]),
        ("base", "new", "closing_balance_of[pool]", "yuan", [2, 3]),
        ("base", "new", "closing_balance_of[pilot]", "yuan", [9, 9]),
    ]
    accounts = {"old": frozenset({"pool"}), "new": frozenset({"pool", "pilot"})}
    table = comparison(values(*rows), "base", "old", accounts=accounts)
    told = set(zip(table["world"], table["design"], table["baseline_design"], table["metric"], strict=True))
    assert told == {
        ("base", "new", "old", "closing_balance_of[pool]"),
        ("limit", "new", "new", "closing_balance"),
    }


def pairs(table):
    """Return what is compared with what."""
    named = table[["world", "design", "baseline_world", "baseline_design"]].astype(object)
    return set(named.where(named.notna(), None).itertuples(index=False, name=None))


ORIGINS = {"worlds": {"limited-6": "limited"}, "designs": {"pilot-dear": "pilot"}}


def places(*named):
    return values(*((world, design, "injuries", "injuries", [1, 2]) for world, design in named))


def test_a_variant_is_compared_with_what_it_varies_all_else_equal():
    worlds, designs = ("base", "limited", "limited-6"), ("daily", "pilot", "pilot-dear", None)
    of = places(*((world, design) for world in worlds for design in designs))
    before, after = (pairs(comparison(of, "base", "daily", origins=each)) for each in (None, ORIGINS))
    assert after - before == {
        *((world, "pilot-dear", world, "pilot") for world in worlds),
        *(("limited-6", design, "limited", design) for design in designs),
    }
    assert before <= after


def test_a_variant_of_the_baseline_is_compared_with_it_once():
    of = places(("base", "pilot"), ("base", "pilot-dear"), ("limited", "pilot"), ("limited-6", "pilot"))
    table = comparison(of, "limited", "pilot", origins=ORIGINS)
    assert not table.duplicated(["world", "design", "baseline_world", "baseline_design", "metric"]).any()
    assert pairs(table) == {
        ("base", "pilot", "limited", "pilot"),
        ("base", "pilot-dear", "base", "pilot"),
        ("limited-6", "pilot", "limited", "pilot"),
    }


def test_a_variant_on_a_world_of_its_own_is_compared_with_the_original_on_its_own():
    stages = ("limited~pilot", "limited~pilot-dear", "limited-6~pilot", "limited-6~pilot-dear")
    of = places(*((stage, design) for stage in stages for design in (None, stage.split("~")[1])))
    assert pairs(comparison(of, "base", "daily", origins=ORIGINS)) == {
        ("limited~pilot-dear", "pilot-dear", "limited~pilot", "pilot"),
        ("limited~pilot-dear", None, "limited~pilot", None),
        ("limited-6~pilot", "pilot", "limited~pilot", "pilot"),
        ("limited-6~pilot", None, "limited~pilot", None),
        ("limited-6~pilot-dear", "pilot-dear", "limited~pilot-dear", "pilot-dear"),
        ("limited-6~pilot-dear", None, "limited~pilot-dear", None),
        ("limited-6~pilot-dear", "pilot-dear", "limited-6~pilot", "pilot"),
        ("limited-6~pilot-dear", None, "limited-6~pilot", None),
    }


def test_what_is_varied_and_was_not_run_is_compared_with_the_baseline_alone():
    of = places(("base", "daily"), ("base", "pilot-dear"))
    assert pairs(comparison(of, "base", "daily", origins=ORIGINS)) == {
        ("base", "pilot-dear", "base", "daily")
    }


def family_of_three():
    """Return three designs against one: one clearly better, one unclear once there are three, one the same."""
    return values(
        ("base", "old", "closing_balance", "yuan", [0, 0, 0, 0]),
        ("base", "far", "closing_balance", "yuan", [100, 101, 99, 100]),
        ("base", "near", "closing_balance", "yuan", [1, 4, 2, 5]),
        ("base", "same", "closing_balance", "yuan", [0, 0, 0, 0]),
        ("base", "old", "injuries", "injuries", [3, 3, 3, 3]),
        ("base", "far", "injuries", "injuries", [3, 4, 3, 3]),
        ("base", "near", "injuries", "injuries", [3, None, None, None]),
    )


def test_all_pairs_of_a_metric_are_a_family():
    table = comparison(family_of_three(), "base", "old")
    balances = table[table["metric"] == "closing_balance"]
    # The pair that agrees in every replication is one of them.
    assert set(balances["family"]) == {3}
    assert set(balances["correction"]) == {"Bonferroni"}
    near = only(balances, design="near")
    alone = paired_difference([1, 4, 2, 5], [0] * 4, direction="higher", family=3)
    assert (near["ci_low"], near["ci_high"]) == (alone.low, alone.high)
    assert (near["joint_low"], near["joint_high"]) == (alone.joint_low, alone.joint_high)
    assert near["n_needed"] == alone.n_needed
    # Its own interval leaves zero out; the joint one, from which is read what it says, does not.
    assert near["ci_low"] > 0 > near["joint_low"]
    assert near["direction"] == "unclear"
    assert only(balances, design="far")["direction"] == "better"
    same = only(balances, design="same")
    assert (same["joint_low"], same["joint_high"], same["same_share"], same["direction"]) == (
        0,
        0,
        1,
        "unclear",
    )


def test_a_pair_of_which_nothing_is_said_is_in_no_family():
    table = comparison(family_of_three(), "base", "old")
    injuries = table[table["metric"] == "injuries"]
    assert list(injuries["family"]) == [1, 1]
    assert set(injuries["correction"]) == {"none"}
    assert only(injuries, design="near")["n"] == 1


def test_one_pair_is_told_by_its_own_interval():
    table = comparison(family_of_three(), "base", "old")
    row = only(table, metric="injuries", design="far")
    assert (row["joint_low"], row["joint_high"]) == (row["ci_low"], row["ci_high"])


def test_replications_are_needed_for_the_half_width_that_is_stated():
    rows = [
        ("base", design, f"net_position[{year}]", "yuan", [shift, 2 * shift + year % 10, 3 * shift])
        for design, shift in (("old", 0), ("new", 10))
        for year in (2022, 2023)
    ]
    plain = comparison(values(*rows), "base", "old")
    assert list(plain["half_width_wanted"]) == list(plain["difference"].abs() / 2)
    stated = comparison(
        values(*rows), "base", "old", half_widths={"net_position[year]": 3.0, "net_position[2023]": 0.5}
    )
    assert list(stated["half_width_wanted"]) == [3.0, 0.5]
    found = paired_difference([10, 22, 30], [0, 2, 0], half_width=3.0)
    assert stated["n_needed"].iloc[0] == found.n_needed < stated["n_needed"].iloc[1]


def test_a_half_width_of_what_is_not_compared_is_refused():
    with pytest.raises(InputError, match=r"'net_position', which is not compared\. Compared are closing_b"):
        comparison(family_of_three(), "base", "old", half_widths={"net_position": 1.0})
    for wrong in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(InputError, match="must be a number above 0"):
            comparison(family_of_three(), "base", "old", half_widths={"injuries": wrong})


def test_the_gain_of_pairing_is_a_column():
    mine, theirs = [11, 14, 12, 19], [1, 3, 2, 8]
    rows = [
        ("base", "old", "closing_balance", "yuan", theirs),
        ("base", "new", "closing_balance", "yuan", mine),
    ]
    assert only(comparison(values(*rows), "base", "old"))["pairing_gain"] == pairing_gain(mine, theirs)
    assert math.isnan(only(comparison(family_of_three(), "base", "old"), design="same")["pairing_gain"])
