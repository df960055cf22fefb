"""What the workday kernel is handed: riders, their diary, the days of a month, room to reckon in, totals to add to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.world.layout import (
    HEAD,
    LIMIT_COLUMNS,
    MOST_APPS,
    MOST_LIMITS,
    PER_APP,
    STOP_COLUMNS,
    Line,
    Scratch,
    new_scratch,
    no_line,
)

Ints = NDArray[np.integer]
Floats = NDArray[np.float64]

# The kernel cannot look an enumeration up; these are Purpose.* of the registry (a test holds them equal).
SHIFT, INJURY_CLOCK, SEVERITY, DAYS_OFF, SITUATION, PRESENCE = 2, 3, 4, 6, 8, 25
RECOVERY_NONE, RECOVERY_ENDS_SHIFT, RECOVERY_OFF_WORK = 0, 1, 2
ON_ORDER, WAITING, TRAVELLING = 0, 1, 2
NOBODY = -1
MOST_DAYS = 32
NEVER_BACK = 1 << 30
MOST_INJURIES = 1024
"""Room an injury buffer keeps for one rider's month."""
DAYS_OF_WEEK = 7

# Columns of the injury buffer.
RIDER, K, AT, SLOT, SECOND_SLOT, SITUATION_CODE, BEFORE, SEVERITY_CODE, OFF_DAYS = range(9)
INJURY_COLUMNS = 9


class Riders(NamedTuple):
    """Riders as the kernel reads them, arrays of shape (riders,), and their first engagement (riders + 1,).

    ``conduct`` is the number of the way the rider deals with limits; ``scale`` the factor on the hazard in the month.
    """

    who: NDArray[np.uint64]
    group: Ints
    region: Ints
    portfolio: Ints
    conduct: Ints
    entry_day: Ints
    exit_day: Ints
    first_engagement: Ints
    scale: Floats


class Diary(NamedTuple):
    """What a rider carries from month to month.

    Attributes
    ----------
    back_on, free_from : day from which fit for work; minute from which free for a shift.
    last_day, last_end : day and end of the last shift.
    row, short_until : days in a row up to the last; last day on which a short rest counts.
    week : (riders, 7) minutes worked by day, modulo 7 (no rows when no rule asks for it).
    week_number : week of the meters below; used : (limits by week or month, engagements) minutes on their clocks, those
        over all platforms at the rider's first engagement.
    """

    back_on: NDArray[np.int32]
    free_from: NDArray[np.int32]
    last_day: NDArray[np.int32]
    last_end: NDArray[np.int32]
    row: NDArray[np.int16]
    short_until: NDArray[np.int32]
    week: NDArray[np.int16]
    week_number: NDArray[np.int32]
    used: Floats


class Days(NamedTuple):
    """The days of a month.

    Attributes
    ----------
    month, first, last : number of the month, its first day and the one after its last.
    chance : (G, days + 8) chance of working in units of 2⁻³², from the first day of the first draw on; 0 outside.
    kinds : (regions, days) kind of day; pay : (days, F, K) factor on the pay of orders.
    season : (G,) row of the laws of wanted minutes; monday : a day that is a Monday.
    """

    month: int
    first: int
    last: int
    chance: NDArray[np.uint64]
    kinds: Ints
    pay: Floats
    season: Ints
    monday: int


class Tiring(NamedTuple):
    """States of fatigue of a day; see :class:`~injurysim.world.tiredness.DayStates`. ``matters``: is there more than one."""

    matters: bool
    week_from: Ints
    row_from: Ints
    short_below: int


class Hurting(NamedTuple):
    """Marks that decide what follows an injury: classes of severity, days off by class, deaths, the recovery rule."""

    severity_cdf: Floats
    days_off_cdf: Floats
    fatal: NDArray[np.bool_]
    recovery: int


class Room(NamedTuple):
    """Room in which a thread reckons.

    Attributes
    ----------
    coming, wanted, begins : days of a month on which a rider comes, cells wanted and of the start.
    draws : two uniforms for each of these days.
    known, hazard, length : where the row of each shift begins (-1: nowhere), its hazard on a day that adds nothing, its length.
    sums, shifts : sum of the month's rows, and shifts by app.
    limits, row, stop, walk, line : of a shift that is walked.
    """

    coming: NDArray[np.int64]
    wanted: NDArray[np.int64]
    begins: NDArray[np.int64]
    draws: Floats
    known: NDArray[np.int64]
    hazard: Floats
    length: Floats
    sums: Floats
    shifts: NDArray[np.int64]
    limits: Floats
    row: Floats
    stop: Floats
    walk: Scratch
    line: Line


def new_room() -> Room:
    """Return room for one thread."""
    return Room(
        coming=np.zeros(MOST_DAYS + 8, np.int64),
        wanted=np.zeros(MOST_DAYS, np.int64),
        begins=np.zeros(MOST_DAYS, np.int64),
        draws=np.zeros((2, MOST_DAYS)),
        known=np.zeros(MOST_DAYS, np.int64),
        hazard=np.zeros(MOST_DAYS),
        length=np.zeros(MOST_DAYS),
        sums=np.zeros(HEAD + MOST_APPS * PER_APP),
        shifts=np.zeros(MOST_APPS, np.int64),
        limits=np.zeros((MOST_LIMITS, LIMIT_COLUMNS)),
        row=np.zeros(HEAD + MOST_APPS * PER_APP),
        stop=np.zeros(STOP_COLUMNS),
        walk=new_scratch(),
        line=no_line(),
    )


class Totals(NamedTuple):
    """What a month comes to, by engagement; ``rider_days`` and ``worked`` by rider."""

    days_worked: NDArray[np.int32]
    online: NDArray[np.int32]
    engaged: Floats
    orders: Floats
    paid: Floats
    lost: Floats
    hazard: Floats
    rider_days: NDArray[np.int32]
    worked: NDArray[np.int32]
