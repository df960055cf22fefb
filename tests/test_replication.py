"""A cell: it balances to the fen, is a function of its keys, and designs beside each other do not touch."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from injurysim.core.balance import check_cell
from injurysim.core.errors import BalanceError
from injurysim.core.tables import digest

small = SimpleNamespace(**run_path(str(Path(__file__).parent / "books/small_cells.py")))


def digests(tables):
    return {name: digest(table) for name, table in tables.items()}


def same_rows(one, other):
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


CONTRIBUTIONS = st.sampled_from(
    [
        small.PER_ORDER,
        {"kind": "per_day", "payer": "worker", "lag_months": 1, "yuan": "1.065"},
        {"kind": "per_month", "payer": "state", "lag_months": 2, "yuan": "33.335"},
        {
            "kind": "payroll",
            "payer": "engager",
            "rate": "0.0137",
            "floor_yuan": "3000.01",
            "ceiling_yuan": "9000",
        },
        {"kind": "per_online_hour", "payer": {"platform": "0.7", "worker": "0.3"}, "yuan": "0.35"},
        {"kind": "per_year", "payer": "worker", "yuan": "99.99"},
        {
            **small.PER_ORDER,
            "declared": {"share": "0.6"},
            "arrears": {"late_share": "0.4", "paid_after_months": 2, "written_off_share": "0.5"},
            "inspection": {
                "monthly_probability": "0.5",
                "looks_back_months": 2,
                "late_fee_per_day": "0.0005",
                "fine_share": "0.3",
            },
        },
        {"kind": "none"},
    ]
)
WHOSE = st.fixed_dictionaries(
    {
        "two_orders": st.sampled_from(["first_accepted", "by_orders", "by_recent_earnings", "pooled"]),
        "no_order": st.sampled_from(["last_completed", "next_accepted", "by_online_time", "pooled", "none"]),
    }
)
ATTRIBUTIONS = st.fixed_dictionaries(
    {"liable": WHOSE, "paying": WHOSE},
    optional={"platform_accounts": st.just({"beta": "insurer", "alpha": "fund"})},
)
RATINGS = st.sampled_from(
    [
        {"kind": "none"},
        {
            "kind": "ladder",
            "window_months": 1,
            "lag_months": 0,
            "first_effective": "2024-02-01",
            "every_months": 1,
            "steps": [{"grade": "low", "factor": "0.8"}, {"grade": "high", "factor": "1.3"}],
            "newcomer": "low",
            "down_to_ratio": "0.5",
            "up_above_ratio": 1,
        },
    ]
)
SCHEMES = st.builds(
    lambda contribution, rating, cover, reporting, handling, account, attribution: small.scheme(
        account,
        contribution=contribution,
        rating=rating,
        cover={"kind": cover},
        reporting=reporting,
        handling=handling,
        attribution=attribution,
    ),
    CONTRIBUTIONS,
    RATINGS,
    st.sampled_from(["order", "online"]),
    st.sampled_from([{"kind": "all"}, small.SHARES]),
    st.sampled_from([small.IMMEDIATE, small.OFFICES]),
    st.sampled_from(["fund", "insurer"]),
    st.one_of(st.just({}), ATTRIBUTIONS),
)
DEFICITS = st.sampled_from(
    [
        {"kind": "carry"},
        {"kind": "state_subsidy"},
        {"kind": "borrow", "annual_rate": "0.0435"},
        {"kind": "from_account", "account": "insurer"},
        {"kind": "raise_rate", "step": "0.15", "most": "1.4", "release_months": 6},
    ]
)
COSTS = st.fixed_dictionaries(
    {},
    optional={
        "subsidy_yuan": st.just("123.45"),
        "handling_yuan_per_claim": st.just("33.335"),
        "prevention_share": st.just("0.021"),
        "appraisal_yuan": st.just(300),
        "background": st.just({"income_yuan": "9000.5", "outgo_yuan": "8800"}),
        "third_party_recovery": st.just({"recovered_share": "0.3", "after_months": 1}),
    },
)
ACCOUNTS = st.builds(
    lambda opening, share, base, rule, costs: {
        "fund": small.account(
            opening_yuan=str(opening),
            handling_share=share,
            interest={"annual_rate": "0.03", "base": base},
            deficit=rule,
            **costs,
        ),
        "insurer": small.account(kind="insurer", opening_yuan="0"),
    },
    st.integers(0, 10**6),
    st.sampled_from(["0", "0.05", "0.333"]),
    st.sampled_from(["opening", "opening_plus_half_net"]),
    DEFICITS,
    COSTS,
)
DESIGNS = st.builds(
    lambda schemes, accounts, share: small.design(
        {f"s{number}": law for number, law in enumerate(schemes)},
        accounts,
        third_party={"at_fault_share": "0.5", "paid_share": "0.5"},
        **({} if share is None else {"basic_medical": {"reimbursed_share": share}}),
    ),
    st.lists(SCHEMES, min_size=1, max_size=2),
    ACCOUNTS,
    st.sampled_from([None, "0.5", "0.77"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    designs=st.lists(DESIGNS, min_size=1, max_size=2),
    riders=st.integers(1, 6),
    hazard=st.integers(0, 40),
    months=st.integers(2, 4),
    runoff=st.integers(0, 2),
    seed=st.integers(0, 2**32 - 1),
    at_once=st.booleans(),
)
def test_every_cell_balances(designs, riders, hazard, months, runoff, seed, at_once):
    """run_cell raises when an identity of core.balance fails; checks run again here, should it ever not ask."""
    crew = small.group(riders)
    crew["portfolios"]["p1"]["at_once"] = at_once
    worlds = {"base": small.world({"crew": crew}, (hazard, hazard))}
    named = {f"d{number}": design for number, design in enumerate(designs)}
    found = small.tables(small.document(named, worlds, months, runoff), seed=seed)
    assert found["fund"].num_rows == len(named) * 2 * (months + runoff)
    assert check_cell(found) == []


def test_a_cell_that_does_not_balance_is_refused(monkeypatch):
    from injurysim.books.fund.ledger import Ledger

    def enter(self, day, flows, enter=Ledger.enter):
        flows.contributions_fen += 1
        enter(self, day, flows)

    monkeypatch.setattr(Ledger, "enter", enter)
    with pytest.raises(BalanceError, match="world 'base', replication 0"):
        small.tables(small.document(), seed=99)


def test_without_hazard_there_are_no_claims_and_the_fund_only_collects():
    found = small.frames(small.document(worlds={"base": small.world(per_1000_hours=(0, 0))}))
    for name in ("injuries", "claims", "attribution", "payments"):
        assert found[name].empty
    fund = found["fund"]
    assert (fund["contributions_fen"][:3] > 0).all()
    grown = fund["opening_fen"] + fund["contributions_fen"] + fund["return_fen"] - fund["handling_fen"]
    assert (fund["closing_fen"] == grown).all()
    assert (found["position"]["net_position_fen"] == fund["closing_fen"]).all()


def test_a_cell_is_a_function_of_seed_and_replication():
    given = small.document()
    first = digests(small.tables(given))
    small._tables.cache_clear()
    assert digests(small.tables(given)) == first
    assert digests(small.tables(given, replication=1))["injuries"] != first["injuries"]
    assert digests(small.tables(given, seed=8))["injuries"] != first["injuries"]


BESIDE = {
    "cheap": small.design({"cheap": small.scheme(handling=small.IMMEDIATE)}),
    "pilot": small.design(),
    "strict": small.design({"pilot": small.scheme(reporting=small.SHARES)}),
}


@pytest.mark.parametrize("order", [["pilot", "cheap"], ["cheap", "pilot"], ["strict", "cheap", "pilot"]])
def test_a_design_beside_changes_nothing(order):
    alone = small.frames(small.document({"pilot": BESIDE["pilot"]}))
    beside = small.frames(small.document({name: BESIDE[name] for name in order}))
    for name in small.BOOK_TABLES:
        same_rows(small.of_design(beside[name], "pilot"), small.of_design(alone[name], "pilot"))
    for name in ("exposure", "riders", "injuries"):
        same_rows(beside[name], alone[name])


def test_a_design_beside_itself_under_another_name_is_the_same():
    found = small.frames(small.document({"one": small.design(), "two": small.design()}))
    for name in small.BOOK_TABLES:
        same_rows(small.of_design(found[name], "one"), small.of_design(found[name], "two"))


def test_one_rider_more_changes_nothing_for_the_others():
    def of(riders):
        groups = {"crew": small.group(riders)}
        # Immediate handling: with finite staff one case more makes others wait.
        laws = {"pilot": small.design({"pilot": small.scheme(handling=small.IMMEDIATE)})}
        return small.frames(small.document(laws, {"base": small.world(groups)}))

    few, more = of(6), of(7)
    mine = ~more["injuries"]["rider_id"].str.endswith("/6")
    same_rows(more["injuries"][mine], few["injuries"])
    kept = more["claims"]["injury_id"].isin(few["claims"]["injury_id"])
    same_rows(more["claims"][kept], few["claims"])


# The same past and the horizon


def before(frame, month, column="month"):
    labels = frame[column].dt.strftime("%Y-%m") if column == "paid_at" else frame[column]
    return frame[labels < month].reset_index(drop=True)


def test_designs_that_differ_from_a_date_on_have_the_same_past():
    """From 2024-03-01 on another rate, another wage and another platform that joins."""

    def design(**changed):
        dated = {
            "contribution": {**small.PER_ORDER, "industries": {"food": "0.06", "parcel": "0.25"}},
            "base_wage": {"kind": "fixed", "yuan": {"dated": {"2024-01-01": 7000}}},
            "enrolment": {"kind": "mandatory", "platforms": {"alpha": "2024-01-01"}},
            **changed,
        }
        return small.design({"pilot": small.scheme(**dated)})

    later = design(
        contribution={
            **small.PER_ORDER,
            "industries": {"food": {"dated": {"2024-01-01": "0.06", "2024-03-01": "0.09"}}, "parcel": "0.25"},
        },
        base_wage={"kind": "fixed", "yuan": {"dated": {"2024-01-01": 7000, "2024-03-01": 9000}}},
        enrolment={"kind": "mandatory", "platforms": {"alpha": "2024-01-01", "beta": "2024-03-01"}},
    )
    found = small.frames(small.document({"now": design(), "later": later}, months=4), seed=8)
    for name in ("fund", "contributions", "payments", "offices"):
        column = "paid_at" if name == "payments" else "month"
        now, then = (small.of_design(found[name], one) for one in ("now", "later"))
        same_rows(before(now, "2024-03", column), before(then, "2024-03", column))
        assert not now.equals(then)


def test_worlds_with_a_limit_from_a_date_have_the_same_past():
    """The limit starts on 2024-03-11, inside a month: rows up to the end of February agree."""
    limit = {"kind": "day_logoff", "hours": 4, "scope": "all_platforms", "first_day": "2024-03-11"}
    worlds = {"base": small.world(), "limited": small.world(limits={"off": limit})}
    given = small.document(worlds=worlds, months=4)
    free, limited = (small.frames(given, world=name) for name in worlds)
    for name in small.CASH_TABLES:
        column = "paid_at" if name == "payments" else "month"
        one, other = (each[name].drop(columns="world") for each in (free, limited))
        same_rows(before(one, "2024-03", column), before(other, "2024-03", column))
        assert not one.equals(other)
    start = np.datetime64("2024-03-11")
    injuries = [each["injuries"].drop(columns="world") for each in (free, limited)]
    same_rows(*(each[each["occurred_at"] < start] for each in injuries))


@pytest.mark.parametrize(("months", "runoff"), [(3, 5), (5, 2)], ids=["more run-off", "more exposure"])
def test_a_longer_horizon_leaves_the_past_as_it_was(months, runoff):
    """Cash rows of the shorter run's exposure months; with more run-off, of all its months."""
    short = small.frames(small.document(months=3, runoff_months=2))
    long = small.frames(small.document(months=months, runoff_months=runoff))
    month = "2024-06" if months == 3 else "2024-04"
    for name in small.CASH_TABLES:
        column = "paid_at" if name == "payments" else "month"
        same_rows(before(long[name], month, column), before(short[name], month, column))


