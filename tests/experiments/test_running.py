"""A run that is stopped at any moment loses no finished cell, and comes to the digests of one in one go."""

from __future__ import annotations

import errno
import os
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from injurysim.core import closed
from injurysim.core.errors import BalanceError, InputError, RunInterrupted
from injurysim.core.parts import finished_cells, read_table
from injurysim.experiments import cells, closing, running
from injurysim.experiments.means import Means
from injurysim.experiments.plan import Cell
from injurysim.experiments.running import carry_out
from injurysim.experiments.watch import Watch

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def stopped_at(number, error):
    """Let so many steps on the disk happen, and raise an error at the next one; say how many there were."""
    steps = []

    def stepping(step, before=lambda *_: None):
        def take(*given, **options):
            steps.append(given[0])
            if len(steps) - 1 == number:
                before(*given)
                raise error
            return step(*given, **options)

        return take

    with pytest.MonkeyPatch.context() as patch:
        for name in ("write_bytes", "write_text", "unlink", "rename", "replace", "rmdir"):
            patch.setattr(Path, name, stepping(getattr(Path, name)))
        patch.setattr(closed.shutil, "rmtree", stepping(closed.shutil.rmtree, before=half_removed))
        yield steps


def half_removed(folder):
    """Take away every other file of a folder, as when its removal is cut short."""
    for path in sorted(path for path in Path(folder).rglob("*") if path.is_file())[::2]:
        os.unlink(path)  # noqa: PTH108 (steps of pathlib are counted)


def run_up_to(plan, target, number, error, **options):
    """Run a plan as far as a step; return what was told, or None when it came to its end before."""
    try:
        with stopped_at(number, error):
            carry_out(plan, target, Means(), **options)
    except RunInterrupted as told:
        return told
    return None


@pytest.fixture
def steps(plan, tmp_path, whole, ran, monkeypatch):
    """Return all steps of the run on the disk; figures are worked out once, however often it is run."""
    values = running.values_of_cells(plan.scenario, *in_parts(whole, tmp_path))
    statistics = closing._statistics(plan, values)
    monkeypatch.setattr(running, "values_of_cells", lambda *_: values)
    monkeypatch.setattr(closing, "_statistics", lambda *_: statistics)
    with stopped_at(None, None) as steps:
        carry_out(plan, tmp_path / "steps", Means())
    return steps


def in_parts(whole, tmp_path):
    closed.split_tables(whole, tmp_path / "parts")
    return tmp_path / "parts", finished_cells(tmp_path / "parts")


