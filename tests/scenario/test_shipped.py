"""Every scenario that ships passes its check, comes back from its resolved form, and says where its values are from."""

from __future__ import annotations

import re
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import pytest

from injurysim.core.schemas import TABLES
from injurysim.replication import run_cell
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import dump_resolved, load_document, scenario_digest
from injurysim.scenario.nodes import follow
from injurysim.scenario.reading import read_scenario

EVIDENCE = SimpleNamespace(**run_path(str(Path(__file__).with_name("evidence.py"))))
parts_with_evidence, is_written = EVIDENCE.parts_with_evidence, EVIDENCE.is_written

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios"
PARTS = ("designs", "worlds", "parameters", "parts")
"""Folders of files that scenarios include; they are no scenarios themselves."""

SHIPPED = sorted(path for path in FOLDER.rglob("*.yaml") if path.relative_to(FOLDER).parts[0] not in PARTS)
STATED = [path for path in SHIPPED if path.relative_to(FOLDER).parts[0] != "validation"]
"""Scenarios about the world. Those of the validation folder state a theorem, and its values have no source."""


def named(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def test_the_quickstart_ships() -> None:
    assert FOLDER / "quickstart.yaml" in STATED


@pytest.mark.parametrize("path", SHIPPED, ids=named)
def test_it_passes_its_check_and_comes_back_from_its_resolved_form(path: Path, tmp_path: Path) -> None:
    resolved = read_scenario(path).scenario
    saved = tmp_path / "scenario.yaml"
    saved.write_text(dump_resolved(resolved), encoding="utf-8")
    again = load_document(saved, Scenario).model
    assert again == resolved
    assert scenario_digest(again) == scenario_digest(resolved)
    assert read_scenario(saved).scenario == resolved, "nothing is left to resolve"


SETS = re.compile(r"--set (?:\"([^\"]+)\"|(\S+))")
STATES_ROWS = [path for path in SHIPPED if path not in STATED]


@pytest.mark.parametrize("path", STATES_ROWS, ids=named)
def test_the_lines_that_reach_other_rows_can_be_given(path: Path) -> None:
    header = path.read_text(encoding="utf-8").split("name:", 1)[0]
    for quoted, plain in SETS.findall(header):
        read_scenario(path, overrides=[quoted or plain])


@pytest.mark.parametrize("path", STATED, ids=named)
def test_every_value_has_a_source_or_a_grade(path: Path) -> None:
    loaded = read_scenario(path).loaded
    silent = [
        f"{follow(loaded.node, place).mark.line}: {'.'.join(map(str, place))}"
        for place, part in parts_with_evidence(loaded.model, ())
        if is_written(loaded.node, place) and part.source is None and part.grade is None
    ]
    assert silent == []


@pytest.mark.parametrize("path", STATED, ids=named)
def test_every_assumption_says_why(path: Path) -> None:
    loaded = read_scenario(path).loaded
    silent = [
        f"{follow(loaded.node, place).mark.line}: {'.'.join(map(str, place))}"
        for place, part in parts_with_evidence(loaded.model, ())
        if part.grade == "assumption" and not (part.note or part.source)
    ]
    assert silent == []


@pytest.mark.parametrize("path", STATED, ids=named)
def test_editors_find_the_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    mark = "# yaml-language-server: $schema="
    assert first.startswith(mark)
    assert (path.parent / first.removeprefix(mark)).resolve() == (
        ROOT / "schema" / "scenario.schema.json"
    ).resolve()


SEED_PLANS = ("hohhot-2022", "chengkou-2022", "shiyan-2025", "shanxi-2021")
GROUPS = ("part-day", "full-time", "drivers", "freight-drivers", "couriers", "outer-riders")
SMALL = (
    "horizon.months=8",
    "horizon.runoff_months=6",
    *(f"worlds.before.groups.{group}.riders=12" for group in GROUPS),
    *(
        f"worlds.before.groups.{group}.entry.per_month=2"
        for group in ("part-day", "full-time", "outer-riders")
    ),
    *(
        f"overlays.seed-town.injuries.per_1000_hours.{industry}=4"
        for industry in ("food-delivery", "instant-delivery", "ride-hailing", "intra-city-freight", "courier")
    ),
)


@pytest.mark.parametrize("name", SEED_PLANS)
def test_a_seed_plan_runs_and_balances_in_every_world_and_design(name: str) -> None:
    """`run_cell` checks every identity of money and cases; each design has claims and pays."""
    scenario = read_scenario(FOLDER / f"{name}.yaml", overrides=SMALL).scenario
    for world in scenario.worlds:
        found = run_cell(scenario, world, 0, seed=scenario.seed)
        tables = {key: TABLES[key].to_pandas(TABLES[key].join(found[key])) for key in ("claims", "payments")}
        for frame in tables.values():
            assert set(frame["design"]) == set(scenario.designs), world


@pytest.mark.parametrize("name", SEED_PLANS)
def test_a_seed_plan_is_compared_with_the_place_without_its_document(name: str) -> None:
    scenario = read_scenario(FOLDER / f"{name}.yaml").scenario
    assert (scenario.baseline.world, scenario.baseline.design) == ("before", "status-quo")
    assert {"before", "plan"} <= set(scenario.worlds)
    assert {"status-quo", "plan"} <= set(scenario.designs)
    titles = [
        scenario.title,
        scenario.question,
        *(each.title for each in (*scenario.worlds.values(), *scenario.designs.values())),
    ]
    assert all(title is not None and title.zh for title in titles)
