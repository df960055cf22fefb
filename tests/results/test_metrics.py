"""Every metric of the run worked out by hand (see small_run.py), in replication r = 0, 1, 2."""

from __future__ import annotations

import dataclasses
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from injurysim.results.frames import DesignFacts, Frames
from injurysim.results.metric_people import kaplan_meier_quantile
from injurysim.results.metrics import METRICS, metric_of, metric_values

BY_HAND = {
    "pilot": {
        "net_position": [49, 39, 29],
        "net_position[2022]": [9, -1, -11],
        "net_position[2023]": [49, 39, 29],
        "net_position_of[pilot]": [49, 39, 29],
        "closing_balance_of[pilot]": [99, 89, 79],
        "ultimate_loss_ratio": [19 / 30, 20 / 30, 21 / 30],
        "ultimate_loss_ratio[2022]": [0.70, 0.75, 0.80],
        "ultimate_loss_ratio[2023]": [0.5] * 3,
        "closing_balance": [99, 89, 79],
        "benefits_paid": [140, 150, 160],
        "contributions_paid": [190] * 3,
        "subsidy_paid": [0] * 3,
        "worst_month_balance": [9, -1, -11],
        "month_below_zero": [0, 1, 1],
        "fund_ratio": [None] * 3,
        "paid_ratio": [0.70, 0.75, 0.80],
        "pure_premium_per_order": [190 / 3000, 200 / 3000, 210 / 3000],
        "pure_premium_per_insured_order": [190 / 2600, 200 / 2600, 210 / 2600],
        "pure_premium_per_engaged_hour": [190 / 300, 200 / 300, 210 / 300],
        "pure_premium_per_rider_month": [190 / 36, 200 / 36, 210 / 36],
        "charged_rate[pilot]": [0.10] * 3,
        "break_even_rate[pilot]": [0.10 * 190 / 294, 0.10 * 200 / 294, 0.10 * 210 / 294],
        "platform_cost_per_order": [298 / 3000] * 3,
        "cross_subsidy[food]": [0] * 3,
        "worker_share_of_cost": [0] * 3,
        "worker_share_of_earnings": [0] * 3,
        "coverage_of_riders": [30 / 36] * 3,
        "take_up": [30 / 36] * 3,
        "coverage_of_orders": [2600 / 3000] * 3,
        "coverage_of_hours": [420 / 480] * 3,
        "coverage_of_injuries": [1] * 3,
        "reported_share": [2 / 3] * 3,
        "reported_share_of_covered": [2 / 3] * 3,
        "compensated_share": [2 / 3] * 3,
        "median_days_to_decision": [10] * 3,
        "p95_days_to_decision": [20] * 3,
        "decided_within_limit": [1] * 3,
        "undecided_claims": [0] * 3,
        "open_claims": [1] * 3,
        "uncompensated_loss_per_injured_rider": [193.5, 188.5, 183.5],
        "uncompensated_loss": [387, 377, 367],
        "loss_share_fund": [160 / 550, 170 / 550, 180 / 550],
        "loss_share_platform": [3 / 550] * 3,
        "loss_share_insurer": [0] * 3,
        "loss_share_other": [0] * 3,
        "loss_share_uncompensated": [387 / 550, 377 / 550, 367 / 550],
        "loss_share_overcompensated": [0] * 3,
    },
    "policy": {
        "net_position": [None] * 3,
        "net_position[2022]": [None] * 3,
        "net_position[2023]": [None] * 3,
        "ultimate_loss_ratio": [8 / 12] * 3,
        "ultimate_loss_ratio[2022]": [0] * 3,
        "ultimate_loss_ratio[2023]": [2] * 3,
        "closing_balance": [None] * 3,
        "benefits_paid": [None] * 3,
        "contributions_paid": [None] * 3,
        "subsidy_paid": [None] * 3,
        "worst_month_balance": [None] * 3,
        "month_below_zero": [None] * 3,
        "fund_ratio": [None] * 3,
        "paid_ratio": [None] * 3,
        "pure_premium_per_order": [8 / 3000] * 3,
        "pure_premium_per_insured_order": [8 / 3000] * 3,
        "pure_premium_per_engaged_hour": [8 / 300] * 3,
        "pure_premium_per_rider_month": [8 / 36] * 3,
        "charged_rate[policy]": [0.08] * 3,
        "break_even_rate[policy]": [0.08 * 8 / 12] * 3,
        "platform_cost_per_order": [3 / 3000] * 3,
        "cross_subsidy[food]": [None] * 3,  # the policy is charged by the day, whatever the industry
        "worker_share_of_cost": [0.75] * 3,
        "worker_share_of_earnings": [9 / 15000] * 3,
        "coverage_of_riders": [1] * 3,
        "take_up": [1] * 3,
        "coverage_of_orders": [1] * 3,
        "coverage_of_hours": [1] * 3,
        "coverage_of_injuries": [1] * 3,
        "reported_share": [1] * 3,
        "reported_share_of_covered": [1] * 3,
        "compensated_share": [1 / 3] * 3,
        "median_days_to_decision": [4] * 3,
        "p95_days_to_decision": [None] * 3,
        "decided_within_limit": [None] * 3,
        "undecided_claims": [1] * 3,
        "open_claims": [1] * 3,
        "uncompensated_loss_per_injured_rider": [271] * 3,
        "uncompensated_loss": [542] * 3,
        "loss_share_fund": [0] * 3,
        "loss_share_platform": [0] * 3,
        "loss_share_insurer": [8 / 550] * 3,
        "loss_share_other": [0] * 3,
        "loss_share_uncompensated": [542 / 550] * 3,
        "loss_share_overcompensated": [0] * 3,
    },
    None: {
        "injuries": [3] * 3,
        "deaths": [0] * 3,
        "worked_hours": [450] * 3,
        "injuries_per_million_hours": [3 / 450 * 1e6] * 3,
        "rider_days": [150] * 3,
        "rider_months": [36] * 3,
        "orders": [3000] * 3,
    },
}


