"""The fund: one ledger an account, closed at each month's end to the fen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import singledispatch

from injurysim.core.money import round_half_up, share_fen, to_fen
from injurysim.scenario.fund import Account, Carry, Deficit, StateSubsidy

MONTHS_OF_OUTGO = 12
"""Months of outgo over which the fund ratio is taken."""


@dataclass(frozen=True)
class LedgerMonth:
    """One month of one account.

    Closing = opening + contributions + late fees + subsidy + return - benefits - handling.
    """

    opening_fen: int
    contributions_fen: int
    late_fees_fen: int
    benefits_fen: int
    return_fen: int
    handling_fen: int
    deficit_before_rule_fen: int
    subsidy_fen: int
    closing_fen: int
    fund_ratio_months: float | None


class Ledger:
    """The months of one account.

    Within a month: receipts, benefits, interest, handling, the test for ruin, then the deficit rule.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self.months: list[LedgerMonth] = []
        self._balance_fen = to_fen(account.opening_yuan.value)

    def close(self, contributions_fen: int, benefits_fen: int, late_fees_fen: int = 0) -> LedgerMonth:
        """Close a month and return it."""
        opening = self._balance_fen
        handling = share_fen(contributions_fen, self.account.handling_share.value)
        flow = contributions_fen + late_fees_fen - benefits_fen - handling
        interest = self._interest(opening, flow)
        before = opening + flow + interest
        subsidy = subsidy_fen(self.account.deficit, before)
        month = LedgerMonth(
            opening_fen=opening,
            contributions_fen=contributions_fen,
            late_fees_fen=late_fees_fen,
            benefits_fen=benefits_fen,
            return_fen=interest,
            handling_fen=handling,
            deficit_before_rule_fen=max(-before, 0),
            subsidy_fen=subsidy,
            closing_fen=before + subsidy,
            fund_ratio_months=self._fund_ratio(before + subsidy, benefits_fen + handling),
        )
        self.months.append(month)
        self._balance_fen = month.closing_fen
        return month

    def _interest(self, opening_fen: int, flow_fen: int) -> int:
        """Annual rate / 12 on the base, none on a negative base, half up once a month."""
        rule = self.account.interest
        if rule is None:
            return 0
        base = Fraction(opening_fen)
        if rule.base == "opening_plus_half_net":
            base += Fraction(flow_fen, 2)
        return round_half_up(base * Fraction(rule.annual_rate.value) / 12) if base > 0 else 0

    def _fund_ratio(self, closing_fen: int, outgo_fen: int) -> float | None:
        """Return months of mean outgo held, over the trailing 12 months; None before the twelfth or without outgo."""
        recent = [m.benefits_fen + m.handling_fen for m in self.months[-(MONTHS_OF_OUTGO - 1) :]] + [
            outgo_fen
        ]
        if len(recent) < MONTHS_OF_OUTGO or sum(recent) == 0:
            return None
        return closing_fen * MONTHS_OF_OUTGO / sum(recent)


@singledispatch
def subsidy_fen(rule: Deficit, balance_fen: int) -> int:
    """Return what the deficit rule pays into an account with this balance."""
    raise NotImplementedError(f"no deficit rule for {type(rule).__name__}")


@subsidy_fen.register
def _(rule: Carry, balance_fen: int) -> int:  # noqa: ARG001
    return 0


@subsidy_fen.register
def _(rule: StateSubsidy, balance_fen: int) -> int:  # noqa: ARG001
    return max(-balance_fen, 0)
