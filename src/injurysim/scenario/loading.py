"""From a file on disk to a checked model, with every problem told at once; and back to text."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path as FilePath
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from injurysim.core.errors import InputError, Problem
from injurysim.scenario.axes import VARY
from injurysim.scenario.basing import OVERLAYS, SECTIONS, WITHIN, expand_based_on, parents, without_overlays
from injurysim.scenario.faults import Key
from injurysim.scenario.including import Reader
from injurysim.scenario.merging import without_nulls
from injurysim.scenario.nodes import Mark, Node, Path, ScalarNode, follow, read_scalar, to_plain
from injurysim.scenario.overriding import apply_override
from injurysim.scenario.problems import misplaced_booleans, translate, useless_nulls
from injurysim.scenario.varying import with_variants

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Loaded(Generic[M]):
    """A checked document.

    Attributes
    ----------
    model : M
        The model.
    node : Node
        The tree it was made from: includes merged, overrides applied, the experiment's variants put in, sections
        expanded, nulls gone.
    files : list of Path
        Every file read, the scenario itself first.
    based_on : dict
        Section -> entry -> the entry it is based on.
    """

    model: M
    node: Node
    files: list[FilePath]
    based_on: dict[str, dict[str, str]]


def load_document(
    path: str | os.PathLike[str],
    model: type[M],
    overrides: Sequence[str] = (),
    sections: Sequence[str] = SECTIONS,
    vary: Sequence[str] = (),
) -> Loaded[M]:
    """Read, merge, expand and check a document.

    Parameters
    ----------
    path : path
        The scenario file; problems name it as it is given here.
    model : type of pydantic model
        What the document must be.
    overrides : sequence of str
        ``PATH=VALUE`` of the command line, applied in order after the includes and before `based_on`.
    sections : sequence of str
        Sections whose entries may be based on one another.
    vary : sequence of str
        ``PATH=V1,V2,...`` of the command line, each an axis more of the experiment's grid; after the overrides.

    Returns
    -------
    Loaded

    Raises
    ------
    InputError
        With every problem: of the text of all files and of the overrides, or, when there is none, of the model.
    """
    reader = Reader()
    node = reader.read(FilePath(path), os.fspath(path), ())
    problems = reader.problems
    if node is None:
        raise InputError(problems)
    for assignment in overrides:
        try:
            node = apply_override(node, assignment, sections)
        except InputError as error:
            problems.extend(error.problems)
    node, found = with_variants(node, vary, sections)
    problems.extend(found)
    based_on = {section: parents(node, section) for section in sections}
    for section in sections:
        node, found = expand_based_on(node, section)
        problems.extend(found)
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    try:
        whole = without_overlays(node) if OVERLAYS in sections else node
        return Loaded(*_validated(whole, model), reader.files, based_on)
    except InputError as error:
        raise InputError(without_inherited(error.problems, based_on)) from None


def without_inherited(problems: Sequence[Problem], based_on: dict[str, dict[str, str]]) -> list[Problem]:
    """Drop what an entry only repeats of the entry it is based on, or of another that has the same overlay."""
    places: dict[tuple[str, str], set[tuple[str, int, int]]] = defaultdict(set)
    for problem in problems:
        places[problem.where, problem.what].add((problem.file, problem.line, problem.column))

    def inherited(problem: Problem) -> bool:
        section, name, *rest = [*problem.where.split(".", 2), ""]
        parent = based_on.get(section, {}).get(name)
        above = places.get((f"{section}.{parent}.{rest[0]}", problem.what), set()) if parent else set()
        here = (problem.file, problem.line, problem.column)
        return bool(above) and (here in above or problem.what.endswith("is missing."))

    own = [problem for problem in problems if not inherited(problem)]
    once: dict[tuple[object, ...], Problem] = {}
    for problem in own:
        section, _, *rest = [*problem.where.split(".", 2), "", ""]
        place = (problem.file, problem.line, problem.column, problem.what)
        shared = (
            (*place, section, _within(section, rest[0]))
            if section in based_on and (problem.line or problem.file.startswith(VARY))
            else (*place, problem.where)
        )
        once.setdefault(shared, problem)
    return list(once.values())


def _within(section: str, rest: str) -> str:
    """Leave out which entry a path inside an entry leads through, where entries may be based on one another."""
    part, *names = rest.split(".", 2)
    return f"{part}.*.{names[1]}" if part in WITHIN.get(section, ()) and len(names) > 1 else rest


def _validated(node: Node, model: type[M]) -> tuple[M, Node]:
    problems = useless_nulls(node, model)
    node = without_nulls(node)
    made: M | None = None
    try:
        made = model.model_validate(to_plain(node))
    except ValidationError as error:
        problems += translate(error, node, model)
    told = {(problem.file, problem.line, problem.column, problem.where) for problem in problems}
    for problem in misplaced_booleans(node, model, made):
        if (problem.file, problem.line, problem.column, problem.where) not in told:
            problems.append(problem)
    if made is None or problems:
        raise InputError(problems)
    return made, node


def locate(node: Node, path: Path) -> Mark:
    """Position to show for a path; of the nearest thing above it that exists."""
    return follow(node, path).mark


def problem_at(node: Node, path: Path, what: str, fix: str = "") -> Problem:
    """Build a problem about a path, for checks that a model cannot make by itself.

    Parameters
    ----------
    node : Node
        The merged tree of the document.
    path : sequence of str and int
        Keys and positions, as `iter_values` gives them; a `value` the user did not write is dropped. A last step
        that is a `Key` is told at the key.
    what, fix : str
        What is wrong and what to do, each a sentence.
    """
    place = follow(node, path)
    rest = tuple(path[len(place.path) :])
    if isinstance(place.node, ScalarNode) and rest[:1] == ("value",):
        rest = rest[1:]
    mark = place.key if isinstance(path[-1], Key) and not rest else place.mark
    return mark.problem((*place.path, *rest), what, fix)


def dump_resolved(model: BaseModel) -> str:
    """Write a model as YAML text that loads to an equal model.

    Keys stand in the order of the model's fields, and every default is written out; keys without a value are left
    out. Decimals keep their digits, dates are plain.

    Parameters
    ----------
    model : pydantic model
        Any document; a field that may be None must have None as its default.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.representer import SafeRepresenter

    class Representer(SafeRepresenter):
        """Writes scalars so that `nodes.read_scalar` reads them back, and a shared value anew each time."""

        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
            return True

    def text(self: Any, data: str) -> Any:
        plain = isinstance(_read_back(data), str) and data.isprintable()
        style = None if plain else '"' if not data.isprintable() else "'"
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def number(self: Any, data: Decimal) -> Any:
        digits = format(data, "f")
        return self.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in digits else 'int'}", digits)

    Representer.add_representer(str, text)
    Representer.add_representer(Decimal, number)
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = Representer
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 1_000_000
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = io.StringIO()
    yaml.dump(_resolved(model), stream)
    return stream.getvalue()


