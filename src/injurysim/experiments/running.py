"""A run from its plan to its results folder: what is finished is kept, and an interruption loses nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from injurysim.core.closed import is_swept, split_tables, sweep
from injurysim.core.parts import forget_cells
from injurysim.experiments.closing import close
from injurysim.experiments.finishing import finish_cells, told_of_damage
from injurysim.experiments.interruption import told_how_to_go_on
from injurysim.experiments.means import Means
from injurysim.experiments.plan import Plan, inputs_in
from injurysim.experiments.precision import until_precise
from injurysim.results.folder import RunFolder
from injurysim.results.manifest import read_manifest
from injurysim.results.precision import Rule
from injurysim.results.values import values_of_cells

if TYPE_CHECKING:
    import pandas as pd


def carry_out(
    plan: Plan,
    target: Path,
    means: Means,
    *,
    resume: bool = False,
    prepare: Callable[[Path], None] = lambda _folder: None,
    check: Callable[[Path], None] = lambda _folder: None,
    rule: Rule | None = None,
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
    rule : Rule, optional
        Says how many replications there are to be, in place of the plan.

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
    if resume and _stands(plan, target, rule):
        return
    with RunFolder(target, resume=resume, inputs=plan.inputs) as folder, told_how_to_go_on(folder):
        if not _was_closed(plan, folder.tmp, rule):
            told_of_damage(folder.tmp, means.watch)
            prepare(folder.tmp)
            if rule is None:
                values = _in_all(plan, folder.tmp, means)
            else:
                plan, values = until_precise(rule, plan, folder.tmp, means)
            check(folder.tmp)
            close(plan, folder.tmp, values, started)
        folder.commit()


def _in_all(plan: Plan, folder: Path, means: Means) -> pd.DataFrame:
    """Run the replications of a plan, and return their values."""
    cells = [cell.key for cell in plan.cells]
    # Of an unfinished run with more replications, the ones asked for are kept.
    forget_cells(folder, cells)
    finish_cells(plan, plan.cells, folder, means)
    return values_of_cells(plan.scenario, folder, cells)


def _stands(plan: Plan, target: Path, rule: Rule | None) -> bool:
    """Say whether a target holds the finished run of a plan already, as when it was interrupted at its last word."""
    manifest = _manifest(target)
    made = {**inputs_in(manifest), "replications": manifest.get("replications")}
    wanted = dict(plan.inputs) if rule else {**plan.inputs, "replications": plan.replications}
    return wanted == {name: made.get(name) for name in wanted}


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder, or nothing where there is none that can be read."""
    try:
        return read_manifest(folder)
    except (OSError, ValueError):
        return {}


def _was_closed(plan: Plan, folder: Path, rule: Rule | None) -> bool:
    """Say whether the run was closed already and only not moved into place; finish the sweeping then."""
    if not (folder / "manifest.json").is_file():
        return False
    if is_swept(folder):
        if rule or _manifest(folder).get("replications") == plan.replications:
            sweep(folder)
            return True
        split_tables(folder, folder)
    (folder / "manifest.json").unlink()
    return False
