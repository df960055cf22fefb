"""The ways of being insured: registers, choices, main platforms, thresholds; who is insured follows whole months."""

from __future__ import annotations

import math
from itertools import pairwise
from unittest.mock import patch

import numpy as np
import pytest

from injurysim.books.members import Members

JOINS = {"joins": "2024-01-01"}
STATED = {"kind": "share", "share": "0.4"}
ONLINE = {"kind": "online"}


def enrolled(small, enrolment, months=4, crew=None, **changes):
    """Run a world and return its book, its months, and by month the engagements insured."""
    law = small.scheme(enrolment={**JOINS, **enrolment}, handling=small.IMMEDIATE, cover=ONLINE, **changes)
    document = small.document(
        {"plan": small.design({"pilot": law})},
        {"base": small.world({"crew": crew or small.group(60)})},
        months=months,
    )
    kept, insured = [], Members.insured

    def watched(self, month):
        mask = insured(self, month)
        kept.append((month, mask))
        return mask

    with patch.object(Members, "insured", watched):
        books, _ = small.books(document)
    return books["plan"], [month for month, _ in kept], [mask for _, mask in kept]


def riders(book, mask):
    """Return which riders a mask insures on any platform."""
    population = book.setting.population
    return np.bincount(population.engagement_rider, mask.engagements, len(population)) > 0


def covered_as_insured(book, masks):
    """Every claim is covered exactly if its rider is insured in the month of the shift on the app that was open."""
    population = book.setting.population
    for claim in book.schemes[0].claims:
        hurt = claim.injured
        mine = (population.engagement_rider == hurt.rider) & (population.engagement_platform == hurt.app)
        if hurt.day.month == hurt.month + 1:
            assert claim.covered == masks[hurt.month].engagements[mine].item()
    return sum(claim.covered for claim in book.schemes[0].claims)


def choosing(kind, share, every=2, groups=None):
    choice = {"kind": "share", "share": share, **({"groups": groups} if groups else {})}
    key = "opt_out" if kind == "default" else "choice"
    return {"kind": kind, key: choice, "decides_every_months": every}


def test_a_share_chooses_and_decisions_hold_until_they_are_renewed(small):
    book, _, masks = enrolled(small, choosing("voluntary", "0.4"), crew=small.group(400))
    chosen = [riders(book, mask) for mask in masks]
    error = math.sqrt(0.4 * 0.6 / 400)
    assert all(abs(each.mean() - 0.4) < 4 * error for each in chosen)
    assert masks[0] is masks[1]
    assert masks[2] is masks[3]
    again = (chosen[0] & chosen[2]).mean()
    assert abs(again - 0.16) < 4 * math.sqrt(0.16 * 0.84 / 400)
    assert 0 < covered_as_insured(book, masks) < len(book.schemes[0].claims)


def test_a_higher_share_insures_all_of_a_lower_one_and_more(small):
    found = [
        [riders(book, mask) for mask in masks]
        for book, _, masks in (
            enrolled(small, choosing("voluntary", share)) for share in ("0", "0.2", "0.6", "1")
        )
    ]
    for lower, higher in pairwise(found):
        assert all(
            (~low | high).all() and (low != high).any() for low, high in zip(lower, higher, strict=True)
        )
    assert not any(each.any() for each in found[0])
    assert all(each.all() for each in found[-1])


def test_leaving_with_a_probability_is_staying_with_the_rest(small):
    _, _, stays = enrolled(small, choosing("default", "0.6"))
    _, _, chooses = enrolled(small, choosing("voluntary", "0.4"))
    assert all((a.engagements == b.engagements).all() for a, b in zip(stays, chooses, strict=True))


def test_a_group_has_its_own_share(small):
    book, _, masks = enrolled(small, choosing("voluntary", "0.5", groups={"crew": 1}))
    assert riders(book, masks[0]).all()


def test_decisions_of_a_rider_are_the_rider_s_own(small):
    """With more riders and another group beside, nobody decides otherwise; under another name they do."""
    few, _, less = enrolled(small, choosing("voluntary", "0.4"), crew=small.group(20))
    many, _, more = enrolled(small, choosing("voluntary", "0.4"), crew=small.group(50))
    for mine, theirs in zip(less, more, strict=True):
        assert (riders(few, mine) == riders(many, theirs)[:20]).all()


