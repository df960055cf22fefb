"""A run by precision ends at a number of replications that workers and interruptions have no part in."""

from __future__ import annotations

import pandas as pd
import pytest

from injurysim.api import run, run_shard
from injurysim.core.errors import InputError, RunInterrupted
from injurysim.experiments.planning import planned
from injurysim.experiments.watch import Watch
from injurysim.results.loading import load
from injurysim.results.precision import Rule

SHORT = ("horizon.months=1", "horizon.runoff_months=1", "worlds.limited=null")
ASKED = {"precision": ["injuries=2.5", "contributions_paid@/pilot=120"], "budget": 60, "replications": 4}


@pytest.fixture(scope="module")
def read(tiny):
    return load(tiny, overrides=SHORT)


@pytest.fixture(scope="module")
def reached(read, tmp_path_factory):
    """Run until precise, in this process."""
    return run(read, out=tmp_path_factory.mktemp("reached") / "run", workers=1, **ASKED)


def digests(result):
    return {name: table["digest"] for name, table in result.folder.manifest["tables"].items()}


def test_it_ends_where_the_rule_says_and_every_half_width_is_as_asked_for(read, reached):
    number = reached.folder.manifest["replications"]
    assert 4 < number < 60
    assert reached.precision["reached"].all()
    rule = Rule.of(reached.scenario)
    assert rule.kept(reached.metrics) == number
    assert rule.kept(reached.metrics[reached.metrics["replication"] < number - 1]) is None
    asked = reached.summary[reached.summary["metric"] == "injuries"]
    assert ((asked["ci_high"] - asked["ci_low"]) / 2 <= 2.5).all()


def test_the_tables_are_those_of_a_run_of_that_number(read, reached, tmp_path):
    number = reached.folder.manifest["replications"]
    plain = run(read, replications=number, workers=1, out=tmp_path / "plain")
    assert {name for name, each in digests(plain).items() if digests(reached)[name] != each} == {"precision"}
    assert plain.precision.empty


def test_two_workers_end_at_the_same_digests(read, reached, tmp_path):
    again = run(read, out=tmp_path / "run", workers=2, **ASKED)
    assert digests(again) == digests(reached)


def test_an_interruption_does_not_show(read, reached, tmp_path):
    done = []

    def interrupt(cell):
        done.append(cell)
        if len(done) == 13:
            raise KeyboardInterrupt

    with pytest.raises(RunInterrupted):
        run(read, out=tmp_path / "run", workers=1, watch=Watch(on_done=interrupt), **ASKED)
    again = run(read, out=tmp_path / "run", workers=1, resume=True, watch=Watch(on_done=done.append), **ASKED)
    assert digests(again) == digests(reached)
    assert len(done) == len(set(done)), "no cell is run twice"


def test_a_spent_budget_is_told_as_not_reached(read, tmp_path):
    told = []
    watch = Watch(on_note=told.append)
    result = run(
        read,
        precision=["injuries=0.01"],
        budget=6,
        replications=3,
        workers=1,
        out=tmp_path / "run",
        watch=watch,
    )
    assert result.folder.manifest["replications"] == 6
    row = result.precision.iloc[0]
    assert not row["reached"]
    assert row["n_foreseen"] > 6
    assert all("not precise enough" in note for note in told)


def test_a_price_and_a_precision_stand_in_the_saved_scenario(reached):
    from injurysim.scenario.reading import read_scenario

    saved = read_scenario(reached.folder.scenario_file).scenario.precision
    assert [target.name for target in saved.targets] == ["injuries", "contributions_paid@/pilot"]
    assert (saved.at_least, saved.at_most) == (4, 60)


def test_shards_want_a_number(read, tmp_path):
    precise = planned(read, **ASKED).scenario
    with pytest.raises(InputError, match="one run alone"):
        run_shard(type(read)(precise, read.loaded), "1/2", tmp_path / "shard", workers=1, replications=4)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"precision": ["injuries=5%"], "budget": 9}, "relative"),
        ({"precision": ["injuries=1"]}, "needs a budget"),
        ({"budget": 9}, "no.*stated"),
        ({"precision": ["wounds=1"], "budget": 30}, "wounds"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_before_anything_is_run(read, tmp_path, wrong, told):
    with pytest.raises(InputError, match=told):
        run(read, out=tmp_path / "run", workers=1, **wrong)
    assert list(tmp_path.iterdir()) == []


def test_values_of_a_half_are_not_taken_for_more(reached):
    """The rule reads the frame alone: rows in another order change nothing."""
    shuffled = reached.metrics.sample(frac=1, random_state=1)
    rule = Rule.of(reached.scenario)
    assert rule.kept(shuffled) == rule.kept(reached.metrics)
    pd.testing.assert_frame_equal(rule.table(shuffled), rule.table(reached.metrics))
