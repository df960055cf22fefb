"""The file of a claim: what is in it, what it is worth, what of it is paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from injurysim.books.draws import Draws
from injurysim.books.injured import Injured

NOT_COVERED, NOT_CLAIMED = "not_covered", "not_claimed"
RIDER = "rider"
"""Who receives a payment, unless somebody else has advanced the bill; of a death it is the family."""


@dataclass(frozen=True, slots=True)
class Item:
    """One benefit of an award; by what it pays for an office knows when it falls due."""

    benefit: str
    payer: str
    account: str | None
    amount_fen: int
    pays_for: str


@dataclass(frozen=True, slots=True)
class Payment:
    """An item of an award, paid at a minute to the rider or to who has advanced the bill."""

    claim: Claim
    paid_at: int
    item: Item
    payee: str = RIDER


@dataclass(slots=True)
class Claim:
    """The file of one injury under one scheme; minutes are from the scenario's first midnight.

    Attributes
    ----------
    awards : what the law gives if the claim is confirmed; empty for an injury that is never reported.
    liable : index of the liable platform.
    confirmable : whether it is confirmed in the end, by whatever instance (nobody need decide within the run).
    cashbook : payments of the scheme, in the order of time, to which the claim adds its own.
    filed_by : who files it, None where reporting does not tell.
    silence : why it is never reported although somebody would have, None without such a reason.
    barred : whether it is filed too late.
    limit_days : working days the law allows from acceptance to the first decision, None without a limit.
    suspended : minutes between which the limit stands still, None when it never does.
    first_decision, first_decided_at : of the office itself.
    decision, decided_at : after review and appeal; the same where there is neither.
    paid : payments of this claim.
    """

    injured: Injured
    scheme: str
    liable: int
    covered: bool
    draws: Draws
    awards: tuple[Item, ...]
    notified_at: int | None
    confirmable: bool
    cashbook: list[Payment]
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

    def awarded_fen(self, account: str) -> int:
        """Return what the award takes from an account."""
        return sum(item.amount_fen for item in self.awards if item.account == account)

    def paid_fen(self, account: str, before: int) -> int:
        """Return what an account has paid on the claim before a minute."""
        return sum(
            each.item.amount_fen
            for each in self.paid
            if each.item.account == account and each.paid_at < before
        )

    def estimate_fen(self, account: str) -> int:
        """Return what the office holds against an open file before anything is paid: the award, if it is covered."""
        return self.awarded_fen(account) if self.covered else 0

    def ultimate_fen(self, account: str) -> int:
        """Return what the claim takes from an account in the end, as the simulator knows it.

        An injury that is never reported costs nothing, however long the run; nor does a claim that was filed too
        late or given up.
        """
        if self.notified_at is None or self.barred or self.decision == "withdrawn" or not self.confirmable:
            return 0
        return self.awarded_fen(account)

    def pay(
        self, now: int, items: Iterable[Item] | None = None, payees: dict[str, str] | None = None
    ) -> None:
        """Pay items of the award that are not zero, by default all of them.

        Parameters
        ----------
        now : int
            Minute of the payment.
        items : iterable of Item, optional
            Which items.
        payees : dict of class to payee, optional
            Who receives benefits of a class, where it is somebody else than the rider.
        """
        to = payees or {}
        for item in self.awards if items is None else items:
            if item.amount_fen:
                self.add(Payment(self, now, item, to.get(item.pays_for, RIDER)))

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
