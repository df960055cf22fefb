"""Small scenarios in which much happens to few riders, and their tables, for every test of books and replications."""

from __future__ import annotations

import copy
import json
from functools import cache

from injurysim.books.book import Book
from injurysim.books.earnings import EarningsHistory
from injurysim.books.injured import take_in
from injurysim.books.setting import Setting
from injurysim.core.randomness import Streams
from injurysim.core.schemas import TABLES
from injurysim.replication import make_world, run_cell
from injurysim.scenario.document import Scenario
from injurysim.scenario.resolve import book_calendar, resolve

START = "2024-01-01"

SEVERITIES = {
    "mild": {
        "share": "0.6",
        "medical_yuan": {"kind": "lognormal", "mean": 900, "cv": 1.2},
        "days_off": {"kind": "gamma", "mean": 3, "cv": 1},
    },
    "serious": {
        "share": "0.37",
        "medical_yuan": {"kind": "lognormal", "mean": 15000, "cv": 1.5},
        "days_off": {"kind": "gamma", "mean": 20, "cv": 0.8},
        "disability": {10: "0.3", 9: "0.2", 1: "0.1"},
    },
    "fatal": {
        "share": "0.03",
        "medical_yuan": {"kind": "constant", "value": 5000.5},
        "days_off": {"kind": "constant", "value": 0},
        "fatal": True,
    },
}

OFFICES = {
    "kind": "offices",
    "papers_days": {"kind": "exponential", "mean": 2},
    "confirmation": {"staff": 1, "minutes": {"kind": "exponential", "mean": 90}},
    "confirmed_share": "0.9",
    "decision_limit_days": 5,
    "appraisal": {"staff": 1, "minutes": {"kind": "constant", "value": 60}, "sitting_weekdays": [1, 3]},
    "payment": {"staff": 1, "minutes": {"kind": "constant", "value": 20}},
}
IMMEDIATE = {"kind": "immediate"}
PER_ORDER = {"kind": "per_order", "payer": "platform", "industries": {"food": "0.06", "parcel": "0.25"}}
SHARES = {
    "kind": "by_severity",
    "severities": {"mild": "0.5", "serious": "0.8", "fatal": "1"},
    "not_covered_factor": "0.3",
    "lag_days": {"kind": "lognormal", "median": 2, "sigma": 1.2},
}
BENEFITS = {
    "medical": {"kind": "medical", "catalogue_share": "0.85"},
    "recovery": {"kind": "recovery_pay", "wage_share": "0.6", "most_days": 365},
    "grant": {"kind": "disability_grant", "months": {10: 7, 9: 9, 1: 27}},
    "pension": {"kind": "disability_pension", "wage_share": {1: "0.9"}},
    "death": {"kind": "death_sum", "times": 20, "yuan": 51821},
}
ANNUITY = {"interest": "0.03", "makeham_a": 0.00022, "makeham_b": 0.0000027, "makeham_c": 1.124}


def platform(industry="food", per_hour=3, pay="6.5"):
    return {
        "industry": industry,
        "orders": {
            "kind": "poisson",
            "per_hour": per_hour,
            "minutes": {"kind": "gamma", "mean": 25, "cv": 0.6},
        },
        "pay_per_order_yuan": pay,
    }


def group(riders=6, portfolios=None, region="east", **changes):
    splits = portfolios or [{"alpha": 1}, {"alpha": "0.6", "beta": "0.4"}]
    return {
        "region": region,
        "riders": riders,
        "relation": {"labour_relation": "0.2", "not_fully": "0.5", "own_account": "0.3"},
        "portfolios": {f"p{number}": {"split": split} for number, split in enumerate(splits)},
        "work": {
            "attendance": {"workday": "0.9", "weekend": "0.7", "holiday": "0.3"},
            "start_hour": {"kind": "discrete", "values": [8, 11, 16], "weights": [2, 2, 1]},
            "wanted_hours": {"kind": "gamma", "mean": 8, "cv": 0.3, "between": [0, 14]},
        },
        "age_years": {"kind": "uniform", "low": 20, "high": 50},
        **changes,
    }


