"""Claims: from the injury through report, confirmation, appraisal and payment, as a SimPy process."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import singledispatch
from typing import Any

import simpy

from injurysim.books.benefits.pension import Pension
from injurysim.books.draws import Draws
from injurysim.books.injured import Injured
from injurysim.books.offices import Case, Office
from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Purpose
from injurysim.core.working_time import CalendarEndError
from injurysim.scenario.benefits import BenefitClass
from injurysim.scenario.handling import Desk, Handling, Immediate, Offices

NOT_COVERED, NOT_CLAIMED = "not_covered", "not_claimed"


@dataclass(frozen=True, slots=True)
class Item:
    """One benefit of an award, or a month of a pension of it.

    Attributes
    ----------
    pays_for : what the benefit is for.
    amount_fen : what is paid; of a pension that is paid month by month what it is worth at the award.
    pension : the pension, None where the amount is paid at once.
    """

    benefit: str
    payer: str
    account: str | None
    amount_fen: int
    pays_for: BenefitClass
    pension: Pension | None = None

    def of_amount(self, fen: int) -> Item:
        """Return the item less what others pay of it: with another amount, and a pension in proportion to it."""
        if fen == self.amount_fen:
            return self
        pension = None if self.pension is None else self.pension.part(Fraction(fen, self.amount_fen))
        return replace(self, amount_fen=fen, pension=pension)


@dataclass(frozen=True, slots=True)
class Payment:
    """An item of an award, paid at a minute."""

    claim: Claim
    paid_at: int
    item: Item


@dataclass(frozen=True, slots=True)
class Grant:
    """A pension of an award, granted at a minute and paid month by month from the next month on."""

    claim: Claim
    granted_at: int
    item: Item
    pension: Pension


class Cashbook(list[Payment]):
    """Payments of a scheme in the order of time, and the pensions it has granted in theirs."""

    def __init__(self) -> None:
        super().__init__()
        self.granted: list[Grant] = []


@dataclass(slots=True)
class Claim:
    """The file of one injury under one scheme; minutes are from the scenario's first midnight.

    Attributes
    ----------
    awards : what the law gives if the claim is confirmed; empty for an injury that is never reported.
    liable : index of the liable platform.
    confirmable : whether the office will confirm it once it decides (it need not decide within the run).
    cashbook : payments of the scheme, in the order of time, to which the claim adds its own.
    paid : payments of this claim, months of its pensions among them.
    granted : pensions of this claim that are paid month by month.
    """

    injured: Injured
    scheme: str
    liable: int
    covered: bool
    draws: Draws
    awards: tuple[Item, ...]
    notified_at: int | None
    confirmable: bool
    cashbook: Cashbook
    accepted_at: int | None = None
    decision: str | None = None
    decided_at: int | None = None
    appraised_at: int | None = None
    closed_at: int | None = None
    paid: list[Payment] = field(default_factory=list)
    granted: list[Grant] = field(default_factory=list)

    @property
    def claim_id(self) -> str:
        """Identity of the claim: the injury under the scheme."""
        return f"{self.injured.injury_id}:{self.scheme}"

    @property
    def not_reported_reason(self) -> str | None:
        """Why the injury was not reported, or None when it was or will be."""
        if self.notified_at is not None:
            return None
        return NOT_CLAIMED if self.covered else NOT_COVERED

    def awarded_fen(self, account: str) -> int:
        """Return what the award takes from an account."""
        return sum(item.amount_fen for item in self.awards if item.account == account)

    def estimate_fen(self, account: str) -> int:
        """Return what the office holds against an open file: the award, if the rules cover the injury."""
        return self.awarded_fen(account) if self.covered else 0

    def ultimate_fen(self, account: str) -> int:
        """Return what the claim takes from an account in the end, as the simulator knows it.

        An injury that is never reported costs nothing, however long the run. A pension costs what it is worth at the
        award, whenever it is paid and however long the pensioner lives.
        """
        return self.awarded_fen(account) if self.will_pay else 0

    @property
    def will_pay(self) -> bool:
        """Whether the award is paid in the end, be it after the run: notified, and confirmed once decided."""
        return self.notified_at is not None and self.confirmable

    def pay(self, now: int) -> None:
        """Pay every item of the award that is not zero, and grant the pensions that are paid month by month."""
        for item in self.awards:
            if not item.amount_fen:
                continue
            if item.pension is None:
                self.add(Payment(self, now, item))
            else:
                grant = Grant(self, now, item, item.pension)
                self.granted.append(grant)
                self.cashbook.granted.append(grant)

    def add(self, payment: Payment) -> None:
        """Enter a payment into the file and into the scheme's cashbook."""
        self.paid.append(payment)
        self.cashbook.append(payment)

    @property
    def settled(self) -> list[tuple[int, Item]]:
        """What the file has been settled with, and when: benefits paid at once, and pensions at their value when granted.

        It is what leaves the case outstanding and what compensates the loss; months of a pension are in neither again.
        """
        at_once = [(each.paid_at, each.item) for each in self.paid if each.item.pension is None]
        return at_once + [(each.granted_at, each.item) for each in self.granted]

    def decide(self, decision: str, now: int) -> None:
        """Write the decision into the file."""
        self.decision, self.decided_at = decision, now


