"""What no part of a scenario can check alone: names that must exist elsewhere, dates that must reach far enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from injurysim.core.errors import Problem
from injurysim.scenario.check_design import design_faults
from injurysim.scenario.check_precision import precision_faults
from injurysim.scenario.check_world import world_faults
from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault, unknown
from injurysim.scenario.loading import Loaded, problem_at, without_inherited
from injurysim.scenario.scaling import scale_faults
from injurysim.scenario.values import Dated, Part, Value, iter_parts

Parts: TypeAlias = Sequence[tuple[tuple[str | int, ...], Part]]
"""Every part of a scenario with its path."""


def cross_check(loaded: Loaded[Scenario]) -> list[Problem]:
    """Return every problem between the parts of a scenario, located."""
    scenario = loaded.model
    parts = list(iter_parts(scenario))
    faults = [
        *_baseline(scenario),
        *_sources(scenario, parts),
        *_beyond(parts),
        *scale_faults(scenario),
        *precision_faults(scenario),
        *(fault for name, world in scenario.worlds.items() for fault in world_faults(scenario, name, world)),
        *(fault for name in scenario.designs for fault in design_faults(scenario, name)),
    ]
    problems = sorted({problem_at(loaded.node, path, what, fix) for path, what, fix in faults})
    return without_inherited(problems, loaded.based_on)


def _baseline(scenario: Scenario) -> Iterator[Fault]:
    if scenario.baseline.world not in scenario.worlds:
        yield unknown(("baseline", "world"), "world", scenario.baseline.world, scenario.worlds)
    if scenario.baseline.design not in scenario.designs:
        yield unknown(("baseline", "design"), "design", scenario.baseline.design, scenario.designs)


FACTORS = ("factor on the", "times the", "months of the")
"""How units of numbers begin that multiply an amount."""
MOST_FACTOR, MOST, MOST_HELD = 10**4, 10**9, 10**13
"""The greatest factor, the greatest number otherwise, the most yuan of an account: their sums and products are kept."""


def _beyond(parts: Parts) -> Iterator[Fault]:
    """Hold values to what can be multiplied and added up; what lies beyond is a slip of the pen."""
    for path, part in parts:
        if not isinstance(part, Value | Dated):
            continue
        held = "accounts" in path or path[-1] == "k_yuan"
        most = MOST_FACTOR if str(part.unit).startswith(FACTORS) else MOST_HELD if held else MOST
        numbers: list[Any] = part.entries() if isinstance(part, Dated) else [part.value]
        for number in numbers:
            if isinstance(number, int | float | Decimal) and not -most <= number <= most:
                yield path, f"{number} is more than can be kept.", f"It must be {most:,} or less."
                break


def _sources(scenario: Scenario, parts: Parts) -> Iterator[Fault]:
    """Every source named must stand in ``sources``; every dated value must have begun when the horizon starts."""
    for path, part in parts:
        source = getattr(part, "source", None)
        if source is not None and source not in scenario.sources:
            yield unknown((*path, "source"), "source", source, scenario.sources)
        if isinstance(part, Dated):
            first = part.first_date()
            if first is not None and first > scenario.horizon.start:
                yield (
                    (*path, "dated"),
                    f"the first value begins on {first}, after the horizon starts on {scenario.horizon.start}.",
                    "Give a value for the start of the horizon too (0 if there was none).",
                )