def check_stopped_at(number, plan, target, whole, digests, ran):
    """Stop a run at one step on the disk and go on with it."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    ran.clear()
    told = run_up_to(plan, target, number, KeyboardInterrupt() if number % 2 else FULL)
    assert told is not None
    kept = set(finished_cells(unfinished)) if unfinished.exists() else set()
    before = Counter(ran)
    if not (target / "manifest.json").exists():
        assert ("--resume" in str(told)) == unfinished.exists(), told
    carry_out(plan, target, Means(), resume=True)
    assert digests(target) == digests(whole)
    assert names_in(target) == names_in(whole)
    assert not unfinished.exists()
    again = {cell for cell in before if ran[cell] > before[cell]}
    assert not {cell for cell in again if (cell.world, cell.replication) in kept}, (
        "a finished cell was run again"
    )
    assert len(again) <= 1, "only the cell that was being kept is run again"


def names_in(folder):
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.name != "inputs.json"
    )


def test_a_run_stopped_at_some_steps_goes_on_to_the_same_digests(plan, tmp_path, whole, digests, ran, steps):
    """Every 17th step, which meets all kinds of them, and each of the last, from the manifest to its place."""
    last = max(number for number, path in enumerate(steps) if Path(path).name == "manifest.json")
    assert 100 < last < len(steps) - 10
    for number in [*range(0, last, 17), *range(last, len(steps))]:
        check_stopped_at(number, plan, tmp_path / str(number), whole, digests, ran)


@pytest.mark.slow
def test_a_run_stopped_at_any_step_goes_on_to_the_same_digests(plan, tmp_path, whole, digests, ran, steps):
    for number in range(len(steps)):
        check_stopped_at(number, plan, tmp_path / str(number), whole, digests, ran)


def test_a_run_stopped_again_and_again_comes_to_its_end(plan, tmp_path, whole, digests, ran, steps):
    """Each time after a cell or two, whatever is written first; no cell is run twice but one that was being kept."""
    ran.clear()
    stops = 0
    while run_up_to(plan, tmp_path / "run", 40, KeyboardInterrupt(), resume=stops > 0) is not None:
        stops += 1
        assert stops < 20
    assert stops > 2
    assert digests(tmp_path / "run") == digests(whole)
    assert sum(ran.values()) <= len(plan.cells) + stops


def interrupt_after(cells):
    """Return a watch that interrupts when so many cells are kept."""
    left = iter(range(cells - 1))

    def done(_):
        if next(left, None) is None:
            raise KeyboardInterrupt

    return Means(watch=Watch(on_done=done))


@pytest.fixture
def unfinished(plan, tmp_path, ran):
    """Run the plan up to its third cell."""
    with pytest.raises(RunInterrupted, match="interrupted; what has ended is kept"):
        carry_out(plan, tmp_path / "run", interrupt_after(3))
    ran.clear()
    return tmp_path / ".run.unfinished"


def test_what_is_damaged_is_told_and_run_again(plan, unfinished, whole, digests, ran):
    first, second, third = sorted((unfinished / "cells").iterdir())
    (unfinished / "tables" / "fund" / f"{first.stem}.parquet").unlink()
    part = unfinished / "tables" / "injuries" / f"{second.stem}.parquet"
    part.write_bytes(part.read_bytes()[:-1])
    third.write_text("{")
    told = []
    carry_out(plan, unfinished.with_name("run"), Means(watch=Watch(on_note=told.append)), resume=True)
    assert len(told) == 3
    assert all("is damaged and is run again" in note for note in told)
    assert "world base, replication 0" in told[0]
    assert sum(ran.values()) == 4
    assert digests(unfinished.with_name("run")) == digests(whole)


@pytest.mark.parametrize(
    ("change", "named"),
    [({"seed": 6}, "seed"), ({"engine": "twin"}, "engine"), ({"scenario": "horizon.months=2"}, "scenario")],
)
def test_cells_of_other_inputs_are_not_mixed(plan, short, unfinished, ran, change, named):
    change = {name: short(value).scenario if name == "scenario" else value for name, value in change.items()}
    with pytest.raises(InputError, match=rf"of another {named}\."):
        carry_out(replace(plan, **change), unfinished.with_name("run"), Means(), resume=True)
    assert not ran
    assert len(finished_cells(unfinished)) == 3


def test_cells_of_another_program_are_not_mixed(plan, unfinished, ran, monkeypatch):
    monkeypatch.setattr("injurysim.experiments.plan.program_digest", lambda: "another")
    with pytest.raises(InputError, match=r"of another program\."):
        carry_out(plan, unfinished.with_name("run"), Means(), resume=True)
    assert not ran


@pytest.mark.parametrize("number", [1, 3])
def test_a_run_goes_on_with_another_number_of_replications(plan, unfinished, digests, ran, tmp_path, number):
    other = replace(plan, replications=number)
    carry_out(other, unfinished.with_name("run"), Means(), resume=True)
    assert set(ran) == set(other.cells) - set(plan.cells[:3])
    carry_out(other, tmp_path / "one-go", Means())
    assert digests(unfinished.with_name("run")) == digests(tmp_path / "one-go")


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("large", ["fund", None])
def test_so_does_one_that_was_closed_and_not_moved_into_place(
    plan, digests, ran, tmp_path, monkeypatch, number, large, whole
):
    """With a table that is large enough for parts from the third replication on, and without."""
    rows = 10**6 if large is None else len(read_table(whole, large)) + 1
    monkeypatch.setattr(
        "injurysim.experiments.closing.close_tables", lambda folder: closed.close_tables(folder, rows)
    )

    def interrupted(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(running.RunFolder, "commit", interrupted)
        with pytest.raises(RunInterrupted, match="--resume"):
            carry_out(plan, tmp_path / "run", Means())
    ran.clear()
    other = replace(plan, replications=number)
    carry_out(other, tmp_path / "run", Means(), resume=True)
    assert set(ran) == set(other.cells) - set(plan.cells)
    carry_out(other, tmp_path / "one-go", Means())
    assert digests(tmp_path / "run") == digests(tmp_path / "one-go")
    assert names_in(tmp_path / "run") == names_in(tmp_path / "one-go")
    assert large is None or (tmp_path / "run" / "tables" / large).is_dir() == (number == 3)


def test_a_finished_run_is_gone_on_with_by_doing_nothing(plan, whole, ran):
    """As when Ctrl-C came at its last word, or a job is started once more."""
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*")}
    carry_out(plan, whole, Means(), resume=True)
    assert not ran
    assert before == {path: path.stat().st_mtime_ns for path in whole.rglob("*")}
    for other in (replace(plan, seed=6), replace(plan, replications=3)):
        with pytest.raises(InputError, match="exists and is not empty"):
            carry_out(other, whole, Means(), resume=True)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (MemoryError(), "memory ran out"),
        (InputError.of("a worker has another version"), "a worker has another version"),
        (PermissionError(errno.EACCES, "Permission denied", "there"), r"there .*\(Permission denied\)"),
        (OSError(errno.EIO, "Input/output error"), r"run .*\(Input/output error\)"),
        (RunInterrupted("the workers are gone"), "the workers are gone"),
    ],
)
def test_whatever_stops_a_run_from_outside_is_told_with_how_to_go_on(plan, tmp_path, ran, error, told):
    def done(cell):
        if cell == plan.cells[1]:
            raise error

    with pytest.raises(RunInterrupted, match=f"{told}.*; what has ended is kept, go on with .*run --resume"):
        carry_out(plan, tmp_path / "run", Means(watch=Watch(on_done=done)))
    assert set(finished_cells(tmp_path / ".run.unfinished")) == {("base", 0), ("limited", 0)}


def test_an_error_of_the_program_is_told_as_it_is_and_finished_cells_are_kept(plan, tmp_path, ran):
    def done(_):
        raise ZeroDivisionError("oh")

    with pytest.raises(ZeroDivisionError, match="oh") as error:
        carry_out(plan, tmp_path / "run", Means(watch=Watch(on_done=done)))
    assert "what has ended is kept" in error.value.__notes__[0]
    assert len(finished_cells(tmp_path / ".run.unfinished")) == 1


def test_a_cell_that_does_not_balance_leaves_nothing(plan, tmp_path, ran, monkeypatch):
    run_one = cells.run_one

    def unbalanced(text, cell, **options):
        if cell == Cell(1, "base"):
            raise BalanceError(["fund"])
        return run_one(text, cell, **options)

    monkeypatch.setattr("injurysim.experiments.cells.run_one", unbalanced)
    with pytest.raises(BalanceError):
        carry_out(plan, tmp_path / "run", Means())
    assert list(tmp_path.iterdir()) == []
