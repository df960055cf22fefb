"""What a shift is reckoned from and what it comes to: the layout of its arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

whole = cast("Callable[[object], int]", np.int64)
"""A whole number of 64 bits for kernels, whatever its array holds: one type, one specialisation."""

index = cast("Callable[[object], int]", np.uint64)
"""A whole number that is not negative, where it says which element of an array is meant: numba, which counts negative ones from the
end, need not look. It is not to be reckoned with: numba makes a float of it and a signed number."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_APPS = 8
MOST_LIMITS = 64
MOST_MINUTES = 1200
"""Longest work in a shift, minutes."""

# A row: what a whole shift comes to. A head, then these columns for each app of the portfolio.
LENGTH, WORKED, OFF, BUSY = range(4)
"""Minutes from start to end with both ways and rests; worked by the rider; off after a log-off; with an order in hand."""
HEAD = 4
ONLINE, ENGAGED, ORDERS, PLAIN, LOST, HAZARD = range(6)
"""Minutes open; with an order in hand; expected orders; hazard without fatigue; expected orders lost; hazard."""
PER_APP = 6

# Columns of a limit.
SCOPE, CLOCK, MINUTES, REST, SWITCH, OFF_AFTER, FIRST_COEFFICIENT = range(7)
"""App (or ALL), clock, minutes on it, minutes of rest (0: a log-off), whether the rider switches, minutes off after it,
and for each app the coefficient of its minutes on the clock."""
LIMIT_COLUMNS = FIRST_COEFFICIENT + MOST_APPS
ALL = -1.0
CLOCK_ONLINE, CLOCK_ENGAGED = 0.0, 1.0

# What stopped a walk.
HURT, MINUTE, TRAVELLING, BEFORE, APP, ON_ORDER_CHANCE, FIRST_BUSY = range(7)
"""Whether, in which minute from the day's midnight, whether on the way, minutes worked before, the app, the chance that
the injury is on an order, and for each app the chance of an order in hand."""
STOP_COLUMNS = FIRST_BUSY + MOST_APPS

ORDERS_FIXED, ORDERS_POISSON, ORDERS_ONE_AT_A_TIME = 0, 1, 2
PRODUCT, ADDITIVE, CAPPED = 0, 1, 2
MINUTES_OF_DAY = 1440
QUARTERS_OF_DAY = 96
NEVER = 1 << 40


class Scratch(NamedTuple):
    """Room in which a walk reckons, overwritten by every walk.

    Meters of limits, what a minute adds to each and by which chance; by app the chance of an order in hand (then of one on
    any) and the hazard of a minute; minutes left, asked for and open, whether closed, since when and until when; by
    minute of a leg the chances of an order in hand (by app, then on any, and 1), factor and hazard.
    """

    meters: Floats
    pace: Floats
    source: Ints
    busy: Floats
    part: Floats
    left: Ints
    asked: Ints
    opened: Ints
    closed: Ints
    since: Ints
    until: Ints
    chances: Floats
    factors: Floats
    hazards: Floats


def new_scratch() -> Scratch:
    """Return room for the walks of one thread."""
    left, asked, opened, closed, since, until = (np.zeros(MOST_APPS, np.int64) for _ in range(6))
    return Scratch(
        meters=np.zeros(MOST_LIMITS),
        pace=np.zeros(MOST_LIMITS),
        source=np.zeros(MOST_LIMITS, np.int64),
        busy=np.zeros(MOST_APPS + 1),
        part=np.zeros(MOST_APPS),
        left=left,
        asked=asked,
        opened=opened,
        closed=closed,
        since=since,
        until=until,
        chances=np.zeros((MOST_APPS + 2, MOST_MINUTES)),
        factors=np.zeros(MOST_MINUTES),
        hazards=np.zeros(MOST_MINUTES),
    )


class Line(NamedTuple):
    """Shifts of one start under all wishes, from one walk: a shorter wish is the beginning of a longer one.

    Attributes
    ----------
    rows : (wishes, columns) row of each wish; no rows when no line is wanted.
    ends : (wishes, 4) of each wish the minute after the last one worked, the clock, minutes since a break, the last app.
    first, step : the first wish and the minutes between two.
    """

    rows: Floats
    ends: Ints
    first: int
    step: int


def no_line() -> Line:
    """Return a line of no shifts, for a walk that wants none."""
    return Line(np.zeros((0, 0)), np.zeros((0, 4), np.int64), 0, 1)


class ShiftLaw(NamedTuple):
    """The law of a shift in arrays. F portfolios, K apps of a portfolio at most, C kinds of day, E states of fatigue.

    Attributes
    ----------
    apps, at_once, commute : (F,) number of apps; whether they are open together; minutes of a way.
    share_to : (F, K + 1) cumulative shares in basis points; share : (F, K).
    base : (F, K) expected injuries of a minute at factor 1.
    orders_kind : (F, K) ORDERS_FIXED, ORDERS_POISSON or ORDERS_ONE_AT_A_TIME.
    demand : (F, K, 24) factor on orders by hour of the day; steady : (F, K) whether it is the same all day.
    rate : (C, F, K) orders a minute at factor 1; meter : (C, F, K) row of ``in_hand``, or of ``one`` by 96 or 1.
    climate_hazard : (C, F, K) factor on the hazard.
    in_hand : (M, minutes) integral of P(S > x) to the middle of each minute (Poisson orders, demand by the hour).
    one : (M, minutes) chance of an order in hand (others), by the quarter of opening unless demand is steady.
    situations : (3,) factors on order, waiting, travelling.
    shift_factor, break_factor : by minute of the fatigue clock, and of work since the last break.
    hour_factor : (24,) by hour of the day.
    restored : by minutes of rest, minutes taken from the clock; break_minutes : rest that makes a break.
    combine, cap : how multipliers combine.
    day_factor, day_added : (E,) product of the multipliers of the day, and sum of what each adds to 1.
    """

    apps: Ints
    at_once: Ints
    commute: Ints
    share_to: Ints
    share: Floats
    base: Floats
    orders_kind: Ints
    demand: Floats
    steady: Ints
    rate: Floats
    meter: Ints
    climate_hazard: Floats
    in_hand: Floats
    one: Floats
    situations: Floats
    shift_factor: Floats
    break_factor: Floats
    hour_factor: Floats
    restored: Ints
    break_minutes: int
    combine: int
    cap: float
    day_factor: Floats
    day_added: Floats
