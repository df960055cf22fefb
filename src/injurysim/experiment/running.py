"""A run from its plan to its results folder: what is finished is kept, and an interruption loses nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from injurysim.core.errors import RunInterrupted
from injurysim.core.parts import PackedCell, finished_cells, forget_cells, keep_cell, sweep
from injurysim.experiment.cells import run_cells
from injurysim.experiment.closing import close
from injurysim.experiment.plan import Cell, Plan
from injurysim.experiment.watch import Watch
from injurysim.results.folder import NO_ROOM, RunFolder
from injurysim.results.manifest import read_manifest
from injurysim.results.values import values_of_cells


@dataclass(frozen=True)
class Means:
    """With what a plan is carried out; none of it shows in the figures.

    Attributes
    ----------
    workers : int
        Processes of this machine; 1 is this process alone.
    executor : Executor, optional
        Runs the cells in their place.
    watch : Watch
        Who is told.
    """

    workers: int = 1
    executor: Executor | None = None
    watch: Watch = field(default_factory=Watch)


def carry_out(plan: Plan, target: Path, means: Means, *, resume: bool = False) -> None:
    """Run a plan and put its results into a folder.

    Parameters
    ----------
    plan : Plan
        What to run.
    target : Path
        The results folder; it must not exist, or be empty.
    means : Means
        With what.
    resume : bool
        Go on with the unfinished run kept beside the target.

    Raises
    ------
    InputError
        The target is taken, or an unfinished run of other inputs is kept beside it.
    BalanceError
        A cell does not balance.
    RunInterrupted
        On Ctrl-C, a full disk, or without workers; the cells that have ended are kept.
    """
    started = datetime.now(UTC)
    with told_how_to_go_on(target), RunFolder(target, resume=resume, inputs=plan.inputs) as folder:
        if not _was_closed(plan, folder.tmp):
            # Of an unfinished run with more replications, the ones asked for are kept.
            forget_cells(folder.tmp, {(cell.world, cell.replication) for cell in plan.cells})
            finish_cells(plan, plan.cells, folder.tmp, means)
            places = [(cell.world, cell.replication) for cell in plan.cells]
            close(plan, folder.tmp, values_of_cells(plan.scenario, folder.tmp, places), started)
        folder.commit()


def finish_cells(plan: Plan, cells: Sequence[Cell], folder: Path, means: Means) -> None:
    """Run those of the cells that a run folder does not hold yet, and keep each as it ends."""
    finished = finished_cells(folder)
    left = [cell for cell in cells if (cell.world, cell.replication) not in finished]
    means.watch.on_plan(len(left))

    def keep(cell: Cell, packed: PackedCell) -> None:
        keep_cell(folder, packed)
        means.watch.on_done(cell)

    run_cells(plan, left, keep, workers=means.workers, executor=means.executor, watch=means.watch)


@contextmanager
def told_how_to_go_on(target: Path) -> Iterator[None]:
    """Turn Ctrl-C and a full disk into a message that says how to go on."""
    how = f"what has ended is kept, go on with --out {target} --resume"
    try:
        yield
    except KeyboardInterrupt:
        raise RunInterrupted(f"interrupted; {how}") from None
    except RunInterrupted as error:
        raise RunInterrupted(f"{error}; {how}") from error
    except OSError as error:
        if error.errno in NO_ROOM:
            raise RunInterrupted(f"the disk is full; {how} when there is room") from error
        raise


def _was_closed(plan: Plan, folder: Path) -> bool:
    """Say whether the run was closed already and only not moved into place; finish the sweeping then."""
    if not (folder / "manifest.json").is_file():
        return False
    if not (folder / "cells").is_dir() and read_manifest(folder)["replications"] == plan.replications:
        sweep(folder)
        return True
    (folder / "manifest.json").unlink()
    return False
