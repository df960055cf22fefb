"""The workday kernel: a month of every rider, each shift looked up in the tables.

All state is whole numbers and every draw is keyed by the rider, so the result is the same for any split of the
population. Only a shift in which the injury clock runs out is walked, to find the minute.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from injurysim.core.randomness import uniform_pair

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# The kernel cannot look an enumeration up; these are Purpose.* of the registry (a test holds them equal).
ATTENDANCE, SHIFT, INJURY_CLOCK, SEVERITY, DAYS_OFF, SITUATION = 1, 2, 3, 4, 6, 8
RECOVERY_NONE, RECOVERY_OFF_WORK = 0, 2
ON_ORDER, WAITING = 0, 1
ONE_INJURY = float(1 << 52)
NEVER = 1 << 62
MOST_INJURIES = 1024
"""Room an injury buffer keeps for one rider's month."""

# Columns of the injury buffer.
RIDER, K, MINUTE, SLOT, SITUATION_CODE, WORKED, SEVERITY_CODE, OFF = range(8)


@njit(cache=True)
def _clock(key0: np.uint64, who: np.uint64, month: int, k: int, scale: float) -> np.int64:
    """Hazard until injury k of the month: a unit-exponential clock in fixed point, divided by the rider's factor."""
    if scale <= 0.0:
        return np.int64(NEVER)
    u, _ = uniform_pair(key0, who, INJURY_CLOCK, month, k)
    reading = -math.log(u) / scale * ONE_INJURY
    return np.int64(NEVER) if reading > 4.0e18 else np.int64(math.ceil(reading))


@njit(cache=True)
def _drawn(cdf: Floats, guide: Ints, u: float) -> int:
    """First entry of a cumulative table that reaches u: what a search would find, begun where the guide points."""
    at = int(guide[int(u * guide.shape[0])])
    while cdf[at] < u:
        at += 1
    return at


@njit(cache=True)
def _minute_of(hazard_to: Ints, clock: int, minutes: int, wanted_hazard: np.int64) -> int:
    """First minute of a segment in which its hazard reaches the wanted amount."""
    low, high = 0, minutes - 1
    base = hazard_to[clock]
    while low < high:
        middle = (low + high) // 2
        if hazard_to[clock + middle + 1] - base >= wanted_hazard:
            high = middle
        else:
            low = middle + 1
    return low


