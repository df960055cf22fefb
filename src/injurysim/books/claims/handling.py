"""What every way of handling a claim answers: how it begins, what it ends in, which offices it needs."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from functools import singledispatch
from typing import Any

import simpy

from injurysim.books.claims.file import Claim
from injurysim.books.draws import Draws
from injurysim.books.offices import NEVER, Case, Office
from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Purpose
from injurysim.core.working_time import CalendarEndError, WorkingTime
from injurysim.scenario.distribution import Random
from injurysim.scenario.handling import Handling

Desks = Mapping[str, Office]
Process = Generator[simpy.Event, Any, None]
Handled = Generator[simpy.Event, Any, Case]


@singledispatch
def begin(rule: Handling, env: simpy.Environment, claim: Claim, desks: Desks) -> None:
    """Set a claim on its way, from its notification to its closing; it is notified now or later."""
    raise NotImplementedError(f"no handling for {type(rule).__name__}")


@singledispatch
def will_confirm(rule: Handling, draws: Draws, *, covered: bool) -> bool:
    """Say whether a claim is confirmed in the end, once it is decided: drawn when the file is opened."""
    raise NotImplementedError(f"no decision for {type(rule).__name__}")


@singledispatch
def open_desks(rule: Handling, env: simpy.Environment, calendar: Calendar, region: str) -> dict[str, Office]:
    """Open the offices of a scheme in one region."""
    raise NotImplementedError(f"no offices for {type(rule).__name__}")


def until(env: simpy.Environment, moment: int | None) -> Process:
    """Wait until a moment; not at all when it is past."""
    if moment is not None and moment > env.now:
        yield env.timeout(moment - env.now)


def next_opening(hours: WorkingTime, at: int) -> int:
    """Return the next open minute from a moment on; NEVER where the calendar has none."""
    try:
        return hours.next_opening(at)
    except CalendarEndError:
        return NEVER


def after_working_days(hours: WorkingTime, at: int, days: int) -> int:
    """Return the close of the n-th working day after that of a moment, the moment itself for none.

    The calendar reaches far beyond the last month: what lies past it is NEVER, in this run.
    """
    try:
        return hours.add_working_days(at, days)
    except CalendarEndError:
        return NEVER


def through(
    claim: Claim, office: Office, minutes: Random, purpose: Purpose, *, priority: int = 0, attempt: int = 0
) -> Handled:
    """Queue at an office, be handled, and return the case."""
    assert claim.accepted_at is not None  # noqa: S101  (no office sees a claim before it is accepted)
    case, done = office.handle(
        priority=priority,
        accepted_at=claim.accepted_at,
        claim=claim.claim_id,
        minutes=claim.draws.whole(purpose, minutes, attempt),
    )
    yield done
    return case
