"""Every kind of benefit in one design, with layers and drivers at fault: tables balance, and the past stands still."""

from __future__ import annotations

import pytest

SEVERE = {
    "mild": {
        "share": "0.4",
        "medical_yuan": {"kind": "lognormal", "mean": 900, "cv": 1.2},
        "days_off": {"kind": "gamma", "mean": 3, "cv": 1},
    },
    "serious": {
        "share": "0.3",
        "medical_yuan": {"kind": "lognormal", "mean": 15000, "cv": 1.5},
        "days_off": {"kind": "gamma", "mean": 10, "cv": 0.8},
        "disability": {10: "0.3", 5: "0.3", 1: "0.4"},
    },
    "fatal": {
        "share": "0.3",
        "medical_yuan": {"kind": "constant", "value": 5000.5},
        "days_off": {"kind": "constant", "value": 0},
        "fatal": True,
    },
}
MONTHLY = {"funding": "pay_as_you_go", "rises_a_year": "0.03"}
WAGE = {"average_wage_yuan": {"dated": {"2023-01-01": "8123.45", "2024-03-01": 8500}}}
EVERYTHING = {
    "medical": {"kind": "medical", "catalogue_share": "0.85"},
    "recovery": {"kind": "recovery_pay", "wage_share": "0.6", "most_days": 365, "payer": "platform"},
    "meals": {"kind": "daily_allowance", "yuan": 50, "waiting_days": 3, "most_days": 90},
    "grant": {"kind": "disability_grant", "months": {10: 7, 5: 18, 1: 27}},
    "reemployment": {"kind": "average_wage_grant", "months": {10: "3.5"}, **WAGE, "payer": "platform"},
    "sum": {"kind": "disability_sum", "sum_yuan": 100000, "share": {10: "0.1"}},
    "pension": {
        "kind": "disability_pension",
        "wage_share": {5: "0.7", 1: "0.9"},
        "floor_yuan": 2490,
        **MONTHLY,
    },
    "nursing": {"kind": "nursing", "wage_share": {1: "0.5"}, **WAGE, "needed_share": "0.7", **MONTHLY},
    "death": {"kind": "death_sum", "times": 20, "yuan": 51821},
    "funeral": {"kind": "funeral", "months": 6, **WAGE},
    "survivors": {
        "kind": "survivors",
        "spouse_share": "0.4",
        "other_share": "0.3",
        "orphan_extra": "0.1",
        "together_at_most": 1,
        "has_spouse": "0.6",
        "child_until_age": 18,
        "parent_years": 15,
        "children": {"kind": "poisson", "mean": 0.9},
        "child_age_years": {"kind": "uniform", "low": 0, "high": 18},
        "parents": {"kind": "discrete", "values": [0, 1, 2], "weights": [3, 1, 2]},
        "spouse_years": 30,
        **MONTHLY,
    },
    "dependants": {"kind": "dependants_pension", "wage_share": "0.05", "years": "0.25", **MONTHLY},
}
PENSIONS = ("pension", "nursing", "survivors", "dependants")


@pytest.fixture(scope="session")
def laid_out(small):
    """Return a function: the tables of the design on a horizon, with another design beside it or not."""

    def of(runoff_months, *, beside=False):
        first = small.scheme(
            handling={**small.OFFICES, "confirmation": {**small.OFFICES["confirmation"], "staff": 20}},
            reporting=small.SHARES | {"severities": {"mild": "0.5", "serious": "0.8", "fatal": 1}},
            base_wage={"kind": "own_earnings", "on": "same_industry", "floor_yuan": 3000},
            annuity={**small.ANNUITY, "extra_force": "0.3"},
            benefits=EVERYTHING,
        )
        second = {
            "handling": small.IMMEDIATE,
            "contribution": {"kind": "none"},
            "layer": {"kind": "offset", "layers": ["first"]},
        }
        third = {**second, "layer": {"kind": "secondary", "layers": ["first"]}}
        design = small.design(
            {
                "first": first,
                "second": small.scheme("insurer", **second, benefits=EVERYTHING),
                "third": small.scheme(
                    "insurer", **third, benefits={"fixed": {"kind": "fixed_sum", "yuan": 1}}
                ),
            },
            {"fund": small.account(), "insurer": small.account(kind="insurer", handling_share=0)},
            third_party={"at_fault_share": "0.3", "paid_share": "0.4", "deducted": True},
            basic_medical={"reimbursed_share": "0.5"},
        )
        designs = {"all": design} | ({"other": small.design()} if beside else {})
        worlds = {
            "base": small.world(
                {"crew": small.group(40)},
                injuries={"kind": "hazard", "per_1000_hours": {"food": 6, "parcel": 9}, "severities": SEVERE},
            )
        }
        return small.frames(small.document(designs, worlds, months=3, runoff_months=runoff_months))

    return of


