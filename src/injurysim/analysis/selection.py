"""Adverse selection in expected values: premiums that break even on those who enrol at them, all of them.

Everybody pays the same premium a year and knows the own risk. At a premium p those enrol whom the choice lets enrol, and
their mean benefit is AC(p); p breaks even where AC(p) = p. There may be none, one or several: a market that pays last
year's cost is drawn to those where AC crosses p from above, and driven from the others (Einav and Finkelstein 2011).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq

from injurysim.books.enrolment.choosing import takes
from injurysim.books.enrolment.expecting import expected_years
from injurysim.core.distributions import Constant, Distribution, gamma_by_mean, lognormal_by_mean
from injurysim.scenario.choice import Choice, LogitChoice, WillingnessChoice
from injurysim.scenario.enrolment import Eligible
from injurysim.scenario.groups import Frailty, GammaFrailty, Group, LognormalFrailty, NoFrailty
from injurysim.scenario.world import World
from injurysim.world.month import Floats

PREMIUMS = 2001
"""Premiums at which the market is looked at; two that break even closer together than 1/2000 of the way may be missed."""
RAREST = 1e-12
"""Risks that are rarer than this, at either end, bound no premium."""
EDGES = (0.0, 0.5, 0.9, 0.99, 0.999, 0.9999, 1 - 1e-6, 1.0)
"""Quantiles between which a law of risks is integrated, finer where it may run away."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)


@dataclass(frozen=True)
class RiskClass:
    """Riders alike but for what the law draws.

    Attributes
    ----------
    weight : riders.
    risk : law of the expected injuries of a year.
    """

    weight: float
    risk: Distribution


@dataclass(frozen=True)
class Enrolled:
    """Who enrols at a premium.

    Attributes
    ----------
    coverage : share of all riders.
    mean_risk : their expected injuries of a year, NaN when nobody enrols.
    """

    coverage: float
    mean_risk: float


@dataclass(frozen=True)
class BreakEvenPremium:
    """A premium that pays for those who enrol at it.

    Attributes
    ----------
    premium_yuan : a year.
    enrolled : who enrols at it.
    attracts : whether a premium nearby that follows last year's cost comes to it.
    """

    premium_yuan: float
    enrolled: Enrolled
    attracts: bool


@dataclass(frozen=True)
class Market:
    """Riders who choose, and what an injury pays.

    Attributes
    ----------
    classes : the riders.
    choice : how they choose.
    benefit_yuan : what the insurer pays for an injury.
    """

    classes: tuple[RiskClass, ...]
    choice: Choice
    benefit_yuan: float

    def enrolled(self, premium_yuan: float) -> Enrolled:
        """Return who enrols at a premium, of every class by integrals over its law."""
        riders = sum(each.weight for each in self.classes)
        found = np.array([self._of_class(each, premium_yuan) for each in self.classes])
        share, risk = found.sum(axis=0) / riders
        return Enrolled(float(share), float(risk / share) if share > 0 else math.nan)

    def _of_class(self, each: RiskClass, premium_yuan: float) -> tuple[float, float]:
        """Return the riders who enrol, and their expected injuries."""
        lowest = least_share(self.choice, each.risk, premium_yuan)
        if isinstance(each.risk, Constant):
            u, weights = np.array([0.5]), np.array([1.0 - lowest])
        else:
            u, weights = _between(lowest)
        risk = each.risk.ppf(u)
        taking = takes(self.choice, risk, np.full(len(u), premium_yuan)) * weights
        return float(each.weight * taking.sum()), float(each.weight * (taking @ risk))

    def cost_yuan(self, premium_yuan: float) -> float:
        """Return the mean benefit of those who enrol at a premium; NaN when nobody does."""
        return self.benefit_yuan * self.enrolled(premium_yuan).mean_risk

    def break_even(self) -> list[BreakEvenPremium]:
        """Return every premium that breaks even, from the lowest; empty where the market vanishes.

        Mean costs lie between those of the lowest and the highest risk, so all such premiums do. They are sought
        between neighbours of a grid where cost less premium changes its sign; where the cost jumps over the premium
        none is.
        """
        risks = [float(each.risk.ppf(u)) for each in self.classes for u in (RAREST, 1 - RAREST)]
        low, high = self.benefit_yuan * min(risks), self.benefit_yuan * max(risks)
        if low == high:
            premiums = np.array([low])
        else:
            start = max(low, high * RAREST)
            premiums = np.unique(
                [low, *np.geomspace(start, high, PREMIUMS), *np.linspace(low, high, PREMIUMS)]
            )
        return sorted(self._roots(premiums), key=lambda each: each.premium_yuan)

    def _excess(self, premium_yuan: float) -> float:
        return self.cost_yuan(premium_yuan) - premium_yuan

    def _roots(self, premiums: Floats) -> Iterator[BreakEvenPremium]:
        excess = np.array([self._excess(float(each)) for each in premiums])
        for premium in premiums[excess == 0]:
            enrolled = self.enrolled(float(premium))
            step = 1e-6 * float(premium)
            yield BreakEvenPremium(float(premium), enrolled, not self._excess(float(premium) + step) > 0)
        for (low, before), (high, after) in pairwise(zip(premiums.tolist(), excess.tolist(), strict=True)):
            if before * after < 0:
                premium = float(brentq(self._excess, low, high, xtol=1e-12 * high, rtol=1e-14))
                if abs(self._excess(premium)) < 1e-6 * premium:
                    yield BreakEvenPremium(premium, self.enrolled(premium), after < 0)

    def lagged_path(self, first_yuan: float, periods: int) -> list[float]:
        """Return premiums period by period, each the cost of those who enrolled at the one before.

        The path ends early when nobody enrols.
        """
        path = [first_yuan]
        while len(path) < periods and not math.isnan(cost := self.cost_yuan(path[-1])):
            path.append(cost)
        return path