def world(groups=None, per_1000_hours=(6, 9), **changes):
    """A food platform, a second one, and a parcel platform; riders are hurt far more often than real ones."""
    food, parcel = per_1000_hours
    return {
        "regions": {"east": {}},
        "platforms": {"alpha": platform(), "beta": platform("parcel", 2, "7")},
        "groups": groups or {"crew": group()},
        "fatigue": {
            "kind": "hours_on_shift",
            "bands": [{"from_hours": 0, "multiplier": 1}, {"from_hours": 6, "multiplier": 2}],
            "rest": {"kind": "full", "after_minutes": 30},
        },
        "injuries": {
            "kind": "hazard",
            "per_1000_hours": {"food": food, "parcel": parcel},
            "severities": SEVERITIES,
        },
        "recovery": {"kind": "off_work"},
        **changes,
    }


def scheme(account="fund", **changes):
    return {
        "account": account,
        "enrolment": {"kind": "mandatory", "joins": START},
        "contribution": PER_ORDER,
        "cover": {"kind": "order"},
        "reporting": {"kind": "all"},
        "handling": OFFICES,
        "base_wage": {"kind": "fixed", "yuan": 7000},
        "annuity": ANNUITY,
        "benefits": BENEFITS,
        **changes,
    }


def account(**changes):
    return {
        "kind": "subaccount",
        "opening_yuan": 100000,
        "interest": {"annual_rate": "0.03"},
        "handling_share": "0.05",
        **changes,
    }


def design(schemes=None, accounts=None, **changes):
    return {"accounts": accounts or {"fund": account()}, "schemes": schemes or {"pilot": scheme()}, **changes}


def document(designs=None, worlds=None, months=3, runoff_months=2, **changes):
    designs, worlds = designs or {"pilot": design()}, worlds or {"base": world()}
    return {
        "name": "small",
        "title": {"en": "Small"},
        "calendar": {"kind": "listed", "holidays": ["2024-01-01"], "makeup_workdays": ["2024-02-04"]},
        "horizon": {"start": START, "months": months, "runoff_months": runoff_months},
        "seed": 7,
        "baseline": {"world": next(iter(worlds)), "design": next(iter(designs))},
        "losses": {
            "working_to_age": 60,
            "discount": "0.03",
            "earning_capacity_lost": {10: "0.05", 9: "0.1", 1: "1"},
            "own_consumption": "0.3",
        },
        "worlds": worlds,
        "designs": designs,
        **changes,
    }


def tables(given, world="base", replication=0, seed=7, engine="fast"):
    """Run a cell of a scenario given as a document; return its tables by name, with all designs."""
    return copy.copy(_tables(json.dumps(given, sort_keys=False), world, replication, seed, engine))


@cache
def _tables(given, world, replication, seed, engine):
    scenario = resolve(Scenario.model_validate(_keys_of_grades(json.loads(given))))
    found = run_cell(scenario, world, replication, seed=seed, engine=engine)
    return {name: TABLES[name].join(parts) for name, parts in found.items()}


def books(given, world="base", replication=0, seed=7):
    """Run a cell and return the book of each design by name, and the injuries; no tables are made."""
    found = resolve(Scenario.model_validate(given))
    streams = Streams(seed, replication)
    running = make_world(found, world, streams, "fast")
    setting = Setting.of(found, world, book_calendar(found), streams, running.population)
    kept = {name: Book(name, law, setting) for name, law in found.designs.items()}
    earnings = EarningsHistory.of(found, world, running.population)
    injuries = []
    for month in running.months():
        hurt = take_in(month, setting, earnings)
        injuries.extend(hurt)
        for book in kept.values():
            book.keep(month, hurt, earnings)
        earnings.add(running.population.engagement_rider, month.earnings_fen)
    for late in range(setting.exposure_months, setting.calendar.months):
        for book in kept.values():
            book.run_off(late)
    return kept, injuries


def _keys_of_grades(item):
    """Turn text keys of digits back into the whole numbers that they were before JSON."""
    if isinstance(item, dict):
        return {int(k) if k.isdigit() else k: _keys_of_grades(each) for k, each in item.items()}
    return [_keys_of_grades(each) for each in item] if isinstance(item, list) else item


def frames(given, world="base", replication=0, seed=7, engine="fast"):
    """Run a cell and return its tables as frames by name."""
    found = tables(given, world, replication, seed, engine)
    return {name: TABLES[name].to_pandas(table) for name, table in found.items()}


def of_design(frame, design):
    """Rows of a design, without the column that names it, numbered anew."""
    return frame[frame["design"] == design].drop(columns="design").reset_index(drop=True)


BOOK_TABLES = (
    *("claims", "attribution", "payments", "contributions", "fund", "position", "coverage", "offices"),
)
CASH_TABLES = ("payments", "contributions", "fund", "offices", "exposure", "riders")
