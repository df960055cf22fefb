"""One minute of work: the multiplier of fatigue, and the chance of an order in hand."""

from __future__ import annotations

import math

from injurysim.core.kernel_cache import inlined
from injurysim.world.layout import (
    ADDITIVE,
    CAPPED,
    ORDERS_FIXED,
    ORDERS_ONE_AT_A_TIME,
    QUARTERS_OF_DAY,
    SURELY_DONE,
    ShiftLaw,
)


@inlined
def fatigue(law: ShiftLaw, clock: int, since_break: int, minute: int, state: int) -> float:
    """Combine the multipliers of a minute (of the day's midnight) under a state of fatigue of the day.

    Added up they are below zero only without a state: in rows to which what the day adds is still to come.
    """
    shift = law.shift_factor[clock]
    spell = law.break_factor[min(since_break, law.break_factor.shape[0] - 1)]
    hour = law.hour_factor[minute // 60 % 24]
    if law.combine == ADDITIVE:
        return shift + spell + hour - 2.0 + law.day_added[state]
    factor = shift * spell * hour * law.day_factor[state]
    return min(law.cap, factor) if law.combine == CAPPED else factor


@inlined
def busy_chance(law: ShiftLaw, kind: int, f: int, k: int, minute: int, open_for: int) -> float:
    """Chance of an order in hand in the middle of a minute of an app that has been open for so many minutes."""
    orders = law.orders_kind[f, k]
    if orders == ORDERS_FIXED:
        return 1.0
    meter = law.meter[kind, f, k]
    if orders == ORDERS_ONE_AT_A_TIME:
        quarter = 0 if law.steady[f, k] else (minute - open_for + 7) // 15 % QUARTERS_OF_DAY
        return law.one[meter + quarter, open_for]
    if law.steady[f, k]:
        return law.one[meter, open_for]
    rate, reached = law.rate[kind, f, k], law.in_hand[meter, open_for]
    # Hour by hour back to the opening: orders of an hour have been in hand for between `later` and `into` minutes.
    mean, later, into, hour = 0.0, 0.0, minute % 60, minute // 60
    while True:
        # Orders older than any order lasts are no longer in hand.
        whole = into >= open_for or reached - law.in_hand[meter, into] < SURELY_DONE * reached
        until = reached if whole else law.in_hand[meter, into]
        mean += rate * law.demand[f, k, hour % 24] * (until - later)
        if whole:
            return -math.expm1(-mean)
        later, into, hour = until, into + 60, hour - 1
