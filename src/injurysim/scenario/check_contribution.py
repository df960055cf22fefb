"""Faults of contributions: names that no world has, rates that are missing, finer than tables or ill-timed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from injurysim.scenario.contribution import (
    Contribution,
    Free,
    Payroll,
    PerOrder,
    ShareOfEarnings,
    ShareOfTurnover,
)
from injurysim.scenario.designs import Scheme
from injurysim.scenario.document import Horizon
from injurysim.scenario.faults import Fault, Path, unknown
from injurysim.scenario.rating import FixedFactor
from injurysim.scenario.values import Dated, iter_parts
from injurysim.scenario.world import World

RATE_PLACES = 12
"""Decimals of a rate in the tables; a share loses two of them, as tables hold yuan per fen of the base."""
FACTOR_PLACES = 6


def contribution_faults(at: Path, scheme: Scheme, world: World, horizon: Horizon) -> Iterator[Fault]:
    """Find the faults of a scheme's contribution and rating on one world."""
    rule, at_rule = scheme.contribution, (*at, "contribution")
    yield from _decimals(at, scheme)
    if isinstance(rule, Free):
        return
    yield from _names(at_rule, rule, world)
    yield from _missing_rates(at, scheme, world)
    yield from _whole_months(at_rule, rule)
    if rule.lag_months > horizon.runoff_months:
        yield (
            (*at_rule, "lag_months"),
            f"the last contributions are billed {rule.lag_months} months late, after {horizon.runoff_months} of run-off.",
            f"Let horizon.runoff_months be {rule.lag_months} or more, so that they are billed within the run.",
        )


def _names(at: Path, rule: Contribution, world: World) -> Iterator[Fault]:
    industries = dict.fromkeys(platform.industry for platform in world.platforms.values())
    named: list[tuple[str, str, Iterable[str], Iterable[str]]] = [
        ("region_factors", "region", getattr(rule, "region_factors", ()), world.regions)
    ]
    if isinstance(rule, PerOrder):
        named.append(("platforms", "platform", rule.platforms, world.platforms))
    if isinstance(rule, PerOrder | Payroll):
        named.append(("industries", "industry", rule.industries, industries))
    for key, what, names, known in named:
        for each in names:
            if each not in known:
                yield unknown((*at, key, each), what, each, known)


def _missing_rates(at: Path, scheme: Scheme, world: World) -> Iterator[Fault]:
    """Ask for a rate, if only 0, wherever the scheme insures: no cover is free without a word."""
    rule, asked = scheme.contribution, scheme.eligible.industries
    for name, platform in world.platforms.items():
        if asked is not None and platform.industry not in asked:
            continue
        joins = any(scheme.enrolment.joining_date(name, region) is not None for region in world.regions)
        if not joins:
            continue
        if (
            isinstance(rule, PerOrder)
            and name not in rule.platforms
            and platform.industry not in rule.industries
        ):
            what = f"platform '{name}' is insured, and its industry '{platform.industry}' has no amount."
            yield (*at, "contribution", "industries"), what, f"Add '{platform.industry}: …', 0 if it is free."
        if isinstance(rule, Payroll) and rule.rate is None and platform.industry not in rule.industries:
            what = f"platform '{name}' is insured, and its industry '{platform.industry}' has no risk class."
            yield (*at, "contribution", "industries"), what, f"Add '{platform.industry}: 1' to 8."


def _decimals(at: Path, scheme: Scheme) -> Iterator[Fault]:
    """Hold rates and factors to the decimals of the tables."""
    most = RATE_PLACES - 2 * isinstance(scheme.contribution, Payroll | ShareOfEarnings | ShareOfTurnover)
    for path, value in _dated(scheme.contribution):
        if any(places(each) > most for each in value.entries()):
            yield (*at, "contribution", *path), f"a rate has {most} decimals at most.", "Round it."
    if isinstance(scheme.rating, FixedFactor) and places(scheme.rating.factor.value) > FACTOR_PLACES:
        yield (*at, "rating", "factor"), f"a factor has {FACTOR_PLACES} decimals at most.", "Round it."


def places(number: Decimal) -> int:
    """Count the decimals of a number."""
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _whole_months(at: Path, rule: Contribution) -> Iterator[Fault]:
    """Rates change with a month, since a month's base is not split in this version."""
    for path, value in _dated(rule):
        for change in value.changes():
            if change.day != 1:
                what = (
                    f"a rate that changes inside a month ({change}) is part of the language but not available"
                )
                where = (*at, *path, "dated", change.isoformat())
                yield where, f"{what} in this version.", "Let it change on the first day of a month."


def _dated(rule: Contribution) -> Iterator[tuple[Path, Dated[Decimal]]]:
    """Yield every dated rate of a contribution, with its path in it."""
    for path, part in iter_parts(rule):
        if isinstance(part, Dated):
            yield path, part
