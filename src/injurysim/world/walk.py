"""A shift walked minute by minute: what the rows of the tables hold, and where an injury is found.

A shift is looked up, not walked, once its row is known; this is the walk that fills the row. It is done again only for a
shift in which the rider is hurt, and for the rare one that no row is for.

The walk is one loop over minutes for apps worked one after another and one for apps open at once. Both work a
minute by the same rules: the chance of an order in hand (the mean meter), the hazard, the meters of the limits.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.core.kernel_cache import inlined, kernel

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_APPS = 8
MOST_LIMITS = 64

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
SURELY_DONE = 1e-12
A_HAIR = 1e-9
"""A meter of sums of fractions of a minute that is this close to its limit has reached it."""


class Scratch(NamedTuple):
    """Room in which a walk reckons: meters of limits; by app the chance of an order in hand (and of any), minutes left,
    asked for and open, whether closed and to when; all overwritten by every walk."""

    meters: Floats
    busy: Floats
    left: Ints
    asked: Ints
    opened: Ints
    closed: Ints
    until: Ints


def new_scratch() -> Scratch:
    """Return room for the walks of one thread."""
    apps = [np.zeros(MOST_APPS, np.int64) for _ in range(5)]
    return Scratch(np.zeros(MOST_LIMITS), np.zeros(MOST_APPS + 1), *apps)


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


NO_LINE = Line(np.zeros((0, 0)), np.zeros((0, 4), np.int64), 0, 1)


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


@inlined
def fatigue(law: ShiftLaw, clock: int, since_break: int, minute: int, state: int) -> float:
    """Combine the multipliers of a minute (of the day's midnight) under a state of fatigue of the day.

    Added up they are below zero only without a state: in rows to which what the day adds is still to come.
    """
    shift = law.shift_factor[clock]
    spell = law.break_factor[min(since_break, law.break_factor.shape[0] - 1)]
    hour = law.hour_factor[minute // 60 % 24]
    if law.combine == ADDITIVE:
        return shift + spell + hour - 2.0 + law.day_added[state]
    factor = shift * spell * hour * law.day_factor[state]
    return min(law.cap, factor) if law.combine == CAPPED else factor


@inlined
def busy_chance(law: ShiftLaw, kind: int, f: int, k: int, minute: int, open_for: int) -> float:
    """Chance of an order in hand in the middle of a minute of an app that has been open for so many minutes."""
    orders = law.orders_kind[f, k]
    if orders == ORDERS_FIXED:
        return 1.0
    meter = law.meter[kind, f, k]
    if orders == ORDERS_ONE_AT_A_TIME:
        quarter = 0 if law.steady[f, k] else (minute - open_for + 7) // 15 % QUARTERS_OF_DAY
        return law.one[meter + quarter, open_for]
    if law.steady[f, k]:
        return law.one[meter, open_for]
    rate, reached = law.rate[kind, f, k], law.in_hand[meter, open_for]
    # Hour by hour back to the opening: orders of an hour have been in hand for between `later` and `into` minutes.
    mean, later, into, hour = 0.0, 0.0, minute % 60, minute // 60
    while True:
        # Orders older than any order lasts are no longer in hand.
        whole = into >= open_for or reached - law.in_hand[meter, into] < SURELY_DONE * reached
        until = reached if whole else law.in_hand[meter, into]
        mean += rate * law.demand[f, k, hour % 24] * (until - later)
        if whole:
            return -math.expm1(-mean)
        later, into, hour = until, into + 60, hour - 1


@inlined
def _work_minute(
    law: ShiftLaw, kind: int, f: int, state: int, minute: int, clock: int, since_break: int,
    opened: Ints, busy: Floats, row: Floats,
) -> float:  # fmt: skip
    """Work a minute with the apps that are open (``opened[k]`` is minutes open so far, or -1), adding to the row.

    Fills ``busy`` (chance of an order in hand by app, then of any) and returns the hazard of the minute.
    """
    apps = law.apps[f]
    idle, weight, base = 1.0, 0.0, 0.0
    for k in range(apps):
        if opened[k] < 0:
            busy[k] = 0.0
            continue
        chance = busy_chance(law, kind, f, k, minute, opened[k])
        busy[k] = chance
        idle *= 1.0 - chance
        weight += law.share[f, k]
        base += law.share[f, k] * law.base[f, k] * law.climate_hazard[kind, f, k]
    any_busy = 1.0 - idle
    busy[MOST_APPS] = any_busy
    mix = law.situations[0] * any_busy + law.situations[1] * idle
    factor = fatigue(law, clock, since_break, minute, state)
    for k in range(apps):
        if opened[k] < 0:
            continue
        at = HEAD + k * PER_APP
        row[at + ONLINE] += 1.0
        row[at + ENGAGED] += busy[k]
        if law.orders_kind[f, k] != ORDERS_FIXED:
            offered = law.rate[kind, f, k] * law.demand[f, k, minute // 60 % 24]
            if law.orders_kind[f, k] == ORDERS_ONE_AT_A_TIME:
                offered *= 1.0 - busy[k]
            row[at + ORDERS] += offered
        plain = law.share[f, k] * law.base[f, k] * law.climate_hazard[kind, f, k] * mix / weight
        row[at + PLAIN] += plain
        row[at + HAZARD] += plain * factor
        opened[k] += 1
    row[WORKED] += 1.0
    row[BUSY] += any_busy
    return base / weight * mix * factor


@inlined
def _count(
    limits: Floats, meters: Floats, opened: Ints, busy: Floats, share: Floats, apps: int
) -> None:
    """Let the meters of the limits run for a minute that has just been worked."""
    for i in range(limits.shape[0]):
        engaged = limits[i, CLOCK] == CLOCK_ENGAGED
        if limits[i, SCOPE] != ALL:
            k = int(limits[i, SCOPE])
            if opened[k] > 0:
                meters[i] += limits[i, FIRST_COEFFICIENT + k] * (busy[k] if engaged else 1.0)
            continue
        coefficient, weight = 0.0, 0.0
        for k in range(apps):
            if opened[k] > 0:
                coefficient += share[k] * limits[i, FIRST_COEFFICIENT + k]
                weight += share[k]
        meters[i] += coefficient / weight * (busy[MOST_APPS] if engaged else 1.0)


@inlined
def _ends_work(limits: Floats, meters: Floats, row: Floats) -> bool:
    """Say whether a log-off over all platforms is reached, and note how long it keeps the rider off."""
    ended = False
    for i in range(limits.shape[0]):
        if limits[i, SCOPE] == ALL and limits[i, REST] == 0.0 and meters[i] >= limits[i, MINUTES] - A_HAIR:
            row[OFF] = max(row[OFF], limits[i, OFF_AFTER])
            ended = True
    return ended


@inlined
def _closes(limits: Floats, meters: Floats, k: int) -> tuple[bool, bool, float]:
    """Say whether a log-off closes an app, whether the rider then switches, and how long off after it."""
    closed, switches, off = False, True, 0.0
    for i in range(limits.shape[0]):
        if limits[i, SCOPE] == k and limits[i, REST] == 0.0 and meters[i] >= limits[i, MINUTES] - A_HAIR:
            closed = True
            switches = switches and limits[i, SWITCH] != 0.0
            off = max(off, limits[i, OFF_AFTER])
    return closed, closed and switches, off


@inlined
def _rest_due(limits: Floats, meters: Floats, scope: float) -> int:
    """Return the longest rest that is due under a scope, in minutes."""
    rest = 0.0
    for i in range(limits.shape[0]):
        if limits[i, SCOPE] == scope and limits[i, REST] > 0.0 and meters[i] >= limits[i, MINUTES] - A_HAIR:
            rest = max(rest, limits[i, REST])
    return int(rest)


@inlined
def _rested(limits: Floats, meters: Floats, scope: float, rest: int) -> None:
    """Set back the meters of rests under a scope for which a rest was long enough."""
    for i in range(limits.shape[0]):
        if limits[i, SCOPE] == scope and 0.0 < limits[i, REST] <= rest:
            meters[i] = 0.0


@inlined
def _travel_hazard(law: ShiftLaw, kind: int, f: int, k: int) -> float:
    return law.base[f, k] * law.climate_hazard[kind, f, k] * law.situations[2]


@inlined
def _stop(
    stop: Floats, minute: int, worked: float, app: int, on_order: float, busy: Floats, travelling: bool
) -> None:
    stop[HURT], stop[MINUTE], stop[BEFORE], stop[APP] = 1.0, minute, worked, app
    stop[TRAVELLING] = 1.0 if travelling else 0.0
    stop[ON_ORDER_CHANCE] = on_order
    for k in range(MOST_APPS):
        stop[FIRST_BUSY + k] = busy[k]


@inlined
def _note(line: Line, row: Floats, end: int, clock: int, since_break: int, last: int) -> None:
    """Keep what a shift that ends here comes to, if it is one of the line."""
    place = int(row[WORKED]) - line.first
    if line.rows.shape[0] > 0 and place >= 0 and place % line.step == 0:
        place //= line.step
        if place < line.rows.shape[0]:
            for j in range(line.rows.shape[1]):
                line.rows[place, j] = row[j]
            line.ends[place, 0], line.ends[place, 1] = end, clock
            line.ends[place, 2], line.ends[place, 3] = since_break, last


@kernel
def walk_line(
    law: ShiftLaw, kind: int, f: int, state: int, limits: Floats, start: int, scratch: Scratch, stop: Floats,
    row: Floats, line: Line,
) -> None:  # fmt: skip
    """Walk the longest shift of a line and fill the rows of all; for one app, or apps at once.

    Parameters are as of :func:`walk`; ``row`` and the line are overwritten.
    """
    count = line.rows.shape[0]
    line.rows[:] = 0.0
    longest = line.first + (count - 1) * line.step
    walk(law, kind, f, state, limits, start, longest, math.inf, scratch, row, stop, line)
    for place in range(count):
        wish, shift = line.first + place * line.step, line.rows[place]
        if shift[WORKED] == 0.0:
            # A limit ends the work before this wish is worked: all that wish more get the same.
            for j in range(line.rows.shape[1]):
                shift[j] = row[j]
        else:
            for k in range(law.apps[f]):
                _lose(law, kind, f, k, start + law.commute[f], shift, wish)
            _way_home(
                law, kind, f, state, start, line.ends[place, 0], line.ends[place, 1], line.ends[place, 2],
                line.ends[place, 3], 0.0, math.inf, scratch.busy, shift, stop,
            )  # fmt: skip
            continue
        for k in range(law.apps[f]):
            _lose(law, kind, f, k, start + law.commute[f], shift, wish)


@inlined
def _lose(law: ShiftLaw, kind: int, f: int, k: int, begin: int, row: Floats, asked: int) -> None:
    """Put down the expected orders of the minutes asked for on an app and not worked.

    At the mean rate of those worked, or at that of the minute in which the work begins if there are none.
    """
    at = HEAD + k * PER_APP
    if row[at + ONLINE] > 0.0:
        row[at + LOST] = row[at + ORDERS] / row[at + ONLINE] * max(0.0, asked - row[at + ONLINE])
    elif law.orders_kind[f, k] != ORDERS_FIXED:
        row[at + LOST] = law.rate[kind, f, k] * law.demand[f, k, begin // 60 % 24] * asked


@inlined
def _way_home(
    law: ShiftLaw, kind: int, f: int, state: int, start: int, minute: int, clock: int, since_break: int, last: int,
    gathered: float, stop_at: float, busy: Floats, row: Floats, stop: Floats,
) -> None:  # fmt: skip
    """Go home from the last order, or to the minute in which the rider is hurt on the way."""
    row[LENGTH] = minute - start
    for _ in range(law.commute[f]):
        plain = _travel_hazard(law, kind, f, last)
        hazard = plain * fatigue(law, clock, since_break, minute, state)
        row[HEAD + last * PER_APP + PLAIN] += plain
        row[HEAD + last * PER_APP + HAZARD] += hazard
        gathered += hazard
        minute += 1
        row[LENGTH] = minute - start
        if gathered >= stop_at:
            _stop(stop, minute - 1, row[WORKED], last, 0.0, busy, True)
            row[OFF] = 0.0
            break


@kernel
def walk(
    law: ShiftLaw, kind: int, f: int, state: int, limits: Floats, start: int, wanted: int, stop_at: float,
    scratch: Scratch, row: Floats, stop: Floats, line: Line,
) -> None:  # fmt: skip
    """Walk a shift, to its end or to the minute in which its hazard reaches ``stop_at``.

    Parameters
    ----------
    law : ShiftLaw
    kind, f, state : int
        Kind of day, portfolio and state of fatigue of the day.
    limits : array of shape (n, LIMIT_COLUMNS)
        Those that hold for the rider.
    start, wanted : int
        Minute of the day's midnight at which the way out begins; minutes wanted.
    stop_at : float
        Hazard, at rider's factor 1, at which the rider is hurt; infinite to walk to the end.
    scratch : Scratch
        Overwritten.
    row : array of shape (HEAD + apps * PER_APP,)
        Filled with what was worked; nothing but orders lost when there is no shift, and none of these when the rider is hurt.
    stop : array of shape (STOP_COLUMNS,)
        Filled with where the rider is hurt; zero when not.
    line : Line
        Filled with shorter shifts on the way (see :func:`walk_line`); NO_LINE when none are wanted.
    """
    apps = law.apps[f]
    row[:] = 0.0
    stop[:] = 0.0
    meters, busy, left, asked, opened = scratch.meters, scratch.busy, scratch.left, scratch.asked, scratch.opened
    meters[: limits.shape[0]] = 0.0
    busy[:] = 0.0
    left[:] = 0
    opened[:] = -1
    before = 0
    for k in range(apps):
        upto = (2 * wanted * law.share_to[f, k + 1] + 10_000) // 20_000
        left[k] = upto - before
        before = upto
        asked[k] = wanted if law.at_once[f] else left[k]
    if _ends_work(limits, meters, row) or not _any_room(limits, meters, left, apps, law.at_once[f]):
        row[OFF] = 0.0
        for k in range(apps):
            _lose(law, kind, f, k, start + law.commute[f], row, asked[k])
        return

    minute, gathered = start, 0.0
    for _ in range(law.commute[f]):
        plain = _travel_hazard(law, kind, f, 0)
        hazard = plain * fatigue(law, 0, 0, minute, state)
        row[HEAD + PLAIN] += plain
        row[HEAD + HAZARD] += hazard
        gathered += hazard
        minute += 1
        if gathered >= stop_at:
            _stop(stop, minute - 1, 0.0, 0, 0.0, busy, True)
            row[LENGTH] = minute - start
            return
    if law.at_once[f]:
        minute, clock, since_break, last, gathered = _at_once(
            law, kind, f, state, limits, scratch, minute, wanted, gathered, stop_at, row, stop, line
        )
    else:
        minute, clock, since_break, last, gathered = _in_sequence(
            law, kind, f, state, limits, scratch, minute, gathered, stop_at, row, stop, line
        )
    if stop[HURT] != 0.0:
        row[LENGTH], row[OFF] = minute - start, 0.0
        return
    _way_home(
        law, kind, f, state, start, minute, clock, since_break, last, gathered, stop_at, busy, row, stop
    )
    if stop[HURT] == 0.0:
        for k in range(apps):
            _lose(law, kind, f, k, start + law.commute[f], row, asked[k])


@kernel
def _any_room(limits: Floats, meters: Floats, left: Ints, apps: int, at_once: int) -> bool:
    """Say whether there is an app on which anything can be worked, switching included."""
    for k in range(apps):
        if left[k] == 0 and not at_once:
            continue
        for step in range(apps):
            closed, switches, _ = _closes(limits, meters, (k + step) % apps)
            if not closed:
                return True
            if at_once or not switches:
                break
    return False


@inlined
def _hurt_at_work(
    law: ShiftLaw, row: Floats, stop: Floats, opened: Ints, busy: Floats, minute: int
) -> None:
    app = 0
    while opened[app] < 0:
        app += 1
    any_busy = busy[MOST_APPS]
    on, waiting = law.situations[0] * any_busy, law.situations[1] * (1.0 - any_busy)
    _stop(stop, minute, row[WORKED] - 1.0, app, on / (on + waiting), busy, False)


@kernel
def _in_sequence(
    law: ShiftLaw, kind: int, f: int, state: int, limits: Floats, scratch: Scratch,
    minute: int, gathered: float, stop_at: float, row: Floats, stop: Floats, line: Line,
) -> tuple[int, int, int, int, float]:  # fmt: skip
    """Work the apps one after another, and once more round for what a log-off has left over.

    Returns the minute after the last one worked, the fatigue clock, the minutes since a break, the last app and the
    hazard gathered.
    """
    apps, meters, busy, opened, left = law.apps[f], scratch.meters, scratch.busy, scratch.opened, scratch.left
    clock, since_break, last, end = 0, 0, 0, minute
    gone_on = 0.0  # off after a log-off at which the rider went on with another app, until some work is found there
    for visit in range(2 * apps):
        k = visit % apps
        _rested(limits, meters, k, MINUTES_OF_DAY)
        gone_on = max(gone_on, _log_off(limits, meters, k, apps, left, row))
        if left[k] > 0:
            opened[k] = 0
        while left[k] > 0:
            hazard = _work_minute(law, kind, f, state, minute, clock, since_break, opened, busy, row)
            last, minute, left[k] = k, minute + 1, left[k] - 1
            end = minute
            gathered += hazard
            if gathered >= stop_at:
                _hurt_at_work(law, row, stop, opened, busy, minute - 1)
                return end, clock, since_break, last, gathered
            clock, since_break = clock + 1, since_break + 1
            _count(limits, meters, opened, busy, law.share[f], apps)
            _note(line, row, end, clock, since_break, last)
            gone_on = 0.0
            rest = 0
            if left.sum() > 0:
                if _ends_work(limits, meters, row):
                    return end, clock, since_break, last, gathered
                gone_on = _log_off(limits, meters, k, apps, left, row)
                rest = _rest_due(limits, meters, ALL) if left.sum() > 0 else 0
            if left[k] > 0:
                rest = max(rest, _rest_due(limits, meters, k))
            if rest:
                minute += rest
                clock = max(0, clock - law.restored[min(rest, law.restored.shape[0] - 1)])
                since_break = 0 if rest >= law.break_minutes else since_break
                _rested(limits, meters, ALL, rest)
                _rested(limits, meters, k, rest)
                opened[k] = 0
        opened[k] = -1
    row[OFF] = max(row[OFF], gone_on)
    return end, clock, since_break, last, gathered


@inlined
def _log_off(limits: Floats, meters: Floats, k: int, apps: int, left: Ints, row: Floats) -> float:
    """At an app's limit give up what is wanted on it, or take it to the next app (from the last to the first).

    Returns the minutes off that are due unless the rider finds work on another app; others are noted at once.
    """
    closed, switches, off = _closes(limits, meters, k)
    over = left[k]
    if not closed or over == 0:
        return 0.0
    left[k] = 0
    if switches and apps > 1:
        left[(k + 1) % apps] += over
        return off
    row[OFF] = max(row[OFF], off)
    return 0.0


@kernel
def _at_once(
    law: ShiftLaw, kind: int, f: int, state: int, limits: Floats, scratch: Scratch,
    minute: int, wanted: int, gathered: float, stop_at: float, row: Floats, stop: Floats, line: Line,
) -> tuple[int, int, int, int, float]:  # fmt: skip
    """Work with all apps open together; returns what :func:`_in_sequence` does."""
    apps, meters, busy, opened = law.apps[f], scratch.meters, scratch.busy, scratch.opened
    closed, until = scratch.closed, scratch.until
    closed[:] = 0
    until[:] = minute
    clock, since_break, last, end = 0, 0, 0, minute
    gone_on = 0.0  # as in sequence
    while row[WORKED] < wanted:
        first_open, opens = -1, NEVER
        for k in range(apps):
            closes, switches, off = _closes(limits, meters, k)
            if closes:
                if closed[k] == 0:
                    closed[k] = 1
                    opened[k] = -1
                    if switches and closed[:apps].sum() < apps:
                        gone_on = max(gone_on, off)
                    else:
                        row[OFF] = max(row[OFF], off)
                continue
            rest = _rest_due(limits, meters, k)
            if rest:
                until[k] = minute + rest
                opened[k] = -1
                _rested(limits, meters, k, rest)
            opens = min(opens, until[k])
        if opens == NEVER:
            break
        rests_to = max(minute + _rest_due(limits, meters, ALL), opens)
        if rests_to > minute:
            rest = rests_to - minute
            minute = rests_to
            clock = max(0, clock - law.restored[min(rest, law.restored.shape[0] - 1)])
            since_break = 0 if rest >= law.break_minutes else since_break
            _rested(limits, meters, ALL, rest)
            for k in range(apps):
                _rested(limits, meters, k, rest)
                opened[k] = -1
        for k in range(apps - 1, -1, -1):
            if not closed[k] and until[k] <= minute:
                opened[k] = max(opened[k], 0)
                first_open = k
        last = first_open
        hazard = _work_minute(law, kind, f, state, minute, clock, since_break, opened, busy, row)
        minute += 1
        end = minute
        gathered += hazard
        if gathered >= stop_at:
            _hurt_at_work(law, row, stop, opened, busy, minute - 1)
            break
        clock, since_break = clock + 1, since_break + 1
        _count(limits, meters, opened, busy, law.share[f], apps)
        gone_on = 0.0
        _note(line, row, end, clock, since_break, last)
        if row[WORKED] < wanted and _ends_work(limits, meters, row):
            break
    row[OFF] = max(row[OFF], gone_on)
    return end, clock, since_break, last, gathered