def _values(values, design, metric):
    own = values[
        (values["metric"] == metric)
        & (values["design"].isna() if design is None else values["design"] == design)
    ]
    return own.sort_values("replication")["value"].tolist()


@pytest.mark.parametrize(("design", "metric"), [(d, m) for d, metrics in BY_HAND.items() for m in metrics])
def test_metric_is_what_it_is_by_hand(small_values, design, metric):
    wanted = [math.nan if value is None else value for value in BY_HAND[design][metric]]
    if "[" in metric:  # of a label that has no value there is no row
        wanted = [value for value in wanted if not math.isnan(value)]
    assert _values(small_values, design, metric) == pytest.approx(wanted, rel=1e-12, nan_ok=True)


def test_every_metric_is_worked_out_by_hand(small_values):
    found = {
        (d if isinstance(d, str) else None, m)
        for d, m in zip(small_values["design"], small_values["metric"], strict=True)
    }
    assert found == {
        (design, metric)
        for design, metrics in BY_HAND.items()
        for metric, wanted in metrics.items()
        if "[" not in metric or any(value is not None for value in wanted)
    }


def test_what_a_cell_has_does_not_depend_on_the_other_cells(small_frames, small_values):
    alone = []
    for replication in range(3):
        tables = {
            name: table[table["replication"] == replication] for name, table in small_frames.tables.items()
        }
        alone.append(metric_values(dataclasses.replace(small_frames, tables=tables)))
    order = ["metric", "unit", "design", "replication"]
    one_by_one, together = (
        frame.sort_values(order, ignore_index=True) for frame in (pd.concat(alone), small_values)
    )
    pd.testing.assert_frame_equal(one_by_one, together, check_exact=True)


