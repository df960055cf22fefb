"""The rate that a region and platform is charged in a month."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch

from injurysim.core.money import rounded
from injurysim.core.schemas import RATE_PLACES
from injurysim.scenario.contribution import (
    Charged,
    Contribution,
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
from injurysim.scenario.values import Dated


@singledispatch
def stated_rate(rule: Contribution, platform: str, industry: str) -> Dated[Decimal] | None:
    """Return the rate stated for a platform, or None for no charge."""
    raise NotImplementedError(f"no rate for {type(rule).__name__}")


@stated_rate.register
def _(rule: PerOrder, platform: str, industry: str) -> Dated[Decimal] | None:
    return rule.platforms.get(platform) or rule.industries.get(industry)


@stated_rate.register(PerOnlineHour)
@stated_rate.register(PerEngagedHour)
@stated_rate.register(PerDay)
@stated_rate.register(PerMonth)
@stated_rate.register(PerYear)
def _(
    rule: PerOnlineHour | PerEngagedHour | PerDay | PerMonth | PerYear,
    platform: str,  # noqa: ARG001
    industry: str,  # noqa: ARG001
) -> Dated[Decimal] | None:
    return rule.yuan


@stated_rate.register(ShareOfEarnings)
@stated_rate.register(ShareOfTurnover)
def _(rule: ShareOfEarnings | ShareOfTurnover, platform: str, industry: str) -> Dated[Decimal] | None:  # noqa: ARG001
    return rule.rate


@stated_rate.register
def _(rule: Payroll, platform: str, industry: str) -> Dated[Decimal] | None:  # noqa: ARG001
    return rule.rate if rule.rate is not None else rule.risk_classes.get(rule.industries.get(industry, 0))


def rate_at(
    rule: Charged, unit: str, day: dt.date, region: str, platform: str, industry: str
) -> tuple[Decimal, dt.date | None] | None:
    """Return the rate on a day and the day since when it holds (None: since ever), or None for no charge.

    The stated rate times the factors of the region and of the price, half up to the decimals of the tables. Tables hold
    yuan per unit of the base: on a base in fen that is the share divided by 100.
    """
    stated = stated_rate(rule, platform, industry)
    if stated is None:
        return None
    rate = Fraction(stated.at(day)) * Fraction(rule.price_factor.value)
    changes = stated.changes()
    if region in rule.region_factors:
        factor = rule.region_factors[region]
        rate, changes = rate * Fraction(factor.at(day)), changes + factor.changes()
    since = [change for change in changes if change <= day]
    return per_unit(rate, unit), max(since, default=None)


def per_unit(rate: Fraction | Decimal, unit: str) -> Decimal:
    """Return a rate as tables hold it."""
    return rounded(Fraction(rate) / (100 if unit.endswith("_fen") else 1), RATE_PLACES)
