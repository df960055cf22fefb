"""Checks between the parts of a scenario: each fault is told once, where it stands, with what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from injurysim.core.errors import InputError, Problem
from injurysim.scenario.reading import read_scenario

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"


def problems(*overrides: str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read_scenario(TINY, overrides=overrides)
    return caught.value.problems


def scheme_of() -> tuple[str, str]:
    """A design of the small scenario with offices, and its scheme."""
    scenario = read_scenario(TINY).scenario
    for name, design in scenario.designs.items():
        for scheme, law in design.schemes.items():
            if law.handling.kind == "offices" and law.contribution.kind == "per_order":
                return name, f"designs.{name}.schemes.{scheme}"
    raise AssertionError("the small scenario has no scheme with offices and a charge per order")


NAME, SCHEME = scheme_of()
WORLD = next(iter(read_scenario(TINY).scenario.worlds))
GROUP = f"worlds.{WORLD}.groups." + next(iter(read_scenario(TINY).scenario.worlds[WORLD].groups))
SEVERITY = next(iter(read_scenario(TINY).scenario.worlds[WORLD].injuries.severities))


@pytest.mark.parametrize(
    ("override", "what"),
    [
        (f"{SCHEME}.account=nowhere", "there is no account 'nowhere'"),
        (f"{SCHEME}.contribution.lag_months=12", "billed 12 months late"),
        (f"{SCHEME}.handling.confirmation.staff=-1", "below 0"),
        (f"{SCHEME}.handling.opens_hour=18", "close at 17 before they open at 18"),
        (f"{SCHEME}.handling.papers_days={{kind: constant, value: -5}}", "days for papers could lie below 0"),
        (
            f"{SCHEME}.reporting.lag_days={{kind: constant, value: -5}}",
            "days to the report could lie below 0",
        ),
        (
            f"{SCHEME}.handling.payment.minutes={{kind: constant, value: -5}}",
            "minutes for a case could lie below 0",
        ),
        (f"{SCHEME}.rating={{kind: fixed, factor: 0.1234567}}", "6 decimals"),
        (
            f"{GROUP}.work.start_hour={{kind: uniform, low: 20, high: 26}}",
            "hours of starting could lie below 0 or",
        ),
        (
            f"{GROUP}.work.wanted_hours={{kind: gamma, mean: 8, cv: 1}}",
            "wanted hours could lie below 0 or",
        ),
        (f"{GROUP}.age_years={{kind: constant, value: -50}}", "ages could lie below 10"),
        (f"{GROUP}.region=nowhere", "there is no region 'nowhere'"),
        (
            f"worlds.{WORLD}.injuries.severities.{SEVERITY}.medical_yuan={{kind: pareto, alpha: 0.1, theta: 1}}",
            "medical cost could lie below 0 or above",
        ),
        (
            f"worlds.{WORLD}.injuries.severities.{SEVERITY}.days_off={{kind: constant, value: 4000}}",
            "days off could lie below 0 or above 3,650",
        ),
        (f"{SCHEME}.layer={{kind: offset}}", "there is no layer before it"),
        ("baseline.world=nowhere", "there is no world 'nowhere'"),
        ("baseline.design=nowhere", "there is no design 'nowhere'"),
    ],
)
def test_one_fault_is_told_once(override: str, what: str) -> None:
    (problem,) = problems(override)
    assert what.lower() in problem.what.lower()
    assert problem.where.startswith(override.split("=", maxsplit=1)[0].rsplit(".", 1)[0])


def test_cover_without_an_amount_is_refused() -> None:
    """Nobody is insured for nothing without a word: 0 must be written."""
    industry = next(iter(read_scenario(TINY).scenario.worlds[WORLD].platforms.values())).industry
    key = f"{SCHEME}.contribution.industries.{industry}"
    found = problems(f"{key}=null")
    assert any("has no amount" in problem.what for problem in found)
    assert read_scenario(TINY, overrides=[f"{key}=0"])


def test_rates_have_the_decimals_of_the_tables() -> None:
    industry = next(iter(read_scenario(TINY).scenario.worlds[WORLD].platforms.values())).industry
    key = f"{SCHEME}.contribution.industries.{industry}"
    (problem,) = problems(f"{key}=0.0612345678901")
    assert "12 decimals" in problem.what
    assert read_scenario(TINY, overrides=[f"{key}=0.061234567890"])


def test_a_source_must_be_named_wherever_it_stands() -> None:
    for override in (
        f"{GROUP}.riders={{value: 60, source: nowhere}}",
        f"{GROUP}.age_years={{kind: constant, value: 30, source: nowhere}}",
    ):
        (problem,) = problems(override)
        assert "there is no source 'nowhere'" in problem.what


def test_a_rate_changes_with_a_month() -> None:
    industry = next(iter(read_scenario(TINY).scenario.worlds[WORLD].platforms.values())).industry
    dated = "{dated: {2022-07-01: 0.06, 2022-08-16: 0.07}}"
    (problem,) = problems(f"{SCHEME}.contribution.industries.{industry}={dated}")
    assert "inside a month" in problem.what


@pytest.mark.parametrize(
    ("layers", "what"),
    [
        ("[second]", "'second' names itself"),
        ("[third]", "'third' stands after 'second'"),
        ("[first, frist]", "there is no scheme 'frist'"),
    ],
)
def test_a_layer_goes_by_schemes_before_it(layers: str, what: str) -> None:
    for kind in ("offset", "secondary"):
        (problem,) = problems(*three_schemes(f"{{kind: {kind}, layers: {layers}}}"))
        assert what in problem.what
        assert "first" in problem.fix
    assert read_scenario(TINY, overrides=three_schemes("{kind: offset, layers: [first]}"))
    assert read_scenario(TINY, overrides=three_schemes("{kind: secondary}"))


def three_schemes(layer: str) -> list[str]:
    """Return the overrides of a design with three schemes alike, the second on a layer."""
    law = "{account: fund, enrolment: {kind: mandatory, joins: 2022-07-01}, contribution: {kind: none}, cover: {kind: order}"
    law += ", reporting: {kind: all}, handling: {kind: immediate}"
    schemes = f"{{first: {law}}}, second: {law}, layer: {layer}}}, third: {law}}}}}"
    return [f"designs.tower={{accounts: {{fund: {{kind: pool}}}}, schemes: {schemes}}}"]


def test_drivers_need_a_loss_to_pay_a_share_of() -> None:
    drivers = f"designs.{NAME}.third_party={{at_fault_share: 0.3, paid_share: 0.5}}"
    assert read_scenario(TINY, overrides=[drivers])
    (problem,) = problems(drivers, "losses=null")
    assert "the scenario values none" in problem.what


SURVIVORS = (
    "{kind: survivors, spouse_share: 0.4, other_share: 0.3, orphan_extra: 0.1, together_at_most: 1, has_spouse: 0.6,"
    " children: {kind: poisson, mean: 0.8}, child_age_years: {kind: uniform, low: 0, high: 18}, child_until_age: 18,"
    " parents: {kind: constant, value: 1}, parent_years: 10, spouse_years: 20}"
)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("{kind: poisson, mean: 0.8}", "{kind: uniform, low: -1, high: 2}"), "number of children could"),
        (("{kind: constant, value: 1}", "{kind: uniform, low: -1, high: 2}"), "number of parents could"),
        (("low: 0, high: 18", "low: -1, high: 18"), "age of a child could"),
    ],
)
def test_nobody_leaves_fewer_than_no_people_behind(change: tuple[str, str], what: str) -> None:
    given = (f"{SCHEME}.annuity={ANNUITY}", f"{SCHEME}.base_wage={{kind: fixed, yuan: 7000}}")
    assert read_scenario(TINY, overrides=[*given, f"{SCHEME}.benefits.survivors={SURVIVORS}"])
    (problem,) = problems(*given, f"{SCHEME}.benefits.survivors={SURVIVORS.replace(*change)}")
    assert what in problem.what


ANNUITY = "{interest: 0.03, makeham_a: 0.00022, makeham_b: 0.0000027, makeham_c: 1.124}"


def test_what_benefits_need_is_there() -> None:
    nursing = "{kind: nursing, wage_share: {1: 0.5}, average_wage_yuan: 8000, funding: pay_as_you_go}"
    (problem,) = problems(f"{SCHEME}.benefits.care={nursing}")
    assert "valued by an annuity" in problem.what
    found = problems(f"{SCHEME}.benefits.left={SURVIVORS}", f"{SCHEME}.base_wage=null")
    assert any("valued by an annuity" in each.what and "left" in each.where for each in found)
    assert any("share of the base wage" in each.what and "left" in each.where for each in found)
