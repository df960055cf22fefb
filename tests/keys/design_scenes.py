"""Designs in which every key of a design is set, each where changing it moves something."""

from __future__ import annotations

from typing import Any

from world_scenes import START

Document = dict[str, Any]

JOIN = {"joins": START}
ALL: Document = {"kind": "mandatory", **JOIN}
PER_ORDER: Document = {
    "kind": "per_order",
    "payer": {"platform": "0.6", "worker": "0.4"},
    "industries": {"food": "0.5", "parcel": "1.5", "taxi": "0.7"},
}
ANNUITY = {
    "interest": "0.03",
    "makeham_a": 0.00022,
    "makeham_b": 0.0000027,
    "makeham_c": 1.124,
    "extra_force": "0.01",
    "source": "survey",
    "grade": "assumption",
    "note": "illustrative",
}
SUM: Document = {"fixed": {"kind": "fixed_sum", "yuan": 3000}}
SHARES: Document = {"kind": "by_severity", "severities": {"mild": "0.6", "serious": "0.8", "fatal": "0.9"}}


def scheme(account: str = "fund", **changes: Any) -> Document:
    """Return a scheme that insures all at once and pays a sum on the spot; what is given is otherwise."""
    return {
        "account": account,
        "enrolment": ALL,
        "contribution": PER_ORDER,
        "cover": {"kind": "order"},
        "reporting": {"kind": "all"},
        "handling": {"kind": "immediate"},
        "benefits": SUM,
        **changes,
    }


