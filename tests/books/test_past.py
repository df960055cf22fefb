"""The past: months that are over, and of them only what is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from injurysim.books.enrolment.looking import looks_back, measures_asked_for
from injurysim.books.past import MEASURES, Past
from injurysim.core.calendar import Calendar
from injurysim.scenario.designs import Scheme
from injurysim.scenario.document import Scenario
from injurysim.world.month import Injuries, Month


def month(index, orders):
    zeros = np.zeros(len(orders), np.int64)
    return Month(
        index=index,
        days_worked=zeros,
        online_minutes=zeros,
        engaged_minutes=zeros,
        orders=np.array(orders),
        earnings_fen=zeros,
        expected_injuries=zeros.astype(float),
        rider_days=zeros,
        worked_minutes=zeros,
        injuries=Injuries.empty(),
    )


@pytest.fixture
def past():
    calendar = Calendar.build(date(2023, 1, 1), 6, [], [])
    past = Past(calendar)
    past.keep("orders", 3)
    return past


def test_before_any_month_there_is_nothing(past):
    assert past.total("orders", 2) is None
    assert past.yearly("orders", np.array([0, 1]), np.array([0, 0])).tolist() == [0, 0]


def test_sums_are_of_the_last_months(past):
    for index, orders in enumerate(([1, 2], [10, 20], [100, 200], [1000, 2000])):
        past.add(month(index, orders))
    assert past.over == 4
    assert past.total("orders", 1).tolist() == [1000, 2000]
    assert past.total("orders", 2).tolist() == [1100, 2200]
    assert past.total("orders", 9).tolist() == [1110, 2220]  # three are kept


def test_a_year_is_by_the_days_of_the_months_that_count(past):
    """January has 31 days and February 28; whoever was there from February on is judged by February alone."""
    past.add(month(0, [31, 31]))
    past.add(month(1, [28, 56]))
    found = past.yearly("orders", np.array([1, 0, 1, 0]), np.array([0, 0, 1, 2]))
    assert found == pytest.approx([87 / 59 * 365.25, 365.25, 2 * 365.25, 0])


def test_the_longest_that_is_asked_for_is_kept(past):
    past.keep("orders", 2)
    for index in range(4):
        past.add(month(index, [1, 1]))
    assert past.total("orders", 12).tolist() == [3, 3]


def test_sums_do_not_overflow_the_small_numbers_that_are_kept(past):
    past.keep("days_worked", 36)
    busy = replace(month(0, [0, 0]), days_worked=np.array([31, 30]))
    for index in range(12):
        past.add(replace(busy, index=index))
    assert past.total("days_worked", 12).tolist() == [372, 360]


def test_every_scheme_asks_for_what_it_looks_back_over(small):
    """What a scheme asks for is among the measures, and a scheme that looks back over nothing keeps nothing."""
    rules = {
        "mandatory": ({"kind": "mandatory"}, {}),
        "share": (
            {"kind": "default", "opt_out": {"kind": "share", "share": 0.1}, "decides_every_months": 3},
            {},
        ),
        "risk": (
            {"kind": "voluntary", "choice": {"kind": "risk", "b": 4}, "decides_every_months": 3},
            {"days_worked": 12, "expected_injuries": 12},
        ),
        "price": (
            {
                "kind": "voluntary",
                "choice": {"kind": "willingness", "multiple": 1, "benefit_yuan": 9},
                "decides_every_months": 3,
            },
            {"days_worked": 12, "expected_injuries": 12, "orders": 12},
        ),
        "main": ({"kind": "main_platform", "by": "earnings", "months": 7}, {"earnings_fen": 7}),
        "threshold": (
            {"kind": "threshold", "any_of": [{"count": "online_hours", "at_least": 3, "months": 2}]},
            {"online_minutes": 2},
        ),
    }
    contribution = {"kind": "per_order", "payer": "worker", "industries": {"food": "0.06", "parcel": "0.1"}}
    schemes = {
        name: small.scheme(enrolment={"joins": "2024-01-01", **rule}, contribution=contribution)
        for name, (rule, _) in rules.items()
    }
    for name, (_, wanted) in rules.items():
        law = Scheme.model_validate(schemes[name])
        assert dict(looks_back(law.enrolment, law)) == wanted
        assert {*wanted} <= {*MEASURES}
    document = small.document({"plan": small.design(schemes)})
    asked = measures_asked_for(Scenario.model_validate(document))
    assert asked == {
        "days_worked": 12,
        "expected_injuries": 12,
        "orders": 12,
        "earnings_fen": 7,
        "online_minutes": 2,
    }


def test_an_employer_s_contribution_has_no_price_to_look_back_for(small):
    rule = {
        "kind": "voluntary",
        "joins": "2024-01-01",
        "choice": {"kind": "logit", "a": 0, "b": 1, "benefit_yuan": 9},
        "decides_every_months": 3,
    }
    law = Scheme.model_validate(small.scheme(enrolment=rule))
    assert "orders" not in dict(looks_back(law.enrolment, law))
