"""Benefits against amounts worked out by hand from the law, to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from injurysim.books.benefits import Facts, amount_of, base_wage_of
from injurysim.scenario.benefits import Annuity, BaseWage, Benefit

STANDARD_ULTIMATE = {"makeham_a": 0.00022, "makeham_b": 0.0000027, "makeham_c": 1.124}
"""Standard Ultimate Survival Model of the Society of Actuaries."""


def benefit(kind, **law):
    return TypeAdapter(Benefit).validate_python({"kind": kind, **law})


def base_wage(kind, **law):
    return TypeAdapter(BaseWage).validate_python({"kind": kind, **law})


def annuity(interest="0.05", **law):
    return Annuity.model_validate({"interest": interest, **STANDARD_ULTIMATE, **law})


def facts(injured, wage_yuan=None, value=None):
    return Facts(injured, None if wage_yuan is None else round(wage_yuan * 100), value)


# Medical cost: catalogue share, ground-up limit, deductible, coinsurance


@pytest.mark.parametrize(
    ("cost_fen", "law", "paid_fen"),
    [
        (1234567, {}, 1234567),
        (1000000, {"catalogue_share": "0.85"}, 850000),
        (1000000, {"catalogue_share": "0.85", "deductible_yuan": 500}, 800000),
        (1000000, {"catalogue_share": "0.85", "limit_yuan": 6000}, 600000),
        (1000000, {"catalogue_share": "0.85", "limit_yuan": 6000, "deductible_yuan": 500}, 550000),
        (
            1000000,
            {"catalogue_share": "0.85", "limit_yuan": 6000, "deductible_yuan": 500, "paid_share": "0.9"},
            495000,
        ),
        (58823, {"catalogue_share": "0.85", "deductible_yuan": 500}, 0),
        (602, {"deductible_yuan": 6, "limit_yuan": 24, "paid_share": "0.75"}, 2),
        (601, {"deductible_yuan": 6, "limit_yuan": 24, "paid_share": "0.75"}, 1),
        (10**9, {"deductible_yuan": 6, "limit_yuan": 24, "paid_share": "0.75"}, 1350),
        (10**6, {"deductible_yuan": 24, "limit_yuan": 6}, 0),
    ],
)
def test_medical_cost(hurt, cost_fen, law, paid_fen):
    """The second last row is A1 of the validation notes: at most 0.75 x (24 - 6) = 13.50 yuan."""
    assert amount_of(benefit("medical", **law))(facts(hurt(medical_cost_fen=cost_fen))) == paid_fen


SHARE = st.decimals(0, 1, places=4)
YUAN = st.decimals(0, 10**5, places=2)


@given(
    costs=st.lists(st.integers(0, 10**8), min_size=2, max_size=6),
    catalogue=SHARE,
    limit=st.none() | YUAN,
    deductible=YUAN,
    paid=SHARE,
)
def test_medical_is_at_most_the_cost_and_rises_with_it(hurt, costs, catalogue, limit, deductible, paid):
    law = benefit(
        "medical", catalogue_share=catalogue, limit_yuan=limit, deductible_yuan=deductible, paid_share=paid
    )
    amounts = [amount_of(law)(facts(hurt(medical_cost_fen=cost))) for cost in sorted(costs)]
    assert amounts == sorted(amounts)
    assert all(0 <= amount <= cost for amount, cost in zip(amounts, sorted(costs), strict=True))
    if limit is not None:
        assert amounts[-1] <= paid * max(limit - deductible, Decimal(0)) * 100 + Decimal("0.5")


@given(cost=st.integers(0, 10**8), low=YUAN, high=YUAN)
def test_medical_falls_with_the_deductible_and_rises_with_the_limit(hurt, cost, low, high):
    low, high = sorted((low, high))
    injured = facts(hurt(medical_cost_fen=cost))
    assert amount_of(benefit("medical", deductible_yuan=low))(injured) >= amount_of(
        benefit("medical", deductible_yuan=high)
    )(injured)
    assert amount_of(benefit("medical", limit_yuan=low))(injured) <= amount_of(
        benefit("medical", limit_yuan=high)
    )(injured)


# Pay while recovering


@pytest.mark.parametrize(
    ("days", "law", "wage_yuan", "paid_fen"),
    [
        (17, {"wage_share": "0.6", "most_days": 365}, 7000, 238000),
        (0, {"wage_share": "0.6", "most_days": 365}, 7000, 0),
        (400, {"wage_share": "0.6", "most_days": 365}, 7000, 5110000),
        (17, {"wage_share": "0.6", "most_days": 365, "waiting_days": 3}, 7000, 196000),
        (2, {"wage_share": "0.6", "most_days": 365, "waiting_days": 3}, 7000, 0),
        (367, {"wage_share": "0.6", "most_days": 365, "waiting_days": 3}, 7000, 5096000),
        (368, {"wage_share": "0.6", "most_days": 365, "waiting_days": 3}, 7000, 5110000),
        (400, {"wage_share": "0.6", "most_days": 365, "waiting_days": 3}, 7000, 5110000),
        (5, {"wage_share": "0.6", "most_days": 2, "waiting_days": 3}, 7000, 28000),
        (1, {"wage_share": "0.5", "most_days": 365}, 1000.20, 1667),
        (1, {"wage_share": "0.5", "most_days": 365}, 1000.50, 1668),
    ],
)
def test_recovery_pay_is_a_thirtieth_of_the_wage_a_day(hurt, days, law, wage_yuan, paid_fen):
    """Days of waiting are not days of pay: the most days are paid in full after them.

    The last row: 500.25 yuan / 30 is 1667.5 fen, half up.
    """
    assert amount_of(benefit("recovery_pay", **law))(facts(hurt(days_off=days), wage_yuan)) == paid_fen


def test_the_dead_do_not_recover(hurt):
    law = benefit("recovery_pay", wage_share="0.6", most_days=365)
    assert amount_of(law)(facts(hurt(days_off=10, fatal=True), 7000)) == 0


# Permanent disability


MONTHS = dict(enumerate((27, 25, 23, 21, 18, 16, 13, 11, 9, 7), start=1))


@pytest.mark.parametrize(("grade", "months"), list(MONTHS.items()))
def test_disability_grants_of_the_work_injury_regulations(hurt, grade, months):
    """27 months of the wage for grade 1 down to 7 for grade 10 (articles 35 to 37)."""
    law = benefit("disability_grant", months=MONTHS)
    assert amount_of(law)(facts(hurt(grade=grade), 7654.32)) == 765432 * months


def test_a_grade_without_a_grant_gives_nothing(hurt):
    law = benefit("disability_grant", months={1: 27})
    assert amount_of(law)(facts(hurt(grade=2), 7000)) == 0
    assert amount_of(law)(facts(hurt(grade=0), 7000)) == 0


def test_disability_sum_is_a_share_of_the_sum_insured(hurt):
    law = benefit(
        "disability_sum", sum_yuan={"dated": {"2023-01-01": 600000, "2024-02-01": 650000}}, share={10: "0.1"}
    )
    assert amount_of(law)(facts(hurt(grade=10))) == 6000000
    assert amount_of(law)(facts(hurt(grade=10, day=date(2024, 2, 1)))) == 6500000
    assert amount_of(law)(facts(hurt(grade=9))) == 0


SOA_MONTHLY = {20: 19.5040025, 30: 18.9209643, 40: 17.9953436, 50: 16.5620688, 60: 14.4414369, 70: 11.545115}
SOA_DISABLED = {20: 16.5454253, 40: 15.6025728, 60: 12.9836226, 80: 7.62158262}


@pytest.mark.parametrize(("age", "value"), list(SOA_MONTHLY.items()))
def test_a_pension_is_worth_its_annuity(hurt, age, value):
    """E6: monthly annuities due at 5 % on the Standard Ultimate table."""
    law = benefit("disability_pension", wage_share={1: "0.9"})
    found = amount_of(law)(facts(hurt(grade=1, age_years=float(age)), 7000, annuity()))
    assert found == pytest.approx(700000 * 12 * 0.9 * value, rel=1e-8, abs=0.51)


@pytest.mark.parametrize(("age", "value"), list(SOA_DISABLED.items()))
def test_a_pension_of_the_disabled(hurt, age, value):
    """E6: with 0.01 added to the force of mortality."""
    law = benefit("disability_pension", wage_share={4: "0.75"})
    found = amount_of(law)(facts(hurt(grade=4, age_years=float(age)), 7000, annuity(extra_force="0.01")))
    assert found == pytest.approx(700000 * 12 * 0.75 * value, rel=1e-8, abs=0.51)


def test_a_pension_needs_a_wage_and_an_annuity(hurt):
    law = benefit("disability_pension", wage_share={1: "0.9"})
    assert amount_of(law)(facts(hurt(grade=2))) == 0
    with pytest.raises(ValueError, match="no annuity"):
        amount_of(law)(facts(hurt(grade=1), 7000))
    with pytest.raises(ValueError, match="no base_wage"):
        amount_of(law)(facts(hurt(grade=1), None, annuity()))


# Death


@pytest.mark.parametrize(
    ("day", "yuan"),
    [(date(2022, 7, 1), 948240), (date(2023, 12, 31), 985660), (date(2024, 1, 1), 1036420)],
)
def test_a_death_is_twenty_times_the_income_of_the_year(hurt, day, yuan):
    """Disposable income per head of townspeople of the year before: 47 412, 49 283 and 51 821 yuan."""
    law = benefit(
        "death_sum",
        times=20,
        yuan={"dated": {"2022-01-01": 47412, "2023-01-01": 49283, "2024-01-01": 51821}},
    )
    assert amount_of(law)(facts(hurt(day=day, fatal=True))) == yuan * 100
    assert amount_of(law)(facts(hurt(day=day, grade=1))) == 0


def test_a_funeral_is_six_months_of_the_average_wage(hurt):
    law = benefit("funeral", months=6, average_wage_yuan="8123.45")
    assert amount_of(law)(facts(hurt(fatal=True))) == 4874070
    assert amount_of(law)(facts(hurt())) == 0


def test_dependants_get_an_annuity_certain(hurt):
    """40 % of 7000 yuan a month for ten years at 3 %, in advance: (1 - v^10) / (1 - v^(1/12)) months."""
    law = benefit("dependants_pension", wage_share="0.4", years=10)
    months = (1 - 1.03**-10) / (1 - 1.03 ** (-1 / 12))
    found = amount_of(law)(facts(hurt(fatal=True), 7000, annuity("0.03")))
    assert found == pytest.approx(700000 * 0.4 * months, abs=0.51)
    assert amount_of(law)(facts(hurt(), 7000, annuity("0.03"))) == 0


def test_dependants_without_interest_get_every_month_in_full(hurt):
    law = benefit("dependants_pension", wage_share="0.4", years="2.5")
    assert amount_of(law)(facts(hurt(fatal=True), 7000, annuity("0"))) == 280000 * 30


def test_a_fixed_sum(hurt):
    assert amount_of(benefit("fixed_sum", yuan="123.45"))(facts(hurt())) == 12345


# The base wage


def test_a_fixed_wage_is_that_of_the_day():
    law = base_wage("fixed", yuan={"dated": {"2024-01-01": 7000, "2024-07-01": "7200.5"}})
    assert base_wage_of(law)(date(2024, 6, 30), 0) == 700000
    assert base_wage_of(law)(date(2024, 7, 1), 0) == 720050


@pytest.mark.parametrize(("own_fen", "wage_fen"), [(0, 400000), (512345, 512345), (2000000, 1500000)])
def test_own_earnings_between_floor_and_ceiling(own_fen, wage_fen):
    law = base_wage("own_earnings", floor_yuan=4000, ceiling_yuan={"dated": {"2024-01-01": 15000}})
    assert base_wage_of(law)(date(2024, 1, 1), own_fen) == wage_fen


def test_own_earnings_without_bounds():
    assert base_wage_of(base_wage("own_earnings"))(date(2024, 1, 1), 12) == 12
