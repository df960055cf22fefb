"""One scheme at work in a book: its members, its contributions, its claims."""

from __future__ import annotations

import simpy

from injurysim.books.awards import Awards
from injurysim.books.claims import Claim, Payment, begin, open_desks, will_confirm
from injurysim.books.collector import Collector
from injurysim.books.cover import in_window
from injurysim.books.draws import Draws, Lot
from injurysim.books.earnings import EarningsHistory
from injurysim.books.injured import Injured
from injurysim.books.members import Members
from injurysim.books.reporting import Reported, report_of
from injurysim.books.setting import Setting
from injurysim.books.suppression import SUPPRESSED, kept_back
from injurysim.scenario.designs import Scheme


class SchemeAtWork:
    """A scheme in a book.

    Attributes
    ----------
    members : who is insured.
    collector : what comes in.
    claims : every injury of somebody eligible, reported or not.
    cashbook : payments in the order of time.
    desks : offices by region code and name.
    """

    def __init__(
        self, name: str, law: Scheme, setting: Setting, env: simpy.Environment, benefit_payer: str
    ) -> None:
        self.name, self.law = name, law
        self._setting, self._env = setting, env
        self.members = Members(name, law, setting)
        self.collector = Collector(name, law, setting, self.members.begins)
        self._awards = Awards(law, benefit_payer)
        self.claims: list[Claim] = []
        self.cashbook: list[Payment] = []
        # Chosen once: asked for every claim.
        self._begin = begin.dispatch(type(law.handling))
        self._confirms = will_confirm.dispatch(type(law.handling))
        self._report = report_of(law.reporting, setting.platforms)
        self.desks = [open_desks(law.handling, env, setting.calendar, region) for region in setting.regions]

    def open_claims(self, injuries: list[Injured], earnings: EarningsHistory) -> None:
        """Open a file for every injury of somebody eligible, and set those reported on their way.

        Before its first platform joins there is no scheme to report to.
        """
        begins = self.members.begins
        if begins is None:
            return
        mine = [
            injured for injured in injuries if begins <= injured.day and self.members.is_eligible(injured)
        ]
        lot = Lot(self._setting.streams, [injured.injury_id for injured in mine], self.name)
        for place, injured in enumerate(mine):
            claim = self._claim(injured, Draws(lot, place), earnings)
            self.claims.append(claim)
            if claim.barred:
                claim.bar()
            elif claim.notified_at is not None:
                self._begin(self.law.handling, self._env, claim, self.desks[injured.region])

    def _claim(self, injured: Injured, draws: Draws, earnings: EarningsHistory) -> Claim:
        covered = self.members.insures(injured) and in_window(self.law.cover, injured)
        reported = self._report(injured, draws, covered)
        claim = Claim(
            injured=injured,
            scheme=self.name,
            liable=injured.app,
            covered=covered,
            draws=draws,
            # What is never reported is never worked out.
            awards=() if reported is None else self._awards.of(injured, earnings),
            notified_at=None,
            confirmable=self._confirms(self.law.handling, draws, covered=covered),
            cashbook=self.cashbook,
        )
        if reported is None:
            return claim
        if self._is_kept_back(claim, reported):
            claim.silence, claim.awards = SUPPRESSED, ()
        else:
            claim.notified_at, claim.filed_by, claim.barred = reported.at, reported.by, reported.barred
        return claim

    def _is_kept_back(self, claim: Claim, reported: Reported) -> bool:
        """Say whether the platform keeps a claim back, by what it would take from the account if it is covered."""
        rule = getattr(self.law.reporting, "suppression", None)
        return rule is not None and kept_back(
            *(rule, self.collector, reported, claim.draws),
            region=claim.injured.region,
            platform=claim.liable,
            month=claim.injured.month,
            amount_fen=claim.estimate_fen(self.law.account),
        )
