"""What a rider pays a year for being insured: the worker's share of the contribution on a year of work.

The rates are those of the day of the decision, with the region's factor, the price factor and a fixed rating; a grade
that moves is not the rider's to know. A year is twelve mean months (:mod:`injurysim.books.charged`).
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from injurysim.books.charged import charge_yuan
from injurysim.books.enrolment.year import RiderYears
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
from injurysim.scenario.designs import Scheme
from injurysim.scenario.rating import FixedFactor
from injurysim.world.month import Floats

MONTHS_OF_YEAR = 12
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
    setting, day = years.setting, years.setting.calendar.month_date(years.month)
    asked = {name: years.measure(name) / MONTHS_OF_YEAR for name in MEASURES[type(rule)]}
    platforms = years.of_rider(years.by_rider(years.insurable.astype(np.float64)))
    monthly = np.zeros(len(years.platform))
    for code, (name, platform) in enumerate(setting.world.platforms.items()):
        mine = years.insurable & (years.platform == code)
        work = _work({measure: values[mine] for measure, values in asked.items()}, int(mine.sum()))
        monthly[mine] = charge_yuan(rule, name, platform, work, day, platforms[mine])
    factors = [
        float(rule.region_factors[region].at(day)) if region in rule.region_factors else 1.0
        for region in setting.regions
    ]
    monthly *= np.array(factors)[years.region]
    rating = float(law.rating.factor.value) if isinstance(law.rating, FixedFactor) else 1.0
    return years.by_rider(monthly) * (MONTHS_OF_YEAR * float(share) * rating)


def _work(month: dict[str, Floats], size: int) -> ExpectedWork[Floats]:
    """Return a mean month by its measures; what a contribution does not go by is 0."""

    def of(measure: str, unit: float = 1.0) -> Floats:
        return month[measure] / unit if measure in month else np.zeros(size)

    return ExpectedWork(
        days=of("days_worked"),
        online_hours=of("online_minutes", 60),
        engaged_hours=of("engaged_minutes", 60),
        orders=of(ORDERS),
        earnings_yuan=of(EARNINGS, 100),
        months=of(MONTHS),
    )
