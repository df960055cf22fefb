"""Faults of contributions: names no world has, rates missing, finer than tables or ill-timed, bills after the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from injurysim.core.schemas import RATE_PLACES
from injurysim.scenario.contribution import (
    Charged,
    Contribution,
    Free,
    Payroll,
    PerOrder,
    ShareOfEarnings,
    ShareOfTurnover,
)
from injurysim.scenario.designs import Scheme
from injurysim.scenario.document import Horizon
from injurysim.scenario.faults import Fault, Path, floor_above_ceiling, unknown
from injurysim.scenario.values import Dated, iter_parts
from injurysim.scenario.world import World


def contribution_faults(at: Path, scheme: Scheme, horizon: Horizon) -> Iterator[Fault]:
    """Find the faults of a scheme's contribution that it has on any world."""
    rule, at_rule = scheme.contribution, (*at, "contribution")
    yield from _decimals(at, scheme)
    if isinstance(rule, Free):
        return
    yield from _whole_months(at_rule, rule)
    yield from _after_the_run(at_rule, rule, horizon)
    if rule.inspection is not None and rule.declared is None:
        what = "an inspection finds nothing, since all is declared."
        yield (*at_rule, "inspection"), what, "Add 'declared' with the share that is, or leave it out."
    if isinstance(rule, Payroll):
        yield from floor_above_ceiling(at_rule, rule.floor_yuan, rule.ceiling_yuan, horizon.start)


def charged_names(at: Path, scheme: Scheme, world: World) -> Iterator[Fault]:
    """Find what a scheme's contribution names and one world has not, and the other way round."""
    rule = scheme.contribution
    if not isinstance(rule, Free):
        yield from _names((*at, "contribution"), rule, world)
        yield from _missing_rates(at, scheme, world)


def _after_the_run(at: Path, rule: Charged, horizon: Horizon) -> Iterator[Fault]:
    """Ask for a run-off in which the last contributions are billed, and what of them is late is settled."""
    run_off, lag = horizon.runoff_months, rule.lag_months
    if lag > run_off:
        yield (
            (*at, "lag_months"),
            f"the last contributions are billed {_months(lag)} late, after {run_off} of run-off.",
            f"Let horizon.runoff_months be {lag} or more, so that they are billed within the run.",
        )
    elif rule.arrears is not None and lag + rule.arrears.paid_after_months.value > run_off:
        wanted = lag + rule.arrears.paid_after_months.value
        what = (
            f"what is late of the last contributions is settled {_months(wanted)} after the last of exposure"
        )
        yield (
            (*at, "arrears", "paid_after_months"),
            f"{what}, and the run-off has {run_off}.",
            f"Let horizon.runoff_months be {wanted} or more, so that it is settled within the run.",
        )


def _months(number: int) -> str:
    return f"{number} month" if number == 1 else f"{number} months"


def _names(at: Path, rule: Charged, world: World) -> Iterator[Fault]:
    industries = dict.fromkeys(platform.industry for platform in world.platforms.values())
    named: list[tuple[Path, str, Iterable[str], Iterable[str]]] = [
        (("region_factors",), "region", rule.region_factors, world.regions)
    ]
    if isinstance(rule, PerOrder):
        named.append((("platforms",), "platform", rule.platforms, world.platforms))
    if isinstance(rule, PerOrder | Payroll):
        named.append((("industries",), "industry", rule.industries, industries))
    if rule.declared is not None:
        named.append((("declared", "platforms"), "platform", rule.declared.platforms, world.platforms))
    if rule.arrears is not None:
        named.append((("arrears", "platforms"), "platform", rule.arrears.platforms, world.platforms))
    for keys, what, names, known in named:
        for each in names:
            if each not in known:
                path, said, fix = unknown((*at, *keys, each), what, each, known)
                spare = f" Where a tariff has it and no world, take it out: '{each}: null'."
                yield path, said, f"{fix}{spare if what == 'industry' else ''}"


def _missing_rates(at: Path, scheme: Scheme, world: World) -> Iterator[Fault]:
    """Ask for a rate, if only 0, wherever the scheme insures: no cover is free without a word."""
    rule, asked = scheme.contribution, scheme.eligible.industries
    there = {platform.industry for platform in world.platforms.values()}
    if set(getattr(rule, "industries", ())) - there:
        return  # told by its name, which most likely was to be that of the industry without a rate
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
        if isinstance(rule, ShareOfTurnover) and not platform.turnover_per_order_yuan.value:
            what = f"platform '{name}' is insured, and has no turnover to take a share of."
            yield (
                (*at, "contribution"),
                what,
                f"Give platforms.{name}.turnover_per_order_yuan, what it takes for an order.",
            )


def _decimals(at: Path, scheme: Scheme) -> Iterator[Fault]:
    """Hold rates to the decimals of the tables; a share loses two of them, as tables hold yuan per fen of the base."""
    most = RATE_PLACES - 2 * isinstance(scheme.contribution, Payroll | ShareOfEarnings | ShareOfTurnover)
    for path, value in _dated(scheme.contribution):
        if any(places(each) > most for each in value.entries()):
            yield (*at, "contribution", *path), f"a rate has {most} decimals at most.", "Round it."


def places(number: Decimal) -> int:
    """Count the decimals of a number."""
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _whole_months(at: Path, rule: Charged) -> Iterator[Fault]:
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
