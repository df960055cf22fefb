"""Finishing cells: those a run folder does not hold yet are run, and each is kept as it ends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from injurysim.core.parts import PackedCell, finished_cells, forget_damaged_cells, keep_cell
from injurysim.experiments.cells import run_cells
from injurysim.experiments.means import Means
from injurysim.experiments.plan import Cell, Plan
from injurysim.experiments.watch import Watch


def finish_cells(plan: Plan, cells: Sequence[Cell], folder: Path, means: Means) -> None:
    """Run those of the cells that a run folder does not hold yet, and keep each as it ends."""
    finished = finished_cells(folder)
    left = [cell for cell in cells if cell.key not in finished]
    means.watch.on_plan(len(left))

    def keep(cell: Cell, packed: PackedCell) -> None:
        keep_cell(folder, packed)
        means.watch.on_done(cell)

    run_cells(plan, left, keep, workers=means.workers, executor=means.executor, watch=means.watch)


def told_of_damage(folder: Path, watch: Watch) -> None:
    """Look through what an unfinished run has kept; what is damaged is told and counts as not run."""
    for what in forget_damaged_cells(folder):
        watch.on_note(f"what was kept of {what} is damaged and is run again")
