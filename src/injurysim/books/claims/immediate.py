"""Confirmed, awarded and paid at the instant of the report."""

from __future__ import annotations

import simpy

from injurysim.books.claims.file import Claim
from injurysim.books.claims.handling import Desks, begin, will_confirm
from injurysim.books.draws import Draws
from injurysim.scenario.handling import Immediate


@begin.register
def _(rule: Immediate, env: simpy.Environment, claim: Claim, desks: Desks) -> None:  # noqa: ARG001
    """Decide the claim in one event: where nothing is waited for there is no need of a process."""
    assert claim.notified_at is not None  # noqa: S101  (only what is notified begins)
    at = max(claim.notified_at, int(env.now))
    env.timeout(at - env.now).callbacks.append(lambda _: _settle(claim, at))


def _settle(claim: Claim, now: int) -> None:
    claim.accepted_at = claim.closed_at = now
    claim.decide("confirmed" if claim.confirmable else "refused", now)
    if claim.confirmable:
        claim.pay(now)


@will_confirm.register
def _(rule: Immediate, draws: Draws, *, covered: bool) -> bool:  # noqa: ARG001
    return covered
