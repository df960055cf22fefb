"""Experience kept month by month: windows, lags, newcomers, caps, regions; and the same from the tables of a run."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from pydantic import TypeAdapter

from injurysim.books.attribution import wholly
from injurysim.books.rating.rater import ByExperience
from injurysim.core.calendar import Calendar
from injurysim.scenario.rating import Rating

GRADES = [
    {"grade": "low", "factor": "0.8", "from_ratio": 0},
    {"grade": "usual", "factor": 1, "from_ratio": "0.5"},
    {"grade": "high", "factor": "1.5", "from_ratio": 1},
]
LAW = {
    "kind": "set",
    "grades": GRADES,
    "newcomer": "usual",
    "window_months": 3,
    "lag_months": 1,
    "first_effective": "2024-05-01",
    "every_months": 2,
}


def rater(**law):
    setting = SimpleNamespace(
        platforms=("alpha", "beta"),
        regions=("east", "west"),
        calendar=Calendar.build(dt.date(2024, 1, 1), 1, (), ()),
    )
    return ByExperience(TypeAdapter(Rating).validate_python({**LAW, **law}), setting)


def payment(fen, claim="c", platform=0, region=0, account="fund"):
    file = SimpleNamespace(
        claim_id=claim, rating_shares=wholly(platform), injured=SimpleNamespace(region=region)
    )
    return SimpleNamespace(claim=file, item=SimpleNamespace(amount_fen=fen, account=account))


def grades(rating, paid, place=(0, 0), due=100):
    """Grade of a place at the start of each month, with so much paid in the months."""
    found = []
    for month, fen in enumerate(paid):
        rating.begin(month)
        found.append(rating.standing(*place).grade)
        rating.add({place: due}, [payment(fen, f"c{month}", place[1], place[0])] if fen else [])
    return found


def test_a_window_ends_a_lag_before_the_effective_month():
    """May goes by January to March (lag 1: April is not in it), July by March to May, September by May to July."""
    paid = [0, 0, 400, 900, 0, 0, 0, 0, 0]
    assert grades(rater(), paid) == ["usual"] * 4 + ["high", "high", "high", "high", "low"]
    assert grades(rater(), [0, 0, 0, 900, 0, 0]) == ["usual"] * 4 + ["low", "low"]
    assert grades(rater(lag_months=0), [0, 0, 0, 900, 0, 0]) == ["usual"] * 4 + ["high", "high"]


def test_at_the_start_the_window_is_what_there_is_of_it():
    assert grades(rater(window_months=36), [0, 0, 0, 0, 0])[-1] == "low"
    # Before any month of experience there is no grading: the first window would end before the run.
    assert grades(rater(first_effective="2023-12-01", every_months=1), [0] * 4) == [
        "usual",
        "usual",
        "low",
        "low",
    ]


def test_a_newcomer_waits_for_its_months_with_contributions():
    """Graded first when a window ends with its fourth month: that of the grading of July."""
    assert grades(rater(newcomer_months=4), [0] * 8) == ["usual"] * 6 + ["low", "low"]
    assert grades(rater(newcomer_months=3), [0] * 8) == ["usual"] * 4 + ["low"] * 4


@pytest.mark.parametrize(
    ("cap", "grade"), [("1.49", "low"), ("1.5", "usual"), ("2.99", "usual"), ("3", "high")]
)
def test_of_a_claim_no_more_than_the_cap_counts_over_its_life(cap, grade):
    """Dues of 3 yuan; one claim paid 2 yuan and then 8."""
    rating = rater(claim_cap_yuan=cap)
    for month in range(4):
        rating.begin(month)
        rating.add({(0, 0): 100}, [payment(fen) for fen in {0: [200], 2: [300, 500]}.get(month, [])])
    rating.begin(4)
    assert rating.standing(0, 0).grade == grade


def test_what_no_account_pays_is_not_charged():
    rating = rater()
    for _ in range(4):
        rating.add({(0, 0): 100}, [payment(900, account=None)])
    rating.begin(4)
    assert rating.standing(0, 0).grade == "low"


def test_a_platform_is_rated_over_its_regions_or_in_each():
    def standing_in(rating):
        for _ in range(4):
            rating.add({(0, 0): 100, (1, 0): 100, (1, 1): 100}, [payment(150, region=1)])
        rating.begin(4)
        return [rating.standing(*place).grade for place in ((0, 0), (1, 0), (0, 1), (1, 1))]

    assert standing_in(rater()) == ["usual", "usual", "low", "low"]
    assert standing_in(rater(per_region=True)) == ["low", "high", "usual", "low"]


def test_the_grades_of_a_run_follow_from_its_tables(small):
    """Every grade worked out again from payments, attribution and dues, as a reviewer would."""
    law = small.scheme(
        contribution={**small.PER_ORDER, "lag_months": 1, "payer": {"platform": "0.6", "worker": "0.4"}},
        handling=small.IMMEDIATE,
        rating={**LAW, "per_region": True, "first_effective": "2024-03-01"},
    )
    groups = {name: small.group(5, region=name) for name in ("east", "west")}
    worlds = {"base": small.world(groups, (0.15, 0.4), regions={"east": {}, "west": {}})}
    tables = small.frames(small.document({"plan": small.design({"plan": law})}, worlds, months=11))
    claims = tables["claims"].set_index("claim_id")
    rated = tables["attribution"].query("purpose == 'rating'").set_index("claim_id")["platform"]
    payments = tables["payments"].dropna(subset="account")
    payments = payments.assign(
        month=payments["paid_at"].dt.strftime("%Y-%m"),
        region=payments["claim_id"].map(claims["region"]),
        platform=payments["claim_id"].map(rated),
    )
    rows, seen = tables["contributions"], set()
    for (region, platform), mine in rows.groupby(["region", "platform"]):
        due = mine.groupby("month")["due_fen"].sum()
        charged = payments[(payments["region"] == region) & (payments["platform"] == platform)]
        paid = charged.groupby("month")["amount_fen"].sum()
        grade = GRADES[1]
        for work in range(11):
            if work >= 2 and work % 2 == 0:
                months = [f"2024-{m + 1:02}" for m in range(max(work - 4, 0), work - 1)]
                owed = int(due.reindex(months).fillna(0).sum())
                if owed:
                    ratio = Fraction(int(paid.reindex(months).fillna(0).sum()), owed)
                    grade = max(
                        (each for each in GRADES if Fraction(each["from_ratio"]) <= ratio),
                        key=lambda each: Fraction(each["from_ratio"]),
                    )
            billed = mine[mine["month"] == f"{2024 + (work + 1) // 12}-{(work + 1) % 12 + 1:02}"]
            assert set(billed["grade"]) == {grade["grade"]}
            assert set(billed["factor"]) == {Decimal(grade["factor"])}
            seen.add(grade["grade"])
    assert seen == {"low", "usual", "high"}


def test_a_claim_would_lift_the_grade_if_it_changes_the_next_grading_it_counts_for():
    """Five months of 100 due and 40 paid; grades from 0.5 and from 1.

    In June the next grading with June in its window is that of September. Its window is May to July, of which May is
    known, with 40 of 100; one of six months is February to July, of which four are known, with 160 of 400.
    """
    for months, answers in ((3, {9: False, 10: True}), (6, {39: False, 40: True, 10_000: True})):
        rating = rater(window_months=months)
        for month in range(5):
            rating.begin(month)
            rating.add({(0, 0): 100}, [payment(40, f"c{month}")])
        rating.begin(5)
        for fen, lifts in answers.items():
            assert rating.would_lift(0, 0, 5, amount_fen=fen) is lifts, (months, fen)
            assert (
                rating.would_lift(0, 1, 5, amount_fen=fen) is False
            )  # nothing is known of the other platform
    capped = rater(window_months=6, claim_cap_yuan="0.29")
    for month in range(5):
        capped.add({(0, 0): 100}, [payment(29, f"c{month}")])
    assert capped.would_lift(0, 0, 5, amount_fen=10_000) is False  # 116 + 29 of 400


def test_what_is_asked_of_a_grade_changes_none():
    asked, left = rater(window_months=6), rater(window_months=6)
    for month in range(9):
        for rating in (asked, left):
            rating.begin(month)
        if month:
            asked.would_lift(0, 0, month, amount_fen=10_000)
        assert asked.standing(0, 0) == left.standing(0, 0)
        for rating in (asked, left):
            rating.add({(0, 0): 100}, [payment(40, f"c{month}")])
