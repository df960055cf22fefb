"""JSON Schema of a scenario file, and the same schema as a map of what is allowed where."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from injurysim.scenario.basing import WITHIN
from injurysim.scenario.nodes import ListNode, MapNode, Node, Path, ScalarNode

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
OF_FILES = ("include", "overlays", "experiment")
"""Keys at the top of a file that are gone once it is read."""
_NULL: Schema = {"type": "null"}
_INCLUDE: Schema = {
    "type": "array",
    "items": {"type": "string"},
    "title": "Include",
    "description": "Files, relative to this one, that this file is laid over; in order.",
}
_PATHS = {"pattern": r"^(worlds|designs)\..+\..+"}
_EXPERIMENT: Schema = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "grid": {
            "type": "object",
            "propertyNames": _PATHS,
            "additionalProperties": {"type": "array", "minItems": 1},
            "description": "Path: values; every combination of those of one world, or of one design.",
        },
        "points": {
            "type": "object",
            "additionalProperties": {"type": "object", "propertyNames": _PATHS},
            "description": "Name: values by path, laid together.",
        },
    },
    "title": "Experiment",
    "description": "Variants of worlds and designs, put beside what they vary: a grid, or points.",
}


class _FileSchema(GenerateJsonSchema):
    """As pydantic gives it, for values as YAML states them: a decimal is a number, a default has no nulls."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> Schema:
        whole = super().decimal_schema(schema)
        numbers = [option for option in whole.get("anyOf", [whole]) if option.get("type") == "number"]
        return numbers[0] if numbers else whole

    def encode_default(self, dft: Any) -> Any:
        return _without_none(super().encode_default(dft))


def _without_none(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_none(item) for key, item in data.items() if item is not None}
    return [_without_none(item) for item in data] if isinstance(data, list) else data


def json_schema(model: type[BaseModel], sections: Sequence[str] = ("worlds", "designs")) -> Schema:
    """Return the JSON Schema (draft 2020-12) of a scenario file as authors write it.

    Nothing is required, since any key may come from an included file or a parent; any key may be null, which
    removes it; the top level has ``include``, ``overlays`` and ``experiment``, and the entries of the sections have
    ``based_on``.

    Parameters
    ----------
    model : type of pydantic model
        The whole document.
    sections : sequence of str
        Sections whose entries may be based on one another.

    Returns
    -------
    dict
        A JSON Schema with ``$schema`` and ``title``; fields with a unit state it under ``unit``.
    """
    whole = copy.deepcopy(_raw(model))
    for name in sections:
        _add_based_on(whole, whole.get("properties", {}).get(name, {}), name)
    overlays = _overlays(whole, sections)
    for part in _subschemas(whole):
        _loosen(part)
    properties = {
        "include": dict(_INCLUDE),
        "overlays": overlays,
        "experiment": copy.deepcopy(_EXPERIMENT),
        **whole.pop("properties", {}),
    }
    title = whole.pop("title", model.__name__)
    return {"$schema": DRAFT, "title": title, **whole, "properties": properties}


@cache
def _raw(model: type[BaseModel]) -> Schema:
    return model.model_json_schema(by_alias=True, schema_generator=_FileSchema, mode="validation")


def _add_based_on(whole: Schema, holder: Schema, section: str) -> None:
    """Give each kind of entry of a section the key ``based_on``, in a definition of its own; and inside it likewise."""

    def extend(schema: Schema) -> Schema:
        if reference := schema.get("$ref"):
            name = reference.rsplit("/", 1)[-1]
            entry = f"{name}In{section.capitalize()}"
            if entry not in whole["$defs"]:
                whole["$defs"][entry] = {}
                whole["$defs"][entry] = extend(copy.deepcopy(whole["$defs"][name]))
            return {**schema, "$ref": f"#/$defs/{entry}"}
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return {**schema, word: [extend(option) for option in schema[word]]}
        if "properties" in schema:
            based_on = {
                "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
                "title": "Based on",
                "description": f"Another entry of these {section}, and overlays to lay over it; in order.",
            }
            for inner in WITHIN.get(section, ()):
                if inner in schema["properties"]:
                    _add_based_on(whole, schema["properties"][inner], inner)
            return {**schema, "properties": {"based_on": based_on, **schema["properties"]}}
        return schema

    if isinstance(holder.get("additionalProperties"), dict):
        holder["additionalProperties"] = extend(holder["additionalProperties"])
    for pattern, entries in holder.get("patternProperties", {}).items():
        holder["patternProperties"][pattern] = extend(entries)


def _overlays(whole: Schema, sections: Sequence[str]) -> Schema:
    """Describe what a file offers for entries of the sections, and of what is inside them, to be based on."""
    entries: list[Schema] = []
    for section in sections:
        found = _entries(whole.get("properties", {}).get(section, {}))
        entries.extend(found)
        for inner in WITHIN.get(section, ()):
            for entry in found:
                defined = whole["$defs"].get(entry.get("$ref", "").rsplit("/", 1)[-1], entry)
                entries.extend(_entries(defined.get("properties", {}).get(inner, {})))
    return {
        "type": "object",
        "additionalProperties": {"anyOf": copy.deepcopy(entries)},
        "title": "Overlays",
        "description": "Named parts of a world or a design, for `based_on: [base, overlay]`.",
    }


def _entries(holder: Schema) -> list[Schema]:
    """Return the schemas of a mapping's entries."""
    found = [holder.get("additionalProperties"), *holder.get("patternProperties", {}).values()]
    return [entry for entry in found if isinstance(entry, dict)]


