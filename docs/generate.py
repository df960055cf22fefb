"""Writes the pages of docs/ that are made from the code: ``python docs/generate.py`` (``--check`` only compares).

Each function below returns the text of one page. ``tests/test_generated_docs.py`` holds the pages to what they return.
"""

from __future__ import annotations

import argparse
import datetime as dt
import inspect
import math
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from injurysim.core.schemas import TABLES
from injurysim.describe.evidence import Stated, stated_values
from injurysim.describe.numbers import digits
from injurysim.results.catalogue import words
from injurysim.results.metrics import METRICS
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import load_document
from injurysim.scenario.names import Name
from injurysim.scenario.values import Dated, Unit, Value

DOCS = Path(__file__).resolve().parent
SCENARIOS = DOCS.parent / "scenarios"
PARTS = ("designs", "worlds", "parameters", "parts", "validation")
"""Folders of files that are included, and of textbook cases, whose values have no source."""
MADE = "<!-- Made by docs/generate.py from the code: change it there. -->"


def escaped(text: object) -> str:
    """Make a text fit into a cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(escaped(cell) for cell in line) + " |" for line in lines)


# ================================================================================================== scenario-reference


def _models(annotation: Any) -> list[type[BaseModel]]:
    """Return the parts an annotation may hold, values left out."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return [] if issubclass(annotation, Value | Dated) else [annotation]
    return [model for argument in typing.get_args(annotation) for model in _models(argument)]


def _ordered(model: type[BaseModel], found: dict[type[BaseModel], list[str]], where: str) -> None:
    """Note a part and those below it in the order of the file, each with the keys under which it stands."""
    if model in found:
        if where and where not in found[model]:
            found[model].append(where)
        return
    found[model] = [where] if where else []
    for name, field in model.model_fields.items():
        for inner in _models(field.annotation):
            _ordered(inner, found, f"{model.__name__}.{name}")


def scenario_parts() -> dict[type[BaseModel], list[str]]:
    """Return every part of the language and the keys under which it stands."""
    found: dict[type[BaseModel], list[str]] = {}
    _ordered(Scenario, found, "")
    return found


_BOUNDS = (("ge", "{} or more"), ("gt", "above {}"), ("le", "{} at most"), ("lt", "below {}"))


def _bounds(metadata: tuple[Any, ...]) -> str:
    """Say within which bounds a number must lie."""
    inside = [bound for item in metadata for bound in getattr(item, "metadata", [item])]
    told = [
        text.format(digits(getattr(bound, name)))
        for bound in inside
        for name, text in _BOUNDS
        if getattr(bound, name, None) is not None
    ]
    return f" ({', '.join(told)})" if told else ""


_PLAIN = {
    str: "text",
    int: "whole number",
    float: "number",
    Decimal: "number",
    bool: "true or false",
    dt.date: "date",
    dt.datetime: "date and time",
}


def type_of(annotation: Any, metadata: tuple[Any, ...] = ()) -> str:  # noqa: PLR0911 (a return a form)
    """Say in words what an annotation allows."""
    if annotation is Name or annotation == Name:
        return "name"
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return type_of(arguments[0], (*arguments[1:], *metadata))
    if origin is typing.Literal:
        return " or ".join(f"`{each}`" for each in arguments)
    if origin in (typing.Union, types.UnionType):
        several = [type_of(each, metadata) for each in arguments if each is not types.NoneType]
        return " or ".join(dict.fromkeys(several))
    if origin is dict:
        return f"mapping of {type_of(arguments[0])} to {type_of(arguments[1])}"
    if origin is tuple and arguments[-1:] == (Ellipsis,):
        return f"list of {type_of(arguments[0])}"
    if origin is tuple:
        return f"list of {len(arguments)}: {', '.join(type_of(each) for each in arguments)}"
    if inspect.isclass(annotation) and issubclass(annotation, Value | Dated):
        (inner,) = annotation.__pydantic_generic_metadata__["args"]
        return type_of(inner, metadata) + (", may be dated" if issubclass(annotation, Dated) else "")
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    if any(getattr(each, "pattern", None) for each in metadata):
        return "name"
    return _PLAIN.get(annotation, str(annotation)) + _bounds(metadata)