def test_every_kind_is_paid_and_the_tables_balance(laid_out):
    """The identities are checked when the tables are made; here that nothing is missing from them."""
    found = laid_out(18)
    payments = found["payments"]
    for scheme in ("first", "second"):
        assert set(payments[payments["scheme"] == scheme]["benefit"]) >= set(EVERYTHING) - {"sum", "meals"}
    assert set(payments["benefit"]) >= {*EVERYTHING, "fixed"}
    assert set(payments["payer"]) == {"fund", "insurer", "platform"}
    assert (payments["amount_fen"] > 0).all()
    position = found["position"].groupby("account")["pension_liability_fen"]
    assert (position.max() > 0).all()


def test_pensions_are_paid_once_a_month_from_the_month_after_the_award_on(laid_out):
    found = laid_out(18)
    monthly = found["payments"][found["payments"]["benefit"].isin(PENSIONS)]
    month = monthly["paid_at"].dt.to_period("M")
    assert not monthly.assign(month=month).duplicated(["claim_id", "benefit", "month"]).any()
    assert (monthly["paid_at"] == (month.dt.end_time.dt.floor("min"))).all()
    closed = found["claims"].dropna(subset="claim_id").set_index("claim_id")["closed_at"]
    first = month.groupby([monthly["claim_id"], monthly["benefit"]]).min().reset_index("benefit", drop=True)
    awarded = closed.reindex(first.index).dt.to_period("M")
    gap = (first - awarded).map(lambda months: months.n)
    # Somebody who dies in the month of the award is never paid; everybody else from the next month on.
    assert (gap == 1).all()
    kept = monthly.query("benefit == 'dependants'").groupby("claim_id").size()
    assert kept.max() == 3
    rising = (
        monthly.query("benefit == 'survivors'").groupby(["claim_id", month])["amount_fen"].sum().unstack()
    )
    both = rising[["2024-12", "2025-01"]].dropna()
    assert len(both) > 5
    # But for those whose level ends with the year, the rise is 3 % of the first pension, to the fen.
    assert ((both["2025-01"] - both["2024-12"] * 1.03).abs() <= 1).mean() > 0.8


@pytest.mark.parametrize("table", ["payments", "fund"])
def test_a_longer_run_has_the_same_past(laid_out, table):
    short, long = laid_out(4)[table], laid_out(18)[table]
    before = long["paid_at"] < "2024-08-01" if table == "payments" else long["month"] < "2024-08"
    long = long[before]
    assert long.reset_index(drop=True).equals(short)


def test_a_design_beside_it_changes_nothing(small, laid_out):
    alone, both = laid_out(4), laid_out(4, beside=True)
    for table in small.BOOK_TABLES:
        assert small.of_design(alone[table], "all").equals(small.of_design(both[table], "all"))


def test_the_position_carries_on_from_the_outstanding(laid_out):
    """What is held for claims and pensions together falls by payments, and by lives and interest of a few in a hundred."""
    found = laid_out(18)
    position = found["position"].query("account == 'fund'").set_index("month")
    held = position[["outstanding_fen", "pension_liability_fen", "ibnr_fen"]].sum(axis=1)
    paid = found["fund"].query("account == 'fund'").set_index("month")["benefits_fen"]
    change = held.diff() + paid
    late = change.loc["2024-05":]
    assert (late.abs() < 0.06 * held.loc["2024-04"]).all()