def test_who_enters_later_decides_at_entry_and_then_renews(small):
    crew = small.group(5, entry={"per_month": 40})
    book, _, masks = enrolled(small, choosing("voluntary", "0.5", every=2), crew=crew, months=5)
    cohort = book.setting.population.cohort
    chosen = np.array([riders(book, mask) for mask in masks])
    for number in range(1, 5):
        mine = chosen[:, cohort == number]
        assert not mine[: number - 1].any()
        changes = (mine[number - 1 : -1] != mine[number:]).any(axis=1)
        assert not changes[0::2].any()
        assert changes[1::2].all()


def test_the_register_enters_riders_at_the_next_report(small):
    """Reports on the first day of January, April and July: whoever enters between two is on it from the later."""
    enrolment = {"kind": "mandatory", "ledger": {"completeness": "0.8", "reported_every_months": 3}}
    crew = small.group(200, entry={"per_month": 100})
    book, _, masks = enrolled(small, enrolment, crew=crew, months=5)
    entry = book.setting.population.entry_day
    on = np.array([riders(book, mask) for mask in masks])
    january, april, july = (entry == 0), (entry > 0) & (entry <= 91), entry > 91
    assert not on[:3, april].any()
    assert not on[:, july].any()
    for riders_of, month in ((january, 0), (april, 3)):
        mine = on[month:, riders_of]
        assert abs(mine[0].mean() - 0.8) < 4 * math.sqrt(0.16 / mine.shape[1])
        assert (mine == mine[0]).all()
    assert masks[0] is masks[1]
    covered_as_insured(book, masks)


def test_a_fuller_register_holds_all_of_an_emptier_one(small):
    def on(completeness):
        register = {"completeness": completeness, "reported_every_months": 1}
        book, _, masks = enrolled(small, {"kind": "mandatory", "ledger": register})
        return riders(book, masks[0])

    assert (on("0.3") <= on("0.7")).all()
    assert on("1").all()
    assert not on("0").any()


PORTFOLIOS = [
    {"alpha": "0.4", "beta": "0.6"},
    {"alpha": "0.6", "beta": "0.4"},
    {"alpha": "0.5", "beta": "0.5"},
]


@pytest.mark.parametrize("by", ["orders", "online_hours", "earnings"])
def test_the_main_platform_is_that_of_the_months_before(small, by):
    crew = small.group(60, PORTFOLIOS)
    rule = {"kind": "main_platform", "by": by, "months": 2}
    book, months, masks = enrolled(small, rule, crew=crew, months=5)
    population = book.setting.population
    measure = {"orders": "orders", "online_hours": "online_minutes", "earnings": "earnings_fen"}[by]
    for number, mask in enumerate(masks):
        chosen = mask.engagements.reshape(-1, 2)  # every rider is on both
        assert (chosen.sum(axis=1) == 1).all()
        before = [getattr(month, measure) for month in months[max(number - 2, 0) : number]]
        done = np.sum(before, axis=0).reshape(-1, 2) if before else np.zeros(chosen.shape)
        splits = np.array([[0.4, 0.6], [0.6, 0.4], [0.5, 0.5]])[population.portfolio]
        compared = np.where(done.sum(axis=1, keepdims=True) > 0, done, splits)
        assert (chosen.argmax(axis=1) == compared.argmax(axis=1)).all()
    covered_as_insured(book, masks)


CONDITIONS = [
    {"count": "days", "at_least": 12, "on": "one_platform", "months": 1},
    {"count": "orders", "at_least": 250, "on": "one_platform", "months": 1},
    {"count": "online_hours", "at_least": "150.5", "on": "all_platforms", "months": 2},
    {"count": "earnings_yuan", "at_least": "2500.005", "on": "one_platform", "months": 1},
    {"count": "days", "at_least": 50, "on": "all_platforms", "months": 2},
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda each: f"{each['count']}-{each['on']}")
def test_a_threshold_is_met_by_the_months_before(small, condition):
    book, months, masks = enrolled(small, {"kind": "threshold", "any_of": [condition]}, months=4)
    population = book.setting.population
    measure, units = {
        "days": ("days_worked", 1),
        "orders": ("orders", 1),
        "online_hours": ("online_minutes", 60),
        "earnings_yuan": ("earnings_fen", 100),
    }[condition["count"]]
    assert not masks[0].engagements.any()
    shares = []
    for number in range(1, 4):
        done = np.sum(
            [getattr(m, measure) for m in months[max(number - condition["months"], 0) : number]], axis=0
        )
        if condition["on"] == "all_platforms":
            done = np.bincount(population.engagement_rider, done)[population.engagement_rider]
        assert (masks[number].engagements == (done / units >= float(condition["at_least"]))).all()
        shares.append(masks[number].engagements.mean())
    assert max(shares) > 0
    assert min(shares) < 1
    covered_as_insured(book, masks)