def test_of_a_sample_only_what_shrinks_with_it_has_a_value(small_frames, small_values):
    sample = metric_values(dataclasses.replace(small_frames, scale=Decimal("0.1")))
    assert len(sample) == len(small_values)
    refused = {name for name, metric in METRICS.items() if metric.full_scale}
    assert {"month_below_zero", "p95_days_to_decision", "undecided_claims"} <= refused
    stem = sample["metric"].isin(refused)
    assert sample.loc[stem, "value"].isna().all()
    assert sample[~stem].equals(small_values[~stem])


def test_industries_pay_for_each_other_and_in_all_for_nobody(small_frames):
    """Half of food's dues moved to rides, which have no injuries: they pay 50 % more than theirs, food 50 % less."""
    rows = small_frames.table("contributions")
    mine = (rows["design"] == "pilot") & (rows["platform"] == "B")
    half = rows.assign(
        industry=rows["industry"].astype("object").where(~mine, "rides"),
        due_fen=rows["due_fen"].where(~mine, 6000),
    )
    worked = small_frames.table("exposure")
    worked = worked.assign(
        industry=worked["industry"].astype("object").where(worked["platform"] != "B", "rides")
    )
    tables = {**small_frames.tables, "contributions": half, "exposure": worked}
    frames = dataclasses.replace(small_frames, tables=tables)
    values = metric_values(frames)
    for industry, share in (("food", -0.5), ("rides", 0.5)):
        assert _values(values, "pilot", f"cross_subsidy[{industry}]") == pytest.approx([share] * 3)


def test_metric_names_lead_back_to_their_definitions(small_values):
    for metric in small_values["metric"].unique():
        assert metric_of(metric).name.split("[")[0] == metric.split("[")[0]
    for metric in METRICS.values():
        assert metric.formula
        assert metric.null_rule
    for unknown in ("no_such_metric", "closing_balance[2022]"):
        with pytest.raises(KeyError):
            metric_of(unknown)


def test_units_of_rates_are_the_schemes_own(small_values):
    units = small_values.set_index("metric")["unit"].groupby(level=0).first()
    assert units["break_even_rate[pilot]"] == "yuan/order"
    assert units["charged_rate[policy]"] == "yuan/rider_day"


def _changed(frames, name, change, **more):
    tables = {**frames.tables, name: change(frames.table(name).copy())}
    return metric_values(dataclasses.replace(frames, tables=tables, **more))


def test_deaths_are_the_fatal_injuries(small_frames):
    def two_in_the_last(rows):
        last = rows.index[rows["replication"] == 2][:2]
        rows.loc[last, "fatal"] = True
        return rows

    values = _changed(small_frames, "injuries", two_in_the_last)
    found = values[values["metric"] == "deaths"].set_index("replication")["value"]
    assert found.to_dict() == {0: 0, 1: 0, 2: 2}


def test_subsidies_of_the_months_of_exposure_are_added(small_frames):
    values = _changed(small_frames, "fund", lambda rows: rows.assign(subsidy_fen=500))
    found = values[(values["metric"] == "subsidy_paid") & (values["design"] == "pilot")]["value"]
    assert list(found) == [15.0] * 3  # three months of exposure, and one of run-off that does not count


def test_rate_on_earnings_is_told_as_a_share(small_frames):
    def payroll(rows):
        # 500 000 fen of payroll a month at 0.06 % and 0.02 %.
        rows.loc[rows["design"] == "policy", "base_unit"] = "payroll_fen"
        rows.loc[rows["design"] == "policy", "base_declared"] = 500_000
        return rows

    values = _changed(small_frames, "contributions", payroll)
    assert _values(values, "policy", "charged_rate[policy]") == pytest.approx([0.0008] * 3)
    assert set(values[values["metric"] == "charged_rate[policy]"]["unit"]) == {"share of payroll"}


