"""Fatigue limits as the rules of one shift: which limits hold on a day, in whole minutes, for one portfolio."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from injurysim.core.calendar import Calendar
from injurysim.core.errors import InputError
from injurysim.scenario.limits import DayLogoff, Limit, RestAfterSpell


@dataclass(frozen=True)
class Logoff:
    """No more than ``minutes`` of work; ``switch`` takes the time still wanted to the next app."""

    minutes: int
    switch: bool = False


@dataclass(frozen=True)
class Spell:
    """After ``minutes`` of work without a rest, a rest of ``rest_minutes``."""

    minutes: int
    rest_minutes: int


@dataclass(frozen=True)
class ShiftRules:
    """The limits that hold for one portfolio on one day.

    Attributes
    ----------
    logoff_all, spells_all : limits that count the work on all platforms.
    logoff, spells : one entry per platform of the portfolio, in the order worked.
    """

    logoff_all: Logoff | None
    spells_all: tuple[Spell, ...]
    logoff: tuple[Logoff | None, ...]
    spells: tuple[tuple[Spell, ...], ...]


def _holds(limit: Limit, day: dt.date) -> bool:
    begun = limit.first_day is None or limit.first_day <= day
    return begun and (limit.last_day is None or day <= limit.last_day)


def _whole(minutes: Decimal, where: str) -> int:
    """Round minutes half up, and refuse what would be none at all: it could never be worked or rested."""
    whole = int(minutes.to_integral_value(ROUND_HALF_UP))
    if whole < 1:
        raise InputError.of(
            f"{minutes.normalize():f} minutes are less than half a minute",
            "Limits run in whole minutes: give one at least.",
            where=where,
        )
    return whole


def limits_by_day(limits: Mapping[str, Limit], calendar: Calendar) -> tuple[list[tuple[str, ...]], list[int]]:
    """Group the days of a calendar by the limits that hold on them.

    Returns
    -------
    sets : list of tuple of str
        Distinct sets of names of limits.
    set_of_day : list of int
        For each day of the calendar's months, the index of its set.
    """
    sets: list[tuple[str, ...]] = []
    set_of_day = []
    for day in range(int(calendar.month_starts[-1])):
        date = calendar.date_of(day)
        holding = tuple(name for name, limit in limits.items() if _holds(limit, date))
        if holding not in sets:
            sets.append(holding)
        set_of_day.append(sets.index(holding))
    return sets, set_of_day


def shift_rules(limits: Mapping[str, Limit], platforms: tuple[str, ...]) -> ShiftRules:
    """State the limits for a portfolio of platforms; of several log-offs of one scope the earliest holds.

    Raises
    ------
    InputError
        If a limit or its rest rounds to no minute at all.
    """

    def logoffs(scope: str, platform: str | None) -> Logoff | None:
        found = [
            Logoff(_whole(limit.hours.value * 60, f"limits.{name}.hours"), limit.response == "switch")
            for name, limit in limits.items()
            if isinstance(limit, DayLogoff) and limit.scope == scope and _applies(limit, platform)
        ]
        return min(found, key=lambda logoff: (logoff.minutes, logoff.switch), default=None)

    def spells(scope: str, platform: str | None) -> tuple[Spell, ...]:
        return tuple(
            Spell(
                _whole(limit.hours.value * 60, f"limits.{name}.hours"),
                _whole(limit.rest_minutes.value, f"limits.{name}.rest_minutes"),
            )
            for name, limit in limits.items()
            if isinstance(limit, RestAfterSpell) and limit.scope == scope and _applies(limit, platform)
        )

    return ShiftRules(
        logoff_all=logoffs("all_platforms", None),
        spells_all=spells("all_platforms", None),
        logoff=tuple(logoffs("platform", platform) for platform in platforms),
        spells=tuple(spells("platform", platform) for platform in platforms),
    )


def _applies(limit: Limit, platform: str | None) -> bool:
    return platform is None or limit.platforms is None or platform in limit.platforms
