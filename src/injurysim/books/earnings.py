"""Riders' own earnings in the months before: the base of wages replaced and of earnings lost.

Only whole months before the one at hand count, so that no amount of money depends on work after an injury.
"""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from injurysim.core.money import round_half_up
from injurysim.core.sums import sum_by
from injurysim.scenario.groups import Group
from injurysim.scenario.platforms import Platform, PoissonOrders
from injurysim.scenario.world import World
from injurysim.world.population import Population

MOST_MONTHS = 36
WEEKS_OF_YEAR = 365.25 / 7


def expected_monthly_fen(world: World, population: Population) -> NDArray[np.int64]:
    """Return what a rider's law of work means for monthly earnings, before any limit or absence, shape (riders,).

    Days worked in a mean month without holidays, times the mean wanted hours, split as the portfolio says, times
    orders an hour and the pay of an order.
    """
    by_portfolio = [_expected_fen(world.groups[g], p, world) for g, p in population.portfolios]
    return np.array(by_portfolio, np.int64)[population.portfolio]


def _expected_fen(group: Group, portfolio: str, world: World) -> int:
    attendance = group.work.attendance
    weekdays, weekends = float(attendance.workday.value), float(attendance.weekend.value)
    days = WEEKS_OF_YEAR * (5 * weekdays + 2 * weekends) / 12
    hours = group.work.wanted_hours.law().mean()
    yuan_a_day = sum(
        _yuan_a_day(world.platforms[name], hours * float(share.value))
        for name, share in group.portfolios[portfolio].split.items()
    )
    return round(days * yuan_a_day * 100)


def _yuan_a_day(platform: Platform, hours: float) -> float:
    orders = platform.orders
    if not hours:
        return 0.0
    taken = (
        float(orders.per_hour.value) * hours if isinstance(orders, PoissonOrders) else orders.per_day.value
    )
    return taken * float(platform.pay_per_order_yuan.value)


class EarningsHistory:
    """Monthly earnings of riders over all platforms, the last 36 months.

    Parameters
    ----------
    expected_fen : array of shape (riders,)
        Monthly earnings to go by before a rider has any (see :func:`expected_monthly_fen`).
    """

    def __init__(self, expected_fen: NDArray[np.int64]) -> None:
        self._expected = expected_fen
        self._months: deque[NDArray[np.int64]] = deque(maxlen=MOST_MONTHS)
        self._months_since_first = np.zeros(len(expected_fen), np.int64)

    def add(self, engagement_rider: NDArray[np.int64], earnings_fen: NDArray[np.int64]) -> None:
        """Add a month of earnings by engagement."""
        total = sum_by(engagement_rider, earnings_fen, len(self._expected))
        self._months.append(total)
        self._months_since_first += (self._months_since_first > 0) | (total > 0)

    def monthly_fen(self, rider: int, months: int) -> int:
        """Return a rider's mean monthly earnings over up to so many months added so far, half up.

        Months of the run before the rider's first earnings are left out, months off work after them count as they
        are; before any earnings it is what the rider's group expects.
        """
        known = min(months, len(self._months), int(self._months_since_first[rider]))
        if not known:
            return int(self._expected[rider])
        recent = (int(self._months[-back][rider]) for back in range(1, known + 1))
        return round_half_up(Fraction(sum(recent), known))
