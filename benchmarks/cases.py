"""The cases: shipped scenarios, cut to size and bent to what a measurement is about."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from injurysim.scenario.document import Scenario
    from injurysim.scenario.world import World

SCENARIOS = Path(__file__).parents[1] / "scenarios"
QUICKSTART = SCENARIOS / "quickstart.yaml"
FULL_MODEL, FULL_WORLD = SCENARIOS / "full-model.yaml", "full"
"""The world by which the kernel and the twin are judged: the one with every feature."""
DESIGN = "pilot-2025"
WORLDS, DESIGNS = ("no-limit", "logoff-12h"), ("status-quo", "pilot-2022", DESIGN)


@dataclass(frozen=True)
class Sizes:
    """How much work each measurement is given.

    Attributes
    ----------
    riders, kernel_months : the kernel, on one thread and on two.
    large_riders, large_months : the same once more at a size that does not fit a cache; no riders leave it out.
    twin_riders, plain_twin_riders : the twin and bare SimPy, one month, in the full model and in the plain world.
    peer_riders : the shared model in the peers and in the kernel, one month.
    agreeing_riders : the shared model before anything is timed, one month.
    cell_months, cell_runoff_months : a whole cell; None as shipped.
    design_months, design_riders : ten designs beside one; the same once more with the riders of the cell.
    claim_riders, claim_hazard : claims, and by how much the hazard is multiplied.
    warm_up : a round before those that count.
    """

    riders: int
    kernel_months: int = 12
    large_riders: int = 1_000_000
    large_months: int = 1
    twin_riders: int = 500
    plain_twin_riders: int = 2_000
    peer_riders: int = 20_000
    agreeing_riders: int = 20_000
    cell_months: int | None = None
    cell_runoff_months: int | None = None
    design_months: int = 3
    design_riders: int = 200_000
    claim_riders: int = 2_000
    claim_hazard: int = 150
    warm_up: bool = True


@dataclass(frozen=True)
class Grid:
    """What ``--scaling`` walks over, one dimension at a time.

    Attributes
    ----------
    riders, months, hazards : of the full model; months and hazards with ``base_riders``.
    platforms : of the shared model, a cap on each.
    plan_cells, plan_months : replications divided over two workers.
    """

    base_riders: int = 20_000
    riders: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)
    months: tuple[int, ...] = (1, 12, 36)
    platforms: tuple[int, ...] = (1, 2, 4, 8)
    hazards: tuple[int, ...] = (1, 10, 100)
    plan_cells: int = 4
    plan_months: int = 4


QUICK_GRID = Grid(
    base_riders=500, riders=(500, 2_000), months=(1, 2), platforms=(1, 8), hazards=(1, 10),
    plan_cells=2, plan_months=1,
)  # fmt: skip


def quick(riders: int) -> Sizes:
    """Return the smallest sizes: to see that everything runs, not to quote."""
    return Sizes(
        riders=riders, kernel_months=1, large_riders=0, twin_riders=50, plain_twin_riders=50, peer_riders=500, agreeing_riders=2_000,
        cell_months=2, cell_runoff_months=1, design_months=1, design_riders=1_000, claim_riders=200, claim_hazard=100, warm_up=False,
    )  # fmt: skip


def quickstart() -> Scenario:
    """Read the shipped scenario, two of its worlds and three of its designs: books and claims are measured on it."""
    from injurysim.scenario.reading import read_scenario

    return read_scenario(QUICKSTART, worlds=WORLDS, designs=DESIGNS).scenario


def full_model() -> Scenario:
    """Read the scenario whose world has every feature, and make that world its only one."""
    scenario = _read(FULL_MODEL)
    return _only(scenario, FULL_WORLD, scenario.worlds[FULL_WORLD])


def without_approximations(scenario: Scenario) -> Scenario:
    """Let limits count online minutes and waiting be as dangerous as an order: then the engines agree shift by shift.

    The kernel takes the chance of an order in hand where the twin has the order itself; nothing else differs on the same draws.
    """
    name = scenario.baseline.world
    world = scenario.worlds[name]
    limits = {
        key: limit.model_copy(update={"clock": "online", "allowance": _of_value(limit.allowance, 0)})
        if hasattr(limit, "clock")
        else limit
        for key, limit in world.limits.items()
    }
    situations = world.injuries.situations.model_copy(update={"waiting": world.injuries.situations.on_order})
    injuries = world.injuries.model_copy(update={"situations": situations})
    return _only(scenario, name, world.model_copy(update={"limits": limits, "injuries": injuries}))


def with_world(
    scenario: Scenario, riders: int, hazard: Decimal | int = 1, world: str | None = None
) -> Scenario:
    """Keep one world, by default that of the baseline, scaled to a number of riders, its hazard multiplied."""
    name = world or scenario.baseline.world
    law = _scaled(scenario.worlds[name], riders)
    return _only(scenario, name, law.model_copy(update={"injuries": _more_hazard(law, hazard)}))


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
    from injurysim.scenario.handling import Offices, TwoStrands
    from injurysim.scenario.reporting import ReportAll

    designs = {}
    for name, design in scenario.designs.items():
        schemes = {}
        for scheme_name, scheme in design.schemes.items():
            update: dict[str, object] = {"reporting": ReportAll(kind="all")}
            if isinstance(scheme.handling, Offices | TwoStrands):
                desks = {
                    desk: law.model_copy(update={"staff": _of_value(law.staff, staff)})
                    for desk in ("confirmation", "appraisal", "payment")
                    for law in [getattr(scheme.handling, desk)]
                }
                update["handling"] = scheme.handling.model_copy(update=desks)
            schemes[scheme_name] = scheme.model_copy(update=update)
        designs[name] = design.model_copy(update={"schemes": schemes})
    return scenario.model_copy(update={"designs": designs})


def _read(path: Path) -> Scenario:
    from injurysim.scenario.reading import read_scenario

    return read_scenario(path).scenario


def _only(scenario: Scenario, name: str, law: World) -> Scenario:
    baseline = scenario.baseline.model_copy(update={"world": name})
    return scenario.model_copy(update={"worlds": {name: law}, "baseline": baseline})


def _of_value(stated: Any, value: Decimal | int) -> Any:
    """Put another value in place of one that is stated; the range that was plausible for the old one goes with it."""
    return stated.model_copy(update={"value": value, "range": None})


def _scaled(world: World, riders: int) -> World:
    """Scale the groups to a number of riders in all, each by the differences of the rounded running sum; entries alike."""
    total = sum(group.riders.value for group in world.groups.values())
    groups, before, shipped = {}, 0, 0
    for name, group in world.groups.items():
        shipped += group.riders.value
        upto = round(riders * shipped / total)
        update: dict[str, object] = {"riders": _of_value(group.riders, upto - before)}
        if group.entry:
            a_month = round(group.entry.per_month.value * riders / total)
            update["entry"] = group.entry.model_copy(
                update={"per_month": _of_value(group.entry.per_month, a_month)}
            )
        groups[name] = group.model_copy(update=update)
        before = upto
    return world.model_copy(update={"groups": groups})


def _more_hazard(world: World, factor: Decimal | int) -> object:
    from injurysim.scenario.injuries import HazardInjuries

    if not isinstance(world.injuries, HazardInjuries):
        raise TypeError("the benchmark's world draws its injuries")
    hazards = {
        industry: _of_value(hazard, hazard.value * factor)
        for industry, hazard in world.injuries.per_1000_hours.items()
    }
    return world.injuries.model_copy(update={"per_1000_hours": hazards})
