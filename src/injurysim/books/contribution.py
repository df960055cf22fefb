"""Contributions: the base of each month, and what is due on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import singledispatch

import numpy as np

from injurysim.books.setting import Setting
from injurysim.books.shared import Mask, SharedMonth
from injurysim.core.money import charge_fen, to_fen
from injurysim.core.sums import Ints, Truths, Wholes
from injurysim.scenario.contribution import (
    Contribution,
    Free,
    Payroll,
    PerDay,
    PerMonth,
    PerOrder,
)
from injurysim.scenario.rating import FixedFactor, NoRating, Rating
from injurysim.scenario.values import Dated
from injurysim.world.month import Month


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


@dataclass(frozen=True)
class Base:
    """What a contribution is charged on.

    Attributes
    ----------
    unit : of the base.
    name : names the measure, with what it depends on; the same measure has the same name in every design.
    values : returns the base of each engagement, shape (engagements,).
    """

    unit: str
    name: Hashable
    values: Callable[[], Wholes | Truths]


@singledispatch
def base_of(rule: Contribution, month: Month, day: dt.date) -> Base:
    """Return what a contribution is charged on."""
    raise NotImplementedError(f"no base for {type(rule).__name__}")


@base_of.register
def _(rule: PerOrder, month: Month, day: dt.date) -> Base:  # noqa: ARG001
    return Base("order", "orders", lambda: month.orders)


@base_of.register
def _(rule: PerDay, month: Month, day: dt.date) -> Base:  # noqa: ARG001
    return Base("rider_day", "days", lambda: month.days_worked)


@base_of.register
def _(rule: PerMonth, month: Month, day: dt.date) -> Base:  # noqa: ARG001
    return Base("rider_month", "months", lambda: month.days_worked > 0)


@base_of.register
def _(rule: Payroll, month: Month, day: dt.date) -> Base:
    floor, ceiling = (
        None if each is None else np.int64(to_fen(each.at(day)))
        for each in (rule.floor_yuan, rule.ceiling_yuan)
    )

    def payroll() -> Ints:
        held = month.earnings_fen if floor is None else np.maximum(month.earnings_fen, floor)
        held = held if ceiling is None else np.minimum(held, ceiling)
        return np.asarray(held * (month.days_worked > 0), np.int64)

    return Base("payroll_fen", ("payroll", floor, ceiling), payroll)


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
    rule: Contribution, rating: Rating, shared: SharedMonth, insured: Mask, setting: Setting
) -> Iterable[Bill]:
    """Yield what a month owes, one bill a region and platform with insured work, in their order.

    The rate is that of the month in which the base arises, whenever it is billed.
    """
    if isinstance(rule, Free):
        return
    month = shared.month
    day = setting.calendar.month_date(month.index)
    base, (factor, grade) = base_of(rule, month, day), factor_of(rating)
    worked = shared.by_region(shared.total("days", lambda: month.days_worked, insured))
    total = shared.by_region(shared.total(base.name, base.values, insured))
    for region, platform in np.argwhere(worked).tolist():
        rate = rate_of(rule, setting.platforms[platform], setting.industries[platform])
        if rate is None:
            continue
        since = [change for change in rate.changes() if change <= day]
        yield Bill(
            region=region,
            platform=platform,
            base_unit=base.unit,
            base=int(total[region, platform]),
            rate_yuan=rate.at(day) / 100 if base.unit in FEN_BASES else rate.at(day),
            rate_from=since[-1] if since else None,
            factor=factor,
            grade=grade,
        )
