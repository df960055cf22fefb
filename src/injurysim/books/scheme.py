"""One scheme at work in a book: its members, its contributions, its claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import simpy

from injurysim.books.attribution import Attributed, Attributor
from injurysim.books.awards import Awards, paid_by_platform
from injurysim.books.claims import Cashbook, Claim, Item, Payment, begin, open_desks, will_confirm
from injurysim.books.collector import Collector
from injurysim.books.cover import CoverAtWork, UnderCover
from injurysim.books.draws import Draws, Lot
from injurysim.books.earnings import EarningsHistory
from injurysim.books.injured import Injured
from injurysim.books.layers import layers_before, left_of
from injurysim.books.members import Members
from injurysim.books.paying import Accounts
from injurysim.books.pensions import Roll
from injurysim.books.reporting import Reported, report_of
from injurysim.books.setting import Setting
from injurysim.books.suppression import SUPPRESSED, kept_back
from injurysim.books.third_party import Drivers
from injurysim.scenario.designs import Scheme


class SchemeAtWork:
    """A scheme in a book.

    Parameters
    ----------
    name : str
        Its name.
    law : Scheme
        Its rules.
    setting : Setting
        The stage.
    env : simpy.Environment
        The clock of the book.
    payers : mapping of str to str
        As what each account of the design pays: ``fund`` or ``insurer``.
    before : sequence of SchemeAtWork
        The schemes of the design before this one, which open their claims first.
    drivers : Drivers
        What drivers at fault pay.

    Attributes
    ----------
    members : who is insured.
    accounts : into which it comes in and from which claims are paid.
    cover : which injuries are covered.
    collector : what comes in.
    claims : every injury of somebody eligible, reported or not.
    cashbook : payments in the order of time.
    pensions : those paid month by month.
    desks : offices by region code and name.
    """

    def __init__(
        self,
        name: str,
        law: Scheme,
        setting: Setting,
        env: simpy.Environment,
        payers: Mapping[str, str],
        *,
        before: Sequence[SchemeAtWork],
        drivers: Drivers,
    ) -> None:
        self.name, self.law = name, law
        self._setting, self._env = setting, env
        self.members = Members(name, law, setting)
        self.accounts = Accounts(law, setting.platforms, payers)
        self.collector = Collector(name, law, setting, self.members.joining.first_date, self.accounts)
        self.cover = CoverAtWork(law, setting, self.members, self.collector)
        self._attributor = Attributor(law.attribution, setting)
        self._awards, self._drivers = Awards(law, setting, payers[law.account]), drivers
        looked_at = layers_before(law.layer, [scheme.name for scheme in before])
        self._before = [scheme for scheme in before if scheme.name in looked_at]
        self._opened: dict[str, Claim] = {}
        self.claims: list[Claim] = []
        self.cashbook = Cashbook()
        self._told = 0
        self.pensions = Roll(law.annuity, setting.calendar, setting.streams)
        # Chosen once: asked for every claim.
        self._begin = begin.dispatch(type(law.handling))
        self._confirms = will_confirm.dispatch(type(law.handling))
        self._report = report_of(law.reporting, setting.platforms)
        self.desks = [open_desks(law.handling, env, setting.calendar, region) for region in setting.regions]

    def new_payments(self) -> list[Payment]:
        """Return the payments made since this was last asked for."""
        new = self.cashbook[self._told :]
        self._told = len(self.cashbook)
        return new

    def open_claims(self, injuries: list[Injured], earnings: EarningsHistory) -> None:
        """Open a file for every injury of somebody eligible, and set those reported on their way.

        Before its first platform joins in a region, and after the scheme's end, there is no scheme to report to.
        """
        self._opened.clear()
        mine = [injured for injured in injuries if self.members.may_report(injured)]
        lot = Lot(self._setting.streams, [injured.injury_id for injured in mine], self.name)
        for place, injured in enumerate(mine):
            claim = self._claim(injured, Draws(lot, place), earnings)
            self.claims.append(claim)
            self._opened[injured.injury_id] = claim
            if claim.barred:
                claim.bar()
            elif claim.notified_at is not None:
                self._begin(self.law.handling, self._env, claim, self.desks[injured.region])

    def _claim(self, injured: Injured, draws: Draws, earnings: EarningsHistory) -> Claim:
        cover, whose = self.cover.of(injured, draws), self._attributor.of(injured)
        reported = self._report(injured, draws, cover.covered)
        # What is never reported is never worked out.
        award = () if reported is None else self._award(injured, earnings, cover, whose)
        claim = Claim(
            injured=injured,
            scheme=self.name,
            liable=whose.files,
            covered=cover.covered,
            consequence=cover.consequence,
            advance=cover.advance,
            draws=draws,
            awards=award,
            notified_at=None,
            confirmable=self._confirms(self.law.handling, draws, covered=cover.covered),
            cashbook=self.cashbook,
            liable_shares=whose.liable,
            rating_shares=whose.rating,
            paying_shares=whose.paying,
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
        return (
            rule is not None
            and claim.liable is not None
            and kept_back(
                *(rule, self.collector, reported, claim.draws),
                region=claim.injured.region,
                platform=claim.liable,
                month=claim.injured.month,
                amount_fen=claim.estimate_fen(),
            )
        )

    def _award(
        self, injured: Injured, earnings: EarningsHistory, cover: UnderCover, whose: Attributed
    ) -> tuple[Item, ...]:
        """Return what the law gives for an injury if it is confirmed, less what is left to others, by who pays it."""
        deducted = self._drivers.deducted_fen(injured.injury_id)
        award = self._awards.of(injured, whose.files, earnings, medical_paid_fen=deducted)
        others = [item for scheme in self._before for item in scheme.awarded(injured.injury_id)]
        award = left_of(self.law.layer, award, others)
        if cover.consequence == "platform_pays":
            award = paid_by_platform(award)
        return self.accounts.divide(award, whose)

    def awarded(self, injury_id: str) -> tuple[Item, ...]:
        """Return what the scheme awards in the end for an injury of the month at hand: nothing if it never pays."""
        claim = self._opened.get(injury_id)
        return claim.awards if claim is not None and claim.will_pay else ()

    def pay_pensions(self, month: int) -> None:
        """Pay the pensions of a month that is over but for its last minute."""
        self.pensions.close(month, self.cashbook)
