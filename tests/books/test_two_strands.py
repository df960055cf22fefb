"""Two strands: treatment from the injury, the file from the report; by hand, and in whole runs."""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import simpy
from pydantic import TypeAdapter

from injurysim.books.claims import Claim, Item, begin, open_desks, two_strands, will_confirm
from injurysim.books.draws import Draws, Lot
from injurysim.core.calendar import Calendar
from injurysim.core.errors import BalanceError
from injurysim.core.randomness import Streams
from injurysim.core.schemas import TABLES
from injurysim.core.working_time import WorkingTime
from injurysim.replication import run_cell
from injurysim.scenario.document import Scenario
from injurysim.scenario.handling import Handling
from injurysim.scenario.resolve import book_calendar, resolve

DAY = 1440
# 2024-01-01 is a Monday: a holiday.
CALENDAR = Calendar.build(date(2024, 1, 1), 12, [date(2024, 1, 1)], [])


def constant(value):
    return {"kind": "constant", "value": value}


RULE = {
    "kind": "two_strands",
    "acceptance_days": constant(0),
    "confirmation": {"staff": 1, "minutes": constant(60)},
    "confirmed_share": 1,
    "decision_limit_days": 3,
    "appraisal": {"staff": 1, "minutes": constant(60), "sitting_weekdays": [1, 3]},
    "payment": {"staff": 1, "minutes": constant(20)},
}
AWARD = (
    Item("medical", "fund", "fund", 1000, "medical"),
    Item("pay", "fund", "fund", 200, "income"),
    Item("grant", "fund", "fund", 5000, "disability"),
)


def at(month, day, hour=0, minute=0):
    return (date(2024, month, day) - CALENDAR.start).days * DAY + hour * 60 + minute


def when(minute):
    """Text of a minute: month-day hour:minute."""
    return None if minute is None else str(CALENDAR.datetime64(minute))[5:16].replace("T", " ")


END = at(12, 1)


def send(rule, *injured, covered=True, awards=AWARD, until=END):
    """Send the files of injuries, each notified at its injury, through one region; return claims and desks."""
    rule = TypeAdapter(Handling).validate_python(rule)
    env = simpy.Environment()
    desks = open_desks(rule, env, CALENDAR, "east")
    lot = Lot(Streams(1, 0), [each.injury_id for each in injured], "s")
    claims = []
    for place, each in enumerate(injured):
        draws = Draws(lot, place)
        confirmable = will_confirm(rule, draws, covered=covered)
        claim = Claim(each, "s", 0, covered, draws, awards, each.minute, confirmable, [])
        begin(rule, env, claim, desks)
        claims.append(claim)
    env.run(until=until)
    return claims, desks


def paid(claim):
    return [(when(each.paid_at), each.item.benefit, each.payee) for each in claim.paid]


# By hand


def test_a_file_by_hand(hurt):
    """Filed on the holiday, received on Tuesday 2 January at 9.

    Papers three working days: Friday at the close; checking two: Tuesday 9 January at the close, the acceptance.
    The police five: Tuesday the 16th at the close. An officer on Wednesday from 9 to 10: confirmed on the sixth working day,
    the first on which the limit ran. Treatment ends with 24 January; the bill is paid on the 25th, 9:00 to 9:20.
    Stable ten days later, on 4 February, a Sunday; the board sits on Tuesday the 6th; the grant is paid at 10:30.
    """
    rule = {
        **RULE,
        "papers": {"share": 1, "days": constant(3)},
        "acceptance_days": constant(2),
        "police": {"share": 1, "days": constant(5)},
        "stable_days": 10,
    }
    (claim,), desks = send(rule, hurt(minute=at(1, 1, 12), days_off=23, grade=9))
    assert when(claim.accepted_at) == "01-09 17:00"
    assert [when(moment) for moment in claim.suspended] == ["01-09 17:00", "01-16 17:00"]
    assert (claim.decision, claim.first_decision) == ("confirmed", "confirmed")
    assert when(claim.decided_at) == when(claim.first_decided_at) == "01-17 10:00"
    assert paid(claim) == [
        ("01-25 09:20", "medical", "rider"),
        ("01-25 09:20", "pay", "rider"),
        ("02-06 10:50", "grant", "rider"),
    ]
    assert when(claim.appraised_at) == "02-06 10:00"
    assert when(claim.closed_at) == "02-06 10:50"
    (case,) = desks["confirmation"].cases
    assert case.within_limit


