"""Two strands of a claim: treatment runs from the injury, the file from the report.

They meet where the bill is whole and the claim confirmed: then medical cost and pay are settled, whatever the
appraisal still has to say. Grants and pensions by grade follow the appraisal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import simpy

from injurysim.books.claims.file import Claim, Item
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
from injurysim.books.claims.instances import at_first, in_the_end, taken_further
from injurysim.books.draws import Draws
from injurysim.books.offices import NEVER
from injurysim.core.calendar import MINUTES_PER_DAY
from injurysim.core.money import to_fen
from injurysim.core.randomness import Purpose
from injurysim.core.working_time import WorkingTime
from injurysim.scenario.benefits import BenefitClass
from injurysim.scenario.distribution import Random
from injurysim.scenario.handling import Suspension, TwoStrands

MEDICAL: BenefitClass = "medical"
BY_GRADE: BenefitClass = "disability"
"""The class of benefit that waits for the appraisal; everything else falls due when treatment ends."""
PAYEES: dict[str, dict[BenefitClass, str]] = {
    "worker": {},
    "platform": {MEDICAL: "platform"},
    "hospital": {MEDICAL: "hospital"},
}
"""Who receives a class of benefit other than the rider, by who has advanced the bill."""
FAST, DEATH, OTHER = 0, 1, 2
"""Priorities at the desks, the lowest first."""


@dataclass(frozen=True, slots=True)
class Lane:
    """How the offices treat a file.

    Attributes
    ----------
    priority : place before others in their queues.
    limit_days : working days from acceptance to the first decision.
    minutes : of the officer who confirms.
    payment_limit_days : working days to the payment, None without a limit.
    """

    priority: int
    limit_days: int
    minutes: Random
    payment_limit_days: int | None = None


def lane_of(rule: TwoStrands, claim: Claim) -> Lane:
    """Return the lane of a claim: fast for a small injury, clear where the facts are, else the usual one."""
    injured, fast, clear = claim.injured, rule.fast_lane, rule.clear
    if (
        fast is not None
        and not (injured.fatal or injured.grade)
        and injured.medical_cost_fen <= to_fen(fast.medical_at_most_yuan.value)
    ):
        return Lane(FAST, fast.limit_days.value, fast.minutes, fast.payment_limit_days.value)
    priority = DEATH if injured.fatal and rule.fatal_first else OTHER
    if clear is not None and claim.draws.uniform(Purpose.CLEAR) < clear.share.value:
        return Lane(priority, clear.limit_days.value, clear.minutes)
    return Lane(priority, rule.decision_limit_days.value, rule.confirmation.minutes)


@will_confirm.register
def _(rule: TwoStrands, draws: Draws, *, covered: bool) -> bool:
    return in_the_end(rule, draws, covered=covered)


@begin.register
def _(rule: TwoStrands, env: simpy.Environment, claim: Claim, desks: Desks) -> None:
    """Work out when the file is complete and checked: no officer has it in hand before."""
    accepted = _accepted_at(rule, claim, desks["confirmation"].working_time)
    if accepted != NEVER:
        env.process(_file(rule, env, claim, desks, accepted))


def _file(rule: TwoStrands, env: simpy.Environment, claim: Claim, desks: Desks, accepted: int) -> Process:
    """Accept, decide and perhaps decide anew, then settle and close."""
    hours, lane = desks["confirmation"].working_time, lane_of(rule, claim)
    yield from until(env, accepted)
    claim.accepted_at, claim.limit_days = accepted, lane.limit_days
    yield from _decided(rule, env, claim, desks, lane)
    if claim.first_decision == "refused":
        yield from _decided_anew(rule, env, claim, hours)
    if claim.decision == "confirmed":
        yield from _settled(rule, env, claim, desks, lane)
    claim.closed_at = int(env.now)


def _awaited(claim: Claim, rule: Suspension | None, purpose: Purpose) -> int | None:
    """Return the working days for which something is awaited, None where nothing is."""
    if rule is None or claim.draws.uniform(purpose) >= rule.share.value:
        return None
    return claim.draws.whole(purpose, rule.days, 1)


def _accepted_at(rule: TwoStrands, claim: Claim, hours: WorkingTime) -> int:
    """Return when the file is complete and has been checked."""
    assert claim.notified_at is not None  # noqa: S101  (only what is notified begins)
    missing = _awaited(claim, rule.papers, Purpose.PAPERS) or 0
    checking = claim.draws.whole(Purpose.ACCEPTANCE_TIME, rule.acceptance_days)
    complete = after_working_days(hours, next_opening(hours, claim.notified_at), missing)
    return after_working_days(hours, complete, checking)


def _decided(rule: TwoStrands, env: simpy.Environment, claim: Claim, desks: Desks, lane: Lane) -> Process:
    """Wait for the police, then for an officer, until one decides or the claimant gives up.

    Who gives up while the file is in hand leaves it there: the officer finishes it, to no end.
    """
    office, accepted = desks["confirmation"], int(env.now)
    gives_up, patience = NEVER, rule.withdrawal
    if patience is not None and claim.draws.uniform(Purpose.WITHDRAWAL) < patience.share.value:
        days = claim.draws.whole(Purpose.WITHDRAWAL, patience.days, 1)
        gives_up = after_working_days(office.working_time, accepted, days)
    police = _awaited(claim, rule.police, Purpose.POLICE)
    if police is not None:
        findings = after_working_days(office.working_time, accepted, police)
        claim.suspended = accepted, min(findings, gives_up)
        yield from until(env, claim.suspended[1])
    if gives_up <= env.now:
        claim.decide("withdrawn", int(env.now))
        return

    case, done = office.handle(
        priority=lane.priority,
        accepted_at=accepted,
        claim=claim.claim_id,
        minutes=claim.draws.whole(Purpose.CONFIRMATION_TIME, lane.minutes),
        leaves_at=None if gives_up == NEVER else gives_up,
    )
    yield done if gives_up == NEVER else done | env.timeout(gives_up - env.now)
    now = int(env.now)
    if case.finished is None or case.finished > now:
        claim.decide("withdrawn", now)
        return
    case.within_limit = days_run(claim, office.legal_time, now) <= lane.limit_days
    if at_first(rule, claim.draws, covered=claim.covered):
        claim.decide("confirmed", now)
    else:
        claim.decide_first("refused", now)


def days_run(claim: Claim, days: WorkingTime, now: int) -> int:
    """Return the working days for which the limit of an accepted claim has run; it stood still while suspended."""
    assert claim.accepted_at is not None  # noqa: S101  (no limit runs before)
    run = days.working_days_between(claim.accepted_at, now)
    return run if claim.suspended is None else run - days.working_days_between(*claim.suspended)


def _decided_anew(rule: TwoStrands, env: simpy.Environment, claim: Claim, hours: WorkingTime) -> Process:
    """Take a refused claim as far as the claimant goes."""
    for days, upheld in taken_further(rule, claim.draws, covered=claim.covered):
        yield from until(env, after_working_days(hours, int(env.now), days))
        if upheld:
            claim.decide("confirmed", int(env.now))
            return
    claim.decide("refused", int(env.now))


def _settled(rule: TwoStrands, env: simpy.Environment, claim: Claim, desks: Desks, lane: Lane) -> Process:
    """Pay what treatment has cost once it has ended, and what goes by grade once that is known."""
    injured, confirmed_at = claim.injured, int(env.now)
    if not injured.fatal:
        yield from until(env, injured.back_minute)
    due, payees = list(claim.awards), PAYEES[rule.treatment.advanced_by]
    if rule.treatment.advanced_by == "hospital":
        # It settles with the account directly: no desk stands between.
        claim.pay(int(env.now), [item for item in due if item.pays_for == MEDICAL], payees)
        due = [item for item in due if item.pays_for != MEDICAL]

    def paid(items: Iterable[Item], attempt: int) -> Process:
        case = yield from through(
            claim,
            desks["payment"],
            rule.payment.minutes,
            Purpose.PAYMENT_TIME,
            priority=lane.priority,
            attempt=attempt,
        )
        if lane.payment_limit_days is not None:
            taken = desks["payment"].legal_time.working_days_between(
                max(confirmed_at, case.arrived), int(env.now)
            )
            case.within_limit = taken <= lane.payment_limit_days
        claim.pay(int(env.now), items, payees)

    if injured.fatal or not injured.grade:
        yield from paid(due, 0)
        return
    by_grade = [item for item in due if item.pays_for == BY_GRADE]
    at_once = [item for item in due if item.amount_fen and item.pays_for != BY_GRADE]
    first = env.process(paid(at_once, 0)) if at_once else None
    yield from _appraised(rule, env, claim, desks, lane)
    yield from paid(by_grade, 1)
    if first is not None:
        yield first


def _appraised(rule: TwoStrands, env: simpy.Environment, claim: Claim, desks: Desks, lane: Lane) -> Process:
    """Wait until the state is stable, apply to the board and be appraised."""
    yield from until(env, claim.injured.back_minute + rule.stable_days.value * MINUTES_PER_DAY)
    board = desks["appraisal"]
    case = yield from through(
        claim, board, rule.appraisal.minutes, Purpose.APPRAISAL_TIME, priority=lane.priority
    )
    claim.appraised_at = int(env.now)
    if rule.appraisal_limit_days is not None:
        taken = board.legal_time.working_days_between(case.arrived, claim.appraised_at)
        case.within_limit = taken <= rule.appraisal_limit_days.value
