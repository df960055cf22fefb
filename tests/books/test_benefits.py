"""Benefits against amounts worked out by hand from the law, to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from injurysim.books.benefits import Facts, amount_of, base_wage_of, pension_of
from injurysim.books.benefits.death import entitled
from injurysim.books.benefits.pension import together
from injurysim.books.draws import PersonDraws
from injurysim.core.money import round_half_up, to_fen
from injurysim.core.randomness import Streams
from injurysim.scenario.benefits import Annuity, BaseWage, Benefit
from injurysim.scenario.distribution import Random

STANDARD_ULTIMATE = {"makeham_a": 0.00022, "makeham_b": 0.0000027, "makeham_c": 1.124}
"""Standard Ultimate Survival Model of the Society of Actuaries."""


def benefit(kind, **law):
    return TypeAdapter(Benefit).validate_python({"kind": kind, **law})


def base_wage(kind, **law):
    return TypeAdapter(BaseWage).validate_python({"kind": kind, **law})


def annuity(interest="0.05", **law):
    return Annuity.model_validate({"interest": interest, **STANDARD_ULTIMATE, **law})


def facts(injured, wage_yuan=None, value=None, person=None):
    return Facts(injured, None if wage_yuan is None else to_fen(Decimal(str(wage_yuan))), value, person)


def person(injured, wage_yuan=5000, value=None):
    """Return facts with what is drawn about the injured."""
    return facts(injured, wage_yuan, value or annuity(), PersonDraws(Streams(3, 0), injured.injury_id))


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


# Grants of the average wage, allowances, nursing


def test_a_grant_of_the_average_wage_goes_by_grade_and_day(hurt):
    law = benefit(
        "average_wage_grant",
        months={10: 4, 9: "6.5"},
        average_wage_yuan={"dated": {"2023-01-01": "8123.45", "2024-07-01": 8500}},
    )
    assert amount_of(law)(facts(hurt(grade=10))) == 3249380
    assert amount_of(law)(facts(hurt(grade=9))) == 5280243
    assert amount_of(law)(facts(hurt(grade=9, day=date(2024, 7, 1)))) == 5525000
    assert amount_of(law)(facts(hurt(grade=8))) == amount_of(law)(facts(hurt(fatal=True))) == 0


@pytest.mark.parametrize(
    ("days", "waiting", "paid_days"),
    [(0, 0, 0), (3, 0, 3), (3, 3, 0), (10, 3, 7), (33, 3, 30), (34, 3, 30), (34, 0, 30)],
)
def test_a_daily_allowance(hurt, days, waiting, paid_days):
    law = benefit("daily_allowance", yuan="85.55", waiting_days=waiting, most_days=30)
    assert amount_of(law)(facts(hurt(days_off=days))) == 8555 * paid_days
    assert amount_of(law)(facts(hurt(days_off=days, fatal=True))) == 0


NURSING = {"wage_share": {1: "0.5", 2: "0.4"}, "average_wage_yuan": 8000}


def test_nursing_is_a_pension_on_the_average_wage(hurt):
    """E6 at 40: a share of 8000 yuan a month for life."""
    found = amount_of(benefit("nursing", **NURSING))(facts(hurt(grade=1), None, annuity()))
    assert found == pytest.approx(800000 * 12 * 0.5 * SOA_MONTHLY[40], rel=1e-8, abs=0.51)
    assert amount_of(benefit("nursing", **NURSING))(facts(hurt(grade=3), None, annuity())) == 0


def test_who_needs_care_is_drawn_for_the_injured(hurt):
    """2 000 injured, 70 % of whom need care: the same ones at 70 % among those at 90 %, and 4 standard errors."""
    law = {share: amount_of(benefit("nursing", **NURSING, needed_share=share)) for share in ("0.7", "0.9")}
    injured = [person(hurt(injury_id=f"east/crew/0/{n}/2024-01/0", grade=2)) for n in range(2000)]
    few, more = ({each for each, fact in enumerate(injured) if law[share](fact)} for share in law)
    assert few < more
    assert abs(len(few) / 2000 - 0.7) < 4 * (0.7 * 0.3 / 2000) ** 0.5
    with pytest.raises(ValueError, match="none are given"):
        law["0.7"](facts(hurt(grade=1), None, annuity()))


# Floors and rises


def test_a_pension_is_at_least_the_floor_of_the_day(hurt):
    law = benefit(
        "disability_pension",
        wage_share={6: "0.6"},
        floor_yuan={"dated": {"2023-01-01": 2000, "2024-02-01": 2200}},
    )
    of = pension_of(law)
    assert of(facts(hurt(grade=6), 7000)).fen(0, 0) == 420000
    assert of(facts(hurt(grade=6), 3000)).fen(0, 0) == 200000
    assert of(facts(hurt(grade=6, day=date(2024, 2, 1)), 3000)).fen(0, 0) == 220000
    assert of(facts(hurt(grade=7), 3000)) is None


def test_a_rising_pension_is_worth_one_at_the_interest_that_rises_leave(hurt):
    """(1.05 x 1.03) / 1.03 - 1 = 5 %: at 8.15 % with rises of 3 % it is worth what E6 says at 5 %."""
    law = benefit("disability_pension", wage_share={1: "0.9"}, rises_a_year="0.03")
    found = amount_of(law)(facts(hurt(grade=1), 7000, annuity("0.0815")))
    assert found == pytest.approx(700000 * 12 * 0.9 * SOA_MONTHLY[40], rel=1e-8, abs=0.51)


def test_rises_are_on_the_first_pension_and_rounded_once(hurt):
    law = benefit("disability_pension", wage_share={1: "0.9"}, rises_a_year="0.03")
    pension = pension_of(law)(facts(hurt(grade=1), "1111.15"))
    assert [pension.fen(0, n) for n in range(4)] == [100004, 103004, 106094, 109277]


# Survivors, person by person


SURVIVORS = {
    "spouse_share": "0.4",
    "other_share": "0.3",
    "orphan_extra": "0.1",
    "together_at_most": "1",
    "has_spouse": 1,
    "children": {"kind": "constant", "value": 1},
    "child_age_years": {"kind": "constant", "value": 8},
    "child_until_age": 18,
    "parents": {"kind": "constant", "value": 0},
    "parent_years": 10,
    "spouse_years": 20,
}


def levels(hurt, wage_yuan=5000, **law):
    """Return months and fen a month of what survivors get."""
    pension = pension_of(benefit("survivors", **{**SURVIVORS, **law}))(person(hurt(fatal=True), wage_yuan))
    return None if pension is None else [(until, pension.fen(until - 1, 0)) for until, _ in pension.steps]


def number(value):
    return {"kind": "constant", "value": value}


def test_each_survivor_is_paid_until_the_end(hurt):
    """A child of eight for ten years beside a spouse for twenty: 70 %, then 40 % of 5000 yuan."""
    assert levels(hurt) == [(120, 350000), (240, 200000)]
    assert levels(hurt, parents=number(2)) == [(120, 500000), (240, 200000)]
    assert levels(hurt, parents=number(1), parent_years=5) == [(60, 500000), (120, 350000), (240, 200000)]


def test_a_child_without_a_spouse_gets_the_extra_of_an_orphan(hurt):
    assert levels(hurt, has_spouse=0) == [(120, 200000)]
    assert levels(hurt, has_spouse=0, children=number(0)) is None
    assert levels(hurt, has_spouse=0, child_age_years=number(18)) is None
    assert levels(hurt, has_spouse=0, child_age_years=number("17.5")) == [(6, 200000)]


def test_together_they_get_at_most_a_share(hurt):
    """Spouse and two children would have 100 %: held to 80 % while they are all there."""
    assert levels(hurt, children=number(2), together_at_most="0.8") == [(120, 400000), (240, 200000)]
    assert levels(hurt, children=number(2), parents=number(2), parent_years=5, together_at_most="0.8") == [
        (60, 400000),
        (120, 400000),
        (240, 200000),
    ]


def test_numbers_are_rounded_and_bounded(hurt):
    nobody = {"has_spouse": 0, "orphan_extra": 0, "together_at_most": 1, "other_share": "0.1"}
    assert levels(hurt, **nobody, children=number("1.5")) == [(120, 100000)]
    assert levels(hurt, **nobody, children=number("1.49")) == [(120, 50000)]
    assert levels(hurt, **nobody, children=number(9)) == [(120, 300000)]
    assert levels(hurt, **nobody, children=number(0), parents=number(5)) == [(120, 100000)]


def test_survivors_are_worth_the_annuities_of_their_levels(hurt):
    """Without interest every month in full; at 3 % the sum of an annuity of each level's fall."""
    law = amount_of(benefit("survivors", **SURVIVORS, funding="capital"))
    fatal = hurt(fatal=True)
    assert law(person(fatal, 5000, annuity("0"))) == 120 * 350000 + 120 * 200000
    v = 1.03 ** (-1 / 12)
    worth = sum(fen * (1 - v**n) / (1 - v) for n, fen in ((120, 150000), (240, 200000)))
    assert law(person(fatal, 5000, annuity("0.03"))) == pytest.approx(worth, abs=0.51)
    assert law(person(hurt(), 5000, annuity("0.03"))) == 0


