"""A chain of offices: papers, confirmation, appraisal once recovered, payment."""

from __future__ import annotations

import simpy

from injurysim.books.claims.file import Claim
from injurysim.books.claims.handling import (
    Desks,
    Process,
    after_working_days,
    begin,
    next_opening,
    through,
    until,
    will_confirm,
)
from injurysim.books.draws import Draws
from injurysim.books.offices import NEVER
from injurysim.core.randomness import Purpose
from injurysim.scenario.handling import Offices


@begin.register
def _(rule: Offices, env: simpy.Environment, claim: Claim, desks: Desks) -> None:
    """Work out when the papers are complete: nothing happens in the offices before."""
    assert claim.notified_at is not None  # noqa: S101  (only what is notified begins)
    hours = desks["confirmation"].working_time
    papers = claim.draws.whole(Purpose.PAPERS, rule.papers_days)
    complete = after_working_days(hours, next_opening(hours, claim.notified_at), papers)
    if complete != NEVER:
        env.process(_file(rule, env, claim, desks, complete))


def _file(rule: Offices, env: simpy.Environment, claim: Claim, desks: Desks, complete: int) -> Process:
    """Accept and confirm; then treatment must end before appraisal, award and payment."""
    yield from until(env, complete)
    claim.accepted_at, claim.limit_days = int(env.now), rule.decision_limit_days.value
    confirmation = desks["confirmation"]

    case = yield from through(claim, confirmation, rule.confirmation.minutes, Purpose.CONFIRMATION_TIME)
    now = int(env.now)
    taken = confirmation.legal_time.working_days_between(claim.accepted_at, now)
    case.within_limit = taken <= rule.decision_limit_days.value
    claim.decide("confirmed" if claim.confirmable else "refused", now)
    if not claim.confirmable:
        claim.closed_at = now
        return

    if not claim.injured.fatal:
        yield from until(env, claim.injured.back_minute)
        if claim.injured.grade:
            yield from through(claim, desks["appraisal"], rule.appraisal.minutes, Purpose.APPRAISAL_TIME)
            claim.appraised_at = int(env.now)
    yield from through(claim, desks["payment"], rule.payment.minutes, Purpose.PAYMENT_TIME)
    claim.pay(int(env.now))
    claim.closed_at = int(env.now)


@will_confirm.register
def _(rule: Offices, draws: Draws, *, covered: bool) -> bool:
    return covered and draws.uniform(Purpose.CONFIRMATION_OUTCOME) < rule.confirmed_share.value
