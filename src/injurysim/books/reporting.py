"""Which injuries are reported, by whom, when, and whether in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, singledispatch

from injurysim.books.draws import Draws
from injurysim.books.injured import Injured
from injurysim.core.calendar import MINUTES_PER_DAY
from injurysim.core.randomness import Purpose
from injurysim.scenario.distribution import Random
from injurysim.scenario.reporting import Filing, Report, ReportAll, ReportBySeverity

PLATFORM, WORKER = "platform", "worker"


@dataclass(frozen=True, slots=True)
class Reported:
    """A report: the minute of it, who files (None where the rule does not tell), and whether it comes too late."""

    at: int
    by: str | None = None
    barred: bool = False


ReportOf = Callable[[Injured, Draws, bool], Reported | None]
"""The report of an injury, whether covered or not; None when it is never reported."""


@singledispatch
def report_of(rule: Report, platforms: tuple[str, ...]) -> ReportOf:
    """Return the report of an injury under a rule, with all that does not depend on the injury worked out.

    Parameters
    ----------
    rule : Report
        The rule.
    platforms : tuple of str
        Names of the platforms by code.
    """
    raise NotImplementedError(f"no reporting for {type(rule).__name__}")


@report_of.register
def _(rule: ReportAll, platforms: tuple[str, ...]) -> ReportOf:  # noqa: ARG001
    return lambda injured, draws, covered: Reported(injured.minute)  # noqa: ARG005


@report_of.register
def _(rule: ReportBySeverity, platforms: tuple[str, ...]) -> ReportOf:
    share_of, file = _share_of(rule, platforms), _filing_of(rule)

    def report(injured: Injured, draws: Draws, covered: bool) -> Reported | None:
        if draws.uniform(Purpose.REPORT) >= share_of(injured, covered):
            return None
        return file(injured, draws)

    return report


def _share_of(rule: ReportBySeverity, platforms: tuple[str, ...]) -> Callable[[Injured, bool], float]:
    """Return the share reported of injuries like one: that of its severity with odds f times as high.

    The factors of relation, platform and awareness multiply; then what is not covered is reported less.
    """
    awareness = None if rule.awareness is None else cache(rule.awareness.at)

    @cache
    def at_odds(severity: str, relation: str, app: int, aware: object, covered: bool) -> float:
        factor = float(aware)  # type: ignore[arg-type]
        for factors, name in ((rule.relations, relation), (rule.platforms, platforms[app])):
            factor *= float(factors[name].value) if name in factors else 1.0  # type: ignore[index]
        share = with_odds(float(rule.severities[severity].value), factor)
        return share if covered else share * float(rule.not_covered_factor.value)

    def share(injured: Injured, covered: bool) -> float:
        aware = 1 if awareness is None else awareness(injured.day)
        return at_odds(injured.severity, injured.relation, injured.app, aware, covered)

    return share


def with_odds(share: float, factor: float) -> float:
    """Return the share whose odds are a factor times those of another: f s / (1 - s + f s).

    A factor of 0 leaves nobody, be the share 1.

    Examples
    --------
    >>> with_odds(0.5, 3.0), with_odds(1.0, 3.0), with_odds(1.0, 0.0)
    (0.75, 1.0, 0.0)
    """
    return 0.0 if factor == 0 else factor * share / (1 - share + factor * share)


def _filing_of(rule: ReportBySeverity) -> Callable[[Injured, Draws], Reported]:
    """Return who files what is reported, and when."""
    filing = rule.filing
    if filing is None:
        lag = rule.lag_days
        if lag is None:
            raise ValueError("the delay of a report is not stated")  # checked when the scenario is read
        return lambda injured, draws: Reported(_after(injured, draws, lag, 0))
    return lambda injured, draws: _filed(filing, injured, draws)


def _filed(filing: Filing, injured: Injured, draws: Draws) -> Reported:
    """Let the platform file, or the worker; what comes later than the bar of who files is barred."""
    if draws.uniform(Purpose.FILED_BY) < filing.platform_share.value:
        by, at, bar = (
            PLATFORM,
            _after(injured, draws, filing.platform_days, 0),
            filing.platform_bar_days.value,
        )
    else:
        by, at, bar = WORKER, _after(injured, draws, filing.worker_days, 1), filing.worker_bar_days.value
    return Reported(at, by, barred=at - injured.minute > bar * MINUTES_PER_DAY)


def _after(injured: Injured, draws: Draws, days: Random, attempt: int) -> int:
    """Return the minute after a delay in days; each of those who may file has a draw of its own."""
    delay = max(draws.value(Purpose.REPORT_LAG, days, attempt), 0.0)
    return injured.minute + round(delay * MINUTES_PER_DAY)
