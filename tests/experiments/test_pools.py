"""Executors: what has ended is kept, whatever becomes of the others; a killed worker costs time and nothing else."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from injurysim.core.errors import RunInterrupted
from injurysim.experiments.plan import Cell
from injurysim.experiments.pools import (
    MOST_DEATHS,
    on_executor,
    on_processes,
    told_when_workers_are_gone,
)

CELLS = [Cell(number, "base") for number in range(6)]


class Settled(Executor):
    """Gives each job the outcome it was told to, at once."""

    def __init__(self, outcomes):
        self.outcomes = outcomes

    def submit(self, _job, cell):
        future = Future()
        outcome = self.outcomes[cell]
        if outcome == "cancelled":
            future.cancel()
            future.set_running_or_notify_cancel()
        elif isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
        return future


def test_every_cell_is_kept_once():
    kept = []
    with ThreadPoolExecutor(3) as pool:
        on_executor(pool, CELLS, lambda cell: cell.replication, lambda *both: kept.append(both))
    assert sorted(kept) == [(cell, cell.replication) for cell in CELLS]


@pytest.mark.parametrize(
    ("outcome", "raised"), [(ValueError("bad"), ValueError), ("cancelled", CancelledError)]
)
def test_what_ended_well_is_kept_before_a_failure_is_told(outcome, raised):
    kept = []
    outcomes = {cell: cell.replication for cell in CELLS} | {CELLS[0]: outcome}
    with pytest.raises(raised):
        on_executor(Settled(outcomes), CELLS, None, lambda cell, _: kept.append(cell))
    assert sorted(kept) == CELLS[1:]


@pytest.mark.parametrize("error", [CancelledError(), BrokenExecutor("gone")])
def test_executors_of_others_say_that_their_workers_are_gone(error):
    with pytest.raises(RunInterrupted, match="the workers are gone"), told_when_workers_are_gone():
        raise error


def test_other_errors_of_a_cell_are_told_as_they_are():
    with pytest.raises(ValueError, match="bad"), told_when_workers_are_gone():
        raise ValueError("bad")


def test_when_keeping_fails_the_waiting_are_called_off():
    ran = []

    def job(cell):
        ran.append(cell)
        time.sleep(0.05)

    def keep(*_):
        raise OSError("full")

    with ThreadPoolExecutor(1) as pool, pytest.raises(OSError, match="full"):
        on_executor(pool, CELLS, job, keep)
    assert len(ran) < len(CELLS)


JOB = """
import os, signal

class KillsItself:
    def __init__(self, folder, times):
        self.folder, self.times = folder, times

    def __call__(self, cell):
        marks = [self.folder / f"{cell.replication}-{number}" for number in range(self.times)]
        for mark in marks if cell.replication == 2 else []:
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return cell.replication
"""
"""A job whose worker is killed at one of the cells, so many times; in a module that other processes can import."""


@pytest.fixture
def kills_itself(tmp_path, monkeypatch):
    (tmp_path / "job_that_kills.py").write_text(JOB, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    marks = tmp_path / "marks"
    marks.mkdir()
    return lambda times: importlib.import_module("job_that_kills").KillsItself(marks, times), marks


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_when_a_worker_is_killed_the_cells_left_are_run_by_others(kills_itself):
    job, _ = kills_itself
    kept, told = {}, []
    on_processes(CELLS, job(1), kept.__setitem__, 2, told.append)
    assert kept == {cell: cell.replication for cell in CELLS}
    assert len(told) == 1
    assert "a worker was killed" in told[0]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_cell_that_kills_every_worker_ends_the_run(kills_itself):
    job, marks = kills_itself
    kept = {}
    with pytest.raises(RunInterrupted, match="killed again and again"):
        on_processes(CELLS[2:3], job(99), kept.__setitem__, 1, lambda _: None)
    assert kept == {}
    assert len(list(marks.iterdir())) == MOST_DEATHS


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("full")])
def test_a_pool_that_is_left_in_mid_run_ends_at_once_and_without_a_word(kills_itself, error):
    """A word would be an exception in a thread of the pool, which is an error here."""
    job, _ = kills_itself

    def keep(*_):
        raise error

    cells = [Cell(number, "base") for number in range(200)]
    with pytest.raises(type(error)):
        on_processes(cells, job(0), keep, 2, lambda _: None)
    assert multiprocessing.active_children() == []


SLEEPS = """
import os, time

def job(folder, cell):
    (folder / str(os.getpid())).touch()
    time.sleep(60)
"""


PARENT = """
import sys
from functools import partial
from pathlib import Path

from job_that_sleeps import job

from injurysim.experiments.plan import Cell
from injurysim.experiments.pools import on_processes

cells = [Cell(0, "base"), Cell(1, "base")]
on_processes(cells, partial(job, Path(sys.argv[1])), print, 2, print)
"""
"""A script without ``if __name__ == "__main__"``: its workers are not to begin it anew."""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_the_process_that_started_them(tmp_path, how):
    script, seen = tmp_path / "parent.py", tmp_path / "seen"
    script.write_text(PARENT, encoding="utf-8")
    (tmp_path / "job_that_sleeps.py").write_text(SLEEPS, encoding="utf-8")
    seen.mkdir()
    command = [sys.executable, str(script), str(seen)]
    parent = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        assert _within(60, lambda: len(list(seen.iterdir())) == 2)
        parent.send_signal(how)
        parent.wait(timeout=30)
    finally:
        parent.kill()
    workers = [int(path.name) for path in seen.iterdir()]
    assert _within(30, lambda: not any(_runs(pid) for pid in workers))


def _within(seconds, holds):
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.05)
    return held


def _runs(pid):
    status = Path(f"/proc/{pid}/status")
    if Path("/proc/self").exists():
        return status.exists() and "State:\tZ" not in status.read_text()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