@njit(cache=True)
def work_month(  # noqa: PLR0912, PLR0915 (a kernel has no keywords, and calls are not free in it)
    key0: np.uint64, month: int, first_day: int, last_day: int, day_types: NDArray[np.int8], set_of_day: Ints,
    who: NDArray[np.uint64], group: Ints, portfolio: Ints, scale: Floats, first_engagement: Ints,
    attendance: Floats, start_cdf: Floats, start_guide: Ints, wanted_cdf: Floats, wanted_guide: Ints,
    segments: Ints, segment_slot: Ints, segment_start: Ints, segment_minutes: Ints, segment_clock: Ints,
    shift_minutes: Ints, slot_minutes: Ints, slot_engaged: Ints, slot_hazard: Ints,
    hazard_to: Ints, busy: Floats, engaged_to: Ints, platform_of: Ints,
    severity_cdf: Floats, days_off_cdf: Floats, fatal: NDArray[np.bool_], recovery: int,
    first_rider: int, back_on: Ints, free_from: Ints,
    days_worked: Ints, online: Ints, engaged: Ints, hazard: Ints, rider_days: Ints, injuries: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Work one month of riders from ``first_rider`` on.

    ``back_on`` (day) and ``free_from`` (minute) are the riders' state and are updated; ``days_worked``, ``online``,
    ``engaged``, ``hazard`` (by engagement) and ``rider_days`` are added to; ``injuries`` (n, 8) is filled.

    Returns
    -------
    next_rider, found
        ``next_rider`` is below the number of riders when the injury buffer has to be emptied first.
    """
    found = 0
    room = injuries.shape[0] - MOST_INJURIES
    for r in range(first_rider, who.shape[0]):
        if found > room:
            return r, found
        g, f, w = group[r], portfolio[r], who[r]
        first = first_engagement[r]
        slots = first_engagement[r + 1] - first
        gathered, k = np.int64(0), 0
        due = _clock(key0, w, month, k, scale[r])
        for day in range(first_day, last_day):
            if day < back_on[r]:
                continue
            u, _ = uniform_pair(key0, w, ATTENDANCE, day, 0)
            if u >= attendance[g, day_types[day]]:
                continue
            u, v = uniform_pair(key0, w, SHIFT, day, 0)
            wanted = _drawn(wanted_cdf[g], wanted_guide[g], u)
            if wanted == 0:
                continue
            rules = set_of_day[day]
            start = max(day * 1440 + _drawn(start_cdf[g], start_guide[g], v), free_from[r])
            rider_days[r] += 1
            whole = np.int64(0)
            for s in range(slots):
                whole += slot_hazard[rules, f, wanted, s]
            if gathered + whole < due:
                gathered += whole
                for s in range(slots):
                    minutes = slot_minutes[rules, f, wanted, s]
                    if minutes > 0:
                        days_worked[first + s] += 1
                        online[first + s] += minutes
                        engaged[first + s] += slot_engaged[rules, f, wanted, s]
                        hazard[first + s] += slot_hazard[rules, f, wanted, s]
                free_from[r] = start + shift_minutes[rules, f, wanted]
                continue

            # The clock runs out in this shift: walk it.
            seen, worked, hurt = 0, np.int64(0), False
            end = start
            for i in range(segments[rules, f, wanted]):
                slot = segment_slot[rules, f, wanted, i]
                minutes = segment_minutes[rules, f, wanted, i]
                clock = segment_clock[rules, f, wanted, i]
                begin = start + segment_start[rules, f, wanted, i]
                app = platform_of[f, slot]
                in_segment = hazard_to[f, slot, clock + minutes] - hazard_to[f, slot, clock]
                spent = np.int64(0)
                while gathered + (in_segment - spent) >= due:
                    spent += due - gathered
                    gathered = due
                    j = _minute_of(hazard_to[f, slot], clock, minutes, spent)
                    u, _ = uniform_pair(key0, w, SEVERITY, month, k)
                    severity = np.searchsorted(severity_cdf, u)
                    u, _ = uniform_pair(key0, w, DAYS_OFF, month, k)
                    off = np.searchsorted(days_off_cdf[severity], u)
                    u, _ = uniform_pair(key0, w, SITUATION, month, k)
                    injuries[found, RIDER] = r
                    injuries[found, K] = k
                    injuries[found, MINUTE] = begin + j
                    injuries[found, SLOT] = slot
                    injuries[found, SITUATION_CODE] = ON_ORDER if u < busy[app, j] else WAITING
                    injuries[found, WORKED] = worked + j
                    injuries[found, SEVERITY_CODE] = severity
                    injuries[found, OFF] = off
                    found += 1
                    k += 1
                    due = gathered + _clock(key0, w, month, k, scale[r])
                    if k >= MOST_INJURIES:
                        return -1, found
                    if recovery != RECOVERY_NONE:
                        hurt = True
                        minutes = j + 1
                        if fatal[severity]:
                            back_on[r] = NEVER
                        elif recovery == RECOVERY_OFF_WORK:
                            back_on[r] = day + 1 + off
                        break
                if hurt:
                    in_segment = hazard_to[f, slot, clock + minutes] - hazard_to[f, slot, clock]
                else:
                    gathered += in_segment - spent
                if not (seen >> slot) & 1:
                    days_worked[first + slot] += 1
                    seen |= 1 << slot
                online[first + slot] += minutes
                engaged[first + slot] += engaged_to[app, minutes]
                hazard[first + slot] += in_segment
                worked += minutes
                end = begin + minutes
                if hurt:
                    break
            free_from[r] = end
    return who.shape[0], found
