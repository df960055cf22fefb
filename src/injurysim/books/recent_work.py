"""What riders did on each platform in the months before: what shares by recent orders, earnings or hours go by.

Only whole months before the one at hand count, so that whose an injury is never depends on work after it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from injurysim.core.sums import Wholes, narrow
from injurysim.scenario.attribution import Attribution
from injurysim.scenario.document import Scenario
from injurysim.scenario.groups import Group
from injurysim.scenario.platforms import FixedOrders, Platform
from injurysim.scenario.world import World
from injurysim.world.month import Month
from injurysim.world.population import Population

Measure = Literal["orders", "earnings_fen", "online_minutes"]

MEASURED: dict[str, Measure] = {
    "by_orders": "orders",
    "by_recent_earnings": "earnings_fen",
    "by_online_time": "online_minutes",
}
"""The measure of engagements that a rule of attribution goes by."""


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


def months_kept(scenario: Scenario) -> dict[Measure, int]:
    """Return how many months of each measure any rule of a scenario looks back over; only those asked for."""
    kept: dict[Measure, int] = {}
    for design in scenario.designs.values():
        for scheme in design.schemes.values():
            for rule in _rules(scheme.attribution):
                if rule in MEASURED:
                    measure, months = MEASURED[rule], scheme.attribution.recent_months.value
                    kept[measure] = max(months, kept.get(measure, 0))
    return kept


def _rules(law: Attribution) -> set[str]:
    return {rule for whose in (law.liable, law.rating, law.paying) for rule in (whose.two_orders, whose.no_order)}


class RecentWork:
    """Measures of every engagement over as many months as rules look back over.

    Parameters
    ----------
    population : Population
        The riders.
    months : mapping of measure to int
        Months that are kept of each; a measure left out is not kept.
    """

    def __init__(self, population: Population, months: Mapping[Measure, int]) -> None:
        self._population = population
        self._kept: dict[Measure, deque[Wholes]] = {
            measure: deque(maxlen=number) for measure, number in months.items()
        }

    def add(self, month: Month) -> None:
        """Add a month that is over."""
        for measure, kept in self._kept.items():
            kept.append(narrow(getattr(month, measure)))

    def of(self, rider: int, measure: Measure, months: int) -> dict[int, int]:
        """Return a rider's measure by platform, added over up to so many of the last months added.

        Raises
        ------
        ValueError
            If so many months are not kept.
        """
        kept = self._kept.get(measure)
        if kept is None or months > (kept.maxlen or 0):
            raise ValueError(f"{months} months of {measure} are asked for, and not kept")
        first, last = self._population.first_engagement[rider : rider + 2]
        recent = list(kept)[-months:]
        return {
            int(self._population.engagement_platform[each]): sum(int(values[each]) for values in recent)
            for each in range(first, last)
        }
