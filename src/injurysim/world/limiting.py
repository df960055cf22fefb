"""Limits at work: which log-off or rest is due, and what it does to the time still wanted."""

from __future__ import annotations

from injurysim.core.kernel_cache import inlined, kernel
from injurysim.world.layout import (
    ALL,
    MINUTES,
    OFF,
    OFF_AFTER,
    REST,
    SCOPE,
    SWITCH,
    Floats,
    Ints,
)

A_HAIR = 1e-9
"""A meter of sums of fractions of a minute that is this close to its limit has reached it."""


@inlined
def ends_work(limits: Floats, meters: Floats, row: Floats) -> bool:
    """Say whether a log-off over all platforms is reached, and note how long it keeps the rider off."""
    ended = False
    for i in range(limits.shape[0]):
        if limits[i, SCOPE] == ALL and limits[i, REST] == 0.0 and meters[i] >= limits[i, MINUTES] - A_HAIR:
            row[OFF] = max(row[OFF], limits[i, OFF_AFTER])
            ended = True
    return ended


@inlined
def closes(limits: Floats, meters: Floats, k: int) -> tuple[bool, bool, float]:
    """Say whether a log-off closes an app, whether the rider then switches, and how long off after it."""
    closed, switches, off = False, True, 0.0
    for i in range(limits.shape[0]):
        if limits[i, SCOPE] == k and limits[i, REST] == 0.0 and meters[i] >= limits[i, MINUTES] - A_HAIR:
            closed = True
            switches = switches and limits[i, SWITCH] != 0.0
            off = max(off, limits[i, OFF_AFTER])
    return closed, closed and switches, off


@inlined
def rest_due(limits: Floats, meters: Floats, scope: float) -> int:
    """Return the longest rest that is due under a scope, in minutes."""
    rest = 0.0
    for i in range(limits.shape[0]):
        if limits[i, SCOPE] == scope and limits[i, REST] > 0.0 and meters[i] >= limits[i, MINUTES] - A_HAIR:
            rest = max(rest, limits[i, REST])
    return int(rest)


@inlined
def rested(limits: Floats, meters: Floats, scope: float, rest: int) -> None:
    """Set back the meters of rests under a scope for which a rest was long enough."""
    for i in range(limits.shape[0]):
        if limits[i, SCOPE] == scope and 0.0 < limits[i, REST] <= rest:
            meters[i] = 0.0


@inlined
def log_off(limits: Floats, meters: Floats, k: int, apps: int, left: Ints, row: Floats) -> None:
    """At an app's limit give up what is wanted on it, or take it to the next app (from the last to the first)."""
    closed, switches, off = closes(limits, meters, k)
    if not closed:
        return
    over = left[k]
    left[k] = 0
    if switches and apps > 1:
        left[(k + 1) % apps] += over
    else:
        row[OFF] = max(row[OFF], off)


@kernel
def any_room(limits: Floats, meters: Floats, left: Ints, apps: int, at_once: int) -> bool:
    """Say whether there is an app on which anything can be worked, switching included."""
    for k in range(apps):
        if left[k] == 0 and not at_once:
            continue
        for step in range(apps):
            closed, switches, _ = closes(limits, meters, (k + step) % apps)
            if not closed:
                return True
            if at_once or not switches:
                break
    return False
