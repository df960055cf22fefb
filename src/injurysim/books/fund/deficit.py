"""What happens to an account below zero, and what comes of it in better months: one rule a kind."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch

from injurysim.books.fund.ledger import Ledger, LedgerMonth
from injurysim.core.money import round_half_up
from injurysim.scenario.fund import Borrow, Carry, Deficit, FromAccount, RaiseRate, StateSubsidy


@singledispatch
def repay(rule: Deficit, ledger: Ledger) -> None:
    """Serve what an account owes from what lies above zero, before its deficit rule; most rules leave no debt."""


@repay.register
def _(rule: Borrow, ledger: Ledger) -> None:
    """Add a month's interest to the debt, half up, and repay as much as there is."""
    ledger.debt_fen += round_half_up(ledger.debt_fen * Fraction(rule.annual_rate.value) / 12)
    paid = min(ledger.debt_fen, max(ledger.month.closing_fen, 0))
    ledger.month.repaid_fen += paid
    ledger.debt_fen -= paid


@singledispatch
def fill(rule: Deficit, ledger: Ledger, ledgers: Mapping[str, Ledger]) -> None:
    """Do what a deficit rule does to an account whose month at hand stands below zero.

    Parameters
    ----------
    rule : Deficit
        The rule.
    ledger : Ledger
        The account.
    ledgers : mapping of str to Ledger
        All accounts of the design.
    """
    raise NotImplementedError(f"no deficit rule for {type(rule).__name__}")


@fill.register(Carry)
@fill.register(RaiseRate)
def _(rule: Carry | RaiseRate, ledger: Ledger, ledgers: Mapping[str, Ledger]) -> None:
    """Carry it on."""


@fill.register
def _(rule: StateSubsidy, ledger: Ledger, ledgers: Mapping[str, Ledger]) -> None:  # noqa: ARG001
    ledger.month.subsidy_fen += ledger.month.short_fen


@fill.register
def _(rule: Borrow, ledger: Ledger, ledgers: Mapping[str, Ledger]) -> None:  # noqa: ARG001
    short = ledger.month.short_fen
    ledger.month.borrowed_fen += short
    ledger.debt_fen += short


@fill.register
def _(rule: FromAccount, ledger: Ledger, ledgers: Mapping[str, Ledger]) -> None:
    other = ledgers[rule.account].month
    transfer(other, ledger.month, min(ledger.month.short_fen, max(other.closing_fen, 0)))


def transfer(source: LedgerMonth, target: LedgerMonth, fen: int) -> None:
    """Move an amount from the month of one account to that of another."""
    source.transfers_fen -= fen
    target.transfers_fen += fen


MONTHS_TO_EFFECT = 2
"""A factor decided at a month's end holds from the month after next."""


class RateFactor:
    """The factor on all rates of the schemes of an account, month by month; 1 unless its deficit rule raises it.

    The factor is 1 + steps x step, at most ``most``.
    """

    def __init__(self, rule: Deficit) -> None:
        self._rule = rule if isinstance(rule, RaiseRate) else None
        self._steps = 0
        self._decided: list[Decimal] = []

    def at(self, month: int) -> Decimal:
        """Return the factor on the base that arises in a month."""
        decided = month - MONTHS_TO_EFFECT
        return self._decided[decided] if decided >= 0 else Decimal(1)

    def decide(self, ledger: Ledger) -> None:
        """Take a step up, down or none, by the month that has just ended."""
        rule = self._rule
        if rule is not None:
            ratio = ledger.month.fund_ratio_months
            if ledger.month.deficit_before_rule_fen:
                self._steps += self._factor(rule) < rule.most.value
            elif ratio is not None and ratio > rule.release_months.value:
                self._steps -= self._steps > 0
        self._decided.append(Decimal(1) if rule is None else self._factor(rule))

    def _factor(self, rule: RaiseRate) -> Decimal:
        return min(1 + self._steps * rule.step.value, rule.most.value)
