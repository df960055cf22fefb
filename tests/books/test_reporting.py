"""Who reports an injury, and when."""

from __future__ import annotations

import math
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from injurysim.books.draws import Draws, Lot
from injurysim.books.reporting import Reported, report_of, with_odds
from injurysim.books.suppression import kept_back
from injurysim.core.randomness import Streams
from injurysim.scenario.reporting import Report, Suppression

BASE = {
    "kind": "by_severity",
    "severities": {"mild": "0.4", "fatal": 1},
    "not_covered_factor": "0.5",
    "lag_days": {"kind": "constant", "value": 1},
}
FILING = {
    "platform_share": "0.3",
    "platform_days": {"kind": "exponential", "mean": 10},
    "platform_bar_days": 30,
    "worker_days": {"kind": "exponential", "mean": 40},
    "worker_bar_days": 90,
}


def rule_of(**changes):
    given = {key: value for key, value in {**BASE, **changes}.items() if value is not None}
    return TypeAdapter(Report).validate_python(given)


def reports(rule, injured, covered=True, n=8000, platforms=("alpha", "beta"), scheme="s"):
    """Report the same injury under so many names."""
    lot = Lot(Streams(1, 0), [f"i{number}" for number in range(n)], scheme)
    report = report_of(rule, platforms)
    return [report(injured, Draws(lot, number), covered) for number in range(n)]


@pytest.mark.parametrize(
    ("severity", "covered", "share"),
    [("mild", True, 0.1), ("serious", True, 0.6), ("mild", False, 0.03), ("serious", False, 0.18)],
)
def test_the_share_reported_by_severity(hurt, severity, covered, share):
    """8000 injuries each; four standard errors of the binomial, at most 0.022 of the share."""
    rule = TypeAdapter(Report).validate_python(
        {
            "kind": "by_severity",
            "severities": {"mild": "0.1", "serious": "0.6"},
            "not_covered_factor": "0.3",
            "lag_days": {"kind": "exponential", "mean": 3},
        }
    )
    n, report = 8000, report_of(rule, ("alpha",))
    lot = Lot(Streams(1, 0), [f"i{number}" for number in range(n)], "s")
    found = [report(hurt(severity=severity), Draws(lot, number), covered) for number in range(n)]
    days = np.array([each.at - 600 for each in found if each is not None]) / 1440
    assert abs(len(days) / n - share) <= 4 * math.sqrt(share * (1 - share) / n)
    assert abs(days.mean() - 3) <= 4 * 3 / math.sqrt(len(days))
    assert days.min() >= 0


def test_shares_of_nought_and_one_are_certain(hurt):
    rule = TypeAdapter(Report).validate_python(
        {
            "kind": "by_severity",
            "severities": {"mild": 0, "fatal": 1},
            "not_covered_factor": 1,
            "lag_days": {"kind": "constant", "value": 1.5},
        }
    )
    report, lot = (
        report_of(rule, ("alpha",)),
        Lot(Streams(1, 0), [f"i{number}" for number in range(500)], "s"),
    )
    for number in range(500):
        assert report(hurt(severity="mild"), Draws(lot, number), True) is None
        assert report(hurt(severity="fatal"), Draws(lot, number), True) == Reported(600 + 2160)


def test_a_lag_longer_than_the_run_is_not_reported_yet(small):
    late = {
        **small.SHARES,
        "severities": dict.fromkeys(small.SEVERITIES, 1),
        "not_covered_factor": 1,
        "lag_days": {"kind": "constant", "value": 400},
    }
    found = small.frames(small.document({"pilot": small.design({"pilot": small.scheme(reporting=late)})}))
    claims = found["claims"]
    assert len(claims)
    assert set(claims["not_reported_reason"]) == {"not_yet"}
    assert found["position"]["outstanding_fen"].sum() == 0
    assert found["position"]["ibnr_fen"].iloc[-1] > 0


# Odds


@given(st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 1e6))
def test_odds_multiply_and_shares_stay_shares(share, one, other):
    for factor in (one, other):
        assert 0 <= with_odds(share, factor) <= 1
    if share < 1 and one > 0 and with_odds(share, one) < 1 - 1e-9:
        assert with_odds(with_odds(share, one), other) == pytest.approx(
            with_odds(share, one * other), abs=1e-6
        )
    assert with_odds(share, 1) == pytest.approx(share)
    assert with_odds(share, min(one, other)) <= with_odds(share, max(one, other))


