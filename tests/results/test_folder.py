"""A results folder is there whole or not at all."""

from __future__ import annotations

import errno
import json
import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from injurysim.core.closed import close_tables, sweep
from injurysim.core.errors import BalanceError, CheckFailed, InputError, RunInterrupted
from injurysim.core.parts import keep_cell, pack_cell
from injurysim.core.schemas import TABLES
from injurysim.results.folder import NO_ROOM, ResultsFolder, RunFolder
from injurysim.results.manifest import write_manifest


def test_a_committed_folder_is_in_place_and_nothing_else(tmp_path):
    target = tmp_path / "deep" / "run"
    with RunFolder(target, inputs={"seed": 1, "scenario": "abc"}) as folder:
        assert folder.tmp.parent == target.parent
        (folder.tmp / "notes.txt").write_text("whole")
        assert not target.exists()
        assert folder.commit() == target
    assert [path.name for path in target.parent.iterdir()] == ["run"]
    assert [path.name for path in target.iterdir()] == ["notes.txt"]


def test_an_empty_folder_may_be_the_target(tmp_path):
    (tmp_path / "run").mkdir()
    with RunFolder(tmp_path / "run") as folder:
        folder.commit()
    assert (tmp_path / "run").is_dir()


INPUTS = {"seed": 1, "scenario": "abc"}
INTERRUPTIONS = [KeyboardInterrupt(), RunInterrupted("x"), OSError(errno.ENOSPC, "x")]
WRONG = [BalanceError(["x"]), CheckFailed("x"), None]
"""What makes figures worthless; to leave without a commit and without an error as well."""
OTHERS = [ValueError("x"), OSError(errno.EACCES, "x"), InputError.of("x")]


def attempt(target, error, small_cells=None, **options):
    """Begin a run folder, finish a cell in it if there are some, and leave it by an error."""
    with RunFolder(target, inputs=INPUTS, **options) as folder:
        (folder.tmp / "notes.txt").write_text("half")
        if small_cells is not None:
            cell = {name: cells[0] for name, cells in small_cells.items()}
            keep_cell(folder.tmp, pack_cell("base", 0, cell))
        if error is not None:
            raise error


@pytest.mark.parametrize("error", [*INTERRUPTIONS, *WRONG, *OTHERS])
def test_without_a_finished_cell_nothing_is_left(tmp_path, error):
    with nullcontext() if error is None else pytest.raises(type(error)):
        attempt(tmp_path / "run", error)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", WRONG)
def test_figures_that_were_found_wrong_are_not_left(tmp_path, small_cells, error):
    with nullcontext() if error is None else pytest.raises(type(error)):
        attempt(tmp_path / "run", error, small_cells)
    assert list(tmp_path.iterdir()) == []


def test_what_is_quickly_made_again_is_not_left(tmp_path, small_cells):
    with pytest.raises(KeyboardInterrupt):
        attempt(tmp_path / "run", KeyboardInterrupt(), small_cells, keeps=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [*INTERRUPTIONS, *OTHERS])
def test_finished_cells_are_kept_whatever_went_wrong_and_gone_on_with(tmp_path, small_cells, error):
    with pytest.raises(type(error)):
        attempt(tmp_path / "run", error, small_cells)
    with pytest.raises(InputError, match=r"unfinished run.*--resume"), RunFolder(tmp_path / "run"):
        pass
    with (
        pytest.raises(InputError, match="of another seed\\."),
        RunFolder(tmp_path / "run", resume=True, inputs={**INPUTS, "seed": 2}),
    ):
        pass
    with RunFolder(tmp_path / "run", resume=True, inputs=INPUTS) as folder:
        assert (folder.tmp / "notes.txt").read_text() == "half"
        folder.commit()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["cells", "notes.txt", "tables"]


@pytest.mark.parametrize("mark", [None, "", "{", '{"seed": 2}'])
def test_what_was_cut_short_before_it_held_a_cell_begins_anew(tmp_path, mark):
    """As after a kill at the first moment: whatever it was of, there is nothing in it to be mixed up."""
    begun = tmp_path / ".run.unfinished"
    begun.mkdir()
    if mark is not None:
        (begun / "inputs.json").write_text(mark)
    with RunFolder(tmp_path / "run", inputs=INPUTS) as folder:
        assert json.loads((folder.tmp / "inputs.json").read_text()) == INPUTS
        folder.commit()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("mark", [None, "", "{", "[]"])
