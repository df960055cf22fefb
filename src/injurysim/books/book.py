"""The book of one design on one world, kept on a SimPy environment of its own."""

from __future__ import annotations

import simpy

from injurysim.books.claims import Payment
from injurysim.books.collector import Received
from injurysim.books.coverage import CoverageLog
from injurysim.books.earnings import EarningsHistory
from injurysim.books.fund.accounts import Fund
from injurysim.books.fund.ledger import Ledger
from injurysim.books.injured import Injured
from injurysim.books.paying import payers
from injurysim.books.scheme import SchemeAtWork
from injurysim.books.setting import Setting
from injurysim.books.third_party import Drivers
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

    Attributes
    ----------
    drivers : what drivers at fault pay.
    schemes : its schemes at work, each before those that may stand behind it.
    """

    def __init__(self, name: str, design: Design, setting: Setting) -> None:
        self.name, self.design, self.setting = name, design, setting
        self._env = simpy.Environment(initial_time=0)
        self.drivers = Drivers(design.third_party, setting.streams)
        self.schemes: list[SchemeAtWork] = []
        for scheme, law in design.schemes.items():
            self.schemes.append(
                SchemeAtWork(
                    *(scheme, law, setting, self._env, payers(design)),
                    before=tuple(self.schemes),
                    drivers=self.drivers,
                )
            )
        self.fund = Fund(design, setting, self.schemes, self.drivers)
        self.received: list[Received] = []
        self.coverage = CoverageLog(setting.strata.nobody)

    @property
    def ledgers(self) -> dict[str, Ledger]:
        """The ledger of each account."""
        return self.fund.ledgers

    def keep(self, month: Month, injuries: list[Injured], earnings: EarningsHistory) -> None:
        """Read a month of the world and run the book to the month's end."""
        shared = self.setting.shared(month)
        insured = [scheme.members.insured(month) for scheme in self.schemes]
        self.drivers.take_in(injuries)
        for scheme, mask in zip(self.schemes, insured, strict=True):
            scheme.collector.assess(shared, mask, self.fund.rate_factor(scheme.law.account, month.index))
            scheme.open_claims(injuries, earnings)
        self.coverage.add(shared, self.schemes, insured)
        self._close(month.index)

    def run_off(self, month: int) -> None:
        """Run the book through a month after exposure has stopped."""
        self._close(month)

    def _close(self, month: int) -> None:
        self._env.run(until=self.setting.calendar.month_end_minute(month))
        received: list[Received] = []
        payments: list[Payment] = []
        for scheme in self.schemes:
            scheme.pay_pensions(month)
            paid = scheme.new_payments()
            payments.extend(paid)
            received.extend(scheme.collector.close(month, paid))
        self.received.extend(received)
        self.fund.close(month, received, payments)
