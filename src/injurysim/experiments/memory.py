"""How much memory a cell takes, and how many workers fit into what there is."""

from __future__ import annotations

from dataclasses import dataclass

from injurysim.books.earnings import months_asked_by_platform, months_asked_for
from injurysim.books.enrolment.looking import measures_asked_for
from injurysim.core.errors import InputError
from injurysim.core.machine import available_bytes, cores
from injurysim.experiments.plan import Plan
from injurysim.scenario.document import Scenario
from injurysim.scenario.groups import Group, Portfolio
from injurysim.scenario.injuries import HazardInjuries
from injurysim.scenario.platforms import FixedOrders
from injurysim.scenario.resolve import exposure_calendar
from injurysim.scenario.scaling import in_miniature
from injurysim.scenario.world import World
from injurysim.world.population import cohorts
from injurysim.world.rows import MOST_ROW_BYTES

DAYS_OF_MONTH = 365.25 / 12
WEEKDAYS = 5 / 7

BYTES_OF_PROCESS = 320 * 2**20
"""The interpreter with its libraries and kernels."""
BYTES_OF_RIDER = 130
"""Attributes, the state of the kernel, one month and what the books make of it."""
BYTES_OF_ENGAGEMENT = 110
"""Attributes, one month and what the books make of it, and the temporary arrays at the worst moment."""
BYTES_OF_MONTH_OF_EARNINGS = 4
BYTES_OF_MONTH_LOOKED_BACK = 4
"""Of one measure of one engagement."""
BYTES_OF_INJURY = 2_000
"""The injury, its rows in the tables of the world and the frames that are checked."""
BYTES_OF_VARIANT = 300_000
"""Rows of the shifts of one portfolio under one climate and one set of limits, after some replications."""
MOST_CONDUCTS = 4
"""Ways to deal with limits that are common enough to have many rows."""
BYTES_OF_FILE = 4_500
"""An injury in one scheme of one design: the file, its payments, their rows and the frames that are checked."""


@dataclass(frozen=True)
class CellSize:
    """What the memory of a cell grows with.

    Attributes
    ----------
    riders, engagements : rows of the population.
    months_of_earnings : months that are looked back over.
    months_by_platform : months that are looked back over by platform.
    months_of_work : months of work that enrolment looks back over, of each measure.
    injuries : expected over the horizon, without fatigue and limits.
    files : at most so many, one for each injury in each scheme of each design.
    variants : portfolios under different climates and limits, about.
    """

    riders: int
    engagements: int
    months_of_earnings: int
    months_by_platform: int
    months_of_work: int
    injuries: int
    files: int
    variants: int

    @classmethod
    def of(cls, scenario: Scenario, name: str) -> CellSize:
        """Measure the cells of a world of a resolved scenario."""
        world = scenario.worlds[name]
        people = dict.fromkeys(world.groups, 0)
        for (group_name, _), size in cohorts(world, exposure_calendar(scenario)).items():
            people[group_name] += size
        injuries = round(scenario.horizon.months * _injuries_a_month(world))
        return cls(
            riders=sum(people.values()),
            engagements=round(
                sum(people[name] * _platforms_each(group) for name, group in world.groups.items())
            ),
            months_of_earnings=months_asked_for(scenario),
            months_by_platform=months_asked_by_platform(scenario),
            months_of_work=sum(measures_asked_for(scenario).values()),
            injuries=injuries,
            files=injuries * sum(len(design.schemes) for design in scenario.designs.values()),
            variants=sum(
                _climates(world, group, portfolio) * _conducts(world, portfolio)
                for group in world.groups.values()
                for portfolio in group.portfolios.values()
            ),
        )

    @property
    def bytes(self) -> int:
        """Peak memory of a process that runs such a cell.

        ``process + riders (r + 4 months) + engagements (e + 4 months) + injuries i + files f + variants v``, the
        constants of this module: months of riders are those of earnings, months of engagements those of any measure
        that is looked back over; set a little above the peaks that ``benchmarks/memory.py`` measures.
        """
        return (
            BYTES_OF_PROCESS
            + self.riders * (BYTES_OF_RIDER + BYTES_OF_MONTH_OF_EARNINGS * self.months_of_earnings)
            + self.engagements
            * (
                BYTES_OF_ENGAGEMENT
                + BYTES_OF_MONTH_LOOKED_BACK * (self.months_by_platform + self.months_of_work)
            )
            + self.injuries * BYTES_OF_INJURY
            + self.files * BYTES_OF_FILE
            + min(self.variants * BYTES_OF_VARIANT, MOST_ROW_BYTES)
        )

    def __str__(self) -> str:
        return (
            f"{self.riders:,} riders on {self.engagements:,} apps, some {self.injuries:,} injuries and "
            f"{self.files:,} files"
        )


