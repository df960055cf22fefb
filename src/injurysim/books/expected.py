"""What a group's law of work means for a mean month, before any limit, weather or absence: an expectation to go by.

Rules go by it where nothing has been observed yet (a rider's first months), and static answers to a design are worked
out from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Generic, TypeVar

from injurysim.scenario.groups import Group
from injurysim.scenario.platforms import FixedOrders, OneAtATime, Platform
from injurysim.scenario.world import World
from injurysim.world.month import Floats

WEEKS_OF_YEAR = 365.25 / 7


N = TypeVar("N", float, Floats)
"""A number of one rider, or an array of many."""


@dataclass(frozen=True)
class ExpectedWork(Generic[N]):
    """Work of one rider, or of many as arrays, on one platform in a mean month.

    Attributes
    ----------
    days : days with work.
    online_hours : hours with the app open and accepting.
    engaged_hours : hours with an order in hand.
    orders : orders taken.
    earnings_yuan : orders times the pay of one.
    months : share of the months that have work.
    """

    days: N
    online_hours: N
    engaged_hours: N
    orders: N
    earnings_yuan: N
    months: N


def days_a_month(group: Group) -> float:
    """Return the days worked in a mean month without holidays."""
    attendance = group.work.attendance
    workday, weekend = float(attendance.workday.value), float(attendance.weekend.value)
    return WEEKS_OF_YEAR * (5 * workday + 2 * weekend) / 12


def expected_work(group: Group, portfolio: str, world: World) -> dict[str, ExpectedWork[float]]:
    """Return the work of a rider of a portfolio by platform.

    Parameters
    ----------
    group : Group
    portfolio : str
        One of the group's.
    world : World
        Its platforms.

    Returns
    -------
    dict of str to ExpectedWork
    """
    law, days = group.portfolios[portfolio], days_a_month(group)
    hours = group.work.wanted_hours.law().mean()
    found = {}
    for name, share in law.split.items():
        own_hours = hours * float(share.value)
        platform = world.platforms[name]
        online = hours if law.at_once else own_hours
        orders = _orders_a_day(platform, own_hours)
        pay = float(platform.pay_per_order_yuan.value)
        found[name] = ExpectedWork(
            days=days,
            online_hours=days * online,
            engaged_hours=days * _engaged_hours_a_day(platform, orders, online),
            orders=days * orders,
            earnings_yuan=days * orders * pay,
            months=float(days > 0),
        )
    return found


def _orders_a_day(platform: Platform, hours: float) -> float:
    orders = platform.orders
    if not hours:
        return 0.0
    if isinstance(orders, FixedOrders):
        taken: float = orders.per_day.value
        return taken
    an_hour = float(orders.per_hour.value)
    if isinstance(orders, OneAtATime):  # no other comes while one is in hand
        an_hour /= 1 + an_hour * orders.minutes.law().mean() / 60
    return an_hour * hours


def _engaged_hours_a_day(platform: Platform, orders_a_day: float, online_hours: float) -> float:
    """Hours with an order in hand: of M/G/infinity the busy share 1 - exp(-load), of one at a time the load."""
    if isinstance(platform.orders, FixedOrders) or not online_hours:
        return online_hours
    load = orders_a_day * platform.orders.minutes.law().mean() / 60 / online_hours
    busy = load if isinstance(platform.orders, OneAtATime) else -math.expm1(-load)
    return online_hours * min(busy, 1.0)
