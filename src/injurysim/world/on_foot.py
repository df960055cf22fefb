"""Shifts that are walked: those without a row, those a limit by week or month cuts, and those in which a rider is hurt."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from injurysim.core.kernel_cache import inlined, kernel
from injurysim.core.threefry import uniform_pair
from injurysim.world import layout
from injurysim.world.lasting import add_left
from injurysim.world.layout import ShiftLaw, whole
from injurysim.world.packed import hazard_of, pack
from injurysim.world.picks import START_MINUTES, WANTED_MINUTES
from injurysim.world.roster import (
    AT,
    BEFORE,
    DAYS_OFF,
    INJURY_CLOCK,
    MOST_INJURIES,
    NEVER_BACK,
    NOBODY,
    OFF_DAYS,
    ON_ORDER,
    RECOVERY_NONE,
    RECOVERY_OFF_WORK,
    RIDER,
    SECOND_SLOT,
    SEVERITY,
    SEVERITY_CODE,
    SITUATION,
    SITUATION_CODE,
    SLOT,
    TRAVELLING,
    WAITING,
    Hurting,
    K,
    OnFoot,
    Riders,
)
from injurysim.world.rows import RowTables
from injurysim.world.walk import walk

Ints = NDArray[np.integer]
Floats = NDArray[np.float64]


@inlined
def clock_of(key0: np.uint64, who: np.uint64, month: int, k: int, scale: float) -> float:
    """Hazard until injury k of the month: a unit-exponential clock, divided by the rider's factor."""
    if scale <= 0.0:
        return math.inf
    u, _ = uniform_pair(key0, who, INJURY_CLOCK, month, k)
    return -math.log(u) / scale


@kernel
def _where(
    key0: np.uint64, who: np.uint64, month: int, k: int, stop: Floats, apps: int
) -> tuple[int, int, int]:
    """Draw situation, app and second app with an order in hand (or -1) of an injury."""
    app = int(stop[layout.APP])
    if stop[layout.TRAVELLING] != 0.0:
        return TRAVELLING, app, NOBODY
    u, v = uniform_pair(key0, who, SITUATION, month, k)
    if u >= stop[layout.ON_ORDER_CHANCE]:
        return WAITING, app, NOBODY
    idle = 1.0
    for j in range(apps):
        idle *= 1.0 - stop[layout.FIRST_BUSY + j]
    left = v * (1.0 - idle)
    before = 1.0
    for j in range(apps):
        busy = stop[layout.FIRST_BUSY + j]
        chance = before * busy
        if left < chance:
            app = j
            left /= chance
            break
        left -= chance
        before *= 1.0 - busy
    before = 1.0
    for j in range(app + 1, apps):
        busy = stop[layout.FIRST_BUSY + j]
        if left < before * busy:
            return ON_ORDER, app, j
        left -= before * busy
        before *= 1.0 - busy
    return ON_ORDER, app, NOBODY


@kernel
def _note_injury(
    key0: np.uint64, month: int, day: int, r: int, who: np.uint64, k: int, apps: int, stop: Floats, hurting: Hurting,
    injuries: Ints, found: int,
) -> None:  # fmt: skip
    """Write an injury into its row of the buffer."""
    u, _ = uniform_pair(key0, who, SEVERITY, month, k)
    severity = np.searchsorted(hurting.severity_cdf, u)
    u, _ = uniform_pair(key0, who, DAYS_OFF, month, k)
    situation, app, second = _where(key0, who, month, k, stop, apps)
    injuries[found, RIDER], injuries[found, K] = r, k
    injuries[found, AT] = day * layout.MINUTES_OF_DAY + int(stop[layout.MINUTE])
    injuries[found, SLOT], injuries[found, SECOND_SLOT] = app, second
    injuries[found, SITUATION_CODE], injuries[found, BEFORE] = situation, int(stop[layout.BEFORE])
    injuries[found, SEVERITY_CODE] = severity
    injuries[found, OFF_DAYS] = np.searchsorted(hurting.days_off_cdf[severity], u)


@inlined
def _limits_of(rows: RowTables, spent: Floats, variant: int, lasting: int, room: Floats) -> Floats:
    """Return a shift's own limits, and those by week or month with the minutes they have left."""
    first, last = rows.limit_span[variant, 0], rows.limit_span[variant, 1]
    for i in range(first, last):
        for column in range(layout.LIMIT_COLUMNS):
            room[i - first, column] = rows.limits[i, column]
    return room[: add_left(rows.lasting, lasting, spent, room, last - first)]


@kernel
def on_foot(
    key0: np.uint64, riders: Riders, spent: Floats, law: ShiftLaw, rows: RowTables, walking: OnFoot, r: int, month: int,
    day: int, kind: int, variant: int, lasting: int, state: int, plain: int, factor: float, added: float, quarter: int,
    wanted: int, known: float, gathered: float, due: float, k: int, found: int, back_on: int,
) -> tuple[float, float, float, float, int, int, int]:  # fmt: skip
    """Walk a shift that has no row, that a limit by week or month cuts, or in which the rider is hurt.

    ``known`` is the hazard of the whole shift, or infinite if it is not known yet. Whether the rider is hurt is told by the row of the whole shift, walked in state ``plain`` and with what the day adds to
    it, as it would be from the tables: so it does not matter which shifts had a row.

    Returns
    -------
    factor, added : float
        By which the hazard of ``walking.row`` is to be taken: the row of what was worked.
    gathered, due : float
        The hazard gathered, and when it is due.
    k, found, back_on : int
        The number of the next injury of the month, the injuries found (-1 when there is no room for more), and the day
        from which the rider is fit.
    """
    f, w = whole(riders.portfolio[r]), riders.who[r]
    row, stop, scratch, line, apps = walking.walked, walking.stop, walking.scratch, walking.line, law.apps[f]
    hurting, injuries, own = walking.hurting, walking.injuries, walking.row
    limits, start, minutes = (
        _limits_of(rows, spent, variant, lasting, walking.limits),
        quarter * START_MINUTES,
        wanted * WANTED_MINUTES,
    )
    ends, more, hazard = hurting.recovery != RECOVERY_NONE, True, known
    while True:
        if not more or hazard == math.inf or gathered + hazard < due:
            walk(law, kind, f, plain, limits, start, minutes, math.inf, scratch, row, stop, line)
            pack(law, f, row, own, whole(0))
            hazard = hazard_of(own, 0, apps, law.combine == layout.ADDITIVE, factor, added)
        if not more or gathered + hazard < due:
            return factor, added, gathered + hazard, due, k, found, back_on
        while gathered + hazard >= due:
            walk(law, kind, f, state, limits, start, minutes, due - gathered, scratch, row, stop, line)
            more = stop[layout.HURT] != 0.0
            if not more:
                break  # for a rounding: the clock rings in the first minute of the next shift
            if k >= MOST_INJURIES:
                return factor, added, gathered, due, k, -1, back_on
            _note_injury(key0, month, day, r, w, k, apps, stop, hurting, injuries, found)
            rang = due
            k += 1
            due += clock_of(key0, w, month, k, riders.scale[r])
            if ends:
                if hurting.fatal[injuries[found, SEVERITY_CODE]]:
                    back_on = NEVER_BACK
                elif hurting.recovery == RECOVERY_OFF_WORK:
                    back_on = day + 1 + injuries[found, OFF_DAYS]
                # Walked in the state of the day, so nothing is to be added.
                pack(law, f, row, own, whole(0))
                return 1.0, 0.0, rang, due, k, found + 1, back_on
            # Work goes on as if nothing had happened: the same walk, to the next injury or to the end.
            found += 1
