"""Benefits for a death: sums, and pensions for those left behind."""

from __future__ import annotations

import math
from fractions import Fraction

from injurysim.books.benefits.pension import Pension, for_months, months_in, together
from injurysim.books.benefits.rules import AmountOf, Facts, PensionOf, amount_of, fen_at, pension_of
from injurysim.books.draws import PersonDraws
from injurysim.core.money import scaling
from injurysim.core.randomness import Purpose
from injurysim.scenario.benefits import DeathSum, DependantsPension, Funeral, Survivors
from injurysim.scenario.distribution import Random

MOST_CHILDREN, MOST_PARENTS = 6, 2
SPOUSE, CHILDREN, PARENTS, FIRST_CHILD = range(4)
"""Indices of the draws: is there a spouse, how many children and parents, and the age of each child from the last on."""


@amount_of.register
def _(benefit: DeathSum) -> AmountOf:
    once, times = fen_at(benefit.yuan), scaling(benefit.times.value)
    return lambda facts: times(once(facts.injured.day)) if facts.injured.fatal else 0


@amount_of.register
def _(benefit: Funeral) -> AmountOf:
    wage, months = fen_at(benefit.average_wage_yuan), scaling(benefit.months.value)
    return lambda facts: months(wage(facts.injured.day)) if facts.injured.fatal else 0


@pension_of.register
def _(benefit: DependantsPension) -> PensionOf:
    share, months = Fraction(benefit.wage_share.value), months_in(float(benefit.years.value))
    rises = Fraction(benefit.rises_a_year.value)
    return lambda facts: for_months(months, facts.wage_fen * share, rises) if facts.injured.fatal else None


@pension_of.register
def _(benefit: Survivors) -> PensionOf:
    at_most, rises = Fraction(benefit.together_at_most.value), Fraction(benefit.rises_a_year.value)

    def pension(facts: Facts) -> Pension | None:
        if not facts.injured.fatal:
            return None
        wage = facts.wage_fen
        persons = [(months, wage * share) for months, share in entitled(benefit, facts.drawn)]
        return together(persons, wage * at_most, rises)

    return pension


def entitled(law: Survivors, drawn: PersonDraws) -> list[tuple[int, Fraction]]:
    """Return whom the dead leave behind: of each the months of pension and the share of the base wage.

    Everybody is drawn by an index of their own, so a child more changes nobody else.
    """
    found: list[tuple[int, Fraction]] = []
    has_spouse = drawn.uniform(Purpose.DEPENDANTS, SPOUSE) < law.has_spouse.value
    if has_spouse:
        found.append((months_in(float(law.spouse_years.value)), Fraction(law.spouse_share.value)))
    other = Fraction(law.other_share.value)
    of_child = other if has_spouse else other + Fraction(law.orphan_extra.value)
    for child in range(_number(law.children, drawn, CHILDREN, MOST_CHILDREN)):
        age = drawn.value(Purpose.DEPENDANTS, law.child_age_years, FIRST_CHILD + child)
        found.append((months_in(law.child_until_age.value - age), of_child))
    of_parent = (months_in(float(law.parent_years.value)), other)
    return found + [of_parent] * _number(law.parents, drawn, PARENTS, MOST_PARENTS)


def _number(law: Random, drawn: PersonDraws, index: int, most: int) -> int:
    return min(math.floor(drawn.value(Purpose.DEPENDANTS, law, index) + 0.5), most)