@pytest.mark.parametrize(
    ("police_days", "queue", "within"), [(None, 0, True), (30, 0, True), (None, 4, False), (30, 4, False)]
)
def test_the_limit_stands_still_for_the_police_and_not_for_the_queue(hurt, police_days, queue, within):
    """Three days are allowed; thirty for the police do not count, four in the queue do."""
    rule = {**RULE, "confirmation": {"staff": 1, "minutes": constant(60 if not queue else 480 * queue)}}
    if police_days is not None:
        rule["police"] = {"share": 1, "days": constant(police_days)}
    (claim,), desks = send(rule, hurt(minute=at(1, 2, 8)))
    (case,) = desks["confirmation"].cases
    assert case.within_limit is within
    assert (claim.suspended is None) == (police_days is None)


def test_neither_appraised_nor_kept_waiting_for_a_death(hurt):
    (claim,), _ = send(RULE, hurt(minute=at(1, 2, 8), days_off=300, grade=1, fatal=True))
    assert claim.appraised_at is None
    assert when(claim.closed_at) == "01-02 11:20"  # taken up at 9:30, paid from 11:00 on
    assert len(claim.paid) == 3


def test_without_a_grade_there_is_one_payment_when_treatment_ends(hurt):
    (claim,), desks = send(RULE, hurt(minute=at(1, 2, 8), days_off=10))
    assert [each[0] for each in paid(claim)] == ["01-15 09:20"] * 3  # 13 January is a Saturday
    assert claim.appraised_at is None
    assert len(desks["payment"].cases) == 1


def test_appraisal_waits_for_the_confirmation_too(hurt):
    """Healed at once; confirmed on Thursday 4 January, after a case of two days; appraised at the next sitting."""
    rule = {**RULE, "confirmation": {"staff": 1, "minutes": constant(2 * 480 + 30)}}
    (claim,), _ = send(rule, hurt(minute=at(1, 1, 8), grade=10))
    assert when(claim.decided_at) == "01-04 10:00"
    assert when(claim.appraised_at) == "01-04 11:30"


@pytest.mark.parametrize(
    ("advanced_by", "payee", "moment"),
    [
        ("worker", "rider", "01-15 09:20"),
        ("platform", "platform", "01-15 09:20"),
        ("hospital", "hospital", "01-13 00:00"),
    ],
)
def test_the_bill_goes_to_who_has_advanced_it(hurt, advanced_by, payee, moment):
    """A hospital settles with the account when treatment has ended, and stands in no queue; the rest is the rider's."""
    rule = {**RULE, "treatment": {"advanced_by": advanced_by}}
    (claim,), _ = send(rule, hurt(minute=at(1, 2, 8), days_off=10))
    assert sorted(paid(claim)) == sorted(
        [(moment, "medical", payee), ("01-15 09:20", "pay", "rider"), ("01-15 09:20", "grant", "rider")]
    )
    assert sum(each.item.amount_fen for each in claim.paid) == 6200


# Lanes


def test_small_injuries_go_first_then_deaths(hurt):
    """Five files wait for the opening of 3 January, in the order they were accepted; one officer, 30 minutes each."""
    fast = {"medical_at_most_yuan": 30, "limit_days": 1, "payment_limit_days": 1, "minutes": constant(30)}
    rule = {
        **RULE,
        "confirmation": {"staff": 1, "minutes": constant(30)},
        "fast_lane": fast,
        "fatal_first": True,
    }
    kinds = {
        "dear": {"medical_cost_fen": 3001},
        "grade": {"grade": 10},
        "dead": {"fatal": True},
        "small": {"medical_cost_fen": 3000},
        "cheap": {},
    }
    files = [
        hurt(injury_id=name, minute=at(1, 2, 18, n), **kind) for n, (name, kind) in enumerate(kinds.items())
    ]
    claims, desks = send(rule, *files)
    order = sorted(claims, key=lambda claim: claim.decided_at)
    # All are accepted at the opening of 3 January, so that names decide within a lane.
    assert [claim.injured.injury_id for claim in order] == ["cheap", "small", "dead", "dear", "grade"]
    assert {claim.injured.injury_id: claim.limit_days for claim in claims} == {
        **dict.fromkeys(("dear", "grade", "dead"), 3),
        **dict.fromkeys(("small", "cheap"), 1),
    }
    limits = [case.within_limit for case in desks["payment"].cases]
    assert limits.count(True) == 2
    assert limits.count(None) == 4  # the graded file stands twice at the desk
    without, _ = send({**rule, "fast_lane": None, "fatal_first": False}, *files)
    order = sorted(without, key=lambda claim: claim.decided_at)
    assert [claim.injured.injury_id for claim in order] == ["cheap", "dead", "dear", "grade", "small"]


