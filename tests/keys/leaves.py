"""Every leaf of the language of scenarios: enumerated from its models, and found in a scenario.

A leaf is a key that holds a value, not parts: a number, a date, a name, a list of these, a distribution. It is named
by its class and field (``PerDay.yuan``). A class that stands in several places (the `Whose` of three questions) has
its leaves once for each (``Attribution.liable/Whose.two_orders``), so that none hides behind another. A value that may be
dated is a second leaf, ``… dated``: it must move something in the midst of a run too. What a value says of itself, its source, grade, range and
so on, is no leaf of each: see `evidence`.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from injurysim.scenario.distribution import Constant
from injurysim.scenario.document import Scenario
from injurysim.scenario.names import Source, Text
from injurysim.scenario.values import Dated, Part, Value

LAW: type[Part] = Constant.__mro__[1]
"""The base of every distribution."""
EVERYWHERE = (LAW, Text, Source)
"""Parts that mean the same wherever they stand: their keys are leaves once."""
DATED = " dated"


class Leaf(NamedTuple):
    """A leaf found in a scenario: its name, the part and field that hold it, and where it stands."""

    name: str
    holder: Part
    field: str
    path: tuple[Any, ...]


def classes_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models an annotation may hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    else:
        for argument in typing.get_args(annotation):
            yield from classes_in(argument)


def parts_of(model: type[Part], field: str) -> list[type[Part]]:
    """Return the parts a field may hold, without values."""
    found = classes_in(model.model_fields[field].annotation)
    return [typing.cast(type[Part], each) for each in found if not issubclass(each, Value | Dated)]


def defining(model: type[Part], field: str) -> type[Part]:
    """Return the class that states a field, the model itself or one it inherits from."""
    return next(each for each in reversed(model.__mro__) if field in getattr(each, "model_fields", {}))


def evidence(value: Any) -> dict[str, Any]:
    """Return all that a plain value may say of itself."""
    return {
        "value": value,
        "source": "survey",
        "clause": "table 1",
        "grade": "study",
        "mandated": True,
        "note": "said",
        "range": [value, value],
    }


@cache
def holders() -> dict[type[Part], tuple[str, ...]]:
    """Return every part of the language with the fields that hold it, by the class that states them."""
    found: dict[type[Part], dict[str, None]] = {Scenario: {}}
    waiting: list[type[Part]] = [Scenario]
    while waiting:
        model = waiting.pop()
        for field in model.model_fields:
            for part in parts_of(model, field):
                if part not in found:
                    found[part] = {}
                    waiting.append(part)
                found[part][f"{defining(model, field).__name__}.{field}"] = None
    return {part: tuple(fields) for part, fields in found.items()}


def name_of(model: type[Part], field: str, held_by: str) -> str:
    """Name a leaf; a part that stands in several places is told by the field that holds it."""
    once = len(holders()[model]) < 2 or issubclass(model, EVERYWHERE)
    return f"{model.__name__}.{field}" if once else f"{held_by}/{model.__name__}.{field}"


def is_leaf(model: type[Part], field: str) -> bool:
    """Say whether a field holds values, or distributions, and not parts alone."""
    held = [each for each in ends_of(model.model_fields[field].annotation) if each is not types.NoneType]
    return any(not _is_part(each) or issubclass(each, LAW) for each in held)


def ends_of(annotation: Any) -> Iterator[Any]:
    """Yield what a field holds in the end: in its options, in a mapping's values, in a tuple."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        yield from ends_of(arguments[0])
    elif origin in (typing.Union, types.UnionType):
        for each in arguments:
            yield from ends_of(each)
    elif origin is dict:
        yield from ends_of(arguments[1])
    elif origin is tuple:
        yield from ends_of(arguments[0])
    else:
        yield annotation


def _is_part(held: Any) -> bool:
    return isinstance(held, type) and issubclass(held, Part) and not issubclass(held, Value | Dated)


def may_be_dated(model: type[Part], field: str) -> bool:
    """Say whether a field holds values that law may change from a date on."""
    return any(issubclass(each, Dated) for each in classes_in(model.model_fields[field].annotation))


@cache
def all_leaves() -> frozenset[str]:
    """Return the names of every leaf of the language."""
    found = set()
    for model, fields in holders().items():
        for field in model.model_fields:
            if is_leaf(model, field):
                names = {name_of(model, field, held_by) for held_by in fields or ("",)}
                found |= names
                if may_be_dated(model, field):
                    found |= {name + DATED for name in names}
    return frozenset(found)


def leaves_of(item: object, path: tuple[Any, ...] = (), held_by: str = "") -> Iterator[Leaf]:
    """Yield every leaf that is set in a part, or in parts in a mapping or a tuple, in the order of the fields."""
    if isinstance(item, Part):
        model = type(item)
        for field in model.model_fields:
            value = getattr(item, field)
            here, by = (*path, field), f"{defining(model, field).__name__}.{field}"
            if value is not None and is_leaf(model, field):
                name = name_of(model, field, held_by)
                yield Leaf(name, item, field, here)
                if may_be_dated(model, field):
                    yield Leaf(name + DATED, item, field, here)
            if not isinstance(value, Value | Dated):
                yield from leaves_of(value, here, by)
    elif isinstance(item, dict):
        for key, child in item.items():
            if not isinstance(child, Value | Dated):
                yield from leaves_of(child, (*path, key), held_by)
    elif isinstance(item, tuple | list):
        for place, child in enumerate(item):
            yield from leaves_of(child, (*path, place), held_by)
