"""Answers to a design: closed forms of the world it makes, and the same riders wherever nothing is answered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from injurysim.books.answers import answered
from injurysim.core.errors import InputError
from injurysim.core.randomness import Streams
from injurysim.core.schemas import TABLES
from injurysim.replication import run_cell
from injurysim.scenario.document import Scenario
from injurysim.scenario.resolve import exposure_calendar, resolve
from injurysim.world.population import draw_population

DAY = dt.date(2024, 1, 1)


@pytest.fixture
def make(small):
    """Return a maker of a scenario with one design and its responses."""

    def made(responses, *, schemes=None, groups=None, **law):
        schemes = schemes or {"pilot": small.scheme(**law)}
        design = {**small.design(schemes), "responses": responses}
        worlds = {"base": small.world(groups)}
        return resolve(Scenario.model_validate(small.document({"pilot": design}, worlds)))

    return made


def world_of(scenario):
    return answered(scenario.worlds["base"], scenario.designs["pilot"], DAY)


def test_no_response_is_no_other_world(make):
    scenario = make(None)
    assert world_of(scenario) is scenario.worlds["base"]


def test_what_is_passed_through_comes_off_the_pay_of_an_order(make, small):
    """0.06 an order of food and 0.25 of parcels, a quarter of it passed on: 1.5 and 6.25 fen less."""
    world = world_of(make({"pass_through": {"share": "0.25"}}, contribution=small.PER_ORDER))
    assert world.platforms["alpha"].pay_per_order_yuan.value == Decimal("6.5") - Decimal("0.015")
    assert world.platforms["beta"].pay_per_order_yuan.value == Decimal(7) - Decimal("0.0625")


def test_only_those_who_are_insured_cost_a_platform(make, small):
    """A fifth of the riders has a labour relation: an order costs a fifth of the charge in the mean."""
    law = {"contribution": small.PER_ORDER, "eligible": {"relations": ["labour_relation"]}}
    world = world_of(make({"pass_through": {"share": 1}}, **law))
    assert world.platforms["alpha"].pay_per_order_yuan.value == pytest.approx(
        Decimal("6.5") - Decimal("0.012"), abs=Decimal("0.0001")
    )


def test_riders_leave_in_proportion_to_the_pay_they_lose(make, small):
    """2 % of earnings and an elasticity of 3: 6 % leave, of 1,000 riders 60."""
    share = {"kind": "share_of_earnings", "payer": "worker", "rate": "0.02"}
    scenario = make({"leaving": {"elasticity": 3}}, groups={"crew": small.group(1000)}, contribution=share)
    assert world_of(scenario).groups["crew"].riders.value == 940


def test_a_daily_premium_is_lost_day_by_day(make, small):
    """3 a day on each platform against 8 hours at 3 food orders of 6.5 yuan: 3 / 156 of the pay."""
    daily = {"kind": "per_day", "payer": "worker", "yuan": 3}
    groups = {"crew": small.group(1000, portfolios=[{"alpha": 1}])}
    scenario = make({"leaving": {"elasticity": 10}}, groups=groups, contribution=daily)
    hours = scenario.worlds["base"].groups["crew"].work.wanted_hours.law().mean()
    loss = 3 / (hours * 3 * 6.5)
    assert world_of(scenario).groups["crew"].riders.value == round(1000 * (1 - 10 * loss))


def test_nobody_left_is_an_error(make):
    daily = {"kind": "per_day", "payer": "worker", "yuan": 30}
    with pytest.raises(InputError, match="nobody of group 'crew' would stay"):
        world_of(make({"leaving": {"elasticity": 50}}, contribution=daily))


def test_absence_grows_with_what_is_replaced(make, small):
    """Pay while recovering replaces 60 % of own earnings; at an elasticity of a half, days off grow by 30 %."""
    law = {
        "benefits": {"recovery": {"kind": "recovery_pay", "wage_share": "0.6", "most_days": 365}},
        "base_wage": {"kind": "own_earnings"},
    }
    scenario = make({"recovery": {"elasticity": "0.5"}}, **law)
    before, after = scenario.worlds["base"].injuries, world_of(scenario).injuries
    for name, severity in before.severities.items():
        mean = severity.days_off.law().mean()
        assert after.severities[name].days_off.law().mean() == pytest.approx(1.3 * mean)
        assert after.severities[name].share == severity.share


def test_the_moved_are_moved_and_nobody_else(make, small):
    """Half of the labour relations become own-account: those are among them before, and no one else changes class."""
    law = {"from_relation": "labour_relation", "to_relation": "own_account", "share": "0.5"}
    scenario = make({"reclassified": law}, groups={"crew": small.group(4000)})
    calendar = exposure_calendar(scenario)
    before, after = (
        draw_population(world, calendar, Streams(7, 0)).relation
        for world in (scenario.worlds["base"], world_of(scenario))
    )
    changed = before != after
    assert {*zip(before[changed].tolist(), after[changed].tolist(), strict=True)} == {(0, 2)}
    # 400 of 4,000 in the mean; 4.9 standard errors: one false alarm in a million
    assert abs(changed.sum() - 400) < 4.9 * np.sqrt(4000 * 0.1 * 0.9)


def test_a_run_on_the_answered_world_has_the_same_work_and_less_pay(make, small):
    """Pass-through alone changes nobody's shifts, orders or injuries, and every order pays less."""
    scenario = make({"pass_through": {"share": 1}}, contribution=small.PER_ORDER)
    plain = scenario.model_copy(
        update={"designs": {"pilot": scenario.designs["pilot"].model_copy(update={"responses": None})}}
    )
    found = run_cell(scenario, "base~pilot", 0, seed=3)
    wanted = run_cell(plain, "base", 0, seed=3)

    def frame(tables, name):
        return TABLES[name].to_pandas(TABLES[name].join(tables[name]))

    one, other = frame(found, "exposure"), frame(wanted, "exposure")
    assert set(one["world"]) == {"base~pilot"}
    assert one["orders"].tolist() == other["orders"].tolist()
    cost = one["platform"].astype(str).map({"alpha": 6, "beta": 25}) * one["orders"]
    assert (other["earnings_fen"] - one["earnings_fen"]).tolist() == cost.tolist()
    hurt = [frame(tables, "injuries").drop(columns="world") for tables in (found, wanted)]
    assert hurt[0].equals(hurt[1])
    assert len(hurt[0])
