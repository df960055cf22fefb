"""Claims: the order of a claim's life, and draws that depend on nobody else."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter

from injurysim.books.draws import Draws, Lot
from injurysim.books.offices import Office
from injurysim.core.randomness import Purpose, Streams
from injurysim.scenario.distribution import Random

RICH = {"months": 4, "runoff_months": 0}


@pytest.fixture(scope="session")
def rich(small):
    """Forty riders, four months without run-off, covered on orders only, reported by severity and handled in offices."""
    worlds = {"base": small.world({"crew": small.group(40)})}
    law = small.scheme(reporting=small.SHARES)
    return small.frames(small.document({"pilot": small.design({"pilot": law})}, worlds, **RICH))


# The life of a claim


def test_a_claim_lives_in_order(rich):
    claims = rich["claims"].merge(rich["injuries"][["injury_id", "occurred_at", "days_off", "fatal"]])
    assert len(claims) > 100
    moments = ["occurred_at", "notified_at", "accepted_at", "final_decided_at", "appraised_at", "closed_at"]
    for earlier, later in pairwise(moments):
        both = claims[[earlier, later]].dropna()
        assert len(both)
        assert (both[earlier] <= both[later]).all(), (earlier, later)
    decided = claims["final_decided_at"].notna()
    assert claims.loc[decided, "accepted_at"].notna().all()
    assert (decided == claims["final_decision"].isin(["confirmed", "refused"])).all()
    refused = claims[claims["final_decision"] == "refused"]
    assert (refused["closed_at"] == refused["final_decided_at"]).all()
    assert (refused["paid_fen"] == 0).all()
    paid = claims[claims["paid_fen"] > 0]
    assert (paid["final_decision"] == "confirmed").all()
    assert paid["closed_at"].notna().all()
    assert (claims["outstanding_fen"] > 0).any()
    assert (claims.loc[claims["closed_at"].notna(), "outstanding_fen"] == 0).all()


def test_appraisal_waits_for_recovery_and_is_for_grades_only(rich):
    injuries = rich["injuries"].rename(columns={"disability_grade": "grade_of_injury"})
    claims = rich["claims"].merge(
        injuries[["injury_id", "occurred_at", "days_off", "fatal", "grade_of_injury"]]
    )
    back = claims["occurred_at"].dt.normalize() + pd.to_timedelta(claims["days_off"] + 1, "D")
    settled = claims["closed_at"].notna() & (claims["final_decision"] == "confirmed")
    living = settled & ~claims["fatal"]
    assert (claims.loc[living, "closed_at"] > back[living]).all()
    appraised = claims["appraised_at"].notna()
    assert (claims.loc[appraised, "appraised_at"] > back[appraised]).all()
    assert claims.loc[settled, "appraised_at"].notna().equals(claims.loc[settled, "grade_of_injury"].notna())
    assert (claims.loc[appraised, "disability_grade"] == claims.loc[appraised, "grade_of_injury"]).all()
    assert claims.loc[~appraised, "disability_grade"].isna().all()
    assert appraised.sum() > 5


def test_a_death_is_never_appraised(small):
    """It is paid without waiting for the days off of its row to pass."""
    item = {
        "at": "2024-01-15T10:00:00",
        "group": "crew",
        "platform": "alpha",
        "severity": "fatal",
        "medical_yuan": 100,
        "days_off": 300,
        "fatal": True,
    }
    injuries = {"kind": "listed", "severities": ["fatal"], "items": [item]}
    world = small.world(injuries=injuries, recovery={"kind": "none"})
    law = small.scheme(handling={**small.OFFICES, "confirmed_share": "1"})
    found = small.frames(small.document({"pilot": small.design({"pilot": law})}, {"base": world}))
    (claim,) = found["claims"].itertuples()
    assert pd.isna(claim.appraised_at)
    assert claim.closed_at < pd.Timestamp("2024-03-01")
    assert (
        dict(zip(found["payments"]["benefit"], found["payments"]["amount_fen"], strict=True))["death"]
        == 103642000
    )


def test_what_is_not_covered_is_refused_if_it_is_reported(rich):
    claims = rich["claims"].merge(rich["injuries"][["injury_id", "situation"]])
    assert (claims["covered"] == (claims["situation"] == "on_order")).all()
    outside = claims[~claims["covered"] & claims["final_decided_at"].notna()]
    assert len(outside) > 2
    assert (outside["final_decision"] == "refused").all()
    reasons = claims.loc[~claims["reported"]].groupby("covered")["not_reported_reason"].unique()
    assert "not_covered" in reasons[False]
    assert set(reasons[False]) <= {"not_covered", "not_yet"}
    assert set(reasons[True]) == {"not_claimed", "not_yet"}
    assert claims.loc[claims["reported"], "not_reported_reason"].isna().all()


def test_immediate_handling_pays_the_covered_at_the_injury_and_refuses_the_rest(small):
    law = small.scheme(handling=small.IMMEDIATE)
    found = small.frames(small.document({"pilot": small.design({"pilot": law})}))
    claims = found["claims"].merge(found["injuries"][["injury_id", "occurred_at", "situation"]])
    for moment in ("notified_at", "accepted_at", "first_decided_at", "final_decided_at", "closed_at"):
        assert (claims[moment] == claims["occurred_at"]).all()
    confirmed = np.where(claims["situation"] == "on_order", "confirmed", "refused")
    assert (claims["final_decision"] == confirmed).all()
    paid = found["payments"].merge(claims[["claim_id", "occurred_at"]])
    assert len(paid) == len(found["payments"]) > 0
    assert (paid["paid_at"] == paid["occurred_at"]).all()


def test_online_cover_takes_waiting_in(small):
    law = small.scheme(cover={"kind": "online"}, handling=small.IMMEDIATE)
    found = small.frames(small.document({"pilot": small.design({"pilot": law})}))
    assert found["claims"]["covered"].all()
    assert (found["injuries"]["situation"] == "waiting").any()


def test_platforms_pay_their_own_items_from_no_account(small):
    benefits = {**small.BENEFITS, "recovery": {**small.BENEFITS["recovery"], "payer": "platform"}}
    law = small.scheme(benefits=benefits, handling=small.IMMEDIATE)
    found = small.frames(small.document({"pilot": small.design({"pilot": law})}))
    payments = found["payments"]
    mine = payments["benefit"] == "recovery"
    assert 0 < mine.sum() < len(payments)
    assert (payments.loc[mine, "payer"] == "platform").all()
    assert payments.loc[mine, "account"].isna().all()
    assert (payments.loc[~mine, "account"] == "fund").all()
    assert found["fund"]["benefits_fen"].sum() == payments.loc[~mine, "amount_fen"].sum()


def test_papers_that_take_years_leave_the_claim_pending(small):
    """Two thousand working days are beyond all that the calendar knows."""
    slow = {**small.OFFICES, "papers_days": {"kind": "constant", "value": 2000}}
    found = small.frames(small.document({"pilot": small.design({"pilot": small.scheme(handling=slow)})}))
    claims = found["claims"]
    assert len(claims)
    assert claims["accepted_at"].isna().all()
    assert set(claims["final_decision"]) == {"pending"}
    assert (found["offices"]["arrived"] == 0).all()


# Draws


def test_draws_are_keyed_by_injury_scheme_stage_and_attempt():
    law = TypeAdapter(Random).validate_python({"kind": "exponential", "mean": 10})
    one = Draws(Lot(Streams(1, 0), ["injury"], "pilot"), 0)
    first = one.value(Purpose.PAPERS, law)
    one.value(Purpose.CONFIRMATION_TIME, law)
    assert one.value(Purpose.PAPERS, law) == first
    others = [
        Draws(Lot(Streams(1, 0), ["injury"], "policy"), 0).value(Purpose.PAPERS, law),
        Draws(Lot(Streams(1, 0), ["other"], "pilot"), 0).value(Purpose.PAPERS, law),
        Draws(Lot(Streams(1, 1), ["injury"], "pilot"), 0).value(Purpose.PAPERS, law),
        Draws(Lot(Streams(2, 0), ["injury"], "pilot"), 0).value(Purpose.PAPERS, law),
        one.value(Purpose.PAYMENT_TIME, law),
        one.value(Purpose.PAPERS, law, attempt=1),
    ]
    assert len({first, *others}) == 7
    assert Draws(Lot(Streams(1, 0), ["injury"], "pilot"), 0).whole(Purpose.PAPERS, law) == round(first)


@pytest.fixture
def minutes_of(small, monkeypatch):
    """Return a function: the minutes drawn at each desk of a design for each claim, as offices got them."""
    handle = Office.handle

    def noting(self, *, claim, minutes, **more):
        self.__dict__.setdefault("seen", {})[claim] = minutes
        return handle(self, claim=claim, minutes=minutes, **more)

    monkeypatch.setattr(Office, "handle", noting)

    def run(designs, design="pilot", scheme="pilot"):
        books, _ = small.books(small.document(designs, {"base": small.world({"crew": small.group(10)})}))
        (law,) = (each for each in books[design].schemes if each.name == scheme)
        return {
            (name, claim): minutes
            for desks in law.desks
            for name, office in desks.items()
            for claim, minutes in office.__dict__.get("seen", {}).items()
        }

    return run


def random_offices(small, staff):
    desk = {"staff": staff, "minutes": {"kind": "exponential", "mean": 90}}
    return {
        **small.OFFICES,
        "confirmation": desk,
        "appraisal": {**desk, "sitting_weekdays": [1, 3]},
        "payment": desk,
    }


def test_handling_draws_depend_on_nobody_else(small, minutes_of):
    """Another design before or after it, and another scheme before it, leave every draw and every wait."""
    pilot = small.design({"pilot": small.scheme(handling=random_offices(small, 1))})
    other = small.design({"other": small.scheme(reporting=small.SHARES)})
    alone = minutes_of({"pilot": pilot})
    assert len(alone) > 20
    assert len(set(alone.values())) > 10
    assert minutes_of({"pilot": pilot, "other": other}) == alone
    assert minutes_of({"other": other, "pilot": pilot}) == alone
    layered = small.design({"accident": small.scheme(reporting=small.SHARES), **pilot["schemes"]})
    assert minutes_of({"pilot": layered}) == alone


def test_the_decision_is_drawn_when_the_file_is_opened(small):
    """Confirmed or refused, it was so from the first day, and is so for the files that no office reaches.

    0.7 of the covered, within four standard errors; nobody outside cover.
    """
    law = {**small.OFFICES, "confirmed_share": "0.7"}
    never = {**law, "papers_days": {"kind": "constant", "value": 2000}}
    worlds = {"base": small.world({"crew": small.group(120)}, (20, 20))}
    designs = {
        name: small.design({"pilot": small.scheme(handling=handling)})
        for name, handling in (("decided", law), ("undecided", never))
    }
    books, _ = small.books(small.document(designs, worlds))
    first, second = (books[name].schemes[0].claims for name in designs)
    assert [claim.claim_id for claim in first] == [claim.claim_id for claim in second]
    assert [claim.confirmable for claim in first] == [claim.confirmable for claim in second]
    assert all(claim.decision is None for claim in second)
    done = [claim for claim in first if claim.decision is not None]
    assert all(claim.confirmable == (claim.decision == "confirmed") for claim in done)
    covered = [claim.confirmable for claim in first if claim.covered]
    n = len(covered)
    assert n > 400
    assert abs(sum(covered) / n - 0.7) <= 4 * math.sqrt(0.7 * 0.3 / n)
    assert not any(claim.confirmable for claim in first if not claim.covered)


def test_staff_change_waits_and_no_draw(small, minutes_of):
    few, many = (
        minutes_of({"pilot": small.design({"pilot": small.scheme(handling=random_offices(small, staff))})})
        for staff in (1, 4)
    )
    both = few.keys() & many.keys()
    assert len(both) > 20
    assert {key: few[key] for key in both} == {key: many[key] for key in both}
    slow, quick = (
        small.frames(
            small.document(
                {"pilot": small.design({"pilot": small.scheme(handling=random_offices(small, staff))})}
            )
        )["claims"]
        for staff in (1, 4)
    )
    same = ["injury_id", "covered", "reported", "notified_at", "accepted_at"]
    assert slow[same].equals(quick[same])
    both = slow["final_decided_at"].notna()
    assert (quick.loc[both, "final_decided_at"] <= slow.loc[both, "final_decided_at"]).all()


def test_another_scheme_leaves_the_files_of_the_first(small):
    """The accident policy stands beside the pilot: the pilot's rows are the same without it."""
    accident = small.scheme("insurer", reporting=small.SHARES, contribution={"kind": "none"})
    accounts = {"fund": small.account(), "insurer": small.account(kind="insurer")}
    one = small.frames(small.document({"d": small.design(None, accounts)}))
    two = small.frames(
        small.document({"d": small.design({"accident": accident, "pilot": small.scheme()}, accounts)})
    )
    for name in ("claims", "payments", "contributions"):
        mine = two[name][two[name]["scheme"] == "pilot"].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, one[name])
    assert (two["claims"]["scheme"] == "accident").any()
    insurers = two["payments"][two["payments"]["scheme"] == "accident"]
    assert set(insurers["payer"]) == {"insurer"}