def test_cells_of_nobody_knows_what_are_not_gone_on_with(tmp_path, small_cells, mark):
    with pytest.raises(KeyboardInterrupt):
        attempt(tmp_path / "run", KeyboardInterrupt(), small_cells)
    (tmp_path / ".run.unfinished" / "inputs.json").unlink()
    if mark is not None:
        (tmp_path / ".run.unfinished" / "inputs.json").write_text(mark)
    with (
        pytest.raises(InputError, match="of another seed and scenario"),
        RunFolder(tmp_path / "run", resume=True, inputs=INPUTS),
    ):
        pass
    assert (tmp_path / ".run.unfinished" / "cells").is_dir()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
@pytest.mark.parametrize("resume", [False, True])
def test_one_process_works_in_a_folder_at_a_time(tmp_path, resume):
    with RunFolder(tmp_path / "run", inputs=INPUTS) as folder:
        with (
            pytest.raises(InputError, match="another process is at work in"),
            RunFolder(tmp_path / "run", inputs=INPUTS, resume=resume),
        ):
            pass
        folder.commit()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("number", NO_ROOM)
def test_a_disk_that_is_full_from_the_beginning_is_told(tmp_path, monkeypatch, number):
    def full(*_given, **_options):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("injurysim.results.folder.json.dumps", full)
    with (
        pytest.raises(RunInterrupted, match="the disk is full; nothing was begun"),
        RunFolder(tmp_path / "run"),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_looked_into_is_refused(tmp_path, monkeypatch):
    def denied(*_given, **_options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pathlib.Path.exists", denied)
    with (
        pytest.raises(InputError, match="'run' cannot be made: Permission denied"),
        RunFolder(tmp_path / "run"),
    ):
        pass


def test_resuming_what_was_never_begun_begins(tmp_path):
    with RunFolder(tmp_path / "run", resume=True, inputs={"seed": 1, "scenario": "abc"}) as folder:
        folder.commit()
    assert (tmp_path / "run").is_dir()


def test_a_taken_target_is_refused_and_left_alone(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name in ("run", "file"):
        with (
            pytest.raises(InputError, match="Choose another --out or remove it") as told,
            RunFolder(tmp_path / name),
        ):
            pass
        assert told.value.exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "run"]


@pytest.mark.parametrize("name", ["", ".", "/", "..", "runs/.."])
def test_a_target_without_a_name_is_refused(name):
    with pytest.raises(InputError, match="no name for a folder"):
        RunFolder(Path(name))


def test_a_target_under_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="cannot be made"), RunFolder(tmp_path / "file" / "run"):
        pass


@pytest.fixture
def results(tmp_path, small_cells):
    for replication in range(3):
        cell = {name: cells[replication] for name, cells in small_cells.items()}
        keep_cell(tmp_path / "run", pack_cell("base", replication, cell))
    close_tables(tmp_path / "run")
    sweep(tmp_path / "run")
    write_manifest(tmp_path / "run", {"name": "small", "seed": 1})
    return tmp_path / "run"


def test_a_results_folder_gives_its_tables(results):
    folder = ResultsFolder(results)
    assert folder.manifest == {"name": "small", "seed": 1}
    assert folder.tables == tuple(name for name, table in TABLES.items() if table.of != "experiment")
    assert len(folder.table("fund")) == 3 * 8
    assert folder.table("fund", ["month"], [("replication", "==", 0)])["month"].nunique() == 4
    assert folder.scenario_file.name == "scenario.yaml"
    with pytest.raises(InputError, match=r"no table 'summary'.*Run the scenario again"):
        folder.table("summary")
    with pytest.raises(InputError, match=r"no table 'sumary'.*It holds exposure, riders"):
        folder.table("sumary")


def test_metrics_read_from_a_folder_are_those_of_the_tables(results, small_values, small_frames):
    from injurysim.results.frames import Frames
    from injurysim.results.metrics import metric_values

    again = metric_values(Frames.read(results, "2023-01", small_frames.designs))
    assert again.equals(small_values)


def test_what_is_no_results_folder_is_said(tmp_path, results):
    with pytest.raises(InputError, match="there is no folder"):
        ResultsFolder(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"no manifest\.json"):
        ResultsFolder(tmp_path)
    for text in ("{", "[]"):
        (results / "manifest.json").write_text(text)
        with pytest.raises(InputError, match="cannot be read"):
            _ = ResultsFolder(results).manifest
