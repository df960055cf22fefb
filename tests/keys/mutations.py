"""Another value for a leaf: by its type, or by hand where the type does not say which values can be."""

from __future__ import annotations

import datetime as dt
import typing
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from keys.leaves import DATED, Leaf, holders, parts_of
from keys.world_scenes import GROUPS, HAZARDS, PLATFORMS, SEVERITIES, START

NAMES = (
    tuple(PLATFORMS),
    tuple(GROUPS),
    ("east", "west"),
    ("food", "parcel", "taxi"),
    ("fund", "reserve", "other", "own"),
    ("mild", "serious", "fatal"),
    ("a", "b", "c"),
    ("first", "second", "third"),
    ("s0", "s1"),
    ("stage", "other-stage"),
)
"""Names that stand for each other: what one is, another may be."""

MIDST = dt.date(2023, 12, 1)
"""A day in the midst of every run, on which a dated value changes."""

BY_HAND: dict[str, list[Any]] = {"Portfolio.weight": [{"value": 50}]}
"""Leaves whose other values the types do not tell."""

TOGETHER: dict[str, dict[str, Any]] = {"Severity.share": {"mild": "0.4", "serious": "0.45", "fatal": "0.15"}}
"""Leaves of parts by name that have to be changed together: their values by those names."""

SPARES: dict[str, list[dict[str, Any]]] = {
    "contribution": [
        {"kind": "per_day", "payer": "platform", "yuan": 2},
        {"kind": "per_month", "payer": "platform", "yuan": 40},
    ],
    "enrolment": [
        {"kind": "mandatory", "joins": START},
        {
            "kind": "voluntary",
            "joins": START,
            "choice": {"kind": "share", "share": "0.7"},
            "decides_every_months": 1,
        },
    ],
    "choice": [{"kind": "share", "share": "0.31"}, {"kind": "risk", "b": 1}],
    "opt_out": [{"kind": "share", "share": "0.31"}, {"kind": "risk", "b": 1}],
    "rating": [{"kind": "fixed", "factor": 3}, {"kind": "none"}],
    "cover": [{"kind": "online"}, {"kind": "order"}],
    "reporting": [
        {"kind": "all"},
        {
            "kind": "by_severity",
            "severities": {"mild": "0.6", "serious": "0.8", "fatal": "0.9"},
            "not_covered_factor": 0,
            "lag_days": {"kind": "constant", "value": 3},
        },
    ],
    "handling": [
        {"kind": "immediate"},
        {
            "kind": "offices",
            "papers_days": {"kind": "constant", "value": 3},
            "confirmation": {"staff": 2, "minutes": {"kind": "constant", "value": 60}},
            "confirmed_share": 1,
            "decision_limit_days": 60,
            "appraisal": {
                "staff": 2,
                "minutes": {"kind": "constant", "value": 60},
                "sitting_weekdays": [1],
            },
            "payment": {"staff": 2, "minutes": {"kind": "constant", "value": 60}},
        },
    ],
    "base_wage": [{"kind": "fixed", "yuan": 3456}, {"kind": "own_earnings", "months": 1}],
    "benefits": [{"kind": "fixed_sum", "yuan": 3456}, {"kind": "medical"}],
    "layer": [{"kind": "stacked"}, {"kind": "secondary"}],
    "deficit": [
        {"kind": "carry"},
        {"kind": "state_subsidy"},
        {"kind": "raise_rate", "step": "0.5", "most": 3, "release_months": 3},
    ],
    "frailty": [{"kind": "none"}, {"kind": "lognormal", "cv": 1}],
    "orders": [
        {"kind": "fixed_per_day", "per_day": 9},
        {"kind": "poisson", "per_hour": 2, "minutes": {"kind": "constant", "value": 30}},
    ],
    "fatigue": [
        {"kind": "none"},
        {
            "kind": "hours_on_shift",
            "bands": [{"from_hours": 0, "multiplier": 3}],
            "rest": {"kind": "full", "after_minutes": 30},
        },
    ],
    "rest": [{"kind": "full", "after_minutes": 1}, {"kind": "rate", "hours_per_rest_hour": 0}],
    "limits": [
        {"kind": "month_logoff", "hours": 9, "scope": "platform"},
        {"kind": "week_logoff", "hours": 3, "scope": "platform"},
    ],
    "injuries": [
        {"kind": "listed", "severities": ["mild", "serious", "fatal"], "items": []},
        {"kind": "hazard", "per_1000_hours": HAZARDS, "severities": SEVERITIES},
    ],
    "recovery": [{"kind": "off_work"}, {"kind": "none"}, {"kind": "ends_shift"}],
    "calendar": [{"kind": "china"}, {"kind": "listed"}],
}
"""What else may stand where a kind stands, by the field of the whole."""
LAWS: list[dict[str, Any]] = [
    {"kind": "constant", "value": 7},
    {"kind": "constant", "value": 1},
    {"kind": "uniform", "low": 1, "high": 8},
    {"kind": "constant", "value": 30},
]


def other_values(leaf: Leaf, value: Any) -> Iterator[Any]:
    """Yield values a leaf may have instead of a value, as plain data, the best ones first."""
    if leaf.name in BY_HAND:
        yield from BY_HAND[leaf.name]
    if leaf.name.endswith(DATED):
        yield from _dated(value)
    else:
        yield from _others(value, literals_of(type(leaf.holder), leaf.field))


