"""Choices: probabilities by risk and price, and the year by which both are judged."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from injurysim.books.enrolment.choosing import takes
from injurysim.books.enrolment.price import MEASURES, yearly_price_yuan
from injurysim.books.enrolment.year import MONTHS_LOOKED_BACK, RiderYears
from injurysim.books.past import MEASURES as KEPT
from injurysim.books.setting import Setting
from injurysim.core.randomness import Streams
from injurysim.replication import make_world
from injurysim.scenario.choice import Choice
from injurysim.scenario.contribution import Charged
from injurysim.scenario.designs import Scheme
from injurysim.scenario.document import Scenario
from injurysim.scenario.resolve import book_calendar, resolve

CHOICE = TypeAdapter(Choice)
LOGIT = {"kind": "logit", "a": -0.2, "b": 1.5, "benefit_yuan": 10000}
WILLING = {"kind": "willingness", "multiple": 1.5, "benefit_yuan": 1000}


def chance(law, risk, price=1.0):
    return float(takes(CHOICE.validate_python(law), np.array([risk]), np.array([price]))[0])


def test_the_laws_are_those_stated():
    assert chance(LOGIT, 0.03, 250) == pytest.approx(1 / (1 + math.exp(0.2 - 1.5 * (0.03 * 10000 / 250 - 1))))
    assert chance({"kind": "risk", "b": 40}, 0.02) == pytest.approx(1 - math.exp(-0.8))
    assert [chance(WILLING, 0.1, price) for price in (149.9, 150, 150.1)] == [1, 1, 0]
    assert chance({"kind": "share", "share": "0.3"}, 0.5) == 0.3


def test_cover_for_nothing_is_the_limit_of_a_falling_price():
    for law in (LOGIT, WILLING):
        assert chance(law, 0.02, 0.0) == pytest.approx(chance(law, 0.02, 1e-6)) == 1
        assert 0 <= chance(law, 0.0, 0.0) <= 1
    assert chance({**LOGIT, "b": -1}, 0.02, 0.0) == 0
    assert chance({**LOGIT, "b": 0}, 0.02, 0.0) == chance({**LOGIT, "b": 0}, 0.02, 5.0)
    assert chance(LOGIT, 0.0, 0.0) == chance(LOGIT, 0.01, 100)  # worth nothing for nothing: a fair price


@given(
    st.floats(0, 1), st.floats(0, 1), st.floats(0, 1e4), st.floats(0, 1e4), st.sampled_from([LOGIT, WILLING])
)
def test_take_up_rises_with_risk_and_falls_with_the_price(risk, more, price, dearer, law):
    (risk, more), (price, dearer) = sorted((risk, more)), sorted((price, dearer))
    if risk > 0:
        assert chance(law, risk, price) <= chance(law, more, price)
        assert chance(law, risk, price) >= chance(law, risk, dearer)


@pytest.fixture(scope="module")
def flat(small):
    """Return the stage of two months of riders who work 8 hours a day, half on each app, without any chance."""
    crew = {
        **small.group(20, [{"alpha": "0.5", "beta": "0.5"}, {"alpha": 1}]),
        "entry": {"per_month": 10},
        "work": {
            "attendance": {"workday": 1, "weekend": 1, "holiday": 1},
            "start_hour": {"kind": "constant", "value": 8},
            "wanted_hours": {"kind": "constant", "value": 8},
        },
        "frailty": {"kind": "gamma", "shape": 2},
    }
    fixed = {
        "alpha": {"industry": "food", "orders": {"kind": "fixed_per_day", "per_day": 20}},
        "beta": {"industry": "parcel", "orders": {"kind": "fixed_per_day", "per_day": 10}},
    }
    money = {"pay_per_order_yuan": 6, "turnover_per_order_yuan": 30}
    world = small.world({"crew": crew}, platforms={name: {**each, **money} for name, each in fixed.items()})
    world = {**world, "recovery": {"kind": "none"}}
    scenario = resolve(Scenario.model_validate(small.document(worlds={"base": world}, months=4)))
    streams = Streams(7, 0)
    running = make_world(scenario, "base", streams, "fast")
    setting = Setting.of(scenario, "base", book_calendar(scenario), streams, running.population)
    for name in KEPT:
        setting.past.keep(name, MONTHS_LOOKED_BACK)
    everything = setting.strata.mask(scenario.designs["pilot"].schemes["pilot"].eligible)
    years, months = [], []
    riders = np.arange(len(running.population))
    for month in running.months():
        setting.shared(month)
        months.append(month)
        year = RiderYears(setting, month.index, riders, everything)
        # Judged while the month is at hand: what the past holds grows with every month.
        prices = {
            kind: yearly_price_yuan(scheme_of(small, rule), year) for kind, (rule, _, _) in PRICES.items()
        }
        years.append(SimpleNamespace(risk=year.risk, known=year._known, prices=prices))
    return SimpleNamespace(setting=setting, first=years[0], third=years[2], months=months)


def scheme_of(small, rule):
    payer = {"payer": {"worker": "0.4", "platform": "0.6"}, "region_factors": {"east": "1.5"}}
    return Scheme.model_validate(small.scheme(contribution={**rule, **payer, "price_factor": "1.1"}))


A_YEAR = 365.25
PRICES = {
    "per_order": (
        {"kind": "per_order", "industries": {"food": "0.06"}, "platforms": {"beta": "0.25"}},
        (20 * 0.06 + 10 * 0.25) * A_YEAR,
        20 * 0.06 * A_YEAR,
    ),
    "per_online_hour": ({"kind": "per_online_hour", "yuan": "0.5"}, 4 * A_YEAR, 4 * A_YEAR),
    "per_engaged_hour": ({"kind": "per_engaged_hour", "yuan": "0.5"}, 4 * A_YEAR, 4 * A_YEAR),
    "per_day": ({"kind": "per_day", "yuan": 3}, 6 * A_YEAR, 3 * A_YEAR),
    "per_month": ({"kind": "per_month", "yuan": 30}, 720, 360),
    "per_month_once": ({"kind": "per_month", "yuan": 30, "once": True}, 360, 360),
    "per_year": ({"kind": "per_year", "yuan": 200}, 200, 200),
    "share_of_earnings": (
        {"kind": "share_of_earnings", "rate": "0.01"},
        30 * 6 * 0.01 * A_YEAR,
        20 * 6 * 0.01 * A_YEAR,
    ),
    "share_of_turnover": (
        {"kind": "share_of_turnover", "rate": "0.02", "at_most_of_earnings": "0.09"},
        30 * 6 * 0.09 * A_YEAR,
        20 * 6 * 0.09 * A_YEAR,
    ),
    "payroll": (
        {"kind": "payroll", "rate": "0.01", "floor_yuan": 2000, "ceiling_yuan": 3000},
        (3000 + 2000) * 12 * 0.01,
        3000 * 12 * 0.01,
    ),
}
"""Contribution, and what is owed a year on both apps and on alpha alone: 20 orders a day there, 10 on beta."""


def test_every_contribution_has_a_price():
    kinds = {each.__name__ for each in Charged.__args__}
    assert {each.__name__ for each in MEASURES} == kinds


@pytest.mark.parametrize("kind", PRICES)
def test_the_price_is_the_worker_s_share_of_a_year_of_work(flat, kind):
    """Before any month by what is expected, after two by what was: the same, where nothing is left to chance."""
    _, both, alone = PRICES[kind]
    population = flat.setting.population
    on_both = np.diff(population.first_engagement) == 2
    old = population.cohort == 0
    for years in (flat.first, flat.third):
        price = years.prices[kind]
        wanted = np.where(on_both, both, alone) * 0.4 * 1.5 * 1.1
        # Months are not all alike: an amount by the month is 12.2 of January and February, of 60 days, a year.
        months = (
            (2 * A_YEAR / 60 / 12) if years is flat.third and kind in ("per_month", "per_month_once") else 1
        )
        tolerance = 0.03 if kind == "payroll" else 1e-6
        assert price[old] == pytest.approx(wanted[old] * months, rel=tolerance)


def test_risk_is_what_the_months_before_come_to_in_a_year(flat):
    """Before any month expected injuries are those of the law, frailty included; the world's own agree to the minute.

    8 hours a day, half of them where 9 and half where 6 an hour of 1000 are hurt, the last 2 of 8 at twice the hazard.
    """
    population = flat.setting.population
    on_both = np.diff(population.first_engagement) == 2
    law = A_YEAR * 8 * np.where(on_both, 7.5, 6) / 1000 * 10 / 8 * population.frailty
    assert flat.first.risk == pytest.approx(law, rel=1e-9)
    old = population.cohort == 0
    done = np.bincount(population.engagement_rider, sum(month.expected_injuries for month in flat.months[:2]))
    assert flat.third.risk[old] == pytest.approx(done[old] * A_YEAR / 60, rel=1e-6)
    alone = old & ~on_both
    assert flat.third.risk[alone] == pytest.approx(law[alone], rel=1e-5)


def test_only_whole_months_count(flat):
    """Whoever entered within February is judged in March by the group; within January by the whole of February."""
    population, third = flat.setting.population, flat.third
    known = third.known
    assert known[population.entry_day <= 31].all()
    assert not known[population.entry_day > 31].any()
    february = np.bincount(population.engagement_rider, flat.months[1].expected_injuries)
    late = (population.entry_day > 0) & (population.entry_day <= 31)
    assert late.any()
    assert third.risk[late] == pytest.approx(february[late] * A_YEAR / 29, rel=1e-6)


def test_whoever_has_not_worked_is_judged_by_the_group(small):
    """Away all January (attendance is nothing then), riders are judged in February as on the first day."""
    work = {**small.group()["work"], "season": {"attendance": {1: 0}}}
    document = small.document(worlds={"base": small.world({"crew": small.group(5, work=work)})}, months=2)
    scenario = resolve(Scenario.model_validate(document))
    streams = Streams(7, 0)
    running = make_world(scenario, "base", streams, "fast")
    setting = Setting.of(scenario, "base", book_calendar(scenario), streams, running.population)
    for name in KEPT:
        setting.past.keep(name, MONTHS_LOOKED_BACK)
    mask = setting.strata.mask(scenario.designs["pilot"].schemes["pilot"].eligible)
    judged = []
    for month in running.months():
        setting.shared(month)
        judged.append(RiderYears(setting, month.index, np.arange(5), mask).risk)
    assert (judged[0] == judged[1]).all()
    assert (judged[0] > 0).all()
