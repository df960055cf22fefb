"""Shards: run apart and merged in any order they are the run; what cannot be merged is told."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from injurysim.core.errors import InputError, RunInterrupted
from injurysim.core.parts import finished_cells
from injurysim.experiments import rereading
from injurysim.experiments.means import Means
from injurysim.experiments.plan import Shard
from injurysim.experiments.shards import merge_shards, run_shard
from injurysim.experiments.watch import Watch


@pytest.fixture
def run_shards(plan, tmp_path, ran):
    """Return a function that runs all shards of the plan, or of another, and gives their folders."""

    def run(of, plan=plan, name="shard"):
        folders = [tmp_path / f"{name}-{number}" for number in range(1, of + 1)]
        for number, folder in enumerate(folders, start=1):
            run_shard(plan, Shard(number, of), folder, Means())
        return folders

    return run


@pytest.mark.parametrize("of", [1, 3, 6])
def test_shards_in_any_order_are_the_run(plan, run_shards, ran, tmp_path, whole, digests, of):
    folders = run_shards(of)
    assert dict(ran) == dict.fromkeys(plan.cells, 1)
    merged = merge_shards(folders[::-1], tmp_path / "run")
    assert merged.inputs == plan.inputs
    assert merged.replications == plan.replications
    assert digests(tmp_path / "run") == digests(whole)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["run", *(folder.name for folder in folders)]
    )
    assert sum(len(finished_cells(folder)) for folder in folders) == len(plan.cells), (
        "shards are left as they are"
    )


def test_shards_that_overlap_are_merged_as_well(run_shards, tmp_path, whole, digests):
    merge_shards([*run_shards(2), *run_shards(3, name="other")], tmp_path / "run")
    assert digests(tmp_path / "run") == digests(whole)


def test_a_shard_that_was_stopped_goes_on_and_a_finished_one_is_left_alone(
    plan, ran, tmp_path, whole, digests
):
    def done(_):
        raise KeyboardInterrupt

    with pytest.raises(RunInterrupted, match="--resume"):
        run_shard(plan, Shard(1, 2), tmp_path / "one", Means(watch=Watch(on_done=done)))
    for number in (1, 1, 2):
        name = {1: "one", 2: "two"}[number]
        run_shard(plan, Shard(number, 2), tmp_path / name, Means(), resume=True)
    assert dict(ran) == dict.fromkeys(plan.cells, 1)
    with pytest.raises(InputError, match="exists and is not empty"):
        run_shard(plan, Shard(2, 2), tmp_path / "one", Means(), resume=True)
    merge_shards([tmp_path / "one", tmp_path / "two"], tmp_path / "run")
    assert digests(tmp_path / "run") == digests(whole)


def test_the_shard_that_is_missing_is_named(run_shards, tmp_path):
    folders = run_shards(3)
    with pytest.raises(
        InputError, match=r"1 of 4 cells are in no shard, .*world limited, replication 0.*2/3 as well"
    ):
        merge_shards([folders[0], folders[2]], tmp_path / "run")
    with pytest.raises(InputError, match="nothing to merge"):
        merge_shards([], tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_of_very_many_missing_shards_the_first_are_named(plan, tmp_path):
    run_shard(plan, Shard(1, 10**30), tmp_path / "one", Means())
    with pytest.raises(InputError, match=r"shards 2/1(0{30}), 3/1\1, .* and [9,]+79 more as well"):
        merge_shards([tmp_path / "one"], tmp_path / "run")


@pytest.mark.parametrize(("change", "named"), [({"seed": 6}, "seed"), ({"replications": 3}, "replications")])
def test_shards_of_different_runs_are_refused(plan, run_shards, tmp_path, change, named):
    mixed = [run_shards(2)[0], run_shards(2, replace(plan, **change), "other")[1]]
    with pytest.raises(
        InputError, match=rf"'.*other-2' is of another run than '.*shard-1': another {named}\."
    ):
        merge_shards(mixed, tmp_path / "run")


@pytest.mark.parametrize("text", [None, "", "{", "[]", "{}", '{"shard": "1/1"}'])
def test_what_is_no_shard_is_refused(run_shards, tmp_path, whole, text):
    (folder,) = run_shards(1)
    label = folder / "shard.json"
    label.unlink() if text is None else label.write_text(text)
    for no_shard in (folder, whole, tmp_path / "nowhere"):
        with pytest.raises(InputError, match="is not a finished shard"):
            merge_shards([no_shard], tmp_path / "run")


def test_shards_of_another_program_are_refused(run_shards, tmp_path, monkeypatch):
    folders = run_shards(2)
    monkeypatch.setattr(rereading, "program_digest", lambda: "another")
    with pytest.raises(InputError, match="another version of injurysim"):
        merge_shards(folders, tmp_path / "run")


def test_a_scenario_that_was_changed_afterwards_is_refused(run_shards, tmp_path):
    folders = run_shards(2)
    scenario = folders[0] / "scenario.yaml"
    scenario.write_text(scenario.read_text("utf-8").replace("name: tiny", "name: other"), "utf-8")
    with pytest.raises(InputError, match="was changed after the run"):
        merge_shards(folders, tmp_path / "run")


def test_a_damaged_shard_is_refused(run_shards, tmp_path):
    folders = run_shards(2)
    part = next((folders[1] / "tables" / "fund").iterdir())
    part.write_bytes(part.read_bytes()[:-1])
    with pytest.raises(InputError, match=r"world \w+, replication \d in '.*shard-2' are not those .*again"):
        merge_shards(folders, tmp_path / "run")


def test_what_two_shards_hold_must_be_the_same(run_shards, tmp_path):
    """As on machines that do not round alike: a cell whole in itself, with other rows."""
    first, second = run_shards(1), run_shards(1, name="other")
    receipts = sorted((second[0] / "cells").iterdir())
    told = json.loads(receipts[0].read_text())
    dropped = told["tables"].pop("injuries")
    assert dropped["rows"]
    receipts[0].write_text(json.dumps(told))
    with pytest.raises(InputError, match="is not what another shard holds of it"):
        merge_shards([*first, *second], tmp_path / "run")


def test_a_merge_that_is_stopped_keeps_nothing_and_can_be_done_again(
    run_shards, tmp_path, whole, digests, monkeypatch
):
    folders = run_shards(2)

    def stopped(*_given, **_options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copytree", stopped)
        with pytest.raises(RunInterrupted, match=r"interrupted; nothing is kept$"):
            merge_shards(folders, tmp_path / "run")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shard-1", "shard-2"]
    merge_shards(folders, tmp_path / "run")
    assert digests(tmp_path / "run") == digests(whole)
