"""Faults of reporting and handling: names that no world has, times that could lie below zero, rules that find no hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from injurysim.scenario.designs import Scheme
from injurysim.scenario.document import CalendarRule, ListedDays
from injurysim.scenario.faults import Fault, Path, outside, unknown
from injurysim.scenario.handling import Immediate, Offices, TwoStrands
from injurysim.scenario.rating import FixedFactor, NoRating
from injurysim.scenario.reporting import ReportBySeverity
from injurysim.scenario.values import Part, iter_parts
from injurysim.scenario.world import World

TIMES = {
    "platform_days": "days to the platform's report could",
    "worker_days": "days to the worker's report could",
    "lag_days": "days to the report could",
    "papers_days": "days for papers could",
    "acceptance_days": "days for checking papers could",
    "days": "days of waiting could",
    "minutes": "minutes for a case could",
}
"""Keys of reporting and handling that hold a random time, and what is said of it."""
WEEKEND = ListedDays(kind="listed").weekend
"""Days of the week that are off in China."""
DESKS = ("confirmation", "appraisal", "payment")


def claim_faults(at: Path, scheme: Scheme, calendar: CalendarRule) -> Iterator[Fault]:
    """Find the faults in what becomes of an injury under a scheme, on any world."""
    for key in ("reporting", "handling"):
        yield from _negative_times((*at, key), getattr(scheme, key))
    if isinstance(scheme.reporting, ReportBySeverity):
        yield from _delay((*at, "reporting"), scheme.reporting)
        yield from _suppression((*at, "reporting"), scheme.reporting, scheme)
    if not isinstance(scheme.handling, Immediate):
        yield from _sittings((*at, "handling", "appraisal", "sitting_weekdays"), scheme.handling, calendar)


def claim_names(at: Path, scheme: Scheme, world: World) -> Iterator[Fault]:
    """Find what the claims of a scheme name and one world has not, and the other way round."""
    if isinstance(scheme.reporting, ReportBySeverity):
        yield from _reporting((*at, "reporting"), scheme.reporting, world)
    if not isinstance(scheme.handling, Immediate):
        yield from _desks((*at, "handling"), scheme.handling, world)


def _negative_times(at: Path, rule: Part) -> Iterator[Fault]:
    """Find times whose draws could lie below zero; a distribution is told by its place."""
    for path, part in iter_parts(rule):
        if path and path[-1] in TIMES and hasattr(part, "law"):
            law: Any = part
            yield from outside((*at, *path), law, TIMES[str(path[-1])], 0)


def _reporting(at: Path, rule: ReportBySeverity, world: World) -> Iterator[Fault]:
    where = (*at, "severities")
    strange = set(rule.severities) - set(world.injuries.severities)
    for severity in world.injuries.severities:
        # A strange name is told by itself: most likely it was to be that of the severity without a share.
        if severity not in rule.severities and not strange:
            yield where, f"severity '{severity}' of the injuries has no share.", f"Add '{severity}: …'."
    for severity in rule.severities:
        if severity not in world.injuries.severities:
            yield unknown((*where, severity), "severity", severity, world.injuries.severities)
    for platform in rule.platforms:
        if platform not in world.platforms:
            yield unknown((*at, "platforms", platform), "platform", platform, world.platforms)


def _delay(at: Path, rule: ReportBySeverity) -> Iterator[Fault]:
    if (rule.lag_days is None) == (rule.filing is None):
        what = (
            "the delay of a report is stated twice."
            if rule.filing
            else "the delay of a report is not stated."
        )
        yield at, what, "Give either `lag_days` or `filing`."


def _suppression(at: Path, rule: ReportBySeverity, scheme: Scheme) -> Iterator[Fault]:
    """Find a suppression without a hold: a platform keeps back only what it would file, and only for its grade."""
    if rule.suppression is None:
        return
    where = (*at, "suppression")
    if rule.filing is None:
        yield where, "nobody files: the platform has nothing to keep back.", "Say who files in `filing`."
    if isinstance(scheme.rating, NoRating | FixedFactor):
        what = f"a rating of kind '{scheme.rating.kind}' has no grade to lose by a claim."
        yield where, what, "Leave `suppression` out, or rate by experience."


def _sittings(at: Path, rule: Offices | TwoStrands, calendar: CalendarRule) -> Iterator[Fault]:
    """Find a board that never sits, since its days are days off."""
    weekend = calendar.weekend if isinstance(calendar, ListedDays) else WEEKEND
    if not rule.round_the_clock and set(rule.appraisal.sitting_weekdays) <= set(weekend):
        what = "the board never sits: these days are off, and 0 is Monday."
        yield at, what, f"Name a day other than {', '.join(map(str, sorted(weekend)))}."


def _desks(at: Path, rule: Offices | TwoStrands, world: World) -> Iterator[Fault]:
    for desk in DESKS:
        for region in getattr(rule, desk).regions:
            if region not in world.regions:
                yield unknown((*at, desk, "regions", region), "region", region, world.regions)
