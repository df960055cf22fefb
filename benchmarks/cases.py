"""The cases: the shipped quickstart, cut to size and bent to what a measurement is about."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from injurysim.scenario.document import Scenario
    from injurysim.scenario.world import World

QUICKSTART = Path(__file__).parents[1] / "scenarios" / "quickstart.yaml"
WORLD = "no-limit"
DESIGN = "pilot-2025"


@dataclass(frozen=True)
class Sizes:
    """How much work each measurement is given.

    Attributes
    ----------
    riders, kernel_months : the kernel.
    twin_riders : the twin and bare SimPy, one month.
    cell_months, cell_runoff_months : a whole cell; None as shipped.
    design_months : ten designs beside one.
    claim_riders, claim_hazard : claims, and by how much the hazard is multiplied.
    by_riders, by_months : scaling of the kernel.
    plan_cells, plan_months : two workers beside one; no cells leave it out.
    worker_rounds : at most so many rounds of that.
    warm_up : a round before those that count.
    """

    riders: int
    kernel_months: int = 3
    twin_riders: int = 500
    cell_months: int | None = None
    cell_runoff_months: int | None = None
    design_months: int = 3
    claim_riders: int = 2_000
    claim_hazard: int = 150
    by_riders: tuple[int, ...] = (1_000, 10_000, 100_000)
    by_months: tuple[int, ...] = (1, 6, 12)
    plan_cells: int = 4
    plan_months: int = 4
    worker_rounds: int = 2
    warm_up: bool = True


def quick(riders: int) -> Sizes:
    """Return the smallest sizes: to see that everything runs, not to quote."""
    return Sizes(
        riders=riders, kernel_months=1, twin_riders=50, cell_months=2, cell_runoff_months=1, design_months=1,
        claim_riders=200, claim_hazard=100, by_riders=(500, 2_000), by_months=(1, 2), plan_cells=0, warm_up=False,
    )  # fmt: skip


def quickstart() -> Scenario:
    """Read the shipped scenario."""
    from injurysim.scenario.reading import read_scenario

    return read_scenario(QUICKSTART).scenario


def with_world(scenario: Scenario, riders: int, hazard: Decimal | int = 1, world: str = WORLD) -> Scenario:
    """Keep one world, scaled to a number of riders, its hazard multiplied."""
    law = _scaled(scenario.worlds[world], riders)
    law = law.model_copy(update={"injuries": _more_hazard(law, hazard)})
    baseline = scenario.baseline.model_copy(update={"world": world})
    return scenario.model_copy(update={"worlds": {world: law}, "baseline": baseline})


def with_horizon(scenario: Scenario, months: int | None, runoff_months: int | None = 0) -> Scenario:
    """Set months of exposure and of run-off; None leaves them."""
    given = {"months": months, "runoff_months": runoff_months}
    update = {name: value for name, value in given.items() if value is not None}
    return scenario.model_copy(update={"horizon": scenario.horizon.model_copy(update=update)})


def with_designs(scenario: Scenario, number: int) -> Scenario:
    """Keep one design, so many times over."""
    names = [f"design-{one}" for one in range(1, number + 1)]
    baseline = scenario.baseline.model_copy(update={"design": names[0]})
    designs = dict.fromkeys(names, scenario.designs[DESIGN])
    return scenario.model_copy(update={"designs": designs, "baseline": baseline})


def everything_reported(scenario: Scenario, staff: int) -> Scenario:
    """Let every injury be reported in every scheme, before offices with so many staff."""
    from injurysim.scenario.cover import ReportAll
    from injurysim.scenario.handling import Offices

    designs = {}
    for name, design in scenario.designs.items():
        schemes = {}
        for scheme_name, scheme in design.schemes.items():
            update: dict[str, object] = {"reporting": ReportAll(kind="all")}
            if isinstance(scheme.handling, Offices):
                desks = {
                    desk: law.model_copy(update={"staff": law.staff.model_copy(update={"value": staff})})
                    for desk in ("confirmation", "appraisal", "payment")
                    for law in [getattr(scheme.handling, desk)]
                }
                update["handling"] = scheme.handling.model_copy(update=desks)
            schemes[scheme_name] = scheme.model_copy(update=update)
        designs[name] = design.model_copy(update={"schemes": schemes})
    return scenario.model_copy(update={"designs": designs})


def _scaled(world: World, riders: int) -> World:
    """Scale the groups to a number of riders in all, each group by the differences of the rounded running sum."""
    total = sum(group.riders.value for group in world.groups.values())
    groups, before, shipped = {}, 0, 0
    for name, group in world.groups.items():
        shipped += group.riders.value
        upto = round(riders * shipped / total)
        size = group.riders.model_copy(update={"value": upto - before})
        groups[name] = group.model_copy(update={"riders": size})
        before = upto
    return world.model_copy(update={"groups": groups})


def _more_hazard(world: World, factor: Decimal | int) -> object:
    from injurysim.scenario.injuries import HazardInjuries

    if not isinstance(world.injuries, HazardInjuries):
        raise TypeError("the benchmark's world draws its injuries")
    hazards = {
        industry: hazard.model_copy(update={"value": hazard.value * factor})
        for industry, hazard in world.injuries.per_1000_hours.items()
    }
    return world.injuries.model_copy(update={"per_1000_hours": hazards})