def units_of(annotation: Any, metadata: tuple[Any, ...] = ()) -> Iterator[str]:
    """Yield the units stated anywhere in an annotation."""
    yield from (item.text for item in metadata if isinstance(item, Unit))
    if typing.get_origin(annotation) is typing.Annotated:
        yield from (item.text for item in annotation.__metadata__ if isinstance(item, Unit))
    for argument in typing.get_args(annotation):
        if not (inspect.isclass(argument) and issubclass(argument, BaseModel)):
            yield from units_of(argument)


def default_of(field: Any) -> str:  # noqa: PLR0911 (a return a form)
    """Say what holds when a key is left out."""
    if field.is_required():
        return "**required**"
    default = field.get_default(call_default_factory=True)
    if isinstance(default, Value):
        default = default.value
    if default is None:
        return "nothing"
    if isinstance(default, BaseModel):
        return f"`kind: {default.kind}`" if "kind" in type(default).model_fields else "its own defaults"
    if isinstance(default, Mapping | tuple) and not default:
        return "none"
    if isinstance(default, Mapping):
        return ", ".join(f"{key}: {getattr(each, 'value', each)}" for key, each in default.items())
    if isinstance(default, tuple):
        return ", ".join(map(str, default))
    return str(default).lower() if isinstance(default, bool) else str(default)


def kind_of(model: type[BaseModel]) -> str | None:
    """Return the value of ``kind`` by which a part is chosen."""
    field = model.model_fields.get("kind")
    levels = typing.get_args(field.annotation) if field else ()
    return str(levels[0]) if field and field.is_required() and len(levels) == 1 else None


def scenario_reference() -> str:
    """Every part and key of a scenario file, from the models."""
    parts = scenario_parts()
    blocks = [
        "# Scenario reference",
        MADE,
        (
            "Every part of a scenario file and every key in it, in the order of the file; an [index of kinds](#kinds) ends the "
            "page. [Writing worlds](scenario-worlds.md) and [writing designs](scenario-designs.md) introduce them with examples."
        ),
        (
            "A *number* may stand alone or say what is known of it, `{value: 0.06, source: notice, clause: art. 3, grade: official, "
            "mandated: true, note: text, range: [0.04, 0.07]}`; one that *may be dated* has `dated: {2022-07-01: 0.06, 2025-01-01: "
            "0.07}` in place of `value`. `grade` is official, press, study, derived or assumption. A *name* has small letters, "
            "digits, `_` and `-`, and starts with a letter. A key whose default is *nothing* has no effect when left out. Beside the "
            "keys below a file has `include` (files it is laid over), `overlays` (named parts for `based_on`) and `experiment` "
            "([variants](experiments.md) of worlds and designs); entries of worlds and designs have `based_on`."
        ),
    ]
    for model, where in parts.items():
        kind = kind_of(model)
        said = inspect.cleandoc(model.__doc__ or "").replace("``", "`")
        places = ", ".join(f"`{each}`" for each in where) or "the file itself"
        rows: list[tuple[object, ...]] = []
        for name, field in model.model_fields.items():
            if name == "kind" and kind is not None:
                rows.append(("`kind`", f"`{kind}`", "", "**required**", "chooses this part"))
                continue
            told = type_of(field.annotation, tuple(field.metadata))
            unit = "; ".join(dict.fromkeys(units_of(field.annotation, tuple(field.metadata))))
            rows.append((f"`{name}`", told, unit, default_of(field), field.description or ""))
        title = f"## {model.__name__}"
        chosen = f"`kind: {kind}`. " if kind else ""
        blocks += [title, f"{chosen}Stands under {places}.", said]
        if rows:
            blocks.append(table(("Key", "Allowed", "Unit", "Left out", "What it is"), rows))
    kinds = sorted(
        (kind_of(model) or "", model.__name__, where) for model, where in parts.items() if kind_of(model)
    )
    blocks += [
        "## Kinds",
        table(
            ("Kind", "Part", "Under"),
            [
                (f"`{kind}`", f"[{name}](#{name.lower()})", ", ".join(f"`{each}`" for each in where))
                for kind, name, where in kinds
            ],
        ),
    ]
    return "\n\n".join(blocks) + "\n"


