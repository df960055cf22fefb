"""What riders set out to do in a month: on which days they come, what they want, and where the rows of that lie.

Short loops in which nothing waits for what comes before, so a processor has many draws under way at a time; and planned
some riders ahead, so that rows and riders come from memory while others are worked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from injurysim.core.kernel_cache import inlined
from injurysim.core.prefetch import prefetch
from injurysim.core.threefry import QUARTERS, fill_words
from injurysim.world.layout import index, whole
from injurysim.world.picks import Picks, picked
from injurysim.world.roster import AHEAD, PRESENCE, SHIFT, Days, Diary, Riders, Room
from injurysim.world.rows import RowTables, place_of

Ints = NDArray[np.integer]

_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


@inlined
def _days_present(key0: np.uint64, who: np.uint64, days: Days, g: int, room: Room, place: int) -> int:
    """List the days on which a rider of a group comes, and return their number."""
    coming, first, second = room.plan.coming, room.first_word, room.second_word
    fill_words(key0, who, np.uint64(PRESENCE), days.draws, days.draws.shape[0], first, second)
    found, day = np.uint64(0), days.draws[0] * QUARTERS
    for i in range(days.draws.shape[0]):
        x, y, at = first[i], second[i], i * QUARTERS
        coming[place, found] = day
        found += np.uint64(x >> _HALF < days.chance[g, index(at)])
        coming[place, found] = day + 1
        found += np.uint64(x & _LOW < days.chance[g, index(at + 1)])
        coming[place, found] = day + 2
        found += np.uint64(y >> _HALF < days.chance[g, index(at + 2)])
        coming[place, found] = day + 3
        found += np.uint64(y & _LOW < days.chance[g, index(at + 3)])
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
    plan, f, c, g = room.plan, index(riders.portfolio[r]), index(riders.conduct[r]), index(riders.group[r])
    region, season = index(riders.region[r]), days.season[g]
    n = _days_present(key0, riders.who[r], days, g, room, place)
    while n > 0 and plan.coming[place, n - 1] >= riders.exit_day[r]:
        n -= 1
    plan.number[place] = n
    fill_words(
        key0, riders.who[r], np.uint64(SHIFT), plan.coming[place], n, room.first_word, room.second_word
    )
    for i in range(n):
        plan.wanted[place, i] = picked(wishes, season, room.first_word[i])
        plan.begins[place, i] = picked(starts, g, room.second_word[i])
        kind = days.kinds[region, index(plan.coming[place, i] - days.first)]
        plan.variant[place, i] = rows.variant[f, c, index(kind)]
    for i in range(n):
        at = place_of(rows, f, plan.variant[place, i], 0, plan.begins[place, i], plan.wanted[place, i])
        plan.known[place, i] = at
        prefetch(rows.values, at)


@inlined
def plan_ahead(
    key0: np.uint64, present: Ints, number: int, riders: Riders, diary: Diary, days: Days, starts: Picks, wishes: Picks,
    rows: RowTables, room: Room,
) -> None:  # fmt: skip
    """Plan the months of the next riders of a list, and ask for what is known of those after them.

    Parameters
    ----------
    key0 : uint64
        ``Streams.key0``.
    present : array of int
        Riders to work.
    number : int
        Where in the list the next ones are: AHEAD of them, or what is left.
    riders, diary, days, starts, wishes, rows
        What they are like.
    room : Room
        Its plan is overwritten.
    """
    for each in range(number + AHEAD, min(number + 2 * AHEAD, present.shape[0])):
        _ask_for(riders, diary, index(present[each]))
    for each in range(min(AHEAD, present.shape[0] - number)):
        r = index(present[number + each])
        _set_out(key0, riders, r, days, starts, wishes, rows, room, index(each))
