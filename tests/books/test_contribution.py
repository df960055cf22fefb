"""Contributions: the base of every kind counted again from the exposure, rates, lags and rounding."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from injurysim.core.money import round_half_up

SCHEME = ["month", "region", "industry", "platform"]


@pytest.fixture(scope="session")
def owed(small):
    """Return a function: the rows of contributions under a rule, and the exposure."""

    def rows(contribution, groups=None, months=3, world=None, **law):
        worlds = {"base": small.world(groups, per_1000_hours=(0, 0), **(world or {}))}
        law = small.scheme(contribution=contribution, handling=small.IMMEDIATE, **law)
        found = small.frames(small.document({"plan": small.design({"plan": law})}, worlds, months))
        return found["contributions"], found["exposure"], found["fund"]

    return rows


def one_by_one(small, count=5):
    """Groups of a single rider each, so that a row of exposure is one engagement."""
    return {f"g{number}": small.group(1) for number in range(count)}


@pytest.mark.parametrize(
    ("contribution", "unit", "column"),
    [
        ({"kind": "per_order", "industries": {"food": "0.06", "parcel": "0.25"}}, "order", "orders"),
        ({"kind": "per_day", "yuan": "1.065"}, "rider_day", "rider_days"),
        ({"kind": "per_month", "yuan": "33.335"}, "rider_month", "riders_active"),
        ({"kind": "share_of_earnings", "rate": "0.0213"}, "earnings_fen", "earnings_fen"),
    ],
)
def test_the_base_is_the_exposure(owed, contribution, unit, column):
    rows, exposure, _ = owed({"payer": "platform", **contribution})
    assert set(rows["base_unit"]) == {unit}
    counted = exposure.groupby(SCHEME)[column].sum()
    assert rows.set_index(SCHEME)["base_true"].sort_index().to_dict() == counted.to_dict()
    assert (rows["base_declared"] == rows["base_true"]).all()


def test_payroll_is_held_between_floor_and_ceiling_for_every_worker_and_month(small, owed):
    """Half-time riders below the floor, others above the ceiling, and those between; nobody who did not work."""
    rule = {
        "kind": "payroll",
        "payer": "engager",
        "rate": "0.0137",
        "floor_yuan": {"dated": {"2024-01-01": "1500.01", "2024-03-01": 2000}},
        "ceiling_yuan": 3000,
    }
    lazy = {"attendance": {"workday": "0.02", "weekend": 0, "holiday": 0}}
    groups = one_by_one(small, 8)
    for name in ("g0", "g1"):
        groups[name]["work"] = {**groups[name]["work"], **lazy}
    rows, exposure, _ = owed(rule, groups)
    worked = exposure[exposure["rider_days"] > 0].copy()
    floor = np.where(worked["month"] < "2024-03", 150001, 200000)
    worked["payroll"] = np.clip(worked["earnings_fen"], floor, 300000)
    assert rows.set_index(SCHEME)["base_true"].to_dict() == worked.groupby(SCHEME)["payroll"].sum().to_dict()
    assert (worked["earnings_fen"] < floor).any()
    assert (worked["earnings_fen"] > 300000).any()
    assert worked["earnings_fen"].between(200000, 300000).any()
    assert set(rows["rate"]) == {Decimal("0.000137")}
    assert rows["due_fen"].tolist() == [
        round_half_up(Fraction(int(base)) * Fraction("0.0137")) for base in rows["base_true"]
    ]


def test_nothing_is_owed_under_a_free_scheme(owed):
    rows, _, fund = owed({"kind": "none"})
    assert rows.empty
    assert (fund["contributions_fen"] == 0).all()


def test_a_row_is_rounded_half_up_once(owed):
    rows, _, fund = owed({"kind": "per_day", "payer": "worker", "yuan": "0.0005"})
    for row in rows.itertuples():
        assert row.due_fen == round_half_up(Fraction(int(row.base_declared)) * Fraction("0.05"))
    assert (rows["paid_fen"] == rows["due_fen"]).all()
    received = rows.groupby("month")["paid_fen"].sum()
    assert received.to_dict() == fund.set_index("month")["contributions_fen"].loc[received.index].to_dict()
    assert set(rows["payer"]) == {"worker"}


@pytest.mark.parametrize("lag", [1, 2, 3])
def test_the_pilot_bills_an_earlier_month(small, owed, lag):
    """With a lag of k months month m + k receives what month m owed at once; what falls after the run is not."""
    at_once, _, _ = owed(small.PER_ORDER)
    late, _, fund = owed({**small.PER_ORDER, "lag_months": lag})
    moved = at_once.assign(month=[f"2024-{int(month[-2:]) + lag:02}" for month in at_once["month"]])
    moved = moved[moved["month"] <= "2024-05"]
    assert late.to_dict("records") == moved.to_dict("records")
    assert (fund["contributions_fen"][:lag] == 0).all()
    assert (fund["contributions_fen"][lag : lag + 2] > 0).all()


@pytest.mark.parametrize("kind", ["per_order", "per_day", "payroll"])
def test_doubling_the_premium_doubles_the_dues_before_rounding(small, owed, kind):
    rules = {
        "per_order": lambda times: {"industries": {"food": str(Decimal("0.0637") * times), "parcel": times}},
        "per_day": lambda times: {"yuan": str(Decimal("1.0651") * times)},
        "payroll": lambda times: {"rate": str(Decimal("0.00313") * times)},
    }
    once, _, _ = owed({"kind": kind, "payer": "platform", **rules[kind](1)})
    twice, _, _ = owed({"kind": kind, "payer": "platform", **rules[kind](2)})
    changed = ["rate", "due_fen", "paid_fen"]
    assert once.drop(columns=changed).equals(twice.drop(columns=changed))
    for one, two in zip(once.itertuples(), twice.itertuples(), strict=True):
        exact = Fraction(int(one.base_declared)) * Fraction(one.rate) * 100
        assert Fraction(int(two.base_declared)) * Fraction(two.rate) * 100 == 2 * exact
        assert (one.due_fen, two.due_fen) == (round_half_up(exact), round_half_up(2 * exact))


def test_a_dated_rate_has_its_rows(small, owed):
    food = {"dated": {"2024-01-01": "0.06", "2024-02-01": "0.05", "2024-04-01": "0.04"}}
    rule = {
        "kind": "per_order",
        "payer": "platform",
        "lag_months": 1,
        "industries": {"food": food, "parcel": "0.2"},
    }
    rows, _, _ = owed(rule)
    rows = rows[rows["industry"] == "food"]
    assert rows["month"].tolist() == ["2024-02", "2024-03", "2024-04"]
    # The rate is that of the month in which the orders were taken, whenever they are billed.
    assert rows["rate"].tolist() == [Decimal("0.06"), Decimal("0.05"), Decimal("0.05")]
    assert rows["rate_from"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-01", "2024-02-01", "2024-02-01"]


def test_a_platform_may_have_its_own_rate_and_an_industry_none(small, owed):
    rule = {
        "kind": "per_order",
        "payer": "platform",
        "industries": {"food": "0.06"},
        "platforms": {"alpha": "0.11"},
    }
    rows, _, _ = owed(rule)
    assert set(rows["platform"]) == {"alpha"}
    assert set(rows["rate"]) == {Decimal("0.11")}


def test_a_fixed_factor_is_in_every_row(small, owed):
    plain, _, _ = owed(small.PER_ORDER)
    rated, _, _ = owed(small.PER_ORDER, rating={"kind": "fixed", "factor": "1.2", "grade": "120 %"})
    assert set(rated["factor"]) == {Decimal("1.2")}
    assert set(rated["grade"]) == {"120 %"}
    assert plain["grade"].isna().all()
    for base, rate, due in zip(rated["base_true"], rated["rate"], rated["due_fen"], strict=True):
        assert due == round_half_up(Fraction(int(base)) * Fraction(rate) * 120)


def test_only_the_insured_owe(small, owed):
    """Of three groups by relation and two platforms, of which one joins in February, only the eligible count."""
    groups = {
        name: small.group(2, [{"alpha": "0.5", "beta": "0.5"}], relation={name: 1})
        for name in ("labour_relation", "not_fully", "own_account")
    }
    rows, exposure, _ = owed(
        small.PER_ORDER,
        groups,
        eligible={"relations": ["not_fully", "own_account"], "groups": ["not_fully", "labour_relation"]},
        enrolment={"kind": "mandatory", "joins": "2024-01-01", "platforms": {"beta": "2024-02-01"}},
    )
    mine = exposure[
        (exposure["group"] == "not_fully")
        & ((exposure["platform"] == "alpha") | (exposure["month"] > "2024-01"))
    ]
    assert rows.set_index(SCHEME)["base_true"].to_dict() == mine.set_index(SCHEME)["orders"].to_dict()
    assert len(rows) == 5


@pytest.mark.parametrize("clock", ["online", "engaged"])
def test_hours_are_counted_in_minutes_and_charged_exactly(owed, clock):
    """An hourly rate that no decimal of a minute can hold: 0.07 yuan / 60."""
    rows, exposure, _ = owed({"kind": f"per_{clock}_hour", "payer": "platform", "yuan": "0.07"})
    assert set(rows["base_unit"]) == {f"{clock}_minute"}
    minutes = (exposure.groupby(SCHEME)[f"{clock}_hours"].sum() * 60).round().astype(int)
    assert rows.set_index(SCHEME)["base_true"].to_dict() == minutes.to_dict()
    for row in rows.itertuples():
        assert row.due_fen == round_half_up(Fraction(int(row.base_true)) * 7 / 60)


def test_a_rider_owes_once_a_month_by_the_first_platform_worked_on(small, owed):
    groups = {
        "both": small.group(3, [{"beta": "0.5", "alpha": "0.5"}]),
        "one": small.group(2, [{"alpha": 1}]),
    }
    rows, exposure, _ = owed({"kind": "per_month", "payer": "worker", "yuan": "20", "once": True}, groups)
    owing = rows.groupby(["month", "platform"])["base_true"].sum()
    for month in ("2024-01", "2024-02", "2024-03"):
        # Everybody of "both" works in every month, first on beta.
        assert owing[month].to_dict() == {"alpha": 2, "beta": 3}
    assert (exposure["riders_active"] > 0).all()


def test_a_year_is_owed_once_with_the_first_insured_work_in_it(small, owed):
    """Policy years run from the scheme's start in March 2024: all owe in March of both years, and never between."""
    groups = {
        "both": small.group(3, [{"alpha": "0.5", "beta": "0.5"}]),
        "late": small.group(2, [{"beta": 1}]),
    }
    joins = {"kind": "mandatory", "joins": "2024-03-01", "platforms": {"beta": "2024-05-01"}}
    rows, _, _ = owed({"kind": "per_year", "payer": "worker", "yuan": "120"}, groups, 16, enrolment=joins)
    assert set(rows["base_unit"]) == {"rider_year"}
    owing = rows[rows["base_true"] > 0].set_index(["month", "platform"])["base_true"].to_dict()
    # Who works on beta alone is insured from May on, and owes then in the first year.
    assert owing == {
        ("2024-03", "alpha"): 3,
        ("2024-05", "beta"): 2,
        ("2025-03", "alpha"): 3,
        ("2025-03", "beta"): 2,
    }
    assert rows["due_fen"].sum() == 10 * 12000


