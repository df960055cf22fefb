"""Which worlds are run: a design that is answered to has one to itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario.reading import read_scenario
from injurysim.scenario.stages import base_of, baseline_of, stage_of, stages

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"
ANSWER = "designs.{}.responses={{pass_through: {{share: 0.5}}}}"


def names(*answered: str) -> dict[str, tuple[str, ...]]:
    return stages(read_scenario(TINY, overrides=[ANSWER.format(each) for each in answered]).scenario)


def test_without_answers_every_world_holds_every_design() -> None:
    scenario = read_scenario(TINY).scenario
    assert names() == dict.fromkeys(scenario.worlds, tuple(scenario.designs))


def test_a_design_that_is_answered_to_stands_alone() -> None:
    scenario = read_scenario(TINY).scenario
    first, *others = scenario.designs
    found = names(first)
    for world in scenario.worlds:
        assert found[f"{world}~{first}"] == (first,)
        assert found[world] == tuple(others)
    assert {base_of(stage) for stage in found} == set(scenario.worlds)


def test_a_world_all_of_whose_designs_are_answered_to_is_not_run_by_itself() -> None:
    scenario = read_scenario(TINY).scenario
    found = names(*scenario.designs)
    assert not set(found) & set(scenario.worlds)
    assert len(found) == len(scenario.worlds) * len(scenario.designs)


def test_the_baseline_stands_where_its_design_does() -> None:
    stated = read_scenario(TINY).scenario
    scenario = read_scenario(TINY, overrides=[ANSWER.format(stated.baseline.design)]).scenario
    world, design = stated.baseline.world, stated.baseline.design
    assert baseline_of(scenario).world == stage_of(scenario, world, design) == f"{world}~{design}"
    assert baseline_of(stated) == stated.baseline


@pytest.mark.parametrize(
    ("scheme", "said"),
    [
        (
            (
                "rating={kind: credibility, window_months: 12, lag_months: 3, first_effective: 2023-01-01, "
                "every_months: 12, smallest: 0.5, largest: 2, move: 1}"
            ),
            "grades ('credibility')",
        ),
        (
            "enrolment={kind: threshold, joins: 2022-07-01, any_of: [{count: days, at_least: 5, months: 3}]}",
            "who is insured ('threshold')",
        ),
    ],
)
def test_an_answer_to_what_only_the_book_knows_is_refused(scheme: str, said: str) -> None:
    scenario = read_scenario(TINY).scenario
    design = next(iter(scenario.designs))
    name = next(iter(scenario.designs[design].schemes))
    with pytest.raises(InputError) as told:
        read_scenario(TINY, overrides=[ANSWER.format(design), f"designs.{design}.schemes.{name}.{scheme}"])
    assert said in str(told.value)
