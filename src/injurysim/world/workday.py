"""The workday kernel: a month of riders, each shift looked up in the rows of the tables.

A rider's month has three steps: on which days the rider comes (four days a draw, no branches), what is wanted on them (one
draw a shift), and what is worked, day after day, with what the days before have left. Only a shift in which the injury clock
runs out is walked, and one that has no row: an odd hour, or a limit by week or month in its middle.

A rider's numbers depend on nobody else and are added up in the order of days, so they are the same for any split of the
riders over calls, threads or processes.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from injurysim.core.kernel_cache import inlined, kernel
from injurysim.core.threefry import fill_draws, quarters
from injurysim.world import layout
from injurysim.world.lasting import fits, run_on, start_afresh
from injurysim.world.layout import ADDITIVE, HEAD, PER_APP, PRODUCT, ShiftLaw, whole
from injurysim.world.on_foot import clock_of, hazard_of, on_foot
from injurysim.world.roster import (
    DAYS_OF_WEEK,
    MOST_INJURIES,
    PRESENCE,
    SHIFT,
    Days,
    Diary,
    Hurting,
    Riders,
    Room,
    Tiring,
    Totals,
)
from injurysim.world.rows import OUTSIDE, RowTables
from injurysim.world.tables import (
    MISSED_KIND,
    MISSED_START,
    MISSED_STATE,
    MISSED_VARIANT,
    MISSED_WISH,
    PICK_CELLS,
    START_MINUTES,
    Picks,
)

Ints = NDArray[np.integer]
Floats = NDArray[np.float64]


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
def _add(sums: Floats, shifts: Ints, row: Floats, at: int, apps: int, factor: float, added: float) -> None:
    """Add the row of a shift to the sums of the month, its hazard under the state of the day."""
    sums[layout.WORKED] += row[at + layout.WORKED]
    for k in range(apps):
        to, column = HEAD + k * PER_APP, at + HEAD + k * PER_APP
        shifts[k] += row[column + layout.ONLINE] > 0.0
        sums[to + layout.ONLINE] += row[column + layout.ONLINE]
        sums[to + layout.ENGAGED] += row[column + layout.ENGAGED]
        sums[to + layout.ORDERS] += row[column + layout.ORDERS]
        sums[to + layout.LOST] += row[column + layout.LOST]
        sums[to + layout.HAZARD] += factor * row[column + layout.HAZARD] + added * row[column + layout.PLAIN]


@kernel
def _pay(
    paid: Floats,
    row: Floats,
    at: int,
    pay: Floats,
    day: int,
    orders_kind: Ints,
    f: int,
    first: int,
    apps: int,
) -> None:
    """Add the expected orders of a shift, weighted by the day's pay; fixed orders are weighted by days."""
    for j in range(apps):
        column = at + HEAD + j * PER_APP
        orders = row[column + layout.ORDERS]
        if orders_kind[f, j] == layout.ORDERS_FIXED:
            orders = 1.0 if row[column + layout.ONLINE] > 0.0 else 0.0
        paid[first + j] += orders * pay[day, f, j]


