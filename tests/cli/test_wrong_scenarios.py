"""Typical mistakes: each is told once, with the file, line and column where it stands, and nothing is run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any

import pytest

mistakes = SimpleNamespace(**run_path(str(Path(__file__).with_name("mistakes.py"))))
Mistake = mistakes.Mistake

MISTAKES = {
    "misspelt key": Mistake(
        "frailty: {kind: gamma",
        "▸frality: {kind: gamma",
        "worlds.base.groups.full.frality",
        "Unknown key 'frality'. Did you mean 'frailty'?",
    ),
    "unknown kind": Mistake(
        "kind: per_day",
        "kind: ▸per_dy",
        "designs.daily.schemes.accident.contribution.kind",
        "Unknown kind 'per_dy'. Did you mean 'per_day'?",
    ),
    "planned kind": Mistake(
        "rest: {kind: full, after_minutes: 20}",
        "rest: {kind: ▸latent}",
        "worlds.base.fatigue.rest.kind",
        "is part of the language but not available in this version. Available: ",
    ),
    "relative precision": Mistake(
        "name: tiny\n",
        "name: tiny\nprecision: {at_most: 60, targets: [{metric: closing_balance, half_width: ▸5%}]}\n",
        "precision.targets.0.half_width",
        "'5%' is relative, and a figure such as a balance may be zero or negative. State the half-width in",
    ),
    "wrong unit": Mistake(
        "{value: 0.06, unit: yuan per order,",
        "{value: 0.06, unit: ▸yuan per day,",
        "designs.pilot.schemes.injury.contribution.industries.delivery.unit",
        "This field is in 'yuan per order', not in 'yuan per day'.",
    ),
    "share above 1": Mistake(
        "confirmed_share: 0.95",
        "confirmed_share: ▸95",
        "designs.pilot.schemes.injury.handling.confirmed_share",
        "95 is above 1. It must be 1 or less.",
    ),
    "shares that do not add to 1": Mistake(
        "          both:\n            split:\n              meal-a: 0.7",
        "          ▸both:\n            split:\n              meal-a: 0.8",
        "worlds.base.groups.full.portfolios.both",
        "The shares must add to 1, and add to 1.1.",
    ),
    "unknown platform in a portfolio": Mistake(
        "meal-b: 0.3",
        "▸meal-c: 0.3",
        "worlds.base.groups.full.portfolios.both.split.meal-c",
        "there is no platform 'meal-c'. Did you mean 'meal-b'? Known: meal-a, meal-b.",
    ),
    "duplicate key": Mistake(
        "seed: 5\n",
        "seed: 5\n▸seed: 6\n",
        "seed",
        "The key 'seed' stands twice, on line 13 and on line 14. Remove one of them.",
    ),
    "tab": Mistake(
        "  months: 3\n",
        "▸\tmonths: 3\n",
        "",
        "A tab stands here, and YAML does not allow it. Indent with spaces.",
    ),
    "bracket left open": Mistake(
        "insurer: {kind: insurer}",
        "insurer: {kind: insurer",
        "",
        "is not closed here.",
    ),
    "date inside a month": Mistake(
        "horizon:\n  start: 2022-07-01",
        "▸horizon:\n  start: 2022-07-15",
        "horizon",
        "A horizon starts on the first day of a month, not on 2022-07-15.",
    ),
    "date that is not in the calendar": Mistake(
        "start: 2022-07-01",
        "start: ▸2022-02-30",
        "horizon.start",
        "'2022-02-30' is not in the calendar. Write it as 2022-07-01.",
    ),
    "negative money": Mistake(
        "opening_yuan: 1000",
        "opening_yuan: ▸-1000",
        "designs.pilot.accounts.sub.opening_yuan",
        "-1000 is below 0. It must be 0 or more.",
    ),
    "missing account": Mistake(
        "      injury:\n        account: sub\n",
        "      ▸injury:\n",
        "designs.pilot.schemes.injury.account",
        "'account' is missing. Add it.",
    ),
    "unknown account": Mistake(
        "account: sub\n",
        "account: ▸pool\n",
        "designs.pilot.schemes.injury.account",
        "there is no account 'pool'. Known: sub.",
    ),
    "source not listed": Mistake(
        "source: notice, grade: official",
        "source: ▸notices, grade: official",
        "designs.pilot.schemes.injury.contribution.industries.delivery.source",
        "there is no source 'notices'. Did you mean 'notice'? Known: notice.",
    ),
    "text for a number": Mistake(
        "  months: 3\n", "  months: ▸three\n", "horizon.months", "'three' is not a whole number."
    ),
    "severity without a share": Mistake(
        "severities: {mild: 0.5, serious: 0.9}",
        "▸severities: {mild: 0.5}",
        "designs.pilot.schemes.injury.reporting.severities",
        "severity 'serious' of the injuries has no share. Add 'serious: …'.",
    ),
    "based on a world that is not there": Mistake(
        "based_on: base",
        "based_on: ▸basis",
        "worlds.limited.based_on",
        "There is no 'basis' in worlds. Did you mean 'base'? Known worlds: base.",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_once_with_its_place(
    say: Callable[..., Any], edited: Callable[[str, str], Path], tiny: Path, tmp_path: Path, name: str
) -> None:
    mistake = MISTAKES[name]
    path = edited(mistake.old, mistake.new.replace("▸", ""))
    said = say("run", path, "--out", tmp_path / "run")
    assert (said.code, said.out) == (2, "")
    message, count = said.err.splitlines()
    assert count == "1 problem; nothing was run."
    assert mistake.said in message
    if "▸" in mistake.new:
        line, column = mistakes.place_of(
            "▸", tiny.read_text(encoding="utf-8").replace(mistake.old, mistake.new)
        )
        where = f" {mistake.where}:" if mistake.where else ""
        assert message.startswith(f"{path}:{line}:{column}:{where} ")
    assert list(tmp_path.iterdir()) == [path], "no results folder, no remains"
    assert say("check", path) == said


@pytest.mark.parametrize(("option", "name"), [("--world", "bass"), ("--design", "pilott")])
def test_an_unknown_world_or_design_is_told_with_those_there_are(
    say: Callable[..., Any], tiny: Path, tmp_path: Path, option: str, name: str
) -> None:
    said = say("run", tiny, option, name, "--out", tmp_path / "run")
    near, known = ("base", "base, limited") if option == "--world" else ("pilot", "pilot, daily")
    assert said.code == 2
    assert said.err.splitlines() == [
        f"{option}: the scenario has no '{name}'. Did you mean '{near}'? It has: {known}.",
        "1 problem; nothing was run.",
    ]
    assert not any(tmp_path.iterdir())
