"""The book of one design on one world, kept on a SimPy environment of its own."""

from __future__ import annotations

from collections import defaultdict

import simpy

from injurysim.books.collector import Received
from injurysim.books.coverage import CoverageLog
from injurysim.books.earnings import EarningsHistory
from injurysim.books.fund import Ledger
from injurysim.books.injured import Injured
from injurysim.books.scheme import SchemeAtWork
from injurysim.books.setting import Setting
from injurysim.scenario.designs import Design
from injurysim.world.month import Month


class Book:
    """What a design does with a world's months.

    Parameters
    ----------
    name : str
        Name of the design.
    design : Design
        Its schemes and accounts.
    setting : Setting
        The stage.
    """

    def __init__(self, name: str, design: Design, setting: Setting) -> None:
        self.name, self.design, self.setting = name, design, setting
        self._env = simpy.Environment(initial_time=0)
        self.schemes = [
            SchemeAtWork(scheme, law, setting, self._env, self._benefit_payer(law.account))
            for scheme, law in design.schemes.items()
        ]
        self.ledgers = {account: Ledger(law) for account, law in design.accounts.items()}
        self.received: list[Received] = []
        self.coverage = CoverageLog(setting.strata.nobody)
        self._settled = [0] * len(self.schemes)

    def _benefit_payer(self, account: str) -> str:
        return "insurer" if self.design.accounts[account].kind == "insurer" else "fund"

    def keep(self, month: Month, injuries: list[Injured], earnings: EarningsHistory) -> None:
        """Read a month of the world and run the book to the month's end."""
        shared = self.setting.shared(month)
        insured = [scheme.members.insured(month) for scheme in self.schemes]
        for scheme, mask in zip(self.schemes, insured, strict=True):
            scheme.collector.assess(shared, mask)
            scheme.open_claims(injuries, earnings)
        self.coverage.add(shared, self.schemes, insured)
        self._close(month.index)

    def run_off(self, month: int) -> None:
        """Run the book through a month after exposure has stopped."""
        self._close(month)

    def _close(self, month: int) -> None:
        self._env.run(until=self.setting.calendar.month_end_minute(month))
        received: dict[str, int] = defaultdict(int)
        late_fees: dict[str, int] = defaultdict(int)
        paid: dict[str, int] = defaultdict(int)
        for number, scheme in enumerate(self.schemes):
            payments = scheme.cashbook[self._settled[number] :]
            self._settled[number] = len(scheme.cashbook)
            for row in scheme.collector.close(month, payments):
                self.received.append(row)
                received[row.account] += row.settled.paid_fen
                late_fees[row.account] += row.settled.late_fee_fen
            for payment in payments:
                if payment.item.account is not None:
                    paid[payment.item.account] += payment.item.amount_fen
        for account, ledger in self.ledgers.items():
            ledger.close(received[account], paid[account], late_fees[account])
