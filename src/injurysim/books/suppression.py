"""Claims that a platform keeps back, lest they cost it its grade."""

from __future__ import annotations

from typing import Protocol

from injurysim.books.draws import Draws
from injurysim.books.reporting import PLATFORM, Reported
from injurysim.core.randomness import Purpose
from injurysim.scenario.reporting import Suppression

SUPPRESSED = "suppressed"
"""Why such an injury is not reported."""


class Grades(Protocol):
    """What a platform knows of its own rating when it decides whether to file."""

    def would_lift(self, region: int, platform: int, month: int, *, amount_fen: int) -> bool:
        """Say whether so much more in benefits would lift the platform's paid ratio into a higher factor.

        Parameters
        ----------
        region, platform : int
            Codes of the region and the platform.
        month : int
            Month of the injury; only whole months before it count.
        amount_fen : int
            What the claim would take from the account.
        """
        ...


def kept_back(
    rule: Suppression,
    grades: Grades,
    reported: Reported,
    draws: Draws,
    *,
    region: int,
    platform: int,
    month: int,
    amount_fen: int,
) -> bool:
    """Say whether the platform keeps a claim back that it would have filed; then the worker does not file either."""
    if reported.by != PLATFORM:
        return False
    if draws.uniform(Purpose.SUPPRESSION) >= rule.share.value:
        return False
    return grades.would_lift(region, platform, month, amount_fen=amount_fen)
