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
from injurysim.world.packed import MOST_WIDTH, Blocks

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
AHEAD = 8
"""Riders whose months are planned before the first of them is worked."""

# Sums of a month by app: the first four in the order of the columns of a row.
ONLINE_SUM, ENGAGED_SUM, ORDERS_SUM, LOST_SUM, HAZARD_SUM, MORE_SUM = range(6)
"""Minutes open; with an order in hand; expected orders; lost; hazard; expected orders paid on top, weighted by how much."""
SUMS = 6

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
    week : (riders, 7) minutes worked on the last seven days of the last month worked (no rows when no rule asks for it).
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
    draws : numbers of the draws that decide who comes, four days each, the first and last of which may reach outside.
    chance : (G, days + 8) chance of working in units of 2⁻³², from the first day of the first draw on; 0 outside.
    kinds : (regions, days) kind of day.
    pays_more, more_pay : (days,) whether a day pays more than others; (F, K) how much more its orders pay, of 1.
    season : (G,) row of the laws of wanted minutes; monday : a day that is a Monday.
    """

    month: int
    first: int
    last: int
    draws: NDArray[np.int64]
    chance: NDArray[np.uint64]
    kinds: Ints
    pays_more: NDArray[np.bool_]
    more_pay: Floats
    season: Ints
    monday: int


class Tiring(NamedTuple):
    """States of fatigue of a day; see :class:`~injurysim.world.tiredness.DayStates`.

    Attributes
    ----------
    matters : whether there is more than one.
    week, row : what the state is made of: by minutes worked in seven days, and by number of the day in a row (the last
        entry for all after it). Their sum is that of a long rest, and one more that of a short one.
    short_below : minutes between two shifts below which a rest is short.
    factor, added : (E + 1,) what the hazard of a row is multiplied by, and what part of the plain hazard is added; the last
        is nobody's state, a day that adds nothing.
    """

    matters: bool
    week: NDArray[np.int64]
    row: NDArray[np.int64]
    short_below: int
    factor: Floats
    added: Floats


class Hurting(NamedTuple):
    """Marks that decide what follows an injury: classes of severity, days off by class, deaths, the recovery rule."""

    severity_cdf: Floats
    days_off_cdf: Floats
    fatal: NDArray[np.bool_]
    recovery: int


class Plan(NamedTuple):
    """What some riders set out to do in a month, worked out ahead so that their rows come from memory meanwhile.

    Attributes
    ----------
    number : (AHEAD,) shifts of each rider; the others are (AHEAD, MOST_DAYS + 8), by rider and shift:
    coming, wanted, begins : the day, and cells wanted and of the start.
    variant, known : the variant of the day, and where the row begins.
    """

    number: NDArray[np.int64]
    coming: NDArray[np.int64]
    wanted: NDArray[np.int64]
    begins: NDArray[np.int64]
    variant: NDArray[np.int64]
    known: NDArray[np.int64]


class Room(NamedTuple):
    """Room in which a thread reckons.

    Attributes
    ----------
    plan : Plan
    first_word, second_word : random words of some draws.
    week : minutes worked by day, from the seventh day before the month on.
    spent : (MOST_LIMITS, MOST_APPS) minutes on the clocks of the limits by week or month.
    sums : (MOST_APPS, SUMS) sums of the month's rows; shifts : by app.
    """

    plan: Plan
    first_word: NDArray[np.uint64]
    second_word: NDArray[np.uint64]
    week: NDArray[np.int64]
    spent: Floats
    sums: Floats
    shifts: NDArray[np.int64]


def new_room() -> Room:
    """Return room for one thread."""
    first, second = (np.zeros(MOST_DAYS + 8, np.uint64) for _ in range(2))
    return Room(
        plan=Plan(np.zeros(AHEAD, np.int64), *(np.zeros((AHEAD, MOST_DAYS + 8), np.int64) for _ in range(5))),
        first_word=first,
        second_word=second,
        week=np.zeros(DAYS_OF_WEEK + MOST_DAYS, np.int64),
        spent=np.zeros((MOST_LIMITS, MOST_APPS)),
        sums=np.zeros((MOST_APPS, SUMS)),
        shifts=np.zeros(MOST_APPS, np.int64),
    )


class OnFoot(NamedTuple):
    """What it takes to walk a shift: what follows an injury, where injuries are written down, room for one walk.

    Attributes
    ----------
    hurting : Hurting
    injuries : (n, INJURY_COLUMNS) filled.
    limits, walked, stop, scratch, line : of the walk, overwritten.
    row : what the shift comes to, as the tables keep it.
    """

    hurting: Hurting
    injuries: NDArray[np.int64]
    limits: Floats
    walked: Floats
    stop: Floats
    scratch: Scratch
    line: Line
    row: Blocks


def on_foot_with(hurting: Hurting, injuries: int) -> OnFoot:
    """Return room for the walks of one thread, and for so many injuries."""
    return OnFoot(
        hurting=hurting,
        injuries=np.empty((injuries, INJURY_COLUMNS), np.int64),
        limits=np.zeros((MOST_LIMITS, LIMIT_COLUMNS)),
        walked=np.zeros(HEAD + MOST_APPS * PER_APP),
        stop=np.zeros(STOP_COLUMNS),
        scratch=new_scratch(),
        line=no_line(),
        row=np.zeros(MOST_WIDTH, np.float32),
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