def test_turnover_is_orders_times_what_the_platform_takes(small, owed):
    platforms = {
        "alpha": {**small.platform(), "turnover_per_order_yuan": "30.015"},
        "beta": {**small.platform("parcel", 2, "7"), "turnover_per_order_yuan": "12"},
    }
    rule = {"kind": "share_of_turnover", "payer": "platform", "rate": "0.01"}
    rows, exposure, _ = owed(rule, world={"platforms": platforms})
    orders = exposure.groupby(SCHEME)["orders"].sum().to_dict()
    taken = {"alpha": Fraction("3001.5"), "beta": Fraction(1200)}
    for place, base in rows.set_index(SCHEME)["base_true"].to_dict().items():
        assert base == round_half_up(orders[place] * taken[place[-1]])
    assert set(rows["rate"]) == {Decimal("0.0001")}


def test_a_share_of_turnover_is_at_most_a_share_of_the_payments_to_riders(small, owed):
    """0.01 x 30 yuan is less than 0.05 x 6.5 on alpha; on beta 0.01 x 40 is more than 0.05 x 7, and that is owed."""
    platforms = {
        "alpha": {**small.platform(), "turnover_per_order_yuan": 30},
        "beta": {**small.platform("parcel", 2, "7"), "turnover_per_order_yuan": 40},
    }
    rule = {"kind": "share_of_turnover", "payer": "platform", "rate": "0.01", "at_most_of_earnings": "0.05"}
    rows, exposure, _ = owed(rule, world={"platforms": platforms})
    assert dict(zip(rows["platform"], rows["base_unit"], strict=True)) == {
        "alpha": "turnover_fen",
        "beta": "earnings_fen",
    }
    orders = exposure.groupby("platform")["orders"].sum()
    assert abs(rows[rows["platform"] == "alpha"]["due_fen"].sum() - orders["alpha"] * 30) <= 3
    assert abs(rows[rows["platform"] == "beta"]["due_fen"].sum() - orders["beta"] * 35) <= 3


