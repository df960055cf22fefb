"""The map of the seed documents: every clause is in it, every key is there, and what it says of outputs is what happens.

The walk runs each scenario shrunk, changes one key at a time and compares on the same random numbers. Keys of designs are walked as
further designs on one run of the world; keys of worlds as further worlds with one design.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from injurysim.core.schemas import TABLES
from injurysim.replication import run_cell
from injurysim.scenario.basing import SECTIONS, expand_based_on, without_overlays
from injurysim.scenario.checks import cross_check
from injurysim.scenario.document import Scenario
from injurysim.scenario.including import Reader
from injurysim.scenario.loading import Loaded
from injurysim.scenario.merging import without_nulls
from injurysim.scenario.nodes import Entry, MapNode, Node, to_plain
from injurysim.scenario.overriding import apply_override
from injurysim.scenario.resolve import resolve

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios"
SPEC = importlib.util.spec_from_file_location("make_seeds", ROOT / "docs" / "make_seeds.py")
assert SPEC is not None
assert SPEC.loader is not None
make_seeds = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(make_seeds)

SEEDS = make_seeds.read_map()
DOCUMENTS = tuple(SEEDS["documents"])
UP_TO_NINE = "一二三四五六七八九"
CLAUSES = {
    "hohhot-2022": [
        "一",
        *(f"（{part}）{item}" for part, items in (
            ("一", "1"), ("二", "2 3"), ("三", "4 5 6"), ("四", "7"), ("五", "8 9 10"), ("六", "11"),
            ("七", "12 13 14"), ("八", "15"), ("九", "16 17 18"), ("十", "19 20"),
        ) for item in items.split()),
        *("三", "四（一）", "四（二）", "四（三）", "四（四）"),
    ],
    "chengkou-2022": [
        *(f"（{unit}）" for unit in UP_TO_NINE), "（十）", *(f"（十{unit}）" for unit in UP_TO_NINE),
        "（二十）", "（二十一）", "（二十二）",
    ],
    "shiyan-2025": ["有效期", *map(str, range(1, 16))],
    "shanxi-2021": [
        *(f"一（{number}）" for number in UP_TO_NINE),
        *(f"二（{number}）" for number in "一二三"),
        *(f"三（{number}）" for number in "一二三四"),
    ],
}  # fmt: skip
"""Every numbered clause of the four documents."""


@dataclass(frozen=True)
class Move:
    """One map of a clause that names an output, and how far the output moved."""

    document: str
    clause: str
    given: Mapping[str, Any]
    difference: float

    def holds(self, moves: str) -> bool:
        """Say whether the output moved in a direction."""
        return self.difference > 0 if moves in ("up", "later") else self.difference < 0


def maps_of(document: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for clause in SEEDS["documents"][document]["clauses"]:
        for given in clause["maps"]:
            yield clause["clause"], given


@cache
def written(document: str) -> Node:
    """The scenario file with what it includes; nothing expanded."""
    reader = Reader()
    node = reader.read(FOLDER / f"{document}.yaml", document)
    assert node is not None
    assert not reader.problems
    return node


@cache
def shrunk(document: str) -> Node:
    walk = SEEDS["documents"][document]["walk"]
    horizon = ", ".join(f"{key}: {value}" for key, value in walk.items())
    return with_all(written(document), (*SEEDS["walk"]["overrides"], f"horizon={{{horizon}}}"))


def with_all(node: Node, assignments: Sequence[str]) -> Node:
    for assignment in assignments:
        node = apply_override(node, assignment)
    return node


def expanded(node: Node) -> MapNode:
    for section in SECTIONS:
        node, problems = expand_based_on(node, section)
        assert not problems
    whole = without_nulls(without_overlays(node))
    assert isinstance(whole, MapNode)
    return whole


def at(node: Node, path: str) -> Any:
    """What stands at a dotted path, in plain values; a sourced value is its value."""
    for key in path.split("."):
        below = node.get(key) if isinstance(node, MapNode) else None
        assert below is not None, f"there is no '{key}' of '{path}'"
        node = below
    return bare(to_plain(node))


def bare(item: Any) -> Any:
    if isinstance(item, Mapping):
        if "value" in item and "kind" not in item:
            return bare(item["value"])
        return {
            key: bare(each)
            for key, each in item.items()
            if key not in ("source", "clause", "grade", "note", "range")
        }
    return item


def test_the_page_is_made_from_the_map() -> None:
    assert make_seeds.PAGE.read_text(encoding="utf-8") == make_seeds.page(SEEDS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_clause_is_mapped(document: str) -> None:
    mapped = {str(clause).split(" ")[0] for clause, _ in maps_of(document)}
    assert mapped == set(CLAUSES[document])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_map_says_what_its_kind_needs(document: str) -> None:
    for clause, given in maps_of(document):
        if given["kind"] == "outside":
            assert given["why"], clause
            assert "key" not in given, clause
        elif given["kind"] == "lever":
            assert ("neutral" in given) != ("same_as" in given), clause
        else:
            assert given["kind"] == "mechanism", clause
            assert {"key", "to", "output", "moves"} <= set(given), clause
        if "output" in given:
            table, _, column = given["output"].partition(".")
            columns = {each.name for each in TABLES[table].columns}
            assert {column, *given.get("where", {})} - {""} <= columns, clause


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_key_is_there(document: str) -> None:
    """It stands in the scenario as it ships, and `--set` reaches it."""
    node = written(document)
    whole = expanded(node)
    for _, given in maps_of(document):
        if given["kind"] != "outside":
            at(whole, given["key"])
        for assignment in (
            *given.get("with", ()),
            *([f"{given['key']}={given['to']}"] if "to" in given else ()),
        ):
            apply_override(node, assignment)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_levers_are_shipped_without_an_effect(document: str) -> None:
    whole = expanded(written(document))
    for clause, given in maps_of(document):
        if given["kind"] == "lever":
            neutral = at(whole, given["same_as"]) if "same_as" in given else Decimal(str(given["neutral"]))
            assert at(whole, given["key"]) == neutral, (clause, given["key"])


OF_WORLDS = ("exposure", "riders", "injuries")
"""Tables that are the same whatever the book: the cheapest design will do."""


@cache
def walked(document: str) -> tuple[Move, ...]:
    """Walk the maps of a document that name an output."""
    stated = [(clause, given) for clause, given in maps_of(document) if "output" in given]
    runs = Runs(document)
    for _, given in stated:
        runs.ask(given)
    tables = runs.made()
    return tuple(
        Move(document, clause, given, difference(given, *(tables[name] for name in runs.pair(given))))
        for clause, given in stated
    )


@dataclass(frozen=True)
class Asked:
    """A run that is needed: the plan's world or design, or another, under overrides."""

    section: str
    entry: str
    overrides: tuple[str, ...]


