"""What a scheme looks back over to say who is insured: measures of a month, and for how many months."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch

from injurysim.books.enrolment.price import measures_of
from injurysim.books.enrolment.year import MONTHS_LOOKED_BACK, RISK, WORK
from injurysim.scenario.choice import Choice, RiskChoice, StatedShare
from injurysim.scenario.designs import Scheme
from injurysim.scenario.document import Scenario
from injurysim.scenario.enrolment import Default, Enrolment, MainPlatform, Mandatory, Threshold, Voluntary

MAIN_BY = {"orders": "orders", "online_hours": "online_minutes", "earnings": "earnings_fen"}
"""The measure by which a platform is the main one."""
COUNTED = {
    "days": "days_worked",
    "orders": "orders",
    "online_hours": "online_minutes",
    "earnings_yuan": "earnings_fen",
}
"""The measure of each count of a condition."""

Looks = Iterable[tuple[str, int]]


@singledispatch
def looks_back(rule: Enrolment, law: Scheme) -> Looks:
    """Yield measures and months over which a kind of enrolment looks back."""
    raise NotImplementedError(f"nothing is known of how {type(rule).__name__} looks back")


@looks_back.register
def _(rule: Mandatory, law: Scheme) -> Looks:  # noqa: ARG001
    return ()


@looks_back.register
def _(rule: Default, law: Scheme) -> Looks:
    return _of_choice(rule.opt_out, law)


@looks_back.register
def _(rule: Voluntary, law: Scheme) -> Looks:
    return _of_choice(rule.choice, law)


def _of_choice(choice: Choice, law: Scheme) -> Looks:
    if isinstance(choice, StatedShare):
        return ()
    priced = () if isinstance(choice, RiskChoice) else measures_of(law.contribution)
    return [(measure, MONTHS_LOOKED_BACK) for measure in (WORK, RISK, *priced)]


@looks_back.register
def _(rule: MainPlatform, law: Scheme) -> Looks:  # noqa: ARG001
    return ((MAIN_BY[rule.by], rule.months.value),)


@looks_back.register
def _(rule: Threshold, law: Scheme) -> Looks:  # noqa: ARG001
    return [(COUNTED[condition.count], condition.months.value) for condition in rule.any_of]


def measures_asked_for(scenario: Scenario) -> dict[str, int]:
    """Return the measures that schemes of a scenario look back over, and the most months of each."""
    asked: dict[str, int] = {}
    for design in scenario.designs.values():
        for law in design.schemes.values():
            for measure, months in looks_back(law.enrolment, law):
                asked[measure] = max(asked.get(measure, 0), months)
    return asked
