"""What pydantic refused, said in the user's words: file, line, column, what is wrong and what is allowed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from injurysim.core.errors import Problem
from injurysim.scenario.merging import suggestion
from injurysim.scenario.nodes import (
    ListNode,
    MapNode,
    Node,
    Path,
    Place,
    ScalarNode,
    follow,
    step,
    walk,
)
from injurysim.scenario.planned import planned_kind
from injurysim.scenario.schema import OF_FILES, Shape
from injurysim.scenario.sentences import expected, said, shown


@dataclass(frozen=True)
class _Fault:
    """One error of pydantic, brought back to the tree.

    `branch` is the place and name of the union member it belongs to; `missing` the key that is not there.
    """

    error: ErrorDetails
    place: Place
    missing: str | None
    of_key: bool
    branch: tuple[tuple[str | int, ...], str] | None

    @property
    def kind(self) -> str:
        return str(self.error["type"])

    @property
    def context(self) -> dict[str, Any]:
        return dict(self.error.get("ctx", {}))


def translate(error: ValidationError, node: Node, model: type[BaseModel]) -> list[Problem]:
    """Turn the errors of a validation into problems with positions.

    Parameters
    ----------
    error : ValidationError
        What pydantic said about ``to_plain(node)``.
    node : Node
        The tree that was validated.
    model : type of pydantic model
        The model that refused it.

    Returns
    -------
    list of Problem
        One per fault, in reading order.
    """
    shape = Shape(model)
    faults = _without_echoes([_bring_back(detail, node, shape) for detail in error.errors(include_url=False)])
    alone = [fault for fault in faults if fault.branch is None]
    found = [_problem(fault, node, shape) for fault in alone]
    unions: dict[tuple[str | int, ...], dict[str, list[_Fault]]] = defaultdict(lambda: defaultdict(list))
    for fault in faults:
        if fault.branch is not None:
            unions[fault.branch[0]][fault.branch[1]].append(fault)
    for branches in unions.values():
        found.extend(_union_problems(list(branches.values()), node, shape))
    return sorted(dict.fromkeys(found))


def _bring_back(detail: ErrorDetails, node: Node, shape: Shape) -> _Fault:
    """Follow pydantic's location down the tree, dropping what the user did not write."""
    place = follow(node, ())
    missing: str | None = None
    branch: tuple[tuple[str | int, ...], str] | None = None
    of_key = False
    tagged: tuple[str | int, ...] | None = None
    location = detail["loc"]
    for number, part in enumerate(location):
        if part == "[key]":
            of_key = True
            continue
        if tagged != place.path and part in shape.tags(shape.at(node, place.path)):
            tagged = place.path
            continue
        below = step(place, part)
        if below is not None:
            place = below
        elif number == len(location) - 1 and detail["type"] == "missing":
            missing = str(part)
        elif not (part == "value" and isinstance(place.node, ScalarNode)) and branch is None:
            branch = (place.path, str(part))
    return _Fault(detail, place, missing, of_key, branch)


def _without_echoes(faults: list[_Fault]) -> list[_Fault]:
    """Drop what another fault already says.

    Too few entries of what has entries enough: pydantic does not count those it has refused. And a key that is
    missing where an unknown one most likely was to be it.
    """
    strange: dict[Path, list[str]] = defaultdict(list)
    for fault in faults:
        if fault.kind == "extra_forbidden":
            strange[tuple(fault.place.path[:-1])].append(str(fault.place.path[-1]))

    def echo(fault: _Fault) -> bool:
        if fault.missing is not None:
            return bool(get_close_matches(fault.missing, strange[tuple(fault.place.path)], n=1))
        node = fault.place.node
        entries = (
            node.items if isinstance(node, ListNode) else node.entries if isinstance(node, MapNode) else ()
        )
        return fault.kind == "too_short" and len(entries) >= fault.context["min_length"]

    return [fault for fault in faults if not echo(fault)]


