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

from injurysim.core.kernel_cache import inlined, kernel
from injurysim.core.randomness import quarters, uniform_pair
from injurysim.world import walk
from injurysim.world.tables import (
    MISSED_KIND,
    MISSED_START,
    MISSED_STATE,
    MISSED_VARIANT,
    MISSED_WISH,
    PICK_CELLS,
    START_MINUTES,
    WANTED_MINUTES,
    Picks,
    RowTables,
)
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
    """Room in which a thread reckons.

    Attributes
    ----------
    coming, wanted, begins : days of a month on which a rider comes, cells wanted and of the start.
    known, hazard : where the row of each shift begins (-1: nowhere), and its hazard on a day that adds nothing.
    sums, shifts : sum of the month's rows, and shifts by app.
    limits, row, stop, walk : of a shift that is walked.
    """

    coming: NDArray[np.int64]
    wanted: NDArray[np.int64]
    begins: NDArray[np.int64]
    known: NDArray[np.int64]
    hazard: Floats
    sums: Floats
    shifts: NDArray[np.int64]
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
        known=np.zeros(MOST_DAYS, np.int64),
        hazard=np.zeros(MOST_DAYS),
        sums=np.zeros(HEAD + walk.MOST_APPS * PER_APP),
        shifts=np.zeros(walk.MOST_APPS, np.int64),
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


@inlined
def _clock(key0: np.uint64, who: np.uint64, month: int, k: int, scale: float) -> float:
    """Hazard until injury k of the month: a unit-exponential clock, divided by the rider's factor."""
    if scale <= 0.0:
        return math.inf
    u, _ = uniform_pair(key0, who, INJURY_CLOCK, month, k)
    return -math.log(u) / scale


@inlined
def _picked(picks: Picks, law: int, u: float) -> int:
    """First entry of a cumulative table that reaches u: known at once, or searched from where it can begin."""
    at = int(picks.direct[law, int(u * PICK_CELLS)])
    if at >= 0:
        return at
    at = -1 - at
    while picks.cdf[law, at] < u:
        at += 1
    return at


