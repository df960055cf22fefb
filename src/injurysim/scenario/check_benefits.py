"""Faults of benefits: a wage or an annuity that the scheme does not have, numbers of people that could be negative."""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.scenario.benefits import (
    DependantsPension,
    DisabilityGrant,
    DisabilityPension,
    Medical,
    OwnEarnings,
    PensionBenefit,
    RecoveryPay,
    Survivors,
)
from injurysim.scenario.designs import Scheme
from injurysim.scenario.document import Horizon
from injurysim.scenario.faults import Fault, Path, floor_above_ceiling, outside

WAGE_BENEFITS = (RecoveryPay, DisabilityGrant, DisabilityPension, DependantsPension, Survivors)
HALF_A_PERSON = 0.5


def benefit_faults(at: Path, scheme: Scheme, horizon: Horizon) -> Iterator[Fault]:
    """Find the faults of a scheme's benefits."""
    wage = scheme.base_wage
    if isinstance(wage, OwnEarnings):
        yield from floor_above_ceiling((*at, "base_wage"), wage.floor_yuan, wage.ceiling_yuan, horizon.start)
    for name, benefit in scheme.benefits.items():
        where = (*at, "benefits", name)
        if isinstance(benefit, WAGE_BENEFITS) and scheme.base_wage is None:
            yield (
                where,
                "this benefit is a share of the base wage, and the scheme has none.",
                "Add `base_wage`.",
            )
        if isinstance(benefit, PensionBenefit) and scheme.annuity is None:
            yield where, "a pension is valued by an annuity, and the scheme has none.", "Add `annuity`."
        if isinstance(benefit, Medical) and benefit.limit_yuan is not None:
            limit, deductible = benefit.limit_yuan.value, benefit.deductible_yuan.value
            if limit < deductible:
                what = f"the limit of {limit} yuan lies below the deductible of {deductible}: nothing is ever paid."
                yield (*where, "limit_yuan"), what, "Both are counted from the ground up."
        if isinstance(benefit, Survivors):
            # A number is rounded half up, so what lies above -0.5 is no negative number.
            yield from outside(
                (*where, "children"), benefit.children, "the number of children could", -HALF_A_PERSON
            )
            yield from outside(
                (*where, "parents"), benefit.parents, "the number of parents could", -HALF_A_PERSON
            )
            yield from outside(
                (*where, "child_age_years"), benefit.child_age_years, "the age of a child could", 0
            )
