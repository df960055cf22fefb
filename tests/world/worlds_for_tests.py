"""Small worlds in which limits, rests, absence and truncation matter, for comparing the two engines."""

from __future__ import annotations

from datetime import date
from typing import Any

from injurysim.core.calendar import Calendar
from injurysim.scenario.fatigue import Factors
from injurysim.scenario.world import World

BANDS = [
    {"from_hours": 0, "multiplier": 1},
    {"from_hours": 2, "multiplier": "1.4"},
    {"from_hours": 4, "multiplier": "2.3"},
    {"from_hours": 8, "multiplier": "3.9"},
]

SEVERITIES = {
    "slight": {
        "share": "0.7",
        "medical_yuan": {"kind": "lognormal", "mean": 900, "cv": 1.2},
        "days_off": {"kind": "gamma", "mean": 2, "cv": 1},
    },
    "serious": {
        "share": "0.28",
        "medical_yuan": {"kind": "pareto", "mean": 20000, "cv": 2},
        "days_off": {"kind": "poisson", "mean": 9},
        "disability": {10: "0.2", 7: "0.1", 3: "0.05"},
    },
    "death": {
        "share": "0.02",
        "medical_yuan": {"kind": "discrete", "values": [0, 30000.005], "weights": [1, 2]},
        "days_off": {"kind": "constant", "value": 0},
        "fatal": True,
    },
}


def calendar(months: int = 2) -> Calendar:
    """A January of three holidays, one Saturday of work, and the months after it."""
    return Calendar.build(
        date(2023, 1, 1),
        months,
        [date(2023, 1, day) for day in (1, 2, 23)],
        [date(2023, 1, 28)],
        margin_days=60,
    )


def poisson(industry: str, per_hour: float, minutes: float, pay: str = "6.5") -> dict[str, Any]:
    """A platform with a Poisson stream of orders."""
    return {
        "industry": industry,
        "orders": {
            "kind": "poisson",
            "per_hour": per_hour,
            "minutes": {"kind": "gamma", "mean": minutes, "cv": 0.6},
        },
        "pay_per_order_yuan": pay,
    }


