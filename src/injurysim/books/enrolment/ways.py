"""The ways of being insured: what each kind of enrolment makes of the engagements of eligible riders.

Each looks back over whole months alone, so that who is insured in a month is known when it begins.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from functools import reduce, singledispatch
from typing import Protocol

import numpy as np

from injurysim.books import walks
from injurysim.books.enrolment.choosing import Decisions
from injurysim.books.enrolment.joining import Joining
from injurysim.books.enrolment.looking import COUNTED, MAIN_BY, looks_back
from injurysim.books.enrolment.register import Ledger, entered_months
from injurysim.books.setting import Setting
from injurysim.books.shared import Mask, SharedMonth
from injurysim.core.sums import Ints, Truths, sum_by
from injurysim.scenario.designs import Scheme
from injurysim.scenario.enrolment import (
    Condition,
    Default,
    Enrolment,
    MainPlatform,
    Mandatory,
    Threshold,
    Voluntary,
)
from injurysim.world.month import Floats
from injurysim.world.population import Population


class Way(Protocol):
    """A way of being insured."""

    def insured(self, month: SharedMonth, insurable: Mask) -> Truths | None:
        """Return which engagements it insures, None for all; called once a month, in their order.

        Parameters
        ----------
        month : SharedMonth
            The month; nothing done in it counts.
        insurable : Mask
            Engagements of eligible riders on platforms that have joined.

        Returns
        -------
        ndarray of bool, shape (engagements,), or None
            The same array as the month before while nothing changes.
        """


class Everybody:
    """Whoever is eligible is insured."""

    def insured(self, month: SharedMonth, insurable: Mask) -> Truths | None:  # noqa: ARG002
        """Return None: all."""
        return None


class OfRiders:
    """A way that asks of the rider alone, and insures on all platforms or none.

    Parameters
    ----------
    riders : callable
        Returns who is insured in a month, shape (riders,), the same array while nothing changes.
    population : Population
        The riders.
    """

    def __init__(self, riders: Callable[[int, Mask], Truths], population: Population) -> None:
        self._riders, self._population = riders, population
        self._known: tuple[Truths, Truths] | None = None

    def insured(self, month: SharedMonth, insurable: Mask) -> Truths:
        """Return the engagements of the riders who are insured."""
        riders = self._riders(month.month.index, insurable)
        if self._known is None or self._known[0] is not riders:
            self._known = riders, riders[self._population.engagement_rider]
        return self._known[1]


class Both:
    """What two ways insure alike."""

    def __init__(self, one: Way, other: Way) -> None:
        self._ways = (one, other)
        self._known: tuple[Truths | None, Truths | None, Truths | None] = (None, None, None)

    def insured(self, month: SharedMonth, insurable: Mask) -> Truths | None:
        """Return the engagements that both insure."""
        one, other = (way.insured(month, insurable) for way in self._ways)
        if one is None or other is None:
            return other if one is None else one
        if self._known[0] is not one or self._known[1] is not other:
            self._known = one, other, one & other
        return self._known[2]


def way_into(name: str, law: Scheme, setting: Setting, joining: Joining) -> Way:
    """Return the way into a scheme, its register among it, and have the past keep what it looks back over."""
    for measure, months in looks_back(law.enrolment, law):
        setting.past.keep(measure, months)
    way = way_of(law.enrolment, name, law, setting, joining)
    register, begins = law.enrolment.ledger, joining.begins_month
    if register is None or begins is None:
        return way
    ledger = Ledger(entered_months(register, name, begins, setting))
    listed = OfRiders(lambda month, _insurable: ledger.on(month), setting.population)
    return Both(listed, way)


@singledispatch
def way_of(rule: Enrolment, name: str, law: Scheme, setting: Setting, joining: Joining) -> Way:
    """Return the way of being insured of a kind of enrolment."""
    raise NotImplementedError(f"no way into {type(rule).__name__}")


@way_of.register
def _(rule: Mandatory, name: str, law: Scheme, setting: Setting, joining: Joining) -> Way:  # noqa: ARG001
    return Everybody()


@way_of.register
def _(rule: Default, name: str, law: Scheme, setting: Setting, joining: Joining) -> Way:
    every = rule.decides_every_months.value
    decisions = Decisions(name, law, rule.opt_out, every, leaves=True, setting=setting, joining=joining)
    return OfRiders(decisions.insured, setting.population)


@way_of.register
def _(rule: Voluntary, name: str, law: Scheme, setting: Setting, joining: Joining) -> Way:
    every = rule.decides_every_months.value
    decisions = Decisions(name, law, rule.choice, every, leaves=False, setting=setting, joining=joining)
    return OfRiders(decisions.insured, setting.population)


class _Remembered:
    """An array made once a month for all who ask alike, and the one of the month before while it is the same."""

    def __init__(self, key: Hashable) -> None:
        self._key, self._known = key, np.zeros(0, np.bool_)

    def of(self, month: SharedMonth, make: Callable[[], Truths]) -> Truths:
        found = month.once(self._key, make)
        if found is not self._known and not np.array_equal(found, self._known):
            self._known = found
        return self._known


class OnMainPlatform:
    """A rider is insured on the platform worked on most; of platforms alike on the first of the portfolio."""

    def __init__(self, rule: MainPlatform, setting: Setting) -> None:
        self._measure, self._months, self._setting = MAIN_BY[rule.by], rule.months.value, setting
        self._kept = _Remembered(("main platform", self._measure, self._months))

    def insured(self, month: SharedMonth, insurable: Mask) -> Truths:  # noqa: ARG002
        """Return each rider's main platform: by the months before, or by the portfolio's split before any work."""
        return self._kept.of(month, self._foremost)

    def _foremost(self) -> Truths:
        population = self._setting.population
        mask = np.empty(len(population.engagement_platform), np.bool_)
        done = self._setting.past.total(self._measure, self._months)
        values = np.zeros(len(mask), np.int64) if done is None else done
        walks.foremost(population.first_engagement, values, _split(self._setting), mask)
        return mask


@way_of.register
def _(rule: MainPlatform, name: str, law: Scheme, setting: Setting, joining: Joining) -> Way:  # noqa: ARG001
    return OnMainPlatform(rule, setting)


def _split(setting: Setting) -> Floats:
    """Return the share of each engagement in the rider's portfolio, shape (engagements,)."""
    population = setting.population
    splits = [setting.world.groups[g].portfolios[p].split for g, p in population.portfolios]
    table = np.zeros((len(splits), len(setting.platforms)))
    for row, split in enumerate(splits):
        for name, share in split.items():
            table[row, setting.platforms.index(name)] = float(share.value)
    return table[population.portfolio[population.engagement_rider], population.engagement_platform]


