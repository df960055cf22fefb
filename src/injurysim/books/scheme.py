"""One scheme at work in a book: who is insured, what is billed, which claims are opened."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import simpy

from injurysim.books.benefits import Facts, amount_fen, base_wage_fen
from injurysim.books.claims import Claim, Item, Payment, handle, open_desks, will_confirm
from injurysim.books.contribution import Bill, bills
from injurysim.books.cover import in_window
from injurysim.books.draws import Draws
from injurysim.books.earnings import EarningsHistory
from injurysim.books.eligibility import (
    has_begun,
    has_joined,
    is_eligible,
    joined_platforms,
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
        self._setting, self._env, self._payer = setting, env, benefit_payer
        self.eligible = setting.strata.mask(law.eligible)
        self._insured = self.eligible
        self.claims: list[Claim] = []
        self.cashbook: list[Payment] = []
        self.desks = [open_desks(law.handling, env, setting.calendar) for _ in setting.regions]
        self._to_bill: deque[Billed] = deque()

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
        for injured in injuries:
            begun = has_begun(self.law.enrolment, self.law.eligible, self._setting, injured.day)
            if not begun or not is_eligible(self.law.eligible, injured, self._setting):
                continue
            claim = self._claim(injured, earnings)
            self.claims.append(claim)
            if claim.notified_at is not None:
                self._env.process(handle(self.law.handling, self._env, claim, self.desks[injured.region]))

    def _claim(self, injured: Injured, earnings: EarningsHistory) -> Claim:
        platform = self._setting.platforms[injured.app]
        insured = has_joined(self.law.enrolment, platform, injured.day)
        covered = insured and in_window(self.law.cover, injured)
        draws = Draws(self._setting.streams, injured.injury_id, self.name)
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
        rule = self.law.base_wage
        months = rule.months if isinstance(rule, OwnEarnings) else 1
        wage = (
            None
            if rule is None
            else base_wage_fen(rule, injured.day, earnings.monthly_fen(injured.rider, months))
        )
        facts = Facts(injured, wage, self.law.annuity)
        return tuple(
            Item(
                benefit=name,
                payer="platform" if benefit.payer == "platform" else self._payer,
                account=None if benefit.payer == "platform" else self.law.account,
                amount_fen=amount_fen(benefit, facts),
            )
            for name, benefit in self.law.benefits.items()
        )
