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
from injurysim.core.prefetch import prefetch
from injurysim.core.threefry import QUARTERS, fill_words, uniform_of
from injurysim.world import layout, packed
from injurysim.world.lasting import end_month, fits, run_on, start_month, start_week
from injurysim.world.layout import ADDITIVE, ShiftLaw, whole
from injurysim.world.on_foot import clock_of, on_foot
from injurysim.world.packed import Blocks, hazard_in, hazard_of, number_in, plain_in, worked_in
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
    PRESENCE,
    SHIFT,
    SUMS,
    Days,
    Diary,
    OnFoot,
    Riders,
    Room,
    Tiring,
    Totals,
)
from injurysim.world.rows import NOT_YET, RowTables, place_of
from injurysim.world.tables import (
    MISSED_KIND,
    MISSED_START,
    MISSED_STATE,
    MISSED_VARIANT,
    MISSED_WISH,
    PICK_BITS,
    START_MINUTES,
    Picks,
)

Ints = NDArray[np.integer]
Words = NDArray[np.uint64]

_PICK_SHIFT, _HALF, _LOW = np.uint64(64 - PICK_BITS), np.uint64(32), np.uint64(0xFFFFFFFF)


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
def _picked(picks: Picks, law: int, word: np.uint64) -> int:
    """First entry of a cumulative table that reaches a uniform: known at once, or searched from where it can begin."""
    at = whole(picks.direct[law, word >> _PICK_SHIFT])
    if at < 0:
        at, u = -1 - at, uniform_of(word)
        while picks.cdf[law, at] < u:
            at += 1
    return at


@inlined
def _days_present(key0: np.uint64, who: np.uint64, days: Days, g: int, room: Room, place: int) -> int:
    """List the days on which a rider of a group comes, and return their number."""
    coming, first, second = room.plan.coming, room.first_word, room.second_word
    fill_words(key0, who, np.uint64(PRESENCE), days.draws, days.draws.shape[0], first, second)
    found, day = np.uint64(0), days.draws[0] * QUARTERS
    for i in range(days.draws.shape[0]):
        x, y, at = first[i], second[i], i * QUARTERS
        coming[place, found] = day
        found += np.uint64(x >> _HALF < days.chance[g, at])
        coming[place, found] = day + 1
        found += np.uint64(x & _LOW < days.chance[g, at + 1])
        coming[place, found] = day + 2
        found += np.uint64(y >> _HALF < days.chance[g, at + 2])
        coming[place, found] = day + 3
        found += np.uint64(y & _LOW < days.chance[g, at + 3])
        day += QUARTERS
    return whole(found)


@inlined
def _ask_for(riders: Riders, diary: Diary, r: int) -> None:
    """Ask for what is known of a rider: each thing stands in an array of its own."""
    prefetch(riders.who, r)
    prefetch(riders.group, r)
    prefetch(riders.region, r)
    prefetch(riders.portfolio, r)
    prefetch(riders.conduct, r)
    prefetch(riders.entry_day, r)
    prefetch(riders.exit_day, r)
    prefetch(riders.first_engagement, r)
    prefetch(riders.scale, r)
    prefetch(diary.back_on, r)
    prefetch(diary.free_from, r)
    prefetch(diary.last_day, r)
    prefetch(diary.last_end, r)
    prefetch(diary.row, r)
    prefetch(diary.short_until, r)


@inlined
def _set_out(
    key0: np.uint64, riders: Riders, r: int, days: Days, starts: Picks, wishes: Picks, rows: RowTables, room: Room, place: int
) -> None:  # fmt: skip
    """Plan the month of a rider: the days, what is wanted on them, and the rows of shifts begun in time on plain days."""
    plan, f, c, g = room.plan, whole(riders.portfolio[r]), whole(riders.conduct[r]), whole(riders.group[r])
    region, season = whole(riders.region[r]), days.season[g]
    n = _days_present(key0, riders.who[r], days, g, room, place)
    while n > 0 and plan.coming[place, n - 1] >= riders.exit_day[r]:
        n -= 1
    plan.number[place] = n
    fill_words(
        key0, riders.who[r], np.uint64(SHIFT), plan.coming[place], n, room.first_word, room.second_word
    )
    for i in range(n):
        plan.wanted[place, i] = _picked(wishes, season, room.first_word[i])
        plan.begins[place, i] = _picked(starts, g, room.second_word[i])
        plan.variant[place, i] = rows.variant[f, c, days.kinds[region, plan.coming[place, i] - days.first]]
    for i in range(n):
        at = place_of(rows, f, plan.variant[place, i], 0, plan.begins[place, i], plan.wanted[place, i])
        plan.known[place, i] = at
        prefetch(rows.values, at)


