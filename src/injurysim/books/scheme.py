"""One scheme at work in a book: who is insured, what is billed, which claims are opened."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import simpy

from injurysim.books.benefits import Facts, amount_of, base_wage_of
from injurysim.books.claims import Claim, Item, Payment, handle, open_desks, will_confirm
from injurysim.books.contribution import Bill, bills
from injurysim.books.cover import in_window
from injurysim.books.draws import Draws, Lot
from injurysim.books.earnings import EarningsHistory
from injurysim.books.eligibility import (
    first_joining,
    is_eligible,
    joined_platforms,
    settled,
)
from injurysim.books.injured import Injured
from injurysim.books.reporting import notified_at
from injurysim.books.setting import Setting
from injurysim.books.shared import Mask, SharedMonth
from injurysim.scenario.benefits import OwnEarnings
from injurysim.scenario.contribution import Free
from injurysim.scenario.designs import Scheme
from injurysim.world.month import Month


@dataclass(frozen=True)
class Billed:
    """A bill, and the month in which it is due."""

    month: int
    bill: Bill


class SchemeAtWork:
    """A scheme in a book.

    Attributes
    ----------
    eligible : which engagements the scheme is for.
    claims : every injury of somebody eligible, reported or not.
    cashbook : payments in the order of time.
    desks : offices by region code and name.
    """

    def __init__(
        self, name: str, law: Scheme, setting: Setting, env: simpy.Environment, benefit_payer: str
    ) -> None:
        self.name, self.law = name, law
        self._setting, self._env = setting, env
        self.eligible = setting.strata.mask(law.eligible)
        self._insured = self.eligible
        self.claims: list[Claim] = []
        self.cashbook: list[Payment] = []
        self.desks = [open_desks(law.handling, env, setting.calendar) for _ in setting.regions]
        self._to_bill: deque[Billed] = deque()
        self._begins = first_joining(law.enrolment, law.eligible, setting)
        self._joins = [settled(law.enrolment, platform) for platform in setting.platforms]
        self._eligible_kinds: dict[tuple[str, int, int, int], bool] = {}
        self._base_wage = None if law.base_wage is None else base_wage_of(law.base_wage)
        self._benefits = [
            (name, "platform", None, amount_of(benefit))
            if benefit.payer == "platform"
            else (name, benefit_payer, law.account, amount_of(benefit))
            for name, benefit in law.benefits.items()
        ]

    def insured(self, month: Month) -> Mask:
        """Return which engagements are insured in a month."""
        day = self._setting.calendar.month_date(month.index)
        joined = joined_platforms(self.law.enrolment, self._setting, day)
        # Held from month to month, so that it is made anew only when a platform joins.
        self._insured = self._setting.strata.mask(self.law.eligible, joined)
        return self._insured

    def assess(self, month: SharedMonth, insured: Mask) -> None:
        """Note what a month owes, to be billed when the lag has passed."""
        lag = 0 if isinstance(self.law.contribution, Free) else self.law.contribution.lag_months
        for bill in bills(self.law.contribution, self.law.rating, month, insured, self._setting):
            self._to_bill.append(Billed(month.month.index + lag, bill))

    def billed_in(self, month: int) -> list[Bill]:
        """Return the bills due in a month, each once."""
        due = []
        while self._to_bill and self._to_bill[0].month <= month:
            due.append(self._to_bill.popleft().bill)
        return due

    def open_claims(self, injuries: list[Injured], earnings: EarningsHistory) -> None:
        """Open a file for every injury of somebody eligible, and set those reported on their way.

        Before its first platform joins there is no scheme to report to.
        """
        begins = self._begins
        if begins is None:
            return
        mine = [injured for injured in injuries if begins <= injured.day and self._is_eligible(injured)]
        lot = Lot(self._setting.streams, [injured.injury_id for injured in mine], self.name)
        for place, injured in enumerate(mine):
            claim = self._claim(injured, Draws(lot, place), earnings)
            self.claims.append(claim)
            if claim.notified_at is not None:
                self._env.process(handle(self.law.handling, self._env, claim, self.desks[injured.region]))

    def _is_eligible(self, injured: Injured) -> bool:
        """Say whether the scheme is for the injured; asked once of each kind of rider."""
        kind = (injured.relation, injured.region, injured.group, injured.app)
        if kind not in self._eligible_kinds:
            self._eligible_kinds[kind] = is_eligible(self.law.eligible, injured, self._setting)
        return self._eligible_kinds[kind]

    def _claim(self, injured: Injured, draws: Draws, earnings: EarningsHistory) -> Claim:
        joined = self._joins[injured.app]
        insured = joined is not None and joined <= injured.day
        covered = insured and in_window(self.law.cover, injured)
        notified = notified_at(self.law.reporting, injured, draws, covered=covered)
        return Claim(
            injured=injured,
            scheme=self.name,
            liable=injured.app,
            covered=covered,
            draws=draws,
            # What is never reported is never worked out.
            awards=() if notified is None else self._awards(injured, earnings),
            notified_at=notified,
            confirmable=will_confirm(self.law.handling, draws, covered=covered),
            cashbook=self.cashbook,
        )

    def _awards(self, injured: Injured, earnings: EarningsHistory) -> tuple[Item, ...]:
        wage, rule = None, self.law.base_wage
        if self._base_wage is not None:
            own = earnings.monthly_fen(injured.rider, rule.months) if isinstance(rule, OwnEarnings) else 0
            wage = self._base_wage(injured.day, own)
        facts = Facts(injured, wage, self.law.annuity)
        return tuple(
            Item(name, payer, account, amount(facts)) for name, payer, account, amount in self._benefits
        )