class Runs:
    """The runs a walk needs, each once: for every set of overrides a design or a world of its own."""

    def __init__(self, document: str) -> None:
        self.base = shrunk(document)
        self.names: dict[Asked, str] = {}
        self.with_books: set[str] = set()

    @staticmethod
    def _two(given: Mapping[str, Any]) -> tuple[Asked, Asked]:
        section, entry = given["key"].split(".")[:2]
        common = tuple(given.get("with", ()))
        return Asked(section, entry, common), Asked(
            section, entry, (*common, f"{given['key']}={given['to']}")
        )

    def ask(self, given: Mapping[str, Any]) -> None:
        for asked in self._two(given):
            name = self.names.setdefault(asked, f"run-{len(self.names)}")
            if given["output"].split(".")[0] not in OF_WORLDS:
                self.with_books.add(name)

    def pair(self, given: Mapping[str, Any]) -> list[str]:
        """Names of the runs before and after the change of a map."""
        return [self.names[asked] for asked in self._two(given)]

    def made(self) -> dict[str, Mapping[str, pd.DataFrame]]:
        """Run everything asked for and return the tables of each run."""
        scenario = resolve(self._scenario())
        of = {
            section: [name for asked, name in self.names.items() if asked.section == section]
            for section in PLANS
        }
        tables = cell(scenario, "plan", of["designs"])
        found = {
            name: {key: of_design(frame, name) for key, frame in tables.items()} for name in of["designs"]
        }
        return {
            **found,
            **{
                name: cell(scenario, name, ["plan" if name in self.with_books else "status-quo"])
                for name in of["worlds"]
            },
        }

    def _scenario(self) -> Scenario:
        """One scenario with the plan's world and design and those of every run, checked as a whole."""
        whole = expanded(self.base)
        entries = {section: {"plan": entry_of(whole, section, "plan")} for section in PLANS}
        entries["designs"]["status-quo"] = entry_of(whole, "designs", "status-quo")
        for asked, name in self.names.items():
            changed = expanded(with_all(self.base, asked.overrides))
            entries[asked.section][name] = entry_of(changed, asked.section, asked.entry)
        made = {section: Entry(whole.mark, MapNode(whole.mark, each)) for section, each in entries.items()}
        node = with_all(
            MapNode(whole.mark, {**whole.entries, **made}), ["baseline={world: plan, design: plan}"]
        )
        model = Scenario.model_validate(to_plain(node))
        assert cross_check(Loaded(model, node, [], {})) == []
        return model


PLANS = ("worlds", "designs")


def entry_of(whole: MapNode, section: str, name: str) -> Entry:
    body = whole.get(section)
    assert isinstance(body, MapNode)
    return body.entries[name]


def of_design(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[frame["design"] == name] if "design" in frame else frame


def cell(scenario: Scenario, world: str, designs: Sequence[str]) -> dict[str, pd.DataFrame]:
    narrowed = scenario.model_copy(update={"designs": {name: scenario.designs[name] for name in designs}})
    found = run_cell(narrowed, world, 0, seed=scenario.seed)
    return {name: TABLES[name].to_pandas(TABLES[name].join(parts)) for name, parts in found.items()}


def difference(
    given: Mapping[str, Any], before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame]
) -> float:
    """Return how far the output of a map moved: of sums, of numbers of rows, or of the mean of times."""
    table, _, column = given["output"].partition(".")
    pair = []
    for tables in (before, after):
        rows = tables[table]
        for key, value in given.get("where", {}).items():
            rows = rows[rows[key].astype(str) == str(value)]
        pair.append(rows)
    if not column:
        return float(len(pair[1]) - len(pair[0]))
    if pd.api.types.is_datetime64_any_dtype(pair[0][column]):
        both = pair[0].merge(pair[1], on=["injury_id", "scheme"], suffixes=("_before", "_after"))
        return float((both[f"{column}_after"] - both[f"{column}_before"]).dropna().dt.total_seconds().sum())
    return float(pair[1][column].sum()) - float(pair[0][column].sum())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_changing_a_key_moves_the_output_as_the_map_says(document: str) -> None:
    wrong = [
        f"{move.clause}: {move.given['key']}={move.given['to']} should move {move.given['output']} "
        f"{move.given['moves']}, and moved it by {move.difference:g}"
        for move in walked(document)
        if not move.holds(move.given["moves"])
    ]
    assert wrong == []


REVERSED = {"up": "down", "down": "up", "earlier": "later", "later": "earlier"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_direction_reversed_is_caught(document: str) -> None:
    assert [move.given["key"] for move in walked(document) if move.holds(REVERSED[move.given["moves"]])] == []
