"""A grid in one run holds what separate runs hold: the same rows for every variant."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from injurysim.api import Result, load, run

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"
HOURS = "worlds.limited.limits.off.hours"
RATE = "designs.pilot.schemes.injury.contribution.industries.delivery"
ORIGINALS = {"worlds": ("base", "limited"), "designs": ("pilot", "daily")}
OF_RUNS = ("summary", "comparison", "metrics")
"""Tables over all worlds and designs of a run."""


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return a run with a grid; one value of each axis is the original's own."""
    read = load(TINY, vary=[f"{HOURS}=8,6", f"{RATE}=0.06,0.09"])
    return run(read, out=tmp_path_factory.mktemp("varied") / "run", workers=1)


def rows(frame: pd.DataFrame, world: str, design: str | None) -> pd.DataFrame:
    """Return the rows of a world and a design, without the columns that name them."""
    kept = frame[frame["world"] == world]
    if design is not None and "design" in kept:
        kept = kept[kept["design"] == design]
    return kept.drop(columns=["world", "design"], errors="ignore").reset_index(drop=True)


def same(one: Result, other: Result, world: tuple[str, str], design: tuple[str, str]) -> list[str]:
    """Return the tables that have rows of a world and design, having found them equal in both runs."""
    found = []
    for name in one.folder.tables:
        if name in OF_RUNS:
            continue
        mine, theirs = (
            rows(run_.table(name), world[place], design[place]) for place, run_ in enumerate((one, other))
        )
        pd.testing.assert_frame_equal(mine, theirs, obj=f"{name} of {world} and {design}")
        if len(mine):
            found.append(name)
    return found


def test_a_variant_like_its_original_has_its_rows(varied: Result) -> None:
    alike = same(varied, varied, ("limited", "limited-hours-8"), ("pilot", "pilot-delivery-0_06"))
    assert {"exposure", "injuries", "claims", "payments", "contributions", "fund", "coverage"} <= set(alike)
    table = varied.table("contributions")
    other = [rows(table, "limited", design)["due_fen"].sum() for design in ("pilot", "pilot-delivery-0_09")]
    assert other[0] < other[1]


def test_one_run_with_a_grid_is_the_separate_runs(varied: Result, tmp_path: Path) -> None:
    read = load(TINY, overrides=[f"{HOURS}=6", f"{RATE}=0.09"])
    separate = run(read, out=tmp_path / "run", workers=1)
    world, design = ("limited-hours-6", "limited"), ("pilot-delivery-0_09", "pilot")
    assert len(same(varied, separate, world, design)) > 6
    assert len(same(varied, separate, ("base", "base"), design)) > 6
    assert len(same(varied, separate, world, ("daily", "daily"))) > 5


def test_an_unvaried_run_stands_in_it(varied: Result, tmp_path: Path) -> None:
    alone = run(load(TINY), out=tmp_path / "run", workers=1)
    for world in ORIGINALS["worlds"]:
        for design in ORIGINALS["designs"]:
            assert len(same(varied, alone, (world, world), (design, design))) > 5


def test_a_variant_is_compared_with_what_it_varies(varied: Result) -> None:
    compared = varied.comparison[["world", "design", "baseline_world", "baseline_design"]].astype(object)
    pairs = set(compared.where(compared.notna(), None).itertuples(index=False, name=None))
    assert ("base", "pilot-delivery-0_09", "base", "pilot") in pairs
    assert ("limited-hours-6", "pilot", "limited", "pilot") in pairs
    assert ("limited-hours-6", None, "limited", None) in pairs
    assert ("limited", "pilot", "limited", "pilot-delivery-0_09") not in pairs
    place = {"world": "limited-hours-8", "design": "pilot", "baseline_world": "limited"}
    alike = varied.comparison.loc[(varied.comparison[list(place)] == list(place.values())).all(axis=1)]
    assert len(alike) > 20
    assert (alike["difference"].dropna() == 0).all()
