"""Replications until a stated precision is reached, or its budget is spent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from injurysim.core.parts import forget_cells
from injurysim.experiments.finishing import finish_cells
from injurysim.experiments.means import Means
from injurysim.experiments.plan import Plan
from injurysim.results.precision import Rule
from injurysim.results.values import no_values, values_of_cells

if TYPE_CHECKING:
    import pandas as pd


def until_precise(rule: Rule, plan: Plan, folder: Path, means: Means) -> tuple[Plan, pd.DataFrame]:
    """Run replications of a plan until a rule has enough, and keep those it keeps.

    Parameters
    ----------
    rule : Rule
        When it is enough: a function of the values of replications 0 to some number, so that neither the number of
        workers nor an interruption shows in the outcome.
    plan : Plan
        What to run; its number of replications is the rule's to say.
    folder : Path
        The run folder; what it holds already is not run again.
    means : Means
        With what.

    Returns
    -------
    Plan, pandas.DataFrame
        With the number of replications that is kept, and their values.
    """
    import pandas as pd

    values, there = no_values(), 0
    while (number := rule.next_number(values)) is not None:
        if there:
            means.watch.on_note(f"not precise enough after {there} replications: on to {number}")
        plan = replace(plan, replications=number)
        new = [cell for cell in plan.cells if cell.replication >= there]
        finish_cells(plan, new, folder, means)
        found = values_of_cells(plan.scenario, folder, [cell.key for cell in new])
        values, there = pd.concat([values, found], ignore_index=True) if there else found, number
    plan = replace(plan, replications=rule.kept(values) or there)
    forget_cells(folder, {cell.key for cell in plan.cells})
    return plan, values[values["replication"] < plan.replications].reset_index(drop=True)
