"""What a contribution is charged on: a whole number of units for each region and platform in a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import singledispatch

import numpy as np

from injurysim.books import walks
from injurysim.books.setting import Setting
from injurysim.books.shared import Mask, SharedMonth
from injurysim.core.money import scaling, to_fen
from injurysim.core.sums import Ints, Truths, Wholes
from injurysim.scenario.contribution import (
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
from injurysim.world.month import Ints as Units
from injurysim.world.month import Month

Count = Callable[[SharedMonth, Mask], Units]
"""Counts the units of the insured in a month, shape (regions, platforms); called once a month, in their order."""


@dataclass(frozen=True)
class Base:
    """The unit of a contribution, and how its units are counted."""

    unit: str
    count: Count


def insured_sum(
    shared: SharedMonth, insured: Mask, name: Hashable, values: Callable[[], Wholes | Truths]
) -> Units:
    """Sum a measure of insured engagements by region and platform.

    ``name`` names the measure, with what it depends on; the same measure has the same name in every design.
    """
    return shared.by_region(shared.total(name, values, insured))


@singledispatch
def base_of(rule: Contribution, setting: Setting, begins: dt.date) -> Base:
    """Return what a scheme's contribution is charged on.

    Parameters
    ----------
    rule : Contribution
        The contribution.
    setting : Setting
        The stage.
    begins : date
        Day on which the first platform joins the scheme.
    """
    raise NotImplementedError(f"no base for {type(rule).__name__}")


def _summed(unit: str, name: str, values: Callable[[Month], Wholes | Truths]) -> Base:
    return Base(
        unit, lambda shared, insured: insured_sum(shared, insured, name, lambda: values(shared.month))
    )


@base_of.register
def _(rule: PerOrder, setting: Setting, begins: dt.date) -> Base:  # noqa: ARG001
    return _summed("order", "orders", lambda month: month.orders)


@base_of.register
def _(rule: PerOnlineHour, setting: Setting, begins: dt.date) -> Base:  # noqa: ARG001
    return _summed("online_minute", "online", lambda month: month.online_minutes)


@base_of.register
def _(rule: PerEngagedHour, setting: Setting, begins: dt.date) -> Base:  # noqa: ARG001
    return _summed("engaged_minute", "engaged", lambda month: month.engaged_minutes)


@base_of.register
def _(rule: PerDay, setting: Setting, begins: dt.date) -> Base:  # noqa: ARG001
    return _summed("rider_day", "days", lambda month: month.days_worked)


@base_of.register
def _(rule: ShareOfEarnings, setting: Setting, begins: dt.date) -> Base:  # noqa: ARG001
    return _summed("earnings_fen", "earnings", lambda month: month.earnings_fen)


@base_of.register
def _(rule: PerMonth, setting: Setting, begins: dt.date) -> Base:  # noqa: ARG001
    if rule.once:
        return Base("rider_month", _once)
    return _summed("rider_month", "months", lambda month: month.days_worked > 0)


def _once(shared: SharedMonth, insured: Mask) -> Units:
    def first() -> Truths:
        riders = np.zeros(len(shared.strata.code), np.bool_)
        return _first_worked(shared, insured, riders)

    return insured_sum(shared, insured, "months once", first)


def _first_worked(shared: SharedMonth, insured: Mask, done: Truths) -> Truths:
    """Choose the first insured engagement with work of every rider not done, shape (engagements,)."""
    chosen = np.empty(len(insured.engagements), np.bool_)
    first = shared.strata.population.first_engagement
    walks.first_worked(first, shared.month.days_worked, insured.engagements, done, chosen)
    return chosen


@base_of.register
def _(rule: PerYear, setting: Setting, begins: dt.date) -> Base:  # noqa: ARG001
    return Base("rider_year", PolicyYears(setting, begins))


class PolicyYears:
    """Riders who owe for a policy year in a month: with their first insured work in it, by the first platform.

    Years of twelve months run from the month in which the scheme begins, for all riders alike.
    """

    def __init__(self, setting: Setting, begins: dt.date) -> None:
        self._begins = setting.calendar.month_of(begins)
        self._year: int | None = None
        self._owed = setting.strata.nobody.riders

    def __call__(self, shared: SharedMonth, insured: Mask) -> Units:
        """Count who owes in this month; called once a month, in their order."""
        year = (shared.month.index - self._begins) // 12
        if year != self._year:
            self._year, self._owed = year, np.zeros_like(self._owed)
        # What is owed depends on the months before: the measure is this scheme's own, and has its name.
        return insured_sum(
            shared, insured, ("years", id(self)), lambda: _first_worked(shared, insured, self._owed)
        )


@base_of.register
def _(rule: Payroll, setting: Setting, begins: dt.date) -> Base:  # noqa: ARG001
    def held(shared: SharedMonth, insured: Mask) -> Units:
        day, month = setting.calendar.month_date(shared.month.index), shared.month
        floor, ceiling = (
            None if each is None else np.int64(to_fen(each.at(day)))
            for each in (rule.floor_yuan, rule.ceiling_yuan)
        )

        def payroll() -> Ints:
            held = month.earnings_fen if floor is None else np.maximum(month.earnings_fen, floor)
            held = held if ceiling is None else np.minimum(held, ceiling)
            return np.asarray(held * (month.days_worked > 0), np.int64)

        return insured_sum(shared, insured, ("payroll", floor, ceiling), payroll)

    return Base("payroll_fen", held)


@base_of.register
def _(rule: ShareOfTurnover, setting: Setting, begins: dt.date) -> Base:  # noqa: ARG001
    to_turnover = [scaling(yuan, 100) for yuan in setting.turnover_yuan]

    def turnover(shared: SharedMonth, insured: Mask) -> Units:
        """Orders times the turnover of one, half up to the fen for each region and platform."""
        orders = insured_sum(shared, insured, "orders", lambda: shared.month.orders)
        return np.array(
            [[of(count) for of, count in zip(to_turnover, row, strict=True)] for row in orders.tolist()],
            np.int64,
        ).reshape(orders.shape)

    return Base("turnover_fen", turnover)
