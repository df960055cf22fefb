"""Faults of benefits: a wage or an annuity that a benefit needs and the scheme does not have."""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.scenario.benefits import (
    DependantsPension,
    DisabilityGrant,
    DisabilityPension,
    Nursing,
    RecoveryPay,
    Survivors,
)
from injurysim.scenario.designs import Scheme
from injurysim.scenario.faults import Fault, Path

WAGE_BENEFITS = (RecoveryPay, DisabilityGrant, DisabilityPension, DependantsPension, Survivors)
ANNUITY_BENEFITS = (DisabilityPension, DependantsPension, Survivors, Nursing)


def benefit_faults(at: Path, scheme: Scheme) -> Iterator[Fault]:
    """Find the faults of a scheme's benefits."""
    for name, benefit in scheme.benefits.items():
        where = (*at, "benefits", name)
        if isinstance(benefit, WAGE_BENEFITS) and scheme.base_wage is None:
            yield (
                where,
                "this benefit is a share of the base wage, and the scheme has none.",
                "Add `base_wage`.",
            )
        if isinstance(benefit, ANNUITY_BENEFITS) and scheme.annuity is None:
            yield where, "a pension is valued by an annuity, and the scheme has none.", "Add `annuity`."
