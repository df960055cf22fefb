"""Designs in which every key of layers and accounts is set."""

from __future__ import annotations

from keys.building import PER_ORDER, SUM, Document, design, scheme
from keys.claim_scenes import handlings


def layers() -> dict[str, Document]:
    """Return schemes after one another, and what stands beside a design."""
    two = {"pay": {"kind": "daily_allowance", "yuan": 50, "most_days": 9}, **SUM}
    first = scheme(benefits=two, eligible={"relations": ["not_fully"]})
    second = scheme(benefits={"pay": {"kind": "daily_allowance", "yuan": 40, "most_days": 20}})
    kinds = {kind: {"kind": kind, "layers": ["s0"]} for kind in ("offset", "secondary")}
    last = scheme(benefits={"pay": {"kind": "daily_allowance", "yuan": 90, "most_days": 20}, **SUM})
    found = {
        f"layer-{kind}": design(first, second, {**last, "layer": layer}) for kind, layer in kinds.items()
    }
    found["layer-stacked"] = design(first, {**last, "layer": {"kind": "stacked"}})
    medical = {"medical": {"kind": "medical", "catalogue_share": "0.8"}}
    found["beside"] = design(
        scheme(benefits=medical),
        accounts={
            "fund": {
                "kind": "insurer",
                "third_party_recovery": {"recovered_share": "0.3", "after_months": 2},
            }
        },
        basic_medical={"reimbursed_share": "0.45"},
        third_party={"at_fault_share": "0.4", "paid_share": "0.6", "deducted": True},
    )
    return found


def accounts() -> dict[str, Document]:
    """Return accounts with all they spend and receive, and every deficit rule."""
    spent = {
        "kind": "pool",
        "opening_yuan": 90000,
        "interest": {"annual_rate": "0.02", "base": "opening_plus_half_net"},
        "subsidy_yuan": {"dated": {"2022-01-01": 1000, "2023-12-01": 2000}},
        "handling_share": "0.03",
        "handling_yuan_per_claim": 15,
        "handling_yuan": 50,
        "prevention_share": "0.02",
        "appraisal_yuan": 30,
        "background": {"income_yuan": 1000, "outgo_yuan": 900},
    }
    reserves = {
        "reserve": {"kind": "insurer", "opening_yuan": 3000},
        "other": {"kind": "insurer", "opening_yuan": 9},
    }
    appraised = handlings()["offices"]["schemes"]["s0"]["handling"]
    deficits: dict[str, Document] = {
        "carry": {},
        "state_subsidy": {},
        "borrow": {"annual_rate": "0.04"},
        "from_account": {"account": "reserve"},
    }
    found = {"spent": design(scheme(handling=appraised), accounts={"fund": spent, **reserves})}
    for kind, rest in deficits.items():
        poor = {"kind": "insurer", "opening_yuan": 10, "deficit": {"kind": kind, **rest}}
        found[f"deficit-{kind}"] = design(scheme(), accounts={"fund": poor, **reserves})
    return found


def reserves() -> dict[str, Document]:
    """Return accounts that go by what they hold in months of outgo, which is known after a year."""
    few = {"fixed": {"kind": "fixed_sum", "yuan": 300}}
    rule = {"kind": "raise_rate", "step": "0.2", "most": "1.3", "release_months": 2}
    poor = {"kind": "insurer", "deficit": rule}
    rich = {"kind": "pool", "opening_yuan": 90000, "surplus": {"account": "reserve", "above_months": 3}}
    others = {"reserve": {"kind": "insurer"}, "other": {"kind": "insurer"}}
    late = scheme(contribution={**PER_ORDER, "lag_months": 2}, benefits=few)
    return {
        "surplus": design(scheme(benefits=few), accounts={"fund": rich, **others}),
        "released": design(late, accounts={"fund": poor}),
    }
