"""Faults of reporting and handling, each told where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario.reading import read_scenario

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"
SCHEME = "designs.pilot.schemes.injury"
TWO = (
    f"{SCHEME}.handling={{kind: two_strands, acceptance_days: {{kind: constant, value: 0}}, confirmed_share: 1,"
    " decision_limit_days: 30, confirmation: {staff: 1, minutes: {kind: constant, value: 1}},"
    " payment: {staff: 1, minutes: {kind: constant, value: 1}},"
    " appraisal: {staff: 1, minutes: {kind: constant, value: 1}, sitting_weekdays: [1]}}"
)
FILING = (
    f"{SCHEME}.reporting.filing={{platform_share: 1, platform_days: {{kind: constant, value: 1}}, platform_bar_days: 30,"
    " worker_days: {kind: constant, value: 1}, worker_bar_days: 90}"
)
NEGATIVE = "{kind: uniform, low: -1, high: 1}"


@pytest.mark.parametrize(
    ("overrides", "what"),
    [
        ((f"{SCHEME}.handling.confirmation.regions={{nowhere: 1}}",), "there is no region 'nowhere'"),
        ((f"{SCHEME}.handling.appraisal.regions={{nowhere: 0}}",), "there is no region 'nowhere'"),
        ((f"{SCHEME}.handling.confirmation.leave={{13: 0.5}}",), "12"),
        ((f"{SCHEME}.handling.confirmation.leave={{2: 1.5}}",), "1"),
        ((f"{SCHEME}.reporting.platforms={{nowhere: 2}}",), "there is no platform 'nowhere'"),
        ((f"{SCHEME}.reporting.relations={{own_account: -1}}",), "0"),
        ((FILING,), "the delay of a report is stated twice"),
        (
            (FILING.replace("value: 1}, platform_bar", "value: -1}, platform_bar"),),
            "platform's report could lie below 0",
        ),
        ((f"{SCHEME}.reporting.suppression={{share: 0.5}}",), "suppression"),
        (
            (TWO, f"{SCHEME}.handling.acceptance_days={NEGATIVE}"),
            "days for checking papers could lie below 0",
        ),
        (
            (TWO, f"{SCHEME}.handling.papers={{share: 1, days: {NEGATIVE}}}"),
            "days of waiting could lie below 0",
        ),
        (
            (TWO, f"{SCHEME}.handling.police={{share: 1, days: {NEGATIVE}}}"),
            "days of waiting could lie below 0",
        ),
        (
            (TWO, f"{SCHEME}.handling.withdrawal={{share: 1, days: {NEGATIVE}}}"),
            "days of waiting could lie below 0",
        ),
        (
            (TWO, f"{SCHEME}.handling.review={{asked_share: 1, upheld_share: 1, days: {NEGATIVE}}}"),
            "days of waiting could lie below 0",
        ),
        (
            (TWO, f"{SCHEME}.handling.clear={{share: 1, limit_days: 1, minutes: {NEGATIVE}}}"),
            "minutes for a case could lie below 0",
        ),
        (
            (
                TWO,
                f"{SCHEME}.handling.appeal={{asked_share: 1, upheld_share: 1, days: {{kind: constant, value: 1}}}}",
            ),
            "'appeal' follows 'review'",
        ),
    ],
)
def test_a_fault_is_told_where_it_stands(overrides: tuple[str, ...], what: str) -> None:
    with pytest.raises(InputError) as caught:
        read_scenario(TINY, overrides=overrides)
    told = [
        problem
        for problem in caught.value.problems
        if what.lower() in f"{problem.what} {problem.fix}".lower()
    ]
    assert told, [str(problem) for problem in caught.value.problems]
    assert told[0].where.startswith(SCHEME)


def test_nobody_need_be_at_a_desk() -> None:
    """Files that nobody can ever take up are a plan like any other."""
    assert read_scenario(TINY, overrides=(f"{SCHEME}.handling.confirmation.staff=0",))
