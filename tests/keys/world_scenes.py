"""Worlds in which every key of a world is set, each where changing it moves something: few riders, often hurt."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

START = "2023-10-01"

HAZARDS = {"food": 5, "parcel": 6, "taxi": 5}
SEVERITIES: Document = {
    "mild": {
        "share": "0.6",
        "medical_yuan": {"kind": "lognormal", "mean": 900, "cv": 1.2},
        "days_off": {"kind": "gamma", "mean": 6, "cv": 1},
    },
    "serious": {
        "share": "0.25",
        "medical_yuan": {"kind": "lognormal", "mean": 2500, "cv": 1.5},
        "days_off": {"kind": "gamma", "mean": 15, "cv": 0.8},
        "disability": {10: "0.3", 5: "0.3", 1: "0.3"},
    },
    "fatal": {
        "share": "0.15",
        "medical_yuan": {"kind": "constant", "value": 5000},
        "days_off": {"kind": "constant", "value": 0},
        "fatal": True,
    },
}


def platform(industry: str, orders: Document, pay: str, **changes: Any) -> Document:
    """Return a platform that takes four times its pay for an order."""
    return {
        "industry": industry,
        "orders": orders,
        "pay_per_order_yuan": pay,
        "turnover_per_order_yuan": 30,
        **changes,
    }


DEMAND = {"by_hour": {0: "0.8", 12: "1.3"}, "weekend": "1.2", "holiday": "1.3", "by_month": {10: "0.8"}}
PLATFORMS: Document = {
    "alpha": platform(
        "food",
        {
            "kind": "poisson",
            "per_hour": 3,
            "minutes": {"kind": "gamma", "mean": 25, "cv": 0.6},
            "demand": DEMAND,
        },
        "6.5",
        holiday_pay_factor="1.5",
        billed_share="0.8",
    ),
    "beta": platform(
        "parcel",
        {"kind": "one_at_a_time", "per_hour": 4, "minutes": {"kind": "gamma", "mean": 20, "cv": 0.5}},
        "9",
        billed_share="0.7",
    ),
    "gamma": platform("taxi", {"kind": "fixed_per_day", "per_day": 12}, "20"),
}


def group(region: str, riders: int, portfolios: list[Document], **changes: Any) -> Document:
    """Return riders who work most days."""
    return {
        "region": region,
        "riders": riders,
        "relation": {"labour_relation": "0.2", "not_fully": "0.5", "own_account": "0.3"},
        "engager": {"platform": "0.4", "agent": "0.3", "partner_firm": "0.2", "dispatch": "0.1"},
        "portfolios": {f"p{number}": each for number, each in enumerate(portfolios)},
        "work": {
            "attendance": {"workday": "0.8", "weekend": "0.7", "holiday": "0.5"},
            "start_hour": {"kind": "discrete", "values": [8, 11, 16], "weights": [2, 2, 1]},
            "wanted_hours": {"kind": "gamma", "mean": 8, "cv": 0.3, "between": [0, 14]},
            "commute_minutes": 30,
        },
        "age_years": {"kind": "uniform", "low": 18, "high": 58},
        **changes,
    }


GROUPS: Document = {
    "crew": group(
        "east",
        24,
        [
            {"split": {"alpha": "0.6", "beta": "0.4"}, "at_once": True, "weight": 2},
            {"split": {"alpha": "0.5", "gamma": "0.5"}},
        ],
        entry={"per_month": {"dated": {START: 3, "2023-12-01": 4}}},
        frailty={"kind": "gamma", "shape": 2},
    ),
    "part": group("west", 14, [{"split": {"beta": 1}}, {"split": {"alpha": "0.5", "beta": "0.5"}}]),
}


def world(**changes: Any) -> Document:
    """Return two regions, three platforms and two groups; what is given is otherwise."""
    return {
        "regions": {"east": {"title": {"en": "East", "zh": "东区"}}, "west": {}},
        "platforms": PLATFORMS,
        "groups": GROUPS,
        "fatigue": {"kind": "none"},
        "injuries": {
            "kind": "hazard",
            "per_1000_hours": HAZARDS,
            "situations": {"on_order": "1.2", "waiting": "1.1", "travelling": "1.5"},
            "severities": SEVERITIES,
        },
        "recovery": {"kind": "off_work"},
        **changes,
    }


LOSSES = {
    "working_to_age": 60,
    "discount": "0.03",
    "own_consumption": "0.35",
    "earning_capacity_lost": {1: 1, 5: "0.6", 10: "0.05"},
}


def stage(
    designs: Document, setting: Document | None = None, months: int = 4, runoff_months: int = 4
) -> Document:
    """Return a scenario of designs on a world called ``stage``."""
    return {
        "name": "keys",
        "title": {"en": "Keys", "zh": "键"},
        "question": {"en": "Is there a dead one?"},
        "sources": {"survey": {"title": "A survey", "issuer": "We", "date": "2023", "clause": "whole"}},
        "calendar": {
            "kind": "listed",
            "weekend": [5, 6],
            "holidays": ["2023-10-02", "2023-10-03", "2024-01-01"],
            "makeup_workdays": ["2023-10-07"],
            "published_to": 2023,
        },
        "horizon": {"start": START, "months": months, "runoff_months": runoff_months},
        "seed": 7,
        "losses": LOSSES,
        "baseline": {"world": "stage", "design": next(iter(designs))},
        "worlds": {"stage": setting or world()},
        "designs": designs,
    }
