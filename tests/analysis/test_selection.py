"""The solver of premiums that break even: every root, none where there is none, and whose risks count."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import gamma

from injurysim.analysis.selection import Market, RiskClass, market_of
from injurysim.core.distributions import Constant, gamma_by_mean
from injurysim.scenario.choice import LogitChoice, RiskChoice, WillingnessChoice
from injurysim.scenario.enrolment import Eligible
from injurysim.scenario.world import World

LOGIT = LogitChoice.model_validate({"kind": "logit", "a": 0, "b": 2, "benefit_yuan": 1000})


def two(low, high, share, choice, benefit=1000.0):
    return Market((RiskClass(1 - share, Constant(low)), RiskClass(share, Constant(high))), choice, benefit)


@settings(max_examples=15, deadline=None)
@given(
    st.floats(0.001, 0.05),
    st.floats(1.1, 20),
    st.floats(0.05, 0.95),
    st.floats(-2, 16),
    st.floats(0, 20),
)
def test_what_is_reported_breaks_even_and_is_an_odd_number_of_premiums(low, times, share, a, b):
    """Cost lies above the lowest and below the highest premium, so it crosses from above once more than from below."""
    choice = LogitChoice.model_validate({"kind": "logit", "a": a, "b": b, "benefit_yuan": 1000})
    market = two(low, low * times, share, choice)
    found = market.break_even()
    assert len(found) % 2 == 1
    assert [each.attracts for each in found] == [number % 2 == 0 for number in range(len(found))]
    for each in found:
        assert market.cost_yuan(each.premium_yuan) == pytest.approx(each.premium_yuan, rel=1e-6)
        assert 1000 * low <= each.premium_yuan <= 1000 * low * times * (1 + 1e-9)


def test_riders_all_alike_pay_their_own_cost():
    (found,) = Market((RiskClass(5, Constant(0.02)),), LOGIT, 1000).break_even()
    assert found.premium_yuan == pytest.approx(20)
    assert found.enrolled.coverage == pytest.approx(0.5)  # a = 0 at a fair price
    assert found.attracts


def test_a_cost_that_jumps_over_the_premium_breaks_even_nowhere():
    """Low risks pay up to 12: at 12 both enrol and cost 20; above 12 only the high, who cost 30 and pay up to 36."""
    choice = WillingnessChoice.model_validate({"kind": "willingness", "multiple": 1.2, "benefit_yuan": 1000})
    (found,) = two(0.01, 0.03, 0.5, choice).break_even()
    assert found.premium_yuan == pytest.approx(30)
    assert found.enrolled.coverage == pytest.approx(0.5)


def test_integrals_over_a_gamma_law_are_those_of_quadrature():
    choice = LogitChoice.model_validate({"kind": "logit", "a": -1, "b": 0.7, "benefit_yuan": 1000})
    market = Market((RiskClass(1, gamma_by_mean(0.02, math.sqrt(2))),), choice, 1000)
    law = gamma(0.5, scale=0.04)

    def takes(risk):
        return 1 / (1 + math.exp(1 - 0.7 * (risk * 1000 / 30 - 1)))

    edges = [1e-6, 1e-4, 0.01, 0.05, 0.2, 1]
    pieces = [0, *edges]

    def moment(power):
        return sum(quad(lambda r: r**power * takes(r) * law.pdf(r), *ends)[0] for ends in pairwise(pieces))

    share, risk = moment(0), moment(1)
    found = market.enrolled(30)
    assert found.coverage == pytest.approx(share, rel=1e-4)
    assert found.mean_risk == pytest.approx(risk / share, rel=1e-4)


def test_willingness_on_a_gamma_law_has_a_closed_form():
    """Those above a threshold: P(R > t), and E[R | R > t] by the gamma law of one more shape."""
    choice = WillingnessChoice.model_validate({"kind": "willingness", "multiple": 2, "benefit_yuan": 1000})
    market = Market((RiskClass(3, gamma_by_mean(0.02, 0.5)),), choice, 1000)
    found = market.enrolled(50)
    assert found.coverage == pytest.approx(gamma.sf(0.025, 4, scale=0.005), rel=1e-6)
    above = 0.02 * gamma.sf(0.025, 5, scale=0.005)
    assert found.mean_risk == pytest.approx(above / gamma.sf(0.025, 4, scale=0.005), rel=1e-5)


def test_where_take_up_does_not_ask_for_the_price_there_is_one_premium():
    choice = RiskChoice.model_validate({"kind": "risk", "b": 40})
    market = two(0.01, 0.05, 0.2, choice)
    (found,) = market.break_even()
    takes = -np.expm1(-40 * np.array([0.01, 0.05])) * [0.8, 0.2]
    assert found.premium_yuan == pytest.approx(1000 * (takes @ [0.01, 0.05]) / takes.sum())


WORLD = {
    "regions": {"east": {}, "west": {}},
    "platforms": {"app": {"industry": "food", "orders": {"kind": "fixed_per_day", "per_day": 9}}},
    "fatigue": {"kind": "none"},
    "injuries": {
        "kind": "hazard",
        "per_1000_hours": {"food": 0.01},
        "severities": {
            "any": {
                "share": 1,
                "medical_yuan": {"kind": "constant", "value": 1},
                "days_off": {"kind": "constant", "value": 0},
            }
        },
    },
    "recovery": {"kind": "none"},
}


def group(region, riders, factor, **changes):
    return {
        "region": region,
        "riders": riders,
        "relation": {"not_fully": "0.25", "own_account": "0.75"},
        "portfolios": {"usual": {"split": {"app": 1}}},
        "work": {
            "attendance": {"workday": 1, "weekend": 1, "holiday": 1},
            "start_hour": {"kind": "constant", "value": 8},
            "wanted_hours": {"kind": "constant", "value": 8},
        },
        "age_years": {"kind": "constant", "value": 30},
        "hazard_factor": factor,
        **changes,
    }


def test_the_market_of_a_world_has_its_eligible_riders_and_their_risks():
    groups = {
        "calm": group("east", 100, 1, relation={"own_account": 1}),
        "wild": group("west", 40, 3, frailty={"kind": "gamma", "shape": 4}),
    }
    world = World.model_validate({**WORLD, "groups": groups})
    everybody = market_of(world, Eligible(), LOGIT)
    a_year = 365.25 * 8 * 0.01 / 1000
    assert [each.weight for each in everybody.classes] == [100, 40]
    assert [each.risk.mean() for each in everybody.classes] == pytest.approx([a_year, 3 * a_year])
    assert everybody.classes[1].risk.cdf(3 * a_year) == pytest.approx(gamma.cdf(4, 4))
    some = market_of(world, Eligible(relations=("not_fully",)), LOGIT)
    assert [each.weight for each in some.classes] == pytest.approx([10])
    assert [each.weight for each in market_of(world, Eligible(regions=("east",)), LOGIT).classes] == [100]
    assert [each.weight for each in market_of(world, Eligible(groups=("wild",)), LOGIT).classes] == [40]
