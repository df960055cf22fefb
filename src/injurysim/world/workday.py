"""The workday kernel: a month of riders, each shift looked up in the rows of the tables.

A rider's month has three steps: on which days the rider comes (four days a draw, no branches), what is wanted on them (one
draw a shift), and what is worked, day after day, with what the days before have left. Only a shift in which the injury clock
runs out is walked, and one that has no row: an odd hour, or a limit by week or month in its middle.

A rider's numbers depend on nobody else and are added up in the order of days, so they are the same for any split of the
riders over calls, threads or processes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.core.kernel_cache import kernel
from injurysim.core.randomness import quarters, uniform_pair
from injurysim.world import walk
from injurysim.world.tables import PICK_CELLS, START_CELLS, START_MINUTES, WANTED_MINUTES, Picks, RowTables
from injurysim.world.walk import ADDITIVE, HEAD, PER_APP, PRODUCT, ShiftLaw

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
    """Room in which a thread reckons: days, wishes and starts of a month, limits of a shift, its row, where it stops."""

    coming: NDArray[np.int64]
    wanted: NDArray[np.int64]
    begins: NDArray[np.int64]
    limits: Floats
    row: Floats
    stop: Floats
    walk: walk.Scratch


def new_room() -> Room:
    """Return room for one thread."""
    return Room(
        coming=np.zeros(MOST_DAYS + 8, np.int64),
        wanted=np.zeros(MOST_DAYS, np.int64),
        begins=np.zeros(MOST_DAYS, np.int64),
        limits=np.zeros((walk.MOST_LIMITS, walk.LIMIT_COLUMNS)),
        row=np.zeros(HEAD + walk.MOST_APPS * PER_APP),
        stop=np.zeros(walk.STOP_COLUMNS),
        walk=walk.new_scratch(),
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


@kernel
def _clock(key0: np.uint64, who: np.uint64, month: int, k: int, scale: float) -> float:
    """Hazard until injury k of the month: a unit-exponential clock, divided by the rider's factor."""
    if scale <= 0.0:
        return math.inf
    u, _ = uniform_pair(key0, who, INJURY_CLOCK, month, k)
    return -math.log(u) / scale


@kernel
def _picked(picks: Picks, law: int, u: float) -> int:
    """First entry of a cumulative table that reaches u: known at once, or searched from where it can begin."""
    at = int(picks.direct[law, int(u * PICK_CELLS)])
    if at >= 0:
        return at
    at = -1 - at
    while picks.cdf[law, at] < u:
        at += 1
    return at


