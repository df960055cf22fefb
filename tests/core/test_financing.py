"""Financing of social insurance: what the rates are for, and how a reserve grows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.financing import (
    general_average_premium,
    level_growth_reserve,
    pay_as_you_go_rate,
    projected_reserves,
)

money = st.floats(1, 1e6)
interest = st.floats(0, 0.2)


@given(benefits=money, exposure=money, expenses=st.floats(0, 0.9), build_up=st.floats(0, 1e6))
def test_at_the_pay_as_you_go_rate_what_is_kept_meets_the_outgo(benefits, exposure, expenses, build_up):
    rate = pay_as_you_go_rate(benefits, exposure, expense_share=expenses, reserve_build_up=build_up)
    assert rate * exposure * (1 - expenses) == pytest.approx(benefits + build_up)


@pytest.mark.parametrize(("exposure", "expenses"), [(0, 0), (100, 1)])
def test_no_rate_meets_anything_without_exposure_or_all_spent(exposure, expenses):
    with pytest.raises(ValueError, match="no exposure"):
        pay_as_you_go_rate(1, exposure, expense_share=expenses)


@given(years=st.lists(st.tuples(money, money), min_size=1, max_size=30), i=interest, u=st.floats(0, 1e6))
def test_at_the_general_average_premium_the_reserve_ends_at_zero(years, i, u):
    benefits, earnings = zip(*years, strict=True)
    rate = general_average_premium(benefits, earnings, i, opening_reserve=u)
    reserves = projected_reserves(rate, benefits, earnings, i, opening_reserve=u)
    assert reserves[-1] == pytest.approx(0, abs=1e-9 * (1 + i) ** len(years) * (u + sum(benefits)))


def test_over_one_year_the_general_average_premium_is_the_pay_as_you_go_rate():
    assert general_average_premium([120], [5200], 0.04) == pytest.approx(pay_as_you_go_rate(120, 5200))


@given(u=money, i=interest, g=st.floats(-0.1, 0.2), c=money, b=money, n=st.integers(0, 20))
def test_level_growth_is_its_recursion(u, i, g, c, b, n):
    reserve = u
    for year in range(n):
        reserve = reserve * (1 + i) + (c - b) * (1 + g) ** year
    scale = (u + n * (c + b)) * (1 + max(i, g)) ** n
    if i == g or abs(i - g) > 1e-6:
        assert level_growth_reserve(u, i, g, c, b, n) == pytest.approx(reserve, abs=1e-8 * scale)


def test_growth_at_the_rate_of_interest_is_the_limit_of_growth_close_to_it():
    close = level_growth_reserve(100, 0.05, 0.05 + 1e-7, 30, 20, 10)
    assert level_growth_reserve(100, 0.05, 0.05, 30, 20, 10) == pytest.approx(close, rel=1e-6)