def test_any_condition_is_enough(small):
    alone = [enrolled(small, {"kind": "threshold", "any_of": [condition]})[2] for condition in CONDITIONS[:2]]
    together = enrolled(small, {"kind": "threshold", "any_of": CONDITIONS[:2]})[2]
    for one, other, both in zip(*alone, together, strict=True):
        assert (both.engagements == (one.engagements | other.engagements)).all()


DAILY = {"kind": "per_day", "payer": "worker", "yuan": 3}
WAYS = {
    "voluntary": {
        "kind": "voluntary",
        "choice": {"kind": "logit", "a": 0, "b": 1, "benefit_yuan": 50},
        "decides_every_months": 1,
    },
    "default": choosing("default", "0.3", every=1),
    "main_platform": {"kind": "main_platform", "months": 3},
    "threshold": {"kind": "threshold", "any_of": [CONDITIONS[0]]},
    "register": {"kind": "mandatory", "ledger": {"completeness": "0.7", "reported_every_months": 2}},
    "orders": {"kind": "mandatory", "orders_per_month_at_least": 500},
}


@pytest.mark.parametrize("way", WAYS)
def test_who_is_insured_does_not_depend_on_what_comes_later(small, way):
    """With the hazard and the orders of March changed by rain, all is the same up to February."""
    chances = {"chances": {"rain": 0}, "by_month": {3: {"rain": 1}}}
    wet = {"regions": {"east": chances}, "effects": {"rain": {"demand": 3, "hazard": 5}}}
    law = small.scheme(
        enrolment={**JOINS, **WAYS[way]},
        contribution=DAILY,
        handling=small.IMMEDIATE,
        cover=ONLINE,
    )
    designs = {"plan": small.design({"pilot": law})}
    crew = small.group(80, entry={"per_month": 5})
    dry_run, wet_run = (
        small.frames(small.document(designs, {"base": small.world({"crew": crew}, **changes)}, months=4))
        for changes in ({}, {"weather": wet})
    )
    assert not dry_run["exposure"].equals(wet_run["exposure"])
    for table in ("contributions", "coverage"):
        early = [
            run[table][run[table]["month"] < "2024-03"].reset_index(drop=True) for run in (dry_run, wet_run)
        ]
        drop = [name for name in ("injuries_open", "injuries_compensated") if name in early[0]]
        assert early[0].drop(columns=drop).equals(early[1].drop(columns=drop)), table
    names = ["injury_id", "covered"]
    early = [run["claims"].query("injury_id.str.contains('2024-0[12]')")[names] for run in (dry_run, wet_run)]
    assert early[0].values.tolist() == early[1].values.tolist()
    assert 0 < early[0]["covered"].sum() < len(early[0])


@pytest.mark.parametrize("way", WAYS)
def test_a_design_beside_and_another_order_change_nobody(small, way):
    law = small.scheme(enrolment={**JOINS, **WAYS[way]}, cover=ONLINE, contribution=DAILY)
    other = small.scheme(enrolment={**JOINS, "kind": "main_platform", "months": 9}, cover=ONLINE)
    world = {"base": small.world({"crew": small.group(30)})}
    plans = {"plan": small.design({"pilot": law}), "other": small.design({"pilot": other})}
    alone = small.frames(small.document({"plan": plans["plan"]}, world))
    beside = small.frames(small.document(dict(reversed(plans.items())), world))
    for table in small.BOOK_TABLES:
        assert small.of_design(alone[table], "plan").equals(small.of_design(beside[table], "plan")), table


def test_designs_alike_share_their_masks_and_counts(small):
    """Two designs with the same threshold go by the same masks, so that their coverage is counted once."""
    law = small.scheme(enrolment={**JOINS, **WAYS["threshold"]}, cover=ONLINE)
    plans = {name: small.design({"pilot": law}) for name in ("one", "other")}
    books, _ = small.books(small.document(plans, months=4))
    one, other = (books[name].coverage.months for name in plans)
    assert all(a is b for a, b in zip(one, other, strict=True))


def test_riders_decide_alike_whether_asked_together_or_in_parts(small, monkeypatch):
    from injurysim.books.enrolment import choosing

    whole = enrolled(small, WAYS["voluntary"], contribution=DAILY)[2]
    monkeypatch.setattr(choosing, "AT_ONCE", 7)
    parts = enrolled(small, WAYS["voluntary"], contribution=DAILY)[2]
    assert all((a.engagements == b.engagements).all() for a, b in zip(whole, parts, strict=True))
    assert any(0 < a.engagements.sum() < len(a.engagements) for a in whole)
