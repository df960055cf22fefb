"""What accounts get back of what they paid: from drivers at fault, and from platforms whose debts they advanced."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from injurysim.books.claims import Payment
from injurysim.books.third_party import Drivers
from injurysim.core.money import share_fen
from injurysim.scenario.designs import Design


class Recoveries:
    """What is due to come back, by month and account; what falls due after the run is not recovered within it.

    Parameters
    ----------
    design : Design
        Its accounts.
    drivers : Drivers
        Who of the injured was hurt by somebody else's fault.
    """

    def __init__(self, design: Design, drivers: Drivers) -> None:
        self._accounts, self._drivers = design.accounts, drivers
        self._due: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def note(self, month: int, payment: Payment) -> None:
        """Note what a payment of a month brings back, each recovery half up to the fen."""
        account, claim = payment.item.account, payment.claim
        if account is None:
            return
        if claim.advance is not None:
            self._expect(month, payment, claim.advance.recovered_share, claim.advance.after_months)
        law = self._accounts[account].third_party_recovery
        if (
            law is not None
            and payment.item.pays_for == "medical"
            and self._drivers.at_fault(claim.injured.injury_id)
        ):
            self._expect(month, payment, law.recovered_share.value, law.after_months.value)

    def _expect(self, month: int, payment: Payment, share: Decimal, after_months: int) -> None:
        self._due[month + after_months][str(payment.item.account)] += share_fen(
            payment.item.amount_fen, share
        )

    def due(self, month: int) -> dict[str, int]:
        """Return what comes back in a month, by account."""
        return self._due.pop(month, {})