@pytest.mark.parametrize(
    ("changes", "share"),
    [
        ({}, 0.4),  # odds 2/3
        ({"relation": "own_account"}, 1 / 4),  # times 1/2: 1/3
        ({"app": 1}, 2 / 3),  # times 3: 2
        ({"day": date(2024, 3, 1)}, 10 / 13),  # times 5: 10/3
        ({"relation": "own_account", "app": 1, "day": date(2024, 3, 1)}, 5 / 6),  # times 7.5: 5
        ({"severity": "fatal", "relation": "own_account"}, 1.0),
    ],
)
def test_relation_platform_and_awareness_act_on_the_odds(hurt, changes, share):
    """8000 injuries each, four standard errors (one false alarm in 16 000); what is not covered half as often."""
    rule = rule_of(
        relations={"own_account": "0.5"},
        platforms={"beta": 3},
        awareness={"dated": {"2024-01-01": 1, "2024-02-01": 5}},
    )
    for covered, wanted in ((True, share), (False, share / 2)):
        n = 8000
        found = sum(each is not None for each in reports(rule, hurt(**changes), covered, n)) / n
        assert abs(found - wanted) <= 4 * math.sqrt(wanted * (1 - wanted) / n)


# Who files


def test_platform_and_worker_file_each_in_their_own_time(hurt):
    """Shares and mean delays within four standard errors; barred is what comes after the bar of who files."""
    n = 8000
    found = reports(rule_of(severities={"mild": 1}, lag_days=None, filing=FILING), hurt(), n=n)
    delays = {by: [(r.at - 600) / 1440 for r in found if r.by == by] for by in ("platform", "worker")}
    assert abs(len(delays["platform"]) / n - 0.3) <= 4 * math.sqrt(0.3 * 0.7 / n)
    for by, mean, bar in (("platform", 10, 30), ("worker", 40, 90)):
        days = np.array(delays[by])
        assert abs(days.mean() - mean) <= 4 * mean / math.sqrt(len(days))
        late = math.exp(-bar / mean)
        assert abs((days > bar).mean() - late) <= 4 * math.sqrt(late * (1 - late) / len(days))
    assert all(r.barred == (r.at - 600 > {"platform": 30, "worker": 90}[r.by] * 1440) for r in found)


def test_another_share_of_filing_leaves_every_delay(hurt):
    """Whoever files under both rules files at the same time."""
    one, other = (
        reports(
            rule_of(severities={"mild": 1}, lag_days=None, filing={**FILING, "platform_share": share}), hurt()
        )
        for share in ("0.3", "0.6")
    )
    same = [(a, b) for a, b in zip(one, other, strict=True) if a.by == b.by]
    assert 0.6 < len(same) / len(one) < 0.8
    assert all(a == b for a, b in same)


def test_the_last_minute_of_the_bar_is_in_time(hurt):
    for days, barred in ((30, False), (30 + 1 / 1440, True)):
        filing = {
            **FILING,
            "platform_share": 1,
            "platform_days": {"kind": "constant", "value": days},
        }
        (found,) = reports(rule_of(severities={"mild": 1}, lag_days=None, filing=filing), hurt(), n=1)
        assert found.barred is barred


@pytest.mark.parametrize("handling", ["IMMEDIATE", "OFFICES"])
def test_what_is_filed_too_late_is_never_paid(small, handling):
    filing = {
        **FILING,
        "platform_days": {"kind": "uniform", "low": 0, "high": 60},
        "worker_days": {"kind": "uniform", "low": 0, "high": 120},
    }
    everything = {**small.SHARES, "severities": dict.fromkeys(small.SEVERITIES, 1), "not_covered_factor": 1}
    del everything["lag_days"]
    law = small.scheme(reporting={**everything, "filing": filing}, handling=vars(small)[handling])
    worlds = {"base": small.world({"crew": small.group(20)})}
    found = small.frames(
        small.document({"pilot": small.design({"pilot": law})}, worlds, months=3, runoff_months=5)
    )
    claims = found["claims"].merge(found["injuries"][["injury_id", "occurred_at"]])
    waited = (claims["notified_at"] - claims["occurred_at"]).dt.total_seconds() / 86400
    late = waited > claims["filed_by"].map({"platform": 30, "worker": 90})
    assert 5 < late.sum() < len(claims) - 5
    assert set(claims.loc[late, "filed_by"]) == {"platform", "worker"}
    barred = claims[late]
    assert ((claims["final_decision"] == "time_barred") == late).all()
    assert (barred["first_decision"] == "time_barred").all()
    for moment in ("first_decided_at", "final_decided_at", "closed_at"):
        assert (barred[moment] == barred["notified_at"]).all()
    assert barred["accepted_at"].isna().all()
    assert (barred[["paid_fen", "outstanding_fen", "ultimate_fen"]] == 0).all().all()
    assert (claims.loc[~late & (claims["final_decision"] == "confirmed"), "ultimate_fen"] > 0).any()