def test_staff_and_premiums_do_not_reach_the_world_or_the_injuries_reported():
    """Common random numbers: designs that differ in price only have the same claims and payments."""
    dear = {**small.PER_ORDER, "industries": {"food": "0.60", "parcel": "2.5"}}
    found = small.frames(
        small.document(
            {"one": small.design(), "dear": small.design({"pilot": small.scheme(contribution=dear)})}
        )
    )
    for name in ("claims", "payments", "attribution", "coverage", "offices"):
        same_rows(*(small.of_design(found[name], one) for one in ("one", "dear")))


def test_amounts_times_one_hundred():
    """All money ×100 (medical cost, pay, rates, wages, sums): counts and times stay, money is exactly ×100."""

    def given(times):
        severities = {
            name: {**law, "medical_yuan": {"kind": "constant", "value": 1234 * times}}
            for name, law in small.SEVERITIES.items()
        }
        platforms = {
            "alpha": small.platform(pay=str(6 * times)),
            "beta": small.platform("parcel", 2, str(7 * times)),
        }
        injuries = {"kind": "hazard", "per_1000_hours": {"food": 6, "parcel": 9}, "severities": severities}
        law = small.scheme(
            contribution={
                "kind": "per_order",
                "payer": "platform",
                "industries": {"food": times, "parcel": 3 * times},
            },
            base_wage={"kind": "fixed", "yuan": 6000 * times},
            benefits={
                "medical": {"kind": "medical", "deductible_yuan": 100 * times, "limit_yuan": 1000 * times},
                "recovery": {"kind": "recovery_pay", "wage_share": "0.6", "most_days": 365},
                "grant": {"kind": "disability_grant", "months": {10: 7, 9: 9, 1: 27}},
                "death": {"kind": "death_sum", "times": 20, "yuan": 51821 * times},
            },
        )
        fund = {"fund": {"kind": "pool", "opening_yuan": 1000 * times}}
        return small.document(
            {"pilot": small.design({"pilot": law}, fund)},
            {"base": small.world(platforms=platforms, injuries=injuries)},
            losses=None,
        )

    one, hundred = small.frames(given(1)), small.frames(given(100))
    for name, frame in one.items():
        money = [column for column in frame.columns if column.endswith("_fen")]
        if name == "contributions":
            money.append("rate")
        same_rows(frame.drop(columns=money), hundred[name].drop(columns=money))
        assert (hundred[name][money] == frame[money] * 100).all(axis=None), name
    assert len(one["payments"]) > 5


# The engines


def test_the_event_by_event_engine_keeps_balanced_books():
    given = small.document(months=2, runoff_months=1)
    found = small.tables(given, engine="twin")
    assert check_cell(found) == []
    assert set(found) == set(small.tables(given))
