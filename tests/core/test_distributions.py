"""Laws: closed forms, an independent library, and the promises of inverse transform."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from injurysim.core.composed import Discrete, Empirical, Mixture, Truncated
from injurysim.core.distributions import (
    Constant,
    Distribution,
    Exponential,
    Gamma,
    Lognormal,
    Pareto,
    Poisson,
    Uniform,
    Weibull,
    gamma_by_mean,
    integer_cdf,
    lognormal_by_mean,
    pareto_by_mean,
    weibull_by_mean,
)

U = (np.arange(2000) + 0.5) / 2000

CONTINUOUS = [
    (Exponential(3.0), stats.expon(scale=3.0)),
    (Gamma(0.8, 10_000.0), stats.gamma(0.8, scale=10_000.0)),
    (Gamma(5.0, 1.0), stats.gamma(5.0)),
    (Lognormal(8.5, 1.2), stats.lognorm(1.2, scale=math.exp(8.5))),
    (Weibull(1.7, 20.0), stats.weibull_min(1.7, scale=20.0)),
    (Weibull(0.6, 20.0), stats.weibull_min(0.6, scale=20.0)),
    (Pareto(4.0, 10.0), stats.lomax(4.0, scale=10.0)),
    (Pareto(1.0, 10.0), stats.lomax(1.0, scale=10.0)),
    (Pareto(0.7, 10.0), stats.lomax(0.7, scale=10.0)),
    (Uniform(-2.0, 5.0), stats.uniform(-2.0, 7.0)),
]
DISCRETE: list[Distribution] = [
    Constant(4.5),
    Poisson(0.0),
    Poisson(3.2),
    Empirical([5.0, 1.0, 1.0, 2.5]),
    Discrete([3.0, -1.0, 8.0, 9.0], [2.0, 1.0, 1.0, 0.0]),
]
COMPOSED: list[Distribution] = [
    Mixture([0.9, 0.1], [Exponential(3.0), Exponential(50.0)]),
    Mixture([1.0, 3.0, 0.0], [Constant(0.0), Gamma(2.0, 5.0), Constant(99.0)]),
    Truncated(Gamma(2.0, 5.0), 3.0, 30.0),
    Truncated(Lognormal(2.0, 1.0), 0.0, 12.0),
    Truncated(Exponential(3.0), 2.0, math.inf),
    Truncated(Uniform(-2.0, 5.0), -math.inf, 4.0),
    Truncated(Poisson(3.2), 1.0, 5.0),
    Truncated(Discrete([1.0, 2.0, 3.0], [1.0, 1.0, 2.0]), 2.0, 3.0),
    Truncated(Mixture([0.7, 0.3], [Exponential(3.0), Uniform(10.0, 20.0)]), 1.0, 15.0),
    Truncated(Mixture([0.7, 0.3], [Exponential(3.0), Constant(50.0)]), 1.0, 15.0),
    Mixture([0.5, 0.5], [Truncated(Exponential(3.0), 1.0, 4.0), Poisson(2.0)]),
]
EVERY = [law for law, _ in CONTINUOUS] + DISCRETE + COMPOSED
every_law = pytest.mark.parametrize("law", EVERY, ids=str)


@pytest.mark.parametrize(("law", "reference"), CONTINUOUS, ids=[str(law) for law, _ in CONTINUOUS])
def test_scipy_agrees(law: Distribution, reference: stats.distributions.rv_frozen) -> None:
    np.testing.assert_allclose(law.ppf(U), reference.ppf(U), rtol=1e-10, atol=1e-12)
    x = np.concatenate(([-5.0, 0.0], reference.ppf(U[::50])))
    np.testing.assert_allclose(law.cdf(x), reference.cdf(x), rtol=1e-10, atol=1e-14)
    assert law.mean() == pytest.approx(reference.mean())


@pytest.mark.parametrize("law", [law for law, _ in CONTINUOUS], ids=str)
@given(u=st.floats(1e-9, 1 - 1e-9))
def test_a_continuous_law_goes_there_and_back(law: Distribution, u: float) -> None:
    assert float(law.cdf(law.ppf(u))) == pytest.approx(u, rel=1e-8)


@every_law
@pytest.mark.parametrize("u_limit", [0.05, 0.5, 0.9, 0.999])
def test_the_limited_mean_is_the_integral_of_the_distribution_function(
    law: Distribution, u_limit: float
) -> None:
    # E[min(X, limit)] = limit - integral of F up to the limit; F is 0 below -10 in every case here.
    limit = float(np.sort(law.ppf(U))[int(2000 * u_limit)]) + 0.25
    steps = np.unique([*np.arange(-2, min(limit, 60.0), 0.5), limit])
    pieces = [
        integrate.quad(lambda x: float(law.cdf(x)), a, b, epsabs=1e-11, limit=200)[0]
        for a, b in zip(np.r_[-10.0, steps], steps, strict=False)
        if b > a
    ]
    assert law.limited_mean(limit) == pytest.approx(limit - math.fsum(pieces), rel=1e-7, abs=1e-7)


@every_law
def test_limited_means_rise_to_the_mean(law: Distribution) -> None:
    limits = np.linspace(-12.0, 200.0, 300)
    means = np.array([law.limited_mean(limit) for limit in limits])
    assert (np.diff(means) >= -1e-9).all()
    assert (means <= np.minimum(limits, law.mean()) + 1e-9).all()
    assert law.limited_mean(-12.0) == -12.0
    assert law.limited_mean(math.inf) == law.mean()
    if law.mean() < math.inf:
        assert law.limited_mean(1e9) == pytest.approx(law.mean(), rel=1e-9)


@every_law
def test_the_mean_is_the_mean_of_the_draws(law: Distribution) -> None:
    u = (np.arange(400_000) + 0.5) / 400_000
    limit = 40.0
    assert np.minimum(law.ppf(u), limit).mean() == pytest.approx(law.limited_mean(limit), rel=1e-4, abs=1e-4)


@every_law
def test_draws_follow_the_distribution_function(law: Distribution) -> None:
    draws = law.ppf(U)
    for x in np.unique(draws)[::97]:
        assert (draws <= x).mean() == pytest.approx(float(law.cdf(x)), abs=2e-3)
        assert (draws < x).mean() == pytest.approx(float(law.cdf_left(x)), abs=2e-3)


@every_law
def test_shapes_are_kept(law: Distribution) -> None:
    assert law.ppf(np.full((2, 3), 0.4)).shape == (2, 3)
    assert law.ppf(0.4).shape == ()
    assert law.cdf([1.0, 2.0]).shape == (2,)
    assert law.cdf_left(1.0).shape == ()
    assert law.ppf(np.array([])).shape == (0,)
    assert law.ppf(U).dtype == np.float64


@every_law
def test_the_extreme_uniforms_give_finite_draws(law: Distribution) -> None:
    assert np.isfinite(law.ppf([2.0**-53, 1.0 - 2.0**-53])).all()


def test_the_benefit_rule_of_the_validation_sets() -> None:
    # VALIDATION A: E[Y] = share (L(u) - L(d)), six digits and more printed for each set.
    sigma2 = math.log(1 + (177728.3 / 84541.68) ** 2)
    a3 = Lognormal(math.log(84541.68) - sigma2 / 2, math.sqrt(sigma2))
    layers: list[tuple[Distribution, float, float, float, float]] = [
        (Pareto(4, 10), 6, 24, 0.75, 0.546744805),
        (Gamma(5, 1), 2, 52, 1.0, 3.02248799),
        (a3, 10_000, 1_010_000, 1.0, 71729.244),
        (Lognormal(8.5, 1.2), 0, math.inf, 1.0, 10097.0643),
        (Gamma(0.8, 10_000), 200, 60_000, 0.9, 7011.98463),
        (Pareto(3, 20_000), 1_000, 100_000, 0.8, 7034.01361),
    ]
    for law, deductible, limit, share, expected in layers:
        payment = share * (law.limited_mean(limit) - law.limited_mean(deductible))
        assert payment == pytest.approx(expected, rel=2e-8)


@pytest.mark.parametrize("make", [gamma_by_mean, lognormal_by_mean, weibull_by_mean, pareto_by_mean])
@given(mean=st.floats(0.01, 1e6), cv=st.floats(1.05, 3.0))
def test_laws_by_mean_and_cv_have_them(make: object, mean: float, cv: float) -> None:
    law = make(mean, cv)  # type: ignore[operator]
    assert law.mean() == pytest.approx(mean, rel=1e-9)
    match law:
        case Gamma():
            found = stats.gamma(law.shape, scale=law.scale)
        case Lognormal():
            found = stats.lognorm(law.sigma, scale=math.exp(law.mu))
        case Weibull():
            second = law.scale**2 * float(special.gamma(1 + 2 / law.shape))
            assert math.sqrt(second - mean**2) / mean == pytest.approx(cv, rel=1e-9)
            return
        case _:
            found = stats.lomax(law.alpha, scale=law.theta)
    assert found.std() / found.mean() == pytest.approx(cv, rel=1e-9)


@pytest.mark.parametrize("cv", [0.001, 0.05, 0.5, 1.0, 10.0, 100.0])
def test_a_weibull_law_exists_for_every_cv_of_its_range(cv: float) -> None:
    law = weibull_by_mean(7.0, cv)
    ratio = math.lgamma(1 + 2 / law.shape) - 2 * math.lgamma(1 + 1 / law.shape)
    assert law.mean() == pytest.approx(7.0)
    assert math.sqrt(math.expm1(ratio)) == pytest.approx(cv, rel=1e-6)
    if cv == 1.0:
        assert law.shape == pytest.approx(1.0)


def test_truncation_keeps_both_ends_of_a_law_with_atoms() -> None:
    law = Truncated(Poisson(3.0), 1.0, 3.0)
    p = stats.poisson(3.0).pmf([1, 2, 3])
    np.testing.assert_allclose(law.cdf([0.9, 1.0, 2.0, 3.0]), np.r_[0.0, np.cumsum(p) / p.sum()], atol=1e-12)
    assert np.unique(law.ppf(U)).tolist() == [1.0, 2.0, 3.0]
    assert law.mean() == pytest.approx((p * [1, 2, 3]).sum() / p.sum())


def test_a_truncated_memoryless_law_starts_again() -> None:
    assert Truncated(Exponential(3.0), 2.0, math.inf).mean() == pytest.approx(5.0)


def test_truncating_twice_is_truncating_to_what_is_common() -> None:
    law = Truncated(Exponential(3.0), 1.0, 9.0)
    assert Truncated(law, 2.0, 20.0) == Truncated(Exponential(3.0), 2.0, 9.0)


def test_a_mixture_draws_every_part_from_one_uniform() -> None:
    law = Mixture([1.0, 1.0], [Uniform(0.0, 1.0), Uniform(10.0, 11.0)])
    np.testing.assert_allclose(law.ppf([0.1, 0.4, 0.6, 0.9]), [0.2, 0.8, 10.2, 10.8])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Constant(math.nan),
        lambda: Exponential(0.0),
        lambda: Gamma(-1.0, 1.0),
        lambda: Lognormal(math.inf, 1.0),
        lambda: Lognormal(0.0, 0.0),
        lambda: Weibull(1.0, math.inf),
        lambda: Pareto(0.0, 1.0),
        lambda: Uniform(2.0, 2.0),
        lambda: Poisson(-0.1),
        lambda: Empirical([]),
        lambda: Empirical([1.0, math.nan]),
        lambda: Discrete([1.0, 2.0], [1.0]),
        lambda: Discrete([1.0, 2.0], [0.0, 0.0]),
        lambda: Discrete([1.0, 2.0], [-1.0, 2.0]),
        lambda: Discrete([1.0, math.inf], [1.0, 2.0]),
        lambda: Mixture([], []),
        lambda: Mixture([1.0], [Constant(1.0), Constant(2.0)]),
        lambda: Truncated(Exponential(1.0), 2.0, 1.0),
        lambda: Truncated(Uniform(0.0, 1.0), 2.0, 3.0),
        lambda: gamma_by_mean(1.0, 0.0),
        lambda: lognormal_by_mean(-1.0, 1.0),
        lambda: weibull_by_mean(1.0, 1e-4),
        lambda: pareto_by_mean(1.0, 1.0),
        lambda: integer_cdf(Constant(1.0), 2, 1),
        lambda: integer_cdf(Constant(1.0), 1, 2, 0.0),
    ],
)
def test_impossible_laws_are_refused(make: object) -> None:
    with pytest.raises(ValueError, match=r"must|need|weights|probability|above"):
        make()  # type: ignore[operator]


def test_whole_minutes_of_a_law_in_hours() -> None:
    law, unit = Truncated(Gamma(16.0, 0.5), 4.0, 12.0), 1 / 60
    table = integer_cdf(law, 240, 720, unit)
    assert table.shape == (481,)
    assert table[-1] == 1.0
    assert (np.diff(table) >= 0.0).all()
    minutes = 240 + np.searchsorted(table, U, side="left")
    assert (minutes == np.floor(law.ppf(U) * 60 + 0.5)).all()


def test_whole_numbers_round_halves_up_and_gather_what_lies_outside() -> None:
    table = integer_cdf(Empirical([0.5, 1.5, 2.0, 9.0]), 1, 4)
    assert table.tolist() == [0.25, 0.75, 0.75, 1.0]
    assert integer_cdf(Poisson(2.0), 0, 3)[:3] == pytest.approx(stats.poisson(2.0).cdf([0, 1, 2]))
