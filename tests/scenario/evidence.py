"""Which parts of a scenario can say where they are from, and whether a file states them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from injurysim.scenario.nodes import follow


def parts_with_evidence(
    item: object, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield each part that can name a source and a grade, with its path; what stands inside it speaks through it."""
    if isinstance(item, BaseModel):
        fields = type(item).model_fields
        if {"source", "grade"} <= set(fields):
            yield path, item
            return
        for name, field in fields.items():
            yield from parts_with_evidence(getattr(item, name), (*path, field.alias or name))
    elif isinstance(item, dict):
        for key, each in item.items():
            yield from parts_with_evidence(each, (*path, str(key)))
    elif isinstance(item, list | tuple):
        for number, each in enumerate(item):
            yield from parts_with_evidence(each, (*path, number))


def is_written(node: Any, path: tuple[str | int, ...]) -> bool:
    """Say whether a path stands in the file: what is left out is the language's default and needs no source."""
    return follow(node, path).path == path
