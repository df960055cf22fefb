"""Exposure of a world as rows: by platform, and by rider."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.core.columns import Values
from injurysim.core.sums import Ints, Truths, Wholes, sum_by, sum_parts
from injurysim.world.month import Month
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
        self._groups = len(population.groups)
        self._shape = (len(population.regions) * self._groups, len(population.platforms))
        self._cell = population.region.astype(np.int32) * np.int32(self._groups) + population.group.astype(
            np.int32
        )
        self._riders_of = np.bincount(self._cell, minlength=self._shape[0])
        self._engaged = self._total(np.ones(len(population.engagement_platform), np.bool_))
        self._exposure: list[dict[str, Values]] = []
        self._riders: list[dict[str, Values]] = []

    def add(self, month: Month) -> None:
        """Add a month."""
        label = self._calendar.month_label(month.index)
        orders, earnings = self._total(month.orders), self._total(month.earnings_fen)
        self._exposure.append(self._exposure_rows(month, label, orders, earnings))
        self._riders.append(self._rider_rows(month, label, orders, earnings))

    def exposure(self) -> dict[str, Values]:
        """Return the columns of table ``exposure``."""
        return _join(self._exposure)

    def riders(self) -> dict[str, Values]:
        """Return the columns of table ``riders``."""
        return _join(self._riders)

    def _total(self, values: Wholes | Truths) -> Ints:
        """Sum over engagements by region and group, and platform."""
        p = self._population
        return sum_parts(p.first_engagement, self._cell, p.engagement_platform, values, self._shape)

    def _exposure_rows(self, month: Month, label: str, orders: Ints, earnings: Ints) -> dict[str, Values]:
        cell, platform = np.nonzero(self._engaged)
        region, group = np.divmod(cell, self._groups)
        row = np.lexsort((group, platform, region))
        cell, region, platform, group = cell[row], region[row], platform[row], group[row]

        def told(totals: Ints) -> Ints:
            return totals[cell, platform]

        return {
            "month": [label] * len(cell),
            "region": _names(self._population.regions, region),
            "industry": _names(self._industries, platform),
            "platform": _names(self._population.platforms, platform),
            "group": _names(self._population.groups, group),
            "riders_active": told(self._total(month.days_worked > 0)),
            "rider_days": told(self._total(month.days_worked)),
            "online_hours": told(self._total(month.online_minutes)) / 60,
            "engaged_hours": told(self._total(month.engaged_minutes)) / 60,
            "orders": told(orders),
            "earnings_fen": told(earnings),
        }

    def _rider_rows(self, month: Month, label: str, orders: Ints, earnings: Ints) -> dict[str, Values]:
        used = np.flatnonzero(self._riders_of)

        def told(values: Wholes | Truths) -> Ints:
            return sum_by(self._cell, values, self._shape[0])[used]

        return {
            "month": [label] * len(used),
            "region": _names(self._population.regions, used // self._groups),
            "group": _names(self._population.groups, used % self._groups),
            "riders_active": told(month.rider_days > 0),
            "rider_days": told(month.rider_days),
            "worked_hours": told(month.worked_minutes) / 60,
            "orders": orders.sum(axis=1)[used],
            "earnings_fen": earnings.sum(axis=1)[used],
        }


def _names(names: Sequence[str], codes: NDArray[np.intp]) -> list[str]:
    return [names[code] for code in codes]


def _join(parts: list[dict[str, Values]]) -> dict[str, Values]:
    return {
        name: np.concatenate([part[name] for part in parts])
        if isinstance(parts[0][name], np.ndarray)
        else [value for part in parts for value in part[name]]
        for name in (parts[0] if parts else ())
    }
