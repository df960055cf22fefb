"""Faults of a world: names that do not exist, times and draws that cannot be carried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault, Path, outside, unknown
from injurysim.scenario.groups import MOST_WANTED_HOURS, Group
from injurysim.scenario.injuries import MOST_DAYS_OFF, HazardInjuries, NoAbsence, Severity
from injurysim.scenario.limits import RestAfterSpell
from injurysim.scenario.platforms import PoissonOrders
from injurysim.scenario.world import World

LAST_START = 23.99
MOST_MEDICAL_YUAN = 1e9
AGES = (10, 110)


def world_faults(scenario: Scenario, name: str, world: World) -> Iterator[Fault]:
    """Find the faults of one world."""
    at: Path = ("worlds", name)
    for group_name, group in world.groups.items():
        of_group = (*at, "groups", group_name)
        if group.region not in world.regions:
            yield unknown((*of_group, "region"), "region", group.region, world.regions)
        for portfolio_name, portfolio in group.portfolios.items():
            for platform in portfolio.split:
                if platform not in world.platforms:
                    where = (*of_group, "portfolios", portfolio_name, "split", platform)
                    yield unknown(where, "platform", platform, world.platforms)
        if not any(portfolio.weight.value for portfolio in group.portfolios.values()):
            yield (
                (*of_group, "portfolios"),
                "no portfolio has a weight above 0.",
                "Give one of them a weight.",
            )
        yield from _draws(of_group, group)
    for platform_name, platform_law in world.platforms.items():
        if isinstance(platform_law.orders, PoissonOrders):
            where = (*at, "platforms", platform_name, "orders", "minutes")
            yield from outside(where, platform_law.orders.minutes, "minutes of an order could", 0)
    yield from _limits(at, world)
    yield from _injuries(scenario, at, world)


def _limits(at: Path, world: World) -> Iterator[Fault]:
    for limit_name, limit in world.limits.items():
        for number, platform in enumerate(limit.platforms or ()):
            if platform not in world.platforms:
                yield unknown(
                    (*at, "limits", limit_name, "platforms", number), "platform", platform, world.platforms
                )
        if isinstance(limit, RestAfterSpell) and limit.rest_minutes.value % 1:
            yield (*at, "limits", limit_name, "rest_minutes"), "a rest lasts whole minutes.", ""
        if (limit.hours.value * 60) % 1:
            yield (*at, "limits", limit_name, "hours"), "the hours of a limit must be whole minutes.", ""


def _draws(of_group: Path, group: Group) -> Iterator[Fault]:
    """Hold starts within a day, wanted work within the longest shift, and ages among the living."""
    work = (*of_group, "work")
    yield from outside((*work, "start_hour"), group.work.start_hour, "hours of starting could", 0, LAST_START)
    yield from outside(
        (*work, "wanted_hours"), group.work.wanted_hours, "wanted hours could", 0, MOST_WANTED_HOURS
    )
    yield from outside((*of_group, "age_years"), group.age_years, "ages could", *AGES)


def _injuries(scenario: Scenario, at: Path, world: World) -> Iterator[Fault]:
    if isinstance(world.injuries, HazardInjuries):
        used = {
            p for group in world.groups.values() for each in group.portfolios.values() for p in each.split
        }
        for platform in sorted(used & set(world.platforms)):
            industry = world.platforms[platform].industry
            if industry not in world.injuries.per_1000_hours:
                where = (*at, "injuries", "per_1000_hours")
                yield (
                    where,
                    f"industry '{industry}' of platform '{platform}' has no hazard.",
                    f"Add '{industry}: …'.",
                )
        yield from _severities(scenario, at, world.injuries.severities)
        return
    if not isinstance(world.recovery, NoAbsence):
        yield (
            (*at, "recovery"),
            "listed injuries leave the work as it is.",
            "Use `recovery: {kind: none}` with them.",
        )
    last = _end_of_exposure(scenario)
    for number, item in enumerate(world.injuries.items):
        where = (*at, "injuries", "items", number)
        if item.platform not in world.platforms:
            yield unknown((*where, "platform"), "platform", item.platform, world.platforms)
        if item.group not in world.groups:
            yield unknown((*where, "group"), "group", item.group, world.groups)
        elif item.rider >= world.groups[item.group].riders.value:
            riders = world.groups[item.group].riders.value
            yield (*where, "rider"), f"group '{item.group}' has {riders} riders.", f"Use 0 to {riders - 1}."
        if item.days_off > MOST_DAYS_OFF or item.medical_yuan > MOST_MEDICAL_YUAN:
            most = f"{MOST_DAYS_OFF} days off and {MOST_MEDICAL_YUAN:,.0f} yuan"
            yield where, "the days off or the medical cost are beyond what is kept.", f"At most {most}."
        yield from _lost_capacity(scenario, [item.disability_grade] if item.disability_grade else [])
        if not scenario.horizon.start <= item.at.date() < last:
            yield (
                (*where, "at"),
                f"{item.at} lies outside the months of exposure.",
                f"Use a day before {last}.",
            )


def _severities(scenario: Scenario, at: Path, severities: Mapping[str, Severity]) -> Iterator[Fault]:
    """Hold marks in what they stand for; every grade that can occur must have its loss."""
    for name, severity in severities.items():
        of_class = (*at, "injuries", "severities", name)
        yield from outside((*of_class, "days_off"), severity.days_off, "days off could", 0, MOST_DAYS_OFF)
        yield from outside(
            (*of_class, "medical_yuan"), severity.medical_yuan, "medical cost could", 0, MOST_MEDICAL_YUAN
        )
        yield from _lost_capacity(scenario, severity.disability)


def _lost_capacity(scenario: Scenario, grades: Iterable[int]) -> Iterator[Fault]:
    """Ask for the loss of every grade that can occur."""
    for grade in grades:
        if scenario.losses is not None and grade not in scenario.losses.earning_capacity_lost:
            where = ("losses", "earning_capacity_lost")
            yield where, f"disability grade {grade} can occur and has no share.", f"Add '{grade}: …'."


def _end_of_exposure(scenario: Scenario) -> dt.date:
    years, month = divmod(scenario.horizon.start.month - 1 + scenario.horizon.months, 12)
    return dt.date(scenario.horizon.start.year + years, month + 1, 1)
