"""What accounts get back of what they paid: from drivers at fault, and from platforms whose debts they advanced."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from injurysim.books.claims import Payment
from injurysim.books.third_party import injured_at_fault
from injurysim.core.money import share_fen
from injurysim.core.randomness import Streams
from injurysim.scenario.benefits import Medical
from injurysim.scenario.designs import Design


class Recoveries:
    """What is due to come back, by month and account; what falls due after the run is not recovered within it.

    Parameters
    ----------
    design : Design
        Its accounts, schemes and drivers at fault.
    streams : Streams
        Seed and replication.
    """

    def __init__(self, design: Design, streams: Streams) -> None:
        self._accounts, self._third_party, self._streams = design.accounts, design.third_party, streams
        self._medical = {
            (name, benefit)
            for name, law in design.schemes.items()
            for benefit, kind in law.benefits.items()
            if isinstance(kind, Medical)
        }
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
            and self._third_party is not None
            and (claim.scheme, payment.item.benefit) in self._medical
            and injured_at_fault(self._third_party, self._streams, [claim.injured.injury_id])[0]
        ):
            self._expect(month, payment, law.recovered_share.value, law.after_months.value)

    def _expect(self, month: int, payment: Payment, share: Decimal, after_months: int) -> None:
        self._due[month + after_months][str(payment.item.account)] += share_fen(
            payment.item.amount_fen, share
        )

    def due(self, month: int) -> dict[str, int]:
        """Return what comes back in a month, by account."""
        return self._due.pop(month, {})