@inlined
def _days_present(
    key0: np.uint64, who: np.uint64, chance: NDArray[np.uint64], g: int, first: int, last: int, days: Ints
) -> int:
    """List the days on which a rider of a group comes, and return their number."""
    found, block = 0, first // 4
    for number in range(block, (last + 3) // 4):
        at = (number - block) * 4
        q0, q1, q2, q3 = quarters(key0, who, np.uint64(PRESENCE), np.uint64(number))
        day = number * 4
        days[found] = day
        found += q0 < chance[g, at]
        days[found] = day + 1
        found += q1 < chance[g, at + 1]
        days[found] = day + 2
        found += q2 < chance[g, at + 2]
        days[found] = day + 3
        found += q3 < chance[g, at + 3]
    return found


@inlined
def _week_minutes(week: NDArray[np.int16], r: int, day: int, gap: int) -> int:
    """Minutes worked in the seven days before a day; forgets those of days passed since the last shift."""
    if week.shape[0] == 0:
        return 0
    for back in range(1, min(gap, DAYS_OF_WEEK)):
        week[r, (day - back) % DAYS_OF_WEEK] = 0
    if gap > DAYS_OF_WEEK:
        week[r, day % DAYS_OF_WEEK] = 0
    minutes = 0
    for each in range(DAYS_OF_WEEK):
        minutes += week[r, each]
    return minutes


@inlined
def _state(tiring: Tiring, minutes: int, row: int, short: bool) -> int:
    """State of fatigue in which a shift begins: see ``DayStates``."""
    band, place = 0, 0
    while band + 1 < tiring.week_from.shape[0] and minutes >= tiring.week_from[band + 1]:
        band += 1
    while place + 1 < tiring.row_from.shape[0] and row >= tiring.row_from[place + 1]:
        place += 1
    return (band * tiring.row_from.shape[0] + place) * 2 + (1 if short else 0)


@inlined
def _on_clock(limit: Floats, i: int, row: Floats, at: int, law: ShiftLaw, f: int) -> float:
    """Minutes of a shift, whose row begins at ``at``, on the clock of limit ``i``."""
    column = walk.ENGAGED if limit[i, walk.CLOCK] == walk.CLOCK_ENGAGED else walk.ONLINE
    if limit[i, walk.SCOPE] != walk.ALL:
        k = int(limit[i, walk.SCOPE])
        return limit[i, walk.FIRST_COEFFICIENT + k] * row[at + HEAD + k * PER_APP + column]
    minutes, coefficient = 0.0, 0.0
    for k in range(law.apps[f]):
        minutes += limit[i, walk.FIRST_COEFFICIENT + k] * row[at + HEAD + k * PER_APP + column]
        coefficient += limit[i, walk.FIRST_COEFFICIENT + k] * law.share[f, k]
    if law.at_once[f]:
        return coefficient * row[at + (walk.BUSY if column == walk.ENGAGED else walk.WORKED)]
    return minutes


@inlined
def _cell_of(limit: Floats, i: int, first: int) -> int:
    """Engagement at which the meter of limit ``i`` by week or month is kept."""
    return first if limit[i, walk.SCOPE] == walk.ALL else first + int(limit[i, walk.SCOPE])


@kernel
def _fits(
    rows: RowTables, used: Floats, law: ShiftLaw, f: int, variant: int, first: int, row: Floats, at: int
) -> bool:
    """Say whether a shift stays within what is left of the limits by week or month."""
    for i in range(rows.lasting_span[variant, 0], rows.lasting_span[variant, 1]):
        spent = used[rows.lasting_owner[i], _cell_of(rows.lasting, i, first)]
        if spent + _on_clock(rows.lasting, i, row, at, law, f) > rows.lasting[i, walk.MINUTES] - walk.A_HAIR:
            return False
    return True


@kernel
def _run_on(
    rows: RowTables, used: Floats, law: ShiftLaw, f: int, variant: int, first: int, row: Floats, at: int
) -> None:
    """Let the meters of the limits by week or month run for a shift."""
    for i in range(rows.lasting_span[variant, 0], rows.lasting_span[variant, 1]):
        spent = _on_clock(rows.lasting, i, row, at, law, f)
        used[rows.lasting_owner[i], _cell_of(rows.lasting, i, first)] += spent


@kernel
def _start_afresh(used: Floats, by_week: NDArray[np.bool_], week: bool, first: int, apps: int) -> None:
    """Set the meters of the limits by week, or of those by month, to zero."""
    for i in range(by_week.shape[0]):
        if by_week[i] == week:
            for k in range(apps):
                used[i, first + k] = 0.0


@kernel
def _limits_of(rows: RowTables, used: Floats, variant: int, first: int, room: Floats) -> int:
    """Write a shift's own limits, and those by week or month with the minutes they have left; return their number."""
    found = 0
    for i in range(rows.limit_span[variant, 0], rows.limit_span[variant, 1]):
        for column in range(walk.LIMIT_COLUMNS):
            room[found, column] = rows.limits[i, column]
        found += 1
    for i in range(rows.lasting_span[variant, 0], rows.lasting_span[variant, 1]):
        for column in range(walk.LIMIT_COLUMNS):
            room[found, column] = rows.lasting[i, column]
        room[found, walk.MINUTES] -= used[rows.lasting_owner[i], _cell_of(rows.lasting, i, first)]
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
    injuries: Ints, found: int,
) -> None:  # fmt: skip
    """Write an injury into its row of the buffer."""
    u, _ = uniform_pair(key0, who, SEVERITY, month, k)
    severity = np.searchsorted(hurting.severity_cdf, u)
    u, _ = uniform_pair(key0, who, DAYS_OFF, month, k)
    situation, app, second = _where(key0, who, month, k, stop, apps)
    injuries[found, RIDER], injuries[found, K] = r, k
    injuries[found, AT] = day * walk.MINUTES_OF_DAY + int(stop[walk.MINUTE])
    injuries[found, SLOT], injuries[found, SECOND_SLOT] = app, second
    injuries[found, SITUATION_CODE], injuries[found, BEFORE] = situation, int(stop[walk.BEFORE])
    injuries[found, SEVERITY_CODE] = severity
    injuries[found, OFF_DAYS] = np.searchsorted(hurting.days_off_cdf[severity], u)


