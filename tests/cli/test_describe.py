"""`describe` as users type it: both languages, what differs, wrong input, plain when piped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def test_it_tells_the_scenario_in_english(say: Callable[..., Any], tiny: Path) -> None:
    said = say("describe", tiny)
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == "# Two worlds and two designs in miniature"
    assert "- From 1 July 2022, 3 months of work and injuries, then 2 months in which claims run on." in lines
    assert "- Weekends, statutory holidays and make-up days of China as published." in lines
    contribution = "The platform pays for every order 0.06 yuan in delivery [1]; billed 1 month later."
    assert f"- **Contribution**: {contribution}" in lines
    assert "2 values with a statement of evidence: 1 official and 1 assumed." in lines
    assert "1. A notice for tests, 2022-01-01." in lines
    assert "- worlds.{base,limited}.platforms.meal-a.orders.per_hour = 3.3 [1]" in lines, (
        "an assumption that two worlds share stands once"
    )


def test_it_tells_the_scenario_in_chinese(say: Callable[..., Any], tiny: Path) -> None:
    said = say("describe", tiny, "--lang", "zh")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert "- 自2022年7月1日起，工作与伤害3个月，此后2个月办结案件。" in lines
    assert "- **缴费**：由平台按单缴费，缴费基准额为配送每单0.06元[1]；滞后1个月结算。" in lines
    assert (
        "  - 伤害认定（确认）：1人，每案平均120分钟（指数分布）；范围内案件95%予以确认。自受理起30个工作日内作出结论。"
        in lines
    )


def test_a_world_is_told_by_what_it_changes(say: Callable[..., Any], tiny: Path) -> None:
    text = say("describe", tiny).out
    limited = text.split("### World: limited\n", 1)[1].split("\n## ", 1)[0].strip().splitlines()
    assert limited == [
        "As in “base”, but:",
        "",
        (
            "- Limits and rules › off: After 8 hours in a shift the app logs the rider off; the time still wanted is given up; "
            "counted while the app is open, over all platforms together."
        ),
    ]


def test_a_design_is_told_against_the_baseline(say: Callable[..., Any], tiny: Path) -> None:
    text = say("describe", tiny).out
    pilot = text.split("### Design: pilot\n", 1)[1]
    assert pilot.strip().startswith("Against the baseline “daily”: with injury; without accident.")


def test_overrides_and_choices_are_told(say: Callable[..., Any], tiny: Path) -> None:
    said = say("describe", tiny, "--set", "horizon.months=7", "--world", "limited", "--design", "pilot")
    assert said.code == 0
    assert "7 months of work" in said.out
    assert "World: base" not in said.out
    assert "Design: daily" not in said.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--world", "nowhere"), "the scenario has no 'nowhere'"),
        (("--set", "horizon.month=6"), "Unknown key 'month'"),
        (("--lang", "fr"), "fr"),
    ],
)
def test_wrong_input_is_told(
    say: Callable[..., Any], tiny: Path, arguments: tuple[str, ...], told: str
) -> None:
    said = say("describe", tiny, *arguments)
    assert (said.code, said.out) == (2, "")
    assert told in said.err


def test_a_wrong_file_is_told_with_its_place(
    say: Callable[..., Any], edited: Callable[[str, str], Path]
) -> None:
    said = say("describe", edited("workday: 0.9", "workday: 1.9"))
    assert (said.code, said.out) == (2, "")
    assert "edited.yaml:" in said.err


def test_it_is_plain_in_a_pipe(shell: Callable[..., Any], tiny: Path) -> None:
    said = shell("describe", tiny, "--lang", "zh")
    assert said.code == 0
    assert "\x1b" not in said.out
    assert said.out.endswith("\n")