def _union_problems(branches: list[list[_Fault]], node: Node, shape: Shape) -> list[Problem]:
    """Of the members of a union, tell the faults of the one that was most likely meant."""

    def closeness(faults: list[_Fault]) -> int:
        start = faults[0].branch[0] if faults[0].branch else ()
        if any(len(fault.place.path) > len(start) or fault.missing for fault in faults):
            return 2
        return 0 if all(expected(fault.kind, fault.context) for fault in faults) else 1

    best = max(map(closeness, branches))
    if best or len(branches) == 1:
        likely = min((faults for faults in branches if closeness(faults) == best), key=len)
        return [_problem(fault, node, shape) for fault in likely]
    first = branches[0][0]
    phrases = [expected(fault.kind, fault.context) for faults in branches for fault in faults]
    allowed = ", or ".join(dict.fromkeys(phrase for phrase in phrases if phrase))
    what = f"{shown(first.place.node)} is not allowed here."
    return [first.place.mark.problem(first.place.path, what, f"Allowed: {allowed}.")]


def _problem(fault: _Fault, node: Node, shape: Shape) -> Problem:
    place = fault.place
    match fault.kind:
        case "missing":
            path = (*place.path, fault.missing or "")
            return place.mark.problem(path, f"'{fault.missing}' is missing.", _about(shape.at(node, path)))
        case "extra_forbidden":
            return _unknown_key(place, node, shape)
        case "union_tag_not_found" if isinstance(place.node, MapNode):
            tag = _discriminator(fault)
            allowed = ", ".join(sorted(shape.tags(shape.at(node, place.path))))
            return place.mark.problem(
                (*place.path, tag), f"'{tag}' is missing.", f"Add it; one of: {allowed}."
            )
        case "union_tag_invalid" | "literal_error" | "enum":
            return _unknown_kind(fault)
    return _refused(fault)


def _discriminator(fault: _Fault) -> str:
    return str(fault.context.get("discriminator", "")).strip("'")


def _refused(fault: _Fault) -> Problem:
    """Say what is wrong with a value, or with a key as such."""
    place = fault.place
    if fault.kind == "wrong":
        for part in fault.context["at"]:
            place = step(place, part) or place
        return place.mark.problem(place.path, f"{fault.context['what']}.", fault.context["fix"])
    kind = "model_type" if fault.kind == "union_tag_not_found" else fault.kind
    if kind in ("unit", "range"):
        place = step(place, kind) or place
    if fault.of_key and place.path:
        name = str(place.path[-1])
        what, fix = said(kind, fault.context, ScalarNode(place.key, name, name), fault.error["msg"])
        return place.key.problem(place.path, f"The key {what}", fix)
    what, fix = said(kind, fault.context, place.node, fault.error["msg"])
    return place.mark.problem(place.path, what, fix)


def _about(schemas: Iterable[dict[str, Any]]) -> str:
    """Say what a missing key is for, as far as the model says it."""
    for schema in schemas:
        unit = f" (unit: {schema['unit']})" if "unit" in schema else ""
        about = str(schema.get("description", "")).rstrip(".") or ", ".join(map(str, schema.get("enum", ())))
        if about and unit and about.lower() == f"in {schema['unit']}".lower():
            about = ""
        return f"Add it{unit}{f': {about}' if about else ''}."
    return "Add it."


def _unknown_key(place: Place, node: Node, shape: Shape) -> Problem:
    key = str(place.path[-1])
    what = f"Unknown key '{key}'."
    if key == "based_on":
        return place.key.problem(
            place.path, what, "It belongs directly into a world, a design, a group, a platform or a scheme."
        )
    if key == "include":
        return place.key.problem(place.path, what, "It belongs to the top of a file.")
    allowed = shape.keys(node, place.path[:-1]) + (list(OF_FILES) if len(place.path) == 1 else [])
    return place.key.problem(place.path, what, suggestion(key, allowed, "Allowed") if allowed else "")


