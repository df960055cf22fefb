"""Checks of contributions, collection and rating: each fault is told once, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario.reading import read_scenario

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"
SCHEME = "designs.pilot.schemes.injury"
CHARGE, RATING = f"{SCHEME}.contribution", f"{SCHEME}.rating"

ARREARS = "{late_share: 0.1, paid_after_months: %s}"
INSPECTION = "{monthly_probability: 0.1, looks_back_months: 6}"
WHEN = "window_months: 12, lag_months: 1, first_effective: 2022-09-01, every_months: 12"
STEPS = "[{grade: low, factor: %s}, {grade: %s, factor: 1}]"


def no_claim(more=""):
    return f"{{kind: no_claim, {WHEN}, steps: {STEPS % ('1', 'best')}{more}}}"


def ladder(factor="0.8", second="usual", newcomer="usual", down="0.8", up="1.2"):
    bounds = f"newcomer: {newcomer}, down_to_ratio: {down}, up_above_ratio: {up}"
    return f"{{kind: ladder, {WHEN}, steps: {STEPS % (factor, second)}, {bounds}}}"


def credibility(bounds):
    return f"{{kind: credibility, {WHEN}, {bounds}, move: 1}}"


TURNOVER = "{kind: share_of_turnover, payer: platform, rate: 0.01}"
PAYROLL = "{kind: payroll, payer: platform, rate: 0.01, floor_yuan: 4000, ceiling_yuan: %s}"
CLASSES = "{kind: payroll, payer: platform, risk_classes: {3: 0.01}, industries: %s}"


@pytest.mark.parametrize(
    ("override", "what"),
    [
        (f"{CHARGE}.region_factors={{south: 2}}", "there is no region 'south'"),
        (f"{CHARGE}.declared={{share: 1, platforms: {{meal-c: 0.5}}}}", "there is no platform 'meal-c'"),
        (
            f"{CHARGE}.arrears={{late_share: 0, paid_after_months: 1, platforms: {{meal-c: 0.5}}}}",
            "there is no platform 'meal-c'",
        ),
        (
            f"{CHARGE}.arrears={ARREARS % 2}",
            "settled 3 months after the last of exposure, and the run-off has 2",
        ),
        (f"{CHARGE}.inspection={INSPECTION}", "an inspection finds nothing, since all is declared"),
        (f"{CHARGE}={PAYROLL % 3999}", "the floor of 4000 yuan lies above the ceiling of 3999 on 2022-07-01"),
        (
            f"{CHARGE}={PAYROLL % '{dated: {2022-07-01: 5000, 2022-09-01: 3000}}'}",
            "the floor of 4000 yuan lies above the ceiling of 3000 on 2022-09-01",
        ),
        (f"{CHARGE}={CLASSES % '{delivery: 4}'}", "is in risk class 4, which has no rate"),
        (f"{CHARGE}.payer={{platform: 0.5, worker: 0.4}}", "the shares must add to 1"),
        (f"{RATING}={ladder('0.1234567')}", "a factor has 6 decimals at most"),
        (f"{RATING}={ladder(second='low', newcomer='low')}", "2 of the steps are called 'low'"),
        (f"{RATING}={ladder(newcomer='best')}", "there is no step 'best'"),
        (f"{RATING}={ladder(down='1.3')}", "'down_to_ratio' (1.3) lies above 'up_above_ratio' (1.2)"),
        (
            f"{RATING}={no_claim(', claim_cap_yuan: 1000')}",
            "a no-claim rating asks whether anything was paid for a claim, not how much",
        ),
        (f"{RATING}={credibility('smallest: 2, largest: 1')}", "'smallest' (2) lies above 'largest' (1)"),
        (f"{RATING}={ladder().replace('2022-09-01', '2022-09-02')}", "on the first day of a month"),
    ],
)
def test_one_fault_is_told_once(override: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        read_scenario(TINY, overrides=[override])
    (problem,) = caught.value.problems
    assert what in problem.what


def test_who_is_insured_on_a_share_of_turnover_has_one() -> None:
    """Each of the two platforms is asked for; with both given the scenario reads."""
    with pytest.raises(InputError) as caught:
        read_scenario(TINY, overrides=[f"{CHARGE}={TURNOVER}"])
    told = [problem.what for problem in caught.value.problems]
    assert len(told) == 2
    assert all("has no turnover to take a share of" in what for what in told)
    given = [f"worlds.base.platforms.{name}.turnover_per_order_yuan=30" for name in ("meal-a", "meal-b")]
    assert read_scenario(TINY, overrides=[f"{CHARGE}={TURNOVER}", *given])


def test_a_free_scheme_is_not_rated() -> None:
    with pytest.raises(InputError) as caught:
        read_scenario(TINY, overrides=[f"{CHARGE}={{kind: none}}", f"{RATING}={ladder()}"])
    (problem,) = caught.value.problems
    assert "nothing is owed under the scheme" in problem.what


def test_what_is_settled_within_the_run_is_taken() -> None:
    assert read_scenario(TINY, overrides=[f"{CHARGE}.arrears={ARREARS % 1}"])
    assert read_scenario(TINY, overrides=[f"{RATING}={no_claim()}"])
    declared = f"{CHARGE}.declared={{share: 0.9}}"
    assert read_scenario(TINY, overrides=[declared, f"{CHARGE}.inspection={INSPECTION}"])
