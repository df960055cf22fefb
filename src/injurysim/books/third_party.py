"""Drivers at fault: whose fault an injury is, and what they pay of its loss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from injurysim.books.injured import Injured
from injurysim.core.money import share_fen
from injurysim.core.randomness import Purpose, Streams, digest64
from injurysim.core.sums import Truths
from injurysim.scenario.designs import ThirdParty


def injured_at_fault(law: ThirdParty, streams: Streams, injury_ids: Sequence[str]) -> Truths:
    """Say of each injury whether somebody else is at fault, shape (injuries,).

    Drawn for the injury, whatever scheme or design asks; a larger share adds injuries to those of a smaller one.
    """
    who = np.array([digest64(injury_id) for injury_id in injury_ids], np.uint64)
    fault: Truths = streams.uniform(Purpose.AT_FAULT, who) < float(law.at_fault_share.value)
    return fault


@dataclass(frozen=True, slots=True)
class Paid:
    """What a driver at fault pays for an injury: in all, and of it for medical cost."""

    total_fen: int = 0
    medical_fen: int = 0


NOTHING = Paid()


class Drivers:
    """What drivers at fault pay under a design.

    Parameters
    ----------
    law : ThirdParty, optional
        The rule; without one they pay nothing.
    streams : Streams
        Seed and replication.
    """

    def __init__(self, law: ThirdParty | None, streams: Streams) -> None:
        self._law, self._streams = law, streams
        self._paid: dict[str, Paid] = {}

    def take_in(self, injuries: Iterable[Injured]) -> None:
        """Work out what they pay for new injuries: a share of the loss, to medical cost first."""
        law, new = self._law, list(injuries)
        if law is None or not new:
            return
        fault = injured_at_fault(law, self._streams, [injured.injury_id for injured in new])
        for which in np.flatnonzero(fault).tolist():
            injured = new[which]
            total = share_fen(injured.loss_fen, law.paid_share.value)
            self._paid[injured.injury_id] = Paid(total, min(total, injured.medical_cost_fen))

    def paid(self, injury_id: str) -> Paid:
        """Return what they pay for an injury."""
        return self._paid.get(injury_id, NOTHING)

    def at_fault(self, injury_id: str) -> bool:
        """Say whether somebody else is at fault for an injury that was taken in."""
        return injury_id in self._paid

    def deducted_fen(self, injury_id: str) -> int:
        """Return the medical cost that schemes do not pay again."""
        return self.paid(injury_id).medical_fen if self._law is not None and self._law.deducted else 0