# Keeping back


def test_a_platform_keeps_back_what_would_cost_it_its_grade():
    """Half of the claims of more than 1000 fen; none of the others, none that the worker files."""
    n = 8000
    lot = Lot(Streams(1, 0), [f"i{number}" for number in range(n)], "s")
    grades = SimpleNamespace(would_lift=lambda *_, amount_fen: amount_fen > 1000)
    rule = TypeAdapter(Suppression).validate_python({"share": "0.5"})

    def kept(by, amount_fen):
        return sum(
            kept_back(
                *(rule, grades, Reported(0, by), Draws(lot, number)),
                region=0,
                platform=0,
                month=0,
                amount_fen=amount_fen,
            )
            for number in range(n)
        )

    assert abs(kept("platform", 1001) / n - 0.5) <= 4 * math.sqrt(0.25 / n)
    assert kept("platform", 1000) == kept("worker", 1001) == 0


def test_what_is_kept_back_is_what_would_cost_a_grade(small):
    """Graded by single months; everything else is filed as it is without, and the grades stay lower."""
    rating = {
        "kind": "set",
        "grades": [
            {"grade": f"from {ratio}", "factor": 1 + place, "from_ratio": ratio}
            for place, ratio in enumerate((0, 1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120))
        ],
        "newcomer": "from 3",
        "window_months": 2,
        "lag_months": 0,
        "first_effective": "2024-02-01",
        "every_months": 1,
    }
    filing = {
        **FILING,
        "platform_share": "0.7",
        "platform_days": {"kind": "uniform", "low": 0, "high": 3},
        "worker_days": {"kind": "uniform", "low": 0, "high": 3},
    }
    shares = {key: each for key, each in small.SHARES.items() if key != "lag_days"}
    reporting = {**shares, "severities": dict.fromkeys(small.SEVERITIES, 1), "filing": filing}
    contribution = {**small.PER_ORDER, "industries": {"food": "1", "parcel": "1"}}
    designs = {
        name: small.design(
            {
                "pilot": small.scheme(
                    rating=rating, reporting=rule, contribution=contribution, handling=small.IMMEDIATE
                )
            }
        )
        for name, rule in (("all", reporting), ("kept", {**reporting, "suppression": {"share": 1}}))
    }
    worlds = {"base": small.world({"crew": small.group(20)})}
    found = small.frames(small.document(designs, worlds, months=6))
    everything, rest = (small.of_design(found["claims"], name) for name in designs)
    kept = rest["not_reported_reason"] == "suppressed"
    assert 5 < kept.sum() < (everything["filed_by"] == "platform").sum()
    assert (everything.loc[kept, "filed_by"] == "platform").all()
    assert everything.loc[kept, "covered"].all()
    assert (everything.loc[kept, "ultimate_fen"] > 0).all()
    assert (rest.loc[kept, ["paid_fen", "outstanding_fen", "ultimate_fen"]] == 0).all().all()
    same = ["injury_id", "covered", "filed_by", "notified_at", "final_decision", "paid_fen"]
    pd.testing.assert_frame_equal(rest.loc[~kept, same], everything.loc[~kept, same])
    # Nothing is known in the first month, so that nothing is kept back in it.
    months = rest.merge(found["injuries"][["injury_id", "occurred_at"]])["occurred_at"].dt.strftime("%Y-%m")
    assert not kept[months == "2024-01"].any()
    due = found["contributions"].groupby("design")["due_fen"].sum()
    assert due["kept"] < due["all"]
