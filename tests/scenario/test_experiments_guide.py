"""The page on experiments: its examples pass their check over the small scenario, and do what it says."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from injurysim.scenario.document import Scenario
from injurysim.scenario.reading import read_scenario
from injurysim.scenario.varying import MOST_VARIANTS

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "cli" / "tiny.yaml"
PAGE = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
GRID, POINTS, WRITTEN_OUT = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
RATE = "designs.pilot.schemes.injury.contribution.industries.delivery"


@pytest.fixture
def read(tmp_path: Path):
    def over(text: str, *vary: str) -> Scenario:
        path = tmp_path / "main.yaml"
        tiny = Path(os.path.relpath(TINY, tmp_path)).as_posix()
        path.write_text(f"include: [{tiny}]\n{text}", encoding="utf-8")
        return read_scenario(path, vary=vary).scenario

    return over


def test_the_grid_has_the_variants_the_page_counts(read) -> None:
    scenario = read(GRID)
    assert [len([each for each in entries.values() if each.varied]) for entries in (scenario.worlds, scenario.designs)] == [3, 4]  # fmt: skip
    assert "limited-hours-8" in scenario.worlds
    assert f"\n{MOST_VARIANTS:,} variants are the most." in PAGE


def test_the_points_have_the_variants_the_page_names(read) -> None:
    scenario = read(POINTS)
    made = [
        name
        for entries in (scenario.worlds, scenario.designs)
        for name, each in entries.items()
        if each.varied
    ]
    assert sorted(made) == ["limited-lenient", "limited-strict", "pilot-strict"]
    for name in made:
        assert f"`{name}`" in PAGE


def test_what_is_written_out_is_what_vary_makes(read) -> None:
    (vary,) = re.findall(r"--vary (designs\S+)", PAGE)
    assert vary == f"{RATE}=0.06,0.08"
    assert read(WRITTEN_OUT).designs["pilot-delivery-0_08"] == read("", vary).designs["pilot-delivery-0_08"]
