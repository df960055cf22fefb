"""What a contribution comes to for a rider, or for many at once, on one platform in a mean month, at the rates of a day."""

from __future__ import annotations

import datetime as dt
from functools import singledispatch
from typing import Any, cast

import numpy as np

from injurysim.books.contribution.rate import stated_rate
from injurysim.books.expected import ExpectedWork, N
from injurysim.scenario.contribution import (
    Contribution,
    Free,
    Payroll,
    PerDay,
    PerEngagedHour,
    PerMonth,
    PerOnlineHour,
    PerOrder,
    PerYear,
    ShareOfEarnings,
    ShareOfTurnover,
)
from injurysim.scenario.platforms import Platform

MONTHS_OF_YEAR = 12


def charge_yuan(
    rule: Contribution, name: str, platform: Platform, work: ExpectedWork[N], day: dt.date, platforms: Any = 1
) -> N:
    """Return what is owed for a rider's mean month on a platform, by all payers together.

    Parameters
    ----------
    rule : Contribution
    name : str
        Name of the platform.
    platform : Platform
    work : ExpectedWork
        The rider's month on it; of arrays for many riders at once.
    day : date
        Whose rates hold.
    platforms : int, or array of int
        Platforms of the rider, over which what is owed once is spread.

    Returns
    -------
    float, or array in the shape of the work
        Yuan a month; a factor of a region or of a rating is not in it.
    """
    stated = None if isinstance(rule, Free) else stated_rate(rule, name, platform.industry)
    if isinstance(rule, Free) or stated is None:
        return work.orders * 0.0
    charge = _held(rule, float(stated.at(day)) * _units(rule, platform, work, day), work, day)
    return cast(N, charge * float(rule.price_factor.value) / _spread(rule, platforms))


def _spread(rule: Contribution, platforms: Any) -> Any:
    return platforms if isinstance(rule, PerYear) or (isinstance(rule, PerMonth) and rule.once) else 1


@singledispatch
def _held(rule: Contribution, charge: Any, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    """Hold a charge to what the law allows at most; most laws have no such bound."""
    return charge


@_held.register
def _(rule: ShareOfTurnover, charge: Any, work: ExpectedWork[Any], day: dt.date) -> Any:
    if rule.at_most_of_earnings is None:
        return charge
    return np.minimum(charge, float(rule.at_most_of_earnings.at(day)) * work.earnings_yuan)


@singledispatch
def _units(rule: Contribution, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:
    """Return how many units of the base a mean month holds."""
    raise NotImplementedError(f"no units for {type(rule).__name__}")


@_units.register
def _(rule: PerOrder, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return work.orders


@_units.register
def _(rule: PerOnlineHour, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return work.online_hours


@_units.register
def _(rule: PerEngagedHour, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return work.engaged_hours


@_units.register
def _(rule: PerDay, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return work.days


@_units.register
def _(rule: PerMonth, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return work.months


@_units.register
def _(rule: PerYear, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return np.sign(work.months) / MONTHS_OF_YEAR


@_units.register
def _(rule: ShareOfEarnings, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return work.earnings_yuan


@_units.register
def _(rule: ShareOfTurnover, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return float(platform.turnover_per_order_yuan.value) * work.orders


@_units.register
def _(rule: Payroll, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    """Hold the worker's months with work between floor and ceiling."""
    base = work.earnings_yuan / np.where(np.equal(work.months, 0), 1.0, work.months)
    if rule.floor_yuan is not None:
        base = np.maximum(base, float(rule.floor_yuan.at(day)))
    if rule.ceiling_yuan is not None:
        base = np.minimum(base, float(rule.ceiling_yuan.at(day)))
    return base * work.months
