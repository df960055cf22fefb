"""Benefits for a permanent grade: grants, sums, pensions, nursing."""

from __future__ import annotations

from fractions import Fraction

from injurysim.books.benefits.pension import Pension, for_life
from injurysim.books.benefits.rules import AmountOf, Facts, PensionOf, amount_of, fen_at, pension_of
from injurysim.core.money import scaling
from injurysim.core.randomness import Purpose
from injurysim.scenario.benefits import (
    AverageWageGrant,
    DisabilityGrant,
    DisabilityPension,
    DisabilitySum,
    Nursing,
)


@amount_of.register
def _(benefit: DisabilityGrant) -> AmountOf:
    months = {grade: scaling(number.value) for grade, number in benefit.months.items()}

    def amount(facts: Facts) -> int:
        grant = months.get(facts.injured.grade)
        return 0 if grant is None else grant(facts.wage_fen)

    return amount


@amount_of.register
def _(benefit: AverageWageGrant) -> AmountOf:
    wage = fen_at(benefit.average_wage_yuan)
    months = {grade: scaling(number.value) for grade, number in benefit.months.items()}

    def amount(facts: Facts) -> int:
        grant = months.get(facts.injured.grade)
        return 0 if grant is None else grant(wage(facts.injured.day))

    return amount


@amount_of.register
def _(benefit: DisabilitySum) -> AmountOf:
    insured = fen_at(benefit.sum_yuan)
    shares = {grade: scaling(share.value) for grade, share in benefit.share.items()}

    def amount(facts: Facts) -> int:
        share = shares.get(facts.injured.grade)
        return 0 if share is None else share(insured(facts.injured.day))

    return amount


@pension_of.register
def _(benefit: DisabilityPension) -> PensionOf:
    floor = None if benefit.floor_yuan is None else fen_at(benefit.floor_yuan)
    shares = {grade: Fraction(share.value) for grade, share in benefit.wage_share.items()}
    rises = Fraction(benefit.rises_a_year.value)

    def pension(facts: Facts) -> Pension | None:
        share = shares.get(facts.injured.grade)
        if share is None:
            return None
        level = facts.wage_fen * share
        return for_life(level if floor is None else max(level, Fraction(floor(facts.injured.day))), rises)

    return pension


@pension_of.register
def _(benefit: Nursing) -> PensionOf:
    wage = fen_at(benefit.average_wage_yuan)
    shares = {grade: Fraction(share.value) for grade, share in benefit.wage_share.items()}
    needed, rises = benefit.needed_share.value, Fraction(benefit.rises_a_year.value)

    def pension(facts: Facts) -> Pension | None:
        share = shares.get(facts.injured.grade)
        if share is None or (needed < 1 and facts.drawn.uniform(Purpose.NURSING) >= needed):
            return None
        return for_life(wage(facts.injured.day) * share, rises)

    return pension
