"""What a contribution comes to for a rider, or for many at once, on one platform in a mean month, at the rates of a day."""

from __future__ import annotations

import datetime as dt
from functools import singledispatch
from typing import Any, cast

import numpy as np

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
    if isinstance(rule, Free):
        return work.orders * 0.0
    charge = _charge(rule, name, platform, work, day) * float(rule.price_factor.value)
    return cast(N, charge / _spread(rule, platforms))


def _spread(rule: Contribution, platforms: Any) -> Any:
    return platforms if isinstance(rule, PerYear) or (isinstance(rule, PerMonth) and rule.once) else 1


@singledispatch
def _charge(rule: Contribution, name: str, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:
    raise NotImplementedError(f"no charge for {type(rule).__name__}")


@_charge.register
def _(rule: PerOrder, name: str, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:
    rate = rule.platforms.get(name) or rule.industries.get(platform.industry)
    return 0.0 if rate is None else float(rate.at(day)) * work.orders


@_charge.register
def _(rule: PerOnlineHour, name: str, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return float(rule.yuan.at(day)) * work.online_hours


@_charge.register
def _(rule: PerEngagedHour, name: str, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return float(rule.yuan.at(day)) * work.engaged_hours


@_charge.register
def _(rule: PerDay, name: str, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return float(rule.yuan.at(day)) * work.days


@_charge.register
def _(rule: PerMonth, name: str, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return float(rule.yuan.at(day)) * work.months


@_charge.register
def _(rule: PerYear, name: str, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return float(rule.yuan.at(day)) / MONTHS_OF_YEAR * np.sign(work.months)


@_charge.register
def _(rule: ShareOfEarnings, name: str, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    return float(rule.rate.at(day)) * work.earnings_yuan


@_charge.register
def _(rule: ShareOfTurnover, name: str, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    levy = float(rule.rate.at(day)) * float(platform.turnover_per_order_yuan.value) * work.orders
    if rule.at_most_of_earnings is None:
        return levy
    return np.minimum(levy, float(rule.at_most_of_earnings.at(day)) * work.earnings_yuan)


@_charge.register
def _(rule: Payroll, name: str, platform: Platform, work: ExpectedWork[Any], day: dt.date) -> Any:  # noqa: ARG001
    rate = rule.rate or rule.risk_classes[rule.industries[platform.industry]]
    # The worker's months with work are held between floor and ceiling.
    base = work.earnings_yuan / np.where(np.equal(work.months, 0), 1.0, work.months)
    if rule.floor_yuan is not None:
        base = np.maximum(base, float(rule.floor_yuan.at(day)))
    if rule.ceiling_yuan is not None:
        base = np.minimum(base, float(rule.ceiling_yuan.at(day)))
    return float(rate.at(day)) * base * work.months
