"""A leg: minutes of work in a row in which no limit can be reached before the last, with the same apps open.

Nearly all minutes of a shift are of this kind, so what is the same in all of them is reckoned once.
"""

from __future__ import annotations

import math

from injurysim.core.kernel_cache import inlined, kernel
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
    MOST_MINUTES,
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
    index,
)
from injurysim.world.minute import fatigue, fill_chances, hour_of

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


@kernel
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
    return max(1, min(most, MOST_MINUTES))


@inlined
def _look_ahead(
    law: ShiftLaw, kind: int, f: int, state: int, scratch: Scratch, minute: int, minutes: int, clock: int, since_break: int
) -> float:  # fmt: skip
    """Fill chances, hazards (without fatigue, in parts of the apps' own) and factors of fatigue of a leg; return that of all."""
    apps, opened, chances, hazards = law.apps[f], scratch.opened, scratch.chances, scratch.hazards
    whole, on_order, waiting = 0.0, law.situations[0], law.situations[1]
    for i in range(minutes):
        hazards[i] = 1.0
        scratch.factors[i] = fatigue(law, clock + i, since_break + i, minute + i, state)
    for k in range(apps):
        whole += scratch.part[k]
        if opened[k] >= 0:
            fill_chances(law, kind, f, k, minute, opened[k], minutes, chances[k])
            for i in range(minutes):
                hazards[i] *= 1.0 - chances[k, i]
        else:
            chances[k, :minutes] = 0.0
    # So far the chance that no order is in hand.
    for i in range(minutes):
        idle = hazards[i]
        chances[ANY_BUSY, i] = 1.0 - idle
        hazards[i] = on_order * (1.0 - idle) + waiting * idle
    return whole


@kernel
def work_leg(
    law: ShiftLaw, kind: int, f: int, state: int, limits: Floats, scratch: Scratch, minute: int, minutes: int, clock: int,
    since_break: int, last: int, gathered: float, stop_at: float, row: Floats, line: Line,
) -> tuple[int, float]:  # fmt: skip
    """Work a leg, adding to the row, to its end or to the minute in which the rider is hurt.

    ``scratch.opened`` is minutes open so far by app, or -1; ``scratch.busy`` is left as of the last minute. Shorter shifts of
    the line that end before the last minute of the leg are noted.

    First the chances of all minutes, then their hazards, then the sums, each minute after the one before: so a sum does not
    depend on how minutes are divided into legs.

    Returns
    -------
    worked : int
        Minutes worked.
    gathered : float
        Hazard gathered with them.
    """
    apps, opened, chances, hazards = law.apps[f], scratch.opened, scratch.chances, scratch.hazards
    whole = _look_ahead(law, kind, f, state, scratch, minute, minutes, clock, since_break)
    worked = 0
    while worked < minutes and gathered < stop_at:
        gathered += whole * hazards[index(worked)] * scratch.factors[index(worked)]
        worked += 1
    begin = 0
    while begin < worked:
        end = _next_of_line(line, int(row[WORKED]), begin, worked)
        for k in range(apps):
            if opened[k] >= 0:
                _add_up(law, kind, f, k, scratch, minute, begin, end, row)
        for i in range(begin, end):
            row[BUSY] += chances[ANY_BUSY, index(i)]
        row[WORKED] += end - begin
        if end < minutes:
            note(line, row, minute + end, clock + end, since_break + end, last, row[OFF])
        begin = end
    for i in range(limits.shape[0]):
        pace, chance = scratch.pace[i], chances[scratch.source[i]]
        for j in range(worked):
            scratch.meters[i] += pace * chance[j]
    for k in range(apps):
        scratch.busy[k] = chances[k, worked - 1]
        opened[k] += worked if opened[k] >= 0 else 0
    scratch.busy[ANY_BUSY] = chances[ANY_BUSY, worked - 1]
    return worked, gathered


@inlined
def _next_of_line(line: Line, so_far: int, begin: int, end: int) -> int:
    """Return where in a leg the next shorter shift of the line ends, or else the leg."""
    if line.rows.shape[0] == 0:
        return end
    ahead = line.first - so_far
    if ahead <= 0:
        ahead = line.step - (so_far - line.first) % line.step
    return min(end, begin + ahead)


@inlined
def _add_up(
    law: ShiftLaw, kind: int, f: int, k: int, scratch: Scratch, minute: int, begin: int, end: int, row: Floats
) -> None:
    """Add minutes of a leg on one app to the row."""
    at, orders, part = HEAD + k * PER_APP, law.orders_kind[f, k], scratch.part[k]
    rate, chance, hazards, factors = (
        law.rate[kind, f, k],
        scratch.chances[k],
        scratch.hazards,
        scratch.factors,
    )
    engaged, taken, plain, hazard = (
        row[at + ENGAGED],
        row[at + ORDERS],
        row[at + PLAIN],
        row[at + HAZARD],
    )
    for i in range(begin, end):
        of_minute = part * hazards[index(i)]
        engaged += chance[index(i)]
        plain += of_minute
        hazard += of_minute * factors[index(i)]
    if orders != ORDERS_FIXED:
        for i in range(begin, end):
            offered = rate * law.demand[index(f), k, hour_of(minute + i)]
            taken += offered * (1.0 - chance[index(i)]) if orders == ORDERS_ONE_AT_A_TIME else offered
    row[at + ONLINE] += end - begin
    row[at + ENGAGED], row[at + ORDERS], row[at + PLAIN], row[at + HAZARD] = engaged, taken, plain, hazard