@cache
def _read_back(text: str) -> Any:
    with suppress(OverflowError):
        return read_scalar(text)
    return None


def scenario_digest(model: BaseModel) -> str:
    """SHA-256 of the model's canonical JSON; equal models have equal digests, however they were written.

    Keys are sorted, keys without a value are left out, numbers are written without trailing zeros.
    """
    canonical = json.dumps(
        _canonical(_resolved(model)), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _resolved(model: BaseModel) -> Any:
    """Dump a model to JSON types, but with decimals, dates and whole-number keys as such."""
    options: dict[str, Any] = {"exclude_none": True, "by_alias": True}
    return _paired(model.model_dump(mode="json", **options), model.model_dump(mode="python", **options))


def _paired(as_json: Any, as_python: Any) -> Any:
    if isinstance(as_json, dict) and isinstance(as_python, Mapping):
        pairs = zip(as_json.items(), as_python.items(), strict=True)
        return {_key(name, key): _paired(item, twin) for (name, item), (key, twin) in pairs}
    if isinstance(as_json, list) and isinstance(as_python, list | tuple):
        return [_paired(item, twin) for item, twin in zip(as_json, as_python, strict=True)]
    if isinstance(as_json, list):  # a set: its order means nothing
        return sorted(as_json, key=json.dumps)
    kept = isinstance(as_python, Decimal) or (
        isinstance(as_python, date) and not isinstance(as_python, datetime)
    )
    return as_python if kept else as_json


def _key(name: str, key: Any) -> Any:
    whole = isinstance(key, int) and not isinstance(key, bool) and key >= 0
    return key if whole or (isinstance(key, date) and not isinstance(key, datetime)) else name


def _canonical(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _canonical(item) for key, item in data.items()}
    if isinstance(data, list):
        return [_canonical(item) for item in data]
    if isinstance(data, Decimal):
        digits = format(data, "f")
        return (digits.rstrip("0").rstrip(".") if "." in digits else digits) if data else "0"
    return data.isoformat() if isinstance(data, date) else data
