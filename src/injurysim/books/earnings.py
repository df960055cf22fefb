"""Riders' own earnings in the months before: the base of wages replaced and of earnings lost.

Only whole months before the one at hand count, so that no amount of money depends on work after an injury.
"""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import numpy as np

from injurysim.books.expected import expected_work
from injurysim.core.money import round_half_up
from injurysim.core.sums import Wholes, narrow, sum_by
from injurysim.scenario.benefits import OwnEarnings
from injurysim.scenario.document import Scenario
from injurysim.scenario.groups import Group
from injurysim.scenario.world import World
from injurysim.world.population import Population

MOST_MONTHS = 36
MONTHS_OF_EARNINGS = 12
"""Months over which the earnings lost to an injury are averaged."""


def expected_monthly_fen(world: World, population: Population) -> Wholes:
    """Return what a rider's law of work means for monthly earnings, before any limit or absence, shape (riders,).

    Days worked in a mean month without holidays, times the mean wanted hours, split as the portfolio says, times
    orders an hour and the pay of an order.
    """
    by_portfolio = [_expected_fen(world.groups[g], p, world) for g, p in population.portfolios]
    return narrow(np.array(by_portfolio, np.int64))[population.portfolio]


def _expected_fen(group: Group, portfolio: str, world: World) -> int:
    return round(100 * sum(work.earnings_yuan for work in expected_work(group, portfolio, world).values()))


def months_asked_for(scenario: Scenario) -> int:
    """Return how many months of earnings any rule of a scenario looks back over, 0 when none does."""
    asked = [MONTHS_OF_EARNINGS] if scenario.losses is not None else []
    for design in scenario.designs.values():
        rules = [scheme.base_wage for scheme in design.schemes.values()]
        asked.extend(rule.months for rule in rules if isinstance(rule, OwnEarnings))
    return max(asked, default=0)


class EarningsHistory:
    """Monthly earnings of riders over all platforms, as many months as rules look back over.

    Parameters
    ----------
    expected_fen : array of shape (riders,)
        Monthly earnings to go by before a rider has any (see :func:`expected_monthly_fen`).
    months : int
        Months that are kept; with none, every rider has the expected earnings.
    """

    def __init__(self, expected_fen: Wholes, months: int = MOST_MONTHS) -> None:
        self._expected, self._kept = narrow(expected_fen), months
        self._months: deque[Wholes] = deque(maxlen=months)
        self._months_since_first = np.zeros(len(expected_fen) if months else 0, np.int16)

    def add(self, engagement_rider: Wholes, earnings_fen: Wholes) -> None:
        """Add a month of earnings by engagement."""
        if not self._kept:
            return
        total = sum_by(engagement_rider, earnings_fen, len(self._expected))
        self._months_since_first += (self._months_since_first > 0) | (total > 0)
        self._months.append(narrow(total))

    def monthly_fen(self, rider: int, months: int) -> int:
        """Return a rider's mean monthly earnings over up to so many months added so far, half up.

        Months of the run before the rider's first earnings are left out, months off work after them count as they
        are; before any earnings it is what the rider's group expects.
        """
        if not self._kept:
            return int(self._expected[rider])
        if min(months, MOST_MONTHS) > self._kept:
            raise ValueError(f"{months} months of earnings are asked for, and {self._kept} are kept")
        known = min(months, len(self._months), int(self._months_since_first[rider]))
        if not known:
            return int(self._expected[rider])
        recent = (int(self._months[-back][rider]) for back in range(1, known + 1))
        return round_half_up(Fraction(sum(recent), known))