Desks = Mapping[str, Office]
Process = Generator[simpy.Event, Any, None]
Handled = Generator[simpy.Event, Any, Case]


@singledispatch
def handle(rule: Handling, env: simpy.Environment, claim: Claim, desks: Desks) -> Process:
    """Move a claim from its notification to its confirmation or refusal, its payment and its closing."""
    raise NotImplementedError(f"no handling for {type(rule).__name__}")


@handle.register
def _(rule: Immediate, env: simpy.Environment, claim: Claim, desks: Desks) -> Process:  # noqa: ARG001
    yield from _until(env, claim.notified_at)
    now = int(env.now)
    claim.accepted_at = claim.closed_at = now
    claim.decide("confirmed" if claim.confirmable else "refused", now)
    if claim.confirmable:
        claim.pay(now)


@handle.register
def _(rule: Offices, env: simpy.Environment, claim: Claim, desks: Desks) -> Process:
    """Papers, acceptance, confirmation; then treatment must end before appraisal, award and payment."""
    yield from _until(env, claim.notified_at)
    hours = desks["confirmation"].working_time
    papers = claim.draws.whole(Purpose.PAPERS, rule.papers_days)
    try:
        complete = hours.add_working_days(hours.next_opening(int(env.now)), papers)
    except CalendarEndError:
        return  # the calendar reaches far beyond the last month: the papers are not complete in this run
    yield from _until(env, complete)
    claim.accepted_at = int(env.now)

    case = yield from _through(
        claim, desks["confirmation"], rule.confirmation, Purpose.CONFIRMATION_TIME, claim.accepted_at
    )
    now = int(env.now)
    case.within_limit = hours.working_days_between(claim.accepted_at, now) <= rule.decision_limit_days.value
    claim.decide("confirmed" if claim.confirmable else "refused", now)
    if not claim.confirmable:
        claim.closed_at = now
        return

    if not claim.injured.fatal:
        yield from _until(env, claim.injured.back_minute)
        if claim.injured.grade:
            yield from _through(
                claim, desks["appraisal"], rule.appraisal, Purpose.APPRAISAL_TIME, claim.accepted_at
            )
            claim.appraised_at = int(env.now)
    yield from _through(claim, desks["payment"], rule.payment, Purpose.PAYMENT_TIME, claim.accepted_at)
    claim.pay(int(env.now))
    claim.closed_at = int(env.now)


def _until(env: simpy.Environment, moment: int | None) -> Process:
    """Wait until a moment; not at all when it is past."""
    if moment is not None and moment > env.now:
        yield env.timeout(moment - env.now)


def _through(claim: Claim, office: Office, desk: Desk, purpose: Purpose, accepted_at: int) -> Handled:
    """Queue at an office, be handled, and return the case."""
    minutes = claim.draws.whole(purpose, desk.minutes)
    case, done = office.handle(priority=0, accepted_at=accepted_at, claim=claim.claim_id, minutes=minutes)
    yield done
    return case


@singledispatch
def will_confirm(rule: Handling, draws: Draws, *, covered: bool) -> bool:
    """Say whether an office confirms a claim once it decides: drawn when the file is opened."""
    raise NotImplementedError(f"no decision for {type(rule).__name__}")


@will_confirm.register
def _(rule: Immediate, draws: Draws, *, covered: bool) -> bool:  # noqa: ARG001
    return covered


@will_confirm.register
def _(rule: Offices, draws: Draws, *, covered: bool) -> bool:
    return covered and draws.uniform(Purpose.CONFIRMATION_OUTCOME) < rule.confirmed_share.value


@singledispatch
def open_desks(rule: Handling, env: simpy.Environment, calendar: Calendar) -> dict[str, Office]:
    """Open the offices of a scheme in one region."""
    raise NotImplementedError(f"no offices for {type(rule).__name__}")


@open_desks.register
def _(rule: Immediate, env: simpy.Environment, calendar: Calendar) -> dict[str, Office]:  # noqa: ARG001
    return {}


@open_desks.register
def _(rule: Offices, env: simpy.Environment, calendar: Calendar) -> dict[str, Office]:
    def desk(law: Desk, weekdays: tuple[int, ...] = tuple(range(7))) -> Office:
        return Office(
            env,
            calendar,
            law.staff.value,
            opens_minute=rule.opens_hour * 60,
            closes_minute=rule.closes_hour * 60,
            slot_minutes=rule.slot_minutes,
            sitting_weekdays=weekdays,
        )

    return {
        "confirmation": desk(rule.confirmation),
        "appraisal": desk(rule.appraisal, rule.appraisal.sitting_weekdays),
        "payment": desk(rule.payment),
    }
