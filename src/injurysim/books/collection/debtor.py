"""One platform in one region as a scheme's collector knows it: its bills, its debts, what it did not declare."""

from __future__ import annotations

from dataclasses import dataclass

from injurysim.books.collection.bill import Bill, Payers
from injurysim.books.collection.debts import Debts
from injurysim.books.collection.inspection import Found, find
from injurysim.core.calendar import Calendar
from injurysim.scenario.collection import Inspection
from injurysim.scenario.contribution import Charged


@dataclass(frozen=True)
class Settled:
    """What one payer owes and pays in a month, in fen; ``arrears_fen`` is a stock at its end.

    ``number`` is the payer's place among the payers.
    """

    payer: str
    number: int
    due_fen: int
    assessed_fen: int
    paid_fen: int
    written_off_fen: int
    arrears_fen: int
    late_fee_fen: int
    fine_fen: int

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is owed or paid."""
        return not (self.assessed_fen or self.paid_fen or self.written_off_fen or self.arrears_fen)


class Debtor:
    """The account of one region and platform with a scheme.

    Parameters
    ----------
    rule : Charged
        The contribution.
    payers : Payers
        Who pays it.
    platform : str
        Name of the platform.
    """

    def __init__(self, rule: Charged, payers: Payers, platform: str) -> None:
        self._rule, self._payers = rule, payers
        self._debts = [Debts(rule.arrears, platform) for _ in payers.names]
        self._undeclared: list[Bill] = []
        self.last: Bill | None = None

    def months_owed(self, month: int) -> int:
        """Return for how many months something is owed at the start of a month."""
        return len(set().union(*(debts.owed_since(month) for debts in self._debts)))

    def close(self, bill: Bill, *, visited: bool, calendar: Calendar) -> list[Settled]:
        """Settle a month: late bills, the bill of the month, and an inspection.

        What is assessed, with late fee and fine, is paid in the month of the inspection.
        """
        month, found = bill.month, self._inspect(bill, calendar) if visited else None
        nothing = [0] * len(self._payers.names)
        assessed = nothing if found is None else found.assessed_fen
        fees = nothing if found is None else self._payers.penalties(found.late_fee_fen)
        fines = nothing if found is None else self._payers.penalties(found.fine_fen)
        settled = []
        for number, (payer, debts) in enumerate(zip(self._payers.names, self._debts, strict=True)):
            late_paid, written_off = debts.settle(month)
            due = bill.dues_fen[number]
            at_once = debts.bill(month, due)
            settled.append(
                Settled(
                    payer=payer,
                    number=number,
                    due_fen=due,
                    assessed_fen=assessed[number],
                    paid_fen=late_paid + at_once + assessed[number],
                    written_off_fen=written_off,
                    arrears_fen=debts.arrears_fen,
                    late_fee_fen=fees[number],
                    fine_fen=fines[number],
                )
            )
        if bill.undeclared and self._rule.inspection is not None:
            self._undeclared.append(bill)
        self.last = bill
        return settled

    def _inspect(self, bill: Bill, calendar: Calendar) -> Found | None:
        """Look back over the bills before this month's; each is looked at once."""
        rule: Inspection | None = self._rule.inspection
        if rule is None:
            return None
        first = bill.month - rule.looks_back_months.value
        bills = [each for each in self._undeclared if each.month >= first]
        self._undeclared = []
        return find(rule, bills, bill.month, calendar) if bills else None