UNITS = {"days": 1, "orders": 1, "online_hours": 60, "earnings_yuan": 100}
"""How many units of the measure make one of the count."""


class Reaching:
    """A rider is insured in a month when any condition is met by the months before it."""

    def __init__(self, rule: Threshold, setting: Setting) -> None:
        self._conditions, self._setting = rule.any_of, setting
        self._kept = _Remembered(("threshold", rule.any_of))

    def insured(self, month: SharedMonth, insurable: Mask) -> Truths:  # noqa: ARG002
        """Return the engagements for which a condition is met: for itself, or by all of the rider's together."""
        return self._kept.of(month, lambda: reduce(np.logical_or, map(self._met, self._conditions)))

    def _met(self, condition: Condition) -> Truths:
        population = self._setting.population
        least = condition.at_least.value * UNITS[condition.count]
        done = self._setting.past.total(COUNTED[condition.count], condition.months.value)
        if done is None:
            return np.full(len(population.engagement_platform), least <= 0)
        if condition.on == "all_platforms":
            done = _of_rider(done, population)
        return np.asarray(done >= math.ceil(least))


def _of_rider(values: Ints, population: Population) -> Ints:
    """Return the sum over the rider's engagements, for each of them."""
    return sum_by(population.engagement_rider, values, len(population))[population.engagement_rider]


@way_of.register
def _(rule: Threshold, name: str, law: Scheme, setting: Setting, joining: Joining) -> Way:  # noqa: ARG001
    return Reaching(rule, setting)
