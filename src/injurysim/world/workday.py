"""The workday kernel: a month of riders, each shift looked up in the rows of the tables.

A rider's month has three steps: on which days the rider comes, what is wanted on them and where its row lies, and what is
worked, day after day, with what the days before have left. The first two are short loops in which nothing waits for what
comes before, so a processor has many draws and rows under way at a time.

It is compiled twice. Without means to walk it only looks up, and puts aside untouched who is hurt or has a shift
without a row: an odd hour, or a limit by week or month in its middle. These months are worked again with shifts on foot
where it takes them. A rider's numbers depend on nobody else and are added up in the order of days, so they are the same for
any split of the riders over calls, threads or processes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.core.kernel_cache import inlined, kernel
from injurysim.world import layout, packed
from injurysim.world.lasting import end_month, fits, run_on, start_month, start_week
from injurysim.world.layout import ADDITIVE, ShiftLaw, index, whole
from injurysim.world.on_foot import clock_of, on_foot
from injurysim.world.packed import Blocks, hazard_in, hazard_of, number_in, plain_in, worked_in
from injurysim.world.picks import START_MINUTES, Picks
from injurysim.world.planning import plan_ahead
from injurysim.world.roster import (
    AHEAD,
    DAYS_OF_WEEK,
    ENGAGED_SUM,
    HAZARD_SUM,
    LOST_SUM,
    MORE_SUM,
    MOST_DAYS,
    MOST_INJURIES,
    ONLINE_SUM,
    ORDERS_SUM,
    SUMS,
    Days,
    Diary,
    OnFoot,
    Riders,
    Room,
    Tiring,
    Totals,
)
from injurysim.world.rows import (
    MISSED_KIND,
    MISSED_START,
    MISSED_STATE,
    MISSED_VARIANT,
    MISSED_WISH,
    NOT_YET,
    RowTables,
    place_of,
)

Ints = NDArray[np.integer]
Floats = NDArray[np.float64]


class Told(NamedTuple):
    """What the kernel tells beside the totals: riders put aside, and shifts whose row is not there yet.

    Attributes
    ----------
    aside : (riders,) filled with riders whose month is not worked.
    missed : (n, MISSED_COLUMNS) filled as far as there is room.
    """

    aside: NDArray[np.int64]
    missed: NDArray[np.int64]


@inlined
def _week_before(week: Ints, before: Ints, r: int, recent: bool) -> None:
    """Take the minutes worked in the week before the month; of the month's own days there are none yet."""
    for j in range(DAYS_OF_WEEK):
        week[j] = before[r, j] if recent else 0
    for j in range(MOST_DAYS):
        week[DAYS_OF_WEEK + j] = 0


@inlined
def _add(
    sums: Floats, shifts: Ints, values: Blocks, at: int, apps: int, k: int, additive: bool, factor: float, added: float
) -> None:  # fmt: skip
    """Add what a row says of an app to the sums of the month, its hazard under the state of the day."""
    # All of a row is read before anything is written, so that the four sums are one addition of a processor.
    online, engaged = number_in(values, at, k, packed.ONLINE), number_in(values, at, k, packed.ENGAGED)
    orders, lost = number_in(values, at, k, packed.ORDERS), number_in(values, at, k, packed.LOST)
    hazard = factor * hazard_in(values, at, k)
    if additive:
        hazard += added * plain_in(values, at, apps, k)
    sums[k, ONLINE_SUM] += online
    sums[k, ENGAGED_SUM] += engaged
    sums[k, ORDERS_SUM] += orders
    sums[k, LOST_SUM] += lost
    sums[k, HAZARD_SUM] += hazard
    shifts[k] += online > 0.0


@inlined
def _pay_more(
    sums: Floats, values: Blocks, at: int, apps: int, f: int, orders_kind: Ints, more: Floats
) -> None:
    """Add what the expected orders of a shift are paid on top; fixed orders are paid by the day."""
    for k in range(apps):
        orders = number_in(values, at, k, packed.ORDERS)
        if orders_kind[f, k] == layout.ORDERS_FIXED:
            orders = 1.0 if number_in(values, at, k, packed.ONLINE) > 0.0 else 0.0
        sums[k, MORE_SUM] += orders * more[f, k]


