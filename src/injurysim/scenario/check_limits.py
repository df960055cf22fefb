"""Faults of limits: names that do not exist, times that are no whole minutes, clocks that would never move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from injurysim.scenario.faults import RAREST, Fault, Path, unknown
from injurysim.scenario.limits import BadWeather, DayLogoff, FatigueLimit, RestAfterSpell
from injurysim.scenario.platforms import FixedOrders, Platform
from injurysim.scenario.values import is_whole
from injurysim.scenario.world import World


def limit_faults(at: Path, name: str, world: World) -> Iterator[Fault]:
    """Find the faults of one limit of the world at a path."""
    limit = world.limits[name]
    where = (*at, "limits", name)
    for number, platform in enumerate(limit.platforms or ()):
        if platform not in world.platforms:
            yield unknown((*where, "platforms", number), "platform", platform, world.platforms)
    for number, region in enumerate(limit.regions or ()):
        if region not in world.regions:
            yield unknown((*where, "regions", number), "region", region, world.regions)
    if isinstance(limit, BadWeather):
        if world.weather is None:
            yield where, "there is no weather, so it is never bad.", "Add `weather`, or leave the rule out."
        return
    if limit.clock == "online" and not is_whole(limit.hours.value * 60):
        what = f"{limit.hours.value} hours online are no whole number of minutes."
        yield (*where, "hours"), what, "A clock that runs online counts whole minutes."
    if isinstance(limit, RestAfterSpell) and not is_whole(limit.rest_minutes.value):
        yield (*where, "rest_minutes"), "a rest lasts whole minutes.", "Use a whole number."
    if isinstance(limit, DayLogoff) and not is_whole(limit.off_hours.value * 60):
        what = f"{limit.off_hours.value} hours off are no whole number of minutes."
        yield (*where, "off_hours"), what, "Use whole minutes, for example 0.25 for a quarter of an hour."
    yield from _clock(where, limit, world)


def _clock(where: Path, limit: FatigueLimit, world: World) -> Iterator[Fault]:
    """Ask for a platform on which the clock of a limit can move."""
    if limit.clock == "online":
        return
    counted = [
        world.platforms[name] for name in limit.platforms or world.platforms if name in world.platforms
    ]
    if counted and not any(_moves(limit.clock, counted)):
        what = f"the clock '{limit.clock}' never moves: no platform it runs on has orders that take time."
        if limit.clock == "billed":
            what = f"{what[:-1]} and is billed."
        yield (*where, "clock"), what, "Use clock 'online', or platforms with orders."


def _moves(clock: str, platforms: Iterable[Platform]) -> Iterator[bool]:
    """Say of each platform whether a rider on it can have an order in hand, and a billed one for a billed clock."""
    for platform in platforms:
        orders = platform.orders
        take_time = isinstance(orders, FixedOrders) or (
            bool(orders.per_hour.value) and bool(orders.minutes.law().ppf(1 - RAREST) > 0)
        )
        yield take_time and (clock != "billed" or platform.billed_share.value > 0)