def _between(lowest: float) -> tuple[Floats, Floats]:
    """Return quantiles above a lowest one and their weights, which add to 1 less it."""
    edges = lowest + (1 - lowest) * np.array(EDGES)
    half = np.diff(edges) / 2
    middle = edges[:-1] + half
    u = (middle[:, np.newaxis] + half[:, np.newaxis] * NODES).ravel()
    return np.clip(u, RAREST, 1 - RAREST), (half[:, np.newaxis] * WEIGHTS).ravel()


@singledispatch
def least_share(choice: Choice, risk: Distribution, premium_yuan: float) -> float:  # noqa: ARG001
    """Return the share of riders, those of the lowest risks, of whom certainly none enrols: where take-up jumps."""
    return 0.0


@least_share.register
def _(choice: WillingnessChoice, risk: Distribution, premium_yuan: float) -> float:
    worth = float(choice.multiple.value) * float(choice.benefit_yuan.value)
    return float(risk.cdf_left(premium_yuan / worth))


@singledispatch
def risk_law(frailty: Frailty, mean: float) -> Distribution:
    """Return the law of the expected injuries of a year in a group."""
    raise NotImplementedError(f"no law for {type(frailty).__name__}")


@risk_law.register
def _(frailty: NoFrailty, mean: float) -> Distribution:  # noqa: ARG001
    return Constant(mean)


@risk_law.register
def _(frailty: GammaFrailty, mean: float) -> Distribution:
    return gamma_by_mean(mean, float(frailty.shape.value) ** -0.5)


@risk_law.register
def _(frailty: LognormalFrailty, mean: float) -> Distribution:
    return lognormal_by_mean(mean, float(frailty.cv.value))


def market_of(world: World, eligible: Eligible, choice: LogitChoice | WillingnessChoice) -> Market:
    """Return the market of the eligible riders of a world on its first day, whatever platform and age.

    Parameters
    ----------
    world : World
        Whose groups choose; risks are those riders expect before any month (see :mod:`injurysim.books.enrolment.expecting`).
    eligible : Eligible
        Regions, groups, relations and engagers of whom count.
    choice : LogitChoice or WillingnessChoice
        How they choose.
    """
    classes = []
    for name, group in world.groups.items():
        riders = group.riders.value * _eligible_share(eligible, name, group)
        weights = {key: float(portfolio.weight.value) for key, portfolio in group.portfolios.items()}
        for portfolio, weight in weights.items():
            mean = sum(year["expected_injuries"] for year in expected_years(world, group, portfolio))
            if riders and weight and mean:
                risk = risk_law(group.frailty, mean)
                classes.append(RiskClass(riders * weight / sum(weights.values()), risk))
    return Market(tuple(classes), choice, float(choice.benefit_yuan.value))


def _eligible_share(eligible: Eligible, name: str, group: Group) -> float:
    asked = ((eligible.groups, name), (eligible.regions, group.region))
    if any(names is not None and value not in names for names, value in asked):
        return 0.0
    of = ((eligible.relations, group.relation), (eligible.engagers, group.engager))
    shares = [
        1.0 if names is None else float(sum(share.value for key, share in held.items() if key in names))
        for names, held in of
    ]
    return math.prod(shares)