@inlined
def _week_before(diary: Diary, r: int, first: int, room: Room) -> None:
    """Take the minutes worked in the week before the month from the diary; of the month's own days there are none yet."""
    recent = diary.last_day[r] >= first - DAYS_OF_WEEK
    for j in range(DAYS_OF_WEEK):
        room.week[j] = diary.week[r, j] if recent else 0
    for j in range(MOST_DAYS):
        room.week[DAYS_OF_WEEK + j] = 0


@inlined
def _add(room: Room, law: ShiftLaw, values: Blocks, at: int, apps: int, factor: float, added: float) -> None:
    """Add the row of a shift to the sums of the month, its hazard under the state of the day."""
    _add_app(room, law, values, at, apps, 0, factor, added)  # most have one app
    for k in range(1, apps):
        _add_app(room, law, values, at, apps, k, factor, added)


@inlined
def _add_app(
    room: Room, law: ShiftLaw, values: Blocks, at: int, apps: int, k: int, factor: float, added: float
) -> None:
    # All of a row is read before anything is written, so that the four sums are one addition of a processor.
    online, engaged = number_in(values, at, k, packed.ONLINE), number_in(values, at, k, packed.ENGAGED)
    orders, lost = number_in(values, at, k, packed.ORDERS), number_in(values, at, k, packed.LOST)
    hazard = factor * hazard_in(values, at, k)
    if law.combine == ADDITIVE:
        hazard += added * plain_in(values, at, apps, k)
    room.sums[k, ONLINE_SUM] += online
    room.sums[k, ENGAGED_SUM] += engaged
    room.sums[k, ORDERS_SUM] += orders
    room.sums[k, LOST_SUM] += lost
    room.sums[k, HAZARD_SUM] += hazard
    room.shifts[k] += online > 0.0


@inlined
def _pay_more(room: Room, law: ShiftLaw, more: NDArray[np.float64], f: int, values: Blocks, at: int) -> None:
    """Add what the expected orders of a shift are paid on top; fixed orders are paid by the day."""
    for k in range(law.apps[f]):
        orders = number_in(values, at, k, packed.ORDERS)
        if law.orders_kind[f, k] == layout.ORDERS_FIXED:
            orders = 1.0 if number_in(values, at, k, packed.ONLINE) > 0.0 else 0.0
        room.sums[k, MORE_SUM] += orders * more[f, k]


