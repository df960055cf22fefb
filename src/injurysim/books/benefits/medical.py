"""Benefits for the cost of treatment, and the textbook's fixed sum."""

from __future__ import annotations

from fractions import Fraction

from injurysim.books.benefits.rules import AmountOf, Facts, amount_of
from injurysim.core.money import scaling, to_fen
from injurysim.scenario.benefits import FixedSum, Medical


@amount_of.register
def _(benefit: Medical) -> AmountOf:
    """Y = a (min(cX, u) - min(cX, d)), Loss Models' order of limit, deductible and coinsurance.

    Costs are held in whole parts of a fen, as many as the catalogue share needs to be exact. X is the cost that
    nobody else has paid.
    """
    share = Fraction(benefit.catalogue_share.value)
    limit = None if benefit.limit_yuan is None else to_fen(benefit.limit_yuan.value) * share.denominator
    deductible = to_fen(benefit.deductible_yuan.value) * share.denominator
    paid = scaling(benefit.paid_share.value, Fraction(1, share.denominator))

    def amount(facts: Facts) -> int:
        cost = (facts.injured.medical_cost_fen - facts.medical_paid_fen) * share.numerator
        limited = cost if limit is None else min(cost, limit)
        return paid(max(limited - min(cost, deductible), 0))

    return amount


@amount_of.register
def _(benefit: FixedSum) -> AmountOf:
    fen = to_fen(benefit.yuan.value)
    return lambda _: fen
