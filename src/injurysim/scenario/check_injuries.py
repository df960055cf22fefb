"""Faults of injuries: hazards and losses that are missing, marks that cannot be kept, listed ones out of place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault, Path, outside, unknown
from injurysim.scenario.injuries import (
    MOST_DAYS_OFF,
    HazardInjuries,
    ListedInjuries,
    NoAbsence,
    Severity,
)
from injurysim.scenario.world import World

MOST_MEDICAL_YUAN = 1e9


def injury_faults(scenario: Scenario, at: Path, world: World) -> Iterator[Fault]:
    """Find the faults of the injuries of the world at a path."""
    if isinstance(world.injuries, HazardInjuries):
        yield from _hazards((*at, "injuries", "per_1000_hours"), world, world.injuries)
        yield from _severities(scenario, at, world.injuries.severities)
    else:
        yield from _listed(scenario, at, world, world.injuries)


def _hazards(where: Path, world: World, injuries: HazardInjuries) -> Iterator[Fault]:
    """Ask for the hazard of every industry that somebody works in."""
    used = {
        name for group in world.groups.values() for each in group.portfolios.values() for name in each.split
    }
    for platform in sorted(used & set(world.platforms)):
        industry = world.platforms[platform].industry
        if industry not in injuries.per_1000_hours:
            what = f"industry '{industry}' of platform '{platform}' has no hazard."
            yield where, what, f"Add '{industry}: …'."


def _listed(scenario: Scenario, at: Path, world: World, injuries: ListedInjuries) -> Iterator[Fault]:
    """Hold listed injuries to the riders, platforms and months there are."""
    if not isinstance(world.recovery, NoAbsence):
        yield (
            (*at, "recovery"),
            "listed injuries leave the work as it is.",
            "Use `recovery: {kind: none}` with them.",
        )
    last = _end_of_exposure(scenario)
    for number, item in enumerate(injuries.items):
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