def test_survivors_are_drawn_for_the_dead_and_one_child_more_changes_no_other(hurt):
    """3 000 deaths: a share with a spouse and a mean number of children, within 4 standard errors."""
    law = benefit(
        "survivors",
        **{
            **SURVIVORS,
            "spouse_share": "0.5",
            "has_spouse": "0.6",
            "children": {"kind": "discrete", "values": [0, 1, 2], "weights": [1, 1, 1]},
            "child_age_years": {"kind": "uniform", "low": 0, "high": 18},
        },
    )
    drawn = [PersonDraws(Streams(3, 0), f"east/crew/0/{n}/2024-01/0") for n in range(3000)]
    left = [entitled(law, each) for each in drawn]
    spouses = np.array([(240, Fraction(1, 2)) in each for each in left])
    children = np.array([len(each) for each in left]) - spouses
    assert abs(np.mean(spouses) - 0.6) < 4 * (0.24 / 3000) ** 0.5
    assert abs(children.mean() - 1) < 4 * (2 / 3 / 3000) ** 0.5
    one_more = law.model_copy(update={"parents": TypeAdapter(Random).validate_python(number(1))})
    assert all(entitled(one_more, each)[:-1] == before for each, before in zip(drawn, left, strict=True))


@given(
    people=st.lists(st.tuples(st.integers(0, 60), st.fractions(0, 1)), max_size=6),
    at_most=st.fractions(0, 2),
)
def test_together_is_each_month_the_sum_of_those_still_paid_up_to_the_most(people, at_most):
    scaled = [(months, 1000 * share) for months, share in people]
    pension = together(scaled, 1000 * at_most, Fraction(0))
    for month in range(61):
        alive = sum((level for months, level in scaled if month < months), Fraction(0))
        found = 0 if pension is None else pension.fen(month, 0)
        assert found == round_half_up(min(alive, 1000 * at_most))


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
