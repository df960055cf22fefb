"""A shift walked minute by minute: what the rows of the tables hold, and where an injury is found.

A shift is looked up, not walked, once its row is known; this is the walk that fills the row. It is done again only for a
shift in which the rider is hurt, and for the rare one that no row is for.

The walk is one loop over legs for apps worked one after another and one for apps open at once. Both work the minutes of
a leg by the same rules: the chance of an order in hand (the mean meter), the hazard, the meters of the limits.
"""

from __future__ import annotations

import math

from injurysim.core.kernel_cache import inlined, kernel
from injurysim.world.layout import (
    ALL,
    APP,
    BEFORE,
    FIRST_BUSY,
    HAZARD,
    HEAD,
    HURT,
    LENGTH,
    LOST,
    MINUTE,
    MINUTES_OF_DAY,
    MOST_APPS,
    NEVER,
    OFF,
    ON_ORDER_CHANCE,
    ONLINE,
    ORDERS,
    ORDERS_FIXED,
    PER_APP,
    PLAIN,
    TRAVELLING,
    WORKED,
    Floats,
    Ints,
    Line,
    Scratch,
    ShiftLaw,
    whole,
)
from injurysim.world.leg import ALWAYS, ANY_BUSY, note, set_out, work_leg
from injurysim.world.limiting import any_room, closes, ends_work, log_off, rest_due, rested
from injurysim.world.minute import fatigue


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
def walk_line(
    law: ShiftLaw, kind: int, f: int, state: int, limits: Floats, start: int, scratch: Scratch, stop: Floats,
    row: Floats, line: Line,
) -> None:  # fmt: skip
    """Walk the longest shift of a line and fill the rows of all; for one app, or apps at once.

    Parameters are as of :func:`walk`; ``row`` and the line are overwritten.
    """
    wishes = line.rows.shape[0]
    line.rows[:] = 0.0
    longest = line.first + (wishes - 1) * line.step
    walk(law, kind, f, state, limits, start, longest, math.inf, scratch, row, stop, line)
    for place in range(wishes):
        wish, shift = line.first + place * line.step, line.rows[place]
        # A limit ends the work before this wish is worked: all that wish more get the same.
        cut = shift[WORKED] == 0.0
        if cut:
            for j in range(line.rows.shape[1]):
                shift[j] = row[j]
        for k in range(law.apps[f]):
            _lose(law, kind, f, k, start + law.commute[f], shift, wish)
        if not cut:
            _way_home(
                law, kind, f, state, start, line.ends[place, 0], line.ends[place, 1], line.ends[place, 2],
                line.ends[place, 3], 0.0, math.inf, scratch.busy, shift, stop,
            )  # fmt: skip


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
        Filled with what was worked; nothing but orders lost when there is no shift, and none of these when an injury ends the work.
    stop : array of shape (STOP_COLUMNS,)
        Filled with where the rider is hurt; zero when not.
    line : Line
        Filled with shorter shifts on the way (see :func:`walk_line`); one of no shifts when none are wanted.
    """
    apps = law.apps[f]
    row[:] = 0.0
    stop[:] = 0.0
    meters, busy, left, asked, opened = (
        scratch.meters,
        scratch.busy,
        scratch.left,
        scratch.asked,
        scratch.opened,
    )
    meters[: limits.shape[0]] = 0.0
    busy[:] = 0.0
    scratch.chances[ALWAYS] = 1.0
    left[:] = 0
    opened[:] = -1
    before = 0
    for k in range(apps):
        upto = (2 * wanted * law.share_to[f, k + 1] + 10_000) // 20_000
        left[k] = upto - before
        before = upto
        asked[k] = wanted if law.at_once[f] else left[k]
    if ends_work(limits, meters, row) or not any_room(limits, meters, left, apps, law.at_once[f]):
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
    for k in range(apps):
        _lose(law, kind, f, k, start + law.commute[f], row, asked[k])
    _way_home(
        law, kind, f, state, start, minute, clock, since_break, last, gathered, stop_at, busy, row, stop
    )


@inlined
def _hurt_at_work(law: ShiftLaw, row: Floats, stop: Floats, opened: Ints, busy: Floats, minute: int) -> None:
    app = 0
    while opened[app] < 0:
        app += 1
    any_busy = busy[ANY_BUSY]
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
    clock, since_break, last, end = whole(0), whole(0), whole(0), minute
    for visit in range(2 * apps):
        k = visit % apps
        rested(limits, meters, k, MINUTES_OF_DAY)
        log_off(limits, meters, k, apps, left, row)
        if left[k] > 0:
            opened[k] = 0
        while left[k] > 0:
            minutes = set_out(law, kind, f, limits, scratch, left[k])
            worked, gathered = work_leg(
                law, kind, f, state, limits, scratch, minute, minutes, clock, since_break, k, gathered, stop_at, row, line
            )  # fmt: skip
            last, end = k, minute + worked
            if gathered >= stop_at:
                _hurt_at_work(law, row, stop, opened, busy, end - 1)
                return end, clock, since_break, last, gathered
            minute, clock, since_break, left[k] = end, clock + worked, since_break + worked, left[k] - worked
            ended = ends_work(limits, meters, row)
            if not ended:
                log_off(limits, meters, k, apps, left, row)
            note(line, row, end, clock, since_break, last, row[OFF])
            if ended:
                return end, clock, since_break, last, gathered
            rest = 0
            if left.sum() > 0:
                rest = rest_due(limits, meters, ALL)
            if left[k] > 0:
                rest = max(rest, rest_due(limits, meters, k))
            if rest:
                minute += rest
                clock = max(0, clock - law.restored[min(rest, law.restored.shape[0] - 1)])
                since_break = 0 if rest >= law.break_minutes else since_break
                rested(limits, meters, ALL, rest)
                rested(limits, meters, k, rest)
                opened[k] = 0
        opened[k] = -1
    return end, clock, since_break, last, gathered


@kernel
def _at_once(  # noqa: PLR0912, PLR0915 (what a minute with many apps goes through, in order)
    law: ShiftLaw, kind: int, f: int, state: int, limits: Floats, scratch: Scratch,
    minute: int, wanted: int, gathered: float, stop_at: float, row: Floats, stop: Floats, line: Line,
) -> tuple[int, int, int, int, float]:  # fmt: skip
    """Work with all apps open together; returns what :func:`_in_sequence` does."""
    apps, meters, busy, opened = law.apps[f], scratch.meters, scratch.busy, scratch.opened
    closed, since, until = scratch.closed, scratch.since, scratch.until
    closed[:] = 0
    since[:] = minute
    until[:] = minute
    clock, since_break, last, end = whole(0), whole(0), whole(0), minute
    while row[WORKED] < wanted:
        everybody = rest_due(limits, meters, ALL)
        first_open, opens = whole(-1), NEVER
        for k in range(apps):
            closing, _, off = closes(limits, meters, k)
            if closing:
                closed[k] = 1
                opened[k] = -1
                row[OFF] = max(row[OFF], off)
                continue
            rest = rest_due(limits, meters, k) if opened[k] >= 0 else 0
            if opened[k] >= 0 and max(rest, everybody) > 0:
                since[k], until[k] = minute, minute + rest
                opened[k] = -1
            if everybody > 0:
                until[k] = max(until[k], minute + everybody)
            opens = min(opens, minute if opened[k] >= 0 else max(minute, until[k]))
        if opens == NEVER:
            break
        if opens > minute:
            rest = opens - minute
            minute = opens
            clock = max(0, clock - law.restored[min(rest, law.restored.shape[0] - 1)])
            since_break = 0 if rest >= law.break_minutes else since_break
            rested(limits, meters, ALL, rest)
        for k in range(apps - 1, -1, -1):
            if closed[k] == 0 and opened[k] < 0 and until[k] <= minute:
                rested(limits, meters, k, minute - since[k])
                opened[k] = 0
            if opened[k] >= 0:
                first_open = k
        last = first_open
        minutes = wanted - int(row[WORKED])
        for k in range(apps):
            if closed[k] == 0 and opened[k] < 0:
                minutes = min(minutes, until[k] - minute)
        minutes = set_out(law, kind, f, limits, scratch, minutes)
        worked, gathered = work_leg(
            law, kind, f, state, limits, scratch, minute, minutes, clock, since_break, last, gathered, stop_at, row, line
        )  # fmt: skip
        end = minute + worked
        if gathered >= stop_at:
            _hurt_at_work(law, row, stop, opened, busy, end - 1)
            break
        minute, clock, since_break = end, clock + worked, since_break + worked
        ended = ends_work(limits, meters, row)
        off = row[OFF]
        for k in range(apps):
            closing, _, after = closes(limits, meters, k)
            if closing:
                off = max(off, after)
        note(line, row, end, clock, since_break, last, off)
        if ended or row[WORKED] >= wanted:
            row[OFF] = off
            break
    return end, clock, since_break, last, gathered
