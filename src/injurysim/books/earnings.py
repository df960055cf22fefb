"""Riders' own earnings in the months before: the base of wages replaced and of earnings lost.

Only whole months before the one at hand count, so that no amount of money depends on work after an injury.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from fractions import Fraction
from typing import cast

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
    by_portfolio = [
        round(100 * sum(_expected_yuan(world.groups[g], p, world).values())) for g, p in population.portfolios
    ]
    return narrow(np.array(by_portfolio, np.int64))[population.portfolio]


def _expected_yuan(group: Group, portfolio: str, world: World) -> dict[str, float]:
    """Return the expected earnings of a month by platform of a portfolio."""
    return {name: work.earnings_yuan for name, work in expected_work(group, portfolio, world).items()}


def months_asked_for(scenario: Scenario) -> int:
    """Return how many months of earnings any rule of a scenario looks back over, 0 when none does."""
    asked = [MONTHS_OF_EARNINGS] if scenario.losses is not None else []
    return max((*asked, *(rule.months for rule in _own_earnings(scenario))), default=0)


def months_asked_by_platform(scenario: Scenario) -> int:
    """Return how many months of earnings on some of the platforms any rule looks back over, 0 when none does."""
    rules = _own_earnings(scenario)
    return max((rule.months for rule in rules if rule.on != "all_platforms"), default=0)


def _own_earnings(scenario: Scenario) -> list[OwnEarnings]:
    rules = [scheme.base_wage for design in scenario.designs.values() for scheme in design.schemes.values()]
    return [rule for rule in rules if isinstance(rule, OwnEarnings)]


class PlatformEarnings:
    """Monthly earnings of riders on each platform: kept only where a rule asks for some of the platforms.

    Parameters
    ----------
    world : World
        Its law of work says what is expected before there are any earnings.
    population : Population
        The riders.
    months : int
        Months that are kept.
    """

    def __init__(self, world: World, population: Population, months: int) -> None:
        self._population = population
        self._expected = [
            {
                population.platforms.index(name): yuan
                for name, yuan in _expected_yuan(world.groups[g], p, world).items()
            }
            for g, p in population.portfolios
        ]
        self._months: deque[Wholes] = deque(maxlen=months)
        self._months_since_first = np.zeros(len(population.engagement_platform), np.int16)

    def add(self, earnings_fen: Wholes) -> None:
        """Add a month of earnings by engagement."""
        self._months_since_first += (self._months_since_first > 0) | (earnings_fen > 0)
        self._months.append(narrow(earnings_fen))

    def monthly_fen(self, rider: int, months: int, platforms: Collection[int]) -> int:
        """Return a rider's mean monthly earnings on some of the platforms, as :class:`EarningsHistory` does on all.

        Before any earnings on them it is what the rider's group expects of them.
        """
        if months > (self._months.maxlen or 0):
            raise ValueError(f"{months} months of earnings by platform are asked for, and not kept")
        first, last = self._population.first_engagement[rider : rider + 2]
        mine = [
            each for each in range(first, last) if self._population.engagement_platform[each] in platforms
        ]
        begun = max((int(self._months_since_first[each]) for each in mine), default=0)
        known = min(months, len(self._months), begun)
        if not known:
            expected = self._expected[self._population.portfolio[rider]]
            return round(100 * sum((yuan for at, yuan in expected.items() if at in platforms), 0.0))
        recent = sum(int(self._months[-back][each]) for back in range(1, known + 1) for each in mine)
        return round_half_up(Fraction(recent, known))


class EarningsHistory:
    """Monthly earnings of riders over all platforms, as many months as rules look back over.

    Parameters
    ----------
    expected_fen : array of shape (riders,)
        Monthly earnings to go by before a rider has any (see :func:`expected_monthly_fen`).
    months : int
        Months that are kept; with none, every rider has the expected earnings.
    by_platform : PlatformEarnings, optional
        The earnings on each platform, where a rule asks for some of them.
    """

    def __init__(
        self,
        expected_fen: Wholes,
        months: int = MOST_MONTHS,
        by_platform: PlatformEarnings | None = None,
    ) -> None:
        self._expected, self._kept, self._by_platform = narrow(expected_fen), months, by_platform
        self._months: deque[Wholes] = deque(maxlen=months)
        self._months_since_first = np.zeros(len(expected_fen) if months else 0, np.int16)

    @classmethod
    def of(cls, scenario: Scenario, world: str, population: Population) -> EarningsHistory:
        """Return the earnings of a world's riders, with as much of them as the rules of a scenario look back over."""
        law, by_platform = scenario.worlds[world], months_asked_by_platform(scenario)
        return cls(
            expected_monthly_fen(law, population),
            months_asked_for(scenario),
            PlatformEarnings(law, population, by_platform) if by_platform else None,
        )

    def add(self, engagement_rider: Wholes, earnings_fen: Wholes) -> None:
        """Add a month of earnings by engagement."""
        if self._by_platform is not None:
            self._by_platform.add(earnings_fen)
        if not self._kept:
            return
        total = sum_by(engagement_rider, earnings_fen, len(self._expected))
        self._months_since_first += (self._months_since_first > 0) | (total > 0)
        self._months.append(narrow(total))

    def monthly_fen(self, rider: int, months: int, platforms: Collection[int] | None = None) -> int:
        """Return a rider's mean monthly earnings over up to so many months added so far, half up.

        Months of the run before the rider's first earnings are left out, months off work after them count as they
        are; before any earnings it is what the rider's group expects. With ``platforms`` only the earnings on them
        count.
        """
        if platforms is not None:
            if self._by_platform is None:
                raise ValueError("earnings on some of the platforms are asked for, and not kept")
            return self._by_platform.monthly_fen(rider, months, platforms)
        if not self._kept:
            return int(self._expected[rider])
        if min(months, MOST_MONTHS) > self._kept:
            raise ValueError(f"{months} months of earnings are asked for, and {self._kept} are kept")
        known = min(months, len(self._months), int(self._months_since_first[rider]))
        if not known:
            return int(self._expected[rider])
        recent = (int(self._months[-back][rider]) for back in range(1, known + 1))
        return round_half_up(Fraction(sum(recent), known))

    def monthly_fen_of(self, riders: Wholes, months: int) -> list[int]:
        """Return what :meth:`monthly_fen` does for many riders, over all platforms, shape (n,)."""
        if not self._kept:
            return cast(list[int], self._expected[riders].tolist())
        if min(months, MOST_MONTHS) > self._kept:
            raise ValueError(f"{months} months of earnings are asked for, and {self._kept} are kept")
        most = min(months, len(self._months))
        known = np.minimum(self._months_since_first[riders], most).astype(np.int64)
        recent = np.zeros(len(riders), np.int64)
        for back in range(1, most + 1):
            recent += np.where(back <= known, self._months[-back][riders], 0)
        divisor = np.maximum(known, 1)
        # Half up, as `round_half_up` does it.
        mean = (2 * recent + divisor) // (2 * divisor)
        return cast(list[int], np.where(known > 0, mean, self._expected[riders]).tolist())
