"""Shares of a plan that run apart, each into a folder of its own, and are put together afterwards.

For schedulers that start jobs and know nothing of each other (``sbatch --array``): no process talks to another one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from injurysim.core.errors import InputError
from injurysim.core.parts import CellReceipt, finished_cells, is_whole
from injurysim.experiments.closing import close
from injurysim.experiments.finishing import finish_cells, told_of_damage
from injurysim.experiments.interruption import told_how_to_go_on
from injurysim.experiments.means import Means
from injurysim.experiments.plan import Cell, Plan, Shard
from injurysim.experiments.rereading import plan_of
from injurysim.results.folder import RunFolder
from injurysim.results.values import values_of_cells

MOST_NAMED = 20
"""So many missing shards are told one by one."""

LABEL = "shard.json"
"""What a folder is that holds it: a share of the cells of a run."""


def run_shard(plan: Plan, shard: Shard, target: Path, means: Means, *, resume: bool = False) -> None:
    """Run one share of a plan's cells and keep them in a folder, to be merged with the others.

    Parameters
    ----------
    plan : Plan
        The whole plan; every shard of it is given the same.
    shard : Shard
        Which share.
    target : Path
        The folder of the shard; it must not exist, or be empty.
    means : Means
        With what.
    resume : bool
        Go on with the unfinished shard kept beside the target; where it is finished there is nothing to do.

    Raises
    ------
    InputError, BalanceError, RunInterrupted
        As :func:`injurysim.experiments.running.carry_out`.
    """
    if plan.scenario.precision is not None:
        raise InputError.of(
            "how many replications a stated precision takes is known when they have been run, and then to one run alone.",
            "Give shards a number: --set precision=null --replications N.",
            where="--shard",
        )
    inputs = {**plan.inputs, "shard": str(shard), "replications": plan.replications}
    if resume and _label(target) == inputs:
        return
    with RunFolder(target, resume=resume, inputs=inputs) as folder, told_how_to_go_on(folder):
        told_of_damage(folder.tmp, means.watch)
        finish_cells(plan, shard.share(plan.cells), folder.tmp, means)
        (folder.tmp / "scenario.yaml").write_text(plan.scenario_text, encoding="utf-8")
        (folder.tmp / LABEL).write_text(json.dumps(inputs), encoding="utf-8")
        folder.commit()


def _label(folder: Path) -> dict[str, Any] | None:
    """Return what a folder says it is a shard of; None where it is none."""
    try:
        label = json.loads((folder / LABEL).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    named = {"scenario", "seed", "engine", "program", "shard", "replications"}
    return label if isinstance(label, dict) and named <= label.keys() else None


@dataclass(frozen=True)
class _Part:
    """A shard's folder, as it is read back."""

    folder: Path
    label: Mapping[str, Any]
    cells: Mapping[Cell, CellReceipt] = field(repr=False)

    @classmethod
    def read(cls, folder: Path) -> _Part:
        label = _label(folder)
        if label is None:
            raise InputError.of(
                f"'{folder}' is not a finished shard.",
                "Name the folders that `run --shard` has written; an unfinished one goes on with --resume.",
                where="SHARD",
            )
        cells = {}
        for (world, replication), receipt in finished_cells(folder).items():
            cell = Cell(replication, world)
            if not is_whole(folder, receipt):
                raise InputError.of(
                    f"the files of {cell} in '{folder}' are not those that were kept.",
                    "Run the shard again.",
                    where="SHARD",
                )
            cells[cell] = receipt
        return cls(folder, label, cells)

    @property
    def run(self) -> dict[str, Any]:
        """What the shards of one run have in common."""
        return {name: value for name, value in self.label.items() if name != "shard"}


def merge_shards(folders: Sequence[Path], target: Path) -> Plan:
    """Put the shards of a run together into the results folder the run would have written in one go.

    Parameters
    ----------
    folders : sequence of Path
        Folders that :func:`run_shard` has written, in any order; they are left as they are.
    target : Path
        The results folder; it must not exist, or be empty.

    Returns
    -------
    Plan
        What was run.

    Raises
    ------
    InputError
        A folder is no shard, or a damaged one; they are of different runs, or of another version of this program; cells
        are missing, or differ between two shards that both hold them.
    RunInterrupted
        On Ctrl-C or a full disk; nothing is kept but the shards.
    """
    parts = [_Part.read(Path(folder)) for folder in folders]
    if not parts:
        raise InputError.of("there is nothing to merge.", "Name the folders of the shards.", where="SHARD")
    first = parts[0]
    for part in parts[1:]:
        if differ := [name for name, value in first.run.items() if part.run.get(name) != value]:
            raise InputError.of(
                f"'{part.folder}' is of another run than '{first.folder}': another {' and '.join(differ)}.",
                "Merge shards of one scenario, seed, number of replications and version.",
                where="SHARD",
            )
    plan = plan_of(
        first.folder, first.label, first.label["replications"], again="run the shards again", where="SHARD"
    )
    held = _held(parts)
    if missing := [cell for cell in plan.cells if cell not in held]:
        raise InputError.of(
            f"{len(missing)} of {len(plan.cells)} cells are in no shard, the first of them {missing[0]}.",
            _missing_shards(parts),
            where="SHARD",
        )
    started = datetime.now(UTC)
    with RunFolder(target, inputs=plan.inputs, keeps=False) as folder, told_how_to_go_on(folder):
        for part in parts:
            for name in ("tables", "cells"):
                if (part.folder / name).is_dir():
                    shutil.copytree(part.folder / name, folder.tmp / name, dirs_exist_ok=True)
        values = values_of_cells(plan.scenario, folder.tmp, [cell.key for cell in plan.cells])
        close(plan, folder.tmp, values, started)
        folder.commit()
    return plan


def _held(parts: Sequence[_Part]) -> dict[Cell, CellReceipt]:
    """Return every cell of the shards; what two of them hold must be the same."""
    held: dict[Cell, CellReceipt] = {}
    for part in parts:
        for cell, receipt in part.cells.items():
            if held.setdefault(cell, receipt) != receipt:
                raise InputError.of(
                    f"{cell} in '{part.folder}' is not what another shard holds of it.",
                    "The machines do not work out the same figures: run all shards on machines of one kind.",
                    where="SHARD",
                )
    return held


def _missing_shards(parts: Sequence[_Part]) -> str:
    """Say which shards there would have to be besides those given."""
    of = max(Shard.parse(part.label["shard"]).of for part in parts)
    given = {part.label["shard"] for part in parts}
    missing = (shard for number in range(1, of + 1) if (shard := str(Shard(number, of))) not in given)
    first = list(islice(missing, MOST_NAMED))
    rest = of - sum(Shard.parse(shard).of == of for shard in given) - len(first)
    others = f" and {rest:,} more" if rest else ""
    return f"Name the folders of the shards {', '.join(first)}{others} as well."
