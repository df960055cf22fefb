"""A scenario from its file: read, checked within and between its parts, narrowed, and settled."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from injurysim.core.errors import InputError, Problem
from injurysim.core.machine import seldom_collected
from injurysim.scenario.checks import cross_check
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import Loaded, load_document
from injurysim.scenario.merging import suggestion
from injurysim.scenario.resolve import resolve


@dataclass(frozen=True)
class ReadScenario:
    """A scenario that passed every check.

    Attributes
    ----------
    scenario : Scenario
        Resolved: days off are listed, worlds and designs are whole.
    loaded : Loaded
        The document as read.
    """

    scenario: Scenario
    loaded: Loaded[Scenario]


def read_scenario(
    path: str | os.PathLike[str],
    *,
    overrides: Sequence[str] = (),
    vary: Sequence[str] = (),
    worlds: Sequence[str] = (),
    designs: Sequence[str] = (),
) -> ReadScenario:
    """Read a scenario file.

    Parameters
    ----------
    path : path
        The file.
    overrides : sequence of str
        ``PATH=VALUE`` each, laid over the file.
    vary : sequence of str
        ``PATH=V1,V2,...`` each: after the overrides, an axis more of the grid of the scenario's experiment.
    worlds, designs : sequence of str
        Keep only these; all when empty. Variants are named like any other: what they vary is kept only if it is
        named too, and the other way round. A baseline that is not kept gives way to the first that is.

    Raises
    ------
    InputError
        With every problem found, located.
    """
    with seldom_collected():
        loaded = load_document(path, Scenario, overrides, vary=vary)
        problems = cross_check(loaded)
    scenario = loaded.model
    problems += _unknown_choices("--world", worlds, list(scenario.worlds))
    problems += _unknown_choices("--design", designs, list(scenario.designs))
    if problems:
        raise InputError(problems)
    return ReadScenario(resolve(_narrow(scenario, worlds, designs)), loaded)


def _unknown_choices(option: str, chosen: Sequence[str], known: list[str]) -> list[Problem]:
    return [
        Problem(option, 0, 0, "", f"the scenario has no '{name}'.", suggestion(name, known, "It has"))
        for name in chosen
        if name not in known
    ]


def _narrow(scenario: Scenario, worlds: Sequence[str], designs: Sequence[str]) -> Scenario:
    """Keep chosen worlds and designs; the baseline stays, or becomes the first kept where it was not chosen."""
    kept_worlds = {name: world for name, world in scenario.worlds.items() if not worlds or name in worlds}
    kept_designs = {
        name: design for name, design in scenario.designs.items() if not designs or name in designs
    }
    baseline = scenario.baseline.model_copy(
        update={
            "world": scenario.baseline.world
            if scenario.baseline.world in kept_worlds
            else next(iter(kept_worlds)),
            "design": scenario.baseline.design
            if scenario.baseline.design in kept_designs
            else next(iter(kept_designs)),
        }
    )
    precision = scenario.precision and scenario.precision.narrowed(kept_worlds, kept_designs)
    return scenario.model_copy(
        update={
            "worlds": kept_worlds,
            "designs": kept_designs,
            "baseline": baseline,
            "precision": precision,
        }
    )