def test_the_fast_lane_has_a_limit_for_the_payment(hurt):
    """Confirmed on 3 January, paid by a case of three days: late for one day, in time for three."""
    for days, within in ((2, False), (3, True)):
        fast = {
            "medical_at_most_yuan": 30,
            "limit_days": 1,
            "payment_limit_days": days,
            "minutes": constant(30),
        }
        rule = {**RULE, "fast_lane": fast, "payment": {"staff": 1, "minutes": constant(3 * 480)}}
        _, desks = send(rule, hurt(minute=at(1, 2, 18)))
        assert [case.within_limit for case in desks["payment"].cases] == [within]


def test_clear_facts_take_less_time_and_have_their_own_limit(hurt):
    clear = {"share": "0.4", "limit_days": 1, "minutes": constant(10)}
    n = 2000
    files = [hurt(injury_id=f"i{number}", minute=at(1, 2, 8)) for number in range(n)]
    rule = {**RULE, "confirmation": {"staff": n, "minutes": constant(60)}, "clear": clear}
    claims, _ = send(rule, *files)
    clear_cut = [claim.limit_days == 1 for claim in claims]
    assert abs(np.mean(clear_cut) - 0.4) <= 4 * math.sqrt(0.24 / n)
    for claim, is_clear in zip(claims, clear_cut, strict=True):
        assert when(claim.decided_at) == ("01-02 09:40" if is_clear else "01-02 10:30")
        assert claim.limit_days == (1 if is_clear else 3)


def test_the_board_has_a_limit_from_application_on(hurt):
    """Applied for on Friday 12 January, seen on Tuesday the 16th: the second working day."""
    for days, within in ((1, False), (2, True)):
        rule = {**RULE, "appraisal_limit_days": days}
        _, desks = send(rule, hurt(minute=at(1, 2, 8), days_off=9, grade=10))
        assert [case.within_limit for case in desks["appraisal"].cases] == [within]


# Giving up


def test_who_gives_up_leaves_the_queue(hurt):
    """No officer: after five working days half have gone, the others wait for ever."""
    n = 2000
    files = [hurt(injury_id=f"i{number}", minute=at(1, 2, 8)) for number in range(n)]
    rule = {
        **RULE,
        "confirmation": {"staff": 0, "minutes": constant(60)},
        "withdrawal": {"share": "0.5", "days": constant(5)},
    }
    claims, desks = send(rule, *files)
    gone = [claim for claim in claims if claim.decision == "withdrawn"]
    assert abs(len(gone) / n - 0.5) <= 4 * math.sqrt(0.25 / n)
    assert {when(claim.closed_at) for claim in gone} == {"01-09 17:00"}
    assert all(claim.decision is None and claim.closed_at is None for claim in claims if claim not in gone)
    assert sum(case.left_by(at(1, 10)) for case in desks["confirmation"].cases) == len(gone)
    assert not any(case.left_by(at(1, 9, 16)) for case in desks["confirmation"].cases)


def test_a_decision_comes_before_patience_ends(hurt):
    """The officer takes a day for a file: the first is decided, the second is in hand, the third waits for nothing."""
    rule = {
        **RULE,
        "confirmation": {"staff": 1, "minutes": constant(480)},
        "withdrawal": {"share": 1, "days": constant(1)},
    }
    files = [hurt(injury_id=name, minute=at(1, 2, 8)) for name in "abc"]
    claims, desks = send(rule, *files)
    assert [(claim.decision, when(claim.decided_at)) for claim in claims] == [
        ("confirmed", "01-03 09:30"),
        ("withdrawn", "01-03 17:00"),
        ("withdrawn", "01-03 17:00"),
    ]
    assert claims[1].paid == claims[2].paid == []
    assert claims[1].ultimate_fen("fund") == 0
    cases = desks["confirmation"].cases
    assert [case.started is not None for case in cases] == [True, True, False]
    assert [case.within_limit for case in cases] == [True, None, None]


