"""What no part of a scenario can check alone: names that must exist elsewhere, dates that must reach far enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches

from injurysim.core.distributions import Distribution
from injurysim.core.errors import Problem
from injurysim.scenario.benefits import (
    DependantsPension,
    DisabilityGrant,
    DisabilityPension,
    RecoveryPay,
)
from injurysim.scenario.contribution import Contribution, Payroll, PerDay, PerMonth, PerOrder
from injurysim.scenario.cover import ReportBySeverity
from injurysim.scenario.designs import Scheme
from injurysim.scenario.document import Scenario
from injurysim.scenario.injuries import HazardInjuries, NoAbsence, Severity
from injurysim.scenario.limits import RestAfterSpell
from injurysim.scenario.loading import Loaded, problem_at
from injurysim.scenario.values import Dated, iter_values
from injurysim.scenario.world import World

Path = tuple[str | int, ...]
Fault = tuple[Path, str, str]
"""Where, what is wrong, what is allowed."""

MOST_WANTED_HOURS = 20
MOST_DAYS_OFF = 3650
WAGE_BENEFITS = (RecoveryPay, DisabilityGrant, DisabilityPension, DependantsPension)
ANNUITY_BENEFITS = (DisabilityPension, DependantsPension)


def cross_check(loaded: Loaded[Scenario]) -> list[Problem]:
    """Return every problem between the parts of a scenario, located."""
    scenario = loaded.model
    faults = [
        *_baseline(scenario),
        *_sources(scenario),
        *(fault for name, world in scenario.worlds.items() for fault in _world(scenario, name, world)),
        *(fault for name in scenario.designs for fault in _design(scenario, name)),
    ]
    return sorted({problem_at(loaded.node, path, what, fix) for path, what, fix in faults})


def _unknown(path: Path, what: str, name: str, known: Iterable[str]) -> Fault:
    """Say that a name does not exist, with a near miss if there is one."""
    names = list(known)
    close = get_close_matches(name, names, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    return path, f"there is no {what} '{name}'.", f"{hint}Known: {', '.join(names) or 'none'}."


def _baseline(scenario: Scenario) -> Iterator[Fault]:
    if scenario.baseline.world not in scenario.worlds:
        yield _unknown(("baseline", "world"), "world", scenario.baseline.world, scenario.worlds)
    if scenario.baseline.design not in scenario.designs:
        yield _unknown(("baseline", "design"), "design", scenario.baseline.design, scenario.designs)


def _sources(scenario: Scenario) -> Iterator[Fault]:
    """Every source named must stand in ``sources``; every dated value must have begun when the horizon starts."""
    for path, value in iter_values(scenario):
        if value.source is not None and value.source not in scenario.sources:
            yield _unknown((*path, "source"), "source", value.source, scenario.sources)
        if isinstance(value, Dated):
            first = value.first_date()
            if first is not None and first > scenario.horizon.start:
                yield (
                    (*path, "dated"),
                    f"the first value begins on {first}, after the horizon starts on {scenario.horizon.start}.",
                    "Give a value for the start of the horizon too (0 if there was none).",
                )


def _world(scenario: Scenario, name: str, world: World) -> Iterator[Fault]:
    at: Path = ("worlds", name)
    for group_name, group in world.groups.items():
        of_group = (*at, "groups", group_name)
        if group.region not in world.regions:
            yield _unknown((*of_group, "region"), "region", group.region, world.regions)
        for portfolio_name, portfolio in group.portfolios.items():
            for platform in portfolio.split:
                if platform not in world.platforms:
                    where = (*of_group, "portfolios", portfolio_name, "split", platform)
                    yield _unknown(where, "platform", platform, world.platforms)
        if not any(portfolio.weight.value for portfolio in group.portfolios.values()):
            yield (
                (*of_group, "portfolios"),
                "no portfolio has a weight above 0.",
                "Give one of them a weight.",
            )
        yield from _hours(of_group, group.work.start_hour.law(), group.work.wanted_hours.law())
    for limit_name, limit in world.limits.items():
        for number, platform in enumerate(limit.platforms or ()):
            if platform not in world.platforms:
                yield _unknown(
                    (*at, "limits", limit_name, "platforms", number), "platform", platform, world.platforms
                )
        if isinstance(limit, RestAfterSpell) and limit.rest_minutes.value % 1:
            yield (*at, "limits", limit_name, "rest_minutes"), "a rest lasts whole minutes.", ""
        if (limit.hours.value * 60) % 1:
            yield (*at, "limits", limit_name, "hours"), "the hours of a limit must be whole minutes.", ""
    yield from _injuries(scenario, at, world)


def _hours(of_group: Path, start: Distribution, wanted: Distribution) -> Iterator[Fault]:
    """Hold starts within a day, and wanted work within the longest shift."""
    import numpy as np

    lowest, highest = np.array([1e-9]), np.array([1 - 1e-9])
    if start.ppf(lowest)[0] < 0 or start.ppf(highest)[0] >= 24:
        yield (
            (*of_group, "work", "start_hour"),
            "shifts could start before 0 or after 24 o'clock.",
            "Bound the distribution with `between: [0, 23.99]`.",
        )
    if wanted.ppf(lowest)[0] < 0 or wanted.ppf(highest)[0] > MOST_WANTED_HOURS:
        yield (
            (*of_group, "work", "wanted_hours"),
            f"wanted hours could lie below 0 or above {MOST_WANTED_HOURS}.",
            f"Bound the distribution, for example with `between: [0.5, {MOST_WANTED_HOURS}]`.",
        )


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
        yield from _days_off(at, world.injuries.severities)
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
            yield _unknown((*where, "platform"), "platform", item.platform, world.platforms)
        if item.group not in world.groups:
            yield _unknown((*where, "group"), "group", item.group, world.groups)
        elif item.rider >= world.groups[item.group].riders.value:
            riders = world.groups[item.group].riders.value
            yield (*where, "rider"), f"group '{item.group}' has {riders} riders.", f"Use 0 to {riders - 1}."
        if not scenario.horizon.start <= item.at.date() < last:
            yield (
                (*where, "at"),
                f"{item.at} lies outside the months of exposure.",
                f"Use a day before {last}.",
            )


def _days_off(at: Path, severities: Mapping[str, Severity]) -> Iterator[Fault]:
    """Hold absences between none and the longest that is kept."""
    for name, severity in severities.items():
        lowest, highest = severity.days_off.law().ppf([1e-9, 1 - 1e-9])
        if lowest <= -0.5 or highest >= MOST_DAYS_OFF + 0.5:
            where = (*at, "injuries", "severities", name, "days_off")
            what = f"days off could lie below 0 or above {MOST_DAYS_OFF}."
            yield where, what, f"Bound the distribution, for example with `between: [0, {MOST_DAYS_OFF}]`."


def _end_of_exposure(scenario: Scenario) -> dt.date:
    years, month = divmod(scenario.horizon.start.month - 1 + scenario.horizon.months, 12)
    return dt.date(scenario.horizon.start.year + years, month + 1, 1)


def _design(scenario: Scenario, name: str) -> Iterator[Fault]:
    design = scenario.designs[name]
    for scheme_name, scheme in design.schemes.items():
        at: Path = ("designs", name, "schemes", scheme_name)
        if scheme.account not in design.accounts:
            yield _unknown((*at, "account"), "account", scheme.account, design.accounts)
        for world in scenario.worlds.values():
            yield from _scheme_in_world(at, scheme, world)
        yield from _whole_months(at, scheme)
        for benefit_name, benefit in scheme.benefits.items():
            where = (*at, "benefits", benefit_name)
            if isinstance(benefit, WAGE_BENEFITS) and scheme.base_wage is None:
                yield (
                    where,
                    "this benefit is a share of the base wage, and the scheme has none.",
                    "Add `base_wage`.",
                )
            if isinstance(benefit, ANNUITY_BENEFITS) and scheme.annuity is None:
                yield where, "a pension is valued by an annuity, and the scheme has none.", "Add `annuity`."


def _scheme_in_world(at: Path, scheme: Scheme, world: World) -> Iterator[Fault]:
    industries = dict.fromkeys(platform.industry for platform in world.platforms.values())
    named: list[tuple[Path, str, Iterable[str], Iterable[str]]] = [
        (("eligible", "industries"), "industry", scheme.eligible.industries or (), industries),
        (("eligible", "regions"), "region", scheme.eligible.regions or (), world.regions),
        (("eligible", "groups"), "group", scheme.eligible.groups or (), world.groups),
        (("enrolment", "platforms"), "platform", scheme.enrolment.platforms, world.platforms),
    ]
    if isinstance(scheme.contribution, PerOrder):
        named.append((("contribution", "industries"), "industry", scheme.contribution.industries, industries))
        named.append(
            (("contribution", "platforms"), "platform", scheme.contribution.platforms, world.platforms)
        )
    for path, what, names, known in named:
        for number, each in enumerate(names):
            if each not in known:
                last = number if path[0] == "eligible" else each
                yield _unknown((*at, *path, last), what, each, known)
    if isinstance(scheme.reporting, ReportBySeverity):
        where = (*at, "reporting", "severities")
        for severity in world.injuries.severities:
            if severity not in scheme.reporting.severities:
                yield where, f"severity '{severity}' of the injuries has no share.", f"Add '{severity}: …'."
        for severity in scheme.reporting.severities:
            if severity not in world.injuries.severities:
                yield _unknown((*where, severity), "severity", severity, world.injuries.severities)


def _whole_months(at: Path, scheme: Scheme) -> Iterator[Fault]:
    """Rates change with a month, since a month's base is not split in this version."""
    for path, value in _rates(scheme.contribution):
        for change in value.changes():
            if change.day != 1:
                what = (
                    f"a rate that changes inside a month ({change}) is part of the language but not available"
                )
                where = (*at, "contribution", *path, "dated", change.isoformat())
                yield where, f"{what} in this version.", "Let it change on the first day of a month."


def _rates(rule: Contribution) -> Iterator[tuple[Path, Dated[Decimal]]]:
    """Yield every dated rate of a contribution, with its path in it."""
    if isinstance(rule, PerOrder):
        yield from ((("industries", name), each) for name, each in rule.industries.items())
        yield from ((("platforms", name), each) for name, each in rule.platforms.items())
    elif isinstance(rule, PerDay | PerMonth):
        yield ("yuan",), rule.yuan
    elif isinstance(rule, Payroll):
        bounds = {"rate": rule.rate, "floor_yuan": rule.floor_yuan, "ceiling_yuan": rule.ceiling_yuan}
        yield from (((name,), value) for name, value in bounds.items() if value is not None)
