"""What a month is charged: units of a base and the rate on them, for each region and platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch

import numpy as np

from injurysim.books.contribution.base import Base, insured_sum
from injurysim.books.contribution.rate import per_unit, rate_at
from injurysim.books.setting import Setting
from injurysim.books.shared import Mask, SharedMonth
from injurysim.scenario.contribution import Charged, Contribution, ShareOfTurnover


@dataclass(frozen=True)
class Charge:
    """The base and the rate of one month, region and platform; ``rate_yuan`` is yuan as tables hold it."""

    region: int
    platform: int
    unit: str
    base: int
    rate_yuan: Decimal
    rate_from: dt.date | None


def charges(
    rule: Charged, base: Base, shared: SharedMonth, insured: Mask, setting: Setting
) -> Iterator[Charge]:
    """Yield what a month is charged, one charge a region and platform with insured work, in their order.

    The rate is that of the month in which the base arises, whenever it is billed.
    """
    day = setting.calendar.month_date(shared.month.index)
    worked = insured_sum(shared, insured, "days", lambda: shared.month.days_worked)
    counted = base.count(shared, insured)
    for region, platform in np.argwhere(worked).tolist():
        rate = rate_at(
            rule,
            base.unit,
            day,
            setting.regions[region],
            setting.platforms[platform],
            setting.industries[platform],
        )
        if rate is None:
            continue
        yield held(
            rule,
            Charge(region, platform, base.unit, int(counted[region, platform]), *rate),
            shared,
            insured,
            day,
        )


@singledispatch
def held(rule: Contribution, charge: Charge, shared: SharedMonth, insured: Mask, day: dt.date) -> Charge:  # noqa: ARG001
    """Hold a charge to what the law allows at most; most laws have no such bound."""
    return charge


@held.register
def _(rule: ShareOfTurnover, charge: Charge, shared: SharedMonth, insured: Mask, day: dt.date) -> Charge:
    """Charge the payments to riders at the greatest share of them, where that is less than the share of turnover."""
    if rule.at_most_of_earnings is None:
        return charge
    earnings = insured_sum(shared, insured, "earnings", lambda: shared.month.earnings_fen)
    paid, most = int(earnings[charge.region, charge.platform]), rule.at_most_of_earnings
    rate = per_unit(most.at(day), "earnings_fen")
    if charge.base * Fraction(charge.rate_yuan) <= paid * Fraction(rate):
        return charge
    since = [change for change in most.changes() if change <= day]
    return Charge(charge.region, charge.platform, "earnings_fen", paid, rate, since[-1] if since else None)
