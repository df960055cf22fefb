"""Designs in which every key of contributions, enrolment, cover, rating and attribution is set."""

from __future__ import annotations

from keys.building import ALL, JOIN, PER_ORDER, Document, design, scheme
from keys.world_scenes import START


def contributions() -> dict[str, Document]:
    """Return every contribution, collected in all ways."""
    common = {
        "payer": {"platform": "0.6", "worker": "0.4"},
        "lag_months": 1,
        "region_factors": {"west": "1.2"},
        "price_factor": "1.1",
    }
    kinds: dict[str, Document] = {
        "per_order": {"industries": PER_ORDER["industries"], "platforms": {"beta": "1.1"}},
        "per_online_hour": {"yuan": "0.3"},
        "per_engaged_hour": {"yuan": "0.4"},
        "per_day": {"yuan": 3},
        "per_month": {"yuan": 30, "once": True},
        "per_year": {"yuan": 365},
        "share_of_earnings": {"rate": "0.02"},
        "share_of_turnover": {"rate": "0.01", "at_most_of_earnings": "0.03"},
        "payroll": {
            "risk_classes": {2: "0.004", 5: "0.011"},
            "industries": {"food": 2, "parcel": 5, "taxi": 5},
            "floor_yuan": 1500,
            "ceiling_yuan": 4000,
        },
    }
    made = {f"pay-{kind}": {"kind": kind, **common, **rest} for kind, rest in kinds.items()}
    made["pay-turnover-least"] = {**made["pay-share_of_turnover"], "rate": "0.3"}
    made["pay-rate"] = {"kind": "payroll", **common, "rate": "0.012"}
    made["pay-free"] = {"kind": "none"}
    collected = {
        **made["pay-per_order"],
        "declared": {"share": "0.6", "platforms": {"beta": "0.7"}},
        "arrears": {
            "late_share": "0.4",
            "paid_after_months": 2,
            "written_off_share": "0.2",
            "platforms": {"beta": "0.3"},
        },
        "inspection": {
            "monthly_probability": "0.4",
            "looks_back_months": 2,
            "found_share": "0.8",
            "late_fee_per_day": "0.0005",
            "fine_share": "0.5",
            "honest_months": 1,
        },
    }
    return {
        name: design(scheme(contribution=each)) for name, each in {**made, "collected": collected}.items()
    }


def enrolments() -> dict[str, Document]:
    """Return every way of being insured, and all that may keep a rider outside."""
    joining: Document = {
        **JOIN,
        "platforms": {"beta": "2023-11-01"},
        "regions": {"west": {"joins": "2023-11-01", "platforms": {"alpha": "2023-12-01"}}},
        "orders_per_month_at_least": 1500,
    }
    chance = {"dates": {START: "0.4", "2023-12-01": "0.4"}}
    uncertain: Document = {
        **JOIN,
        "platforms": {"beta": chance},
        "regions": {"west": {"joins": chance, "platforms": {"alpha": chance}}},
    }
    choices: dict[str, Document] = {
        "share": {"share": "0.5", "groups": {"part": "0.4"}},
        "logit": {"a": "0.1", "b": "0.5", "benefit_yuan": 800},
        "risk": {"b": "0.4"},
        "willingness": {"multiple": "1.4", "benefit_yuan": 300},
    }
    condition = {"count": "days", "at_least": 14, "on": "one_platform", "months": 2}
    kinds: dict[str, Document] = {
        "mandatory": {},
        "default": {"opt_out": {"kind": "share", "share": "0.3"}, "decides_every_months": 2},
        "voluntary": {"choice": {"kind": "share", "share": "0.6"}, "decides_every_months": 2},
        "main_platform": {"by": "orders", "months": 1},
        "threshold": {"any_of": [condition, {**condition, "count": "orders", "at_least": 250}]},
    }
    made = {f"join-{kind}": {"kind": kind, **joining, **rest} for kind, rest in kinds.items()}
    made |= {f"plain-{kind}": {"kind": kind, **JOIN, **rest} for kind, rest in kinds.items()}
    # Only on alpha can a date move whose main platform another is.
    made["join-main_platform"] |= {"platforms": {"alpha": "2023-11-01"}}
    made["ledger"] = {**ALL, "ledger": {"completeness": "0.7", "reported_every_months": 2}}
    made["uncertain"] = {"kind": "mandatory", **uncertain}
    made["uncertain-all"] = {"kind": "mandatory", "joins": chance}
    for kind, rest in choices.items():
        choice = {"kind": kind, **rest}
        made[f"in-{kind}"] = {"kind": "voluntary", **JOIN, "choice": choice, "decides_every_months": 1}
        made[f"out-{kind}"] = {"kind": "default", **JOIN, "opt_out": choice, "decides_every_months": 1}
    eligible = {
        "relations": ["not_fully", "own_account"],
        "engagers": ["agent", "platform"],
        "industries": ["food", "taxi"],
        "platforms": ["alpha", "gamma"],
        "regions": ["east"],
        "groups": ["crew"],
        "age_from": 25,
        "age_below": 45,
    }
    found = {name: design(scheme(enrolment=each)) for name, each in made.items()}
    for key, only in eligible.items():
        found[f"eligible-{key}"] = design(scheme(eligible={key: only}))
    return {**found, "until": design(scheme(until="2023-12-01"))}