def test_the_last_minute_of_patience_is_early_enough_for_a_decision(hurt):
    """Taken up at 9:30, done at 17:00 sharp when patience ends: decided."""
    rule = {
        **RULE,
        "confirmation": {"staff": 1, "minutes": constant(450 + 480)},
        "withdrawal": {"share": 1, "days": constant(1)},
    }
    (claim,), _ = send(rule, hurt(minute=at(1, 2, 8)))
    assert (claim.decision, when(claim.decided_at)) == ("confirmed", "01-03 17:00")


def test_patience_may_end_before_the_police_have_found_anything(hurt):
    rule = {
        **RULE,
        "police": {"share": 1, "days": constant(9)},
        "withdrawal": {"share": 1, "days": constant(4)},
    }
    (claim,), desks = send(rule, hurt(minute=at(1, 2, 8)))
    assert (claim.decision, when(claim.decided_at)) == ("withdrawn", "01-08 17:00")
    assert when(claim.suspended[1]) == "01-08 17:00"
    assert desks["confirmation"].cases == []


# Review and appeal


def instance(asked, upheld, days):
    return {"asked_share": asked, "upheld_share": upheld, "days": constant(days)}


@pytest.mark.parametrize("covered", [True, False])
def test_review_and_appeal_have_the_shares_of_the_rule(hurt, covered):
    """Confirmed in the end: c + (1 - c) a (u + (1 - u) a' u'), within four standard errors; without cover nobody."""
    n = 4000
    rule = {
        **RULE,
        "confirmed_share": "0.6",
        "confirmation": {"staff": n, "minutes": constant(30)},
        "payment": {"staff": n, "minutes": constant(0)},
        "review": instance("0.5", "0.4", 20),
        "appeal": instance("0.7", "0.3", 60),
    }
    files = [hurt(injury_id=f"i{number}", minute=at(1, 2, 8)) for number in range(n)]
    claims, _ = send(rule, *files, covered=covered)

    def close_to(found, wanted, of):
        assert abs(found / of - wanted) <= 4 * math.sqrt(wanted * (1 - wanted) / of)

    first = sum(claim.first_decision == "confirmed" for claim in claims)
    last = sum(claim.decision == "confirmed" for claim in claims)
    assert all(claim.confirmable == (claim.decision == "confirmed") == bool(claim.paid) for claim in claims)
    if covered:
        close_to(first, 0.6, n)
        close_to(last, 0.6 + 0.4 * 0.5 * (0.4 + 0.6 * 0.7 * 0.3), n)
    else:
        assert first == last == 0
    ways = pd.Series([(when(c.decided_at)[:5], c.decision) for c in claims]).value_counts()
    refused = n - first
    reviewed = sum(count for (day, _), count in ways.items() if day != "01-02")
    close_to(reviewed, 0.5, refused)
    # 20 working days after 2 January, then 60 more after that.
    assert {day for day, _ in ways.index} == {"01-02", "01-30", "04-23"}
    assert all(c.first_decided_at <= c.decided_at <= c.closed_at for c in claims)


def test_a_file_under_review_is_open_and_reserved(hurt):
    rule = {**RULE, "confirmed_share": 0, "review": instance(1, 1, 20)}
    (claim,), _ = send(rule, hurt(minute=at(1, 2, 8)), until=at(1, 20))
    assert (claim.first_decision, claim.decision, claim.closed_at) == ("refused", None, None)
    assert claim.estimate_fen("fund") == claim.ultimate_fen("fund") == 6200


# Whole runs


