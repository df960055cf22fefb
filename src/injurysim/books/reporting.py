"""Which injuries are reported, and when."""

from __future__ import annotations

from functools import singledispatch

from injurysim.books.draws import Draws
from injurysim.books.injured import Injured
from injurysim.core.calendar import MINUTES_PER_DAY
from injurysim.core.randomness import Purpose
from injurysim.scenario.reporting import Report, ReportAll, ReportBySeverity


@singledispatch
def notified_at(rule: Report, injured: Injured, draws: Draws, *, covered: bool) -> int | None:
    """Return the minute at which an injury is notified, or None when it never is."""
    raise NotImplementedError(f"no reporting for {type(rule).__name__}")


@notified_at.register
def _(rule: ReportAll, injured: Injured, draws: Draws, *, covered: bool) -> int | None:  # noqa: ARG001
    return injured.minute


@notified_at.register
def _(rule: ReportBySeverity, injured: Injured, draws: Draws, *, covered: bool) -> int | None:
    share = rule.severities[injured.severity].value
    if not covered:
        share *= rule.not_covered_factor.value
    if draws.uniform(Purpose.REPORT) >= share:
        return None
    if rule.lag_days is None:
        raise NotImplementedError("who files is not at work yet")
    days = max(draws.value(Purpose.REPORT_LAG, rule.lag_days), 0.0)
    return injured.minute + round(days * MINUTES_PER_DAY)
