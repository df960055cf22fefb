"""What the books of a world share: kinds of riders, masks of engagements, and the sums of a month, each made once.

Designs on one world ask the same questions of a month, most of them in the same words. What is asked of the same
month, the same measure and the same engagements is worked out for the first book that asks and kept for the others
until the month is over; so ten designs cost little more than one, and nothing depends on which of them asked first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from injurysim.books import walks
from injurysim.core.sums import Truths, Wholes, sum_by, sum_parts
from injurysim.scenario.enrolment import Eligible
from injurysim.world.month import Floats, Ints, Month
from injurysim.world.population import ENGAGERS, RELATIONS, Population

T = TypeVar("T")

PLATFORMS_USED = ("0", "1", "2", "3+")
HOURS_BANDS = ("0", "1-40", "41-120", "121-200", "201+")
"""Hours worked in the month, whole hours begun."""
DAYS_OF_YEAR = 365.25
HOURS_BAND_ENDS = np.array([0, 40 * 60, 120 * 60, 200 * 60], np.int64)


@dataclass(frozen=True, eq=False)
class Mask:
    """Some engagements of a world; compared as an object, so that it can name what is known about them."""

    engagements: Truths


@dataclass(frozen=True, eq=False)
class Ever:
    """The riders a design has ever insured; compared as an object."""

    riders: Truths


class Strata:
    """Riders by group, relation, region and engager: all that a rule asks of a rider besides platform and age, by one code.

    Attributes
    ----------
    code : stratum of each rider, shape (riders,); only strata with riders are numbered.
    group, relation, region, engager : codes of each stratum, shape (strata,).
    one_at_a_time : whether a platform gives no other order while one is in hand, shape (platforms,).
    nobody : the riders insured before the first month.
    """

    def __init__(
        self, population: Population, industries: tuple[str, ...], one_at_a_time: Sequence[bool]
    ) -> None:
        self.population, self.industries = population, tuple(dict.fromkeys(industries))
        self.one_at_a_time = np.array(one_at_a_time, np.bool_)
        self.industry = np.array([self.industries.index(each) for each in industries], np.int32)
        sizes = (len(population.groups), len(RELATIONS), len(population.regions), len(ENGAGERS))
        dense = population.group.astype(np.int32)
        codes_of_riders = (population.relation, population.region, population.engager)
        for codes, size in zip(codes_of_riders, sizes[1:], strict=True):
            dense *= size
            dense += codes.astype(np.int32)
        used = np.flatnonzero(np.bincount(dense, minlength=int(np.prod(sizes))))
        self.group, self.relation, self.region, self.engager = np.unravel_index(used, sizes)
        number = np.zeros(int(np.prod(sizes)), np.int32)
        number[used] = np.arange(len(used))
        self.code = number[dense]
        self.nobody = Ever(np.zeros(len(population), np.bool_))
        # A mask lives as long as some scheme goes by it.
        self._masks: WeakValueDictionary[Hashable, Mask] = WeakValueDictionary()

    def __len__(self) -> int:
        return len(self.group)

    def mask(self, eligible: Eligible, joined: Truths | None = None, day: int = 0) -> Mask:
        """Return the engagements of eligible riders.

        Parameters
        ----------
        eligible : Eligible
            Whom to take.
        joined : ndarray of bool, shape (regions, platforms), optional
            Platforms that are in; any when left out.
        day : int
            Day by which age is told, from the scenario's first.
        """
        aged = day if has_ages(eligible) else None
        key = (eligible, None if joined is None else joined.tobytes(), aged)
        found = self._masks.get(key)
        if found is None:
            table = self.eligible(eligible)
            p = self.population
            mask = np.empty(len(p.engagement_platform), np.bool_)
            walks.look_up(
                p.first_engagement,
                self.code,
                p.engagement_platform,
                table if joined is None else table & joined[self.region],
                mask,
            )
            if aged is not None:
                mask &= of_age(eligible, p.age_years, day)[p.engagement_rider]
            self._masks[key] = found = Mask(mask)
        return found

    def eligible(self, eligible: Eligible) -> Truths:
        """Say which strata are eligible on which platforms, whatever their age, shape (strata, platforms)."""

        def among(names: tuple[str, ...] | None, levels: Sequence[str], codes: Wholes) -> Truths:
            if names is None:
                return np.ones(len(codes), np.bool_)
            return np.array([level in names for level in levels], np.bool_)[codes]

        platforms = self.population.platforms
        of_riders = (
            among(eligible.relations, RELATIONS, self.relation)
            & among(eligible.engagers, ENGAGERS, self.engager)
            & among(eligible.regions, self.population.regions, self.region)
            & among(eligible.groups, self.population.groups, self.group)
        )
        of_platforms = among(eligible.industries, self.industries, self.industry) & among(
            eligible.platforms, platforms, np.arange(len(platforms))
        )
        return of_riders[:, np.newaxis] & of_platforms


def has_ages(eligible: Eligible) -> bool:
    """Say whether eligibility asks for an age."""
    return eligible.age_from is not None or eligible.age_below is not None


def of_age(eligible: Eligible, age_at_start: Floats | float, day: int) -> Truths:
    """Say who is of the age asked for on a day, from ages on the scenario's first."""
    age = np.asarray(age_at_start) + day / DAYS_OF_YEAR
    old = np.ones(age.shape, np.bool_) if eligible.age_from is None else age >= eligible.age_from.value
    return old if eligible.age_below is None else old & (age < eligible.age_below.value)


