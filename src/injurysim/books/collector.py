"""How a scheme's contributions come in: what a month owes, when it is billed, what of it is paid."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from decimal import Decimal

from injurysim.books.contribution import Bill, bills
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
    """

    def __init__(self, name: str, law: Scheme, setting: Setting) -> None:
        self.name, self._law, self._setting = name, law, setting
        self._to_bill: deque[Billed] = deque()

    def assess(self, month: SharedMonth, insured: Mask) -> None:
        """Note what a month owes, to be billed when the lag has passed."""
        rule = self._law.contribution
        lag = 0 if isinstance(rule, Free) else rule.lag_months
        for bill in bills(rule, self._law.rating, month, insured, self._setting):
            self._to_bill.append(Billed(month.month.index + lag, bill))

    def declared_share(self, region: int, platform: int, month: int) -> Decimal:  # noqa: ARG002
        """Return the share of a platform's work in a region and month that is declared: all of it."""
        return Decimal(1)

    def months_owed(self, region: int, platform: int, month: int) -> int:  # noqa: ARG002
        """Return how many months of contributions a platform owes for a region when a month begins: none."""
        return 0

    def close(self, month: int) -> list[Received]:
        """Return what comes in within a month; called once a month, in their order, run-off included."""
        rows = []
        while self._to_bill and self._to_bill[0].month <= month:
            bill = self._to_bill.popleft().bill
            rows.append(Received(month, self.name, self._law.account, bill))
        return rows
