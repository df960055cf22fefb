"""The JSON Schema of a scenario file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from injurysim.scenario.nodes import from_plain
from injurysim.scenario.schema import Shape, json_schema
from injurysim.scenario.values import Dated, Part, Share, Unit, Value

Name = Annotated[str, StringConstraints(pattern="^[a-z]+$", max_length=8)]


class Day(Part):
    kind: Literal["day"]
    hours: Annotated[Value[Decimal], Unit("hours")] = Field(description="Time at work.")


class Rest(Part):
    kind: Literal["rest"]
    minutes: int


class World(Part):
    riders: int
    share: Value[Share]
    limit: Annotated[Day | Rest, Field(discriminator="kind")]


class Design(Part):
    rate: Annotated[Dated[Decimal], Unit("yuan")] = Dated[Decimal](value=Decimal("0.5"))
    layer: Literal["stacked", "offset"] = "stacked"


class Doc(Part):
    name: str
    worlds: dict[Name, World]
    designs: dict[str, Design] = Field(min_length=1)
    copies: list[World] = Field(default_factory=list)


SCHEMA = json_schema(Doc)


def subschemas(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for item in schema.values():
            yield from subschemas(item)
    elif isinstance(schema, list):
        for item in schema:
            yield from subschemas(item)


def definition(schema: dict[str, Any]) -> dict[str, Any]:
    """Follow the first reference in a schema or in its options."""
    options = [schema, *schema.get("anyOf", ())]
    reference = next(option["$ref"] for option in options if "$ref" in option)
    found: dict[str, Any] = SCHEMA["$defs"][reference.rsplit("/", 1)[-1]]
    return found


def test_it_states_its_draft_and_title_and_is_json() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["title"] == "Doc"
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


def test_nothing_is_required_and_unknown_keys_stay_forbidden() -> None:
    assert not any(isinstance(part.get("required"), list) for part in subschemas(SCHEMA))
    assert not any("minProperties" in part for part in subschemas(SCHEMA))
    assert SCHEMA["additionalProperties"] is False


def test_overlays_are_parts_of_an_entry_of_any_section() -> None:
    offered = SCHEMA["properties"]["overlays"]["additionalProperties"]["anyOf"]
    assert [list(definition(option)["properties"])[1] for option in offered] == ["riders", "rate"]
    assert all("based_on" in definition(option)["properties"] for option in offered)


def test_include_at_the_top_and_based_on_in_the_entries_only() -> None:
    assert SCHEMA["properties"]["include"]["items"] == {"type": "string"}
    world = definition(SCHEMA["properties"]["worlds"]["patternProperties"]["^[a-z]+$"])
    design = definition(SCHEMA["properties"]["designs"]["additionalProperties"])
    assert "based_on" in world["properties"]
    assert "based_on" in design["properties"]
    assert "based_on" not in definition(SCHEMA["properties"]["copies"]["items"])["properties"]


def test_every_reference_leads_somewhere() -> None:
    references = [part["$ref"] for part in subschemas(SCHEMA) if "$ref" in part]
    assert references
    assert all(reference.rsplit("/", 1)[-1] in SCHEMA["$defs"] for reference in references)


def test_values_may_be_plain() -> None:
    share = definition(SCHEMA["$defs"]["World"]["properties"]["share"])
    plain, full = share["anyOf"]
    assert plain == {"type": "number", "minimum": 0.0, "maximum": 1.0}
    assert full["type"] == "object"
    assert {"value", "unit", "source", "clause", "grade", "mandated", "range", "note"} == set(
        full["properties"]
    )


def test_dated_values_may_be_plain_or_by_date() -> None:
    rate = definition(SCHEMA["$defs"]["Design"]["properties"]["rate"])
    plain, full = rate["anyOf"]
    assert plain == {"type": "number"}
    by_date = next(option for option in full["properties"]["dated"]["anyOf"] if option["type"] == "object")
    assert by_date["propertyNames"] == {"format": "date"}


def test_units_are_stated() -> None:
    hours = SCHEMA["$defs"]["Day"]["properties"]["hours"]
    assert hours["unit"] == "hours"
    assert hours["description"] == "Time at work, in hours."
    assert SCHEMA["$defs"]["Design"]["properties"]["rate"]["description"] == "In yuan."


def test_an_overlay_may_leave_out_the_kind_and_remove_any_other_key() -> None:
    assert not any("oneOf" in part for part in subschemas(SCHEMA))
    world = SCHEMA["$defs"]["World"]["properties"]
    assert world["riders"]["type"] == ["integer", "null"]
    assert {"type": "null"} in world["limit"]["anyOf"]
    assert {"type": "null"} in SCHEMA["$defs"]["Design"]["properties"]["layer"]["anyOf"]
    assert SCHEMA["$defs"]["Day"]["properties"]["kind"]["const"] == "day"


def test_making_it_leaves_the_model_alone() -> None:
    assert json_schema(Doc) == SCHEMA
    assert "name" in Doc.model_json_schema()["required"]


def test_shape_knows_the_keys_at_a_place() -> None:
    shape = Shape(Doc)
    node = from_plain({"worlds": {"a": {"limit": {"kind": "rest"}, "share": {}}}, "copies": [{}]})
    assert shape.keys(node, ()) == ["name", "worlds", "designs", "copies"]
    assert shape.keys(node, ("worlds",)) == []
    assert shape.keys(node, ("worlds", "a")) == ["riders", "share", "limit"]
    assert shape.keys(node, ("worlds", "a", "limit")) == ["kind", "minutes"]
    assert "grade" in shape.keys(node, ("worlds", "a", "share"))
    assert shape.keys(node, ("copies", 0)) == ["riders", "share", "limit"]
    assert shape.tags(shape.at(node, ("worlds", "a", "limit"))) == {"day", "rest"}
