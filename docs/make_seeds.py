"""Make docs/seeds.md from docs/seeds-map.yaml: ``python docs/make_seeds.py``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent
MAP = HERE / "seeds-map.yaml"
PAGE = HERE / "seeds.md"

INTRODUCTION = """\
# What became of each clause

Four local documents on the rights of platform workers ship as scenarios. This page says, clause by clause, what of them
the simulator represents and how. It is made from [seeds-map.yaml](seeds-map.yaml) by `python docs/make_seeds.py`; a test walks
the map on common random numbers.

- **mechanism**: a key of the scenario carries the clause in money, exposure, claims or time. Setting it as shown, alone and
  on the same random numbers, moves the output as shown.
- **lever**: a key would carry the clause, but nobody has measured what it does. Effect: an assumption, 0 by default: the
  plan holds the same value as the world or the design before it, or the neutral one. Moving it moves the output as shown.
- **outside**: nothing in the model answers to the clause, for the reason given.

Outputs are sums of a column of a table of the results over its rows, or numbers of rows; times move earlier or later over the
claims that both runs have. Keys can be given to `--set`; where a line says so, something else is set in both runs first.

Before the pilot's date in its province a plan runs on the status quo: Chongqing from 2022-07-01, Hubei from 2025-07-01, Inner
Mongolia and Shanxi with the whole country from 2026-07-01. "When appropriate" (Hohhot) is a date with a distribution.
"""

DOCUMENT = """
## {name}

Document {number}: {title}. Scenario: [{name}.yaml](../scenarios/{name}.yaml).
"""
HEADER = "| Clause | What it says | Kind | Carried by | Output, and where it moves |\n|---|---|---|---|---|"


def read_map(path: Path = MAP) -> dict[str, Any]:
    """Read the map of clauses."""
    found: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return found


def page(seeds: Mapping[str, Any]) -> str:
    """Return the page as text: an introduction, and for each document a table with a row for each map of a clause."""
    parts = [INTRODUCTION]
    for name, document in seeds["documents"].items():
        parts.append(DOCUMENT.format(name=name, **{key: document[key] for key in ("number", "title")}))
        parts.append("\n".join([HEADER, *_rows(document)]) + "\n")
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _rows(document: Mapping[str, Any]) -> Iterator[str]:
    for clause in document["clauses"]:
        first = (f"{clause['clause']}", f"{clause['says']} ({clause['term']})")
        for each in clause["maps"]:
            yield "| " + " | ".join(_cell(text) for text in (*first, each["kind"], *_carried(each))) + " |"
            first = ("", "")


def _carried(each: Mapping[str, Any]) -> tuple[str, str]:
    if each["kind"] == "outside":
        return "outside the model", each["why"]
    note = f"; {each['note']}" if "note" in each else ""
    moves = _moves(each)
    if each["kind"] == "lever":
        held = f"as `{each['same_as']}`" if "same_as" in each else f"{each['neutral']}"
        return f"`{each['key']}`{note}", f"assumption, default 0 (held {held}){f'; {moves}' if moves else ''}"
    return f"`{each['key']}`{note}", moves


def _moves(each: Mapping[str, Any]) -> str:
    if "output" not in each:
        return ""
    where = "".join(f", {key} {value}" for key, value in each.get("where", {}).items())
    what = each["output"] if "." in each["output"] else f"rows of {each['output']}"
    in_both = f"with `{'`, `'.join(each['with'])}` in both, " if "with" in each else ""
    return f"{in_both}`={each['to']}`: {what}{where} {each['moves']}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(read_map()), encoding="utf-8")