class SharedMonth:
    """A month of the world, and what the books have worked out about it.

    Riders are in *cells*: their stratum, how many platforms they used and the band of their hours in this month.

    Attributes
    ----------
    month : the month.
    strata : the strata of the world.
    cell : cell of each rider, shape (riders,).
    """

    def __init__(self, month: Month, strata: Strata) -> None:
        self.month, self.strata = month, strata
        self._known: dict[Hashable, Any] = {}
        self.cell = np.empty(len(strata.code), np.int32)
        walks.cells(
            strata.population.first_engagement,
            strata.code,
            month.days_worked,
            month.worked_minutes,
            HOURS_BAND_ENDS,
            self.cell,
        )

    @property
    def cells(self) -> int:
        """Number of cells, with riders or without."""
        return len(self.strata) * len(PLATFORMS_USED) * len(HOURS_BANDS)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is known under a key; it is made for the first who asks."""
        if key not in self._known:
            self._known[key] = make()
        return cast(T, self._known[key])

    def total(self, name: Hashable, values: Callable[[], Wholes | Truths], mask: Mask | None = None) -> Ints:
        """Sum a measure of engagements, all of them or those of a mask.

        Parameters
        ----------
        name : hashable
            Names the measure: what has one name in a month has one value.
        values : callable
            Returns the measure, an array of shape (engagements,); asked for when the sum is not known.
        mask : Mask, optional
            Which engagements count.

        Returns
        -------
        ndarray of int64, shape (cells, platforms)
        """
        p = self.strata.population
        shape = (self.cells, len(p.platforms))
        chosen = None if mask is None else mask.engagements
        return self.once(
            ("total", name, mask),
            lambda: sum_parts(
                p.first_engagement, self.cell, p.engagement_platform, values(), shape, mask=chosen
            ),
        )

    def by_region(self, totals: Ints) -> Ints:
        """Add sums by cell and platform over the cells of each region: shape (regions, platforms)."""
        found = np.zeros((len(self.strata.population.regions), totals.shape[1]), np.int64)
        cells = totals.shape[0] // max(len(self.strata), 1)  # of a stratum; there is none without riders
        of_strata = totals.reshape(len(self.strata), cells, totals.shape[1]).sum(axis=1)
        np.add.at(found, self.strata.region, of_strata)
        return found

    def either(self, masks: Sequence[Mask]) -> Mask:
        """Return the engagements that lie in any of some masks."""
        if len(set(masks)) == 1:
            return masks[0]
        return self.once(
            ("either", frozenset(masks)),
            lambda: Mask(np.logical_or.reduce([mask.engagements for mask in masks])),
        )

    @cached_property
    def dimensions(self) -> tuple[tuple[str, tuple[str, ...], NDArray[np.intp]], ...]:
        """Dimensions of riders: name, levels, and the level of each cell."""
        strata, population = self.strata, self.strata.population
        shape = (len(strata), len(PLATFORMS_USED), len(HOURS_BANDS))
        stratum, used, band = np.unravel_index(np.arange(self.cells), shape)
        return (
            ("all", ("all",), np.zeros(self.cells, np.intp)),
            ("group", population.groups, strata.group[stratum]),
            ("relation", RELATIONS, strata.relation[stratum]),
            ("region", population.regions, strata.region[stratum]),
            ("platforms_used", PLATFORMS_USED, used),
            ("hours_band", HOURS_BANDS, band),
        )

    def by_level(self, of_cells: Ints) -> dict[str, Ints]:
        """Add what is known by cell over the levels of each dimension of riders."""
        return {name: sum_by(level, of_cells, len(levels)) for name, levels, level in self.dimensions}

    @cached_property
    def injured_level(self) -> dict[str, list[int]]:
        """By dimension, the level of each of the month's injuries: its rider's, or that of the app that was open."""
        injuries = self.month.injuries
        cell = self.cell[injuries.rider]
        app = np.asarray(injuries.app, np.intp)
        return {
            **{name: level[cell].tolist() for name, _, level in self.dimensions},
            "industry": self.strata.industry[app].tolist(),
            "platform": app.tolist(),
        }
