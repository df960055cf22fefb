"""Faults of a design: names that do not exist, rates that are missing, dates and lags that do not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from injurysim.scenario.benefits import DependantsPension, DisabilityGrant, DisabilityPension, RecoveryPay
from injurysim.scenario.contribution import (
    Contribution,
    FixedFactor,
    Free,
    Payroll,
    PerDay,
    PerMonth,
    PerOrder,
)
from injurysim.scenario.cover import ReportBySeverity
from injurysim.scenario.designs import Scheme
from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault, Path, outside, unknown
from injurysim.scenario.handling import Offices
from injurysim.scenario.values import Dated
from injurysim.scenario.world import World

WAGE_BENEFITS = (RecoveryPay, DisabilityGrant, DisabilityPension, DependantsPension)
ANNUITY_BENEFITS = (DisabilityPension, DependantsPension)


def design_faults(scenario: Scenario, name: str) -> Iterator[Fault]:
    """Find the faults of one design, on every world of the scenario."""
    design = scenario.designs[name]
    for scheme_name, scheme in design.schemes.items():
        at: Path = ("designs", name, "schemes", scheme_name)
        if scheme.account not in design.accounts:
            yield unknown((*at, "account"), "account", scheme.account, design.accounts)
        for world in scenario.worlds.values():
            yield from _scheme_in_world(at, scheme, world)
        yield from _whole_months(at, scheme)
        yield from _decimals(at, scheme)
        yield from _draws(at, scheme)
        rule = scheme.contribution
        if not isinstance(rule, Free) and rule.lag_months > scenario.horizon.runoff_months:
            lag, runoff = rule.lag_months, scenario.horizon.runoff_months
            yield (
                (*at, "contribution", "lag_months"),
                f"the last contributions are billed {lag} months late, after a run-off of {runoff} months.",
                f"Let horizon.runoff_months be {lag} or more, so that they are billed within the run.",
            )
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
                yield unknown((*at, *path, last), what, each, known)
    yield from _missing_rates(at, scheme, world)
    if isinstance(scheme.reporting, ReportBySeverity):
        where = (*at, "reporting", "severities")
        for severity in world.injuries.severities:
            if severity not in scheme.reporting.severities:
                yield where, f"severity '{severity}' of the injuries has no share.", f"Add '{severity}: …'."
        for severity in scheme.reporting.severities:
            if severity not in world.injuries.severities:
                yield unknown((*where, severity), "severity", severity, world.injuries.severities)


def _missing_rates(at: Path, scheme: Scheme, world: World) -> Iterator[Fault]:
    """Ask for a rate, if only 0, wherever the scheme insures: no cover is free without a word."""
    rule, asked = scheme.contribution, scheme.eligible.industries
    if not isinstance(rule, PerOrder):
        return
    for name, platform in world.platforms.items():
        insured = scheme.enrolment.joining_date(name) is not None and (
            asked is None or platform.industry in asked
        )
        if insured and name not in rule.platforms and platform.industry not in rule.industries:
            what = f"platform '{name}' is insured, and its industry '{platform.industry}' has no amount."
            yield (*at, "contribution", "industries"), what, f"Add '{platform.industry}: …', 0 if it is free."


def _decimals(at: Path, scheme: Scheme) -> Iterator[Fault]:
    """Hold rates and factors to the decimals of the tables."""
    most = 10 if isinstance(scheme.contribution, Payroll) else 12
    for path, value in _rates(scheme.contribution):
        if any(_places(each) > most for each in value.entries()):
            yield (*at, "contribution", *path), f"a rate has {most} decimals at most.", "Round it."
    if isinstance(scheme.rating, FixedFactor) and _places(scheme.rating.factor.value) > 6:
        yield (*at, "rating", "factor"), "a factor has 6 decimals at most.", "Round it."


def _places(number: Decimal) -> int:
    """Count the decimals of a number."""
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _draws(at: Path, scheme: Scheme) -> Iterator[Fault]:
    """Hold delays and handling times above zero."""
    if isinstance(scheme.reporting, ReportBySeverity):
        yield from outside(
            (*at, "reporting", "lag_days"), scheme.reporting.lag_days, "days to the report could", 0
        )
    if isinstance(scheme.handling, Offices):
        at_offices = (*at, "handling")
        yield from outside(
            (*at_offices, "papers_days"), scheme.handling.papers_days, "days for papers could", 0
        )
        for desk in ("confirmation", "appraisal", "payment"):
            law = getattr(scheme.handling, desk).minutes
            yield from outside((*at_offices, desk, "minutes"), law, "minutes for a case could", 0)


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
