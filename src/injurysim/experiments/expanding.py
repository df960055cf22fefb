"""More of a run that stands: further replications, worlds, designs or months, paired with what is there.

A cell whose inputs are the same is taken over, not run again. Where they are not, because a design or a month came to
its world, it is run again and the rows that stood must come out as they were: seed and names make the draws, so they
do unless a rule looks at what was added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from injurysim.core.closed import split_tables
from injurysim.core.errors import InputError
from injurysim.core.parts import finished_cells
from injurysim.experiments.means import Means
from injurysim.experiments.plan import Cell, Plan, inputs_in
from injurysim.experiments.rereading import plan_of
from injurysim.experiments.running import carry_out
from injurysim.experiments.unchanged import check_unchanged
from injurysim.results.folder import ResultsFolder


@dataclass(frozen=True)
class Standing:
    """A finished run that more is to be added to.

    Attributes
    ----------
    folder : ResultsFolder
        Where it stands.
    plan : Plan
        What was run.
    """

    folder: ResultsFolder
    plan: Plan

    @classmethod
    def read(cls, path: Path) -> Standing:
        """Read back what a results folder was made from.

        Raises
        ------
        InputError
            It is no results folder, another version of this program has written it, or it was changed since.
        """
        folder = ResultsFolder(path)
        made = folder.manifest
        plan = plan_of(
            path, inputs_in(made), made.get("replications"), again="run the scenario anew", where="RESULTS"
        )
        if not all(isinstance(made.get(name), dict) for name in ("tables", "inputs_of_worlds")):
            raise InputError.of(
                f"manifest.json in '{path}' was changed after the run.",
                "Run the scenario anew.",
                where="RESULTS",
            )
        return cls(folder, plan)


def expand(standing: Standing, plan: Plan, target: Path, means: Means, *, resume: bool = False) -> list[Cell]:
    """Run what a plan has and a standing run has not, into a folder that holds both.

    Parameters
    ----------
    standing : Standing
        The run there is; its folder is left as it is.
    plan : Plan
        What there is to be in the end: with no fewer replications, worlds, designs or months.
    target : Path
        The results folder; it must not exist, or be empty.
    means : Means
        With what.
    resume : bool
        Go on with an unfinished expansion kept beside the target.

    Returns
    -------
    list of Cell
        The cells that were taken over without being run.

    Raises
    ------
    InputError
        The plan lacks something the run has, or has another seed, engine or scale, so that nothing would be paired;
        or the tables of the run are no longer those it wrote.
    CheckFailed
        A row that stood came out otherwise; nothing is kept.
    """
    _check_holds(standing.plan, plan)
    same = {
        world
        for world, digest in plan.inputs_of_worlds.items()
        if standing.folder.manifest["inputs_of_worlds"].get(world) == digest
    }
    taken = [
        cell for cell in plan.cells if cell.world in same and cell.replication < standing.plan.replications
    ]

    def check(folder: Path) -> None:
        check_unchanged(standing.folder.path, standing.plan, plan, folder, known=set(taken))

    carry_out(plan, target, means, resume=resume, prepare=partial(_take_over, standing, taken), check=check)
    return taken


def _take_over(standing: Standing, taken: Sequence[Cell], folder: Path) -> None:
    """Keep the cells that need not be run in the run folder, unless they are there."""
    wanted = {cell.key for cell in taken} - finished_cells(folder).keys()
    made = {name: table["digest"] for name, table in standing.folder.manifest["tables"].items()}
    split_tables(standing.folder.path, folder, wanted, made)


def _check_holds(old: Plan, new: Plan) -> None:
    """Refuse a plan that lacks what the run has, or whose draws are others."""

    def refuse(what: str, where: str, fix: str = "Run the scenario anew.") -> InputError:
        return InputError.of(what, fix, where=where)

    for name in ("seed", "engine"):
        if (mine := getattr(new, name)) != (theirs := getattr(old, name)):
            raise refuse(f"the run has {name} {theirs}, not {mine}: nothing would be paired.", name)
    if new.replications < old.replications:
        raise refuse(
            f"the run has {old.replications} replications already.",
            "--replications",
            f"Ask for {old.replications} or more.",
        )
    for kind in ("worlds", "designs"):
        if missing := set(getattr(old.scenario, kind)) - set(getattr(new.scenario, kind)):
            raise refuse(
                f"the run has {kind} the scenario lacks: {', '.join(sorted(missing))}.",
                kind,
                "An expansion adds and takes nothing away.",
            )
    before, after = old.scenario, new.scenario
    if after.seed not in (old.seed, before.seed):
        raise refuse(
            f"the run has seed {old.seed}, the scenario {after.seed}: nothing would be paired.", "seed"
        )
    if before.scale.value != after.scale.value:
        raise refuse(
            f"the run has scale {before.scale.value}, the scenario {after.scale.value}: not one row would stand.",
            "scale",
        )
    was, becomes = before.horizon, after.horizon
    if (
        becomes.start != was.start
        or becomes.months < was.months
        or becomes.months + becomes.runoff_months < was.months + was.runoff_months
    ):
        raise refuse(
            f"the run has {was.months} months and {was.runoff_months} of run-off from {was.start}, "
            f"the scenario {becomes.months} and {becomes.runoff_months} from {becomes.start}.",
            "horizon",
            "An expansion adds months at the end.",
        )
