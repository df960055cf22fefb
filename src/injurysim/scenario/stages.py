"""On which world each design is kept: the worlds of the scenario, and one more for each design that is answered to.

A design with responses changes what riders do, so that it cannot share a world with the others; its own is called
``<world>~<design>``.
"""

from __future__ import annotations

from injurysim.scenario.document import Baseline, Scenario

SEPARATOR = "~"


def stage_of(scenario: Scenario, world: str, design: str) -> str:
    """Return the name of the world on which a design is kept beside the others of a world."""
    return world if scenario.designs[design].responses is None else f"{world}{SEPARATOR}{design}"


def stages(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return every world that is run and the designs kept on it, in the order of the scenario.

    A world all of whose designs are answered to is not run by itself.
    """
    found: dict[str, tuple[str, ...]] = {}
    for world in scenario.worlds:
        for design in scenario.designs:
            name = stage_of(scenario, world, design)
            found[name] = (*found.get(name, ()), design)
    return found


def baseline_of(scenario: Scenario) -> Baseline:
    """Return the baseline with the world on which its design is kept."""
    stated = scenario.baseline
    return stated.model_copy(update={"world": stage_of(scenario, stated.world, stated.design)})


def base_of(stage: str) -> str:
    """Return the world of the scenario behind a world that is run."""
    return stage.split(SEPARATOR, 1)[0]
