"""One ledger an account: its months, each worked out from its flows in the order of a month's end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from injurysim.core.money import round_half_up, scaling, share_fen, to_fen
from injurysim.scenario.fund import Account
from injurysim.scenario.values import Dated

MONTHS_OF_OUTGO = 12
"""Months of outgo over which the fund ratio is taken."""


@dataclass(slots=True)
class Flows:
    """What a month brings an account from the schemes.

    Attributes
    ----------
    contributions_fen, late_fees_fen, recoveries_fen : received.
    benefits_fen : paid.
    accepted, appraised : claims accepted and appraisals made in the month, each in the share in which the account pays.
    """

    contributions_fen: int = 0
    late_fees_fen: int = 0
    recoveries_fen: int = 0
    benefits_fen: int = 0
    accepted: Fraction = Fraction(0)
    appraised: Fraction = Fraction(0)


@dataclass(slots=True)
class LedgerMonth:
    """One month of one account.

    The balance is opening + contributions + late fees + subsidy + return + recoveries - benefits - handling - prevention
    + borrowed - repaid + transfers; at the end of the month it is the closing balance. Background is within transfers.
    """

    opening_fen: int
    contributions_fen: int = 0
    late_fees_fen: int = 0
    subsidy_fen: int = 0
    return_fen: int = 0
    recoveries_fen: int = 0
    benefits_fen: int = 0
    handling_fen: int = 0
    prevention_fen: int = 0
    borrowed_fen: int = 0
    repaid_fen: int = 0
    transfers_fen: int = 0
    background_fen: int = 0
    deficit_before_rule_fen: int = 0
    fund_ratio_months: float | None = None

    @property
    def closing_fen(self) -> int:
        """The balance after all that has been entered."""
        received = self.contributions_fen + self.late_fees_fen + self.subsidy_fen + self.return_fen
        spent = self.benefits_fen + self.handling_fen + self.prevention_fen
        lent = self.borrowed_fen - self.repaid_fen
        return self.opening_fen + received + self.recoveries_fen - spent + lent + self.transfers_fen

    @property
    def short_fen(self) -> int:
        """What is missing to a balance of zero."""
        return max(-self.closing_fen, 0)

    @property
    def outgo_fen(self) -> int:
        """Outgo by which reserves are measured: benefits and handling."""
        return self.benefits_fen + self.handling_fen


LEDGER_COLUMNS = (*(each.name for each in fields(LedgerMonth)), "closing_fen")
"""What a month says about an account, as table ``fund`` names it."""


class Ledger:
    """The months of one account.

    Attributes
    ----------
    account : its rules.
    months : the months so far, the last of them open until its end is reached.
    debt_fen : borrowed and not repaid, with interest.
    debts_fen : the debt at the end of each month that is over.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self.months: list[LedgerMonth] = []
        self.debt_fen = 0
        self.debts_fen: list[int] = []

    @property
    def month(self) -> LedgerMonth:
        """The month at hand."""
        return self.months[-1]

    def enter(self, day: dt.date, flows: Flows) -> None:
        """Begin a month and enter all of it up to the test: receipts, benefits, interest, handling and prevention.

        Parameters
        ----------
        day : date
            First day of the month, by which dated amounts go.
        flows : Flows
            What the schemes bring.
        """
        law = self.account
        month = LedgerMonth(
            opening_fen=self.months[-1].closing_fen if self.months else to_fen(law.opening_yuan.value),
            contributions_fen=flows.contributions_fen,
            late_fees_fen=flows.late_fees_fen,
            recoveries_fen=flows.recoveries_fen,
            benefits_fen=flows.benefits_fen,
            subsidy_fen=_monthly(law.subsidy_yuan, day),
        )
        if law.background is not None:
            income, outgo = (
                _monthly(law.background.income_yuan, day),
                _monthly(law.background.outgo_yuan, day),
            )
            month.background_fen = month.transfers_fen = income - outgo
        month.handling_fen = (
            share_fen(flows.contributions_fen, law.handling_share.value)
            + _each(law.handling_yuan_per_claim.value, flows.accepted)
            + _monthly(law.handling_yuan, day)
        )
        month.prevention_fen = share_fen(flows.contributions_fen, law.prevention_share.value) + _each(
            law.appraisal_yuan.value, flows.appraised
        )
        month.return_fen = self._interest(month.opening_fen, month.closing_fen - month.opening_fen)
        month.deficit_before_rule_fen = month.short_fen
        self.months.append(month)

    def end(self) -> None:
        """End the month: nothing is entered any more."""
        self.month.fund_ratio_months = self._fund_ratio()
        self.debts_fen.append(self.debt_fen)

    def held_for(self, months: Decimal) -> int | None:
        """Return so many months of mean outgo, half up to the fen; None before the twelfth month or without outgo."""
        outgo = self._recent_outgo()
        return None if outgo is None else scaling(months, Fraction(1, MONTHS_OF_OUTGO))(outgo)

    def _interest(self, opening_fen: int, flow_fen: int) -> int:
        """Annual rate / 12 on the base, none on a negative base, half up once a month."""
        rule = self.account.interest
        if rule is None:
            return 0
        base = Fraction(opening_fen)
        if rule.base == "opening_plus_half_net":
            base += Fraction(flow_fen, 2)
        return round_half_up(base * Fraction(rule.annual_rate.value) / 12) if base > 0 else 0

    def _recent_outgo(self) -> int | None:
        """Return the outgo of the last 12 months together; None before the twelfth or without outgo."""
        recent = self.months[-MONTHS_OF_OUTGO:]
        outgo = sum(month.outgo_fen for month in recent)
        return outgo if len(recent) == MONTHS_OF_OUTGO and outgo else None

    def _fund_ratio(self) -> float | None:
        """Return months of mean outgo held; None before the twelfth month or without outgo."""
        outgo = self._recent_outgo()
        return None if outgo is None else self.month.closing_fen * MONTHS_OF_OUTGO / outgo


def _monthly(yuan: Dated[Decimal] | None, day: dt.date) -> int:
    return 0 if yuan is None else to_fen(yuan.at(day))


def _each(yuan: Decimal, number: Fraction) -> int:
    return round_half_up(Fraction(yuan) * 100 * number)
