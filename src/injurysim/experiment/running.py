"""A run from its plan to its results folder: what is finished is kept, and an interruption loses nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from injurysim.core.closed import is_swept, split_tables, sweep
from injurysim.core.parts import PackedCell, finished_cells, forget_cells, forget_damaged_cells, keep_cell
from injurysim.experiment.cells import run_cells
from injurysim.experiment.closing import close
from injurysim.experiment.interruption import told_how_to_go_on
from injurysim.experiment.plan import Cell, Plan
from injurysim.experiment.watch import Watch
from injurysim.results.folder import RunFolder
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


def carry_out(
    plan: Plan,
    target: Path,
    means: Means,
    *,
    resume: bool = False,
    prepare: Callable[[Path], None] = lambda _folder: None,
    check: Callable[[Path], None] = lambda _folder: None,
) -> None:
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
        Go on with the unfinished run kept beside the target; where the run is finished there is nothing to do.
    prepare, check : callable
        Called with the run folder before cells are run, to put cells there that are known already, and when all are
        there, before they are closed.

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
    if resume and _stands(plan, target):
        return
    with RunFolder(target, resume=resume, inputs=plan.inputs) as folder, told_how_to_go_on(folder):
        if not _was_closed(plan, folder.tmp):
            places = [(cell.world, cell.replication) for cell in plan.cells]
            told_of_damage(folder.tmp, means.watch)
            # Of an unfinished run with more replications, the ones asked for are kept.
            forget_cells(folder.tmp, places)
            prepare(folder.tmp)
            finish_cells(plan, plan.cells, folder.tmp, means)
            check(folder.tmp)
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


def told_of_damage(folder: Path, watch: Watch) -> None:
    """Look through what an unfinished run has kept; what is damaged is told and counts as not run."""
    for what in forget_damaged_cells(folder):
        watch.on_note(f"what was kept of {what} is damaged and is run again")


def _stands(plan: Plan, target: Path) -> bool:
    """Say whether a target holds the finished run of a plan already, as when it was interrupted at its last word."""
    made = _manifest(target)
    wanted = {**plan.inputs, "replications": plan.replications}
    return wanted == {name: made.get({"scenario": "scenario_digest"}.get(name, name)) for name in wanted}


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder, or nothing where there is none that can be read."""
    try:
        return read_manifest(folder)
    except (OSError, ValueError):
        return {}


def _was_closed(plan: Plan, folder: Path) -> bool:
    """Say whether the run was closed already and only not moved into place; finish the sweeping then."""
    if not (folder / "manifest.json").is_file():
        return False
    if is_swept(folder):
        if _manifest(folder).get("replications") == plan.replications:
            sweep(folder)
            return True
        split_tables(folder, folder)
    (folder / "manifest.json").unlink()
    return False
