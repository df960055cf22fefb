"""The apps of a portfolio: what is known of a rider's work on each platform before there is any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from injurysim.scenario.groups import Group
from injurysim.scenario.platforms import FixedOrders, Platform
from injurysim.scenario.world import World
from injurysim.world.population import Population


@dataclass(frozen=True)
class Apps:
    """The apps of a portfolio, in the order in which they are worked.

    Attributes
    ----------
    split : share of the time (of the orders, with apps at once) by platform.
    orders_per_hour : orders that reach the rider in an hour by platform, before demand and weather.
    at_once : whether all are open together.
    """

    split: Mapping[int, Fraction]
    orders_per_hour: Mapping[int, float]
    at_once: bool

    def among(self, platforms: list[int]) -> dict[int, Fraction]:
        """Return the split of some of the platforms; evenly when none of them has a share."""
        found = {each: self.split.get(each, Fraction(0)) for each in platforms}
        return found if any(found.values()) else dict.fromkeys(platforms, Fraction(1))


def apps_of(world: World, population: Population) -> tuple[Apps, ...]:
    """Return the apps of each portfolio of a world, by its code."""
    return tuple(_apps(world.groups[group], name, world) for group, name in population.portfolios)


def _apps(group: Group, name: str, world: World) -> Apps:
    portfolio, codes = group.portfolios[name], list(world.platforms)
    split = {codes.index(each): Fraction(share.value) for each, share in portfolio.split.items()}
    hours = group.work.wanted_hours.law().mean()
    taken = split if portfolio.at_once else dict.fromkeys(split, Fraction(1))
    rates = {
        code: float(taken[code]) * _orders_per_hour(world.platforms[codes[code]], hours) for code in split
    }
    return Apps(split, rates, portfolio.at_once)


def _orders_per_hour(platform: Platform, hours: float) -> float:
    orders = platform.orders
    if isinstance(orders, FixedOrders):
        return orders.per_day.value / hours if hours else 0.0
    return float(orders.per_hour.value)
