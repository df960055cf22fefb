"""Where the values of a scenario are from: counts by grade of evidence, sources, and the list of assumptions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from injurysim.scenario.document import Scenario
from injurysim.scenario.values import Dated, Part, Value, iter_parts

Path = tuple[str | int, ...]
VARIANTS = ("worlds", "designs")
"""Sections whose entries repeat what they are based on."""


@dataclass(frozen=True)
class Stated:
    """A value or a random quantity that says where it is from, once for all worlds or designs that share it.

    Attributes
    ----------
    path : tuple
        Its place in the first world or design that has it.
    part : Part
        The value, or the distribution (or annuity) whose parameters share one source.
    shared_by : tuple of str
        Worlds or designs that have it.
    """

    path: Path
    part: Any
    shared_by: tuple[str, ...]


def stated_values(scenario: Scenario) -> list[Stated]:
    """Return everything with a source or a grade of evidence, in the order of the file."""
    found: dict[tuple[Path, str], tuple[Path, Part, list[str]]] = {}
    for path, part in _sourced(scenario):
        variant = path[0] in VARIANTS
        place = (path[0], *path[2:]) if variant else path
        entry = found.setdefault((place, repr(part)), (path, part, []))
        if variant:
            entry[2].append(str(path[1]))
    return [Stated(path, part, tuple(shared)) for path, part, shared in found.values()]


def _sourced(scenario: Scenario) -> Iterator[tuple[Path, Part]]:
    for path, part in iter_parts(scenario):
        fields = type(part).model_fields
        if "grade" not in fields or "source" not in fields:
            continue
        if isinstance(part, Value | Dated) or part.grade is not None or part.source is not None:  # type: ignore[attr-defined]
            yield path, part


def grades(stated: list[Stated]) -> Counter[str]:
    """Count values by grade of evidence; those without one that the file itself states are ``none``."""
    return Counter(each.part.grade or "none" for each in stated if each.part.grade or each.part.source)


def clauses(stated: list[Stated]) -> dict[str, list[str]]:
    """Return the clauses cited of each source, each once; a source that is only cited whole has none."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in stated:
        if each.part.source is None:
            continue
        cited = found[each.part.source]
        clause = getattr(each.part, "clause", None)
        if clause is not None and clause not in cited:
            cited.append(clause)
    return dict(found)
