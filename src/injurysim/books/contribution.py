"""Contributions: the base of each month, and what is due on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from injurysim.books.setting import Setting
from injurysim.core.money import charge_fen, to_fen
from injurysim.scenario.contribution import (
    Contribution,
    FixedFactor,
    Free,
    NoRating,
    Payroll,
    PerDay,
    PerMonth,
    PerOrder,
    Rating,
)
from injurysim.scenario.values import Dated
from injurysim.world.month import Month

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Bill:
    """What is owed for one month, region and platform.

    ``rate_yuan`` is yuan per unit of the base: on a base in fen it is the share of it, divided by 100.
    """

    region: int
    platform: int
    base_unit: str
    base: int
    rate_yuan: Decimal
    rate_from: dt.date | None
    factor: Decimal
    grade: str | None

    @property
    def due_fen(self) -> int:
        """Base times rate times factor, half up to the fen."""
        return charge_fen(self.base, self.rate_yuan, self.factor)


@singledispatch
def base_of(rule: Contribution, month: Month, insured: Truths, day: dt.date) -> tuple[str, Ints]:
    """Return the unit of the base and the base of each engagement, shape (engagements,)."""
    raise NotImplementedError(f"no base for {type(rule).__name__}")


@base_of.register
def _(rule: PerOrder, month: Month, insured: Truths, day: dt.date) -> tuple[str, Ints]:  # noqa: ARG001
    return "order", np.where(insured, month.orders, 0)


@base_of.register
def _(rule: PerDay, month: Month, insured: Truths, day: dt.date) -> tuple[str, Ints]:  # noqa: ARG001
    return "rider_day", np.where(insured, month.days_worked, 0)


@base_of.register
def _(rule: PerMonth, month: Month, insured: Truths, day: dt.date) -> tuple[str, Ints]:  # noqa: ARG001
    return "rider_month", np.where(insured & (month.days_worked > 0), 1, 0)


@base_of.register
def _(rule: Payroll, month: Month, insured: Truths, day: dt.date) -> tuple[str, Ints]:
    payroll = month.earnings_fen
    if rule.floor_yuan is not None:
        payroll = np.maximum(payroll, to_fen(rule.floor_yuan.at(day)))
    if rule.ceiling_yuan is not None:
        payroll = np.minimum(payroll, to_fen(rule.ceiling_yuan.at(day)))
    return "payroll_fen", np.where(insured & (month.days_worked > 0), payroll, 0)


@singledispatch
def rate_of(rule: Contribution, platform: str, industry: str) -> Dated[Decimal] | None:
    """Return the rate that a platform is charged, in yuan per unit of the base, or None for no charge."""
    raise NotImplementedError(f"no rate for {type(rule).__name__}")


@rate_of.register
def _(rule: PerOrder, platform: str, industry: str) -> Dated[Decimal] | None:
    return rule.platforms.get(platform) or rule.industries.get(industry)


@rate_of.register(PerDay)
@rate_of.register(PerMonth)
def _(rule: PerDay | PerMonth, platform: str, industry: str) -> Dated[Decimal] | None:  # noqa: ARG001
    return rule.yuan


@rate_of.register
def _(rule: Payroll, platform: str, industry: str) -> Dated[Decimal] | None:  # noqa: ARG001
    return rule.rate


FEN_BASES = frozenset({"payroll_fen"})


@singledispatch
def factor_of(rating: Rating) -> tuple[Decimal, str | None]:
    """Return the factor on the rate and the label of the grade."""
    raise NotImplementedError(f"no factor for {type(rating).__name__}")


@factor_of.register
def _(rating: NoRating) -> tuple[Decimal, str | None]:  # noqa: ARG001
    return Decimal(1), None


@factor_of.register
def _(rating: FixedFactor) -> tuple[Decimal, str | None]:
    return rating.factor.value, rating.grade


def bills(
    rule: Contribution, rating: Rating, month: Month, insured: Truths, setting: Setting
) -> Iterable[Bill]:
    """Yield what a month owes, one bill a region and platform with insured work, in their order.

    The rate is that of the month in which the base arises, whenever it is billed.
    """
    if isinstance(rule, Free):
        return
    day = setting.calendar.month_date(month.index)
    unit, base = base_of(rule, month, insured, day)
    factor, grade = factor_of(rating)
    platforms, worked = setting.population.engagement_platform, insured & (month.days_worked > 0)
    cell = setting.engagement_region * len(setting.platforms) + platforms
    for code in np.unique(cell[worked]):
        region, platform = divmod(int(code), len(setting.platforms))
        rate = rate_of(rule, setting.platforms[platform], setting.industries[platform])
        if rate is None:
            continue
        since = [change for change in rate.changes() if change <= day]
        yield Bill(
            region=region,
            platform=platform,
            base_unit=unit,
            base=int(base[cell == code].sum()),
            rate_yuan=rate.at(day) / 100 if unit in FEN_BASES else rate.at(day),
            rate_from=since[-1] if since else None,
            factor=factor,
            grade=grade,
        )