@kernel
def _days_present(
    key0: np.uint64, who: np.uint64, chance: NDArray[np.uint64], first: int, last: int, days: Ints
) -> int:
    """List the days on which a rider comes, and return their number."""
    found, block = 0, first // 4
    for number in range(block, (last + 3) // 4):
        at = (number - block) * 4
        q0, q1, q2, q3 = quarters(key0, who, np.uint64(PRESENCE), np.uint64(number))
        day = number * 4
        days[found] = day
        found += q0 < chance[at]
        days[found] = day + 1
        found += q1 < chance[at + 1]
        days[found] = day + 2
        found += q2 < chance[at + 2]
        days[found] = day + 3
        found += q3 < chance[at + 3]
    return found


@kernel
def _state_of_day(diary: Diary, tiring: Tiring, r: int, day: int, start: int) -> int:
    """State of fatigue in which a shift begins (see ``DayStates``); brings the rider's week up to the day."""
    gap = day - diary.last_day[r]
    minutes = 0
    if tiring.week_from.shape[0] > 1:
        for back in range(1, min(gap, DAYS_OF_WEEK)):
            diary.week[r, (day - back) % DAYS_OF_WEEK] = 0
        if gap > DAYS_OF_WEEK:
            diary.week[r, day % DAYS_OF_WEEK] = 0
        for each in range(DAYS_OF_WEEK):
            minutes += diary.week[r, each]
    row = diary.row[r] + 1 if gap == 1 else 1
    if diary.last_day[r] >= 0 and start - diary.last_end[r] < tiring.short_below:
        diary.short_until[r] = day + 1
    band, place = 0, 0
    while band + 1 < tiring.week_from.shape[0] and minutes >= tiring.week_from[band + 1]:
        band += 1
    while place + 1 < tiring.row_from.shape[0] and row >= tiring.row_from[place + 1]:
        place += 1
    short = 1 if day <= diary.short_until[r] else 0
    return (band * tiring.row_from.shape[0] + place) * 2 + short


@kernel
def _on_clock(limit: Floats, row: Floats, law: ShiftLaw, f: int) -> float:
    """Minutes of a shift on the clock of a limit."""
    engaged = limit[walk.CLOCK] == walk.CLOCK_ENGAGED
    if limit[walk.SCOPE] != walk.ALL:
        k = int(limit[walk.SCOPE])
        at = HEAD + k * PER_APP + (walk.ENGAGED if engaged else walk.ONLINE)
        return limit[walk.FIRST_COEFFICIENT + k] * row[at]
    minutes, coefficient = 0.0, 0.0
    for k in range(law.apps[f]):
        at = HEAD + k * PER_APP + (walk.ENGAGED if engaged else walk.ONLINE)
        minutes += limit[walk.FIRST_COEFFICIENT + k] * row[at]
        coefficient += limit[walk.FIRST_COEFFICIENT + k] * law.share[f, k]
    if law.at_once[f]:
        return coefficient * (row[walk.BUSY] if engaged else row[walk.WORKED])
    return minutes


@kernel
def _cell_of(limit: Floats, first: int) -> int:
    """Engagement at which the meter of a limit by week or month is kept."""
    return first if limit[walk.SCOPE] == walk.ALL else first + int(limit[walk.SCOPE])


@kernel
def _limits_of(
    rows: RowTables, diary: Diary, f: int, c: int, kind: int, first: int, lasting: bool, room: Floats
) -> int:
    """Write a shift's own limits and, if asked, those by week or month with the minutes left; return their number."""
    found = 0
    for i in range(rows.limit_span[f, c, kind, 0], rows.limit_span[f, c, kind, 1]):
        for column in range(walk.LIMIT_COLUMNS):
            room[found, column] = rows.limits[i, column]
        found += 1
    if lasting:
        for i in range(rows.lasting_span[f, c, kind, 0], rows.lasting_span[f, c, kind, 1]):
            for column in range(walk.LIMIT_COLUMNS):
                room[found, column] = rows.lasting[i, column]
            room[found, walk.MINUTES] -= diary.used[rows.lasting_owner[i], _cell_of(rows.lasting[i], first)]
            found += 1
    return found


@kernel
def _where(
    key0: np.uint64, who: np.uint64, month: int, k: int, stop: Floats, apps: int
) -> tuple[int, int, int]:
    """Draw situation, app and second app with an order in hand (or -1) of an injury."""
    app = int(stop[walk.APP])
    if stop[walk.TRAVELLING] != 0.0:
        return TRAVELLING, app, NOBODY
    u, v = uniform_pair(key0, who, SITUATION, month, k)
    if u >= stop[walk.ON_ORDER_CHANCE]:
        return WAITING, app, NOBODY
    idle = 1.0
    for j in range(apps):
        idle *= 1.0 - stop[walk.FIRST_BUSY + j]
    left = v * (1.0 - idle)
    before = 1.0
    for j in range(apps):
        busy = stop[walk.FIRST_BUSY + j]
        chance = before * busy
        if left < chance:
            app = j
            left /= chance
            break
        left -= chance
        before *= 1.0 - busy
    before = 1.0
    for j in range(app + 1, apps):
        busy = stop[walk.FIRST_BUSY + j]
        if left < before * busy:
            return ON_ORDER, app, j
        left -= before * busy
        before *= 1.0 - busy
    return ON_ORDER, app, NOBODY


@kernel
def _note_injury(
    key0: np.uint64, month: int, day: int, r: int, who: np.uint64, k: int, apps: int, stop: Floats, hurting: Hurting,
    injury: Ints,
) -> None:  # fmt: skip
    """Write an injury into its row of the buffer."""
    u, _ = uniform_pair(key0, who, SEVERITY, month, k)
    severity = np.searchsorted(hurting.severity_cdf, u)
    u, _ = uniform_pair(key0, who, DAYS_OFF, month, k)
    situation, app, second = _where(key0, who, month, k, stop, apps)
    injury[RIDER], injury[K] = r, k
    injury[AT] = day * walk.MINUTES_OF_DAY + int(stop[walk.MINUTE])
    injury[SLOT], injury[SECOND_SLOT], injury[SITUATION_CODE] = app, second, situation
    injury[BEFORE] = int(stop[walk.BEFORE])
    injury[SEVERITY_CODE] = severity
    injury[OFF_DAYS] = np.searchsorted(hurting.days_off_cdf[severity], u)


@kernel
def work_month(  # noqa: PLR0912, PLR0915 (one loop over shifts: calls that pass all of its state would hide it)
    key0: np.uint64, present: Ints, riders: Riders, diary: Diary, days: Days, starts: Picks, wishes: Picks,
    law: ShiftLaw, rows: RowTables, tiring: Tiring, hurting: Hurting, room: Room, totals: Totals, injuries: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Work one month of some riders.

    Parameters
    ----------
    key0 : uint64
        ``Streams.key0``.
    present : array of int
        Riders to work, each at most once over all calls of a month.
    riders, diary, days, starts, wishes, law, rows, tiring, hurting
        What they are like; the diary is brought up to the end of the month.
    room : Room
        Overwritten.
    totals : Totals
        Added to.
    injuries : array of shape (n, INJURY_COLUMNS)
        Filled.

    Returns
    -------
    done, found
        Riders done (fewer than given when the buffer has to be emptied first; -1 when one rider is hurt more often
        than it has room for), and injuries found.
    """
    coming, wanted, begins, row, stop = room.coming, room.wanted, room.begins, room.row, room.stop
    neutral, per_state = law.day_factor.shape[0] - 1, rows.first.shape[3] > 1
    lasts = rows.lasting.shape[0] > 0
    found = 0
    for place in range(present.shape[0]):
        if found + MOST_INJURIES > injuries.shape[0]:
            return place, found
        r = present[place]
        g, f, c, w = riders.group[r], riders.portfolio[r], riders.conduct[r], riders.who[r]
        region, apps, first = riders.region[r], law.apps[f], riders.first_engagement[r]
        width = HEAD + apps * PER_APP
        from_day, to_day = max(days.first, riders.entry_day[r]), min(days.last, riders.exit_day[r])
        n = _days_present(key0, w, days.chance[g], days.first, days.last, coming)
        season = days.season[g]
        for i in range(n):
            u, v = uniform_pair(key0, w, SHIFT, coming[i], 0)
            wanted[i] = _picked(wishes, season, u)
            begins[i] = _picked(starts, g, v)

        if lasts:
            for i in range(rows.by_week.shape[0]):
                if not rows.by_week[i]:
                    diary.used[i, first : first + apps] = 0.0
        gathered, k = 0.0, 0
        due = _clock(key0, w, days.month, k, riders.scale[r])
        start_from, start_cells = rows.start_from[f], rows.starts[f]
        wanted_from, wanted_cells = rows.wanted_from[f], rows.wishes[f]
        for i in range(n):
            day = coming[i]
            if day < from_day or day >= to_day or day < diary.back_on[r] or wanted[i] == 0:
                continue
            kind = days.kinds[region, day - days.first]
            quarter = max(
                begins[i], (diary.free_from[r] + START_MINUTES - 1) // START_MINUTES - day * START_CELLS
            )
            start = day * walk.MINUTES_OF_DAY + quarter * START_MINUTES
            state = _state_of_day(diary, tiring, r, day, start) if tiring.matters else neutral

            # The row of the shift, or the walk that would have filled it.
            at = rows.first[f, c, kind, state if per_state else 0]
            s, q = quarter - start_from, wanted[i] - wanted_from
            known = 0 <= s < start_cells and 0 <= q < wanted_cells
            if known:
                at += (s * wanted_cells + q) * width
                for j in range(width):
                    row[j] = rows.values[at + j]
            else:
                count = _limits_of(rows, diary, f, c, kind, first, False, room.limits)
                walk.walk(law, kind, f, state, room.limits[:count], quarter * START_MINUTES,
                          wanted[i] * WANTED_MINUTES, math.inf, room.walk, row[:width], stop)  # fmt: skip
            begin_lasting, end_lasting = 0, 0
            if lasts:
                begin_lasting, end_lasting = rows.lasting_span[f, c, kind, 0], rows.lasting_span[f, c, kind, 1]
                week = (day - days.monday) // DAYS_OF_WEEK
                if diary.week_number[r] != week:
                    diary.week_number[r] = week
                    for j in range(rows.by_week.shape[0]):
                        if rows.by_week[j]:
                            diary.used[j, first : first + apps] = 0.0
                for j in range(begin_lasting, end_lasting):
                    limit = rows.lasting[j]
                    used = diary.used[rows.lasting_owner[j], _cell_of(limit, first)]
                    if used + _on_clock(limit, row, law, f) > limit[walk.MINUTES]:
                        known = False
                        count = _limits_of(rows, diary, f, c, kind, first, True, room.limits)
                        walk.walk(law, kind, f, state, room.limits[:count], quarter * START_MINUTES,
                                  wanted[i] * WANTED_MINUTES, math.inf, room.walk, row[:width], stop)  # fmt: skip
                        break
            if row[walk.LENGTH] == 0.0:
                continue

            # A row is for a day that adds nothing; what the state of the day adds comes here.
            if known and not per_state and tiring.matters:
                factor = law.day_factor[state] if law.combine == PRODUCT else 1.0
                added = law.day_added[state] if law.combine == ADDITIVE else 0.0
                for j in range(apps):
                    column = HEAD + j * PER_APP
                    row[column + walk.HAZARD] = (
                        factor * row[column + walk.HAZARD] + added * row[column + walk.PLAIN]
                    )
            hazard = 0.0
            for j in range(apps):
                hazard += row[HEAD + j * PER_APP + walk.HAZARD]

            if gathered + hazard >= due:
                count = _limits_of(rows, diary, f, c, kind, first, True, room.limits)
                base = gathered
                while base + hazard >= due:
                    # With recovery the row is what was worked to the injury; without, the whole shift once more.
                    walk.walk(law, kind, f, state, room.limits[:count], quarter * START_MINUTES,
                              wanted[i] * WANTED_MINUTES, due - base, room.walk, row[:width], stop)  # fmt: skip
                    if stop[walk.HURT] == 0.0:
                        break  # rounding has put the crossing a hair behind the end: it comes with the next minute
                    if k >= MOST_INJURIES:
                        return -1, found
                    _note_injury(key0, days.month, day, r, w, k, apps, stop, hurting, injuries[found])
                    k += 1
                    rang = due
                    due += _clock(key0, w, days.month, k, riders.scale[r])
                    off, fatal = injuries[found, OFF_DAYS], hurting.fatal[injuries[found, SEVERITY_CODE]]
                    found += 1
                    if hurting.recovery != RECOVERY_NONE:
                        if fatal:
                            diary.back_on[r] = NEVER_BACK
                        elif hurting.recovery == RECOVERY_OFF_WORK:
                            diary.back_on[r] = day + 1 + off
                        gathered = rang
                        break
                if hurting.recovery == RECOVERY_NONE or stop[walk.HURT] == 0.0:
                    walk.walk(law, kind, f, state, room.limits[:count], quarter * START_MINUTES,
                              wanted[i] * WANTED_MINUTES, math.inf, room.walk, row[:width], stop)  # fmt: skip
                    gathered = base + hazard
            else:
                gathered += hazard

            totals.rider_days[r] += 1
            totals.worked[r] += int(row[walk.WORKED])
            for j in range(apps):
                column = HEAD + j * PER_APP
                online = row[column + walk.ONLINE]
                totals.days_worked[first + j] += online > 0.0
                totals.online[first + j] += int(online)
                totals.engaged[first + j] += row[column + walk.ENGAGED]
                totals.orders[first + j] += row[column + walk.ORDERS]
                totals.hazard[first + j] += row[column + walk.HAZARD]
                if totals.lost.shape[0] > 0:
                    totals.lost[first + j] += row[column + walk.LOST]
                if totals.paid.shape[0] > 0:
                    # Orders that are fixed a day are weighted by days.
                    orders = row[column + walk.ORDERS]
                    if law.orders_kind[f, j] == walk.ORDERS_FIXED:
                        orders = 1.0 if online > 0.0 else 0.0
                    totals.paid[first + j] += orders * days.pay[day - days.first, f, j]
            for j in range(begin_lasting, end_lasting):
                limit = rows.lasting[j]
                diary.used[rows.lasting_owner[j], _cell_of(limit, first)] += _on_clock(limit, row, law, f)
            diary.last_end[r] = start + int(row[walk.LENGTH])
            diary.free_from[r] = diary.last_end[r] + int(row[walk.OFF])
            if tiring.matters:
                diary.row[r] = diary.row[r] + 1 if day - diary.last_day[r] == 1 else 1
                if tiring.week_from.shape[0] > 1:
                    diary.week[r, day % DAYS_OF_WEEK] = int(row[walk.WORKED])
                diary.last_day[r] = day
    return present.shape[0], found
