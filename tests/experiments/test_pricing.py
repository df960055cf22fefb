"""Prices that break even: income meets outgo on the replications of the price, and in the mean on any others."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import pytest

from injurysim.core.errors import InputError
from injurysim.core.schemas import TABLES
from injurysim.experiments.pricing import FIRST_REPLICATION, priced
from injurysim.replication import run_cell
from injurysim.scenario.document import Scenario
from injurysim.scenario.resolve import resolve

small = SimpleNamespace(**run_path(str(Path(__file__).parents[1] / "books" / "small_cells.py")))
SEED = 11
ASKED = {"replications": 3}
BENEFIT = {"sum": {"kind": "fixed_sum", "yuan": 900}}


def scenario_of(contribution, accounts=None, worlds=None, **changes):
    law = small.scheme(
        contribution=contribution,
        cover={"kind": "online"},
        handling=small.IMMEDIATE,
        benefits=BENEFIT,
        **changes,
    )
    bare = {"fund": {"kind": "pool"}}
    worlds = worlds or {"base": small.world({"crew": small.group(12)})}
    document = small.document({"plan": small.design({"plan": law}, accounts or bare)}, worlds)
    return resolve(Scenario.model_validate(document))


def per_order(**changes):
    return {**small.PER_ORDER, "breaks_even": ASKED, **changes}


def flows(scenario, replications, world="base"):
    """Add what the scheme takes in and what its claims take in the end over replications, in fen."""
    due = ultimate = 0
    for replication in replications:
        tables = run_cell(scenario, world, replication, seed=SEED)
        frames = {
            name: TABLES[name].to_pandas(TABLES[name].join(tables[name]))
            for name in ("contributions", "claims")
        }
        due += int(frames["contributions"]["due_fen"].sum())
        ultimate += int(frames["claims"]["ultimate_fen"].sum())
    return due, ultimate


def factor_of(scenario):
    return scenario.designs["plan"].schemes["plan"].contribution.price_factor.value


def test_what_has_a_price_is_left_as_it_is():
    scenario = scenario_of(small.PER_ORDER)
    assert priced(scenario, scenario, seed=SEED) == scenario


def test_income_meets_outgo_on_the_replications_of_the_price():
    """The factor has six decimals and every bill is rounded: within a thousandth."""
    scenario = scenario_of(per_order())
    found = priced(scenario, scenario, seed=SEED)
    rule = found.designs["plan"].schemes["plan"].contribution
    assert rule.breaks_even is None
    assert rule.industries == scenario.designs["plan"].schemes["plan"].contribution.industries
    mine = range(FIRST_REPLICATION, FIRST_REPLICATION + ASKED["replications"])
    due, ultimate = flows(found, mine)
    assert ultimate > 0
    assert due == pytest.approx(ultimate, rel=1e-3)


def test_a_price_is_no_more_than_its_error_away_on_other_replications():
    """Claims are Poisson: income and outgo of as many fresh replications differ by their counting errors.

    5 standard errors of the difference of two counts: a false alarm in 1.7 million.
    """
    scenario = scenario_of(per_order())
    found = priced(scenario, scenario, seed=SEED)
    fresh = range(8)
    due, ultimate = flows(found, fresh)
    claims = ultimate / 90000
    priced_on = claims * ASKED["replications"] / len(fresh)
    assert abs(due - ultimate) / ultimate < 5 * math.sqrt(1 / claims + 1 / priced_on)


def test_handling_and_loading_are_on_the_price():
    plain, costly = (
        scenario_of(per_order()),
        scenario_of(
            per_order(breaks_even={**ASKED, "loading": "0.1"}),
            {"fund": {"kind": "pool", "handling_share": "0.2"}},
        ),
    )
    bare, loaded = (factor_of(priced(each, each, seed=SEED)) for each in (plain, costly))
    assert Fraction(loaded) == pytest.approx(Fraction(bare) * Fraction(11, 10) / Fraction(8, 10), rel=1e-5)


def test_a_price_does_not_depend_on_the_worlds_that_are_run():
    worlds = {
        name: small.world({"crew": small.group(riders)}) for name, riders in (("base", 12), ("more", 20))
    }
    whole = scenario_of(per_order(), worlds=worlds)
    baseline = whole.baseline.model_copy(update={"world": "more"})
    alone = whole.model_copy(update={"worlds": {"more": whole.worlds["more"]}, "baseline": baseline})
    assert factor_of(priced(alone, whole, seed=SEED)) == factor_of(priced(whole, whole, seed=SEED))
    elsewhere = per_order(breaks_even={**ASKED, "world": "more"})
    there = scenario_of(elsewhere, worlds=worlds)
    found = priced(there, there, seed=SEED)
    mine = range(FIRST_REPLICATION, FIRST_REPLICATION + ASKED["replications"])
    due, ultimate = flows(found, mine, "more")
    assert due == pytest.approx(ultimate, rel=1e-3)


def test_where_take_up_follows_the_price_it_is_found_anew_until_it_settles():
    choice = {"kind": "logit", "a": "0.5", "b": "0.3", "benefit_yuan": 900}
    enrolment = {"kind": "voluntary", "joins": small.START, "choice": choice, "decides_every_months": 12}
    rule = {"kind": "per_month", "payer": "worker", "yuan": 20, "breaks_even": ASKED}
    worlds = {"base": small.world({"crew": small.group(60)})}
    scenario = scenario_of(rule, enrolment=enrolment, worlds=worlds)
    found = priced(scenario, scenario, seed=SEED)
    mine = range(FIRST_REPLICATION, FIRST_REPLICATION + ASKED["replications"])
    due, ultimate = flows(found, mine)
    assert due == pytest.approx(ultimate, rel=0.01)
    assert factor_of(found) != Decimal(1)


def test_no_multiple_of_nothing_breaks_even():
    free = per_order(industries={"food": 0, "parcel": 0})
    scenario = scenario_of(free)
    with pytest.raises(InputError, match="scheme 'plan' takes nothing in at its stated rates"):
        priced(scenario, scenario, seed=SEED)


@pytest.mark.parametrize(("most", "enough"), [("0.99", True), ("0.001", False)])
def test_a_levy_breaks_even_within_its_bound_or_is_refused(most, enough):
    """A bound on what is taken of earnings is no part of the price: what it cuts off is not made up by the rate."""
    worlds = {"base": small.world({"crew": small.group(12)})}
    worlds["base"]["platforms"] = {
        name: {**law, "turnover_per_order_yuan": 8, "pay_per_order_yuan": 1000}
        for name, law in worlds["base"]["platforms"].items()
    }
    levy = {
        "kind": "share_of_turnover",
        "payer": "platform",
        "rate": "0.01",
        "at_most_of_earnings": most,
        "breaks_even": ASKED,
    }
    scenario = scenario_of(levy, worlds=worlds)
    if enough:
        mine = range(FIRST_REPLICATION, FIRST_REPLICATION + ASKED["replications"])
        due, ultimate = flows(priced(scenario, scenario, seed=SEED), mine)
        assert due == pytest.approx(ultimate, rel=1e-3)
    else:
        with pytest.raises(InputError, match="does not break even at the most of earnings it may take"):
            priced(scenario, scenario, seed=SEED)
