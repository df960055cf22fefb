"""How a scheme's contributions come in: what a month owes, when it is billed, what of it is paid."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from injurysim.books.contribution import Bill, bills
from injurysim.books.paying import Accounts
from injurysim.books.setting import Setting
from injurysim.books.shared import Mask, SharedMonth
from injurysim.scenario.contribution import Free
from injurysim.scenario.designs import Scheme


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

    def assess(self, month: SharedMonth, insured: Mask) -> None:
        """Note what a month owes, to be billed when the lag has passed."""
        rule = self._law.contribution
        lag = 0 if isinstance(rule, Free) else rule.lag_months
        for bill in bills(rule, self._law.rating, month, insured, self._setting):
            self._to_bill.append(Billed(month.month.index + lag, bill))

    def close(self, month: int) -> list[Received]:
        """Return what comes in within a month; called once a month, in their order, run-off included."""
        rows = []
        while self._to_bill and self._to_bill[0].month <= month:
            bill = self._to_bill.popleft().bill
            rows.append(Received(month, self.name, self._accounts.of(bill.platform), bill))
        return rows