# ============================================================================================================== tables


def tables_page() -> str:
    """Every table and column of the results, from the schemas."""
    blocks = [
        "# Tables",
        MADE,
        (
            "Every table of a results folder and every column in it. What a folder is, and the identities the tables keep, is in "
            "[results.md](results.md). A row is told apart by the leading columns and the key. A table on a *cash* basis never "
            "changes in its past when the horizon grows; one on an *origin* basis looks back from `valuation`. Money is whole "
            "fen; times are local, to the second; a null is a missing value, never a zero."
        ),
    ]
    for each in TABLES.values():
        key = ", ".join(f"`{name}`" for name in each.order)
        basis = f"{each.basis} basis" if each.basis != "none" else "no basis in time"
        rows: list[tuple[object, ...]] = [
            (
                f"`{column.name}`",
                column.type,
                column.unit,
                "yes" if column.nullable else "no",
                ", ".join(f"`{level}`" for level in column.levels or ()),
                column.description,
            )
            for column in each.columns
        ]
        blocks += [
            f"## {each.name}",
            f"A row is {each.description}. Of {'the ' if each.of == 'experiment' else 'a '}{each.of}; {basis}. Key: {key}.",
            table(("Column", "Type", "Unit", "May be null", "Levels", "What it is"), rows),
        ]
    return "\n\n".join(blocks) + "\n"


# ============================================================================================================= metrics


def metrics_page() -> str:
    """Every metric, from the one dictionary of results/metrics."""
    blocks = [
        "# Metrics",
        MADE,
        (
            "Every metric of `metrics`, `summary`, `quantiles` and `comparison`. A metric is worked out within each replication (ratios are ratios of "
            "totals, percentiles are pooled), then averaged. One with a label in brackets has a row for each year, scheme or "
            "account. *Headline* ones are in the verdict; those *in full size only* are null in a scenario whose `scale` is "
            "not 1. Formulas name columns of the [tables](tables.md) without their `_fen`."
        ),
    ]
    for of, title in (("book", "Of a design"), ("world", "Of a world")):
        rows: list[tuple[object, ...]] = [
            (
                f"`{metric.name}`",
                metric.label,
                words("zh")[f"metric.{metric.name}"].replace("{}", "…"),
                metric.unit,
                metric.direction or "neither",
                metric.formula,
                metric.null_rule,
                metric.kind,
                ", ".join(
                    word
                    for word, holds in (("headline", metric.headline), ("full size only", metric.full_scale))
                    if holds
                ),
            )
            for metric in METRICS.values()
            if metric.of == of
        ]
        head = ("Metric", "Name", "Chinese", "Unit", "Better", "Formula", "Null", "Kind", "Notes")
        blocks += [f"## {title}", table(head, rows)]
    return "\n\n".join(blocks) + "\n"


# ========================================================================================================== parameters


_AS = {"mu": "median"}
"""How a parameter is called by authors, where it is saved under another name."""


def _entries(part: Any) -> str:
    """Write a value, or a distribution by its parameters."""
    if isinstance(part, Dated) and part.dated is not None:
        return "; ".join(f"{day}: {_number(value)}" for day, value in part.dated.items())
    if isinstance(part, Value | Dated):
        return _number(part.value)
    about = {"source", "clause", "grade", "note"}
    stated = part.model_dump(exclude_none=True, exclude_defaults=True, exclude=about)
    if "mu" in stated:
        stated = {**stated, "mu": f"{math.exp(stated['mu']):.6g}"}
    return ", ".join(f"{_AS.get(name, name)} {_number(value)}" for name, value in stated.items())


