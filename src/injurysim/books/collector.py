"""How a scheme's contributions come in: what a month owes, when it is billed, what of it is paid."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from injurysim.books.contribution import Bill, bills
from injurysim.books.paying import Accounts
from injurysim.books.setting import Setting
from injurysim.books.shared import Mask, SharedMonth
from injurysim.scenario.contribution import Free
from injurysim.scenario.designs import Scheme

FACTOR_UNIT = Decimal("0.000001")
"""What the tables tell of a factor."""


@dataclass(frozen=True)
class Billed:
    """A bill, and the month in which it is due."""

    month: int
    bill: Bill


@dataclass(frozen=True)
class Received:
    """A bill paid in a month: one row of table ``contributions``."""

    month: int
    scheme: str
    account: str
    bill: Bill

    @property
    def paid_fen(self) -> int:
        """What the account receives in the month."""
        return self.bill.due_fen


class Collector:
    """The contributions of a scheme.

    Parameters
    ----------
    name : str
        Name of the scheme.
    law : Scheme
        Its rules.
    setting : Setting
        The stage.
    accounts : Accounts
        Into which account each platform pays.
    """

    def __init__(self, name: str, law: Scheme, setting: Setting, accounts: Accounts) -> None:
        self.name, self._law, self._setting, self._accounts = name, law, setting, accounts
        self._to_bill: deque[Billed] = deque()

    def assess(self, month: SharedMonth, insured: Mask, rate_factor: Decimal = Decimal(1)) -> None:
        """Note what a month owes, to be billed when the lag has passed.

        Parameters
        ----------
        month : SharedMonth
            The world's month.
        insured : Mask
            Which engagements owe it.
        rate_factor : Decimal
            What the account's deficit rule puts on every rate, besides the rating.
        """
        rule = self._law.contribution
        lag = 0 if isinstance(rule, Free) else rule.lag_months
        for bill in bills(rule, self._law.rating, month, insured, self._setting):
            factor = (bill.factor * rate_factor).quantize(FACTOR_UNIT, ROUND_HALF_UP)
            self._to_bill.append(Billed(month.month.index + lag, replace(bill, factor=factor)))

    def close(self, month: int) -> list[Received]:
        """Return what comes in within a month; called once a month, in their order, run-off included."""
        rows = []
        while self._to_bill and self._to_bill[0].month <= month:
            bill = self._to_bill.popleft().bill
            rows.append(Received(month, self.name, self._accounts.of(bill.platform), bill))
        return rows
