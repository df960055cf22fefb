"""Minutes of work: the multiplier of fatigue, and the chance of an order in hand."""

from __future__ import annotations

import math

import numpy as np

from injurysim.core.kernel_cache import inlined
from injurysim.world.layout import (
    ADDITIVE,
    CAPPED,
    ORDERS_FIXED,
    ORDERS_ONE_AT_A_TIME,
    QUARTERS_OF_DAY,
    Floats,
    ShiftLaw,
    index,
)

_HOUR, _DAY = np.uint64(60), np.uint64(24)


@inlined
def hour_of(minute: int) -> int:
    """Hour of the day of a minute that is not negative, as an index."""
    return index(index(minute) // _HOUR % _DAY)


@inlined
def fatigue(law: ShiftLaw, clock: int, since_break: int, minute: int, state: int) -> float:
    """Combine the multipliers of a minute (of the day's midnight) under a state of fatigue of the day.

    Added up they are below zero only without a state: in rows to which what the day adds is still to come.
    """
    shift = law.shift_factor[index(clock)]
    spell = law.break_factor[index(min(since_break, law.break_factor.shape[0] - 1))]
    hour = law.hour_factor[hour_of(minute)]
    if law.combine == ADDITIVE:
        return shift + spell + hour - 2.0 + law.day_added[index(state)]
    factor = shift * spell * hour * law.day_factor[index(state)]
    return min(law.cap, factor) if law.combine == CAPPED else factor


@inlined
def fill_chances(
    law: ShiftLaw, kind: int, f: int, k: int, minute: int, open_for: int, minutes: int, chances: Floats
) -> None:
    """Fill the chance of an order in hand in the middle of each of some minutes.

    Parameters
    ----------
    law, kind, f, k
        Law, kind of day, portfolio and app.
    minute : int
        The first, of the day's midnight.
    open_for : int
        Minutes the app has been open before it.
    minutes : int
        How many.
    chances : array of shape (at least minutes,)
        Filled.
    """
    orders, meter = law.orders_kind[f, k], law.meter[kind, f, k]
    if orders == ORDERS_FIXED:
        chances[:minutes] = 1.0
        return
    opened = minute - open_for
    if orders == ORDERS_ONE_AT_A_TIME or law.steady[f, k]:
        if not law.steady[f, k]:
            meter += (opened + 7) // 15 % QUARTERS_OF_DAY
        for i in range(minutes):
            chances[i] = law.one[index(meter), index(open_for + i)]
        return
    # The mean number in hand: demand runs on from the opening and changes on some hours, and each change counts from then on.
    chances[:minutes] = 0.0
    before, begin, hour = 0.0, opened, opened // 60
    while begin < minute + minutes:
        demand = law.rate[kind, f, k] * law.demand[f, k, hour % 24]
        change = demand - before
        if change != 0.0:
            for i in range(max(0, begin - minute), minutes):
                chances[index(i)] += change * law.in_hand[index(meter), index(minute + i - begin)]
        hour += 1
        before, begin = demand, 60 * hour
    for i in range(minutes):
        chances[i] = 1.0 - math.exp(-max(0.0, chances[i]))