@kernel
def work_month(  # noqa: PLR0912, PLR0915 (a month of a rider in order: parts of it would be handed all of its state)
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
    neutral, per_state, lasts = (
        law.day_factor.shape[0] - 1,
        rows.lines.shape[1] > 1,
        rows.lasting.shape[0] > 0,
    )
    factor, added, short, found, missing = 1.0, 0.0, False, whole(0), 0
    for place in range(present.shape[0]):
        if found + MOST_INJURIES > injuries.shape[0]:
            return place, found, missing
        r = present[place]
        g, f, c, w = riders.group[r], whole(riders.portfolio[r]), riders.conduct[r], riders.who[r]
        region, first, apps = riders.region[r], riders.first_engagement[r], law.apps[f]
        width, shifts = HEAD + apps * PER_APP, 0
        back_on, free_from, last_end = (
            whole(diary.back_on[r]),
            whole(diary.free_from[r]),
            whole(diary.last_end[r]),
        )
        last_day, days_in_row, short_until = (
            whole(diary.last_day[r]),
            whole(diary.row[r]),
            whole(diary.short_until[r]),
        )
        from_day, to_day = max(days.first, riders.entry_day[r]), min(days.last, riders.exit_day[r])
        start_from, start_cells = rows.start_from[f], rows.starts[f]
        wanted_from, wanted_cells = rows.wanted_from[f], rows.wishes[f]
        season = days.season[g]

        n = _days_present(key0, w, days.chance, g, days.first, days.last, coming)
        # Short loops in which nothing waits for what comes before: the processor has many rows under way at a time.
        fill_draws(key0, w, np.uint64(SHIFT), coming, n, room.draws)
        for i in range(n):
            wanted[i] = _picked(wishes, season, room.draws[0, i])
            begins[i] = _picked(starts, g, room.draws[1, i])
        for i in range(n):
            s, q, at = begins[i] - start_from, wanted[i] - wanted_from, whole(OUTSIDE)
            if 0 <= s < start_cells and 0 <= q < wanted_cells:
                at = rows.lines[rows.variant[f, c, days.kinds[region, coming[i] - days.first]], 0, s]
                if at >= 0:
                    at += q * width
                    plain_hazard[i] = hazard_of(values, at, apps, 1.0, 0.0)
                    room.length[i] = values[at + layout.LENGTH]
            known[i] = at
        for j in range(width):
            sums[j] = 0.0
        for j in range(apps):
            room.shifts[j] = 0
        if lasts:
            start_afresh(used, rows.by_week, False, first, apps)
        gathered, k, due = 0.0, whole(0), clock_of(key0, w, month, 0, riders.scale[r])

        for i in range(n):
            day = coming[i]
            if day < from_day or day >= to_day or day < back_on or wanted[i] == 0:
                continue
            kind = days.kinds[region, day - days.first]
            variant = rows.variant[f, c, kind]
            quarter = begins[i]
            earliest = free_from - day * layout.MINUTES_OF_DAY
            if earliest > quarter * START_MINUTES:
                quarter = (earliest + START_MINUTES - 1) // START_MINUTES
            start = day * layout.MINUTES_OF_DAY + quarter * START_MINUTES
            state = neutral
            if tiring.matters:
                gap = day - last_day
                short = start - last_end < tiring.short_below
                minutes = _week_minutes(diary.week, r, day, gap)
                state = _state(
                    tiring, minutes, days_in_row + 1 if gap == 1 else 1, short or day <= short_until
                )
                factor = law.day_factor[state] if law.combine == PRODUCT else 1.0
                added = law.day_added[state] if law.combine == ADDITIVE else 0.0
            if lasts:
                week = (day - days.monday) // DAYS_OF_WEEK
                if diary.week_number[r] != week:
                    diary.week_number[r] = week
                    start_afresh(used, rows.by_week, True, first, apps)

            # A shift begun late has another row; what the state of the day adds to the hazard comes here.
            at, hazard, filled = known[i], plain_hazard[i], room.length[i]
            if quarter != begins[i] or per_state:
                s, q, at = quarter - start_from, wanted[i] - wanted_from, whole(OUTSIDE)
                if 0 <= s < start_cells and 0 <= q < wanted_cells:
                    at = rows.lines[variant, state if per_state else 0, s]
                    if at >= 0:
                        at += q * width
                        filled = values[at + layout.LENGTH]
            if at < 0 or filled == 0.0:
                hazard = math.inf
                if at != OUTSIDE and missing < missed.shape[0]:
                    missed[missing, MISSED_VARIANT], missed[missing, MISSED_KIND] = variant, kind
                    missed[missing, MISSED_STATE] = state if per_state else 0
                    missed[missing, MISSED_START], missed[missing, MISSED_WISH] = (
                        quarter - start_from, wanted[i] - wanted_from,
                    )  # fmt: skip
                    missing += 1
            elif tiring.matters or quarter != begins[i]:
                hazard = hazard_of(values, at, apps, factor, added)
            if gathered + hazard < due and (
                not lasts or fits(rows, used, law, f, variant, first, values, at)
            ):
                length, worked, off = (
                    values[at + layout.LENGTH],
                    values[at + layout.WORKED],
                    values[at + layout.OFF],
                )
                gathered += hazard
                _add(sums, room.shifts, values, at, apps, factor, added)
                if lasts:
                    run_on(rows, used, law, f, variant, first, values, at)
                if totals.paid.shape[0] > 0:
                    _pay(totals.paid, values, at, days.pay, day - days.first, law.orders_kind, f, first, apps)
            else:
                gathered, due, k, found, back_on = on_foot(
                    key0, riders, used, law, rows, hurting, room, injuries, r, month, day, kind, variant,
                    state, state if per_state else neutral, factor, added, quarter, wanted[i], gathered, due, k, found,
                    back_on,
                )  # fmt: skip
                if found < 0:
                    return -1, 0, 0
                length, worked, off = row[layout.LENGTH], row[layout.WORKED], row[layout.OFF]
                _add(sums, room.shifts, row, 0, apps, 1.0, 0.0)
                if length == 0.0:
                    continue
                if lasts:
                    run_on(rows, used, law, f, variant, first, row, 0)
                if totals.paid.shape[0] > 0:
                    _pay(totals.paid, row, 0, days.pay, day - days.first, law.orders_kind, f, first, apps)

            shifts += 1
            last_end = start + int(length)
            free_from = last_end + int(off)
            if tiring.matters:
                short_until = day + 1 if short else short_until
                days_in_row = days_in_row + 1 if day - last_day == 1 else 1
                last_day = day
                if diary.week.shape[0] > 0:
                    diary.week[r, day % DAYS_OF_WEEK] = int(worked)

        diary.back_on[r], diary.free_from[r], diary.last_end[r] = back_on, free_from, last_end
        diary.last_day[r], diary.row[r], diary.short_until[r] = last_day, days_in_row, short_until
        totals.rider_days[r], totals.worked[r] = shifts, int(sums[layout.WORKED])
        for j in range(apps):
            column = HEAD + j * PER_APP
            totals.days_worked[first + j] = room.shifts[j]
            totals.online[first + j] = int(sums[column + layout.ONLINE])
            totals.engaged[first + j] = sums[column + layout.ENGAGED]
            totals.orders[first + j] = sums[column + layout.ORDERS]
            totals.hazard[first + j] = sums[column + layout.HAZARD]
            if totals.lost.shape[0] > 0:
                totals.lost[first + j] = sums[column + layout.LOST]
    return present.shape[0], found, missing
