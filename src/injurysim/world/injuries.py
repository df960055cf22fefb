"""Marks of the injured, and injuries that a scenario lists one by one."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.core.errors import InputError
from injurysim.core.money import to_fen
from injurysim.core.randomness import Purpose, Streams
from injurysim.scenario.injuries import HazardInjuries, ListedInjuries, ListedInjury
from injurysim.scenario.world import World
from injurysim.world.month import SITUATIONS, Injuries, Ints
from injurysim.world.population import Population


def draw_marks(
    injuries: HazardInjuries,
    streams: Streams,
    who: NDArray[np.uint64],
    *,
    month: int,
    k: Ints,
    severity: Ints,
) -> tuple[Ints, Ints]:
    """Draw medical cost and disability grade of injuries, keyed by (rider, month, k).

    Returns
    -------
    medical_cost_fen, grade : arrays of shape (n,)
        Grade 0 is none.
    """
    medical, grade = np.zeros(len(who), np.int64), np.zeros(len(who), np.int64)
    cost = streams.uniform(Purpose.MEDICAL_COST, who, when=month, index=k)
    lot = streams.uniform(Purpose.DISABILITY, who, when=month, index=k)
    for code, law in enumerate(injuries.severities.values()):
        mine = severity == code
        yuan = np.maximum(law.medical_yuan.law().ppf(cost[mine]), 0.0)
        medical[mine] = np.floor(yuan * 100 + 0.5).astype(np.int64)
        grades = sorted(law.disability)
        if grades:
            bounds = np.cumsum([float(law.disability[each].value) for each in grades])
            place = np.searchsorted(bounds, lot[mine], side="right")
            grade[mine] = np.array([*grades, 0])[place]
    return medical, grade


def severity_names(world: World) -> tuple[str, ...]:
    """Return the severity classes of a world, in the order of their codes."""
    return tuple(world.injuries.severities)


def listed_injuries(
    world: World, listed: ListedInjuries, calendar: Calendar, population: Population, month: int
) -> Injuries:
    """Return the listed injuries of a month, by rider and then by time.

    Raises
    ------
    InputError
        If an item names a rider who is not in the population.
    """
    found = []
    for number, item in enumerate(listed.items):
        minute = minute_of(item.at, calendar)
        if not calendar.month_starts[month] * 1440 <= minute < calendar.month_starts[month + 1] * 1440:
            continue
        found.append((_rider(item, population), number, minute, item))
    # The number of an injury is its rank in time among the rider's own, so that another item changes no identity.
    found.sort(key=lambda row: (row[0], row[2], row[1]))
    rank = [sum(other[0] == row[0] for other in found[:place]) for place, row in enumerate(found)]
    names, platforms = severity_names(world), tuple(world.platforms)
    items = [row[3] for row in found]
    return Injuries(
        rider=np.array([row[0] for row in found], np.int64),
        month=np.full(len(found), month, np.int64),
        k=np.array(rank, np.int64),
        minute=np.array([row[2] for row in found], np.int64),
        app=np.array([platforms.index(item.platform) for item in items], np.int64),
        second_app=np.full(len(found), -1, np.int64),
        situation=np.array([SITUATIONS.index(item.situation) for item in items], np.int64),
        worked_minutes=np.zeros(len(found), np.int64),
        severity=np.array([names.index(item.severity) for item in items], np.int64),
        medical_cost_fen=np.array([to_fen(item.medical_yuan) for item in items], np.int64),
        days_off=np.array([item.days_off for item in items], np.int64),
        grade=np.array([item.disability_grade or 0 for item in items], np.int64),
        fatal=np.array([item.fatal for item in items], np.bool_),
    )


def minute_of(moment: dt.datetime, calendar: Calendar) -> int:
    """Return the minute of a moment from the calendar's first midnight."""
    return calendar.minute_of(moment.date()) + moment.hour * 60 + moment.minute


def _rider(item: ListedInjury, population: Population) -> int:
    if item.group in population.groups:
        code = population.groups.index(item.group)
        rider = np.flatnonzero((population.group == code) & (population.ordinal == item.rider))
        if len(rider):
            return int(rider[0])
    raise InputError.of(
        f"the listed injury at {item.at} is of rider {item.rider} of group '{item.group}', who does not exist",
        "Ordinals of a group run from 0 to its number of riders less one.",
        where="injuries.items",
    )
