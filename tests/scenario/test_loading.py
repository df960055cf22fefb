"""From files to a model and back."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from injurysim.core.errors import InputError, Problem
from injurysim.scenario.composing import parse
from injurysim.scenario.loading import (
    Loaded,
    dump_resolved,
    load_document,
    locate,
    problem_at,
    scenario_digest,
)
from injurysim.scenario.nodes import to_plain
from injurysim.scenario.values import Dated, Part, Unit, Value


class Day(Part):
    kind: Literal["day"]
    hours: Decimal


class Rest(Part):
    kind: Literal["rest"]
    minutes: int = 20


class World(Part):
    title: str | None = None
    riders: Annotated[Value[int], Unit("riders")]
    limit: Annotated[Day | Rest, Field(discriminator="kind")] | None = None


class Design(Part):
    rate: Annotated[Dated[Decimal], Unit("yuan per order")]
    grades: dict[int, Decimal] = Field(default_factory=dict)
    factor: float = 1.0
    tags: tuple[str, ...] = ()
    start: dt.date | None = None
    names: frozenset[str] = frozenset()


class Doc(Part):
    name: str
    worlds: dict[str, World] = Field(default_factory=dict)
    designs: dict[str, Design] = Field(default_factory=dict)


FILES = {
    "main.yaml": "include: [common/base.yaml]\nname: main\nworlds:\n  free: {based_on: base, limit: null}\n",
    "common/base.yaml": "include: [../law.yaml]\nname: base\nworlds:\n  base:\n    riders: 100\n    limit: {kind: day, hours: 8}\n",
    "law.yaml": "designs:\n  pilot:\n    rate: {dated: {2022-07-01: 0.060}, source: notice}\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(FILES)
    return tmp_path


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(exist_ok=True, parents=True)
        Path(name).write_text(text, encoding="utf-8")


def load(*overrides: str, **changes: str) -> Loaded[Doc]:
    write({name.replace("__", "/") + ".yaml": text for name, text in changes.items()})
    return load_document("main.yaml", Doc, overrides)


def refused(*overrides: str, **changes: str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        load(*overrides, **changes)
    return caught.value.problems


def test_files_parents_and_overrides_make_one_model(folder: Path) -> None:
    loaded = load("worlds.base.riders=250")
    assert loaded.model.name == "main"
    assert loaded.model.worlds["free"].riders.value == 250
    assert loaded.model.worlds["free"].limit is None
    assert loaded.model.worlds["base"].limit == Day(kind="day", hours=Decimal(8))
    assert str(loaded.model.designs["pilot"].rate.at(dt.date(2023, 1, 1))) == "0.060"
    assert loaded.files == [Path("main.yaml"), Path("common/base.yaml"), Path("common/../law.yaml")]
    assert loaded.based_on["worlds"] == {"free": "base"}
    assert to_plain(loaded.node)["worlds"]["free"] == {"riders": 250}


def test_problems_name_the_file_line_and_column_they_came_from(folder: Path) -> None:
    found = refused(
        "worlds.free.title=7",
        main="include: [common/base.yaml]\nname: main\nworlds:\n  free: {based_on: base, limt: 3}\n",
        law="designs:\n  pilot:\n    rate: {dated: {2022-07-01: much}}\n    colour: red\n",
    )
    assert [(p.file, p.line, p.column, p.where) for p in found] == [
        ("--set", 0, 0, "worlds.free.title"),
        ("law.yaml", 3, 32, "designs.pilot.rate.dated.2022-07-01"),
        ("law.yaml", 4, 5, "designs.pilot.colour"),
        ("main.yaml", 4, 26, "worlds.free.limt"),
    ]


def test_a_fault_of_a_parent_is_told_once(folder: Path) -> None:
    found = refused(common__base="name: base\nworlds:\n  base:\n    limit: {kind: day, hours: x}\n")
    assert [p.where for p in found] == ["worlds.base.riders", "worlds.base.limit.hours"]


def test_problems_of_the_text_of_all_files_come_first_and_together(folder: Path) -> None:
    found = refused(
        "worlds.bse.riders=1",
        main="include: [common/base.yaml, law.yaml]\nname: 3\nname: 4\n",
        law="designs:\n\tpilot: 1\n",
        common__base="a: *x\n",
    )
    assert [(p.file, p.line) for p in found] == [
        ("--set", 0),
        ("common/base.yaml", 1),
        ("law.yaml", 2),
        ("main.yaml", 3),
    ]


def test_cycles_and_missing_files_are_located(folder: Path) -> None:
    found = refused(
        main="include:\n  - common/base.yaml\n  - nothing.yaml\nname: x\n",
        law="include: [common/base.yaml]\n",
    )
    assert [(p.file, p.line, p.column, p.where) for p in found] == [
        ("law.yaml", 1, 11, "include.0"),
        ("main.yaml", 3, 5, "include.1"),
    ]
    assert "base.yaml -> law.yaml -> base.yaml" in found[0].what


@pytest.mark.parametrize(
    "target", ["/etc/hosts", "https://example.org/a.yaml", "~/a.yaml", "'C:\\a.yaml'", "3", "[]"]
)
def test_only_relative_paths_are_included(folder: Path, target: str) -> None:
    (problem,) = refused(main=f"name: x\ninclude:\n  - {target}\n")
    assert (problem.line, problem.column) == (3, 5)


def test_include_must_be_a_list(folder: Path) -> None:
    (problem,) = refused(main="include: law.yaml\nname: x\n")
    assert "list of files" in problem.what


def test_a_file_included_twice_is_read_once(folder: Path) -> None:
    loaded = load(main="include: [common/base.yaml, law.yaml]\nname: x\n")
    assert len(loaded.files) == 3


def test_a_later_include_lies_over_an_earlier_one(folder: Path) -> None:
    loaded = load(main="include: [a.yaml, b.yaml]\n", a="name: a\n", b="name: b\n")
    assert loaded.model.name == "b"


@pytest.mark.parametrize("text", ["- 1\n", "text\n", "3\n"])
def test_a_file_is_a_mapping(folder: Path, text: str) -> None:
    (problem,) = refused(main=text)
    assert "mapping" in problem.what


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(InputError, match="There is no such file"):
        load_document("nowhere.yaml", Doc)


def test_booleans_and_useless_nulls_are_told_with_the_rest(folder: Path) -> None:
    found = refused(main="name: x\nworlds:\n  a: {riders: true, lmit: null}\n  b: {}\n")
    assert [p.where for p in found] == ["worlds.a.riders", "worlds.a.lmit", "worlds.b.riders"]


def test_cross_checks_find_their_place(folder: Path) -> None:
    node = load().node
    assert locate(node, ("worlds", "base", "riders", "value")).line == 5
    assert locate(node, ("worlds", "nowhere")).file == "main.yaml"
    problem = problem_at(node, ("worlds", "base", "riders", "value"), "Too many.", "Fewer.")
    assert str(problem) == "common/base.yaml:5:13: worlds.base.riders: Too many. Fewer."


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "no",
        "1e3",
        ".5e3",
        "2022-07-01",
        "null",
        "~",
        "",
        " a",
        "a: b",
        "#x",
        "- a",
        "'q'",
        "0x1",
        "x\ny",
        "1_000",
        "<<",
    ]
)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)
DESIGNS = st.fixed_dictionaries(
    {
        "rate": NUMBERS
        | st.fixed_dictionaries({"dated": st.dictionaries(st.dates(), NUMBERS, min_size=1, max_size=3)})
    },
    optional={
        "grades": st.dictionaries(st.integers(0, 99), NUMBERS, max_size=3),
        "factor": st.floats(allow_nan=False, allow_infinity=False),
        "tags": st.lists(TEXTS, max_size=3),
        "start": st.dates(),
        "names": st.frozensets(TEXTS, max_size=3),
    },
)
DOCS = st.fixed_dictionaries({"name": TEXTS, "designs": st.dictionaries(TEXTS, DESIGNS, max_size=3)})


@given(DOCS)
def test_a_dump_loads_to_an_equal_model(data: Any) -> None:
    model = Doc.model_validate(data)
    text = dump_resolved(model)
    again = Doc.model_validate(to_plain(parse(text, "dump")))
    assert again == model
    assert dump_resolved(again) == text
    assert scenario_digest(again) == scenario_digest(model)


def test_a_dump_reads_well(folder: Path) -> None:
    assert dump_resolved(load().model) == (
        "name: main\n"
        "worlds:\n"
        "  base:\n"
        "    riders:\n"
        "      value: 100\n"
        "      unit: riders\n"
        "    limit:\n"
        "      kind: day\n"
        "      hours: 8\n"
        "  free:\n"
        "    riders:\n"
        "      value: 100\n"
        "      unit: riders\n"
        "designs:\n"
        "  pilot:\n"
        "    rate:\n"
        "      dated:\n"
        "        2022-07-01: 0.060\n"
        "      unit: yuan per order\n"
        "      source: notice\n"
        "    grades: {}\n"
        "    factor: 1.0\n"
        "    tags: []\n"
        "    names: []\n"
    )


def test_the_digest_sees_meaning_not_spelling() -> None:
    def digest(rate: str, **more: Any) -> str:
        return scenario_digest(Doc.model_validate({"name": "x", "designs": {"d": {"rate": rate, **more}}}))

    assert digest("0.06") == digest("0.0600") == digest("6e-2")
    assert digest("0") == digest("-0.0")
    assert digest("100") == digest("1e2")
    assert len({digest("0.06"), digest("0.07"), digest("0.06", factor=2), digest("0.06", tags=["a"])}) == 4


def test_importing_the_loader_does_not_import_ruamel() -> None:
    code = "import sys, injurysim.scenario.loading; sys.exit(any(name.startswith('ruamel') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