def covers() -> dict[str, Document]:
    """Return every window of cover, over work that is not all declared and bills that are not all paid."""
    late = {
        **PER_ORDER,
        "declared": {"share": "0.6"},
        "arrears": {"late_share": "0.8", "paid_after_months": 2},
    }
    common = {
        "waiting_days": 10,
        "excluded_share": "0.1",
        "undeclared": "fund_advances_and_recovers",
        "unpaid": "fund_advances_and_recovers",
        "unpaid_after_months": 1,
        "recovered_share": "0.7",
        "recovered_after_months": 1,
    }
    kinds: dict[str, Document] = {
        "order": {},
        "order_plus_minutes": {"minutes": 6},
        "online": {},
        "commute": {},
        "day": {},
    }
    return {
        f"cover-{kind}": design(scheme(contribution=late, cover={"kind": kind, **common, **rest}))
        for kind, rest in kinds.items()
    }


def ratings() -> dict[str, Document]:
    """Return every rating, by experience of few months."""
    experience = {
        "window_months": 2,
        "lag_months": 1,
        "first_effective": "2023-12-01",
        "every_months": 1,
        "newcomer_months": 1,
        "per_region": True,
    }
    steps = [{"grade": "a", "factor": "0.8"}, {"grade": "b", "factor": 1}, {"grade": "c", "factor": "1.3"}]
    grades = [
        {"grade": "first", "factor": 1, "from_ratio": 0},
        {"grade": "second", "factor": "1.5", "from_ratio": "0.5"},
        {"grade": "third", "factor": 2, "from_ratio": 2},
    ]
    capped = {**experience, "claim_cap_yuan": 2500}
    kinds: dict[str, Document] = {
        "set": {**capped, "newcomer": "first", "grades": grades},
        "ladder": {
            **capped,
            "newcomer": "b",
            "steps": steps,
            "down_to_ratio": "0.9",
            "up_above_ratio": "1.2",
        },
        "no_claim": {**experience, "steps": steps},
        "credibility": {**capped, "k_yuan": 5000, "smallest": "0.9", "largest": "1.1", "move": "0.5"},
        "none": {},
    }
    fixed = {"kind": "fixed", "factor": "1.2", "grade": "special"}
    made = {kind: {"kind": kind, **rest} for kind, rest in kinds.items()}
    made["estimated"] = {**made["credibility"], "smallest": "0.2", "largest": 5, "claim_cap_yuan": None}
    made["fixed"] = fixed
    found = {f"rating-{name}": design(scheme(rating=each)) for name, each in made.items()}
    # A no-claim step needs windows without a claim: few are hurt fatally, and only these are paid.
    death = {"death": {"kind": "death_sum", "times": 1, "yuan": 9000}}
    found["rating-no_claim-deaths"] = design(scheme(rating=made["no_claim"], benefits=death))
    return found


def attributions() -> dict[str, Document]:
    """Return attributions by recent work, on a cover that holds while waiting."""
    online = {"kind": "online"}
    accounts = {"fund": {"kind": "insurer", "opening_yuan": 5000}, "own": {"kind": "insurer"}}
    by_work = {"two_orders": "by_recent_earnings", "no_order": "by_online_time"}
    law = {
        "liable": by_work,
        "rating": by_work,
        "paying": by_work,
        "recent_months": 1,
        "platform_accounts": {"beta": "own", "alpha": "fund"},
    }
    return {"attribution": design(scheme(cover=online, attribution=law), accounts=accounts)}
