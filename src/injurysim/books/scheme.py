"""One scheme at work in a book: its members, its contributions, its claims."""

from __future__ import annotations

from collections.abc import Mapping

import simpy

from injurysim.books.attribution import Attributed, Attributor
from injurysim.books.awards import Awards, paid_by_platform
from injurysim.books.claims import Claim, Item, Payment, handle, open_desks, will_confirm
from injurysim.books.collector import Collector
from injurysim.books.cover import CoverAtWork, UnderCover
from injurysim.books.draws import Draws, Lot
from injurysim.books.earnings import EarningsHistory
from injurysim.books.injured import Injured
from injurysim.books.members import Members
from injurysim.books.paying import Accounts
from injurysim.books.reporting import notified_at
from injurysim.books.setting import Setting
from injurysim.scenario.designs import Scheme


class SchemeAtWork:
    """A scheme in a book.

    Attributes
    ----------
    members : who is insured.
    accounts : into which it comes in and from which claims are paid.
    cover : which injuries are covered.
    collector : what comes in.
    claims : every injury of somebody eligible, reported or not.
    cashbook : payments in the order of time.
    desks : offices by region code and name.
    """

    def __init__(
        self, name: str, law: Scheme, setting: Setting, env: simpy.Environment, payers: Mapping[str, str]
    ) -> None:
        self.name, self.law = name, law
        self._setting, self._env = setting, env
        self.members = Members(name, law, setting)
        self.accounts = Accounts(law, setting.platforms, payers)
        self.collector = Collector(name, law, setting, self.members.joining.first_date, self.accounts)
        self.cover = CoverAtWork(law, setting, self.members, self.collector)
        self._attributor = Attributor(law.attribution, setting)
        self._awards = Awards(law, payers[law.account])
        self.claims: list[Claim] = []
        self.cashbook: list[Payment] = []
        self._told = 0
        self.desks = [open_desks(law.handling, env, setting.calendar) for _ in setting.regions]

    def new_payments(self) -> list[Payment]:
        """Return the payments made since this was last asked for."""
        new = self.cashbook[self._told :]
        self._told = len(self.cashbook)
        return new

    def open_claims(self, injuries: list[Injured], earnings: EarningsHistory) -> None:
        """Open a file for every injury of somebody eligible, and set those reported on their way.

        Before its first platform joins in a region, and after the scheme's end, there is no scheme to report to.
        """
        mine = [injured for injured in injuries if self.members.may_report(injured)]
        lot = Lot(self._setting.streams, [injured.injury_id for injured in mine], self.name)
        for place, injured in enumerate(mine):
            claim = self._claim(injured, Draws(lot, place), earnings)
            self.claims.append(claim)
            if claim.notified_at is not None:
                self._env.process(handle(self.law.handling, self._env, claim, self.desks[injured.region]))

    def _claim(self, injured: Injured, draws: Draws, earnings: EarningsHistory) -> Claim:
        cover, whose = self.cover.of(injured, draws), self._attributor.of(injured)
        notified = notified_at(self.law.reporting, injured, draws, covered=cover.covered)
        return Claim(
            injured=injured,
            scheme=self.name,
            liable=whose.files,
            covered=cover.covered,
            consequence=cover.consequence,
            advance=cover.advance,
            draws=draws,
            # What is never reported is never worked out.
            awards=() if notified is None else self._award(injured, earnings, cover, whose),
            notified_at=notified,
            confirmable=will_confirm(self.law.handling, draws, covered=cover.covered),
            cashbook=self.cashbook,
            liable_shares=whose.liable,
            rating_shares=whose.rating,
            paying_shares=whose.paying,
        )

    def _award(
        self, injured: Injured, earnings: EarningsHistory, cover: UnderCover, whose: Attributed
    ) -> tuple[Item, ...]:
        """Return what is awarded if the claim is confirmed: by the law, then by who pays it."""
        items = self._awards.of(injured, earnings)
        if cover.consequence == "platform_pays":
            items = paid_by_platform(items)
        return self.accounts.divide(items, whose)