def _subschemas(schema: Schema) -> Iterator[Schema]:
    """Yield a schema and every schema inside it; not the values of `default`, `enum` and the like."""
    yield schema
    inside: list[Any] = []
    for word in ("properties", "$defs", "patternProperties"):
        inside.extend(schema.get(word, {}).values())
    for word in ("anyOf", "oneOf", "allOf", "prefixItems"):
        inside.extend(schema.get(word, ()))
    inside.extend(schema.get(word) for word in ("items", "additionalProperties", "propertyNames"))
    for part in inside:
        if isinstance(part, dict):
            yield from _subschemas(part)


def _loosen(schema: Schema) -> None:
    """Let a mapping leave out or remove any key, and name the unit in the description."""
    schema.pop("required", None)
    schema.pop("minProperties", None)
    if "oneOf" in schema:  # without a required `kind` an overlay may fit several kinds
        schema["anyOf"] = schema.pop("oneOf")
    if schema.get("default", ...) is None:
        schema.pop("default")
    for word in ("properties", "patternProperties"):
        schema_by_key = schema.get(word, {})
        schema_by_key.update({key: _or_null(part) for key, part in schema_by_key.items() if key != "kind"})
    if isinstance(schema.get("additionalProperties"), dict):
        schema["additionalProperties"] = _or_null(schema["additionalProperties"])
    unit = schema.get("unit")
    if isinstance(unit, str) and unit not in schema.get("description", ""):
        schema["description"] = f"{schema.get('description', '').rstrip('. ')}, in {unit}.".lstrip(", ")


_ABOUT = ("title", "description", "default", "unit", "examples", "deprecated")


def _or_null(schema: Schema) -> Schema:
    if not schema or "null" in schema.get("type", "") or _NULL in schema.get("anyOf", ()):
        return schema
    if isinstance(schema.get("type"), str) and "enum" not in schema and "const" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], _NULL]}
    about = {word: schema[word] for word in _ABOUT if word in schema}
    return {"anyOf": [{word: item for word, item in schema.items() if word not in about}, _NULL], **about}


class Shape:
    """What a model allows at each place of a tree, read from its JSON Schema.

    Parameters
    ----------
    model : type of pydantic model
        The whole document.
    """

    def __init__(self, model: type[BaseModel]) -> None:
        self._whole = _raw(model)

    def at(self, node: Node, path: Path) -> list[Schema]:
        """Schemas that may hold at a path; where a tag (``kind``) is stated, only those of that tag."""
        schemas: list[Schema] = [self._whole]
        here: Node | None = node
        for part in path:
            inside: list[Schema] = []
            for leaf in self.leaves(schemas, here):
                inside.extend(_inside(leaf, part))
            schemas = inside
            if isinstance(here, MapNode):
                here = here.get(str(part))
            elif isinstance(here, ListNode) and str(part).isdecimal() and int(part) < len(here.items):
                here = here.items[int(part)]
            else:
                here = None
        return schemas

    def leaves(self, schemas: Iterable[Schema], node: Node | None) -> list[Schema]:
        """Resolve references and unions down to plain schemas."""
        found: list[Schema] = []
        for schema in schemas:
            options = self._options(schema)
            if options is None:
                found.append(schema)
                continue
            tag = _tag(schema, node)
            mapping = schema.get("discriminator", {}).get("mapping", {})
            chosen = [{"$ref": mapping[tag]}] if tag in mapping else options
            found.extend(self.leaves(chosen, node))
        return found

    def tags(self, schemas: Iterable[Schema]) -> set[str]:
        """Tags of the tagged unions among these schemas."""
        found: set[str] = set()
        for schema in schemas:
            mapping = schema.get("discriminator", {}).get("mapping", {})
            found.update(mapping)
            if not mapping:
                found.update(self.tags(self._options(schema) or ()))
        return found

    def keys(self, node: Node, path: Path) -> list[str]:
        """Keys the language knows at a path; empty where keys are free names."""
        here: Node | None = node
        for part in path:
            if isinstance(here, MapNode):
                here = here.get(str(part))
            elif isinstance(here, ListNode):
                here = here.items[int(part)]
        leaves = self.leaves(self.at(node, path), here)
        return list(dict.fromkeys(key for leaf in leaves for key in leaf.get("properties", ())))

    def _options(self, schema: Schema) -> list[Schema] | None:
        if reference := schema.get("$ref"):
            return [self._whole["$defs"][reference.rsplit("/", 1)[-1]]]
        for word in ("anyOf", "oneOf", "allOf"):
            if word in schema:
                options: list[Schema] = schema[word]
                return options
        return None


def _tag(schema: Schema, node: Node | None) -> str:
    name = schema.get("discriminator", {}).get("propertyName")
    stated = node.get(name) if name and isinstance(node, MapNode) else None
    return stated.text if isinstance(stated, ScalarNode) else ""


def _inside(leaf: Schema, part: str | int) -> Iterator[Schema]:
    candidates: list[Any] = []
    if str(part) in leaf.get("properties", {}):
        candidates = [leaf["properties"][str(part)]]
    elif leaf.get("type") == "array":
        places = leaf.get("prefixItems", [])
        index = int(part) if str(part).isdecimal() else -1
        candidates = [places[index] if 0 <= index < len(places) else leaf.get("items")]
    else:
        candidates = [leaf.get("additionalProperties"), *leaf.get("patternProperties", {}).values()]
    yield from (candidate for candidate in candidates if isinstance(candidate, dict))