@pytest.fixture(scope="module")
def document(small):
    """Sixty riders, four months without run-off, everything a file may meet; the account is charged in parts."""
    worlds = {"base": small.world({"crew": small.group(60)}, (12, 12))}
    rule = {
        **RULE,
        "papers": {"share": "0.3", "days": {"kind": "exponential", "mean": 4}},
        "acceptance_days": {"kind": "uniform", "low": 0, "high": 3},
        "police": {"share": "0.2", "days": {"kind": "exponential", "mean": 10}},
        "confirmation": {"staff": 1, "minutes": {"kind": "exponential", "mean": 240}},
        "confirmed_share": "0.8",
        "clear": {"share": "0.3", "limit_days": 2, "minutes": {"kind": "exponential", "mean": 60}},
        "fast_lane": {
            "medical_at_most_yuan": 500,
            "limit_days": 1,
            "payment_limit_days": 2,
            "minutes": {"kind": "exponential", "mean": 20},
        },
        "withdrawal": {"share": "0.3", "days": {"kind": "exponential", "mean": 6}},
        "review": instance("0.6", "0.5", 8),
        "appeal": instance("0.6", "0.3", 20),
        "treatment": {"advanced_by": "hospital"},
        "stable_days": 30,
        "appraisal_limit_days": 5,
        "fatal_first": True,
    }
    law = small.scheme(reporting=small.SHARES, handling=rule)
    return small.document({"pilot": small.design({"pilot": law})}, worlds, months=4, runoff_months=0)


@pytest.fixture(scope="module")
def full(small, document):
    return small.frames(document)


def frames(document):
    """Run a document anew, whatever has been run before."""
    scenario = resolve(Scenario.model_validate(document))
    tables = run_cell(scenario, "base", 0, seed=7)
    return {name: TABLES[name].to_pandas(TABLES[name].join(parts)) for name, parts in tables.items()}


def test_every_way_a_file_can_go_is_met(full):
    claims = full["claims"]
    assert set(claims["final_decision"].dropna()) == {"confirmed", "refused", "withdrawn", "pending"}
    confirmed_after_all = (claims["first_decision"] == "refused") & (claims["final_decision"] == "confirmed")
    assert confirmed_after_all.any()
    assert (claims["suspended_days"] > 0).any()
    assert set(claims["limit_days"].dropna()) == {1, 2, 3}
    assert set(full["payments"]["payee"]) == {"rider", "hospital"}
    assert ((full["payments"]["payee"] == "hospital") == (full["payments"]["benefit"] == "medical")).all()
    assert full["offices"]["withdrawn"].sum() > 0


def test_moments_are_in_order_and_no_decision_comes_before_acceptance(full):
    claims = full["claims"]
    chain = [
        "notified_at",
        "accepted_at",
        "first_decided_at",
        "final_decided_at",
        "appraised_at",
        "closed_at",
    ]
    for earlier, later in pairwise(chain):
        both = claims[[earlier, later]].dropna()
        assert (both[earlier] <= both[later]).all(), (earlier, later)
        if later != "accepted_at":
            assert claims.loc[claims[later].notna(), earlier].notna().all() or earlier == "appraised_at"
    paid_at = full["payments"].groupby("claim_id")["paid_at"].min()
    confirmed = claims.set_index("claim_id").loc[paid_at.index, "final_decided_at"]
    assert (confirmed <= paid_at).all()


def test_what_is_paid_and_what_is_outstanding_is_the_award(full):
    """Of a file confirmed in the end and open, paid + outstanding is what it takes in the end, whatever is paid in parts."""
    claims = full["claims"]
    live = claims[(claims["final_decision"] == "confirmed")]
    assert (live["paid_fen"] + live["outstanding_fen"] == live["ultimate_fen"]).all()
    in_parts = live[(live["paid_fen"] > 0) & (live["outstanding_fen"] > 0)]
    assert len(in_parts) > 0
    gone = claims[claims["final_decision"].isin(["withdrawn", "refused"])]
    assert (gone[["paid_fen", "outstanding_fen", "ultimate_fen"]] == 0).all().all()


def test_the_last_month_of_the_position_is_the_files(full):
    last = full["position"].iloc[-1]
    assert last["outstanding_fen"] == full["claims"]["outstanding_fen"].sum()


def test_the_offices_table_holds_the_queue(full):
    offices = full["offices"]
    desk = offices[offices["office"] == "pilot.confirmation"]
    in_out = desk["arrived"] - desk["finished"] - desk["withdrawn"]
    assert (in_out.cumsum() == desk["backlog"]).all()
    claims = full["claims"]
    left = claims["final_decision"] == "withdrawn"
    assert desk["withdrawn"].sum() <= left.sum()
    assert offices.groupby("office")["within_limit_share"].count().gt(0).all()


