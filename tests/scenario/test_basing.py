"""Worlds and designs based on one another and on overlays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario.basing import SECTIONS, expand_based_on, parents, without_overlays
from injurysim.scenario.composing import parse
from injurysim.scenario.loading import load_document
from injurysim.scenario.merging import overlay, without_nulls
from injurysim.scenario.nodes import to_plain
from injurysim.scenario.overriding import apply_override
from injurysim.scenario.values import Part


def expanded(text: str, section: str = "worlds") -> Any:
    node, problems = expand_based_on(parse(text, "s.yaml"), section)
    assert not problems
    return to_plain(without_nulls(node))


def test_an_entry_is_its_parent_overlaid_by_itself() -> None:
    text = """
worlds:
  grandchild: {based_on: child, riders: 3}
  child: {based_on: base, limit: null, title: c}
  base: {riders: 1, limit: {hours: 8}, title: b}
"""
    assert expanded(text) == {
        "worlds": {
            "grandchild": {"riders": 3, "title": "c"},
            "child": {"riders": 1, "title": "c"},
            "base": {"riders": 1, "limit": {"hours": 8}, "title": "b"},
        }
    }
    assert parents(parse(text, "s"), "worlds") == {"grandchild": "child", "child": "base"}


def test_a_null_in_an_overlay_reaches_the_parent_through_the_merging_of_files() -> None:
    below = parse("worlds:\n  base: {limit: 8}\n  free: {based_on: base}\n", "a")
    over = parse("worlds:\n  free: {limit: null}\n", "b")
    node, _ = expand_based_on(overlay(below, over), "worlds")
    assert to_plain(without_nulls(node))["worlds"]["free"] == {}


def test_unknown_parents_and_cycles_are_located() -> None:
    text = "worlds:\n  base: {x: 1}\n  a: {based_on: bsae}\n  b: {based_on: c}\n  c: {based_on: b}\n  d: {based_on: d}\n"
    _, problems = expand_based_on(parse(text, "s.yaml"), "worlds")
    assert [(p.line, p.column, p.where) for p in problems] == [
        (3, 17, "worlds.a.based_on"),
        (5, 17, "worlds.c.based_on"),
        (6, 17, "worlds.d.based_on"),
    ]
    assert "Did you mean 'base'?" in problems[0].fix
    assert "b -> c -> b" in problems[1].what


def test_a_long_chain_of_parents_is_refused_not_overflowed() -> None:
    lines = [f"  w{number}: {{based_on: w{number + 1}}}" for number in range(3000)]
    text = "\n".join(["worlds:", *lines, "  w3000: {x: 1}"])
    _, problems = expand_based_on(parse(text, "s.yaml"), "worlds")
    assert any("more than 50" in problem.what for problem in problems)


OFFERED = """
overlays:
  rest: {limits: {rest: {minutes: 20}}, title: rest}
  rest-and-log-off: {based_on: rest, limits: {day: 12}}
  tired: {fatigue: {kind: high, at: 3}, title: tired}
worlds:
  base: {riders: 1, fatigue: {kind: flat, much: 1}, title: base}
  limited: {based_on: [base, rest-and-log-off]}
  both: {based_on: [limited, tired], title: both}
"""


def whole(text: str, *assignments: str) -> Any:
    """Expand every section, as a scenario is read."""
    node = parse(text, "s.yaml")
    for assignment in assignments:
        node = apply_override(node, assignment)
    for section in SECTIONS:
        node, problems = expand_based_on(node, section)
        assert not problems
    return to_plain(without_nulls(without_overlays(node)))


def test_overlays_are_laid_over_in_the_order_of_the_list() -> None:
    assert whole(OFFERED) == {
        "worlds": {
            "base": {"riders": 1, "fatigue": {"kind": "flat", "much": 1}, "title": "base"},
            "limited": {
                "riders": 1,
                "fatigue": {"kind": "flat", "much": 1},
                "title": "rest",
                "limits": {"rest": {"minutes": 20}, "day": 12},
            },
            "both": {
                "riders": 1,
                "fatigue": {"kind": "high", "at": 3},
                "title": "both",
                "limits": {"rest": {"minutes": 20}, "day": 12},
            },
        }
    }


def test_set_reaches_an_overlay_and_what_a_world_has_from_one() -> None:
    everywhere = whole(OFFERED, "overlays.rest.limits.rest.minutes=30")["worlds"]
    assert [everywhere[name]["limits"]["rest"]["minutes"] for name in ("limited", "both")] == [30, 30]
    once = whole(OFFERED, "worlds.both.limits.rest.minutes=30")["worlds"]
    assert [once[name]["limits"]["rest"]["minutes"] for name in ("limited", "both")] == [20, 30]


@pytest.mark.parametrize(
    ("based_on", "what", "fix"),
    [
        ("[base, rset]", "There is no 'rset' in overlays.", "Did you mean 'rest'?"),
        ("[rest, tired]", "There is no 'rest' in worlds.", "Known worlds: base, limited, both."),
        (
            "[base, [rest]]",
            "names another entry of the same section, and after it overlays",
            "[base, overlay]",
        ),
        ("{base: rest}", "names another entry of the same section, and after it overlays", "[base, overlay]"),
        ("[]", "names another entry of the same section, and after it overlays", "[base, overlay]"),
    ],
)
def test_a_wrong_list_is_located(based_on: str, what: str, fix: str) -> None:
    node = parse(f"{OFFERED}  wrong: {{based_on: {based_on}}}\n", "s.yaml")
    node, _ = expand_based_on(node, "overlays")
    _, (problem,) = expand_based_on(node, "worlds")
    assert (problem.line, problem.where) == (10, "worlds.wrong.based_on")
    assert what in problem.what
    assert fix in problem.fix


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("overlays: [a]\n", "'overlays' is a mapping of names"),
        ("overlays: {a: 3}\n", "An overlay is a mapping of keys."),
        ("overlays: {a: {based_on: b}, b: {based_on: [c]}, c: {based_on: [b, a]}}\n", "round in a circle"),
    ],
)
def test_overlays_that_are_none_are_refused(text: str, what: str) -> None:
    _, problems = expand_based_on(parse(text, "s.yaml"), "overlays")
    assert what in problems[0].what


class World(Part):
    riders: int
    hours: int = 8


class Doc(Part):
    worlds: dict[str, World]


def test_a_mistake_in_an_overlay_is_told_once_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "offer.yaml").write_text("overlays:\n  long: {hours: many}\n", encoding="utf-8")
    main = tmp_path / "main.yaml"
    main.write_text(
        "include: [offer.yaml]\nworlds:\n  base: {riders: 1}\n  a: {based_on: [base, long]}\n"
        "  b: {based_on: [base, long]}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_document(main, Doc)
    (problem,) = caught.value.problems
    assert (Path(problem.file).name, problem.line, problem.where) == ("offer.yaml", 2, "worlds.a.hours")