def _number(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            _number(value["value"])
            if "value" in value
            else "; ".join(f"{k} {_number(v)}" for k, v in value.items())
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_number(each) for each in value) + "]"
    return (
        digits(value)
        if isinstance(value, Decimal | int | float) and not isinstance(value, bool)
        else str(value)
    )


def _ledger_path(stated: Stated) -> str:
    keys = [str(each) for each in stated.path]
    if len(stated.shared_by) > 1:
        keys[1] = "{" + ",".join(stated.shared_by) + "}"
    return ".".join(keys)


def _range(part: Any) -> str:
    bounds = getattr(part, "range", None)
    return f"{_number(bounds[0])} to {_number(bounds[1])}" if bounds else ""


def parameters_page() -> str:
    """Every sourced value of the shipped scenarios, and the list of assumptions."""
    blocks = [
        "# Parameters",
        MADE,
        (
            "Every value of the shipped scenarios that says where it is from: its place, its range of what would still be "
            "plausible, its source and grade of evidence. A value shared by several worlds or designs stands once, with their "
            "names in braces; a value a scenario has from another listed before it is not repeated. The "
            "[assumptions](#assumptions) end the page. Scenarios of `scenarios/validation/` state theorems and have no sources."
        ),
    ]
    seen: set[tuple[tuple[str | int, ...], str]] = set()
    assumed: list[tuple[object, ...]] = []
    shipped = [
        path for path in SCENARIOS.rglob("*.yaml") if path.relative_to(SCENARIOS).parts[0] not in PARTS
    ]
    for path in sorted(shipped, key=lambda each: (each.stem != "quickstart", each.stem)):
        scenario = load_document(path, Scenario).model
        rows: list[tuple[object, ...]] = []
        again = 0
        for stated in stated_values(scenario):
            part = stated.part
            if part.source is None and part.grade is None:
                continue
            place = stated.path[:1] + stated.path[2:] if stated.shared_by else stated.path
            if (place, repr(part)) in seen:
                again += 1
                continue
            seen.add((place, repr(part)))
            source = scenario.sources.get(part.source or "")
            clause = getattr(part, "clause", None) or ""
            note, where = part.note or "", f"`{_ledger_path(stated)}`"
            mandated = "by law" if getattr(part, "mandated", False) else ""
            rows.append(
                (
                    *(where, _entries(part), _range(part), getattr(part, "unit", None) or ""),
                    *(
                        source.title if source else part.source or "",
                        clause,
                        part.grade or "",
                        mandated,
                        note,
                    ),
                )
            )
            if part.grade == "assumption":
                assumed.append((scenario.name, where, _entries(part), _range(part), note))
        blocks.append(f"## {scenario.name}")
        blocks.append(
            f"{len(rows)} values of its own" + (f", {again} as in scenarios above." if again else ".")
        )
        if rows:
            head = ("Path", "Value", "Range", "Unit", "Source", "Clause", "Grade", "Fixed", "Note")
            blocks.append(table(head, rows))
    blocks += [
        "## Assumptions",
        "Nobody's measurement: to be varied within the range, where there is one.",
        table(("Scenario", "Path", "Value", "Range", "Why"), assumed),
    ]
    return "\n\n".join(blocks) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "scenario-reference.md": scenario_reference,
    "tables.md": tables_page,
    "metrics.md": metrics_page,
    "parameters.md": parameters_page,
}
"""Page -> what writes it."""


def main() -> int:
    """Write the pages, or say which differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page differs")
    check = parser.parse_args().check
    differ = 0
    for name, page in PAGES.items():
        text, path = page(), DOCS / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        differ += 1
        if not check:
            path.write_text(text, encoding="utf-8")
        print(f"docs/{name} {'differs' if check else 'written'}", file=sys.stderr)
    return 1 if check and differ else 0


if __name__ == "__main__":
    sys.exit(main())
