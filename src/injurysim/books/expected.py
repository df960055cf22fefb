"""What a group's law of work means for a rider before there is any month to go by: days, hours, orders, injuries.

Days worked in a mean month without holidays, times the mean wanted hours, split as the portfolio says; before any
limit, absence, season or weather.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import singledispatch

import numpy as np

from injurysim.scenario.fatigue import Band, Factors, HoursOnShift
from injurysim.scenario.groups import Group
from injurysim.scenario.injuries import HazardInjuries
from injurysim.scenario.platforms import FixedOrders, OneAtATime, Orders, PoissonOrders
from injurysim.scenario.world import World
from injurysim.world.month import Floats
from injurysim.world.population import Population

WEEKS_OF_YEAR = 365.25 / 7
MONTHS_OF_YEAR = 12
DAYS_OF_YEAR = 365.25


def days_a_month(group: Group) -> float:
    """Return the days worked in a mean month."""
    attendance = group.work.attendance
    weekdays, weekends = float(attendance.workday.value), float(attendance.weekend.value)
    return WEEKS_OF_YEAR * (5 * weekdays + 2 * weekends) / MONTHS_OF_YEAR


def orders_a_day(orders: Orders, hours: float) -> float:
    """Return the orders taken in a shift of so many hours on one platform."""
    if not hours:
        return 0.0
    if isinstance(orders, FixedOrders):
        return float(orders.per_day.value)
    an_hour = float(orders.per_hour.value)
    if isinstance(orders, OneAtATime):  # no other comes while one is in hand
        an_hour /= 1 + an_hour * orders.minutes.law().mean() / 60
    return an_hour * hours


@singledispatch
def engaged_share(orders: Orders, taken_share: float) -> float:
    """Return the share of the online time with an order in hand, of a rider who takes a share of the platform's orders."""
    raise NotImplementedError(f"no share for {type(orders).__name__}")


@engaged_share.register
def _(orders: FixedOrders, taken_share: float) -> float:  # noqa: ARG001
    return 1.0


@engaged_share.register
def _(orders: PoissonOrders, taken_share: float) -> float:
    return -math.expm1(-_load(orders, taken_share))


@engaged_share.register
def _(orders: OneAtATime, taken_share: float) -> float:
    load = _load(orders, taken_share)
    return load / (1 + load)


def _load(orders: PoissonOrders | OneAtATime, taken_share: float) -> float:
    return float(orders.per_hour.value) * taken_share * orders.minutes.law().mean() / 60


@dataclass(frozen=True)
class ExpectedWork:
    """A rider's expected year by portfolio and place in it; arrays of shape (portfolios, most platforms of one).

    Attributes
    ----------
    measures : name of a measure of :class:`~injurysim.world.month.Month` (and ``months_worked``): a year of it;
        ``expected_injuries`` is that of a rider without frailty and experience.
    """

    measures: dict[str, Floats]

    @classmethod
    def of(cls, world: World, population: Population) -> ExpectedWork:
        """Work out the expected year of every portfolio of a world."""
        splits = [world.groups[g].portfolios[p].split for g, p in population.portfolios]
        shape = (len(splits), max(len(split) for split in splits))
        names = (
            *("days_worked", "online_minutes", "engaged_minutes", "orders", "earnings_fen"),
            *("expected_injuries", "months_worked"),
        )
        measures = {name: np.zeros(shape) for name in names}
        for row, (g, p) in enumerate(population.portfolios):
            for place, year in enumerate(expected_years(world, world.groups[g], p)):
                for name, value in year.items():
                    measures[name][row, place] = value
        return cls(measures)


def expected_years(world: World, group: Group, name: str) -> list[dict[str, float]]:
    """Return a year of every measure on each platform of a portfolio of a group, in the portfolio's order."""
    portfolio = group.portfolios[name]
    days, hours = days_a_month(group) * MONTHS_OF_YEAR, group.work.wanted_hours.law().mean()
    fatigue = mean_fatigue(world, group)
    found = []
    for each, split in portfolio.split.items():
        platform, share = world.platforms[each], float(split.value)
        online = hours if portfolio.at_once else hours * share
        engaged = engaged_share(platform.orders, share if portfolio.at_once else 1.0)
        orders = orders_a_day(platform.orders, hours * share)
        hazard = _hazard(world, platform.industry, engaged) * float(group.hazard_factor.value)
        found.append(
            {
                "days_worked": days,
                "online_minutes": days * online * 60,
                "engaged_minutes": days * online * engaged * 60,
                "orders": days * orders,
                "earnings_fen": days * orders * float(platform.pay_per_order_yuan.value) * 100,
                "expected_injuries": days * hours * share * hazard * fatigue,
                "months_worked": float(MONTHS_OF_YEAR) if days else 0.0,
            }
        )
    return found


def _hazard(world: World, industry: str, engaged: float) -> float:
    """Return the hazard of an hour online of which a share is spent on orders, at fatigue multiplier 1."""
    law = world.injuries
    if not isinstance(law, HazardInjuries) or industry not in law.per_1000_hours:
        return 0.0
    on_order, waiting = (float(each.value) for each in (law.situations.on_order, law.situations.waiting))
    return float(law.per_1000_hours[industry].value) / 1000 * (engaged * on_order + (1 - engaged) * waiting)


def mean_fatigue(world: World, group: Group) -> float:
    """Return the multiplier by hours on shift of a mean worked hour, without rests: E[m(0..X)] / E[X], X hours wanted."""
    fatigue, wanted = world.fatigue, group.work.wanted_hours.law()
    bands: tuple[Band, ...] = ()
    if isinstance(fatigue, HoursOnShift):
        bands = fatigue.bands
    elif isinstance(fatigue, Factors):
        bands = fatigue.hours_on_shift or ()
    hours = wanted.mean()
    if not bands or not hours:
        return 1.0
    starts = [float(band.from_hours) for band in bands]
    limited = [wanted.limited_mean(each) for each in [*starts[1:], math.inf]]
    before = [0.0, *limited[:-1]]
    multipliers = [float(band.multiplier.value) for band in bands]
    return sum(m * (high - low) for m, low, high in zip(multipliers, before, limited, strict=True)) / hours