def test_rate_on_minutes_is_told_by_the_hour(small_frames):
    def minutes(rows):
        # 50 minutes are due 4 yuan: 4.8 yuan an hour.
        rows.loc[rows["design"] == "policy", "base_unit"] = "online_minute"
        return rows

    values = _changed(small_frames, "contributions", minutes)
    assert _values(values, "policy", "charged_rate[policy]") == pytest.approx([4.8] * 3)
    assert set(values[values["metric"] == "charged_rate[policy]"]["unit"]) == {"yuan/online_hour"}


def test_late_fees_and_fines_are_a_cost_and_late_fees_are_income(small_frames):
    """Platforms of the pilot pay 300 yuan more on the same orders; the fund gets a third of it."""

    def inspected(rows):
        mine = rows[(rows["design"] == "pilot") & (rows["platform"] == "A")]
        rows.loc[mine.groupby("replication").head(1).index, ["late_fee_fen", "fine_fen"]] = [10_000, 20_000]
        return rows

    before = metric_values(small_frames)
    after = _changed(small_frames, "contributions", inspected)
    orders = small_frames.table("exposure").groupby("replication")["orders"].sum().to_numpy()
    dearer = np.array(_values(after, "pilot", "platform_cost_per_order")) - np.array(
        _values(before, "pilot", "platform_cost_per_order")
    )
    assert dearer == pytest.approx(300 / orders)
    received = np.array([295.0] * 3)  # of the three months, yuan
    even = [np.array(_values(values, "pilot", "break_even_rate[pilot]")) for values in (before, after)]
    handling = 1.0
    assert even[0] / even[1] == pytest.approx((received + 100 - handling) / (received - handling))


def test_several_base_units_have_no_break_even_rate(small_frames):
    def mixed(rows):
        rows.loc[(rows["design"] == "policy") & (rows["payer"] == "worker"), "base_unit"] = "rider_month"
        return rows

    values = _changed(small_frames, "contributions", mixed)
    assert _values(values, "policy", "break_even_rate[policy]") == []


def test_without_the_lag_the_years_earn_what_they_are_billed(small_frames):
    values = metric_values(dataclasses.replace(small_frames, designs={}))
    assert _values(values, "pilot", "ultimate_loss_ratio[2022]") == pytest.approx([1.40, 1.50, 1.60])


def test_limit_counts_days_the_way_the_law_does(small_frames):
    def doubled(start, end):
        return (end - start) / np.timedelta64(12, "h")

    def limited(limit):
        def set_limit(rows):
            rows.loc[rows["design"] == "pilot", "limit_days"] = limit
            return rows

        return set_limit

    for limit, facts, wanted in (
        (10, DesignFacts(), 0.5),
        (7, DesignFacts(), 0.0),
        (15, DesignFacts(doubled), 0.0),
        (pd.NA, DesignFacts(), math.nan),
    ):
        values = _changed(small_frames, "claims", limited(limit), designs={"pilot": facts})
        assert _values(values, "pilot", "decided_within_limit") == pytest.approx([wanted] * 3, nan_ok=True)


def test_open_claims_beyond_the_limit_count_against_it(small_frames):
    def accepted(limit):
        def accept(rows):
            mine = rows["design"] == "policy"
            rows.loc[mine, "accepted_at"], rows.loc[mine, "limit_days"] = rows["notified_at"], limit
            return rows

        return accept

    # Of the three claims one is decided in 1 day, one in 4, and one is open for 85 days.
    for limit, wanted in ((2, 1 / 3), (10, 2 / 3), (100, 1.0)):
        values = _changed(small_frames, "claims", accepted(limit), designs={"policy": DesignFacts()})
        assert _values(values, "policy", "decided_within_limit") == pytest.approx([wanted] * 3)


def test_own_accounts_can_be_named(small_frames):
    facts = {"pilot": DesignFacts(fund_accounts=["another"])}
    values = metric_values(dataclasses.replace(small_frames, designs=facts))
    assert _values(values, "pilot", "closing_balance") == pytest.approx([math.nan] * 3, nan_ok=True)


