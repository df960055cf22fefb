"""The offices of a region: confirmation, appraisal board and payment."""

from __future__ import annotations

import simpy

from injurysim.books.claims.handling import open_desks
from injurysim.books.offices import ANY_DAY, Office
from injurysim.core.calendar import Calendar
from injurysim.scenario.handling import Board, Desk, Immediate, Offices, TwoStrands


@open_desks.register
def _(rule: Immediate, env: simpy.Environment, calendar: Calendar, region: str) -> dict[str, Office]:  # noqa: ARG001
    return {}


@open_desks.register(Offices)
@open_desks.register(TwoStrands)
def _(
    rule: Offices | TwoStrands, env: simpy.Environment, calendar: Calendar, region: str
) -> dict[str, Office]:
    def desk(law: Desk) -> Office:
        return Office(
            env,
            calendar,
            law.regions.get(region, law.staff).value,
            leave={month: share.value for month, share in law.leave.items()},
            opens_minute=rule.opens_hour * 60,
            closes_minute=rule.closes_hour * 60,
            slot_minutes=rule.slot_minutes,
            sitting_weekdays=law.sitting_weekdays if isinstance(law, Board) else ANY_DAY,
            round_the_clock=rule.round_the_clock,
        )

    return {
        "confirmation": desk(rule.confirmation),
        "appraisal": desk(rule.appraisal),
        "payment": desk(rule.payment),
    }
