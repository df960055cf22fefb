"""Faults of enrolment and cover: told once, where they stand, with what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario.reading import read_scenario

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"
SCHEME = "designs.pilot.schemes.injury"
CHOICE = "{kind: voluntary, joins: 2022-07-01, decides_every_months: 12, choice: {kind: share, share: 0.3, groups: {fill: 1}}}"
OPT_OUT = "{kind: default, joins: 2022-07-01, decides_every_months: 12, opt_out: {kind: share, share: 0.3, groups: {fill: 1}}}"
WRONG = {
    "group": (f"{SCHEME}.enrolment={CHOICE}", "there is no group 'fill'", "enrolment.choice.groups.fill"),
    "opt out": (f"{SCHEME}.enrolment={OPT_OUT}", "there is no group 'fill'", "enrolment.opt_out.groups.fill"),
    "ages": (f"{SCHEME}.eligible={{age_from: 60, age_below: 60}}", "nobody is 60 or older", "age_below"),
    "mid-month": (f"{SCHEME}.until=2023-01-15", "ends with a month", "until"),
    "too early": (f"{SCHEME}.until=2020-01-01", "before its first platform joins", "until"),
    "region": (
        f"{SCHEME}.enrolment={{kind: mandatory, regions: {{nroth: {{joins: 2022-07-01}}}}}}",
        "there is no region 'nroth'",
        "enrolment.regions.nroth",
    ),
    "platform of a region": (
        f"{SCHEME}.enrolment={{kind: mandatory, regions: {{north: {{platforms: {{meal: 2022-07-01}}}}}}}}",
        "there is no platform 'meal'",
        "enrolment.regions.north.platforms.meal",
    ),
    "day of joining": (
        f"{SCHEME}.enrolment={{kind: mandatory, joins: {{dates: {{2022-07-02: 1}}}}}}",
        "first day of a month",
        "enrolment",
    ),
    "probabilities": (
        f"{SCHEME}.enrolment={{kind: mandatory, joins: {{dates: {{2022-07-01: 0.7, 2022-08-01: 0.4}}}}}}",
        "more than 1",
        "enrolment",
    ),
    "conditions": (f"{SCHEME}.enrolment={{kind: threshold, any_of: []}}", "at least 1", "enrolment"),
}


@pytest.mark.parametrize("name", WRONG)
def test_one_fault_is_told_once(name: str) -> None:
    override, what, where = WRONG[name]
    with pytest.raises(InputError) as caught:
        read_scenario(TINY, overrides=[override])
    (problem,) = caught.value.problems
    assert what in f"{problem.what} {problem.fix}"
    assert where in problem.where


def test_what_is_allowed_is_taken() -> None:
    right = (
        f"{SCHEME}.enrolment={CHOICE.replace('fill', 'full')}",
        f"{SCHEME}.eligible={{age_from: 16, age_below: 60, engagers: [platform], platforms: [meal-a]}}",
        f"{SCHEME}.until=2022-09-01",
        f"{SCHEME}.cover={{kind: order_plus_minutes, minutes: 10, waiting_days: 3, excluded_share: 0.01, undeclared: none}}",
        f"{SCHEME}.enrolment.ledger={{completeness: 0.8, reported_every_months: 6}}",
    )
    assert read_scenario(TINY, overrides=right)
