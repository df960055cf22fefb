"""Parts of the language that read well and are not at work yet: a scenario that uses one is refused, with its place.

Each line goes when the room that carries the part out is built.
"""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.scenario import (
    benefits,
    collection,
    contribution,
    cover,
    designs,
    enrolment,
    fund,
    handling,
    layer,
    rating,
    responses,
)
from injurysim.scenario.attribution import Whose
from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault
from injurysim.scenario.reporting import ReportBySeverity
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
    # contribution
    contribution.PerOnlineHour,
    contribution.PerEngagedHour,
    contribution.PerYear,
    contribution.ShareOfEarnings,
    contribution.ShareOfTurnover,
    contribution.BreakEven,
    collection.Declared,
    collection.Arrears,
    collection.Inspection,
    # rating
    rating.SetRating,
    rating.Ladder,
    rating.NoClaim,
    rating.Credibility,
    # handling
    handling.TwoStrands,
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
    responses.Responses,
)

KEYS: dict[type[Part], tuple[str, ...]] = {
    designs.Design: ("template",),
    designs.Scheme: ("until",),
    enrolment.Eligible: ("engagers", "platforms", "age_from", "age_below"),
    enrolment.Mandatory: ("orders_per_month_at_least",),
    contribution.PerMonth: ("once",),
    contribution.Payroll: ("risk_classes",),
    Whose: ("two_orders", "no_order"),
    ReportBySeverity: ("relations", "platforms", "awareness", "filing", "suppression"),
    handling.Desk: ("regions", "leave"),
    handling.Board: ("regions", "leave"),
    handling.Offices: ("round_the_clock",),
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
"""Keys by the part they stand in; and of every contribution and cover those below."""
CONTRIBUTION_KEYS = ("region_factors", "price_factor")
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
        if "payer" in type(part).model_fields and "lag_months" in type(part).model_fields:
            keys += CONTRIBUTION_KEYS
            if isinstance(getattr(part, "payer", None), dict):
                yield (
                    (*path, "payer"),
                    "a split between payers is not available in this version.",
                    "Name one payer.",
                )
        if "recovered_share" in type(part).model_fields and "excluded_share" in type(part).model_fields:
            keys += COVER_KEYS
        for key in keys:
            default = type(part).model_fields[key].get_default(call_default_factory=True)
            if _plain(getattr(part, key)) != _plain(default):
                what = f"'{key}' is part of the language but not available in this version."
                yield (*path, key), what, "Leave it out."


def _plain(value: object) -> object:
    return value.value if isinstance(value, Value) else value