@inlined
def _hazard(values: Floats, at: int, apps: int, factor: float, added: float) -> float:
    """Hazard of a row under a state of fatigue of the day."""
    hazard = 0.0
    for k in range(apps):
        column = at + HEAD + k * PER_APP
        hazard += factor * values[column + walk.HAZARD] + added * values[column + walk.PLAIN]
    return hazard


@kernel
def _on_foot(
    key0: np.uint64, riders: Riders, used: Floats, law: ShiftLaw, rows: RowTables, hurting: Hurting, room: Room,
    injuries: Ints, r: int, month: int, day: int, kind: int, variant: int, state: int, plain: int, factor: float,
    added: float, quarter: int, wanted: int, gathered: float, due: float, k: int, found: int, back_on: int,
) -> tuple[float, float, int, int, int]:  # fmt: skip
    """Walk a shift that has no row, that a limit by week or month cuts, or in which the rider is hurt.

    The row of what was worked goes into the room. Whether the rider is hurt is told by the row of the whole shift, walked
    in state ``plain`` and with what the day adds to it, as it would be from the tables: so it does not matter
    which shifts had a row. Returns the hazard gathered, when it is due, the number of the next injury of the month, the
    injuries found (-1 when there is no room for more) and the day from which the rider is fit.
    """
    f, w = riders.portfolio[r], riders.who[r]
    row, stop, apps = room.row, room.stop, law.apps[f]
    count = _limits_of(rows, used, variant, riders.first_engagement[r], room.limits)
    limits, start, minutes = room.limits[:count], quarter * START_MINUTES, wanted * WANTED_MINUTES
    ends, more = hurting.recovery != RECOVERY_NONE, True
    while True:
        walk.walk(law, kind, f, plain, limits, start, minutes, math.inf, room.walk, row, stop, walk.NO_LINE)
        hazard = _hazard(row, 0, apps, factor, added)
        if not more or gathered + hazard < due:
            for j in range(apps):
                column = HEAD + j * PER_APP
                row[column + walk.HAZARD] = factor * row[column + walk.HAZARD] + added * row[column + walk.PLAIN]
            return gathered + hazard, due, k, found, back_on
        while gathered + hazard >= due:
            walk.walk(law, kind, f, state, limits, start, minutes, due - gathered, room.walk, row, stop, walk.NO_LINE)
            more = stop[walk.HURT] != 0.0
            if not more:
                break  # for a rounding: the clock rings in the first minute of the next shift
            if k >= MOST_INJURIES:
                return gathered, due, k, -1, back_on
            _note_injury(key0, month, day, r, w, k, apps, stop, hurting, injuries, found)
            rang = due
            k += 1
            due += _clock(key0, w, month, k, riders.scale[r])
            if ends:
                if hurting.fatal[injuries[found, SEVERITY_CODE]]:
                    back_on = NEVER_BACK
                elif hurting.recovery == RECOVERY_OFF_WORK:
                    back_on = day + 1 + injuries[found, OFF_DAYS]
                return rang, due, k, found + 1, back_on
            # Work goes on as if nothing had happened: the same walk, to the next injury or to the end.
            found += 1


@inlined
def _add(sums: Floats, shifts: Ints, row: Floats, at: int, apps: int, factor: float, added: float) -> None:
    """Add the row of a shift to the sums of the month, its hazard under the state of the day."""
    sums[walk.WORKED] += row[at + walk.WORKED]
    for k in range(apps):
        to, column = HEAD + k * PER_APP, at + HEAD + k * PER_APP
        shifts[k] += row[column + walk.ONLINE] > 0.0
        sums[to + walk.ONLINE] += row[column + walk.ONLINE]
        sums[to + walk.ENGAGED] += row[column + walk.ENGAGED]
        sums[to + walk.ORDERS] += row[column + walk.ORDERS]
        sums[to + walk.LOST] += row[column + walk.LOST]
        sums[to + walk.HAZARD] += factor * row[column + walk.HAZARD] + added * row[column + walk.PLAIN]


