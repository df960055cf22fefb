"""Faults of a world: names that do not exist, times and draws that cannot be carried."""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.scenario.check_groups import group_faults
from injurysim.scenario.check_injuries import injury_faults
from injurysim.scenario.check_limits import limit_faults
from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault, Path, outside, unknown
from injurysim.scenario.platforms import FixedOrders
from injurysim.scenario.world import World


def world_faults(scenario: Scenario, name: str, world: World) -> Iterator[Fault]:
    """Find the faults of one world."""
    at: Path = ("worlds", name)
    for group in world.groups:
        yield from group_faults(at, group, world)
    for platform, law in world.platforms.items():
        if not isinstance(law.orders, FixedOrders):
            where = (*at, "platforms", platform, "orders", "minutes")
            yield from outside(where, law.orders.minutes, "minutes of an order could", 0)
    for region in world.weather.regions if world.weather else ():
        if region not in world.regions:
            yield unknown((*at, "weather", "regions", region), "region", region, world.regions)
    for limit in world.limits:
        yield from limit_faults(at, limit, world)
    yield from injury_faults(scenario, at, world)
