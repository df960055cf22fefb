"""`new` as users type it: what it writes passes its check, and nothing is written over."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from injurysim.scenario import templates
from injurysim.scenario.reading import read_scenario

ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_default_is_the_quickstart(say: Callable[..., Any], here: Path) -> None:
    said = say("new", "my-city")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0] == "my-city.yaml: a copy of 'quickstart'."
    assert said.out.splitlines()[-1] == "Next: injurysim check my-city.yaml"
    text = (here / "my-city.yaml").read_text(encoding="utf-8")
    assert "\nname: my-city\n" in text
    assert text.count("#") > 25, "comments are kept"


SCENARIOS = [name for name, each in templates.templates().items() if not each.is_design]


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_is_written_passes_its_check_away_from_the_clone(
    say: Callable[..., Any], here: Path, name: str
) -> None:
    assert say("new", "copy", "--from", name).code == 0
    scenario = read_scenario(here / "copy.yaml").scenario
    assert scenario.name == "copy"
    original = read_scenario(templates.templates()[name].path).scenario
    assert scenario.model_copy(update={"name": original.name}) == original


def test_a_design_is_written_to_be_included(
    say: Callable[..., Any], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = here / "shipped"
    (shipped / "designs" / "parts").mkdir(parents=True)
    (shipped / "designs" / "d9.yaml").write_text(
        '# How to use it\ninclude: [parts/shared.yaml]\noverlays: {d9: {title: { en: "Nine, at last", zh: 九 }}}\n',
        encoding="utf-8",
    )
    (shipped / "designs" / "parts" / "shared.yaml").write_text(
        "include:\n  - ../deep.yaml\nsources: {}\n", encoding="utf-8"
    )
    (shipped / "designs" / "deep.yaml").write_text("sources: {}\n", encoding="utf-8")
    monkeypatch.setattr(templates, "folder", lambda: shipped)
    assert "d9 (design): Nine, at last / 九\n" in say("new", "--list").out
    said = say("new", "mine", "--from", "d9")
    assert said.code == 0
    assert "It offers a design for scenarios to include" in said.out
    assert "include: [mine-parts/designs/parts/shared.yaml]" in (here / "mine.yaml").read_text(
        encoding="utf-8"
    )
    assert (here / "mine-parts" / "designs" / "deep.yaml").exists()


def test_minimal_is_small_and_commented() -> None:
    scenario = read_scenario(templates.templates()["minimal"].path).scenario
    (world,), (design,) = scenario.worlds.values(), scenario.designs.values()
    assert (len(world.platforms), len(world.groups), len(design.schemes)) == (1, 1, 1)


def test_nothing_is_written_over(say: Callable[..., Any], here: Path) -> None:
    (here / "mine.yaml").write_text("mine", encoding="utf-8")
    said = say("new", "mine", "--from", "minimal")
    assert (said.code, said.out) == (2, "")
    assert "mine.yaml exists already; nothing was written." in said.err
    assert (here / "mine.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("My City",), "'My City' does not have the form of a name."),
        (("mine", "--from", "minimall"), "there is no template 'minimall'. Did you mean 'minimal'?"),
        ((), "a name is missing"),
    ],
)
def test_wrong_input_is_told(
    say: Callable[..., Any], here: Path, arguments: tuple[str, ...], told: str
) -> None:
    said = say("new", *arguments)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert list(here.iterdir()) == []


def test_the_list_has_titles_in_both_languages(say: Callable[..., Any]) -> None:
    lines = say("new", "--list").out.splitlines()
    assert "minimal (scenario): One platform and one design / 一个平台、一个方案" in lines
    assert {line.split(" ", 1)[0] for line in lines} == set(templates.templates())


def test_an_installed_package_has_the_templates() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {"scenarios": "injurysim/templates"}
    assert templates.folder() == ROOT / "scenarios", "a clone uses its own"
