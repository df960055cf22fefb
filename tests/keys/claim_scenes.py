"""Designs in which every key of reporting, handling and benefits is set, and every distribution."""

from __future__ import annotations

from keys.building import SUM, Document, design, scheme
from keys.member_scenes import ratings
from keys.world_scenes import START

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
SHARES: Document = {"kind": "by_severity", "severities": {"mild": "0.6", "serious": "0.8", "fatal": "0.9"}}


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
        name: design(
            scheme(benefits={name: each}, base_wage={"kind": "fixed", "yuan": 6000}, annuity=ANNUITY)
        )
        for name, each in every.items()
    }
    pay = {"pay": {"kind": "recovery_pay", "wage_share": "0.6", "most_days": 100}}
    return {
        **{f"pays-{name}": each for name, each in named.items()},
        "own": design(scheme(benefits=pay, base_wage=own)),
    }
