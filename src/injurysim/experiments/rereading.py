"""A plan read back from a folder that was written to it, so that more can be done with what stands there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from injurysim.core.errors import InputError
from injurysim.core.program import program_digest
from injurysim.experiments.plan import Plan
from injurysim.replication import Engine
from injurysim.scenario.reading import read_scenario


def plan_of(folder: Path, inputs: Mapping[str, Any], replications: Any, *, again: str, where: str) -> Plan:
    """Return the plan that a folder's ``scenario.yaml`` was written to.

    Parameters
    ----------
    folder : Path
        A results folder, or that of a shard.
    inputs : mapping
        What the folder says it was made from, as :attr:`Plan.inputs`.
    replications : int
        How many there are, or are to be.
    again : str
        What to do where the folder is of no use, as ``run the scenario anew``.
    where : str
        The argument that names the folder.

    Raises
    ------
    InputError
        Another version of this program has written it, or what it says of its run was changed afterwards.
    """
    if inputs["program"] != program_digest():
        raise InputError.of(
            f"'{folder}' was made by another version of injurysim, or of a library it uses.",
            f"Go on with the version that made it, or {again}.",
            where=where,
        )
    numbers = isinstance(inputs["seed"], int) and isinstance(replications, int)
    if not numbers or inputs["engine"] not in get_args(Engine):
        raise InputError.of(
            f"what '{folder}' says of its seed, engine or replications was changed after the run.",
            f"{again[0].upper()}{again[1:]}.",
            where=where,
        )
    plan = Plan(
        read_scenario(folder / "scenario.yaml").scenario,
        replications=replications,
        seed=inputs["seed"],
        engine=inputs["engine"],
    )
    if plan.scenario_digest != inputs["scenario"]:
        raise InputError.of(
            f"scenario.yaml in '{folder}' was changed after the run.",
            f"{again[0].upper()}{again[1:]}.",
            where=where,
        )
    return plan
