"""Faults of prices that break even: worlds that do not exist, rates without proportions, searches that differ."""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.scenario.contribution import (
    BreakEven,
    Charged,
    Free,
    Payroll,
    PerOrder,
    ShareOfEarnings,
    ShareOfTurnover,
)
from injurysim.scenario.designs import Design
from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault, Path, unknown


def pricing_faults(at: Path, design: Design, scenario: Scenario) -> Iterator[Fault]:
    """Find the faults of the prices that the design at a path leaves to be found."""
    first: tuple[str, BreakEven] | None = None
    for name, scheme in design.schemes.items():
        rule = scheme.contribution
        if isinstance(rule, Free) or rule.breaks_even is None:
            continue
        where, asked = (*at, "schemes", name, "contribution", "breaks_even"), rule.breaks_even
        if asked.world is not None and asked.world not in scenario.worlds:
            yield unknown((*where, "world"), "world", asked.world, scenario.worlds)
        if not any(_rates(rule)):
            what = "every rate is 0, and no multiple of 0 breaks even."
            yield where, what, "State rates in the proportions they shall have; only these count."
        first = first or (name, asked)
        for key in ("replications", "world"):
            if _search(asked, key, scenario) != _search(first[1], key, scenario):
                what = (
                    f"the schemes of a design break even together, and '{first[0]}' has {key}"
                    f" {_search(first[1], key, scenario)}."
                )
                yield (*where, key), what, "State the same in both."


def _search(asked: BreakEven, key: str, scenario: Scenario) -> object:
    """Return on how many replications, or on which world, a price is to be found."""
    return asked.replications.value if key == "replications" else asked.world or scenario.baseline.world


def _rates(rule: Charged) -> Iterator[bool]:
    """Say of each amount or rate of a contribution whether it is ever above 0."""
    if isinstance(rule, PerOrder):
        stated = [*rule.industries.values(), *rule.platforms.values()]
    elif isinstance(rule, Payroll):
        stated = [*rule.risk_classes.values(), *([rule.rate] if rule.rate else [])]
    else:
        stated = [rule.rate if isinstance(rule, ShareOfEarnings | ShareOfTurnover) else rule.yuan]
    for each in stated:
        yield any(each.entries())