@inlined
def _close(totals: Totals, room: Room, law: ShiftLaw, f: int, first: int) -> None:
    """Write what a rider's month comes to by app."""
    for k in range(law.apps[f]):
        at, orders = first + k, room.sums[k, ORDERS_SUM]
        totals.days_worked[at] = room.shifts[k]
        totals.online[at] = whole(room.sums[k, ONLINE_SUM])
        totals.engaged[at] = room.sums[k, ENGAGED_SUM]
        totals.orders[at] = orders
        totals.hazard[at] = room.sums[k, HAZARD_SUM]
        if totals.lost.shape[0] > 0:
            totals.lost[at] = room.sums[k, LOST_SUM]
        if totals.paid.shape[0] > 0:
            fixed = law.orders_kind[f, k] == layout.ORDERS_FIXED
            totals.paid[at] = (room.shifts[k] if fixed else orders) + room.sums[k, MORE_SUM]


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
    plan, values, spent = room.plan, rows.values, room.spent
    month, missed = days.month, told.missed
    neutral, per_state = tiring.factor.shape[0] - 1, rows.lines.shape[1] > 1
    by_week, pays = diary.week.shape[0] > 0, totals.paid.shape[0] > 0
    last_of_row = tiring.row.shape[0] - 1
    aside, missing, found = 0, 0, whole(0)
    for number in range(present.shape[0]):
        if walking is not None:  # noqa: SIM102  (numba leaves out what is under it where there is no walking)
            if found + MOST_INJURIES > walking.injuries.shape[0]:
                return number, aside, missing, found
        r, place = present[number], number % AHEAD
        if place == 0:
            for each in range(number + AHEAD, min(number + 2 * AHEAD, present.shape[0])):
                _ask_for(riders, diary, present[each])
            for each in range(min(AHEAD, present.shape[0] - number)):
                _set_out(key0, riders, present[number + each], days, starts, wishes, rows, room, each)
        f, first, w = whole(riders.portfolio[r]), whole(riders.first_engagement[r]), riders.who[r]
        region, c, apps = whole(riders.region[r]), whole(riders.conduct[r]), law.apps[f]
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
        from_day = max(back_on, whole(riders.entry_day[r]))
        for k in range(apps):
            room.shifts[k] = 0
            for j in range(SUMS):
                room.sums[k, j] = 0.0
        week_number, lasts, chosen = whole(0), rows.lasting.any[f, c], whole(0)
        if lasts:
            week_number = whole(diary.week_number[r])
            start_month(rows.lasting, spent, diary.used, first, apps)
        if by_week:
            _week_before(diary, r, days.first, room)
        gathered, k, due = 0.0, whole(0), clock_of(key0, w, month, 0, riders.scale[r])
        shifts, worked, state, factor, added, short, stays = 0, 0.0, neutral, 1.0, 0.0, False, True

        for i in range(plan.number[place]):
            day, quarter, wanted, at = (
                plan.coming[place, i],
                plan.begins[place, i],
                plan.wanted[place, i],
                plan.known[place, i],
            )
            if day < from_day or wanted == 0:
                continue
            midnight = day * layout.MINUTES_OF_DAY
            kind, late = days.kinds[region, day - days.first], free_from > midnight + quarter * START_MINUTES
            if late:
                quarter = (free_from - midnight + START_MINUTES - 1) // START_MINUTES
            start = midnight + quarter * START_MINUTES
            if tiring.matters:
                short = start - last_end < tiring.short_below
                state = tiring.row[min(days_in_row + 1 if day - last_day == 1 else 1, last_of_row)]
                state += short or day <= short_until
                if by_week:
                    minutes = whole(0)
                    for j in range(DAYS_OF_WEEK):
                        minutes += room.week[day - days.first + j]
                    state += tiring.week[minutes]
                factor, added = tiring.factor[state], tiring.added[state]
            if lasts:
                week, chosen = (day - days.monday) // DAYS_OF_WEEK, rows.lasting.sets[f, c, kind]
                if week_number != week:
                    week_number = week
                    start_week(rows.lasting, spent, apps)

            # A shift begun late has another row, and so has each state where states have rows of their own.
            hazard, variant, of_state = math.inf, plan.variant[place, i], state if per_state else 0
            if late or per_state:
                at = place_of(rows, f, variant, of_state, quarter, wanted)
            if at >= 0 and number_in(values, at, 0, packed.LENGTH) < 0.0:
                at = NOT_YET
            if at >= 0:
                hazard = hazard_of(law, values, at, apps, factor, added)
            elif at == NOT_YET and missing < missed.shape[0]:
                missed[missing, MISSED_VARIANT], missed[missing, MISSED_STATE] = variant, of_state
                missed[missing, MISSED_START] = quarter - rows.start_from[f]
                missed[missing, MISSED_WISH] = wanted - rows.wanted_from[f]
                missed[missing, MISSED_KIND] = kind
                missing += 1
            row, begin = values, at
            within = at >= 0 and (not lasts or fits(rows.lasting, chosen, spent, values, at))
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

            _add(room, law, row, begin, apps, factor, added)
            length, minutes_worked = (
                whole(number_in(row, begin, 0, packed.LENGTH)),
                worked_in(law, f, row, begin, apps),
            )
            if length == 0:
                continue
            shifts += 1
            worked += minutes_worked
            last_end = start + length
            free_from = last_end + whole(number_in(row, begin, 0, packed.OFF))
            if lasts:
                run_on(rows.lasting, chosen, spent, row, begin)
            if pays and days.pays_more[day - days.first]:
                _pay_more(room, law, days.more_pay, f, row, begin)
            if tiring.matters:
                short_until = day + 1 if short else short_until
                days_in_row = days_in_row + 1 if day - last_day == 1 else 1
                last_day = day
                if by_week:
                    room.week[DAYS_OF_WEEK + day - days.first] = whole(minutes_worked)

        if not stays:
            told.aside[aside] = r
            aside += 1
            continue
        diary.back_on[r], diary.free_from[r], diary.last_end[r] = back_on, free_from, last_end
        diary.last_day[r], diary.row[r], diary.short_until[r] = last_day, days_in_row, short_until
        if by_week:
            for j in range(DAYS_OF_WEEK):
                diary.week[r, j] = room.week[days.last - days.first + j]
        if lasts:
            diary.week_number[r] = week_number
            end_month(rows.lasting, spent, diary.used, first, apps)
        totals.rider_days[r], totals.worked[r] = shifts, whole(worked)
        _close(totals, room, law, f, first)
    return present.shape[0], aside, missing, found
