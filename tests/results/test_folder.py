"""A results folder is there whole or not at all."""

from __future__ import annotations

import errno

import pytest

from injurysim.core.errors import BalanceError, InputError, RunInterrupted
from injurysim.core.parts import close_tables, keep_cell, pack_cell, sweep
from injurysim.core.schemas import TABLES
from injurysim.results.folder import ResultsFolder, RunFolder
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


@pytest.mark.parametrize("error", [ValueError("x"), BalanceError(["x"]), OSError(errno.EACCES, "x"), None])
def test_without_a_commit_nothing_is_left(tmp_path, error):
    def attempt():
        with RunFolder(tmp_path / "run") as folder:
            (folder.tmp / "notes.txt").write_text("half")
            if error is not None:
                raise error

    if error is None:
        attempt()
    else:
        with pytest.raises(type(error)):
            attempt()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RunInterrupted("x"), OSError(errno.ENOSPC, "x")])
def test_an_interrupted_run_is_kept_and_gone_on_with(tmp_path, error):
    def attempt():
        with RunFolder(tmp_path / "run", inputs={"seed": 1, "scenario": "abc"}) as folder:
            (folder.tmp / "notes.txt").write_text("half")
            raise error

    with pytest.raises(type(error)):
        attempt()
    with pytest.raises(InputError, match=r"unfinished run.*--resume"), RunFolder(tmp_path / "run"):
        pass
    with (
        pytest.raises(InputError, match="of another seed\\."),
        RunFolder(tmp_path / "run", resume=True, inputs={"seed": 2, "scenario": "abc"}),
    ):
        pass
    with RunFolder(tmp_path / "run", resume=True, inputs={"seed": 1, "scenario": "abc"}) as folder:
        assert (folder.tmp / "notes.txt").read_text() == "half"
        folder.commit()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


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
    with pytest.raises(InputError, match=r"no table 'summary'.*It holds exposure, riders"):
        folder.table("summary")


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
    (results / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        _ = ResultsFolder(results).manifest
