"""Names of variants: readable, unique, always the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.scenario.composing import parse
from injurysim.scenario.names import LONGEST, PATTERN
from injurysim.scenario.nodes import ListNode, MapNode, Mark, Node, to_plain
from injurysim.scenario.variant_names import fitting, joined, key_labels, said, slug, title, value_labels

WORDS = st.sampled_from(["hours", "day", "week", "0", "2022-07-01", "value", "kind"])
PATHS = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(tuple), min_size=1, max_size=5, unique=True)


def items(text: str) -> tuple[Node, ...]:
    node = parse(text, "x.yaml")
    assert isinstance(node, ListNode)
    return node.items


@given(PATHS)
def test_keys_tell_axes_apart(paths: list[tuple[str, ...]]) -> None:
    labels = key_labels(paths)
    assert len(set(labels)) == len(paths)
    for label, path in zip(labels, paths, strict=True):
        assert label in [path[place:end] for end in (len(path), len(path) - 1) for place in range(end)]


@pytest.mark.parametrize(
    ("paths", "labels"),
    [
        (["a.b.hours"], ["hours"]),
        (["a.rate.value"], ["rate"]),
        (["recovery.kind"], ["recovery"]),
        (["a.yuan.dated.2022-07-01"], ["dated-2022-07-01"]),
        (["fatigue.bands.1"], ["bands-1"]),
        (["fatigue.bands.0.at", "fatigue.bands.1.at"], ["0-at", "1-at"]),
        (["a.day.hours", "a.week.hours", "a.week.share"], ["day-hours", "week-hours", "share"]),
        (["a.rate", "a.rate.value"], ["a-rate", "a-rate-value"]),
        (["value"], ["value"]),
    ],
)
def test_a_key_is_as_much_of_the_end_of_its_path_as_is_needed(paths: list[str], labels: list[str]) -> None:
    assert ["-".join(label) for label in key_labels([path.split(".") for path in paths])] == labels


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ("[8, 10]", ["8", "10"]),
        ("[0.06, 0.060e1, 1e-3]", ["0_06", "0_6", "0_001"]),
        ("[-5, -0.5, 5]", ["minus-5", "minus-0_5", "5"]),
        ("[1000000, 1e6, .inf]", ["1", "2", "3"]),  # two are one number
        ("[2022-07-01, 2023-01-01]", ["2022-07-01", "2023-01-01"]),
        ("[true, false, null]", ["true", "false", "none"]),
        ("[off_work, 'Ends shift!', '8']", ["off_work", "ends-shift", "8"]),
        ("[外卖, 网约车]", ["1", "2"]),
        ("[{value: 0.06, grade: study}, {value: 7}]", ["0_06", "7"]),
        ("[null, {kind: rest, minutes: 20}, [1, 2]]", ["none", "2", "3"]),
        ("[null, {value: null}]", ["1", "2"]),
        ("[2, {a: 1}]", ["1", "2"]),  # the place of the second is what the first is called
        ("[A, a]", ["1", "2"]),
    ],
)
def test_a_value_is_called_by_itself_or_by_its_place(values: str, labels: list[str]) -> None:
    assert value_labels(items(values)) == labels


@given(st.text(max_size=20))
def test_a_slug_is_part_of_a_name(text: str) -> None:
    assert re.fullmatch(PATTERN, f"a{slug(text)}")
    assert slug(slug(text)) == slug(text)


def test_names_that_are_too_long_give_way_to_numbers_all_together() -> None:
    short, long = joined("pilot", ["hours", "8"]), joined("pilot", ["x" * LONGEST])
    assert fitting("pilot", [short]) == ["pilot-hours-8"]
    assert fitting("pilot", [short, long, short]) == ["pilot-1", "pilot-2", "pilot-3"]


def test_a_title_says_what_differs_in_the_languages_of_the_original() -> None:
    mark = Mark("x", 1, 1)

    def made(of: str) -> object:
        node = parse(of, "x").get("title")  # type: ignore[union-attr]
        return to_plain(title(node, "pilot", "hours 8", "hours 8", mark))

    assert made("title: {en: The pilot, zh: 试点}") == {"en": "The pilot, hours 8", "zh": "试点，hours 8"}
    assert made("title: {en: The pilot}") == {"en": "The pilot, hours 8"}
    assert made("title: null") == {"en": "pilot, hours 8"}
    (long, none, sourced) = items(f"[{{note: {'x' * 50}}}, null, {{value: 3, grade: study}}]")
    assert said(("opening_yuan",), long, "1", "none") == "opening yuan 1"
    assert said(("day", "hours"), none, "none", "无") == "day hours 无"
    assert said(("hours",), sourced, "3", "none") == "hours 3"
    assert isinstance(long, MapNode)