@inlined
def _close(
    totals: Totals, sums: Floats, shifts: Ints, apps: int, f: int, orders_kind: Ints, first: int
) -> None:
    """Write what a rider's month comes to by app."""
    for k in range(apps):
        at, orders = index(first + k), sums[k, ORDERS_SUM]
        totals.days_worked[at] = shifts[k]
        totals.online[at] = whole(sums[k, ONLINE_SUM])
        totals.engaged[at] = sums[k, ENGAGED_SUM]
        totals.orders[at] = orders
        totals.hazard[at] = sums[k, HAZARD_SUM]
        if totals.lost.shape[0] > 0:
            totals.lost[at] = sums[k, LOST_SUM]
        if totals.paid.shape[0] > 0:
            fixed = orders_kind[f, k] == layout.ORDERS_FIXED
            totals.paid[at] = (shifts[k] if fixed else orders) + sums[k, MORE_SUM]


@kernel
def work_month(  # noqa: PLR0912, PLR0915 (a month of a rider in order: parts of it would be handed all of its state)
    key0: np.uint64, present: Ints, riders: Riders, diary: Diary, days: Days, starts: Picks, wishes: Picks,
    law: ShiftLaw, rows: RowTables, tiring: Tiring, room: Room, totals: Totals, walking: OnFoot | None, told: Told,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Work one month of some riders.

    Parameters
    ----------
    key0 : uint64
        ``Streams.key0``.
    present : array of int
        Riders to work, each at most once over all calls of a month.
    riders, diary, days, starts, wishes, law, rows, tiring
        What they are like; the diary is brought up to the end of the month.
    room : Room
        Overwritten.
    totals : Totals
        Filled for the riders whose month is worked.
    walking : OnFoot, optional
        Means to walk shifts; without them riders who have one are put aside.
    told : Told
        Filled.

    Returns
    -------
    done, aside, missing, found
        Riders done (fewer than given when the injuries have to be taken away first; -1 when one rider is hurt more often than
        there is room for), riders put aside among them, shifts missed, and injuries found.
    """
    values, spent, sums, by_app, worked_on = rows.values, room.spent, room.sums, room.shifts, room.week
    coming, begins, wants = room.plan.coming, room.plan.begins, room.plan.wanted
    variants, known, numbers = room.plan.variant, room.plan.known, room.plan.number
    kinds, sets, lasting, additive = days.kinds, rows.lasting.sets, rows.lasting, law.combine == ADDITIVE
    month, missed = days.month, told.missed
    neutral, per_state = tiring.factor.shape[0] - 1, rows.lines.shape[1] > 1
    by_week, pays = diary.week.shape[0] > 0, totals.paid.shape[0] > 0
    last_of_row = tiring.row.shape[0] - 1
    aside, missing, found = 0, 0, whole(0)
    for number in range(present.shape[0]):
        if walking is not None:  # noqa: SIM102  (numba leaves out what is under it where there is no walking)
            if found + MOST_INJURIES > walking.injuries.shape[0]:
                return number, aside, missing, found
        r, place = index(present[number]), index(number % AHEAD)
        if number % AHEAD == 0:
            plan_ahead(key0, present, number, riders, diary, days, starts, wishes, rows, room)
        f, first, w = index(riders.portfolio[r]), whole(riders.first_engagement[r]), riders.who[r]
        region, c, apps = index(riders.region[r]), index(riders.conduct[r]), law.apps[f]
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
        together = law.at_once[f] != 0 and apps > 1
        from_day = max(back_on, whole(riders.entry_day[r]))
        for k in range(apps):
            by_app[k] = 0
            for j in range(SUMS):
                sums[k, j] = 0.0
        week_number, lasts, chosen = whole(0), lasting.any[f, c], whole(0)
        if lasts:
            week_number = whole(diary.week_number[r])
            start_month(lasting, spent, diary.used, first, apps)
        if by_week:
            _week_before(worked_on, diary.week, r, last_day >= days.first - DAYS_OF_WEEK)
        gathered, k, due = 0.0, whole(0), clock_of(key0, w, month, 0, riders.scale[r])
        shifts, worked, state, factor, added, short, stays = 0, 0.0, neutral, 1.0, 0.0, False, True

        for i in range(numbers[place]):
            day, quarter = coming[place, i], begins[place, i]
            wanted, at = wants[place, i], known[place, i]
            if day < from_day or wanted == 0:
                continue
            midnight = day * layout.MINUTES_OF_DAY
            kind, late = (
                kinds[region, index(day - days.first)],
                free_from > midnight + quarter * START_MINUTES,
            )
            if late:
                quarter = (free_from - midnight + START_MINUTES - 1) // START_MINUTES
            start = midnight + quarter * START_MINUTES
            if tiring.matters:
                short = start - last_end < tiring.short_below
                state = tiring.row[index(min(days_in_row + 1 if day - last_day == 1 else 1, last_of_row))]
                state += short or day <= short_until
                if by_week:
                    minutes = whole(0)
                    for j in range(DAYS_OF_WEEK):
                        minutes += worked_on[index(day - days.first + j)]
                    state += tiring.week[index(minutes)]
                factor, added = tiring.factor[index(state)], tiring.added[index(state)]
            if lasts:
                week, chosen = (day - days.monday) // DAYS_OF_WEEK, whole(sets[f, c, index(kind)])
                if week_number != week:
                    week_number = week
                    start_week(lasting, spent, apps)

            # A shift begun late has another row, and so has each state where states have rows of their own.
            hazard, variant, of_state = math.inf, variants[place, i], state if per_state else 0
            if late or per_state:
                at = place_of(rows, f, variant, of_state, quarter, wanted)
            if at >= 0 and number_in(values, at, 0, packed.LENGTH) < 0.0:
                at = NOT_YET
            if at >= 0:
                hazard = hazard_of(values, at, apps, additive, factor, added)
            elif at == NOT_YET and missing < missed.shape[0]:
                missed[missing, MISSED_VARIANT], missed[missing, MISSED_STATE] = variant, of_state
                missed[missing, MISSED_START] = quarter - rows.start_from[f]
                missed[missing, MISSED_WISH] = wanted - rows.wanted_from[f]
                missed[missing, MISSED_KIND] = kind
                missing += 1
            row, begin = values, at
            within = at >= 0 and (not lasts or fits(lasting, chosen, spent, values, at))
            if within and gathered + hazard < due:
                gathered += hazard
            elif walking is None:
                # Nothing has been written yet; what else is missing is told too, so that it is learnt at once.
                stays = False
                if at != NOT_YET:
                    break
                continue
            else:
                factor, added, gathered, due, k, found, back_on = on_foot(
                    key0, riders, spent, law, rows, walking, r, month, day, kind, variant, chosen, state,
                    state if per_state else neutral, factor, added, quarter, wanted, hazard if within else math.inf, gathered,
                    due, k, found, back_on,
                )  # fmt: skip
                if found < 0:
                    return -1, 0, 0, 0
                from_day = max(from_day, back_on)
                row, begin = walking.row, 0

            _add(sums, by_app, row, begin, apps, 0, additive, factor, added)  # most have one app
            for j in range(1, apps):
                _add(sums, by_app, row, begin, apps, j, additive, factor, added)
            length, minutes_worked = (
                whole(number_in(row, begin, 0, packed.LENGTH)),
                worked_in(row, begin, apps, together),
            )
            if length == 0:
                continue
            shifts += 1
            worked += minutes_worked
            last_end = start + length
            free_from = last_end + whole(number_in(row, begin, 0, packed.OFF))
            if lasts:
                run_on(lasting, chosen, spent, row, begin)
            if pays and days.pays_more[index(day - days.first)]:
                _pay_more(sums, row, begin, apps, f, law.orders_kind, days.more_pay)
            if tiring.matters:
                short_until = day + 1 if short else short_until
                days_in_row = days_in_row + 1 if day - last_day == 1 else 1
                last_day = day
                if by_week:
                    worked_on[index(DAYS_OF_WEEK + day - days.first)] = whole(minutes_worked)

        if not stays:
            told.aside[aside] = r
            aside += 1
            continue
        diary.back_on[r], diary.free_from[r], diary.last_end[r] = back_on, free_from, last_end
        diary.last_day[r], diary.row[r], diary.short_until[r] = last_day, days_in_row, short_until
        if by_week:
            for j in range(DAYS_OF_WEEK):
                diary.week[r, j] = worked_on[days.last - days.first + j]
        if lasts:
            diary.week_number[r] = week_number
            end_month(lasting, spent, diary.used, first, apps)
        totals.rider_days[r], totals.worked[r] = shifts, whole(worked)
        _close(totals, sums, by_app, apps, f, law.orders_kind, first)
    return present.shape[0], aside, missing, found
