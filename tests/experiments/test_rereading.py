"""A plan is read back as it was, or not at all."""

from __future__ import annotations

import pytest

from injurysim.core.errors import InputError
from injurysim.experiments.plan import inputs_in
from injurysim.experiments.rereading import plan_of
from injurysim.results.manifest import read_manifest

HOW = {"again": "run the scenario anew", "where": "RESULTS"}


def test_a_plan_is_read_back_as_it_was(plan, whole):
    inputs = inputs_in(read_manifest(whole))
    assert inputs == plan.inputs
    again = plan_of(whole, inputs, plan.replications, **HOW)
    assert (again.inputs, again.cells) == (plan.inputs, plan.cells)


def test_a_manifest_that_says_nothing_agrees_with_no_plan(plan):
    assert inputs_in({}).keys() == plan.inputs.keys()
    assert set(inputs_in({}).values()) == {None}


@pytest.mark.parametrize(
    ("changed", "what", "fix"),
    [
        ("program", "another version of injurysim", "version that made it, or run the scenario anew"),
        ("scenario", "was changed after the run", "Run the scenario anew"),
    ],
)
def test_another_program_or_scenario_is_refused(plan, whole, changed, what, fix):
    with pytest.raises(InputError, match=what) as refused:
        plan_of(whole, {**plan.inputs, changed: "another"}, 2, **HOW)
    assert fix in str(refused.value)
    assert refused.value.problems[0].where == "RESULTS"
