"""A month of the reference model: what each rider tells of it, and the month a world hands on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.core.money import to_fen
from injurysim.core.poisson import poisson_counts
from injurysim.core.randomness import Purpose, Streams
from injurysim.scenario.injuries import HazardInjuries
from injurysim.scenario.world import World
from injurysim.world.injuries import listed_injuries
from injurysim.world.month import Injuries, Ints, Month
from injurysim.world.population import Population
from injurysim.world.reference_hurt import Hurt

if TYPE_CHECKING:
    import simpy

ORDINARY, HOLIDAY = 0, 1
"""Kinds of days of orders, which may be paid differently."""


Number = TypeVar("Number", np.int64, np.float64)


class Tally:
    """A rider's month, by app of the portfolio.

    Attributes
    ----------
    days, online, engaged, hazard : as in ``month.Month``.
    orders : those of ordinary days, and of holidays.
    offered : orders expected of the minutes worked, likewise.
    lost : orders expected of the minutes that limits have taken.
    shifts, worked : shifts, and minutes worked in them.
    injuries : in the order of time.
    """

    __slots__ = (
        "days", "engaged", "hazard", "injuries", "lost", "offered", "online", "orders", "shifts", "worked",
    )  # fmt: skip

    def __init__(self, apps: int) -> None:
        self.days, self.online = [0] * apps, [0] * apps
        self.orders = ([0] * apps, [0] * apps)
        self.offered = ([0.0] * apps, [0.0] * apps)
        self.engaged, self.hazard, self.lost = [0.0] * apps, [0.0] * apps, [0.0] * apps
        self.shifts = self.worked = 0
        self.injuries: list[Hurt] = []


class Ledger:
    """What the riders have told of one month; ``complete`` is triggered by the last of them."""

    def __init__(self, environment: simpy.Environment, riders: int, index: int) -> None:
        self.complete = environment.event()
        self._index = index
        self._tallies: list[Tally | None] = [None] * riders
        self._awaited = riders

    def enter(self, rider: int, tally: Tally) -> None:
        """Take in the month of a rider."""
        self._tallies[rider] = tally
        self._awaited -= 1
        if not self._awaited:
            self.complete.succeed()

    def month(self, world: World, calendar: Calendar, streams: Streams, population: Population) -> Month:
        """Return the month, and forget what was told."""
        tallies = [tally for tally in self._tallies if tally is not None]
        self._tallies = []
        orders = _with_reoffered(world, streams, population, tallies, self._index)
        online = _flat([tally.online for tally in tallies], np.int64)
        return Month(
            index=self._index,
            days_worked=_flat([tally.days for tally in tallies], np.int64),
            online_minutes=online,
            engaged_minutes=np.floor(_flat([t.engaged for t in tallies], np.float64) + 0.5).astype(np.int64),
            orders=orders[ORDINARY] + orders[HOLIDAY],
            earnings_fen=_earnings(world, population, orders, online),
            expected_injuries=_flat([tally.hazard for tally in tallies], np.float64),
            rider_days=np.array([tally.shifts for tally in tallies], np.int64),
            worked_minutes=np.array([tally.worked for tally in tallies], np.int64),
            injuries=self._injuries(world, calendar, population, tallies),
        )

    def _injuries(
        self, world: World, calendar: Calendar, p: Population, tallies: Sequence[Tally]
    ) -> Injuries:
        if not isinstance(world.injuries, HazardInjuries):
            return listed_injuries(world, world.injuries, calendar, p, self._index)
        found: list[tuple[int, Hurt]] = [
            (rider, hurt) for rider, tally in enumerate(tallies) for hurt in tally.injuries
        ]
        riders = np.array([rider for rider, _ in found], np.int64)
        slots = np.array([hurt.slot for _, hurt in found], np.int64)
        seconds = np.array([hurt.second for _, hurt in found], np.int64)
        first, platform = p.first_engagement[riders], p.engagement_platform
        marks = [hurt.marks for _, hurt in found]
        return Injuries(
            rider=riders,
            month=np.full(len(found), self._index, np.int64),
            k=np.array([hurt.k for _, hurt in found], np.int64),
            minute=np.array([hurt.minute for _, hurt in found], np.int64),
            app=platform[first + slots].astype(np.int64),
            second_app=np.where(seconds < 0, -1, platform[first + np.maximum(seconds, 0)]).astype(np.int64),
            situation=np.array([hurt.situation for _, hurt in found], np.int64),
            worked_minutes=np.array([hurt.worked_minutes for _, hurt in found], np.int64),
            severity=np.array([mark.severity for mark in marks], np.int64),
            medical_cost_fen=np.array([mark.medical_cost_fen for mark in marks], np.int64),
            days_off=np.array([mark.days_off for mark in marks], np.int64),
            grade=np.array([mark.grade for mark in marks], np.int64),
            fatal=np.array([mark.fatal for mark in marks], np.bool_),
        )


def _flat(rows: Sequence[Sequence[float]], kind: type[Number]) -> NDArray[Number]:
    return np.array([value for row in rows for value in row], kind)


def _with_reoffered(
    world: World, streams: Streams, p: Population, tallies: Sequence[Tally], month: int
) -> tuple[Ints, Ints]:
    """Return the orders of ordinary days and of holidays, with those that limits have taken from others.

    Lost orders are offered again to all who work on the platform in the region, in proportion to the orders they
    expect; each rider takes a Poisson number of them.
    """
    orders = tuple(_flat([tally.orders[kind] for tally in tallies], np.int64) for kind in (ORDINARY, HOLIDAY))
    shares = np.array([float(each.reoffer_share.value) for each in world.platforms.values()])
    if not shares.any():
        return orders[ORDINARY], orders[HOLIDAY]
    offered = [_flat([tally.offered[kind] for tally in tallies], np.float64) for kind in (ORDINARY, HOLIDAY)]
    cell = p.region[p.engagement_rider] * len(shares) + p.engagement_platform
    size = len(p.regions) * len(shares)
    lost = np.bincount(cell, _flat([tally.lost for tally in tallies], np.float64), size)
    whole = np.bincount(cell, offered[ORDINARY] + offered[HOLIDAY], size)
    uplift = np.divide(lost, whole, out=np.zeros(size), where=whole > 0) * np.tile(shares, len(p.regions))
    slot = np.arange(len(cell)) - p.first_engagement[p.engagement_rider]
    more = []
    for kind in (ORDINARY, HOLIDAY):
        lots = streams.uniform(Purpose.REOFFERED, p.who[p.engagement_rider], month, 2 * slot + kind)
        more.append(orders[kind] + poisson_counts(lots, uplift[cell] * offered[kind]).astype(np.int64))
    return more[ORDINARY], more[HOLIDAY]


def _earnings(world: World, p: Population, orders: tuple[Ints, Ints], online: Ints) -> Ints:
    """Return orders times pay, and at least the floor of the hours online; each rounded half up once."""
    earnings = np.zeros(len(online), np.int64)
    for code, platform in enumerate(world.platforms.values()):
        pay, factor = to_fen(platform.pay_per_order_yuan.value), platform.holiday_pay_factor.value
        mine = p.engagement_platform == code
        above, below = (pay * factor).as_integer_ratio()
        earnings[mine] = _half_up(
            orders[ORDINARY][mine] * (pay * below) + orders[HOLIDAY][mine] * above, below
        )
    for code, group in enumerate(world.groups.values()):
        floor = group.work.earnings_floor_yuan_per_hour
        if floor is not None:
            mine = p.group[p.engagement_rider] == code
            earnings[mine] = np.maximum(earnings[mine], _half_up(online[mine] * to_fen(floor.value), 60))
    return earnings


def _half_up(numerator: Ints, denominator: int) -> Ints:
    return (2 * numerator + denominator) // (2 * denominator)