def test_payroll_goes_by_the_risk_class_of_the_industry(owed):
    rule = {
        "kind": "payroll",
        "payer": "engager",
        "risk_classes": {2: "0.004", 5: {"dated": {"2024-01-01": "0.009", "2024-03-01": "0.011"}}},
        "industries": {"food": 5, "parcel": 2},
    }
    rows, _, _ = owed(rule)
    rates = rows.set_index(["month", "industry"])["rate"]
    assert set(rates.xs("parcel", level="industry")) == {Decimal("0.00004")}
    assert rates["2024-02", "food"] == Decimal("0.00009")
    assert rates["2024-03", "food"] == Decimal("0.00011")


def test_factors_of_region_and_price_are_in_the_rate(small, owed):
    world = {"regions": {"east": {}, "west": {}}}
    groups = {"east": small.group(2), "west": small.group(2, region="west")}
    rule = {
        **small.PER_ORDER,
        "region_factors": {"west": {"dated": {"2024-01-01": "1.5", "2024-02-01": "1.25"}}},
        "price_factor": "0.876543",
    }
    rows, _, _ = owed(rule, groups, world=world)
    food = rows[rows["industry"] == "food"].set_index(["region", "month"])
    assert set(food.loc["east"]["rate"]) == {Decimal("0.06") * Decimal("0.876543")}
    assert food.loc["west", "2024-01"]["rate"] == Decimal("0.09") * Decimal("0.876543")
    assert food.loc["west", "2024-03"]["rate"] == Decimal("0.075") * Decimal("0.876543")
    assert str(food.loc["west", "2024-03"]["rate_from"])[:10] == "2024-02-01"
    assert (rows["factor"] == 1).all()
