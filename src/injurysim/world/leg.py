"""A leg: minutes of work in a row in which no limit can be reached before the last, with the same apps open.

Nearly all minutes of a shift are of this kind, so what is the same in all of them is reckoned once.
"""

from __future__ import annotations

import math

from injurysim.core.kernel_cache import inlined
from injurysim.world.layout import (
    ALL,
    BUSY,
    CLOCK,
    CLOCK_ENGAGED,
    ENGAGED,
    FIRST_COEFFICIENT,
    HAZARD,
    HEAD,
    MINUTES,
    MOST_APPS,
    OFF,
    ONLINE,
    ORDERS,
    ORDERS_FIXED,
    ORDERS_ONE_AT_A_TIME,
    PER_APP,
    PLAIN,
    SCOPE,
    WORKED,
    Floats,
    Ints,
    Line,
    Scratch,
    ShiftLaw,
)
from injurysim.world.minute import busy_chance, fatigue

ANY_BUSY, ALWAYS = MOST_APPS, MOST_APPS + 1
"""Behind the chance of an order in hand on each app, that of one on any; and 1, for meters of minutes online."""
BARELY = 1e-6
"""A leg ends a minute early rather than that sums of fractions of a minute reach a limit before its end."""


@inlined
def note(line: Line, row: Floats, end: int, clock: int, since_break: int, last: int, off: float) -> None:
    """Keep what a shift that ends here comes to, if it is one of the line."""
    if line.rows.shape[0] == 0:
        return
    place = int(row[WORKED]) - line.first
    if place >= 0 and place % line.step == 0:
        place //= line.step
        if place < line.rows.shape[0]:
            for j in range(line.rows.shape[1]):
                line.rows[place, j] = row[j]
            line.rows[place, OFF] = off
            line.ends[place, 0], line.ends[place, 1] = end, clock
            line.ends[place, 2], line.ends[place, 3] = since_break, last


@inlined
def _weights(share: Floats, opened: Ints, apps: int) -> tuple[float, float]:
    """Return what is added to the shares of open apps to weigh them (nothing, unless none has a share), and their sum."""
    total, number = 0.0, 0.0
    for k in range(apps):
        if opened[k] >= 0:
            total += share[k]
            number += 1.0
    return (0.0, total) if total > 0.0 else (1.0, number)


@inlined
def set_out(
    law: ShiftLaw, kind: int, f: int, limits: Floats, scratch: Scratch, most: int
) -> int:  # fmt: skip
    """Reckon what all minutes of a leg have in common, and return for how many no limit can be reached before the last.

    Fills ``part`` (hazard of a minute by app, without situation and fatigue), ``pace`` and ``source`` (what a minute adds
    to the meter of a limit, and by which chance it is multiplied).
    """
    apps, opened = law.apps[f], scratch.opened
    alike, weight = _weights(law.share[f], opened, apps)
    for k in range(apps):
        scratch.part[k] = 0.0
        if opened[k] >= 0:
            share = (law.share[f, k] + alike) / weight
            scratch.part[k] = share * law.base[f, k] * law.climate_hazard[kind, f, k]
    for i in range(limits.shape[0]):
        pace, scope = 0.0, int(limits[i, SCOPE])
        if limits[i, SCOPE] == ALL:
            for k in range(apps):
                if opened[k] >= 0:
                    pace += (law.share[f, k] + alike) / weight * limits[i, FIRST_COEFFICIENT + k]
        elif opened[scope] >= 0:
            pace = limits[i, FIRST_COEFFICIENT + scope]
        scratch.pace[i], scratch.source[i] = pace, ALWAYS
        if limits[i, CLOCK] == CLOCK_ENGAGED:
            scratch.source[i] = ANY_BUSY if limits[i, SCOPE] == ALL else scope
        if pace > 0.0:
            ahead = (limits[i, MINUTES] - scratch.meters[i]) / pace - BARELY
            if ahead < most:
                most = math.ceil(ahead)
    return max(1, most)


@inlined
def work_leg(
    law: ShiftLaw, kind: int, f: int, state: int, limits: Floats, scratch: Scratch, minute: int, minutes: int, clock: int,
    since_break: int, last: int, gathered: float, stop_at: float, row: Floats, line: Line,
) -> tuple[int, float]:  # fmt: skip
    """Work a leg, adding to the row minute by minute, to its end or to the minute in which the rider is hurt.

    ``scratch.opened`` is minutes open so far by app, or -1; ``scratch.busy`` is left as of the last minute. All sums run
    on from minute to minute, so it does not matter how minutes are divided into legs. Shorter shifts of the line that end
    before the last minute of the leg are noted.

    Returns
    -------
    worked : int
        Minutes worked.
    gathered : float
        Hazard gathered with them.
    """
    apps, opened, busy, part = law.apps[f], scratch.opened, scratch.busy, scratch.part
    meters, pace, source = scratch.meters, scratch.pace, scratch.source
    on_order, waiting = law.situations[0], law.situations[1]
    number, noting = limits.shape[0], line.rows.shape[0] > 0
    for done in range(1, minutes + 1):
        idle = 1.0
        for k in range(apps):
            busy[k] = 0.0
            if opened[k] >= 0:
                busy[k] = busy_chance(law, kind, f, k, minute, opened[k])
                idle *= 1.0 - busy[k]
        any_busy = 1.0 - idle
        busy[ANY_BUSY] = any_busy
        mix = on_order * any_busy + waiting * idle
        factor = fatigue(law, clock, since_break, minute, state)
        for k in range(apps):
            if opened[k] < 0:
                continue
            opened[k] += 1
            at, plain, orders = HEAD + k * PER_APP, part[k] * mix, law.orders_kind[f, k]
            row[at + ONLINE] += 1.0
            row[at + ENGAGED] += busy[k]
            if orders != ORDERS_FIXED:
                offered = law.rate[kind, f, k] * law.demand[f, k, minute // 60 % 24]
                if orders == ORDERS_ONE_AT_A_TIME:
                    offered *= 1.0 - busy[k]
                row[at + ORDERS] += offered
            row[at + PLAIN] += plain
            row[at + HAZARD] += plain * factor
            gathered += plain * factor
        row[WORKED] += 1.0
        row[BUSY] += any_busy
        if gathered >= stop_at:
            return done, gathered
        minute, clock, since_break = minute + 1, clock + 1, since_break + 1
        for i in range(number):
            meters[i] += pace[i] * busy[source[i]]
        if noting and done < minutes:
            note(line, row, minute, clock, since_break, last, row[OFF])
    return minutes, gathered