def design(*schemes: Document, accounts: Document | None = None, **changes: Any) -> Document:
    """Return a design of schemes named ``s0``, ``s1`` and so on, on one insurer's account."""
    return {
        "accounts": accounts or {"fund": {"kind": "insurer", "opening_yuan": 5000}},
        "schemes": {f"s{number}": each for number, each in enumerate(schemes)},
        **changes,
    }


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
    return {name: design(scheme(contribution=each)) for name, each in {**made, "collected": collected}.items()}


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
        "claim_cap_yuan": 2500,
        "per_region": True,
    }
    steps = [{"grade": "a", "factor": "0.8"}, {"grade": "b", "factor": 1}, {"grade": "c", "factor": "1.3"}]
    grades = [
        {"grade": "first", "factor": 1, "from_ratio": 0},
        {"grade": "second", "factor": "1.5", "from_ratio": "0.5"},
        {"grade": "third", "factor": 2, "from_ratio": 2},
    ]
    kinds: dict[str, Document] = {
        "set": {**experience, "newcomer": "first", "grades": grades},
        "ladder": {
            **experience,
            "newcomer": "b",
            "steps": steps,
            "down_to_ratio": "0.9",
            "up_above_ratio": "1.2",
        },
        "no_claim": {**experience, "steps": steps},
        "credibility": {**experience, "k_yuan": 5000, "smallest": "0.9", "largest": "1.1", "move": "0.5"},
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


def reports() -> dict[str, Document]:
    """Return reports by severity: after a delay, by who files, and kept back."""
    lagged = {
        **SHARES,
        "not_covered_factor": "0.3",
        "lag_days": {"kind": "exponential", "mean": 3},
        "relations": {"own_account": "0.6", "not_fully": "0.7"},
        "platforms": {"beta": "1.2", "alpha": "0.7"},
        "awareness": {"dated": {START: "0.8", "2023-12-01": "1.1"}},
    }
    filed = {
        **SHARES,
        "not_covered_factor": "0.3",
        "filing": {
            "platform_share": "0.5",
            "platform_days": {"kind": "exponential", "mean": 10},
            "platform_bar_days": 15,
            "worker_days": {"kind": "exponential", "mean": 20},
            "worker_bar_days": 30,
        },
    }
    suppressed = {**filed, "suppression": {"share": "0.5"}}
    rating = ratings()["rating-set"]["schemes"]["s0"]["rating"]
    return {
        "lagged": design(scheme(reporting=lagged)),
        "filed": design(scheme(reporting=filed)),
        "kept-back": design(scheme(reporting=suppressed, rating={**rating, "lag_months": 0})),
    }


def laws() -> dict[str, Document]:
    """Return every distribution, as the days until a report."""
    said = {"source": "survey", "clause": "table 1", "grade": "study", "note": "said"}
    families: list[Document] = [
        {"kind": "constant", "value": 5},
        {"kind": "exponential", "mean": 4},
        {"kind": "gamma", "mean": 5, "cv": 0.5},
        {"kind": "gamma", "shape": 2, "scale": 3},
        {"kind": "weibull", "mean": 5, "cv": 0.5},
        {"kind": "weibull", "shape": 2, "scale": 3},
        {"kind": "lognormal", "mean": 5, "cv": 0.5},
        {"kind": "lognormal", "mu": 1.2, "sigma": 0.4},
        {"kind": "lognormal", "median": 4, "sigma": 0.4},
        {"kind": "pareto", "mean": 5, "cv": 1.5},
        {"kind": "pareto", "alpha": 3, "theta": 5},
        {"kind": "uniform", "low": 1, "high": 9},
        {"kind": "poisson", "mean": 4},
        {"kind": "empirical", "values": [1, 4, 9]},
        {"kind": "discrete", "values": [1, 4, 9], "weights": [1, 2, 1]},
        {
            "kind": "mixture",
            "weights": [1, 2],
            "parts": [{"kind": "constant", "value": 2}, {"kind": "exponential", "mean": 5}],
        },
    ]
    found = {}
    for number, law in enumerate(families):
        between = {} if law["kind"] == "constant" else {"between": [0.5, 8]}
        report = {**SHARES, "not_covered_factor": "0.3", "lag_days": {**law, **said, **between}}
        found[f"law-{number}"] = design(scheme(reporting=report))
    return found


def handlings() -> dict[str, Document]:
    """Return offices with too few staff, with and without the two strands, and what a claim meets there."""
    desk: Document = {"minutes": {"kind": "gamma", "mean": 1500, "cv": 1}, "regions": {"west": 2}}
    offices: Document = {
        "confirmation": {"staff": 3, **desk, "leave": {11: "0.4"}},
        "confirmed_share": "0.8",
        "decision_limit_days": 8,
        "appraisal": {
            "staff": 3,
            "minutes": {"kind": "constant", "value": 600},
            "sitting_weekdays": [1, 3],
            "regions": {"west": 2},
            "leave": {12: "0.4"},
        },
        "payment": {"staff": 3, **desk, "leave": {12: "0.4"}},
        "opens_hour": 8,
        "closes_hour": 18,
        "slot_minutes": 15,
    }
    chain = {"kind": "offices", "papers_days": {"kind": "exponential", "mean": 3}, **offices}
    strands: Document = {
        "kind": "two_strands",
        **offices,
        "acceptance_days": {"kind": "constant", "value": 2},
        "papers": {"share": "0.4", "days": {"kind": "exponential", "mean": 6}},
        "police": {"share": "0.3", "days": {"kind": "exponential", "mean": 8}},
        "clear": {"share": "0.5", "limit_days": 5, "minutes": {"kind": "constant", "value": 200}},
        "fast_lane": {
            "medical_at_most_yuan": 800,
            "limit_days": 2,
            "payment_limit_days": 1,
            "minutes": {"kind": "constant", "value": 60},
        },
        "withdrawal": {"share": "0.3", "days": {"kind": "exponential", "mean": 5}},
        "review": {"asked_share": "0.6", "days": {"kind": "exponential", "mean": 6}, "upheld_share": "0.5"},
        "appeal": {"asked_share": "0.6", "days": {"kind": "exponential", "mean": 6}, "upheld_share": "0.5"},
        "treatment": {"advanced_by": "hospital"},
        "stable_days": 10,
        "appraisal_limit_days": 3,
        "fatal_first": True,
    }
    quick = {**strands, "confirmed_share": "0.3", "withdrawal": None}
    laws = {"offices": chain, "two-strands": strands, "refused": quick}
    laws |= {f"{name}-always": {**laws[name], "round_the_clock": True} for name in ("offices", "two-strands")}
    benefits = {
        **SUM,
        "medical": {"kind": "medical"},
        "grant": {"kind": "disability_sum", "sum_yuan": 9000, "share": {10: 1, 5: 1, 1: 1}},
    }
    return {name: design(scheme(handling=each, benefits=benefits)) for name, each in laws.items()}


def benefits() -> dict[str, Document]:
    """Return every benefit at once, paid in capital and as they go, on both base wages."""
    pension = {"funding": "pay_as_you_go", "rises_a_year": "0.04"}
    wage = {"average_wage_yuan": 8000}
    every: Document = {
        "medical": {
            "kind": "medical",
            "catalogue_share": "0.85",
            "limit_yuan": 1500,
            "deductible_yuan": 100,
            "paid_share": "0.9",
        },
        "pay": {"kind": "recovery_pay", "wage_share": "0.6", "waiting_days": 3, "most_days": 10},
        "grant": {"kind": "disability_grant", "months": {1: 27, 5: 12, 10: 7}},
        "pension": {
            "kind": "disability_pension",
            "wage_share": {1: "0.9", 5: "0.3"},
            "floor_yuan": 2000,
            **pension,
        },
        "nursing": {
            "kind": "nursing",
            "wage_share": {1: "0.5", 5: "0.4"},
            **wage,
            "needed_share": "0.6",
            **pension,
        },
        "average": {"kind": "average_wage_grant", "months": {5: 10, 10: 8}, **wage},
        "insured": {"kind": "disability_sum", "sum_yuan": 60000, "share": {1: 1, 5: "0.5", 10: "0.1"}},
        "death": {"kind": "death_sum", "times": 20, "yuan": 47412},
        "funeral": {"kind": "funeral", "months": 6, **wage},
        "dependants": {"kind": "dependants_pension", "wage_share": "0.5", "years": 12, **pension},
        "survivors": {
            "kind": "survivors",
            "spouse_share": "0.4",
            "other_share": "0.3",
            "orphan_extra": "0.1",
            "together_at_most": "0.9",
            "has_spouse": "0.6",
            "children": {"kind": "poisson", "mean": 1.5},
            "child_age_years": {"kind": "uniform", "low": 0, "high": 17},
            "child_until_age": 18,
            "parents": {"kind": "discrete", "values": [0, 2], "weights": [1, 1]},
            "parent_years": 15,
            "spouse_years": 25,
            **pension,
        },
        "meals": {"kind": "daily_allowance", "yuan": 50, "waiting_days": 1, "most_days": 10},
        "fixed": {"kind": "fixed_sum", "yuan": 300},
    }
    own: Document = {
        "kind": "own_earnings",
        "on": "same_industry",
        "months": 1,
        "floor_yuan": 2500,
        "ceiling_yuan": 6000,
    }
    named = {
        name: design(scheme(benefits={name: each}, base_wage={"kind": "fixed", "yuan": 6000}, annuity=ANNUITY))
        for name, each in every.items()
    }
    pay = {"pay": {"kind": "recovery_pay", "wage_share": "0.6", "most_days": 100}}
    return {**{f"pays-{name}": each for name, each in named.items()}, "own": design(scheme(benefits=pay, base_wage=own))}


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


def funds() -> dict[str, Document]:
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
    reserves = {"reserve": {"kind": "insurer", "opening_yuan": 3000}, "other": {"kind": "insurer", "opening_yuan": 9}}
    appraised = handlings()["offices"]["schemes"]["s0"]["handling"]
    deficits: dict[str, Document] = {
        "carry": {},
        "state_subsidy": {},
        "borrow": {"annual_rate": "0.04"},
        "raise_rate": {"step": "0.2", "most": "1.3", "release_months": 2},
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


ANSWERED: dict[str, Document] = {
    "answered": design(
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
}
"""Designs that are answered to: each runs on a world of its own."""

PRICED: dict[str, Document] = {
    "priced": design(
        scheme(
            contribution={
                **PER_ORDER,
                "breaks_even": {"replications": 1, "world": "stage", "loading": "0.1"},
            }
        )
    )
}
"""Designs whose price is found first."""

LASTING: dict[str, Document] = reserves()
"""Designs kept over a year and more."""

SCENES: dict[str, Document] = {
    **contributions(),
    **enrolments(),
    **covers(),
    **ratings(),
    **attributions(),
    **reports(),
    **laws(),
    **handlings(),
    **benefits(),
    **layers(),
    **funds(),
}
"""Designs by name, all of them kept on one world."""
