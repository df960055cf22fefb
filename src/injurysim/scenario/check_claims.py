"""Faults of cover, reporting and handling: names that no world has, delays that could lie below zero."""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.scenario.designs import Scheme
from injurysim.scenario.faults import Fault, Path, outside, unknown
from injurysim.scenario.handling import Offices
from injurysim.scenario.reporting import ReportBySeverity
from injurysim.scenario.world import World


def claim_faults(at: Path, scheme: Scheme, world: World) -> Iterator[Fault]:
    """Find the faults in what becomes of an injury under a scheme."""
    if isinstance(scheme.reporting, ReportBySeverity):
        yield from _reporting((*at, "reporting"), scheme.reporting, world)
    if isinstance(scheme.handling, Offices):
        at_offices = (*at, "handling")
        yield from outside(
            (*at_offices, "papers_days"), scheme.handling.papers_days, "days for papers could", 0
        )
        for desk in ("confirmation", "appraisal", "payment"):
            law = getattr(scheme.handling, desk).minutes
            yield from outside((*at_offices, desk, "minutes"), law, "minutes for a case could", 0)


def _reporting(at: Path, rule: ReportBySeverity, world: World) -> Iterator[Fault]:
    where = (*at, "severities")
    for severity in world.injuries.severities:
        if severity not in rule.severities:
            yield where, f"severity '{severity}' of the injuries has no share.", f"Add '{severity}: …'."
    for severity in rule.severities:
        if severity not in world.injuries.severities:
            yield unknown((*where, severity), "severity", severity, world.injuries.severities)
    for platform in rule.platforms:
        if platform not in world.platforms:
            yield unknown((*at, "platforms", platform), "platform", platform, world.platforms)
    if (rule.lag_days is None) == (rule.filing is None):
        what = (
            "the delay of a report is stated twice."
            if rule.filing
            else "the delay of a report is not stated."
        )
        yield at, what, "Give either `lag_days` or `filing`."
    if rule.lag_days is not None:
        yield from outside((*at, "lag_days"), rule.lag_days, "days to the report could", 0)
