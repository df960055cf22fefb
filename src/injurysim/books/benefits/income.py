"""Benefits for the days off work."""

from __future__ import annotations

from fractions import Fraction

from injurysim.books.benefits.rules import AmountOf, Facts, amount_of, fen_at
from injurysim.books.injured import DAYS_OF_MONTH
from injurysim.core.money import scaling
from injurysim.scenario.benefits import DailyAllowance, RecoveryPay


def _days(benefit: RecoveryPay | DailyAllowance, facts: Facts) -> int:
    """Return the days paid: those off work after the waiting days, up to the most; none for a death."""
    after = facts.injured.days_off - benefit.waiting_days.value
    return 0 if facts.injured.fatal else min(max(after, 0), benefit.most_days.value)


@amount_of.register
def _(benefit: RecoveryPay) -> AmountOf:
    paid = scaling(benefit.wage_share.value, Fraction(1, DAYS_OF_MONTH))
    return lambda facts: paid(facts.wage_fen * days) if (days := _days(benefit, facts)) else 0


@amount_of.register
def _(benefit: DailyAllowance) -> AmountOf:
    daily = fen_at(benefit.yuan)
    return lambda facts: daily(facts.injured.day) * _days(benefit, facts)
