"""One leaf after the other is changed and the tables are compared: which leaves move something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import islice
from typing import TypeVar

import pyarrow as pa
from pydantic import ValidationError

from injurysim.experiments.pricing import priced
from injurysim.replication import run_cell
from injurysim.scenario.check_design import design_faults
from injurysim.scenario.check_world import world_faults
from injurysim.scenario.designs import Design
from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault
from injurysim.scenario.resolve import resolve
from injurysim.scenario.scaling import scale_faults
from injurysim.scenario.stages import stages
from injurysim.scenario.values import Part
from keys.leaves import Leaf, leaves_of
from keys.mutations import alternatives

SEED = 7
NAMING = ("world", "design", "replication")
WAYS = 6
"""A leaf is changed in so many ways at most before it is called dead."""
AT_ONCE = 150
"""Designs side by side in one cell."""

Tables = dict[str, pa.Table]


def contents(table: pa.Table) -> pa.Table:
    """Return a table without the columns that name world, design and replication."""
    return table.drop_columns([name for name in NAMING if name in table.column_names])


def tables_of_designs(scenario: Scenario, designs: Mapping[str, Design]) -> dict[str, Tables]:
    """Run one cell with designs side by side and return the tables of each by its name."""
    names = list(designs)
    found: dict[str, Tables] = {name: {} for name in names}
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        cell = scenario.model_copy(update={"designs": {name: designs[name] for name in some}})
        for title, tables in run_cell(cell, "stage", 0, seed=SEED).items():
            if len(tables) == len(some) and "design" in tables[0].column_names:
                for name, table in zip(some, tables, strict=True):
                    found[name][title] = contents(table)
    return found


def tables_of_scenario(scenario: Scenario) -> Tables:
    """Run the first replication of every world of a scenario and return their tables."""
    scenario, found = priced(resolve(scenario), resolve(scenario), seed=scenario.seed), {}
    for world in stages(scenario):
        for title, tables in run_cell(scenario, world, 0, seed=scenario.seed).items():
            for number, table in enumerate(tables):
                found[f"{world} {title} {number}"] = contents(table)
    return found


def changed_designs(leaf: Leaf, design: Design, scenario: Scenario) -> Iterator[Design]:
    """Yield a design with a leaf of it changed, one way after the other, as far as the scenario is valid."""
    data = design.model_dump(mode="python", exclude_none=True)
    for other in alternatives(leaf, data):
        try:
            changed = Design.model_validate(other)
        except ValidationError:
            continue
        if changed != design:
            staged = scenario.model_copy(update={"designs": {"changed": changed}})
            if not list(design_faults(staged, "changed")):
                yield changed


def changed_scenarios(leaf: Leaf, scenario: Scenario) -> Iterator[Scenario]:
    """Yield a scenario with a leaf of it changed, one way after the other, as far as it is valid."""
    data = scenario.model_dump(mode="python", exclude_none=True)
    for other in alternatives(leaf, data):
        try:
            changed = Scenario.model_validate(other)
        except ValidationError:
            continue
        if changed != scenario and not any(faults_of(changed)):
            yield changed


def faults_of(scenario: Scenario) -> Iterator[Fault]:
    """Find what no part of a scenario can check alone."""
    yield from scale_faults(scenario)
    for name, world in scenario.worlds.items():
        yield from world_faults(scenario, name, world)
    for name in scenario.designs:
        yield from design_faults(scenario, name)


def dead_keys_of_designs(scenario: Scenario, wanted: Collection[str], ways: int = WAYS) -> dict[str, int]:
    """Change the wanted leaves of designs, all side by side; return those that move nothing, with the ways tried."""

    def changes(name: str, leaf: Leaf) -> Iterator[Design]:
        return changed_designs(leaf, scenario.designs[name], scenario)

    def tables(designs: Mapping[str, Design]) -> dict[str, Tables]:
        return tables_of_designs(scenario, designs)

    return _dead(scenario.designs, wanted, ways, changes, tables)


def dead_keys_of_scenarios(
    scenarios: Mapping[str, Scenario], wanted: Collection[str], ways: int = WAYS
) -> dict[str, int]:
    """Change the wanted leaves of scenarios one by one; return those that move nothing, with the ways tried."""

    def changes(name: str, leaf: Leaf) -> Iterator[Scenario]:
        return changed_scenarios(leaf, scenarios[name])

    def tables(some: Mapping[str, Scenario]) -> dict[str, Tables]:
        return {name: tables_of_scenario(each) for name, each in some.items()}

    return _dead(scenarios, wanted, ways, changes, tables)


P = TypeVar("P", bound=Part)


def _dead(
    parts: Mapping[str, P],
    wanted: Collection[str],
    most: int,
    changes: Callable[[str, Leaf], Iterator[P]],
    tables: Callable[[Mapping[str, P]], dict[str, Tables]],
) -> dict[str, int]:
    """Try one change of every leaf, then a second one of those that moved nothing, and so on."""
    places: dict[str, list[tuple[str, Iterator[P]]]] = defaultdict(list)
    for name, leaf in _places(parts, wanted):
        places[leaf.name].append((name, changes(name, leaf)))
    ways = {name: islice(_in_turn(each), most) for name, each in places.items()}
    dead = dict.fromkeys(wanted, 0)
    before: dict[str, Tables] = {}
    while ways:
        tries = {name: one for name, way in ways.items() if (one := next(way, None)) is not None}
        ways = {name: ways[name] for name in tries}
        whole = {whose: parts[whose] for whose, _ in tries.values() if whose not in before}
        before |= tables(whole)
        after = tables({name: changed for name, (_, changed) in tries.items()})
        for name, (whose, _) in tries.items():
            dead[name] += 1
            if after[name] != before[whose]:
                del ways[name], dead[name]
    return dead


def _places(parts: Mapping[str, Part], wanted: Collection[str]) -> list[tuple[str, Leaf]]:
    """Return where wanted leaves stand, first those that are set to something and not left at a default."""
    found = [(name, leaf) for name, part in parts.items() for leaf in leaves_of(part) if leaf.name in wanted]
    return sorted(found, key=lambda place: place[1].field not in place[1].holder.model_fields_set)


def _in_turn(sources: list[tuple[str, Iterator[Design]]]) -> Iterator[tuple[str, Design]]:
    """Yield one change of each place after the other, then a second one of each, and so on."""
    while sources:
        left = []
        for whose, changes in sources:
            changed = next(changes, None)
            if changed is not None:
                left.append((whose, changes))
                yield whose, changed
        sources = left
