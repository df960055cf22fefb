"""Parts of the language that read well and are not at work yet: a scenario that uses one is refused, with its place.

Each line goes when the room that carries the part out is built.
"""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.scenario import (
    benefits,
    cover,
    designs,
    enrolment,
    fund,
    layer,
)
from injurysim.scenario.attribution import Whose
from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault
from injurysim.scenario.values import Part, Value, iter_parts

KINDS: tuple[type[Part], ...] = (
    # enrolment
    enrolment.Default,
    enrolment.Voluntary,
    enrolment.MainPlatform,
    enrolment.Threshold,
    enrolment.UncertainDate,
    enrolment.RegionJoining,
    enrolment.Register,
    # cover
    cover.OrderPlusMinutes,
    cover.CommuteWindow,
    cover.DayWindow,
    # benefits
    benefits.Nursing,
    benefits.AverageWageGrant,
    benefits.DailyAllowance,
    benefits.Survivors,
    # layers, fund, answers
    layer.Offset,
    layer.Secondary,
    fund.Borrow,
    fund.RaiseRate,
    fund.FromAccount,
    fund.Background,
    fund.Surplus,
    fund.ThirdPartyRecovery,
    designs.ThirdParty,
)

KEYS: dict[type[Part], tuple[str, ...]] = {
    designs.Scheme: ("until",),
    enrolment.Eligible: ("engagers", "platforms", "age_from", "age_below"),
    enrolment.Mandatory: ("orders_per_month_at_least",),
    Whose: ("two_orders", "no_order"),
    benefits.DisabilityPension: ("funding", "rises_a_year", "floor_yuan"),
    benefits.DependantsPension: ("funding", "rises_a_year"),
    benefits.OwnEarnings: ("on",),
    fund.Account: (
        "subsidy_yuan",
        "handling_yuan_per_claim",
        "handling_yuan",
        "prevention_share",
        "appraisal_yuan",
    ),
}
"""Keys by the part they stand in; and of every cover those below."""
COVER_KEYS = ("waiting_days", "excluded_share", "undeclared", "unpaid")


def awaiting_faults(scenario: Scenario) -> Iterator[Fault]:
    """Find what a scenario uses of the parts that are not at work yet."""
    for path, part in iter_parts(scenario):
        if isinstance(part, KINDS):
            kind = getattr(part, "kind", path[-1])
            yield (
                path,
                f"'{kind}' is part of the language but not available in this version.",
                "Leave it out.",
            )
        keys = KEYS.get(type(part), ())
        if "recovered_share" in type(part).model_fields and "excluded_share" in type(part).model_fields:
            keys += COVER_KEYS
        for key in keys:
            default = type(part).model_fields[key].get_default(call_default_factory=True)
            if _plain(getattr(part, key)) != _plain(default):
                what = f"'{key}' is part of the language but not available in this version."
                yield (*path, key), what, "Leave it out."


def _plain(value: object) -> object:
    return value.value if isinstance(value, Value) else value
