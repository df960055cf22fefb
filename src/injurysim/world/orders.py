"""Orders and earnings of a month, from what the shifts have added up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from injurysim.core.money import to_fen
from injurysim.core.poisson import counts_by_definition
from injurysim.core.randomness import Streams, digest32
from injurysim.scenario.platforms import FixedOrders, OneAtATime
from injurysim.scenario.world import World
from injurysim.world import monthly
from injurysim.world.law import orders_kind
from injurysim.world.meters import dispersion
from injurysim.world.monthly import Draws, Engaged, OrderLaws, Settled
from injurysim.world.population import Population
from injurysim.world.roster import Totals

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def order_laws(world: World) -> OrderLaws:
    """Compile what orders are like on the platforms of a world, and the floors of earnings."""
    platforms = world.platforms
    orders = [each.orders for each in platforms.values()]
    floors = [group.work.earnings_floor_yuan_per_hour for group in world.groups.values()]
    floored = any(floor is not None for floor in floors)
    return OrderLaws(
        kind=np.array([orders_kind(each) for each in orders], np.int64),
        digest=np.array([digest32(name) for name in platforms], np.uint64),
        spread=np.array([dispersion(each) if isinstance(each, OneAtATime) else 1.0 for each in orders]),
        per_day=np.array(
            [each.per_day.value if isinstance(each, FixedOrders) else 0 for each in orders], np.int64
        ),
        pay_fen=np.array([to_fen(each.pay_per_order_yuan.value) for each in platforms.values()], np.int64),
        floor_fen=np.array(
            [0 if floor is None else to_fen(floor.value) for floor in floors] if floored else [], np.int64
        ),
    )


def engaged(population: Population) -> Engaged:
    """Return who is engaged where, as the kernels take it."""
    p = population
    return Engaged(p.first_engagement, p.engagement_rider, p.engagement_platform, p.who, p.region, p.group)


def reoffered(world: World, population: Population, present: Ints, totals: Totals) -> Floats:
    """Return by how much the orders of a platform in a region rise by those lost to limits and offered again.

    Parameters
    ----------
    world, population
        Theirs.
    present : array of int
        Riders who are there.
    totals : Totals
        What the shifts have come to.

    Returns
    -------
    ndarray of float, shape (regions, platforms)
        ``reoffer_share`` × orders lost / orders expected; 0 where none are expected, and everywhere when no platform
        offers again.
    """
    shape = (len(population.regions), len(population.platforms))
    lost, expected = np.zeros(shape), np.zeros(shape)
    if totals.lost.shape[0]:
        monthly.add_lost(present, engaged(population), totals, lost, expected)
    shares = np.array([float(each.reoffer_share.value) for each in world.platforms.values()])
    return np.divide(shares * lost, expected, out=np.zeros(shape), where=expected > 0)


def nothing_settled(engagements: int) -> Settled:
    """Return room for what a month comes to: nothing, so far."""
    return Settled(
        engaged=np.zeros(engagements, np.int32),
        orders=np.zeros(engagements, np.int32),
        earnings_fen=np.zeros(engagements, np.int64),
        injuries=np.zeros(engagements),
    )


def settle(
    streams: Streams, month: int, some: Ints, population: Population, laws: OrderLaws, more: Floats, scale: Floats,
    totals: Totals, settled: Settled,
) -> None:  # fmt: skip
    """Draw the orders of some riders in a month, one draw for each engagement, keyed by rider and platform, and pay them.

    Poisson orders have the expected number as their mean, exactly. Orders one at a time are drawn from the normal law
    with mean and variance of the renewal process, rounded and never below zero: an approximation.

    Parameters
    ----------
    some : array of int
        Riders to settle with; nothing else of `settled` is touched.
    more : ndarray of float, shape (regions, platforms)
        Factor on expected orders, see :func:`reoffered`.
    scale : ndarray of float, shape (riders,)
        Factor of each rider on the hazard.
    totals : Totals
        What the shifts have come to.
    settled : Settled
        Filled in.
    """
    those = engaged(population)
    size = int((those.first[some + 1] - those.first[some]).sum())
    draws = Draws(np.empty(size, np.int64), np.empty(size), np.empty(size), np.empty(size))
    n = monthly.draw(streams.key0, month, some, those, laws, totals, draws)
    special.ndtri(draws.u[:n], out=draws.z[:n])
    left = monthly.count(n, those, laws, more, totals, draws, settled)
    if left:
        undecided = counts_by_definition(draws.u[:left], draws.mean[:left], draws.z[:left])
        settled.orders[draws.at[:left]] = undecided
    monthly.settle(some, those, laws, more, scale, totals, settled)
