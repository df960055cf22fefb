"""Cover: what undeclared work and debts do to it, what is excluded, and how long it waits."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest

from injurysim.books.collector import Collector
from injurysim.books.cover import CoverAtWork

FOUR = 4.0
"""Standard errors allowed: one false alarm in 16 000."""

LAWS = {
    "full": ("full", "full", True, "full"),
    "none": ("none", "full", False, "none"),
    "platform": ("platform_pays", "fund_advances_and_recovers", True, "platform_pays"),
    "advance": ("full", "fund_advances_and_recovers", True, "fund_advances_and_recovers"),
}


def under(small, monkeypatch, declared=Decimal(1), owed=0, **cover):
    monkeypatch.setattr(Collector, "declared_share", lambda *_: declared)
    monkeypatch.setattr(Collector, "months_owed", lambda *_: owed)
    law = small.scheme(cover={"kind": "online", **cover}, handling=small.IMMEDIATE)
    worlds = {"base": small.world({"crew": small.group(60)})}
    books, _ = small.books(small.document({"plan": small.design({"pilot": law})}, worlds))
    return books["plan"].schemes[0].claims


@pytest.mark.parametrize("name", LAWS)
def test_the_graver_of_two_consequences_holds(small, monkeypatch, name):
    undeclared, unpaid, covered, consequence = LAWS[name]
    law = {"undeclared": undeclared, "unpaid": unpaid, "recovered_share": "0.5", "recovered_after_months": 4}
    claims = under(small, monkeypatch, declared=Decimal(0), owed=2, **law)
    assert len(claims) > 20
    for claim in claims:
        assert claim.covered == covered
        if covered:
            assert claim.consequence == consequence
        accounts = {item.account for item in claim.awards}
        payers = {item.payer for item in claim.awards}
        assert (accounts, payers) == (({None}, {"platform"}) if name == "platform" else ({"fund"}, {"fund"}))
        if consequence == "fund_advances_and_recovers":
            assert (claim.advance.recovered_share, claim.advance.after_months) == (Decimal("0.5"), 4)
        else:
            assert claim.advance is None
        assert bool(claim.paid) == covered


def test_without_undeclared_work_or_debts_the_consequences_change_nothing(small, monkeypatch):
    usual = under(small, monkeypatch)
    grave = under(small, monkeypatch, undeclared="none", unpaid="none")
    assert [claim.covered for claim in usual] == [claim.covered for claim in grave]


def test_a_debt_within_what_is_allowed_changes_nothing(small, monkeypatch):
    claims = under(small, monkeypatch, owed=2, unpaid="none", unpaid_after_months=2)
    assert all(claim.covered for claim in claims)


def test_undeclared_work_is_the_share_that_is_not_declared(small, monkeypatch):
    """With 60 % declared about 40 % are not covered; and whoever is not at 80 % is not at 60 % either."""
    some = under(small, monkeypatch, declared=Decimal("0.6"), undeclared="none")
    more = under(small, monkeypatch, declared=Decimal("0.8"), undeclared="none")
    covered = np.array([claim.covered for claim in some])
    assert abs(covered.mean() - 0.6) < FOUR * math.sqrt(0.24 / len(covered))
    assert (covered <= [claim.covered for claim in more]).all()


def test_an_exclusion_takes_its_share_out(small, monkeypatch):
    some = np.array([c.covered for c in under(small, monkeypatch, excluded_share="0.3")])
    more = np.array([c.covered for c in under(small, monkeypatch, excluded_share="0.5")])
    assert abs(some.mean() - 0.7) < FOUR * math.sqrt(0.21 / len(some))
    assert (more <= some).all()


def test_cover_waits_from_the_first_insured_day(small):
    """The scheme begins in February, with 20 days of waiting; who enters later waits from the day of entry."""
    law = small.scheme(
        enrolment={"kind": "mandatory", "joins": "2024-02-01"},
        cover={"kind": "online", "waiting_days": 20},
        handling=small.IMMEDIATE,
    )
    crew = small.group(30, entry={"per_month": 30})
    worlds = {"base": small.world({"crew": crew})}
    books, _ = small.books(small.document({"plan": small.design({"pilot": law})}, worlds, months=5))
    entry = books["plan"].setting.population.entry_day
    claims = books["plan"].schemes[0].claims
    waited = [claim.injured.minute // 1440 - max(31, entry[claim.injured.rider]) for claim in claims]
    assert [claim.covered for claim in claims] == [days >= 20 for days in waited]
    assert any(claim.injured.day.month > 3 and not claim.covered for claim in claims)
    assert isinstance(books["plan"].schemes[0].cover, CoverAtWork)


def test_what_the_platform_pays_is_in_no_account(small, monkeypatch):
    """With everything undeclared the tables balance, the fund pays nothing and the platform the same as it would have."""
    law = small.scheme(cover={"kind": "online", "undeclared": "platform_pays"}, handling=small.IMMEDIATE)
    document = small.document(
        {"plan": small.design({"pilot": law})}, {"base": small.world({"crew": small.group(61)})}
    )
    usual = small.frames(document)["payments"]
    monkeypatch.setattr(Collector, "declared_share", lambda *_: Decimal(0))
    found = _again(small, document)
    payments = found["payments"]
    assert (payments["payer"] == "platform").all()
    assert payments["account"].isna().all()
    assert payments["amount_fen"].tolist() == usual["amount_fen"].tolist()
    assert (found["fund"]["benefits_fen"] == 0).all()
    assert (usual["account"] == "fund").any()


def _again(small, document):
    """Run a cell anew, without what is kept of an earlier run."""
    from injurysim.core.schemas import TABLES
    from injurysim.replication import run_cell
    from injurysim.scenario.document import Scenario
    from injurysim.scenario.resolve import resolve

    parts = run_cell(resolve(Scenario.model_validate(document)), "base", 0, seed=7)
    return {name: TABLES[name].to_pandas(TABLES[name].join(each)) for name, each in parts.items()}
