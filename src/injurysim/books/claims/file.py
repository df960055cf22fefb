"""The file of a claim: what is in it, what it is worth, what of it is paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from injurysim.books.advance import Advance
from injurysim.books.attribution import NOBODY, Shares
from injurysim.books.benefits.pension import Pension
from injurysim.books.draws import Draws
from injurysim.books.injured import Injured
from injurysim.scenario.benefits import BenefitClass
from injurysim.scenario.cover import Consequence

NOT_COVERED, NOT_CLAIMED = "not_covered", "not_claimed"
RIDER = "rider"
"""Who receives a payment, unless somebody else has advanced the bill; of a death it is the family."""


@dataclass(frozen=True, slots=True)
class Item:
    """One benefit of an award, or a month of a pension of it.

    Attributes
    ----------
    pays_for : what the benefit is for, by which an office knows when it falls due.
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
    """An item of an award, paid at a minute to the rider or to who has advanced the bill."""

    claim: Claim
    paid_at: int
    item: Item
    payee: str = RIDER


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
    liable : index of the platform that files, None when the injury is everybody's or nobody's.
    liable_shares, rating_shares, paying_shares : whose the injury is, for each of the three questions.
    confirmable : whether it is confirmed in the end, by whatever instance (nobody need decide within the run).
    cashbook : payments of the scheme, in the order of time, to which the claim adds its own.
    consequence : what undeclared work or debts of the platform did to cover.
    advance : what is claimed back from the platform of each payment of an account, or None.
    filed_by : who files it, None where reporting does not tell.
    silence : why it is never reported although somebody would have, None without such a reason.
    barred : whether it is filed too late.
    limit_days : working days the law allows from acceptance to the first decision, None without a limit.
    suspended : minutes between which the limit stands still, None when it never does.
    first_decision, first_decided_at : of the office itself.
    decision, decided_at : after review and appeal; the same where there is neither.
    paid : payments of this claim, months of its pensions among them.
    granted : pensions of this claim that are paid month by month.
    settled : items of the award that were paid, or granted as a pension, each with its minute.
    """

    injured: Injured
    scheme: str
    liable: int | None
    covered: bool
    draws: Draws
    awards: tuple[Item, ...]
    notified_at: int | None
    confirmable: bool
    cashbook: Cashbook
    liable_shares: Shares = NOBODY
    rating_shares: Shares = NOBODY
    paying_shares: Shares = NOBODY
    consequence: Consequence = "full"
    advance: Advance | None = None
    filed_by: str | None = None
    silence: str | None = None
    barred: bool = False
    accepted_at: int | None = None
    limit_days: int | None = None
    suspended: tuple[int, int] | None = None
    first_decision: str | None = None
    first_decided_at: int | None = None
    decision: str | None = None
    decided_at: int | None = None
    appraised_at: int | None = None
    closed_at: int | None = None
    paid: list[Payment] = field(default_factory=list)
    granted: list[Grant] = field(default_factory=list)
    settled: list[tuple[int, Item]] = field(default_factory=list)

    @property
    def claim_id(self) -> str:
        """Identity of the claim: the injury under the scheme."""
        return f"{self.injured.injury_id}:{self.scheme}"

    @property
    def not_reported_reason(self) -> str | None:
        """Why the injury was not reported, or None when it was or will be."""
        if self.notified_at is not None:
            return None
        return self.silence or (NOT_CLAIMED if self.covered else NOT_COVERED)

    def awarded_fen(self, account: str | None = None) -> int:
        """Return what the award takes from an account, or from all of them together."""
        return sum(item.amount_fen for item in self.awards if _is_of(item, account))

    def settled_fen(self, before: int, account: str | None = None) -> int:
        """Return what of the award was paid, or granted as a pension, before a minute."""
        return sum(item.amount_fen for at, item in self.settled if at < before and _is_of(item, account))

    def estimate_fen(self, account: str | None = None) -> int:
        """Return what the office holds against an open file before anything is paid: the award, if it is covered."""
        return self.awarded_fen(account) if self.covered else 0

    def ultimate_fen(self, account: str | None = None) -> int:
        """Return what the claim takes from an account in the end, as the simulator knows it.

        An injury that is never reported costs nothing, however long the run; nor does a claim that was filed too
        late or given up. A pension costs what it is worth at the award, whenever it is paid and however long the
        pensioner lives.
        """
        return self.awarded_fen(account) if self.will_pay else 0

    @property
    def will_pay(self) -> bool:
        """Whether the award is paid in the end, be it after the run: filed in time, kept up, and confirmed."""
        lost = self.notified_at is None or self.barred or self.decision == "withdrawn"
        return self.confirmable and not lost

    def pay(
        self, now: int, items: Iterable[Item] | None = None, payees: dict[BenefitClass, str] | None = None
    ) -> None:
        """Pay items of the award that are not zero, and grant the pensions that are paid month by month.

        Parameters
        ----------
        now : int
            Minute of the payment.
        items : iterable of Item, optional
            Which items, by default all of them.
        payees : dict of class of benefit to payee, optional
            Classes that go to somebody else than the rider.
        """
        to = payees or {}
        for item in self.awards if items is None else items:
            if not item.amount_fen:
                continue
            self.settled.append((now, item))
            if item.pension is None:
                self.add(Payment(self, now, item, to.get(item.pays_for, RIDER)))
            else:
                grant = Grant(self, now, item, item.pension)
                self.granted.append(grant)
                self.cashbook.granted.append(grant)

    def add(self, payment: Payment) -> None:
        """Enter a payment into the file and into the scheme's cashbook."""
        self.paid.append(payment)
        self.cashbook.append(payment)

    def decide(self, decision: str, now: int) -> None:
        """Write the final decision into the file; it is the first one too where none was written before."""
        self.decision, self.decided_at = decision, now
        if self.first_decision is None:
            self.decide_first(decision, now)

    def decide_first(self, decision: str, now: int) -> None:
        """Write the office's own decision into the file, which review and appeal may change."""
        self.first_decision, self.first_decided_at = decision, now

    def bar(self) -> None:
        """Refuse the claim at its report, since it was filed too late."""
        assert self.notified_at is not None  # noqa: S101  (what is never filed is never late)
        self.decide("time_barred", self.notified_at)
        self.closed_at = self.notified_at


def _is_of(item: Item, account: str | None) -> bool:
    """Say whether an item is paid from an account, or without one named from any."""
    return item.account is not None if account is None else item.account == account
