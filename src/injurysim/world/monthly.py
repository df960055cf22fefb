"""Kernels of what is reckoned once a month for every rider or engagement, before and after the shifts."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.core.kernel_cache import inlined, kernel
from injurysim.core.poisson import UNDECIDED, quick_count
from injurysim.core.randomness import Purpose
from injurysim.core.threefry import uniform_pair
from injurysim.world.layout import ORDERS_FIXED, ORDERS_ONE_AT_A_TIME, index
from injurysim.world.roster import Totals

Ints = NDArray[np.int64]
Wholes = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]

PURPOSE = int(Purpose.ORDERS)
AFTER = np.uint64(1)


class Engaged(NamedTuple):
    """Who is engaged where: `rider` and `platform` by engagement, the others by rider, and `first` their first engagement."""

    first: Wholes
    rider: Wholes
    platform: Wholes
    who: NDArray[np.uint64]
    region: Wholes
    group: Wholes


class OrderLaws(NamedTuple):
    """What orders are like and bring.

    Attributes
    ----------
    kind, digest, spread, per_day, pay_fen : by platform: code of its orders, digest of its name, variance over mean of
        orders one at a time, fixed orders of a day, pay of an order.
    floor_fen : by group, the floor of an hour online; none at all when no group has one.
    """

    kind: Ints
    digest: NDArray[np.uint64]
    spread: Floats
    per_day: Ints
    pay_fen: Ints
    floor_fen: Ints


class Settled(NamedTuple):
    """What a month has come to, by engagement: see :class:`~injurysim.world.month.Month`."""

    engaged: Wholes
    orders: Wholes
    earnings_fen: Ints
    injuries: Floats


class Draws(NamedTuple):
    """Room for the orders to draw of a part of the engagements: where, uniforms, normal quantiles and means."""

    at: Ints
    u: Floats
    z: Floats
    mean: Floats


@kernel
def multiply(
    frailty: Floats, group: Wholes, cohort: Wholes, brought: Wholes,
    month: int, common: Floats, by_month: Floats, out: Floats,
) -> None:  # fmt: skip
    """Fill in frailty × what a group shares × what a rider's months of experience make of it."""
    most = by_month.shape[1] - 1
    for r in range(frailty.shape[0]):
        months, g = month + 1 - cohort[r] if cohort[r] > 0 else month, index(group[r])
        out[r] = frailty[r] * common[g] * by_month[g, index(min(max(months, 0) + brought[r], most))]


@kernel
def add_lost(some: Ints, engaged: Engaged, totals: Totals, lost: Floats, expected: Floats) -> None:
    """Add orders lost and orders expected of some riders to those of their region and platform."""
    for i in range(some.shape[0]):
        r = index(some[i])
        for each in range(engaged.first[r], engaged.first[r + AFTER]):
            e = index(each)
            region, platform = index(engaged.region[r]), index(engaged.platform[e])
            lost[region, platform] += totals.lost[e]
            expected[region, platform] += totals.orders[e]


@kernel
def draw(
    key0: np.uint64, month: int, some: Ints, engaged: Engaged, laws: OrderLaws, totals: Totals, draws: Draws
) -> int:  # fmt: skip
    """Draw a uniform for each engagement of some riders whose orders are not fixed, if the app was open; return their number."""
    n = 0
    for i in range(some.shape[0]):
        r = index(some[i])
        for each in range(engaged.first[r], engaged.first[r + AFTER]):
            e = index(each)
            platform = index(engaged.platform[e])
            if totals.online[e] > 0 and laws.kind[platform] != ORDERS_FIXED:
                draws.u[n], _ = uniform_pair(
                    key0, engaged.who[r], np.uint64(PURPOSE), np.uint64(month), laws.digest[platform]
                )
                draws.at[n] = e
                n += 1
    return n


@kernel
def count(
    n: int, engaged: Engaged, laws: OrderLaws, more: Floats, totals: Totals, draws: Draws, settled: Settled
) -> int:  # fmt: skip
    """Turn draws into orders; move those that are left undecided to the front, and return their number."""
    left = 0
    for i in range(n):
        e, z = index(draws.at[i]), draws.z[i]
        platform, region = index(engaged.platform[e]), index(engaged.region[index(engaged.rider[e])])
        mean = totals.orders[e] * more[region, platform]
        if laws.kind[platform] == ORDERS_ONE_AT_A_TIME:
            orders = max(math.floor(mean + math.sqrt(mean * laws.spread[platform]) * z + 0.5) * 1.0, 0.0)
        else:
            orders = quick_count(draws.u[i], mean, z)
        if orders == UNDECIDED:
            draws.at[left], draws.u[left], draws.z[left], draws.mean[left] = e, draws.u[i], z, mean
            left += 1
        else:
            settled.orders[e] = int(orders)
    return left


@inlined
def _settle(
    e: int, r: int, engaged: Engaged, laws: OrderLaws, more: Floats, totals: Totals, settled: Settled
) -> None:
    """Pay the orders that were drawn for an engagement."""
    platform = index(engaged.platform[e])
    fixed, pay = laws.kind[platform] == ORDERS_FIXED, laws.pay_fen[platform]
    if fixed:
        settled.orders[e] = totals.days_worked[e] * laws.per_day[platform]
    earned = settled.orders[e] * pay
    if totals.paid.shape[0] > 0:
        raised = more[index(engaged.region[r]), platform]
        paid, mean = totals.paid[e] * raised, totals.orders[e] * raised
        if fixed:  # what a day pays, day by day: exact to half a fen
            earned = math.floor(paid * (laws.per_day[platform] * pay) + 0.5)
        else:
            earned = math.floor(settled.orders[e] * (pay * (paid / mean if mean > 0.0 else 1.0)) + 0.5)
    if laws.floor_fen.shape[0] > 0:  # half up
        owed = (2 * laws.floor_fen[index(engaged.group[r])] * totals.online[e] + 60) // 120
        earned = max(earned, owed)
    settled.earnings_fen[e] = earned


@kernel
def settle(
    some: Ints, engaged: Engaged, laws: OrderLaws, more: Floats, scale: Floats, totals: Totals, settled: Settled
) -> None:  # fmt: skip
    """Give the engagements of some riders what is theirs; all others have nothing."""
    for i in range(some.shape[0]):
        r = index(some[i])
        for each in range(engaged.first[r], engaged.first[r + AFTER]):
            e = index(each)
            settled.engaged[e] = math.floor(totals.engaged[e] + 0.5)
            settled.injuries[e] = totals.hazard[e] * scale[r]
            if totals.online[e] > 0:
                _settle(e, r, engaged, laws, more, totals, settled)
