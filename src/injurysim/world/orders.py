"""Orders and earnings of a month, from what the shifts have added up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from injurysim.core.money import to_fen
from injurysim.core.poisson import poisson_counts
from injurysim.core.randomness import Purpose, Streams, digest32
from injurysim.scenario.platforms import FixedOrders, OneAtATime, Orders, PoissonOrders
from injurysim.scenario.world import World
from injurysim.world.meters import dispersion
from injurysim.world.population import Population
from injurysim.world.roster import Totals

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def reoffered(world: World, population: Population, totals: Totals) -> Floats:
    """Return by how much the orders of a platform in a region rise by those lost to limits and offered again.

    Returns
    -------
    ndarray of float, shape (regions, platforms)
        ``reoffer_share`` × orders lost / orders expected; 0 where none are expected.
    """
    shape = (len(population.regions), len(population.platforms))
    cell = population.region[population.engagement_rider] * shape[1] + population.engagement_platform
    lost = np.bincount(cell, totals.lost, shape[0] * shape[1]).reshape(shape)
    expected = np.bincount(cell, totals.orders, shape[0] * shape[1]).reshape(shape)
    shares = np.array([float(each.reoffer_share.value) for each in world.platforms.values()])
    return np.divide(shares * lost, expected, out=np.zeros(shape), where=expected > 0)


def draw_orders(
    world: World, population: Population, streams: Streams, month: int, totals: Totals, part: slice
) -> tuple[Ints, Ints]:
    """Draw the orders of some engagements in a month, one draw each, keyed by rider and platform, and their pay.

    Poisson orders have the expected number as their mean, exactly. Orders one at a time are drawn from the normal law
    with mean and variance of the renewal process, rounded and never below zero: an approximation.

    Parameters
    ----------
    part : slice
        Engagements to draw for.

    Returns
    -------
    orders, earnings_fen : arrays of int64, shape (engagements of the part,)
    """
    platform, rider = population.engagement_platform[part], population.engagement_rider[part]
    expected, online, days = totals.orders[part], totals.online[part], totals.days_worked[part]
    orders, earnings = np.zeros(len(expected), np.int64), np.zeros(len(expected), np.int64)
    for code, (name, law) in enumerate(world.platforms.items()):
        mine = np.flatnonzero((platform == code) & (online > 0))
        if not len(mine):
            continue
        if isinstance(law.orders, PoissonOrders | OneAtATime):
            u = streams.uniform(Purpose.ORDERS, population.who[rider[mine]], when=month, index=digest32(name))
            orders[mine] = _counts(law.orders, u, expected[mine])
        else:
            orders[mine] = days[mine].astype(np.int64) * law.orders.per_day.value
        pay = to_fen(law.pay_per_order_yuan.value)
        if totals.paid.shape[0] and isinstance(law.orders, FixedOrders):
            # What a day pays, day by day: exact to half a fen.
            earnings[mine] = np.floor(totals.paid[part][mine] * (law.orders.per_day.value * pay) + 0.5)
        elif totals.paid.shape[0]:
            weight = expected[mine]
            mean_pay = pay * np.divide(
                totals.paid[part][mine], weight, out=np.ones(len(mine)), where=weight > 0
            )
            earnings[mine] = np.floor(orders[mine] * mean_pay + 0.5)
        else:
            earnings[mine] = orders[mine] * pay
    _top_up(world, population, rider, online, earnings)
    return orders, earnings


def _counts(orders: Orders, u: Floats, mean: Floats) -> Ints:
    if isinstance(orders, OneAtATime):
        spread = np.sqrt(mean * dispersion(orders))
        return np.maximum(np.floor(mean + spread * special.ndtri(u) + 0.5), 0.0).astype(np.int64)
    return poisson_counts(u, mean)


def _top_up(
    world: World,
    population: Population,
    rider: NDArray[np.integer],
    online: NDArray[np.integer],
    earnings: Ints,
) -> None:
    """Raise earnings to the floor of the rider's group for the hours online, half up."""
    floors = [group.work.earnings_floor_yuan_per_hour for group in world.groups.values()]
    if any(floor is not None for floor in floors):
        fen = np.array([0 if floor is None else to_fen(floor.value) for floor in floors], np.int64)
        owed = (2 * fen[population.group[rider]] * online.astype(np.int64) + 60) // 120
        np.maximum(earnings, owed, out=earnings)