def test_balance_below_zero_is_read_before_the_deficit_rule(small_frames):
    def topped_up(rows):
        december = (rows["design"] == "pilot") & (rows["month"] == "2022-12")
        rows.loc[december, "closing_fen"] = rows.loc[december, "closing_fen"].clip(lower=0)
        return rows

    values = _changed(small_frames, "fund", topped_up)
    assert _values(values, "pilot", "month_below_zero") == [0, 1, 1]
    assert _values(values, "pilot", "worst_month_balance") == [9, -1, -11]


def test_runoff_does_not_count_for_the_balance(small_frames):
    def later(rows):
        rows.loc[rows["month"] == "2023-02", ["closing_fen", "deficit_before_rule_fen"]] = (-5, 5)
        return rows

    values = _changed(small_frames, "fund", later)
    assert _values(values, "pilot", "closing_balance") == [99, 89, 79]
    assert _values(values, "pilot", "month_below_zero") == [0, 1, 1]


def test_fund_ratio_needs_twelve_months(small_frames):
    def year(rows):
        rows = rows[(rows["design"] == "pilot") & (rows["month"] == "2023-01")]
        months = [f"2022-{month:02d}" for month in range(2, 13)] + ["2023-01"]
        return pd.concat([rows.assign(month=month, benefits_fen=900, handling_fen=100) for month in months])

    values = _changed(small_frames, "fund", year)
    assert _values(values, "pilot", "fund_ratio") == pytest.approx([9.9, 8.9, 7.9])


def test_without_losses_nothing_is_said_of_them(small_frames):
    def none(rows):
        return rows.assign(loss_fen=0, uncompensated_fen=0)

    values = _changed(small_frames, "coverage", none)
    for metric in ("uncompensated_loss_per_injured_rider", "loss_share_fund", "loss_share_uncompensated"):
        assert _values(values, "pilot", metric) == pytest.approx([math.nan] * 3, nan_ok=True)


def test_metrics_of_one_cell_are_those_of_the_run(small_frames, small_values):
    tables = {name: rows[rows["replication"] == 1] for name, rows in small_frames.tables.items()}
    alone = metric_values(dataclasses.replace(small_frames, tables=tables))
    whole = small_values[small_values["replication"] == 1]
    key = ["world", "design", "metric"]
    assert alone.sort_values(key)["value"].tolist() == pytest.approx(
        whole.sort_values(key)["value"].tolist(), nan_ok=True
    )


def test_a_run_of_nothing_has_metrics_of_nothing():
    assert metric_values(Frames({}, "2023-01")).empty


def test_kaplan_meier_by_hand():
    # Ends at 1, 3 and 4; last seen open at 2: survival 3/4, then 3/8, then 0.
    times, ended = [1.0, 2.0, 3.0, 4.0], [True, False, True, True]
    assert kaplan_meier_quantile(times, ended, 0.25) == 1
    assert kaplan_meier_quantile(times, ended, 0.5) == 3
    assert kaplan_meier_quantile(times, ended, 0.95) == 4
    assert kaplan_meier_quantile([1.0, 2.0], [False, False], 0.5) is None
    assert kaplan_meier_quantile([], [], 0.5) is None


def test_kaplan_meier_is_that_of_scipy():
    from scipy import stats

    rng = np.random.default_rng(5)
    times, ended = rng.integers(1, 30, 200).astype(float), rng.random(200) < 0.7
    data = stats.CensoredData.right_censored(times, ~ended)
    cdf = stats.ecdf(data).cdf
    for q in (0.1, 0.5, 0.9):
        wanted = cdf.quantiles[np.flatnonzero(cdf.probabilities >= q)[0]]
        assert kaplan_meier_quantile(times, ended, q) == wanted
