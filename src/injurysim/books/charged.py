"""What a contribution comes to for one rider on one platform in a mean month, at the rates of a day."""

from __future__ import annotations

import datetime as dt
from functools import singledispatch

from injurysim.books.expected import ExpectedWork
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
    rule: Contribution, name: str, platform: Platform, work: ExpectedWork, day: dt.date, platforms: int = 1
) -> float:
    """Return what is owed for a rider's mean month on a platform, by all payers together.

    Parameters
    ----------
    rule : Contribution
    name : str
        Name of the platform.
    platform : Platform
    work : ExpectedWork
        The rider's month on it.
    day : date
        Whose rates hold.
    platforms : int
        Platforms of the rider, over which what is owed once is spread.

    Returns
    -------
    float
        Yuan a month; a factor of a region or of a rating is not in it.
    """
    if isinstance(rule, Free):
        return 0.0
    return (
        _charge(rule, name, platform, work, day) * float(rule.price_factor.value) / _spread(rule, platforms)
    )


def _spread(rule: Contribution, platforms: int) -> int:
    return platforms if isinstance(rule, PerYear) or (isinstance(rule, PerMonth) and rule.once) else 1


@singledispatch
def _charge(rule: Contribution, name: str, platform: Platform, work: ExpectedWork, day: dt.date) -> float:
    raise NotImplementedError(f"no charge for {type(rule).__name__}")


@_charge.register
def _(rule: PerOrder, name: str, platform: Platform, work: ExpectedWork, day: dt.date) -> float:
    rate = rule.platforms.get(name) or rule.industries.get(platform.industry)
    return 0.0 if rate is None else float(rate.at(day)) * work.orders


@_charge.register
def _(rule: PerOnlineHour, name: str, platform: Platform, work: ExpectedWork, day: dt.date) -> float:  # noqa: ARG001
    return float(rule.yuan.at(day)) * work.online_hours


@_charge.register
def _(rule: PerEngagedHour, name: str, platform: Platform, work: ExpectedWork, day: dt.date) -> float:  # noqa: ARG001
    return float(rule.yuan.at(day)) * work.engaged_hours


@_charge.register
def _(rule: PerDay, name: str, platform: Platform, work: ExpectedWork, day: dt.date) -> float:  # noqa: ARG001
    return float(rule.yuan.at(day)) * work.days


@_charge.register
def _(rule: PerMonth, name: str, platform: Platform, work: ExpectedWork, day: dt.date) -> float:  # noqa: ARG001
    return float(rule.yuan.at(day))


@_charge.register
def _(rule: PerYear, name: str, platform: Platform, work: ExpectedWork, day: dt.date) -> float:  # noqa: ARG001
    return float(rule.yuan.at(day)) / MONTHS_OF_YEAR


@_charge.register
def _(rule: ShareOfEarnings, name: str, platform: Platform, work: ExpectedWork, day: dt.date) -> float:  # noqa: ARG001
    return float(rule.rate.at(day)) * work.earnings_yuan


@_charge.register
def _(rule: ShareOfTurnover, name: str, platform: Platform, work: ExpectedWork, day: dt.date) -> float:  # noqa: ARG001
    levy = float(rule.rate.at(day)) * float(platform.turnover_per_order_yuan.value) * work.orders
    if rule.at_most_of_earnings is None:
        return levy
    return min(levy, float(rule.at_most_of_earnings.at(day)) * work.earnings_yuan)


@_charge.register
def _(rule: Payroll, name: str, platform: Platform, work: ExpectedWork, day: dt.date) -> float:  # noqa: ARG001
    rate = rule.rate or rule.risk_classes[rule.industries[platform.industry]]
    base = work.earnings_yuan
    if rule.floor_yuan is not None:
        base = max(base, float(rule.floor_yuan.at(day)))
    if rule.ceiling_yuan is not None:
        base = min(base, float(rule.ceiling_yuan.at(day)))
    return float(rate.at(day)) * base
