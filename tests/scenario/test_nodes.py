"""YAML text as a tree with positions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injurysim.core.errors import InputError, Problem
from injurysim.scenario.composing import compose, decode, parse
from injurysim.scenario.nodes import (
    MAX_BYTES,
    MapNode,
    flow,
    follow,
    from_plain,
    read_scalar,
    to_plain,
    walk,
)


def problems(text: str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        parse(text, "s.yaml")
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("1e-3", Decimal("0.001")),
        ("0.060", Decimal("0.060")),
        (".5", Decimal("0.5")),
        ("+3", 3),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("12_000", "12_000"),
        ("08:30", "08:30"),
        ("2022-07-01", date(2022, 7, 1)),
        ("2022-02-30", "2022-02-30"),
        ("2022-7-1", "2022-7-1"),
        ("1.2.3", "1.2.3"),
        ("-.inf", float("-inf")),
    ],
)
def test_scalars_by_the_core_rules_of_yaml_1_2(text: str, value: Any) -> None:
    read = read_scalar(text)
    assert read == value
    assert type(read) is type(value)
    assert to_plain(parse(f"a: {text}", "s")) == {"a": value}


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**9), max_value=10**9))
def test_decimals_keep_every_digit(number: Decimal) -> None:
    assert f"{read_scalar(f'{number:f}'):f}" == f"{number:f}"


def test_quoted_scalars_are_text() -> None:
    assert to_plain(parse("a: '1'\nb: \"true\"\nc: |\n  2\n", "s")) == {"a": "1", "b": "true", "c": "2\n"}


def test_every_key_and_value_knows_its_place() -> None:
    node = parse("# note\nworlds:\n  base:\n    riders: 30\n    tags: [a, b]\n", "s.yaml")
    riders = follow(node, ("worlds", "base", "riders"))
    assert (riders.key.line, riders.key.column) == (4, 5)
    assert (riders.mark.line, riders.mark.column) == (4, 13)
    second = follow(node, ("worlds", "base", "tags", 1))
    assert (second.mark.line, second.mark.column) == (5, 15)
    assert follow(node, ("worlds", "base", "nothing", "more")).path == ("worlds", "base")
    assert follow(node, ("worlds", "base")).mark.line == 3


def test_dates_and_counts_may_be_keys() -> None:
    assert to_plain(parse("2022-07-01: 1\n10: 2\n'yes': 3\nno: 4\n", "s")) == {
        "2022-07-01": 1,
        "10": 2,
        "yes": 3,
        "no": 4,
    }


@pytest.mark.parametrize("key", ["true", "1.5", "01", "~", "0x1", "-1"])
def test_other_keys_must_be_text(key: str) -> None:
    (problem,) = problems(f"ok: 1\n{key}: 2\n")
    assert f"The key '{key}' is not text." in problem.what
    assert (problem.line, problem.column) == (2, 1)


def test_all_problems_of_a_text_are_told() -> None:
    text = "a: &x 1\nb: *x\nc: !foo z\na: 2\n? [1]\n: 3\nd:\n  e: 1\n  e: 2\n<<: 3\nf:\n"
    found = [(problem.line, problem.column, problem.where) for problem in problems(text)]
    assert found == [
        (1, 4, "a"),
        (2, 4, "b"),
        (3, 4, "c"),
        (4, 1, "a"),
        (5, 3, ""),
        (9, 3, "d.e"),
        (10, 1, ""),
        (11, 1, "f"),
    ]


def test_duplicate_key_names_both_lines() -> None:
    (problem,) = problems("a: 1\nb: 2\na: 3\n")
    assert "on line 1 and on line 3" in problem.what


def test_anchors_are_refused_with_advice() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
    found = problems(bomb)
    assert len(found) == 7
    assert all("include" in problem.fix and "based_on" in problem.fix for problem in found)


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("a:\n\tb: 1\n", 2, 1, "tab"),
        ("a: b: c\n", 1, 5, "second ': '"),
        ("a:\n   b: 1\n  c: 2\n", 3, 3, "indentation"),
        ("a: 1\nbbb\nc: 2\n", 3, 1, "neither"),
        ("a: 'x\n", 2, 1, "not closed"),
        ("a: @x\n", 1, 4, "cannot start"),
        ("a: 1\nb: \x07\n", 2, 4, "control character"),
        ("", 1, 1, "empty"),
        ("# only a remark\n", 1, 1, "empty"),
        ("a: 1\n---\nb: 2\n", 2, 1, "second document"),
        ("a: 1e999\n", 1, 4, "out of range"),
        ("a: " + "1" * 2000, 1, 4, "out of range"),
        ("- 1\n-\n", 2, 1, "no value"),
    ],
)
def test_what_cannot_be_read_is_said_clearly(text: str, line: int, column: int, said: str) -> None:
    (problem,) = problems(text)
    assert said in problem.what
    assert problem.line == line
    assert problem.column == column or line > 1


def test_nesting_is_bounded() -> None:
    parse("[" * 50 + "]" * 50, "s")
    (problem,) = problems("[" * 51 + "]" * 51)
    assert "deeper than 50" in problem.what
    assert "deeper than 50" in problems("[" * 20_000)[0].what


def test_bytes_must_be_utf_8_and_few() -> None:
    text, (problem,) = decode("好\nb: é".encode() + b"\xff", "s")
    assert text is None
    assert (problem.line, problem.column) == (2, 5)
    assert decode("\ufeffa: 好".encode(), "s") == ("a: 好", [])
    assert "10 MB" in decode(b" " * (MAX_BYTES + 1), "s")[1][0].what


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(PLAIN)
def test_from_plain_and_back(data: Any) -> None:
    node = from_plain(data)
    assert to_plain(node) == data
    assert next(walk(follow(node, ()))).node == node


@given(st.text(alphabet="ab:-[]{}'\"#&*!|> \n\t0.?,%@`", max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    node, found = compose(text, "s")
    assert node is not None or found
    assert all(problem.line >= 1 and problem.column >= 1 and problem.what for problem in found)


def test_nodes_are_immutable() -> None:
    node = parse("a: 1", "s")
    assert isinstance(node, MapNode)
    with pytest.raises(AttributeError):
        node.mark = node.mark  # type: ignore[misc]


SCALARS = st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.dates() | st.text(max_size=8)  # fmt: skip
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(TREES)
def test_a_tree_on_one_line_reads_as_the_same_tree(data: Any) -> None:
    line = flow(from_plain(data))
    assert "\n" not in line
    assert to_plain(parse(f"[{line}]", "x")) == [to_plain(from_plain(data))]
