"""Benefits: what the law gives for an injury, in whole fen, each amount rounded half up once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, singledispatch

from injurysim.books.injured import DAYS_OF_MONTH, Injured
from injurysim.core.annuities import Makeham, annuity_due
from injurysim.core.money import round_half_up, scaling, to_fen
from injurysim.scenario.benefits import (
    Annuity,
    BaseWage,
    Benefit,
    DeathSum,
    DependantsPension,
    DisabilityGrant,
    DisabilityPension,
    DisabilitySum,
    FixedBaseWage,
    FixedSum,
    Funeral,
    Medical,
    OwnEarnings,
    RecoveryPay,
)
from injurysim.scenario.values import Dated

IMMORTAL = Makeham(0.0, 0.0, 1.0)
"""No mortality: turns a life annuity into an annuity certain."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a benefit is computed from.

    Attributes
    ----------
    injured : the injury.
    base_wage_fen : monthly base wage, None in a scheme without one.
    annuity : how pensions are valued, None in a scheme without pensions.
    """

    injured: Injured
    base_wage_fen: int | None
    annuity: Annuity | None

    @property
    def wage_fen(self) -> int:
        """The base wage of a scheme that needs one (checked when the scenario is read)."""
        if self.base_wage_fen is None:
            raise ValueError("the scheme has a benefit on the base wage and no base_wage")
        return self.base_wage_fen


BaseWageOf = Callable[[dt.date, int], int]
"""The monthly base wage of a rider hurt on a day, who has earned so much a month."""
AmountOf = Callable[[Facts], int]
"""What a benefit gives for an injury, 0 when it does not apply."""


def fen_at(yuan: Dated[Decimal]) -> Callable[[dt.date], int]:
    """Return a dated amount in fen, looked up once a day."""
    return cache(lambda day: to_fen(yuan.at(day)))


@singledispatch
def base_wage_of(rule: BaseWage) -> BaseWageOf:
    """Return the base wage of a rule, with all that does not depend on the injury worked out."""
    raise NotImplementedError(f"no base wage for {type(rule).__name__}")


@base_wage_of.register
def _(rule: FixedBaseWage) -> BaseWageOf:
    fen = fen_at(rule.yuan)
    return lambda day, _: fen(day)


@base_wage_of.register
def _(rule: OwnEarnings) -> BaseWageOf:
    floor, ceiling = (None if yuan is None else fen_at(yuan) for yuan in (rule.floor_yuan, rule.ceiling_yuan))

    def wage(day: dt.date, own_monthly_fen: int) -> int:
        held = own_monthly_fen if floor is None else max(own_monthly_fen, floor(day))
        return held if ceiling is None else min(held, ceiling(day))

    return wage


@singledispatch
def amount_of(benefit: Benefit) -> AmountOf:
    """Return the amount of a benefit, with all that does not depend on the injury worked out."""
    raise NotImplementedError(f"no amount for {type(benefit).__name__}")


@amount_of.register
def _(benefit: Medical) -> AmountOf:
    """Y = a (min(cX, u) - min(cX, d)), Loss Models' order of limit, deductible and coinsurance.

    Costs are held in whole parts of a fen, as many as the catalogue share needs to be exact.
    """
    share = Fraction(benefit.catalogue_share.value)
    limit = None if benefit.limit_yuan is None else to_fen(benefit.limit_yuan.value) * share.denominator
    deductible = to_fen(benefit.deductible_yuan.value) * share.denominator
    paid = scaling(benefit.paid_share.value, Fraction(1, share.denominator))

    def amount(facts: Facts) -> int:
        cost = facts.injured.medical_cost_fen * share.numerator
        limited = cost if limit is None else min(cost, limit)
        return paid(max(limited - min(cost, deductible), 0))

    return amount


@amount_of.register
def _(benefit: RecoveryPay) -> AmountOf:
    waiting, most = benefit.waiting_days.value, benefit.most_days.value
    paid = scaling(benefit.wage_share.value, Fraction(1, DAYS_OF_MONTH))

    def amount(facts: Facts) -> int:
        if facts.injured.fatal:
            return 0
        return paid(facts.wage_fen * min(max(facts.injured.days_off - waiting, 0), most))

    return amount


@amount_of.register
def _(benefit: DisabilityGrant) -> AmountOf:
    months = {grade: scaling(number.value) for grade, number in benefit.months.items()}

    def amount(facts: Facts) -> int:
        grant = months.get(facts.injured.grade)
        return 0 if grant is None else grant(facts.wage_fen)

    return amount


@amount_of.register
def _(benefit: DisabilityPension) -> AmountOf:
    def amount(facts: Facts) -> int:
        share = benefit.wage_share.get(facts.injured.grade)
        return 0 if share is None else _capital_fen(facts, Fraction(share.value))

    return amount


@amount_of.register
def _(benefit: DisabilitySum) -> AmountOf:
    insured = fen_at(benefit.sum_yuan)
    shares = {grade: scaling(share.value) for grade, share in benefit.share.items()}

    def amount(facts: Facts) -> int:
        share = shares.get(facts.injured.grade)
        return 0 if share is None else share(insured(facts.injured.day))

    return amount


@amount_of.register
def _(benefit: DeathSum) -> AmountOf:
    once, times = fen_at(benefit.yuan), scaling(benefit.times.value)
    return lambda facts: times(once(facts.injured.day)) if facts.injured.fatal else 0


@amount_of.register
def _(benefit: Funeral) -> AmountOf:
    wage, months = fen_at(benefit.average_wage_yuan), scaling(benefit.months.value)
    return lambda facts: months(wage(facts.injured.day)) if facts.injured.fatal else 0


@amount_of.register
def _(benefit: DependantsPension) -> AmountOf:
    share, years = Fraction(benefit.wage_share.value), float(benefit.years.value)
    return lambda facts: _capital_fen(facts, share, years) if facts.injured.fatal else 0


@amount_of.register
def _(benefit: FixedSum) -> AmountOf:
    fen = to_fen(benefit.yuan.value)
    return lambda _: fen


def _capital_fen(facts: Facts, share: Fraction, years: float | None = None) -> int:
    """Value of a monthly pension at the age of the injury: twelve months' pension times the monthly annuity due.

    For a stated number of years it is an annuity certain.
    """
    if facts.annuity is None:
        raise ValueError("the scheme has a pension and no annuity")
    interest = float(facts.annuity.interest.value)
    if years is None:
        mortality = Makeham(facts.annuity.makeham_a, facts.annuity.makeham_b, facts.annuity.makeham_c)
        factor = annuity_due(
            facts.injured.age_years,
            interest,
            mortality,
            payments_per_year=12,
            extra_force=float(facts.annuity.extra_force.value),
        )
    else:
        factor = annuity_due(facts.injured.age_years, interest, IMMORTAL, payments_per_year=12, years=years)
    return round_half_up(facts.wage_fen * 12 * share * Fraction(factor))
