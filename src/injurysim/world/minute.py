"""One minute of work: the chance of an order in hand, the hazard, and what the minute adds to the row of the shift."""

from __future__ import annotations

import math

from injurysim.core.kernel_cache import inlined
from injurysim.world.layout import (
    ADDITIVE,
    ALL,
    BUSY,
    CAPPED,
    CLOCK,
    CLOCK_ENGAGED,
    ENGAGED,
    FIRST_COEFFICIENT,
    HAZARD,
    HEAD,
    MOST_APPS,
    ONLINE,
    ORDERS,
    ORDERS_FIXED,
    ORDERS_ONE_AT_A_TIME,
    PER_APP,
    PLAIN,
    QUARTERS_OF_DAY,
    SCOPE,
    SURELY_DONE,
    WORKED,
    Floats,
    Ints,
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


@inlined
def weight_of_none(share: Floats, opened: Ints, apps: int) -> float:
    """Return what is added to the shares of open apps to weigh them: nothing, unless none has a share."""
    total = 0.0
    for k in range(apps):
        if opened[k] >= 0:
            total += share[k]
    return 0.0 if total > 0.0 else 1.0


@inlined
def work_minute(
    law: ShiftLaw, kind: int, f: int, state: int, minute: int, clock: int, since_break: int,
    opened: Ints, busy: Floats, row: Floats,
) -> float:  # fmt: skip
    """Work a minute with the apps that are open (``opened[k]`` is minutes open so far, or -1), adding to the row.

    Fills ``busy`` (chance of an order in hand by app, then of any) and returns the hazard of the minute.
    """
    apps = law.apps[f]
    idle, weight, base = 1.0, 0.0, 0.0
    alike = weight_of_none(law.share[f], opened, apps)
    for k in range(apps):
        if opened[k] < 0:
            busy[k] = 0.0
            continue
        chance = busy_chance(law, kind, f, k, minute, opened[k])
        busy[k] = chance
        idle *= 1.0 - chance
        share = law.share[f, k] + alike
        weight += share
        base += share * law.base[f, k] * law.climate_hazard[kind, f, k]
    any_busy = 1.0 - idle
    busy[MOST_APPS] = any_busy
    mix = law.situations[0] * any_busy + law.situations[1] * idle
    factor = fatigue(law, clock, since_break, minute, state)
    for k in range(apps):
        if opened[k] < 0:
            continue
        at = HEAD + k * PER_APP
        row[at + ONLINE] += 1.0
        row[at + ENGAGED] += busy[k]
        if law.orders_kind[f, k] != ORDERS_FIXED:
            offered = law.rate[kind, f, k] * law.demand[f, k, minute // 60 % 24]
            if law.orders_kind[f, k] == ORDERS_ONE_AT_A_TIME:
                offered *= 1.0 - busy[k]
            row[at + ORDERS] += offered
        plain = (law.share[f, k] + alike) * law.base[f, k] * law.climate_hazard[kind, f, k] * mix / weight
        row[at + PLAIN] += plain
        row[at + HAZARD] += plain * factor
        opened[k] += 1
    row[WORKED] += 1.0
    row[BUSY] += any_busy
    return base / weight * mix * factor


@inlined
def count(limits: Floats, meters: Floats, opened: Ints, busy: Floats, share: Floats, apps: int) -> None:
    """Let the meters of the limits run for a minute that has just been worked."""
    for i in range(limits.shape[0]):
        engaged = limits[i, CLOCK] == CLOCK_ENGAGED
        if limits[i, SCOPE] != ALL:
            k = int(limits[i, SCOPE])
            if opened[k] >= 0:
                meters[i] += limits[i, FIRST_COEFFICIENT + k] * (busy[k] if engaged else 1.0)
            continue
        coefficient, weight, alike = 0.0, 0.0, weight_of_none(share, opened, apps)
        for k in range(apps):
            if opened[k] >= 0:
                coefficient += (share[k] + alike) * limits[i, FIRST_COEFFICIENT + k]
                weight += share[k] + alike
        meters[i] += coefficient / weight * (busy[MOST_APPS] if engaged else 1.0)