def other_parts(field: str, kind: str) -> Iterator[dict[str, Any]]:
    """Yield parts of another kind for a field that holds one, or several by name."""
    for part in SPARES.get(field, LAWS):
        if part["kind"] != kind:
            yield part


def literals_of(model: type[Any], field: str) -> tuple[str, ...]:
    """Return the words a field may be, when it may be one of several."""
    return _literals(model, field)


@cache
def _literals(model: type[Any], field: str) -> tuple[str, ...]:
    def found(annotation: Any) -> Iterator[str]:
        if typing.get_origin(annotation) is typing.Literal:
            yield from (each for each in typing.get_args(annotation) if isinstance(each, str))
        else:
            for each in typing.get_args(annotation):
                yield from found(each)

    return tuple(found(model.model_fields[field].annotation)) if model in holders() else ()


def _dated(value: Any) -> Iterator[Any]:
    """Let a value change in the midst of the run; in a mapping, one of its values."""
    if "value" not in value and "dated" not in value:
        for key, item in value.items():
            yield from ({**value, key: each} for each in _dated(item))
        return
    before = value.get("value")
    first = next(iter(value["dated"].values())) if before is None else before
    for other in _others(first, ()):
        yield {"dated": {dt.date(2022, 1, 1): first, MIDST: other}}


def _others(value: Any, words: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, value * 2, value // 2, value * 50, 0)
    elif isinstance(value, Decimal):
        number = Decimal(value)
        yield from (
            number * Decimal("1.5"),
            number / 2,
            number * 20,
            (number + 1) / 2,
            number + 1,
            Decimal(0),
        )
    elif isinstance(value, float):
        yield from (value * 1.5, value / 2, value * 1.1, value * 20, value * 0.9, value + 1)
    elif isinstance(value, dt.datetime):
        yield value + dt.timedelta(days=1)
    elif isinstance(value, dt.date):
        yield from (_months_later(value, number) for number in (1, 2, -1))
        yield from (value + dt.timedelta(days=number) for number in (7, -7, 1))
    elif isinstance(value, str):
        yield from _words(value, words)
    elif isinstance(value, dict):
        yield from _in_mapping(value, words)
    elif isinstance(value, tuple | list):
        yield from _in_list(list(value), words)


def _words(value: str, words: tuple[str, ...]) -> Iterator[str]:
    if value in words:
        yield from (each for each in words if each != value)
        return
    family = next((names for names in NAMES if value in names), ())
    yield from (each for each in family if each != value)
    yield f"{value}-x"


def _in_mapping(value: dict[Any, Any], words: tuple[str, ...]) -> Iterator[Any]:
    if value.get("value") is not None and not isinstance(value.get("kind"), str):
        yield from ({"value": each} for each in _others(value["value"], words))
    elif value.get("dated") is not None:
        yield from ({"dated": each} for each in _in_mapping(value["dated"], words))
    elif "kind" in value:
        yield from (each for each in LAWS if each["kind"] != value["kind"])
    else:
        for key, item in value.items():
            yield from ({**value, key: each} for each in _others(item, words))
        yield from _shifted(value)
        for key in value:
            yield {each: item for each, item in value.items() if each != key}


def _shifted(value: dict[Any, Any]) -> Iterator[Any]:
    """Move a tenth from one share to the next, so that shares still add to 1."""
    keys = list(value)
    shares = [item.get("value") if isinstance(item, dict) else None for item in value.values()]
    if len(keys) > 1 and all(isinstance(each, Decimal) for each in shares):
        tenth = Decimal("0.1")
        yield {**value, keys[0]: {"value": shares[0] - tenth}, keys[1]: {"value": shares[1] + tenth}}


def _in_list(value: list[Any], words: tuple[str, ...]) -> Iterator[Any]:
    for place, item in enumerate(value):
        for each in _others(item, words):
            yield [*value[:place], each, *value[place + 1 :]]
    yield value[:-1]


def _months_later(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + years, month + 1, min(day.day, 28))


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return plain data with what stands at a path replaced."""
    if not path:
        return value
    key, *rest = path
    if isinstance(data, dict):
        return {**data, key: replaced(data[key], tuple(rest), value)}
    return [replaced(item, tuple(rest), value) if place == key else item for place, item in enumerate(data)]


def at(data: Any, path: tuple[Any, ...]) -> Any:
    """Return what stands at a path of plain data."""
    for key in path:
        data = data[key]
    return data


def alternatives(leaf: Leaf, data: Any) -> Iterator[Any]:
    """Yield the data with a leaf of it changed, one way after the other, valid or not."""
    value = at(data, leaf.path)
    if leaf.field == "kind" and len(literals_of(type(leaf.holder), "kind")) < 2:
        whole = leaf.path[:-1]
        field = next(each for each in reversed(whole) if isinstance(each, str) and _holds_kinds(each))
        for part in other_parts(field, value):
            yield replaced(data, whole, part)
        return
    if leaf.name in TOGETHER:
        *above, _, field = leaf.path
        for name, other in TOGETHER[leaf.name].items():
            data = replaced(data, (*above, name, field), other)
        yield data
        return
    for other in other_values(leaf, value):
        yield replaced(data, leaf.path, other)


@cache
def _kinds_of_fields() -> frozenset[str]:
    return frozenset(
        field
        for model in holders()
        for field in model.model_fields
        if any("kind" in part.model_fields for part in parts_of(model, field))
    )


def _holds_kinds(field: str) -> bool:
    return field in _kinds_of_fields()
