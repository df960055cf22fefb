"""A rider's year as it is judged on a day: by whole months gone by, or before any by what the group expects."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from injurysim.books.setting import Setting
from injurysim.books.shared import Mask
from injurysim.core.sums import Ints, Truths
from injurysim.world.hazard import experience_factor, months_of_experience
from injurysim.world.month import Floats

MONTHS_LOOKED_BACK = 12
"""Months by which a rider's year is judged."""
RISK, WORK = "expected_injuries", "days_worked"


class RiderYears:
    """The years of some riders as they are judged at the beginning of a month.

    A rider's year is what the last whole months in which the rider was there come to, at most twelve, over their days
    and times 365.25. Whoever has not worked in any of them is judged by the law of work of the group.

    Parameters
    ----------
    setting : Setting
        The stage; its past keeps the measures asked for.
    month : int
        The month at hand, of which nothing counts.
    riders : ndarray of int, shape (n,)
        The riders.
    insurable : Mask
        Engagements on which the scheme would insure them.

    Attributes
    ----------
    platform, region : of each of their engagements, shape (engagements of them,).
    insurable : on which of them the scheme would insure.
    """

    def __init__(self, setting: Setting, month: int, riders: Ints, insurable: Mask) -> None:
        self.setting, self.month, self.riders = setting, month, riders
        population = setting.population
        first = population.first_engagement[riders].astype(np.int64)
        sizes = population.first_engagement[riders + 1] - first
        self._owner = np.repeat(np.arange(len(riders)), sizes)
        begins = np.cumsum(sizes) - sizes
        self._place = np.arange(len(self._owner)) - begins[self._owner]
        self._engagements = first[self._owner] + self._place
        self.insurable = insurable.engagements[self._engagements]
        self.platform = population.engagement_platform[self._engagements]
        self.region = population.region[riders][self._owner]

    @cached_property
    def _first_whole_month(self) -> Ints:
        entry = self.setting.population.entry_day[self.riders]
        return np.asarray(np.searchsorted(self.setting.calendar.month_starts, entry), np.int64)

    @cached_property
    def _known(self) -> Truths:
        """Say which riders have worked in a whole month before, shape (n,)."""
        return np.asarray(self._add(self._looked_back(WORK)) > 0)

    def _looked_back(self, measure: str) -> Floats:
        first = self._first_whole_month[self._owner]
        return self.setting.past.yearly(measure, self._engagements, first)

    def _add(self, values: Floats) -> Floats:
        return np.bincount(self._owner, values, len(self.riders)).astype(np.float64, copy=False)

    def _judged(self, measure: str, own: Floats | None = None) -> Floats:
        portfolio = self.setting.population.portfolio[self.riders][self._owner]
        expected = self.setting.expected.measures[measure][portfolio, self._place]
        if own is not None:
            expected = expected * own[self._owner]
        return np.where(self._known[self._owner], self._looked_back(measure), expected)

    @cached_property
    def risk(self) -> Floats:
        """Expected injuries of each rider in a year on all platforms, own frailty and experience included, shape (n,)."""
        return self._add(self._judged(RISK, self._own_factor()))

    def _own_factor(self) -> Floats:
        population = self.setting.population
        factor = population.frailty[self.riders].copy()
        group = population.group[self.riders]
        for code, law in enumerate(self.setting.world.groups.values()):
            if law.experience is not None and (mine := group == code).any():
                months = months_of_experience(population, self.month)[self.riders[mine]]
                factor[mine] *= experience_factor(law.experience, months)
        return factor

    def measure(self, name: str) -> Floats:
        """Return a year of a measure on each engagement on which the rider would be insured, 0 on others."""
        return np.asarray(self._judged(name) * self.insurable)

    def by_rider(self, values: Floats) -> Floats:
        """Add values of engagements over those of each rider, shape (n,)."""
        return self._add(values)

    def of_rider(self, values: Floats) -> Floats:
        """Return for each engagement the value of its rider."""
        return values[self._owner]
