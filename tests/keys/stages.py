"""Scenarios in which every key of a world is set: one law after the other, kept by one plain design."""

from __future__ import annotations

from typing import Any

from keys.design_scenes import ANSWERED, PRICED
from keys.world_scenes import PLATFORMS, SEVERITIES, START, Document, group, stage, world

PLAIN: Document = {
    "accounts": {"fund": {"kind": "insurer"}},
    "schemes": {
        "s0": {
            "account": "fund",
            "enrolment": {"kind": "mandatory", "joins": START},
            "contribution": {"kind": "share_of_turnover", "payer": "platform", "rate": "0.01"},
            "cover": {"kind": "order"},
            "reporting": {"kind": "all"},
            "handling": {"kind": "immediate"},
            "benefits": {"medical": {"kind": "medical"}},
        }
    },
}

CREW = group(
    "east",
    10,
    [
        {"split": {"alpha": "0.6", "beta": "0.4"}, "at_once": True, "weight": 2},
        {"split": {"alpha": "0.5", "beta": "0.3", "gamma": "0.2"}},
    ],
)
PART = group("west", 5, [{"split": {"beta": 1}}, {"split": {"alpha": "0.5", "beta": "0.5"}}])
FULL: Document = {"kind": "full", "after_minutes": 20}
RATE: Document = {"kind": "rate", "hours_per_rest_hour": "0.5"}
HOURS = [{"from_hours": 0, "multiplier": 1}, {"from_hours": "0.5", "multiplier": 3}]
RAIN: Document = {
    "regions": {
        "east": {"chances": {"rain": "0.3"}, "by_month": {11: {"storm": "0.5"}}, "persistence": "0.4"},
        "west": {"chances": {"storm": "0.4"}},
    },
    "effects": {
        "rain": {"demand": "1.2", "order_minutes": "1.3", "hazard": "1.4", "attendance": "0.9"},
        "storm": {"demand": "0.7"},
    },
}
RESTING = {"kind": "rest_after_spell", "hours": 1, "rest_minutes": 25, "scope": "all_platforms"}
"""A rest in the middle of the work: what fatigue recovers by."""


def some(**changes: Any) -> Document:
    """Return a world of a few riders."""
    return world(**{"groups": {"crew": CREW, "part": PART}, **changes})


def groups() -> dict[str, Document]:
    """Return riders who come and go, who are unlike and who learn."""
    changing = {
        "entry": {"per_month": {"value": 4}},
        "tenure_months": {"kind": "exponential", "mean": 2},
        "reclassified": [{"from_relation": "not_fully", "to_relation": "own_account", "share": "0.5"}],
        "frailty": {"kind": "gamma", "shape": 2},
        "shock": {"cv": "0.8", "months": 1},
        "experience": {"at_entry": 4, "months": 2, "at_start": {"kind": "uniform", "low": 1, "high": 5}},
        "hazard_factor": "1.2",
        "work": {
            **CREW["work"],
            "season": {"attendance": {10: "0.8"}, "hours": {11: "0.7"}},
            "earnings_floor_yuan_per_hour": 25,
        },
    }
    unlike = {**PART, "frailty": {"kind": "lognormal", "cv": "0.8"}}
    return {"groups": some(groups={"crew": {**CREW, **changing}, "part": unlike})}


def tired() -> dict[str, Document]:
    """Return every law of fatigue and of recovery."""
    shifts = {"kind": "hours_on_shift", "bands": HOURS}
    factors = {
        "kind": "factors",
        "combine": "capped",
        "cap": "2.5",
        "hours_on_shift": HOURS,
        "since_break": {
            "break_minutes": 20,
            "bands": [{"from_minutes": 0, "multiplier": 1}, {"from_minutes": 50, "multiplier": "1.5"}],
        },
        "hour_of_day": {0: "1.2", 12: 1},
        "week_hours": [{"from_hours": 0, "multiplier": 1}, {"from_hours": 30, "multiplier": "1.4"}],
        "consecutive_days": {1: 1, 3: "1.3"},
        "short_rest": {"below_hours": 14, "multiplier": "1.25"},
    }
    product = {**factors, "combine": "product"}
    product.pop("cap")
    rests = {"l0": RESTING}
    return {
        "shift-full": some(fatigue={**shifts, "rest": FULL}, limits=rests, recovery={"kind": "ends_shift"}),
        "shift-rate": some(fatigue={**shifts, "rest": RATE}, limits=rests),
        "factors-capped": some(fatigue={**factors, "rest": FULL}, limits=rests),
        "factors-full": some(fatigue={**product, "rest": FULL}, limits=rests),
        "factors-rate": some(fatigue={**product, "rest": RATE}, limits=rests),
    }


