"""What an injury costs the rider, and the injuries as tables tell them."""

from __future__ import annotations

import math

import numpy as np
import pytest

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
    assert loss(grade=10) == pytest.approx(123456 + 7200000 * 0.05 * certain(20), abs=0.51)
    assert loss(grade=1, age=59.5) == pytest.approx(123456 + 7200000 * certain(0.5), abs=0.51)
    assert loss(grade=1, age=61.0) == 123456
    assert loss(grade=9) == 123456


def test_capacity_is_lost_from_the_return_to_work():
    """Off work all is lost, at a thirtieth of the month a day; the share is of what comes after, seen from the injury."""
    after = certain(20) - certain(10 / 365.25)
    assert loss(days=10, grade=10) == pytest.approx(123456 + 200000 + 7200000 * 0.05 * after, abs=0.51)
    after = (1.03 ** -(300 / 365.25)) * certain(20 - 300 / 365.25)
    assert loss(days=300, grade=1) == pytest.approx(123456 + 6000000 + 7200000 * after, abs=0.51)


def test_back_only_after_the_working_age_no_capacity_is_lost():
    assert loss(days=183, grade=1, age=59.5) == 123456 + 183 * 20000
    assert loss(days=183, grade=1, age=61.0) == 123456 + 183 * 20000


def test_a_death_costs_earnings_less_own_consumption_from_the_injury_on_and_no_days_off():
    dead = 123456 + 7200000 * 0.7 * certain(20)
    assert loss(days=30, fatal=True) == pytest.approx(dead, abs=0.51)
    assert loss(days=30, fatal=True) == loss(days=0, fatal=True)


def test_without_interest_years_are_counted_in_full():
    plain = LOSSES.model_copy(update={"discount": LOSSES.discount.model_copy(update={"value": 0})})
    assert loss(medical=0, grade=1, losses=plain) == 7200000 * 20
    days = 487  # a year and a third
    assert loss(medical=0, days=days, grade=1, losses=plain) == 7200000 * 20 - 7200000 * 4 // 3 + days * 20000


def test_an_injury_that_is_not_valued_costs_nothing():
    assert loss(losses=None, days=100, fatal=True) == 0


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