def workers_that_fit(plan: Plan, wanted: int | None = None, available: int | None = None) -> int:
    """Return how many workers run the cells of a plan.

    Parameters
    ----------
    plan : Plan
        What is to be run.
    wanted : int, optional
        What the user asked for; by default one a core, if they fit into memory. Never more than cells.
    available : int, optional
        Bytes there are; by default what the machine says.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    InputError
        When the workers that were asked for do not fit, or not even one does.
    """
    available = available_bytes() if available is None else available
    workers = min(cores() if wanted is None else wanted, len(plan.cells))
    if available is None:
        return workers
    scenario = in_miniature(plan.scenario)
    size = max((CellSize.of(scenario, name) for name in scenario.worlds), key=lambda each: each.bytes)
    fit = available // size.bytes
    if wanted is None and fit:
        return min(workers, fit)
    if workers > fit:
        raise InputError.of(
            f"{workers} worker{'s' if workers > 1 else ''} would need about {_gib(workers * size.bytes)} of memory, "
            f"{_gib(size.bytes)} for each cell ({size}), and {_gib(available)} are available.",
            f"Give --workers {fit}." if fit else "Simulate fewer riders or designs, or use a larger machine.",
            where="--workers",
        )
    return workers


def _gib(number: int) -> str:
    return f"{number / 2**30:.1f} GiB"


def _platforms_each(group: Group) -> float:
    """Return the mean number of platforms of a rider."""
    weights = {name: float(portfolio.weight.value) for name, portfolio in group.portfolios.items()}
    mean = sum(weights[name] * len(portfolio.split) for name, portfolio in group.portfolios.items())
    return mean / sum(weights.values())


def _climates(world: World, group: Group, portfolio: Portfolio) -> int:
    """Return how many different days there are for the orders of a portfolio: by weather, kind of day and month."""
    weather = world.weather.regions.get(group.region) if world.weather else None
    listed = [weather.chances, *weather.by_month.values()] if weather else []
    states = 1 + len({state for chances in listed for state in chances})
    demands = [
        platform.orders.demand
        for platform in (world.platforms[name] for name in portfolio.split)
        if not isinstance(platform.orders, FixedOrders)
    ]
    kinds = {(each.weekend.value, each.holiday.value) for each in demands}
    days = 1 + max((len({*pair} - {1}) for pair in kinds), default=0)
    months = {
        tuple(each.by_month[month].value if month in each.by_month else 1 for each in demands)
        for month in range(1, 13)
    }
    return states * days * len(months)


def _conducts(world: World, portfolio: Portfolio) -> int:
    """Return in how many ways riders of a portfolio deal with the limits that bear on it."""
    ways = 1
    for limit in world.limits.values():
        named = getattr(limit, "platforms", None)
        if named is None or set(named) & set(portfolio.split):
            if (kept := getattr(limit, "compliance", None)) is not None and kept.value < 1:
                ways *= 2
            if getattr(limit, "response", "stop") == "comply_or_switch":
                ways *= 2
    return min(ways, MOST_CONDUCTS)


def _injuries_a_month(world: World) -> float:
    """Return the expected injuries of all riders in a mean month, as if nobody tired or was held back."""
    law = world.injuries
    if not isinstance(law, HazardInjuries):
        return 0.0
    per_hour = {name: float(hazard.value) / 1000 for name, hazard in law.per_1000_hours.items()}
    return sum(_hours_a_month(group) * _hazard(group, world, per_hour) for group in world.groups.values())


def _hours_a_month(group: Group) -> float:
    attendance = group.work.attendance
    workdays, weekends = float(attendance.workday.value), float(attendance.weekend.value)
    share = WEEKDAYS * workdays + (1 - WEEKDAYS) * weekends
    return group.riders.value * DAYS_OF_MONTH * share * group.work.wanted_hours.law().mean()


def _hazard(group: Group, world: World, per_hour: dict[str, float]) -> float:
    """Return the mean hazard of an hour, over portfolios by weight and platforms by share."""
    weights = sum(float(portfolio.weight.value) for portfolio in group.portfolios.values())
    mean = sum(
        float(portfolio.weight.value) * float(share.value) * per_hour.get(world.platforms[name].industry, 0.0)
        for portfolio in group.portfolios.values()
        for name, share in portfolio.split.items()
    )
    return float(group.hazard_factor.value) * mean / weights
