"""What a scenario leaves to libraries is settled here, so that the saved scenario holds it."""

from __future__ import annotations

from injurysim.core.calendar import Calendar
from injurysim.core.china import china_days
from injurysim.scenario.document import China, ListedDays, Scenario

MARGIN_DAYS = 800
"""Days the calendar knows beyond the last month, in which offices may plan."""


def resolve(scenario: Scenario) -> Scenario:
    """Return the scenario with its days off listed one by one; a resolved scenario is returned as it is."""
    if not isinstance(scenario.calendar, China):
        return scenario
    start = scenario.horizon.start
    months = scenario.horizon.months + scenario.horizon.runoff_months
    holidays, makeup, published_to = china_days(
        start.year, start.year + months // 12 + MARGIN_DAYS // 365 + 1
    )
    listed = ListedDays(
        kind="listed", holidays=tuple(holidays), makeup_workdays=tuple(makeup), published_to=published_to
    )
    return scenario.model_copy(update={"calendar": listed})


def exposure_calendar(scenario: Scenario) -> Calendar:
    """Return the calendar of the months with exposure, of a resolved scenario."""
    return _calendar(scenario, scenario.horizon.months)


def book_calendar(scenario: Scenario) -> Calendar:
    """Return the calendar of exposure and run-off, of a resolved scenario."""
    return _calendar(scenario, scenario.horizon.months + scenario.horizon.runoff_months)


def _calendar(scenario: Scenario, months: int) -> Calendar:
    days = scenario.calendar
    if isinstance(days, China):
        raise TypeError("resolve the scenario first")
    return Calendar.build(
        scenario.horizon.start,
        months,
        days.holidays,
        days.makeup_workdays,
        days.weekend,
        margin_days=MARGIN_DAYS,
    )
