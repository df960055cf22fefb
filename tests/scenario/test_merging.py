"""Overlays: files over files, children over parents, `--set` over all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.errors import InputError
from injurysim.scenario.basing import expand_based_on
from injurysim.scenario.composing import parse
from injurysim.scenario.merging import merge, suggestion, without_nulls
from injurysim.scenario.nodes import Node, from_plain, to_plain
from injurysim.scenario.overriding import apply_override

KEYS = st.sampled_from(["a", "b", "c", "kind", "value", "dated"])
TREES = st.recursive(
    st.none() | st.integers(0, 3) | st.sampled_from(["x", "y"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
MAPS = st.dictionaries(KEYS, TREES, max_size=4)


def merged(base: Any, over: Any) -> Any:
    return to_plain(merge(from_plain(base), from_plain(over)))


def has_null_value(data: Any) -> bool:
    if isinstance(data, dict):
        return any(item is None or has_null_value(item) for item in data.values())
    return isinstance(data, list) and any(has_null_value(item) for item in data)


@given(MAPS, MAPS)
def test_merging_twice_changes_nothing(base: Any, over: Any) -> None:
    once = merged(base, over)
    assert merged(once, over) == once
    assert merged(base, base) == to_plain(without_nulls(from_plain(base)))


@given(MAPS, MAPS)
def test_nothing_null_survives_as_a_value_of_a_key(base: Any, over: Any) -> None:
    assert not has_null_value(merged(base, over))


@given(MAPS, KEYS)
def test_null_removes_the_key_and_only_it(base: dict[str, Any], key: str) -> None:
    expected = to_plain(without_nulls(from_plain({name: item for name, item in base.items() if name != key})))
    assert merged(base, {key: None}) == expected


@given(MAPS)
def test_an_empty_overlay_changes_nothing(base: Any) -> None:
    assert merged(base, {}) == to_plain(without_nulls(from_plain(base)))
    assert merged({}, base) == to_plain(without_nulls(from_plain(base)))


@given(MAPS, MAPS)
def test_every_scalar_of_the_overlay_wins(base: Any, over: Any) -> None:
    result = merged(base, over)
    assert all(result[key] == item for key, item in over.items() if isinstance(item, int | str | list)
               and not has_null_value(item))  # fmt: skip


def test_mappings_merge_and_lists_replace() -> None:
    base = {"a": {"x": 1, "y": 2}, "b": [1, 2]}
    assert merged(base, {"a": {"y": 3}, "b": [9]}) == {"a": {"x": 1, "y": 3}, "b": [9]}


def test_another_kind_replaces_whole_and_the_same_kind_merges() -> None:
    base = {"severity": {"kind": "gamma", "mean": 3, "cv": 2}}
    assert merged(base, {"severity": {"kind": "weibull", "mean": 1}}) == {
        "severity": {"kind": "weibull", "mean": 1}
    }
    assert merged(base, {"severity": {"kind": "gamma", "mean": 1}})["severity"] == {
        "kind": "gamma",
        "mean": 1,
        "cv": 2,
    }
    assert merged(base, {"severity": {"cv": 1}})["severity"]["kind"] == "gamma"


def test_a_sourced_value_replaces_whole_and_its_evidence_can_be_amended() -> None:
    base = {"rate": {"value": 1, "range": [0, 2], "source": "a"}}
    assert merged(base, {"rate": {"value": 5}}) == {"rate": {"value": 5}}
    assert merged(base, {"rate": {"dated": {"2022-07-01": 5}}}) == {"rate": {"dated": {"2022-07-01": 5}}}
    assert merged(base, {"rate": {"source": "b"}})["rate"] == {"value": 1, "range": [0, 2], "source": "b"}
    assert merged(base, {"rate": 7}) == {"rate": 7}


SCENARIO = """
worlds:
  base: {groups: {full_time: {riders: 100, pay: {value: 5, source: s}}}, limits: {day: 8}, bands: [{rate: 1}, {rate: 2}]}
  free: {based_on: base, title: Free}
"""


def after(*assignments: str) -> Any:
    node: Node = parse(SCENARIO, "s.yaml")
    for assignment in assignments:
        node = apply_override(node, assignment)
    return to_plain(without_nulls(expand_based_on(node, "worlds")[0]))["worlds"]


def test_set_changes_a_value_and_what_is_based_on_it() -> None:
    worlds = after("worlds.base.groups.full_time.riders=3000")
    assert worlds["base"]["groups"]["full_time"]["riders"] == 3000
    assert worlds["free"]["groups"]["full_time"]["riders"] == 3000


def test_set_reaches_what_an_entry_inherits_without_touching_the_parent() -> None:
    worlds = after(
        "worlds.free.groups.full_time.riders=7", "worlds.free.limits=null", "worlds.free.bands.1.rate=9"
    )
    assert worlds["free"]["groups"]["full_time"]["riders"] == 7
    assert "limits" not in worlds["free"]
    assert worlds["free"]["bands"] == [{"rate": 1}, {"rate": 9}]
    assert worlds["base"] == after()["base"]


def test_set_reads_yaml_and_replaces_a_sourced_value_whole() -> None:
    pay = after("worlds.base.groups.full_time.pay={value: 6, grade: study}")["base"]["groups"]["full_time"][
        "pay"
    ]
    assert pay == {"value": 6, "grade": "study"}
    assert after("worlds.base.groups.full_time.pay=6")["base"]["groups"]["full_time"]["pay"] == 6


@pytest.mark.parametrize(
    ("assignment", "what", "fix"),
    [
        (
            "worlds.base.grops.full_time.riders=1",
            "There is no 'grops' in 'worlds.base'.",
            "Did you mean 'groups'?",
        ),
        ("wrlds.base.title=1", "There is no 'wrlds' in the scenario.", "Did you mean 'worlds'?"),
        ("worlds.base.bands.5.rate=1", "'worlds.base.bands' has no item '5'.", "items 0 to 1"),
        ("worlds.base.groups.full_time.riders.x=1", "is a plain value", "End the path there"),
        ("worlds.base.titel=null", "There is no 'titel'", "groups"),
        ("worlds.base", "is not PATH=VALUE", "Write"),
        ("worlds..base=1", "is not PATH=VALUE", "Write"),
        ("worlds.base.title=", "There is no value", ""),
        ("worlds.base.title=[1", "", "quotes"),
        ("worlds.base.title=*x", "alias", "quotes"),
    ],
)
def test_set_says_what_it_cannot_do(assignment: str, what: str, fix: str) -> None:
    with pytest.raises(InputError) as caught:
        after(assignment)
    (problem,) = caught.value.problems
    assert problem.file == "--set"
    assert what in problem.what
    assert fix in problem.fix


def test_suggestion_without_anything_near_lists_what_there_is() -> None:
    assert suggestion("zzz", ["riders", "title"]) == "Known: riders, title."
