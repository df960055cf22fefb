"""What an injury costs the rider, and the earnings that say so."""

from __future__ import annotations

import math

import numpy as np
import pytest

from injurysim.books.earnings import EarningsHistory
from injurysim.books.injured import loss_fen
from injurysim.scenario.document import Losses

LOSSES = Losses.model_validate(
    {
        "working_to_age": 60,
        "discount": "0.03",
        "earning_capacity_lost": {10: "0.05", 1: "1"},
        "own_consumption": "0.3",
    }
)


def loss(monthly=600000, medical=123456, days=0, grade=0, losses=LOSSES, *, fatal=False, age=40.0):
    return loss_fen(losses, monthly, medical, days, grade, fatal=fatal, age_years=age)


def certain(years, interest=0.03):
    """Value of 1 a year, paid evenly."""
    return (1 - (1 + interest) ** -years) / math.log(1 + interest)


def test_an_injury_that_heals_costs_treatment_and_days():
    assert loss(days=17) == 123456 + 17 * 20000
    assert loss(monthly=100, medical=0, days=1) == 3
    assert loss(monthly=0) == 123456


def test_a_permanent_injury_costs_a_share_of_earnings_to_the_working_age():
    assert loss(days=10, grade=10) == pytest.approx(123456 + 200000 + 7200000 * 0.05 * certain(20), abs=0.51)
    assert loss(grade=1, age=59.5) == pytest.approx(123456 + 7200000 * certain(0.5), abs=0.51)
    assert loss(grade=1, age=61.0) == 123456
    assert loss(grade=9) == 123456


def test_a_death_costs_earnings_less_own_consumption_and_no_days_off():
    assert loss(days=30, fatal=True) == pytest.approx(123456 + 7200000 * 0.7 * certain(20), abs=0.51)


def test_without_interest_years_are_counted_in_full():
    plain = LOSSES.model_copy(update={"discount": LOSSES.discount.model_copy(update={"value": 0})})
    assert loss(medical=0, grade=1, losses=plain) == 7200000 * 20


def test_an_injury_that_is_not_valued_costs_nothing():
    assert loss(losses=None, days=100, fatal=True) == 0


def history(*months):
    """Earnings of one rider, month by month."""
    book = EarningsHistory(2)
    for amount in months:
        book.add(np.array([0, 1]), np.array([amount, 999]))
    return book


def test_earnings_are_the_mean_of_the_last_months_half_up():
    assert history(100, 101).monthly_fen(0, 12) == 101
    assert history(100, 200, 301).monthly_fen(0, 2) == 251
    assert history(100, 200, 300).monthly_fen(1, 12) == 999


def test_earnings_over_all_platforms():
    book = EarningsHistory(2)
    book.add(np.array([0, 0, 1]), np.array([10, 20, 5]))
    assert (book.monthly_fen(0, 12), book.monthly_fen(1, 12)) == (30, 5)


def test_months_before_the_first_earnings_do_not_count_and_later_ones_without_do():
    """Off work for months after having earned, one has earned nothing in them."""
    assert history(0, 0, 300).monthly_fen(0, 12) == 300
    assert history(0, 300, 0, 0).monthly_fen(0, 12) == 100
    assert history(300, 0, 0, 60).monthly_fen(0, 3) == 20
    assert history(0, 0).monthly_fen(0, 12) == 0
    assert EarningsHistory(1).monthly_fen(0, 12) == 0


def test_no_more_than_thirty_six_months_are_kept():
    assert history(*([100] * 10), *([1] * 36)).monthly_fen(0, 48) == 1


def test_injuries_in_tables_are_those_of_the_books(small):
    given = small.document()
    _, injured = small.books(given)
    rows = small.frames(given)["injuries"].set_index("injury_id")
    assert len(rows) == len(injured) > 10
    for each in injured:
        row = rows.loc[each.injury_id]
        assert each.injury_id.startswith(f"{row['rider_id']}/2024-")
        assert row["occurred_at"] == np.datetime64("2024-01-01") + np.timedelta64(each.minute, "m")
        assert (row["medical_cost_fen"], row["days_off"]) == (each.medical_cost_fen, each.days_off)
        assert (row["severity"] == "fatal") == row["fatal"]
        assert str(each.day) == f"{row['occurred_at']:%Y-%m-%d}"
        held = rows.loc[[each.injury_id], "platform"].notna().item()
        assert held == (row["situation"] == "on_order")
        assert 20 <= each.age_years < 51
