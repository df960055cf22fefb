"""Coverage: of riders, orders, hours and injuries, month by month, by who the riders are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from injurysim.books.contribution import Truths
from injurysim.books.cover import covered_minutes
from injurysim.books.setting import Setting
from injurysim.core.sums import sum_by
from injurysim.world.month import Ints, Month
from injurysim.world.population import RELATIONS

if TYPE_CHECKING:
    from injurysim.books.scheme import SchemeAtWork

PLATFORMS_USED = ("0", "1", "2", "3+")
HOURS_BANDS = ("0", "1-40", "41-120", "121-200", "201+")
"""Hours worked in the month, whole hours begun."""
HOURS_BAND_ENDS = np.array([0, 40 * 60, 120 * 60, 200 * 60])

EXPOSURE_COLUMNS = (
    "riders_eligible",
    "riders_insured",
    "riders_ever_insured",
    "orders",
    "orders_insured",
    "online_minutes",
    "online_minutes_insured",
)


@dataclass
class CoverageMonth:
    """One month: by dimension the levels, the level of each rider or engagement, and the counts by level."""

    levels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    counts: dict[str, dict[str, Ints]] = field(default_factory=dict)
    rider_level: dict[str, Ints] = field(default_factory=dict)


class CoverageLog:
    """Counts of exposure under cover, added month by month."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._ever = np.zeros(len(setting.population), np.bool_)
        self.months: list[CoverageMonth] = []

    def add(self, month: Month, schemes: Sequence[SchemeAtWork], insured: Sequence[Truths]) -> None:
        """Add a month.

        Parameters
        ----------
        month : Month
            The world's month.
        schemes : sequence of SchemeAtWork
            Schemes of the design.
        insured : sequence of arrays of shape (engagements,)
            Which engagements each scheme insures.
        """
        population = self._setting.population
        rider = population.engagement_rider
        active = month.days_worked > 0
        eligible = active & _any([scheme.eligible for scheme in schemes], active)
        under_cover = active & _any(insured, active)
        minutes = np.zeros(len(rider), np.int64)
        for scheme, mask in zip(schemes, insured, strict=True):
            minutes = np.maximum(minutes, np.where(mask, covered_minutes(scheme.law.cover, month), 0))
        of_riders = {
            "riders_eligible": _riders(eligible, rider, len(population)),
            "riders_insured": _riders(under_cover, rider, len(population)),
        }
        self._ever |= of_riders["riders_insured"] > 0
        of_riders["riders_ever_insured"] = (
            self._ever & (_riders(active, rider, len(population)) > 0)
        ).astype(np.int64)
        of_engagements = {
            "orders": month.orders,
            "orders_insured": np.where(under_cover, month.orders, 0),
            "online_minutes": month.online_minutes,
            "online_minutes_insured": minutes,
        }
        of_platform_riders = {
            "riders_eligible": eligible,
            "riders_insured": under_cover,
            "riders_ever_insured": self._ever[rider] & active,
        }
        self.months.append(self._by_level(month, of_riders, of_platform_riders, of_engagements))

    def _by_level(
        self,
        month: Month,
        of_riders: dict[str, Ints],
        of_platform_riders: dict[str, Truths],
        of_engagements: dict[str, Ints],
    ) -> CoverageMonth:
        """Sum what is known of riders, and of engagements, by every level of every dimension."""
        population, out = self._setting.population, CoverageMonth()
        rider, platform = population.engagement_rider, population.engagement_platform
        for dimension, levels, codes in self._rider_dimensions(month):
            counts = {name: sum_by(codes, values, len(levels)) for name, values in of_riders.items()}
            counts |= {
                name: sum_by(codes[rider], values, len(levels)) for name, values in of_engagements.items()
            }
            out.levels[dimension], out.counts[dimension], out.rider_level[dimension] = levels, counts, codes
        industries = tuple(dict.fromkeys(self._setting.industries))
        industry = np.array([industries.index(each) for each in self._setting.industries], np.int64)
        for dimension, levels, codes in (
            ("industry", industries, industry[platform]),
            ("platform", self._setting.platforms, platform),
        ):
            counts = {
                name: _distinct_by(codes, rider, mask, len(levels))
                for name, mask in of_platform_riders.items()
            }
            counts |= {name: sum_by(codes, values, len(levels)) for name, values in of_engagements.items()}
            out.levels[dimension], out.counts[dimension] = levels, counts
        return out

    def _rider_dimensions(self, month: Month) -> list[tuple[str, tuple[str, ...], Ints]]:
        """Return dimension, levels and the level of each rider."""
        population = self._setting.population
        used = np.bincount(population.engagement_rider[month.days_worked > 0], minlength=len(population))
        hours = np.bincount(population.engagement_rider, month.online_minutes, len(population)).astype(
            np.int64
        )
        return [
            ("all", ("all",), np.zeros(len(population), np.int64)),
            ("group", population.groups, population.group),
            ("relation", RELATIONS, population.relation),
            ("region", population.regions, population.region),
            ("platforms_used", PLATFORMS_USED, np.minimum(used, 3).astype(np.int64)),
            ("hours_band", HOURS_BANDS, np.searchsorted(HOURS_BAND_ENDS, hours).astype(np.int64)),
        ]


def _any(masks: Sequence[Truths], like: Truths) -> Truths:
    return np.logical_or.reduce(masks) if len(masks) else np.zeros_like(like)


def _riders(mask: Truths, rider: Ints, riders: int) -> Ints:
    """Return 1 for each rider with an engagement in the mask."""
    return (np.bincount(rider[mask], minlength=riders) > 0).astype(np.int64)


def _distinct_by(codes: Ints, rider: Ints, mask: Truths, levels: int) -> Ints:
    """Count distinct riders by level."""
    riders = int(rider[-1]) + 1 if len(rider) else 0  # engagements stand in rider order
    seen = np.zeros((levels, riders), np.bool_)
    seen[codes[mask], rider[mask]] = True
    return np.asarray(np.count_nonzero(seen, axis=1), np.int64)