@kernel
def work_month(
    key0: np.uint64, present: Ints, riders: Riders, diary: Diary, days: Days, starts: Picks, wishes: Picks,
    law: ShiftLaw, rows: RowTables, tiring: Tiring, hurting: Hurting, room: Room, totals: Totals, injuries: Ints,
    missed: Ints,
) -> tuple[int, int, int]:  # fmt: skip
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
    missed : array of shape (n, MISSED_COLUMNS)
        Filled with shifts whose row is not there yet, as far as there is room: they are walked.

    Returns
    -------
    done, found, missing
        Riders done (fewer than given when the buffer has to be emptied first; -1 when one rider is hurt more often
        than it has room for), injuries found, and shifts missed.
    """
    coming, wanted, begins, sums, row = room.coming, room.wanted, room.begins, room.sums, room.row
    known, plain_hazard = room.known, room.hazard
    values, used, month = rows.values, diary.used, days.month
    neutral, per_state, lasts = law.day_factor.shape[0] - 1, rows.first.shape[1] > 1, rows.lasting.shape[0] > 0
    factor, added, found, missing = 1.0, 0.0, 0, 0
    for place in range(present.shape[0]):
        if found + MOST_INJURIES > injuries.shape[0]:
            return place, found, missing
        r = present[place]
        g, f, c, w = riders.group[r], riders.portfolio[r], riders.conduct[r], riders.who[r]
        region, first, apps = riders.region[r], riders.first_engagement[r], law.apps[f]
        width, shifts = HEAD + apps * PER_APP, 0
        back_on, free_from, last_end = int(diary.back_on[r]), int(diary.free_from[r]), int(diary.last_end[r])
        last_day, days_in_row, short_until = int(diary.last_day[r]), int(diary.row[r]), int(diary.short_until[r])
        from_day, to_day = max(days.first, riders.entry_day[r]), min(days.last, riders.exit_day[r])
        start_from, start_cells = rows.start_from[f], rows.starts[f]
        wanted_from, wanted_cells = rows.wanted_from[f], rows.wishes[f]
        season = days.season[g]

        n = _days_present(key0, w, days.chance, g, days.first, days.last, coming)
        for i in range(n):
            u, v = uniform_pair(key0, w, SHIFT, coming[i], 0)
            wanted[i] = _picked(wishes, season, u)
            begins[i] = _picked(starts, g, v)
            # The row is fetched here, where nothing waits for it: most shifts begin when they are meant to.
            s, q, at = begins[i] - start_from, wanted[i] - wanted_from, -1
            if 0 <= s < start_cells and 0 <= q < wanted_cells and coming[i] >= days.first and coming[i] < days.last:
                at = rows.first[rows.variant[f, c, days.kinds[region, coming[i] - days.first]], 0]
                at += (s * wanted_cells + q) * width
                plain_hazard[i] = _hazard(values, at, apps, 1.0, 0.0)
            known[i] = at
        for j in range(width):
            sums[j] = 0.0
        for j in range(apps):
            room.shifts[j] = 0
        if lasts:
            _start_afresh(used, rows.by_week, False, first, apps)
        gathered, k, due = 0.0, 0, _clock(key0, w, month, 0, riders.scale[r])

        for i in range(n):
            day = coming[i]
            if day < from_day or day >= to_day or day < back_on or wanted[i] == 0:
                continue
            kind = days.kinds[region, day - days.first]
            variant = rows.variant[f, c, kind]
            quarter = begins[i]
            earliest = free_from - day * walk.MINUTES_OF_DAY
            if earliest > quarter * START_MINUTES:
                quarter = (earliest + START_MINUTES - 1) // START_MINUTES
            start = day * walk.MINUTES_OF_DAY + quarter * START_MINUTES
            state = neutral
            if tiring.matters:
                gap = day - last_day
                if start - last_end < tiring.short_below:
                    short_until = day + 1
                minutes = _week_minutes(diary.week, r, day, gap)
                state = _state(tiring, minutes, days_in_row + 1 if gap == 1 else 1, day <= short_until)
                factor = law.day_factor[state] if law.combine == PRODUCT else 1.0
                added = law.day_added[state] if law.combine == ADDITIVE else 0.0
            if lasts:
                week = (day - days.monday) // DAYS_OF_WEEK
                if diary.week_number[r] != week:
                    diary.week_number[r] = week
                    _start_afresh(used, rows.by_week, True, first, apps)

            # A shift begun late has another row; what the state of the day adds to the hazard comes here.
            at, hazard = known[i], plain_hazard[i]
            if quarter != begins[i] or per_state:
                s, q, at = quarter - start_from, wanted[i] - wanted_from, -1
                if 0 <= s < start_cells and 0 <= q < wanted_cells:
                    at = rows.first[variant, state if per_state else 0] + (s * wanted_cells + q) * width
            if at < 0:
                hazard = math.inf
            elif values[at + walk.LENGTH] == 0.0:
                hazard = math.inf
                if missing < missed.shape[0]:
                    missed[missing, MISSED_VARIANT], missed[missing, MISSED_KIND] = variant, kind
                    missed[missing, MISSED_STATE] = state if per_state else 0
                    missed[missing, MISSED_START], missed[missing, MISSED_WISH] = (
                        quarter - start_from, wanted[i] - wanted_from,
                    )  # fmt: skip
                    missing += 1
            elif tiring.matters or quarter != begins[i]:
                hazard = _hazard(values, at, apps, factor, added)
            if gathered + hazard < due and (not lasts or _fits(rows, used, law, f, variant, first, values, at)):
                length, worked, off = values[at + walk.LENGTH], values[at + walk.WORKED], values[at + walk.OFF]
                gathered += hazard
                _add(sums, room.shifts, values, at, apps, factor, added)
                if lasts:
                    _run_on(rows, used, law, f, variant, first, values, at)
                if totals.paid.shape[0] > 0:
                    _pay(totals.paid, values, at, days.pay, day - days.first, law.orders_kind, f, first, apps)
            else:
                gathered, due, k, found, back_on = _on_foot(
                    key0, riders, used, law, rows, hurting, room, injuries, r, month, day, kind, variant,
                    state, state if per_state else neutral, factor, added, quarter, wanted[i], gathered, due, k,
                    found, back_on,
                )  # fmt: skip
                if found < 0:
                    return -1, 0, 0
                length, worked, off = row[walk.LENGTH], row[walk.WORKED], row[walk.OFF]
                _add(sums, room.shifts, row, 0, apps, 1.0, 0.0)
                if length == 0.0:
                    continue
                if lasts:
                    _run_on(rows, used, law, f, variant, first, row, 0)
                if totals.paid.shape[0] > 0:
                    _pay(totals.paid, row, 0, days.pay, day - days.first, law.orders_kind, f, first, apps)

            shifts += 1
            last_end = start + int(length)
            free_from = last_end + int(off)
            if tiring.matters:
                days_in_row = days_in_row + 1 if day - last_day == 1 else 1
                last_day = day
                if diary.week.shape[0] > 0:
                    diary.week[r, day % DAYS_OF_WEEK] = int(worked)

        diary.back_on[r], diary.free_from[r], diary.last_end[r] = back_on, free_from, last_end
        diary.last_day[r], diary.row[r], diary.short_until[r] = last_day, days_in_row, short_until
        totals.rider_days[r], totals.worked[r] = shifts, int(sums[walk.WORKED])
        for j in range(apps):
            column = HEAD + j * PER_APP
            totals.days_worked[first + j] = room.shifts[j]
            totals.online[first + j] = int(sums[column + walk.ONLINE])
            totals.engaged[first + j] = sums[column + walk.ENGAGED]
            totals.orders[first + j] = sums[column + walk.ORDERS]
            totals.hazard[first + j] = sums[column + walk.HAZARD]
            if totals.lost.shape[0] > 0:
                totals.lost[first + j] = sums[column + walk.LOST]
    return present.shape[0], found, missing


@kernel
def _pay(
    paid: Floats, row: Floats, at: int, pay: Floats, day: int, orders_kind: Ints, f: int, first: int, apps: int
) -> None:
    """Add the expected orders of a shift, weighted by the day's pay; fixed orders are weighted by days."""
    for j in range(apps):
        column = at + HEAD + j * PER_APP
        orders = row[column + walk.ORDERS]
        if orders_kind[f, j] == walk.ORDERS_FIXED:
            orders = 1.0 if row[column + walk.ONLINE] > 0.0 else 0.0
        paid[first + j] += orders * pay[day, f, j]
