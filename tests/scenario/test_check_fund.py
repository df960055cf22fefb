"""Faults of accounts and of attribution, each told once, where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario.reading import read_scenario

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"
DESIGN = "designs.pilot"
SCHEME = f"{DESIGN}.schemes.injury"
OWN = next(iter(read_scenario(TINY).scenario.designs["pilot"].accounts))
ACCOUNT = f"{DESIGN}.accounts.{OWN}"
RAISE = f"{ACCOUNT}.deficit={{kind: raise_rate, step: 0.1, most: 2, release_months: 6}}"


def told(*overrides):
    with pytest.raises(InputError) as caught:
        read_scenario(TINY, overrides=overrides)
    return caught.value.problems


CASES = {
    "an account that does not exist": (
        [f"{ACCOUNT}.deficit={{kind: from_account, account: reserve}}"],
        "there is no account 'reserve'",
    ),
    "an account that fills itself": (
        [f"{ACCOUNT}.deficit={{kind: from_account, account: {OWN}}}"],
        f"account '{OWN}' would be filled from itself",
    ),
    "surplus to nowhere": (
        [f"{ACCOUNT}.surplus={{account: reserve, above_months: 12}}"],
        "there is no account 'reserve'",
    ),
    "surplus to itself": (
        [f"{ACCOUNT}.surplus={{account: {OWN}, above_months: 12}}"],
        "would hand its surplus to itself",
    ),
    "recovery from nobody": (
        [f"{ACCOUNT}.third_party_recovery={{recovered_share: 0.3, after_months: 6}}"],
        "no drivers at fault",
    ),
    "costs above all that comes in": (
        [f"{ACCOUNT}.handling_share=0.7", f"{ACCOUNT}.prevention_share=0.4"],
        "0.7 + 0.4 of the contributions",
    ),
    "rates that fall": ([RAISE.replace("most: 2", "most: 0.5")], "rates would fall to 0.5"),
    "a factor too fine": ([RAISE.replace("step: 0.1", "step: 0.0000001")], "6 decimals at most"),
    "an account of an unknown platform": (
        [f"{SCHEME}.attribution={{platform_accounts: {{nowhere: {OWN}}}}}"],
        "there is no platform 'nowhere'",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_once(case):
    overrides, what = CASES[case]
    problems = told(*overrides)
    assert len(problems) == 1, problems
    assert what in problems[0].what
    assert problems[0].fix


def test_a_circle_of_accounts_is_told_at_each_of_them():
    circle = [
        f"{ACCOUNT}.deficit={{kind: from_account, account: b}}",
        f"{DESIGN}.accounts.b={{kind: pool, deficit: {{kind: from_account, account: {OWN}}}}}",
    ]
    assert len(told(*circle)) == 2


def test_a_pool_may_fill_an_account_that_hands_it_its_surplus():
    both = [
        f"{ACCOUNT}.deficit={{kind: from_account, account: b}}",
        f"{ACCOUNT}.surplus={{account: b, above_months: 12}}",
        f"{DESIGN}.accounts.b={{kind: pool}}",
    ]
    assert read_scenario(TINY, overrides=both).scenario.designs["pilot"].accounts["b"].kind == "pool"


def test_rates_cannot_rise_for_some_platforms_of_a_scheme_only():
    platform = next(iter(read_scenario(TINY).scenario.worlds["base"].platforms))
    problems = told(
        RAISE,
        f"{DESIGN}.accounts.b={{kind: insurer}}",
        f"{SCHEME}.attribution={{platform_accounts: {{{platform}: b}}}}",
    )
    assert len(problems) == 1
    assert "pays into several accounts" in problems[0].what
