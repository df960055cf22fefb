"""Coverage: of riders, orders, hours and injuries, month by month, by who the riders are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from injurysim.books import walks
from injurysim.books.shared import Ever, Mask, SharedMonth
from injurysim.books.windows import covered_minutes
from injurysim.core.sums import Wholes, sum_by
from injurysim.scenario.cover import Cover
from injurysim.world.month import Ints

if TYPE_CHECKING:
    from injurysim.books.scheme import SchemeAtWork

RIDER_COLUMNS = ("riders_eligible", "riders_insured", "riders_ever_insured", "riders_first_insured")
EXPOSURE_COLUMNS = (
    *RIDER_COLUMNS,
    *("orders", "orders_insured", "online_minutes", "online_minutes_insured"),
)

Counts = dict[str, dict[str, Ints]]
"""By dimension and column, the sum of each level."""


@dataclass(frozen=True)
class CoverageMonth:
    """One month: by dimension the levels and their counts, and the level of each of its injuries in their order."""

    levels: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, Mapping[str, Ints]]
    injured_level: Mapping[str, Sequence[int]]


class CoverageLog:
    """Counts of exposure under cover, added month by month.

    Parameters
    ----------
    nobody : Ever
        The riders insured before the first month.
    """

    def __init__(self, nobody: Ever) -> None:
        self._ever = nobody
        self.months: list[CoverageMonth] = []

    def add(self, shared: SharedMonth, schemes: Sequence[SchemeAtWork], insured: Sequence[Mask]) -> None:
        """Add a month.

        Parameters
        ----------
        shared : SharedMonth
            The world's month.
        schemes : sequence of SchemeAtWork
            Schemes of the design.
        insured : sequence of Mask
            Which engagements each scheme insures.
        """
        eligible = shared.either([scheme.members.eligible for scheme in schemes])
        under_cover = shared.either(insured)
        windows = [(scheme.law.cover, mask) for scheme, mask in zip(schemes, insured, strict=True)]
        before, key = self._ever, ("coverage", self._ever, eligible, under_cover, frozenset(windows))

        def month() -> tuple[Ever, CoverageMonth]:
            ever, riders = _riders(shared, before, eligible, under_cover)
            orders = {
                "orders": shared.total("orders", lambda: shared.month.orders),
                "orders_insured": shared.total("orders", lambda: shared.month.orders, under_cover),
                "online_minutes": shared.total("online", lambda: shared.month.online_minutes),
                "online_minutes_insured": _insured_minutes(shared, windows),
            }
            return ever, _by_level(shared, riders, orders)

        self._ever, found = shared.once(key, month)
        self.months.append(found)


def _riders(shared: SharedMonth, before: Ever, eligible: Mask, insured: Mask) -> tuple[Ever, Counts]:
    """Count riders by cell, platform and industry, each once in each; return also who has ever been insured."""
    strata, population = shared.strata, shared.strata.population
    by_cell, by_platform, by_industry = (
        np.zeros((len(RIDER_COLUMNS), size), np.int64)
        for size in (shared.cells, len(population.platforms), len(strata.industries))
    )
    ever = before.riders.copy()  # designs that part from here on go on from the same riders
    walks.count_riders(
        population.first_engagement,
        shared.cell,
        population.engagement_platform,
        strata.industry,
        shared.month.days_worked,
        eligible.engagements,
        insured.engagements,
        ever,
        by_cell,
        by_platform,
        by_industry,
    )
    dimensions = {"": by_cell, "industry": by_industry, "platform": by_platform}
    return Ever(ever), {
        name: dict(zip(RIDER_COLUMNS, rows, strict=True)) for name, rows in dimensions.items()
    }


def _insured_minutes(shared: SharedMonth, windows: Sequence[tuple[Cover, Mask]]) -> Ints:
    """Sum the minutes inside a window of cover: of each engagement those of the widest of its windows."""
    if len(set(windows)) == 1:
        window, mask = windows[0]
        return shared.total(("minutes", window), lambda: covered_minutes(window, shared), mask)

    def widest() -> Wholes:
        return reduce(
            np.maximum,
            (np.where(mask.engagements, covered_minutes(window, shared), 0) for window, mask in windows),
        )

    return shared.total(("minutes", frozenset(windows)), widest)


def _by_level(shared: SharedMonth, riders: Counts, work: Mapping[str, Ints]) -> CoverageMonth:
    """Add what is known by cell and platform over the levels of every dimension."""
    strata = shared.strata
    of_cells = {**riders[""], **{name: totals.sum(axis=1) for name, totals in work.items()}}
    by_level = {name: shared.by_level(values) for name, values in of_cells.items()}
    levels = {name: levels for name, levels, _ in shared.dimensions}
    counts = {name: {column: by_level[column][name] for column in by_level} for name in levels}
    levels |= {"industry": strata.industries, "platform": strata.population.platforms}
    by_platform = {name: totals.sum(axis=0) for name, totals in work.items()}
    counts["platform"] = {**riders["platform"], **by_platform}
    counts["industry"] = {
        **riders["industry"],
        **{name: sum_by(strata.industry, each, len(strata.industries)) for name, each in by_platform.items()},
    }
    return CoverageMonth(levels, counts, shared.injured_level)
