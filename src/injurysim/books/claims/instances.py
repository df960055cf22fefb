"""Review and appeal: a refused claim is taken further, or not, and may be confirmed after all."""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.books.draws import Draws
from injurysim.core.randomness import Purpose
from injurysim.scenario.handling import TwoStrands

ASKED, DAYS, UPHELD = 0, 1, 2
"""Numbers of the draws of one instance."""


def at_first(rule: TwoStrands, draws: Draws, *, covered: bool) -> bool:
    """Say whether the office itself confirms a claim."""
    return covered and draws.uniform(Purpose.CONFIRMATION_OUTCOME) < rule.confirmed_share.value


def taken_further(rule: TwoStrands, draws: Draws, *, covered: bool) -> Iterator[tuple[int, bool]]:
    """Yield for each instance a refused claim goes to the working days it takes and whether it confirms the claim.

    Only who was refused in review can appeal; nobody goes on after a confirmation.
    """
    for instance, purpose in ((rule.review, Purpose.REVIEW), (rule.appeal, Purpose.APPEAL)):
        if instance is None or draws.uniform(purpose, ASKED) >= instance.asked_share.value:
            return
        upheld = covered and draws.uniform(purpose, UPHELD) < instance.upheld_share.value
        yield draws.whole(purpose, instance.days, DAYS), upheld
        if upheld:
            return


def in_the_end(rule: TwoStrands, draws: Draws, *, covered: bool) -> bool:
    """Say whether a claim is confirmed by any instance."""
    return at_first(rule, draws, covered=covered) or any(
        upheld for _, upheld in taken_further(rule, draws, covered=covered)
    )
