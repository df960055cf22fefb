"""Plans: which cells there are, who gets which, and what the rows of a world depend on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.errors import InputError
from injurysim.experiments.plan import READ_BY_CELLS, Cell, Plan, Shard, check_replications
from injurysim.scenario.document import Scenario

ANSWERED = "designs.daily.responses={leaving: {elasticity: 0.5}}"


def changed(plan, **parts):
    return replace(plan, scenario=plan.scenario.model_copy(update=parts))


@given(number=st.integers(0, 60), of=st.integers(1, 70))
def test_shards_have_every_cell_once_and_nearly_equal_shares(number, of):
    cells = [Cell(replication, world) for replication in range(number) for world in ("base", "limited")]
    shares = [Shard(each, of).share(cells) for each in range(1, of + 1)]
    assert sorted(cell for share in shares for cell in share) == cells
    sizes = [len(share) for share in shares]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("text", ["", "1", "0/3", "4/3", "1/0", "a/3", "1/3/3", "-1/3", "1.0/3"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(InputError, match="is no shard"):
        Shard.parse(text)


def test_a_shard_is_read_as_it_is_written():
    assert str(Shard.parse("02/3")) == "2/3"


def test_cells_are_every_world_in_every_replication(plan):
    assert plan.cells == [Cell(number, world) for number in range(2) for world in ("base", "limited")]
    assert len(set(replace(plan, replications=7).cells)) == 14


def test_what_must_agree_does_not_depend_on_the_number_of_replications(plan):
    assert replace(plan, replications=9).inputs == plan.inputs
    for other in (replace(plan, seed=6), replace(plan, engine="twin"), changed(plan, name="another")):
        assert other.inputs != plan.inputs


def test_rows_do_not_depend_on_how_much_is_run_and_how_it_is_told(plan, short):
    told = short("name=another", "title={en: Another}", "replications=9", "seed=8", "question={en: Why?}")
    other = Plan(told.scenario, replications=9, seed=8)
    assert other.inputs_of_worlds == plan.inputs_of_worlds
    assert other.scenario_digest != plan.scenario_digest


@pytest.mark.parametrize(
    "override",
    [
        "horizon.months=2",
        "horizon.runoff_months=2",
        "scale=0.5",
        "losses.discount=0.02",
        "calendar={kind: listed}",
        "designs.daily.schemes.accident.contribution.yuan=2",
        "worlds.base.groups.full.riders=61",
    ],
)
def test_rows_depend_on_the_rest(plan, short, override):
    other = Plan(short(override).scenario, replications=2, seed=5)
    for world, digest in plan.inputs_of_worlds.items():
        assert other.inputs_of_worlds[world] != digest, (
            "what is laid over base lies under the world based on it"
        )


def test_another_world_changes_nothing_for_those_there_are(plan, short):
    one = Plan(short(worlds=["base"]).scenario, replications=2, seed=5)
    assert one.inputs_of_worlds == {"base": plan.inputs_of_worlds["base"]}


def test_another_design_changes_the_worlds_it_is_kept_on_alone(short):
    """A design that is answered to has a world of its own, for which the others do not count."""
    one = Plan(short(ANSWERED, designs=["daily"]).scenario, replications=2, seed=5).inputs_of_worlds
    both = Plan(short(ANSWERED).scenario, replications=2, seed=5).inputs_of_worlds
    assert set(one) == {"base~daily", "limited~daily"}
    assert set(both) == {*one, "base", "limited"}
    assert {world: both[world] for world in one} == one
    plain = Plan(short(designs=["daily"]).scenario, replications=2, seed=5).inputs_of_worlds
    assert plain["base"] != Plan(short().scenario, replications=2, seed=5).inputs_of_worlds["base"]


def test_every_part_of_a_scenario_that_cells_read_is_named():
    assert set(READ_BY_CELLS) <= set(Scenario.model_fields)


@pytest.mark.parametrize("number", [0, -1, 100_001, 10**30])
def test_a_number_of_replications_that_cannot_be_run_is_refused(number):
    with pytest.raises(InputError, match="from 1 to 100,000"):
        check_replications(number)
