"""Windows of cover: which injuries happen inside one, and how many minutes of work lie in it."""

from __future__ import annotations

import math
from functools import singledispatch

import numpy as np

from injurysim.books.draws import Draws
from injurysim.books.injured import Injured
from injurysim.books.setting import Setting
from injurysim.books.shared import SharedMonth
from injurysim.core.randomness import Purpose
from injurysim.scenario.cover import (
    CommuteWindow,
    Cover,
    DayWindow,
    OnlineWindow,
    OrderPlusMinutes,
    OrderWindow,
)
from injurysim.scenario.injuries import ListedInjuries
from injurysim.scenario.platforms import FixedOrders, Platform
from injurysim.world.days import day_factor
from injurysim.world.meters import factors_by_hour
from injurysim.world.month import Ints

MINUTES_PER_HOUR = 60


@singledispatch
def in_window(window: Cover, injured: Injured, draws: Draws, setting: Setting) -> bool:
    """Say whether an injury happened inside the window of cover."""
    raise NotImplementedError(f"no window for {type(window).__name__}")


@in_window.register
def _(window: OrderWindow, injured: Injured, draws: Draws, setting: Setting) -> bool:  # noqa: ARG001
    return injured.situation == "on_order"


@in_window.register
def _(window: OrderPlusMinutes, injured: Injured, draws: Draws, setting: Setting) -> bool:
    if injured.situation != "waiting":
        return injured.situation == "on_order"
    since = minutes_since_order(injured, draws, setting)
    return since <= min(float(window.minutes.value), _longest_since_order(injured, setting))


@in_window.register
def _(window: OnlineWindow, injured: Injured, draws: Draws, setting: Setting) -> bool:  # noqa: ARG001
    return injured.situation in ("on_order", "waiting")


@in_window.register
def _(window: CommuteWindow, injured: Injured, draws: Draws, setting: Setting) -> bool:  # noqa: ARG001
    return True  # on an order, waiting and travelling are all there is


@in_window.register
def _(window: DayWindow, injured: Injured, draws: Draws, setting: Setting) -> bool:  # noqa: ARG001
    return has_orders(setting.world.platforms[setting.platforms[injured.app]])


def has_orders(platform: Platform) -> bool:
    """Say whether a platform has any order to give.

    Shifts are not told apart by whether they had an order: on a platform with some the chance of none in a shift is
    exp(-orders of a shift), one in 160 000 at twelve.
    """
    orders = platform.orders
    return (orders.per_day.value if isinstance(orders, FixedOrders) else orders.per_hour.value) > 0


def minutes_since_order(injured: Injured, draws: Draws, setting: Setting) -> float:
    """Draw the minutes since the last order in hand was done, of somebody hurt while waiting.

    They are exponential with the rate at which orders come. Where orders come one at a time waiting is itself
    exponential, and so is its age. Where they come whatever is in hand (M/G/infinity) the departures before a moment
    are Poisson at the same rate, and independent of what is in hand at it, so of its being nothing.
    """
    rate = _orders_a_minute(injured, setting)
    return -math.log(draws.uniform(Purpose.SINCE_ORDER)) / rate if rate > 0 else math.inf


def _longest_since_order(injured: Injured, setting: Setting) -> float:
    """Return how long ago an order of the shift can have been done: a shift begins without one in hand.

    The first takes its mean minutes before it is done, so nothing is done within them. Of a listed injury no shift is known.
    """
    orders = setting.world.platforms[setting.platforms[injured.app]].orders
    if isinstance(setting.world.injuries, ListedInjuries) or isinstance(orders, FixedOrders):
        return math.inf
    return injured.worked_minutes - orders.minutes.law().mean()


def _orders_a_minute(injured: Injured, setting: Setting) -> float:
    """Return the rate of orders at an injury: of the app that was open, or of all that are open together."""
    population, world = setting.population, setting.world
    group, name = population.portfolios[population.portfolio[injured.rider]]
    portfolio = world.groups[group].portfolios[name]
    if not portfolio.at_once:
        return _rate(world.platforms[setting.platforms[injured.app]], injured, setting)
    return sum(
        float(share.value) * _rate(world.platforms[each], injured, setting)
        for each, share in portfolio.split.items()
    )


def _rate(platform: Platform, injured: Injured, setting: Setting) -> float:
    orders = platform.orders
    if isinstance(orders, FixedOrders):
        return math.inf  # an order is in hand all the while
    day_type = int(setting.calendar.day_types[injured.minute // (24 * MINUTES_PER_HOUR)])
    hour = injured.minute // MINUTES_PER_HOUR % 24
    factor = factors_by_hour(orders.demand)[hour] * day_factor(orders.demand, day_type, injured.day.month)
    return float(orders.per_hour.value) / MINUTES_PER_HOUR * float(factor)


@singledispatch
def covered_minutes(window: Cover, month: SharedMonth) -> Ints:
    """Return the minutes of each engagement that lie inside the window, shape (engagements,).

    Trips have no minutes of an app: a window that covers them has those online.
    """
    raise NotImplementedError(f"no window for {type(window).__name__}")


@covered_minutes.register
def _(window: OrderWindow, month: SharedMonth) -> Ints:  # noqa: ARG001
    return month.month.engaged_minutes


@covered_minutes.register(OnlineWindow)
@covered_minutes.register(CommuteWindow)
def _(window: OnlineWindow | CommuteWindow, month: SharedMonth) -> Ints:  # noqa: ARG001
    return month.month.online_minutes


@covered_minutes.register
def _(window: DayWindow, month: SharedMonth) -> Ints:  # noqa: ARG001
    return np.asarray(month.month.online_minutes * (month.month.orders > 0))


@covered_minutes.register
def _(window: OrderPlusMinutes, month: SharedMonth) -> Ints:
    """Return the minutes on an order and the expected minutes of waiting within the window.

    With orders at the month's own rate, a minute of waiting lies within m minutes of an order with chance
    q = 1 - exp(-rate m), once orders have been done. A shift begins without one: the minutes until then are left out,
    which are (busy q + idle (q - rate m exp(-rate m))) / rate of a shift, busy and idle being shares of the time.
    """
    work, population = month.month, month.strata.population
    online, engaged, m = work.online_minutes, work.engaged_minutes, float(window.minutes.value)
    one = month.strata.one_at_a_time[population.engagement_platform]
    coming_in = np.where(one, online - engaged, online)
    rate = np.divide(work.orders, coming_in, out=np.zeros(len(one)), where=coming_in > 0)
    within = -np.expm1(-rate * m)
    inside = (online - engaged) * within
    first = population.first_engagement[:-1]  # the platform with which a shift begins
    rate, within = rate[first], within[first]
    busy = np.divide(engaged[first], online[first], out=np.zeros(len(first)), where=online[first] > 0)
    lost = within - (1 - busy) * rate * m * (1 - within)
    inside[first] -= np.divide(work.days_worked[first] * lost, rate, out=np.zeros(len(first)), where=rate > 0)
    return np.asarray(engaged + np.floor(np.maximum(inside, 0.0) + 0.5).astype(np.int64))