def _unknown_kind(fault: _Fault) -> Problem:
    """Refuse a word that is not among those allowed; say so when it is one of a later version."""
    tag = _discriminator(fault)
    place = (tag and step(fault.place, tag)) or fault.place
    given = place.node.text if isinstance(place.node, ScalarNode) else ""
    allowed = words(str(fault.context.get("expected_tags") or fault.context.get("expected", "")))
    if fault.of_key:
        key = str(place.path[-1])
        what = f"The key '{key}' is not allowed here."
        return place.key.problem(place.path, what, suggestion(key, allowed, "Allowed"))
    if not given:
        what, fix = said("literal_error", {"expected": ", ".join(allowed)}, place.node, "")
        return place.mark.problem(place.path, what, fix)
    for field in _fields(place.path):
        if plan := planned_kind(field, given):
            what = f"{tag or field} '{given}' ({plan}) is part of the language but not available in this version."
            return place.mark.problem(place.path, what, f"Available: {', '.join(allowed)}.")
    what = f"Unknown {tag} '{given}'." if tag else f"'{given}' is not allowed here."
    return place.mark.problem(place.path, what, suggestion(given, allowed, "Allowed"))


def words(text: str) -> list[str]:
    """Take pydantic's ``'a', 'b' or 'c'`` apart."""
    return re.findall(r"'([^']*)'", text) or [part for part in re.split(r", | or ", text) if part]


def _fields(path: Path) -> Iterable[str]:
    """Names along a path, the nearest first; `scenario` for the top."""
    return [*(part for part in reversed(path) if isinstance(part, str)), "scenario"]


def misplaced_booleans(node: Node, model: type[BaseModel], made: BaseModel | None = None) -> list[Problem]:
    """Refuse `true` and `false` where a number is meant: pydantic would take them for 1 and 0.

    Parameters
    ----------
    node : Node
        The tree of a document.
    model : type of pydantic model
        What the document must be.
    made : pydantic model, optional
        What was made of it, if it was: a truth that stands in it as one needs no looking up in the schema, which takes
        long to make.
    """
    shape: Shape | None = None
    found: list[Problem] = []
    for place in walk(follow(node, ())):
        if not isinstance(place.node, ScalarNode) or not isinstance(place.node.value, bool):
            continue
        if made is not None and _is_truth(made, place.path):
            continue
        shape = shape or Shape(model)
        types = {leaf.get("type", "any") for leaf in shape.leaves(shape.at(node, place.path), place.node)}
        numbers = {"number": "a number", "integer": "a whole number"}
        if types & set(numbers) and not types & {"boolean", "any"}:
            wanted = next(phrase for name, phrase in numbers.items() if name in types)
            found.append(place.mark.problem(place.path, f"{place.node.text} is not {wanted}.", ""))
    return found


def _is_truth(made: Any, path: Path) -> bool:
    """Say whether a path leads to a truth in a model; not where a key has another name or place there."""
    for part in path:
        if isinstance(made, BaseModel):
            made = getattr(made, str(part), None) if str(part) in type(made).model_fields else None
        elif isinstance(made, Mapping):
            text = str(part)
            made = made.get(text, made.get(int(text)) if text.isdecimal() else None)
        elif isinstance(made, tuple | list):
            made = made[part] if isinstance(part, int) and part < len(made) else None
        else:
            return False
    return isinstance(made, bool)


def useless_nulls(node: Node, model: type[BaseModel]) -> list[Problem]:
    """Refuse a null that removes nothing under a key the language does not know: most likely a slip."""
    shape: Shape | None = None
    found: list[Problem] = []
    for place in walk(follow(node, ())):
        null = place.node
        if not isinstance(null, ScalarNode) or null.value is not None or null.removes or not place.path:
            continue
        shape = shape or Shape(model)
        parent = follow(node, place.path[:-1])
        known = shape.keys(node, parent.path)
        key = str(place.path[-1])
        if isinstance(parent.node, ListNode) or not shape.at(node, parent.path) or key in known:
            continue
        others = known or [name for name in getattr(parent.node, "entries", {}) if name != key]
        found.append(
            place.key.problem(place.path, f"There is no '{key}' to remove.", suggestion(key, others))
        )
    return found
