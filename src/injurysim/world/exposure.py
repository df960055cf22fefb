"""Exposure of a world as rows: by platform, and by rider."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.core.columns import Values
from injurysim.core.sums import sum_by
from injurysim.world.month import Ints, Month
from injurysim.world.population import Population


class ExposureLog:
    """Adds up months by region, platform and group, as they come.

    Parameters
    ----------
    population : Population
        Riders of the world.
    industries : sequence of str
        Industry of each platform.
    """

    def __init__(self, population: Population, industries: Sequence[str], calendar: Calendar) -> None:
        self._population, self._industries, self._calendar = population, industries, calendar
        rider = population.engagement_rider
        self._cells = (population.region[rider], population.engagement_platform, population.group[rider])
        self._sizes = (len(population.regions), len(population.platforms), len(population.groups))
        self._exposure: list[dict[str, Values]] = []
        self._riders: list[dict[str, Values]] = []

    def add(self, month: Month) -> None:
        """Add a month."""
        label = self._calendar.month_label(month.index)
        self._exposure.append(self._exposure_rows(month, label))
        self._riders.append(self._rider_rows(month, label))

    def exposure(self) -> dict[str, Values]:
        """Return the columns of table ``exposure``."""
        return _join(self._exposure)

    def riders(self) -> dict[str, Values]:
        """Return the columns of table ``riders``."""
        return _join(self._riders)

    def _exposure_rows(self, month: Month, label: str) -> dict[str, Values]:
        regions, platforms, groups = self._sizes
        cell = (self._cells[0] * platforms + self._cells[1]) * groups + self._cells[2]
        used = np.unique(cell)
        region, rest = np.divmod(used, platforms * groups)
        platform, group = np.divmod(rest, groups)
        size = regions * platforms * groups

        def total(values: Ints) -> Ints:
            return sum_by(cell, values, size)[used]

        return {
            "month": [label] * len(used),
            "region": _names(self._population.regions, region),
            "industry": _names(self._industries, platform),
            "platform": _names(self._population.platforms, platform),
            "group": _names(self._population.groups, group),
            "riders_active": total((month.days_worked > 0).astype(np.int64)),
            "rider_days": total(month.days_worked),
            "online_hours": total(month.online_minutes) / 60,
            "engaged_hours": total(month.engaged_minutes) / 60,
            "orders": total(month.orders),
            "earnings_fen": total(month.earnings_fen),
        }

    def _rider_rows(self, month: Month, label: str) -> dict[str, Values]:
        population, groups = self._population, self._sizes[2]
        cell = population.region * groups + population.group
        used = np.unique(cell)
        of_engagement, size = cell[population.engagement_rider], self._sizes[0] * groups

        def total(values: Ints) -> Ints:
            return sum_by(of_engagement, values, size)[used]

        return {
            "month": [label] * len(used),
            "region": _names(population.regions, used // groups),
            "group": _names(population.groups, used % groups),
            "riders_active": sum_by(cell, (month.rider_days > 0).astype(np.int64), size)[used],
            "rider_days": sum_by(cell, month.rider_days, size)[used],
            "worked_hours": total(month.online_minutes) / 60,
            "orders": total(month.orders),
            "earnings_fen": total(month.earnings_fen),
        }


def _names(names: Sequence[str], codes: NDArray[np.int64]) -> list[str]:
    return [names[code] for code in codes]


def _join(parts: list[dict[str, Values]]) -> dict[str, Values]:
    return {
        name: np.concatenate([part[name] for part in parts])
        if isinstance(parts[0][name], np.ndarray)
        else [value for part in parts for value in part[name]]
        for name in (parts[0] if parts else ())
    }
