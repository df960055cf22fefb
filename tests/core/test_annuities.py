"""Annuities: the published life table values, closed forms and the pensions of VALIDATION E7."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.annuities import Makeham, annuity_due, months_of_life, values_to_come

# Standard Ultimate Survival Model of the Society of Actuaries.
SOA = Makeham(a=0.00022, b=0.0000027, c=1.124)

# VALIDATION E6: age, annual at 5 % as printed, monthly at 5 %, Woolhouse monthly, annual at 3 %, disabled monthly.
E6 = [
    (20, 19.9664, 19.5040025, 19.5040023, 29.1481999, 16.5454253),
    (30, 19.3834, 18.9209643, 18.9209642, 27.4529513, 16.2007336),
    (40, 18.4578, 17.9953436, 17.9953434, 25.2027528, 15.6025728),
    (50, 17.0245, 16.5620688, 16.5620686, 22.2660031, 14.5950633),
    (60, 14.9041, 14.4414369, 14.4414368, 18.561865, 12.9836226),
    (65, 13.5498, 13.0869554, 13.0869553, 16.4396578, 11.8990161),
    (70, 12.0083, 11.545115, 11.5451149, 14.1842634, 10.6224275),
    (80, 8.5484, 8.08344342, 8.08344333, 9.57326864, 7.62158262),
]


@pytest.mark.parametrize(("age", "annual", "monthly", "woolhouse", "three", "disabled"), E6)
def test_capital_values_of_the_published_life_table(
    age: int, annual: float, monthly: float, woolhouse: float, three: float, disabled: float
) -> None:
    assert annuity_due(age, 0.05, SOA) == pytest.approx(annual, abs=5e-5)
    assert annuity_due(age, 0.05, SOA, 12) == pytest.approx(monthly, rel=5e-9)
    assert annuity_due(age, 0.03, SOA) == pytest.approx(three, rel=5e-9)
    assert annuity_due(age, 0.05, SOA, 12, extra_force=0.01) == pytest.approx(disabled, rel=5e-9)
    m = 12
    expansion = (m - 1) / (2 * m) + (m**2 - 1) / (12 * m**2) * (math.log(1.05) + SOA.force(age))
    assert annuity_due(age, 0.05, SOA) - expansion == pytest.approx(woolhouse, rel=5e-9)


def test_pensions_in_payment_and_terminal_funding() -> None:
    # VALIDATION E7: ten new pensions of 24 000 a year, each at age 35; cost at 3 %.
    alive = 10 * np.cumsum(SOA.survival(35, np.arange(61)))
    years = [0, 1, 5, 10, 30, 60]
    printed = [10, 19.9960875, 59.9366879, 109.739772, 305.407038, 509.728375]
    np.testing.assert_allclose(alive[years], printed, rtol=5e-9)
    assert 10 * 24000 * annuity_due(35, 0.03, SOA) == pytest.approx(6337372.38, abs=5e-3)


def test_without_mortality_it_is_an_annuity_certain() -> None:
    nobody_dies = Makeham(0.0, 0.0, 1.0)
    v = 1 / 1.04
    assert annuity_due(40, 0.04, nobody_dies, years=10) == pytest.approx((1 - v**10) / (1 - v))
    assert annuity_due(40, 0.04, nobody_dies) == pytest.approx(1 / (1 - v))
    assert annuity_due(40, 0.0, nobody_dies, 12, years=1.5) == pytest.approx(1.5)
    assert annuity_due(40, 0.04, nobody_dies, years=0) == 0.0


@pytest.mark.parametrize("makeham", [Makeham(0.02, 0.0, 1.1), Makeham(0.0, 0.02, 1.0)])
def test_a_constant_force_is_a_geometric_sum(makeham: Makeham) -> None:
    q = math.exp(-0.02) / 1.03
    assert annuity_due(50, 0.03, makeham) == pytest.approx(1 / (1 - q))
    assert annuity_due(50, 0.03, Makeham(0.0, 0.0, 1.0), extra_force=0.02) == pytest.approx(1 / (1 - q))


@given(st.floats(20, 90), st.floats(0, 30), st.floats(0, 30))
def test_survival_is_a_product_over_consecutive_times(age: float, first: float, then: float) -> None:
    together = float(SOA.survival(age, first + then))
    assert together == pytest.approx(
        float(SOA.survival(age, first)) * float(SOA.survival(age + first, then)), rel=1e-9, abs=1e-300
    )


@given(st.floats(0, 90), st.floats(0.0, 0.1), st.sampled_from([1, 2, 4, 12]), st.floats(0, 60))
def test_a_term_splits_a_life_annuity(age: float, rate: float, m: int, term: float) -> None:
    years = round(term * m) / m
    deferred = (1 + rate) ** -years * float(SOA.survival(age, years)) * annuity_due(age + years, rate, SOA, m)
    whole = annuity_due(age, rate, SOA, m)
    assert annuity_due(age, rate, SOA, m, years=years) + deferred == pytest.approx(whole, rel=1e-9)


def test_what_has_no_value_is_refused() -> None:
    with pytest.raises(ValueError, match="no finite value"):
        annuity_due(40, 0.0, Makeham(0.0, 0.0, 1.0))
    with pytest.raises(ValueError, match="interest"):
        annuity_due(40, -1.0, SOA)
    with pytest.raises(ValueError, match="payments_per_year"):
        annuity_due(40, 0.03, SOA, 0)
    with pytest.raises(ValueError, match="term"):
        annuity_due(40, 0.03, SOA, years=-1)
    with pytest.raises(ValueError, match="b >= 0"):
        Makeham(0.0, -1e-6, 1.1)
    with pytest.raises(ValueError, match="finite"):
        Makeham(math.nan, 1e-6, 1.1)


# Lifetimes drawn from the law


LAWS = [
    (SOA, 0.0),
    (SOA, 0.05),
    (Makeham(0.0, 0.00003, 1.1), 0.0),
    (Makeham(0.02, 0.0, 1.0), 0.0),
    (Makeham(0.02, 0.01, 1.0), 0.0),
]


@pytest.mark.parametrize(("makeham", "extra"), LAWS)
def test_a_lifetime_is_the_inverse_of_survival(makeham: Makeham, extra: float) -> None:
    uniforms = np.array([1e-12, 1e-6, 0.001, 0.1, 0.5, 0.9, 0.999, 1 - 1e-9])
    for age in (0.0, 20.0, 35.5, 60.0, 105.0):
        years = makeham.lifetime(age, uniforms, extra)
        assert (np.diff(years) > 0).all()
        for each, u in zip(years, uniforms, strict=True):
            assert float(makeham.survival(age, each, extra)) == pytest.approx(1 - u, rel=1e-9, abs=1e-13)


@given(st.floats(0, 110), st.floats(1e-6, 1 - 1e-6), st.floats(0, 2), st.floats(0.01, 30))
def test_who_has_lived_some_years_lives_on_by_the_law(
    age: float, u: float, extra: float, lived: float
) -> None:
    """The hazard still to be gathered after some years is the whole less that of the years."""
    hazard = -math.log1p(-u)
    gathered = -math.log(max(float(SOA.survival(age, lived, extra)), 1e-300))
    whole = float(SOA.years_to(age, hazard + gathered, extra))
    assert whole == pytest.approx(lived + float(SOA.years_to(age + lived, hazard, extra)), rel=1e-6)


def test_lifetimes_need_a_force_that_does_not_fall() -> None:
    with pytest.raises(ValueError, match="fall with age"):
        Makeham(0.01, 0.01, 0.9).lifetime(40, 0.5)
    with pytest.raises(ValueError, match="no end"):
        months_of_life(40, Makeham(0.0, 0.0, 1.0))


@pytest.mark.parametrize(("age", "annual", "monthly", "woolhouse", "three", "disabled"), E6)
def test_what_is_to_come_of_a_pension_is_its_annuity(
    age: int, annual: float, monthly: float, woolhouse: float, three: float, disabled: float
) -> None:
    """In arrears: the annuity due less its first payment, which is a twelfth; with it the table of E6."""
    del annual, woolhouse, three
    for value, extra in ((monthly, 0.0), (disabled, 0.01)):
        months = np.arange(months_of_life(age, SOA, extra) + 1) / 12
        values = values_to_come(np.ones(len(months) - 1), 0.05, SOA.survival(age, months, extra))
        assert 1 + values[0] == pytest.approx(12 * value, rel=5e-9)
        later = annuity_due(age + 10, 0.05, SOA, 12, extra_force=extra)
        assert 1 + values[120] == pytest.approx(12 * later, rel=1e-9)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60), st.floats(0, 0.1), st.floats(20, 80))
def test_values_run_down_by_interest_mortality_and_what_is_paid(
    payments: list[int], rate: float, age: float
) -> None:
    """Thiele: V(j) (1+i)^(1/12) = p (P(j+1) + V(j+1)), and nothing is left after the last payment."""
    alive = SOA.survival(age, np.arange(len(payments) + 1) / 12)
    values = values_to_come(payments, rate, alive)
    after = (np.asarray(payments) + values[1:]) * alive[1:] / alive[:-1]
    np.testing.assert_allclose(values[:-1] * (1 + rate) ** (1 / 12), after, rtol=1e-9, atol=1e-6)
    assert values[-1] == 0
