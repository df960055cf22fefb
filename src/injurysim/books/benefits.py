"""Benefits: what the law gives for an injury, in whole fen, each amount rounded half up once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch

from injurysim.books.injured import DAYS_OF_MONTH, Injured
from injurysim.core.annuities import Makeham, annuity_due
from injurysim.core.money import round_half_up, to_fen
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


@dataclass(frozen=True)
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


@singledispatch
def base_wage_fen(rule: BaseWage, day: dt.date, own_monthly_fen: int) -> int:
    """Return the monthly base wage of a rider hurt on a day."""
    raise NotImplementedError(f"no base wage for {type(rule).__name__}")


@base_wage_fen.register
def _(rule: FixedBaseWage, day: dt.date, own_monthly_fen: int) -> int:  # noqa: ARG001
    return to_fen(rule.yuan.at(day))


@base_wage_fen.register
def _(rule: OwnEarnings, day: dt.date, own_monthly_fen: int) -> int:
    return within(own_monthly_fen, rule.floor_yuan, rule.ceiling_yuan, day)


def within(
    amount_fen: int, floor: Dated[Decimal] | None, ceiling: Dated[Decimal] | None, day: dt.date
) -> int:
    """Hold an amount between a floor and a ceiling given in yuan."""
    if floor is not None:
        amount_fen = max(amount_fen, to_fen(floor.at(day)))
    return amount_fen if ceiling is None else min(amount_fen, to_fen(ceiling.at(day)))


@singledispatch
def amount_fen(benefit: Benefit, facts: Facts) -> int:
    """Return what a benefit gives for an injury, 0 when it does not apply."""
    raise NotImplementedError(f"no amount for {type(benefit).__name__}")


@amount_fen.register
def _(benefit: Medical, facts: Facts) -> int:
    """Y = a (min(cX, u) - min(cX, d)), Loss Models' order of limit, deductible and coinsurance."""
    cost = Fraction(facts.injured.medical_cost_fen) * Fraction(benefit.catalogue_share.value)
    limit = cost if benefit.limit_yuan is None else Fraction(to_fen(benefit.limit_yuan.value))
    deductible = Fraction(to_fen(benefit.deductible_yuan.value))
    layer = max(min(cost, limit) - min(cost, deductible), Fraction(0))
    return round_half_up(layer * Fraction(benefit.paid_share.value))


@amount_fen.register
def _(benefit: RecoveryPay, facts: Facts) -> int:
    if facts.injured.fatal:
        return 0
    days = min(max(facts.injured.days_off - benefit.waiting_days.value, 0), benefit.most_days.value)
    return round_half_up(Fraction(facts.wage_fen) * Fraction(benefit.wage_share.value) * days / DAYS_OF_MONTH)


@amount_fen.register
def _(benefit: DisabilityGrant, facts: Facts) -> int:
    months = benefit.months.get(facts.injured.grade)
    return 0 if months is None else round_half_up(facts.wage_fen * Fraction(months.value))


@amount_fen.register
def _(benefit: DisabilityPension, facts: Facts) -> int:
    share = benefit.wage_share.get(facts.injured.grade)
    return 0 if share is None else _capital_fen(facts, Fraction(share.value))


@amount_fen.register
def _(benefit: DisabilitySum, facts: Facts) -> int:
    share = benefit.share.get(facts.injured.grade)
    if share is None:
        return 0
    return round_half_up(to_fen(benefit.sum_yuan.at(facts.injured.day)) * Fraction(share.value))


@amount_fen.register
def _(benefit: DeathSum, facts: Facts) -> int:
    if not facts.injured.fatal:
        return 0
    return round_half_up(to_fen(benefit.yuan.at(facts.injured.day)) * Fraction(benefit.times.value))


@amount_fen.register
def _(benefit: Funeral, facts: Facts) -> int:
    if not facts.injured.fatal:
        return 0
    return round_half_up(
        to_fen(benefit.average_wage_yuan.at(facts.injured.day)) * Fraction(benefit.months.value)
    )


@amount_fen.register
def _(benefit: DependantsPension, facts: Facts) -> int:
    if not facts.injured.fatal:
        return 0
    return _capital_fen(facts, Fraction(benefit.wage_share.value), float(benefit.years.value))


@amount_fen.register
def _(benefit: FixedSum, facts: Facts) -> int:  # noqa: ARG001
    return to_fen(benefit.yuan.value)


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