# Faults that must be seen


def limits_agree(document, tables) -> bool:
    """Say whether the offices' share within the limit is that of the claims: working days less suspended ones."""
    calendar = book_calendar(resolve(Scenario.model_validate(document)))
    days, origin = WorkingTime(calendar), np.datetime64(calendar.start, "s")
    claims = tables["claims"]
    decided = claims[claims["first_decision"].isin(["confirmed", "refused"])]
    start, end = (
        ((decided[name].to_numpy("datetime64[s]") - origin) // np.timedelta64(60, "s")).astype(np.int64)
        for name in ("accepted_at", "first_decided_at")
    )
    run = days.working_days_between(start, end) - decided["suspended_days"]
    kept = (run <= decided["limit_days"]).groupby(decided["first_decided_at"].dt.strftime("%Y-%m")).mean()
    offices = tables["offices"]
    desk = offices[offices["office"] == "pilot.confirmation"].set_index("month")["within_limit_share"]
    return kept.astype(float).round(9).to_dict() == desk.dropna().round(9).to_dict()


def test_limits_of_offices_and_of_claims_agree(document, full):
    assert limits_agree(document, full)


def test_a_limit_that_does_not_stand_still_is_caught(document, monkeypatch):
    monkeypatch.setattr(
        two_strands, "days_run", lambda claim, days, now: days.working_days_between(claim.accepted_at, now)
    )
    assert not limits_agree(document, frames(document))


def test_a_decision_before_acceptance_is_caught(document, monkeypatch):
    decide = Claim.decide
    monkeypatch.setattr(Claim, "decide", lambda self, decision, now: decide(self, decision, now - 30 * DAY))
    with pytest.raises(BalanceError, match="comes before accepted_at"):
        frames(document)


def test_a_payment_to_who_was_refused_is_caught(document, monkeypatch):
    decide = Claim.decide

    def paying(self, decision, now):
        decide(self, decision, now)
        if decision == "refused":
            self.pay(now)

    monkeypatch.setattr(Claim, "decide", paying)
    with pytest.raises(BalanceError, match="claims: refused, and"):
        frames(document)


# Everybody for himself


def test_more_staff_moves_no_draw(document, full):
    """Acceptance, police, lanes and instances are the claim's own; what waits is sooner decided, or given up less."""
    pilot = document["designs"]["pilot"]["schemes"]["pilot"]
    desk = {**pilot["handling"]["confirmation"], "staff": 50}
    more = {**pilot, "handling": {**pilot["handling"], "confirmation": desk}}
    design = {**document["designs"]["pilot"], "schemes": {"pilot": more}}
    quick = frames({**document, "designs": {"pilot": design}})["claims"]
    slow = full["claims"]
    same = ["injury_id", "covered", "reported", "notified_at", "accepted_at", "limit_days"]
    pd.testing.assert_frame_equal(quick[same], slow[same])
    both = slow["first_decision"].isin(["confirmed", "refused"])
    assert (quick.loc[both, "first_decided_at"] <= slow.loc[both, "first_decided_at"]).all()
    assert (quick.loc[both, "first_decision"] == slow.loc[both, "first_decision"]).all()
    assert (quick["final_decision"] == "withdrawn").sum() < (slow["final_decision"] == "withdrawn").sum()


def test_the_past_of_an_office_is_the_same_whatever_follows(small, document):
    """Two months more of work leave every cash row of the first four as it was."""
    longer = {**document, "horizon": {**document["horizon"], "months": 6}}
    short, long = frames(document), frames(longer)
    for name in ("offices", "payments"):
        rows = long[name]
        months = rows["month"] if "month" in rows else rows["paid_at"].dt.strftime("%Y-%m")
        past = rows[months < "2024-05"].reset_index(drop=True)
        if name == "payments":
            order = ["paid_at", "claim_id", "benefit"]
            past, now = (each.sort_values(order).reset_index(drop=True) for each in (past, short[name]))
            pd.testing.assert_frame_equal(past, now)
        else:
            pd.testing.assert_frame_equal(past, short[name])