def limited() -> dict[str, Document]:
    """Return every limit, on the apps of one platform and on all, and orders that others take."""
    where = {"regions": ["east"], "first_day": "2023-10-09", "last_day": "2023-11-12"}
    one: Document = {
        **where,
        "platforms": ["alpha"],
        "scope": "platform",
        "compliance": "0.7",
        "clock": "engaged_plus_allowance",
        "allowance": "0.2",
    }
    every: Document = {"scope": "platform", "clock": "billed"}
    switches = {"response": "comply_or_switch", "switch_share": "0.5"}
    stops = {"response": "stop"}
    laws: dict[str, Document] = {
        "rest_after_spell": {"hours": "0.75", "rest_minutes": 25},
        "day_logoff": {"hours": 2, "off_hours": 18},
        "week_logoff": {"hours": 9},
        "month_logoff": {"hours": 25},
        "confirm_after": {"hours": 2, "confirm_share": "0.5"},
    }
    busy = {name: {**each, "reoffer_share": "0.6"} for name, each in PLATFORMS.items()}
    found = {}
    for kind, law in laws.items():
        logs_off = kind.endswith("logoff")
        near = {"kind": kind, **law, **one, **(switches if logs_off else {})}
        wide = {"kind": kind, **law, **every, **(stops if logs_off else {})}
        if kind == "confirm_after":
            near.pop("compliance")
        found[f"{kind}-one"] = some(limits={"l0": near}, platforms=busy)
        found[f"{kind}-every"] = some(limits={"l0": wide})
    storm = {
        "kind": "bad_weather",
        **where,
        "platforms": ["alpha"],
        "states": ["rain", "storm"],
        "demand": "0.7",
        "order_minutes": "1.2",
        "hazard": "0.5",
    }
    return {**found, "bad_weather": some(limits={"l0": storm}, weather=RAIN)}


def injured() -> dict[str, Document]:
    """Return injuries that leave the work as it is, by chance and listed."""
    plain = some(recovery={"kind": "none"})
    items = [
        {
            "at": "2023-10-11 10:00:00",
            "group": "crew",
            "rider": 2,
            "platform": "alpha",
            "situation": "on_order",
            "severity": "mild",
            "medical_yuan": 500,
            "days_off": 3,
            "disability_grade": 10,
        },
        {
            "at": "2023-11-15 10:00:00",
            "group": "crew",
            "platform": "alpha",
            "severity": "fatal",
            "medical_yuan": 700,
            "fatal": True,
        },
    ]
    listed = {"kind": "listed", "severities": sorted(SEVERITIES), "items": items}
    return {"plain": plain, "listed": some(recovery={"kind": "none"}, injuries=listed)}


def short(design: Document, setting: Document | None = None, **changes: Any) -> Document:
    """Return a scenario of two months with one design."""
    return {**stage({"plain": design}, setting or some(), months=2, runoff_months=1), **changes}


def stages() -> dict[str, Document]:
    """Return scenarios by name, each with one world and one design of its own kind."""
    agents = {**PLAIN["schemes"]["s0"], "eligible": {"engagers": ["agent", "partner_firm"]}}
    billed = {"l0": {"kind": "week_logoff", "hours": 9, "scope": "platform", "clock": "billed"}}
    # First the one in which most keys matter: who engages riders, and what is billed, matter nowhere else.
    found = {"first": short({**PLAIN, "schemes": {"s0": agents}}, some(limits=billed))}
    worlds = {"some": some(), **groups(), **tired(), **limited(), **injured()}
    found |= {name: short(PLAIN, setting) for name, setting in worlds.items()}
    # Riders come in another number from the third month on.
    found["coming"] = stage({"plain": PLAIN}, months=4, runoff_months=0)
    found["china"] = short(PLAIN, calendar={"kind": "china"})
    found["answered"] = short(ANSWERED)
    other = some(recovery={"kind": "ends_shift"})
    found["priced"] = short(PRICED, worlds={"stage": some(), "other-stage": other})
    return found


STAGES: dict[str, Document] = stages()
"""Scenarios that are run one by one."""
