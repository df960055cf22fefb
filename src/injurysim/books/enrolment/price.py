"""What a rider pays a year for being insured: the worker's share of the contribution on a year of work.

The rates are those of the day of the decision, with the region's factor, the price factor and a fixed rating; a grade
that moves is not the rider's to know. A payroll is that of a mean month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import singledispatch

import numpy as np

from injurysim.books.enrolment.year import RiderYears
from injurysim.scenario.contribution import (
    Charged,
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
from injurysim.scenario.designs import Scheme
from injurysim.scenario.rating import FixedFactor
from injurysim.scenario.values import Dated
from injurysim.world.month import Floats

EARNINGS, ORDERS, MONTHS = "earnings_fen", "orders", "months_worked"

MEASURES: dict[type, tuple[str, ...]] = {
    PerOrder: (ORDERS,),
    PerOnlineHour: ("online_minutes",),
    PerEngagedHour: ("engaged_minutes",),
    PerDay: ("days_worked",),
    PerMonth: (MONTHS,),
    PerYear: (MONTHS,),
    ShareOfEarnings: (EARNINGS,),
    ShareOfTurnover: (ORDERS, EARNINGS),
    Payroll: (EARNINGS, MONTHS),
}
"""The measures of a year that each contribution is charged on."""


def measures_of(rule: Contribution) -> tuple[str, ...]:
    """Return the measures of a year by which a contribution has a price; none for one that no worker pays."""
    return MEASURES[type(rule)] if _worker_share(rule) else ()


def _worker_share(rule: Contribution) -> Decimal:
    return Decimal(0) if isinstance(rule, Free) else rule.payers().get("worker", Decimal(0))


def yearly_price_yuan(law: Scheme, years: RiderYears) -> Floats:
    """Return what each rider pays a year, in yuan, shape (riders asked,)."""
    rule, share = law.contribution, _worker_share(law.contribution)
    if isinstance(rule, Free) or not share:
        return np.zeros(len(years.riders))
    factor = float(share * rule.price_factor.value)
    if isinstance(law.rating, FixedFactor):
        factor *= float(law.rating.factor.value)
    return charge_yuan(rule, years) * factor


@singledispatch
def charge_yuan(rule: Contribution, years: RiderYears) -> Floats:
    """Return what is owed for each rider and year by all payers, at price factor 1, in yuan."""
    raise NotImplementedError(f"no price for {type(rule).__name__}")


@charge_yuan.register
def _(rule: PerOrder, years: RiderYears) -> Floats:
    def rate(platform: str, industry: str) -> Dated[Decimal] | None:
        return rule.platforms.get(platform) or rule.industries.get(industry)

    return years.by_rider(years.measure(ORDERS) * _rates(rule, years, rate))


@charge_yuan.register
def _(rule: PerOnlineHour, years: RiderYears) -> Floats:
    return years.by_rider(years.measure("online_minutes") / 60 * _flat(rule, years))


@charge_yuan.register
def _(rule: PerEngagedHour, years: RiderYears) -> Floats:
    return years.by_rider(years.measure("engaged_minutes") / 60 * _flat(rule, years))


@charge_yuan.register
def _(rule: PerDay, years: RiderYears) -> Floats:
    return years.by_rider(years.measure("days_worked") * _flat(rule, years))


@charge_yuan.register
def _(rule: PerMonth, years: RiderYears) -> Floats:
    months = years.measure(MONTHS) * _flat(rule, years)
    return years.most(months) if rule.once else years.by_rider(months)


@charge_yuan.register
def _(rule: PerYear, years: RiderYears) -> Floats:
    return years.most((years.measure(MONTHS) > 0) * _flat(rule, years))


@charge_yuan.register
def _(rule: ShareOfEarnings, years: RiderYears) -> Floats:
    earnings = years.measure(EARNINGS) / 100
    return years.by_rider(earnings * _rates(rule, years, lambda _platform, _industry: rule.rate))


@charge_yuan.register
def _(rule: ShareOfTurnover, years: RiderYears) -> Floats:
    per_order = [float(each.turnover_per_order_yuan.value) for each in years.setting.world.platforms.values()]
    turnover = years.measure(ORDERS) * np.array(per_order)[years.platform]
    charge = turnover * _rates(rule, years, lambda _platform, _industry: rule.rate)
    if rule.at_most_of_earnings is not None:
        most = float(rule.at_most_of_earnings.at(_day(years)))
        charge = np.minimum(charge, years.measure(EARNINGS) / 100 * most)
    return years.by_rider(charge)


@charge_yuan.register
def _(rule: Payroll, years: RiderYears) -> Floats:
    months, day = years.measure(MONTHS), _day(years)
    monthly = np.divide(years.measure(EARNINGS) / 100, months, out=np.zeros(len(months)), where=months > 0)
    if rule.floor_yuan is not None:
        monthly = np.maximum(monthly, float(rule.floor_yuan.at(day)))
    if rule.ceiling_yuan is not None:
        monthly = np.minimum(monthly, float(rule.ceiling_yuan.at(day)))

    def rate(_platform: str, industry: str) -> Dated[Decimal] | None:
        if rule.rate is not None:
            return rule.rate
        return rule.risk_classes[rule.industries[industry]] if industry in rule.industries else None

    return years.by_rider(monthly * months * _rates(rule, years, rate))


def _day(years: RiderYears) -> dt.date:
    return years.setting.calendar.month_date(years.month)


def _flat(rule: PerOnlineHour | PerEngagedHour | PerDay | PerMonth | PerYear, years: RiderYears) -> Floats:
    return _rates(rule, years, lambda _platform, _industry: rule.yuan)


def _rates(rule: Charged, years: RiderYears, of: Callable[[str, str], Dated[Decimal] | None]) -> Floats:
    """Return the rate on each engagement, with the factor of its region."""
    day, setting = _day(years), years.setting
    dated = [of(*pair) for pair in zip(setting.platforms, setting.industries, strict=True)]
    rates = np.array([0.0 if each is None else float(each.at(day)) for each in dated])
    factors = [
        float(rule.region_factors[region].at(day)) if region in rule.region_factors else 1.0
        for region in setting.regions
    ]
    return np.asarray(rates[years.platform] * np.array(factors)[years.region])
