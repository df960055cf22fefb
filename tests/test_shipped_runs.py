"""What ships runs: every scenario cut to size, and every design beside the others on one small world."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import pytest

import injurysim as inj

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "scenarios"
shipped = SimpleNamespace(**run_path(str(ROOT / "tests" / "scenario" / "test_designs.py")))

SHORT = ["horizon.months=2", "horizon.runoff_months=2"]
SCALES = {
    "quickstart.yaml": "0.02",
    "full-model.yaml": "0.02",
    "national-scale.yaml": "0.001",
    "national-pilot-2022.yaml": "0.0002",
}
"""Small enough for seconds, large enough that something is left of every group."""


@pytest.mark.parametrize("name", SCALES)
def test_a_scenario_that_ships_runs_and_balances(name: str, tmp_path: Path) -> None:
    """A run whose books do not balance fails; nobody is told a number of a design that insured nobody."""
    scenario = inj.load(FOLDER / name, overrides=[*SHORT, f"scale={SCALES[name]}"])
    result = inj.run(scenario, replications=1, workers=1, out=tmp_path / "out")
    insured = result.table("coverage").groupby(["world", "design"])["riders_insured"].sum()
    assert len(insured) > 1
    assert (insured > 0).all()


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> inj.Result:
    """Run all designs on the quickstart's city: 800 riders, forty times as many injuries, half a year."""
    folder = tmp_path_factory.mktemp("beside")
    path = shipped.host(folder, shipped.FILES, {f"host-{name}": name for _, name in shipped.OFFERED})
    hazards = {"food-delivery": 2, "instant-delivery": 2, "ride-hailing": 1, "intra-city-freight": 1}
    overrides = [
        *(
            "scale=0.04",
            "horizon.start=2023-07-01",
            "horizon.months=9",
            "horizon.runoff_months=9",
            "baseline.design=host-d0",
        ),
        *(f"worlds.no-limit.injuries.per_1000_hours.{name}={value}" for name, value in hazards.items()),
        *(
            f"overlays.{name}.schemes.platform-work.contribution.breaks_even.replications=1"
            for name in ("d7", "d11", "d12")
        ),
        # So many are hurt here that a levy of 5 % of pay, which the law allows at most, could never break even.
        "overlays.d7.schemes.platform-work.contribution.at_most_of_earnings=1",
    ]
    return inj.run(inj.load(path, overrides=overrides), replications=1, workers=1, out=folder / "out")


DESIGNS = [f"host-{name}" for _, name in shipped.OFFERED]


@pytest.mark.parametrize("design", DESIGNS)
def test_a_design_insures_charges_and_pays(design: str, beside: inj.Result) -> None:
    found = {name: beside.table(name) for name in ("coverage", "contributions", "payments", "claims")}
    mine = {name: rows[rows["design"] == design] for name, rows in found.items()}
    everybody = mine["coverage"][mine["coverage"]["dimension"] == "all"]
    assert everybody["riders_insured"].sum() > 0
    own = (
        "work-injury" if design == "host-d10" else "daily-policy" if design == "host-d0" else "platform-work"
    )
    charged = mine["contributions"][mine["contributions"]["scheme"] == own]
    assert charged["paid_fen"].sum() > 0
    assert mine["payments"][mine["payments"]["scheme"] == own]["amount_fen"].sum() > 0
    decided = mine["claims"][mine["claims"]["scheme"] == own]["final_decision"]
    assert (decided == "confirmed").any()


def whole(beside: inj.Result, design: str, column: str) -> int:
    coverage = beside.table("coverage")
    mine = coverage[(coverage["design"] == design) & (coverage["dimension"] == "all")]
    return int(mine[column].sum())


def test_designs_insure_whom_they_say(beside: inj.Result) -> None:
    """Compulsory designs everybody, employment too; voluntary ones and thresholds fewer; nobody fewer than the law."""
    riders = {design: whole(beside, design, "riders_insured") for design in DESIGNS}
    everybody = riders["host-d1"]
    for name in ("d0", "d2", "d3", "d4", "d5", "d6", "d10", "d12"):
        assert riders[f"host-{name}"] == everybody
    for name in ("d7", "d8", "d9", "d11"):
        assert 0 < riders[f"host-{name}"] < everybody


def test_wider_windows_cover_more_injuries(beside: inj.Result) -> None:
    covered = {name: whole(beside, f"host-{name}", "injuries_covered") for name in ("d1", "d5", "d10", "d12")}
    assert covered["d1"] < covered["d12"] <= covered["d5"] == covered["d10"]


def test_payers_are_those_they_say(beside: inj.Result) -> None:
    rows = beside.table("contributions")
    rows = rows[rows["scheme"].isin(["platform-work", "daily-policy"]) & (rows["due_fen"] > 0)]
    payers = {design: set(mine["payer"]) for design, mine in rows.groupby("design")}
    worker, platform = {"worker"}, {"platform"}
    assert payers["host-d0"] == payers["host-d4"] == payers["host-d8"] == worker
    assert payers["host-d5"] == worker | platform
    assert payers["host-d11"] == {"state"}
    assert all(payers[f"host-{name}"] == platform for name in ("d1", "d2", "d3", "d6", "d7", "d9", "d12"))


def test_a_dearer_pilot_costs_platforms_in_proportion(beside: inj.Result) -> None:
    """The same orders at 0.06 and at 0.07: exact but for the fen of each row."""
    rows = beside.table("contributions")
    food = rows[(rows["industry"] == "food-delivery") & (rows["scheme"] == "platform-work")]
    due = food.groupby("design")["due_fen"].sum()
    assert due["host-d2"] * 6 == pytest.approx(due["host-d1"] * 7, abs=7 * len(food))


def test_each_platform_has_its_own_insurer_under_d6(beside: inj.Result) -> None:
    fund = beside.table("fund")
    mine = fund[fund["design"] == "host-d6"].groupby("account")["contributions_fen"].sum()
    rows = beside.table("contributions")
    paid = (
        rows[(rows["design"] == "host-d6") & (rows["scheme"] == "platform-work")]
        .groupby("platform")["paid_fen"]
        .sum()
    )
    for platform in ("food", "instant", "ride", "freight"):
        assert mine[f"{platform}-insurer"] == paid[platform] > 0
    assert mine["platform-account"] == 0
