"""Every design in which keys are set, by how it has to be run for them to move something."""

from __future__ import annotations

from keys import claim_scenes as claims
from keys import fund_scenes as funds
from keys import member_scenes as members
from keys.building import PER_ORDER, Document, design, scheme
from keys.world_scenes import stage

SIDE_BY_SIDE: Document = stage(
    {
        **members.contributions(),
        **members.enrolments(),
        **members.covers(),
        **members.ratings(),
        **members.attributions(),
        **claims.reports(),
        **claims.laws(),
        **claims.handlings(),
        **claims.benefits(),
        **funds.layers(),
        **funds.accounts(),
    }
)
"""Many designs on one world."""

LASTING: Document = stage(funds.reserves(), months=16, runoff_months=3)
"""Designs that go by what accounts hold, which is known after a year."""

ANSWERED: Document = design(
    scheme(
        benefits={"pay": {"kind": "recovery_pay", "wage_share": "0.6", "most_days": 90}},
        base_wage={"kind": "fixed", "yuan": 4000},
    ),
    responses={
        "recovery": {"elasticity": "0.8"},
        "pass_through": {"share": "0.5"},
        "leaving": {"elasticity": 2, "groups": {"part": 3}},
        "reclassified": {"from_relation": "labour_relation", "to_relation": "own_account", "share": "0.7"},
    },
)
"""A design that is answered to: it has a world of its own."""

PRICED: Document = design(
    scheme(contribution={**PER_ORDER, "breaks_even": {"replications": 1, "world": "stage", "loading": "0.1"}})
)
"""A design whose price is found first."""