def group(riders: int, split: dict[str, Any] | list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """A group that works long hours by day, on one portfolio or on several of equal weight."""
    splits = split if isinstance(split, list) else [split]
    return {
        "region": "east",
        "riders": riders,
        "relation": {"not_fully": 1},
        "portfolios": {f"p{number}": {"split": each} for number, each in enumerate(splits)},
        "work": {
            "attendance": {"workday": "0.85", "weekend": "0.6", "holiday": "0.3"},
            "start_hour": {"kind": "uniform", "low": 5, "high": 14},
            "wanted_hours": {"kind": "gamma", "mean": 8, "cv": 0.4, "between": [0, 16]},
        },
        "age_years": {"kind": "constant", "value": 30},
        **changes,
    }


def world(
    groups: dict[str, Any],
    platforms: dict[str, Any] | None = None,
    limits: dict[str, Any] | None = None,
    recovery: str = "off_work",
    per_1000_hours: tuple[float, float] = (8, 15),
    **changes: Any,
) -> World:
    """A world of food and parcel platforms whose riders are hurt far more often than real ones."""
    return World.model_validate(
        {
            "regions": {"east": {}},
            "platforms": platforms
            or {
                "alpha": poisson("food", 0.6, 25),
                "beta": poisson("food", 0.4, 35, "7"),
                "gamma": {
                    "industry": "parcel",
                    "orders": {"kind": "fixed_per_day", "per_day": 9},
                    "pay_per_order_yuan": "1.05",
                },
            },
            "groups": groups,
            "fatigue": {
                "kind": "hours_on_shift",
                "bands": BANDS,
                "rest": {"kind": "full", "after_minutes": 30},
            },
            "limits": limits or {},
            "injuries": {
                "kind": "hazard",
                "per_1000_hours": {"food": per_1000_hours[0], "parcel": per_1000_hours[1]},
                "severities": SEVERITIES,
            },
            "recovery": {"kind": recovery},
            **changes,
        }
    )


LIMITS: dict[str, dict[str, Any]] = {
    "none": {},
    "platform log-off, stop": {
        "four": {"kind": "day_logoff", "scope": "platform", "hours": 4, "response": "stop"},
    },
    "platform log-off, switch": {
        "four": {"kind": "day_logoff", "scope": "platform", "hours": "3.5", "response": "switch"},
    },
    "one platform's log-off, switch": {
        "two": {
            "kind": "day_logoff",
            "scope": "platform",
            "platforms": ["alpha"],
            "hours": 2,
            "response": "switch",
        },
    },
    "log-off over all platforms": {
        "eight": {"kind": "day_logoff", "scope": "all_platforms", "hours": 8},
    },
    "rest on a platform": {
        "rest": {"kind": "rest_after_spell", "scope": "platform", "hours": 2, "rest_minutes": 30},
    },
    "rest over all platforms": {
        "rest": {"kind": "rest_after_spell", "scope": "all_platforms", "hours": 4, "rest_minutes": 20},
    },
    "two rests that count for each other": {
        "short": {"kind": "rest_after_spell", "scope": "all_platforms", "hours": "1.5", "rest_minutes": 10},
        "long": {"kind": "rest_after_spell", "scope": "platform", "hours": 3, "rest_minutes": 45},
    },
    "dated": {
        "before": {
            "kind": "rest_after_spell",
            "scope": "platform",
            "platforms": ["alpha"],
            "hours": 2,
            "rest_minutes": 40,
            "last_day": "2023-01-17",
        },
        "after": {
            "kind": "day_logoff",
            "scope": "all_platforms",
            "hours": "6.25",
            "first_day": "2023-01-18",
            "last_day": "2023-02-10",
        },
    },
    "everything": {
        "app": {"kind": "day_logoff", "scope": "platform", "hours": 5, "response": "switch"},
        "beta": {"kind": "day_logoff", "scope": "platform", "platforms": ["beta"], "hours": 3},
        "all": {"kind": "day_logoff", "scope": "all_platforms", "hours": 10},
        "rest": {"kind": "rest_after_spell", "scope": "platform", "hours": 2, "rest_minutes": 35},
        "rest-all": {"kind": "rest_after_spell", "scope": "all_platforms", "hours": 3, "rest_minutes": 15},
        "rest-long": {
            "kind": "rest_after_spell",
            "scope": "all_platforms",
            "hours": 6,
            "rest_minutes": 60,
            "first_day": "2023-01-10",
        },
    },
}
"""Every kind of limit, both scopes and both responses, alone and together."""

ONE = {"alpha": 1}
TWO = {"beta": "0.35", "alpha": "0.65"}
THREE = {"gamma": "0.2", "alpha": "0.5", "beta": "0.3"}

RESTS: dict[str, dict[str, Any]] = {
    "full": {"kind": "full", "after_minutes": 30},
    "rate": {"kind": "rate", "hours_per_rest_hour": "2.5"},
}


def fatigue(rest: str = "full", shift_hours: int = 0) -> dict[str, Any]:
    """Bands of the fatigue clock; ``shift_hours`` moves all but the first later (the seeded fault)."""
    bands = [BANDS[0], *({**band, "from_hours": band["from_hours"] + shift_hours} for band in BANDS[1:])]
    return {"kind": "hours_on_shift", "bands": bands, "rest": RESTS[rest]}


def factors(**given: Any) -> Factors:
    """Fatigue by factors, with a rest of half an hour that restores all."""
    return Factors.model_validate(factors_as_written(**given))


def factors_as_written(**given: Any) -> dict[str, Any]:
    """The same as a scenario writes it."""
    cap = {"cap": "2.6"} if given.get("combine") == "capped" else {}
    return {"kind": "factors", "rest": RESTS["full"], **cap, **given}


def fixed(per_day: int = 9, pay: str = "1.05", **changes: Any) -> dict[str, Any]:
    """A parcel platform of so many orders a day."""
    return {
        "industry": "parcel",
        "orders": {"kind": "fixed_per_day", "per_day": per_day},
        "pay_per_order_yuan": pay,
        **changes,
    }


def billed(alpha: str, beta: str) -> dict[str, Any]:
    """Platforms with an order in hand all the while, of which they bill a share."""
    return {"alpha": fixed(billed_share=alpha), "beta": fixed(billed_share=beta)}


def steady(hours: float = 8, start: float = 8, **changes: Any) -> dict[str, Any]:
    """Work of the same hours every day of the year."""
    return {
        "attendance": {"workday": 1, "weekend": 1, "holiday": 1},
        "start_hour": {"kind": "constant", "value": start},
        "wanted_hours": {"kind": "constant", "value": hours},
        **changes,
    }


def one_at_a_time(per_hour: float, minutes: float) -> dict[str, Any]:
    """A food platform whose riders take an order at a time."""
    platform = poisson("food", per_hour, minutes)
    return {**platform, "orders": {**platform["orders"], "kind": "one_at_a_time"}}


def portfolios(*splits: dict[str, Any], at_once: bool = False) -> dict[str, Any]:
    """Portfolios of equal weight, of apps worked one after another or all open together."""
    return {f"p{number}": {"split": split, "at_once": at_once} for number, split in enumerate(splits)}


LONG_NIGHTS: dict[str, Any] = {
    "attendance": {"workday": 1, "weekend": "0.95", "holiday": "0.9"},
    "start_hour": {"kind": "uniform", "low": 0, "high": 23.99},
    "wanted_hours": {"kind": "uniform", "low": 8, "high": 19.9},
}

ALL_FACTORS: dict[str, Any] = {
    "hours_on_shift": BANDS,
    "since_break": {
        "break_minutes": 25,
        "bands": [
            {"from_minutes": 0, "multiplier": "0.8"},
            {"from_minutes": 100, "multiplier": "1.1"},
            {"from_minutes": 215, "multiplier": "1.9"},
        ],
    },
    "hour_of_day": {0: "1.6", 5: 1, 11: "1.2", 14: "0.9", 22: "1.4"},
    "week_hours": [{"from_hours": 0, "multiplier": "0.9"}, {"from_hours": 35, "multiplier": "1.3"}],
    "consecutive_days": {1: 1, 3: "1.15", 6: "1.5"},
    "short_rest": {"below_hours": 12, "multiplier": "1.7"},
}

WET: dict[str, Any] = {
    "regions": {
        "east": {
            "chances": {"rain": "0.3", "snow": "0.1"},
            "by_month": {2: {"storm": "0.2"}},
            "persistence": "0.4",
        }
    },
    "effects": {
        "rain": {"demand": "1.4", "order_minutes": "1.2", "hazard": "1.6", "attendance": "0.8"},
        "snow": {"demand": "0.7", "order_minutes": "1.5", "hazard": "2.2", "attendance": "0.5"},
        "storm": {"demand": "0.4", "hazard": "1.9", "attendance": "1.1"},
    },
}

BY_HOUR: dict[str, Any] = {
    "by_hour": {0: "0.2", 7: 1, 11: "2.5", 14: "0.6", 17: "2.1", 21: "0.8"},
    "weekend": "1.3",
    "holiday": "1.8",
    "by_month": {1: "1.1", 2: "0.7"},
}
