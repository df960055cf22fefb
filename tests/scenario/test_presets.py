"""Every file that offers overlays loads into a small scenario, is sourced, and says in two languages what it is."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from injurysim.scenario.composing import parse
from injurysim.scenario.fatigue import Factors
from injurysim.scenario.limits import DayLogoff, RestAfterSpell
from injurysim.scenario.nodes import MapNode, to_plain
from injurysim.scenario.reading import read_scenario
from injurysim.scenario.values import iter_values
from injurysim.scenario.world import World

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "cli" / "tiny.yaml"
FILES = sorted(
    path
    for folder in ("worlds", "parameters")
    for path in (ROOT / "scenarios" / folder).glob("*.yaml")
    if "overlays:" in path.read_text(encoding="utf-8")
)


def names(path: Path) -> list[str]:
    """Names of the overlays a file offers itself."""
    node = parse(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(node, MapNode)
    return list(to_plain(node)["overlays"])


def worlds(tmp_path: Path, **based_on: str) -> dict[str, World]:
    """Read worlds based on the small scenario's ``base`` and overlays of any of the files."""
    lines = [f"  {name}: {{based_on: [{bases}]}}" for name, bases in based_on.items()]
    shown = [Path(os.path.relpath(path, tmp_path)).as_posix() for path in (TINY, *FILES)]
    text = "\n".join([f"include: [{', '.join(shown)}]", "worlds:", *lines, ""])
    main = tmp_path / "main.yaml"
    main.write_text(text, encoding="utf-8")
    return read_scenario(main).scenario.worlds


OFFERED = [(path, name) for path in FILES for name in names(path)]


def test_what_is_offered() -> None:
    fatigue = ["fatigue-central", "fatigue-central-week", "fatigue-high", "fatigue-high-week", "fatigue-low"]
    assert [name for _, name in OFFERED] == [*fatigue, "f0", "f1", "f2", "f3", "f4", "f5"]


@pytest.mark.parametrize(("path", "name"), OFFERED, ids=[name for _, name in OFFERED])
def test_it_loads_and_says_what_it_is(path: Path, name: str, tmp_path: Path) -> None:
    world = worlds(tmp_path, w=f"base, {name}")["w"]
    assert world.title is not None
    assert world.title.zh
    parts = [*world.limits.values(), *([world.fatigue] if "fatigue" in name else [])]
    silent = [
        place
        for part in parts
        for place, value in iter_values(part)
        if value.grade is None and place[-1] not in DEFAULTS
    ]
    assert silent == []
    assert f"base, {name}]" in path.read_text(encoding="utf-8") or name.endswith("-week")


DEFAULTS = ("allowance", "switch_share", "compliance", "off_hours")
"""Values of a limit that the language fills in: nothing is added, nobody switches by halves, everybody complies."""


def test_presets_are_what_their_names_say(tmp_path: Path) -> None:
    made = worlds(tmp_path, f0="limited, f0", f2="base, f2", f3="base, f3", f4="base, f4", f5="base, f5")
    assert made["f0"].limits == {}
    assert set(made["f2"].limits) == {"rest-after-4h", "confirm-after-8h"}
    third, fourth = made["f3"].limits["logoff-12h"], made["f4"].limits["logoff-12h"]
    assert isinstance(third, DayLogoff)
    assert isinstance(fourth, DayLogoff)
    assert (third.hours.value, third.scope, third.response) == (12, "platform", "switch")
    assert (fourth.hours.value, fourth.scope, fourth.response) == (12, "all_platforms", "stop")
    rest, off = made["f5"].limits.values()
    assert isinstance(rest, RestAfterSpell)
    assert isinstance(off, DayLogoff)
    assert (rest.clock, rest.hours.value, rest.rest_minutes.value) == ("engaged", 4, 20)
    assert (off.clock, off.hours.value, off.off_hours.value) == ("billed", 10, 6)


@pytest.mark.parametrize(
    ("name", "averages"),
    [
        ("low", (1.03, 1.13, 1.25)),
        ("central", (1.08, 1.25, 1.46)),
        ("high", (1.15, 1.38, 1.72)),
    ],
)
def test_hours_on_shift_average_what_the_studies_found(
    name: str, averages: tuple[float, float, float], tmp_path: Path
) -> None:
    fatigue = worlds(tmp_path, w=f"base, fatigue-{name}")["w"].fatigue
    assert isinstance(fatigue, Factors)
    assert fatigue.hours_on_shift is not None
    assert fatigue.week_hours is None, "long days would count twice"
    of_hour = [
        next(band.multiplier.value for band in reversed(fatigue.hours_on_shift) if band.from_hours <= hour)
        for hour in range(14)
    ]
    means = [sum(of_hour[:hours], Decimal(0)) / hours for hours in (10, 12, 14)]
    assert [float(mean) for mean in means] == pytest.approx(list(averages), abs=0.00501)


def test_an_overlay_over_another_set_leaves_nothing_of_it(tmp_path: Path) -> None:
    made = worlds(tmp_path, high="base, fatigue-high", low="high, fatigue-low")
    low, high = made["low"].fatigue, made["high"].fatigue
    assert isinstance(low, Factors)
    assert isinstance(high, Factors)
    assert high.consecutive_days
    assert low.consecutive_days == {}
    assert low.short_rest is None
