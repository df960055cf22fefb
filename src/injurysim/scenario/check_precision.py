"""Faults of a stated precision: worlds and designs that do not exist."""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault, unknown
from injurysim.scenario.precision import Target


def precision_faults(scenario: Scenario) -> Iterator[Fault]:
    """Find the targets of a scenario's precision that name what is not there."""
    if scenario.precision is not None:
        for place, target in enumerate(scenario.precision.targets):
            for path, what, fix in target_faults(target, scenario):
                yield ("precision", "targets", place, *path), what, fix


def target_faults(target: Target, scenario: Scenario) -> Iterator[Fault]:
    """Find what a target names and the scenario does not have; paths are of the target."""
    if target.world is not None and target.world not in scenario.worlds:
        yield unknown(("world",), "world", target.world, scenario.worlds)
    if target.design is not None and target.design not in scenario.designs:
        yield unknown(("design",), "design", target.design, scenario.designs)
