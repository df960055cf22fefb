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
        (
            "[rset, tired]",
            "There is no 'rset' in worlds.",
            "Known worlds: base, limited, both; overlays: rest,",
        ),
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


def test_an_entry_may_be_based_on_an_overlay_alone() -> None:
    made = whole(f"{OFFERED}  offered: {{based_on: [rest-and-log-off, tired]}}\n")["worlds"]
    assert made["offered"] == {
        "limits": {"rest": {"minutes": 20}, "day": 12},
        "title": "tired",
        "fatigue": {"kind": "high", "at": 3},
    }


def test_where_an_entry_and_an_overlay_have_one_name_the_entry_comes_first() -> None:
    text = "overlays: {a: {x: 1}}\nworlds: {a: {x: 2}, b: {based_on: a}, c: {based_on: [a, a]}}\n"
    assert whole(text)["worlds"] == {"a": {"x": 2}, "b": {"x": 2}, "c": {"x": 1}}
    node, _ = expand_based_on(parse(text, "s.yaml"), "overlays")
    assert parents(node, "worlds") == {"b": "a", "c": "a"}
    alone = parse("overlays: {a: {x: 1}}\nworlds: {b: {based_on: a}}\n", "s.yaml")
    assert parents(alone, "worlds") == {}, "an overlay is no world to be compared with"


INSIDE = """
overlays:
  regular: {work: {hours: 8, days: 5}}
  rich: {pay: 9}
worlds:
  base:
    platforms: {one: {pay: 1}, two: {based_on: one}}
    groups:
      north: {based_on: regular, region: north, riders: 10}
      south: {based_on: north, region: south, work: {hours: 6}}
      islands: {based_on: [south, rich], riders: 1}
  fewer: {based_on: base, groups: {north: {riders: 3, work: {days: 4}}}}
designs:
  one: {schemes: {a: {rate: 1, cover: x}, b: {based_on: a, rate: 2}}}
"""


def test_groups_and_schemes_are_based_on_one_another_within_their_world_or_design() -> None:
    made = whole(INSIDE)
    groups = made["worlds"]["base"]["groups"]
    assert groups["south"] == {"region": "south", "riders": 10, "work": {"hours": 6, "days": 5}}
    assert groups["islands"] == {"region": "south", "riders": 1, "work": {"hours": 6, "days": 5}, "pay": 9}
    assert made["worlds"]["base"]["platforms"]["two"] == {"pay": 1}
    fewer = made["worlds"]["fewer"]["groups"]
    assert (fewer["south"]["riders"], fewer["south"]["work"]) == (3, {"hours": 6, "days": 4}), (
        "what a world changes reaches the groups that follow"
    )
    assert made["designs"]["one"]["schemes"]["b"] == {"rate": 2, "cover": "x"}
    once = whole(INSIDE, "worlds.fewer.groups.islands.work.days=2")["worlds"]["fewer"]["groups"]
    assert [once[name]["work"]["days"] for name in ("north", "islands")] == [4, 2]


@pytest.mark.parametrize(
    ("groups", "where", "what"),
    [
        ("{a: {based_on: b}}", "worlds.w.groups.a.based_on", "There is no 'b' in groups."),
        (
            "{a: {based_on: b}, b: {based_on: a}}",
            "worlds.w.groups.b.based_on",
            "round in a circle: a -> b -> a",
        ),
        ("{a: {based_on: [tired, b]}}", "worlds.w.groups.a.based_on", "There is no 'b' in overlays."),
    ],
)
def test_a_group_is_based_on_a_group_of_its_world(groups: str, where: str, what: str) -> None:
    text = f"overlays: {{tired: {{}}}}\nworlds:\n  w: {{groups: {groups}}}\n"
    _, (problem,) = expand_based_on(parse(text, "s.yaml"), "worlds")
    assert problem.where == where
    assert what in problem.what
