"""The commands as users type them: what they write, what they say, with which code they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import injurysim
from injurysim.core.schemas import TABLES

SCHEMA = Path(__file__).parents[2] / "schema" / "scenario.schema.json"


def test_help_lists_the_commands_and_each_has_an_example(say: Callable[..., Any]) -> None:
    said = say("--help")
    assert said.code == 0
    for name in ("run", "check", "describe", "new", "schema"):
        assert f"\n  {name} " in said.out
        each = say(name, "--help")
        assert each.code == 0
        assert f"Example: injurysim {name}" in " ".join(each.out.split())


def test_version_is_that_of_the_package(say: Callable[..., Any]) -> None:
    said = say("--version")
    assert (said.code, said.out) == (0, f"injurysim {injurysim.__version__}\n")


def test_a_command_that_does_not_exist_is_the_users_mistake(say: Callable[..., Any]) -> None:
    said = say("rum")
    assert said.code == 2
    assert "rum" in said.err


def test_check_says_what_it_found(say: Callable[..., Any], tiny: Path) -> None:
    said = say("check", tiny)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"{tiny}: no problem found: 2 world(s), 2 design(s), 3 months and 2 of run-off from 2022-07-01."
    ]


def test_check_reads_overrides(say: Callable[..., Any], tiny: Path) -> None:
    assert "6 months" in say("check", tiny, "--set", "horizon.months=6").out
    said = say("check", tiny, "--set", "horizon.month=6")
    assert said.code == 2
    assert said.err.startswith("--set: horizon.month: Unknown key 'month'. Did you mean 'months'?")


def test_check_looks_at_every_file_it_is_given(say: Callable[..., Any], tiny: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(tiny.read_text(encoding="utf-8").replace("months: 3", "months: three"), encoding="utf-8")
    missing = tmp_path / "missing.yaml"
    said = say("check", missing, wrong, tiny)
    assert said.code == 2
    assert said.out.startswith(f"{tiny}: no problem found")
    assert [line.split(":")[0] for line in said.err.splitlines()[:2]] == [str(missing), str(wrong)]
    assert said.err.splitlines()[2] == "2 problems; nothing was run."
    once = say("check", tiny, tiny, "--set", "horizon.month=6")
    assert once.err.count("Unknown key 'month'") == 1


def test_the_schema_in_the_repository_is_the_one_the_command_prints(say: Callable[..., Any]) -> None:
    said = say("schema")
    assert said.code == 0
    assert json.loads(said.out)["title"] == "Scenario"
    assert SCHEMA.read_text(encoding="utf-8") == said.out, "injurysim schema > schema/scenario.schema.json"


def test_run_writes_the_promised_folder(ran: tuple[Path, Any], manifest: Callable[[Path], Any]) -> None:
    folder, said = ran
    assert said.code == 0
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "scenario.yaml", "tables"}
    assert {path.name for path in (folder / "tables").iterdir()} == {f"{name}.parquet" for name in TABLES}
    assert [path.name for path in folder.parent.iterdir()] == [folder.name], "nothing is left beside it"
    made = manifest(folder)
    assert {name: made[name] for name in ("name", "seed", "replications", "engine")} == {
        "name": "tiny",
        "seed": 5,
        "replications": 2,
        "engine": "fast",
    }
    assert made["worlds"] == ["base", "limited"]
    assert made["designs"] == ["pilot", "daily"]
    assert set(made["tables"]) == set(TABLES)
    assert made["checks_passed"]


def test_run_ends_with_the_verdict(ran: tuple[Path, Any]) -> None:
    folder, said = ran
    first = said.out.splitlines()[0]
    assert first == "Scenario tiny: 2 replications, seed 5, engine fast"
    assert "Worlds: base, limited. Designs: pilot, daily." in said.out
    assert "Baseline: design daily in world base" in said.out
    assert "net position" in said.out
    assert "differences paired by replication" in said.out
    assert f"Results: {folder}" in said.out.replace("\n", "")
    assert "\x1b" not in said.out, "no control codes in a pipe"


def test_run_tells_its_progress_beside_the_verdict(ran: tuple[Path, Any]) -> None:
    lines = [line for line in ran[1].err.splitlines() if line[0].isdigit()]
    assert [line.split()[0] for line in lines] == ["1/4", "2/4", "3/4", "4/4"]
    assert lines[0] == "1/4 world base, replication 0"


def test_the_saved_scenario_runs_to_the_same_digests(
    ran: tuple[Path, Any], say: Callable[..., Any], digests: Callable[[Path], Any], tmp_path: Path
) -> None:
    said = say("run", ran[0] / "scenario.yaml", "--out", tmp_path / "again", "--workers", "1", "--quiet")
    assert said.code == 0
    assert digests(tmp_path / "again") == digests(ran[0])


def test_options_choose_what_is_run(
    say: Callable[..., Any], manifest: Callable[[Path], Any], tiny: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    options = ["--world", "limited", "--design", "pilot", "--seed", "9", "--replications", "1"]
    said = say("run", tiny, *options, "--set", "horizon.months=1", "--out", out, "--quiet")
    assert (said.code, said.out, said.err) == (0, "", "")
    made = manifest(out)
    assert (made["worlds"], made["designs"]) == (["limited"], ["pilot"])
    assert (made["seed"], made["replications"]) == (9, 1)
    assert made["baseline"] == {"world": "limited", "design": "pilot"}, "the scenario's own was not chosen"
    table = injurysim.api.ResultsFolder(out).table("riders")
    assert set(table["month"]) == {"2022-07"}


def test_one_design_or_world_alone_gives_the_numbers_it_gives_among_others(
    ran: tuple[Path, Any], say: Callable[..., Any], tiny: Path, tmp_path: Path
) -> None:
    said = say("run", tiny, "--world", "limited", "--design", "pilot", "--out", tmp_path / "alone", "--quiet")
    assert said.code == 0
    both, alone = (injurysim.api.ResultsFolder(path) for path in (ran[0], tmp_path / "alone"))
    for name in ("injuries", "claims", "payments", "contributions", "fund", "coverage", "offices"):
        among = both.table(name)
        among = among[among["world"] == "limited"]
        if "design" in among:
            among = among[among["design"] == "pilot"]
        assert among.reset_index(drop=True).equals(alone.table(name)), name


def test_the_event_by_event_engine_hurts_the_same_riders(
    ran: tuple[Path, Any],
    say: Callable[..., Any],
    manifest: Callable[[Path], Any],
    tiny: Path,
    tmp_path: Path,
) -> None:
    said = say("run", tiny, "--engine", "twin", "--workers", "1", "--out", tmp_path / "twin", "--quiet")
    assert said.code == 0
    assert manifest(tmp_path / "twin")["engine"] == "twin"
    columns = ["world", "replication", "injury_id", "occurred_at", "severity", "medical_cost_fen", "days_off"]
    fast, twin = (
        injurysim.api.ResultsFolder(path).table("injuries")[columns] for path in (ran[0], tmp_path / "twin")
    )
    assert len(fast)
    assert fast.equals(twin)


def test_without_out_the_results_go_below_results(
    say: Callable[..., Any], tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = say("run", tiny, "--replications", "1", "--world", "base", "--set", "horizon.months=1", "--quiet")
    assert said.code == 0
    (folder,) = (tmp_path / "results" / "tiny").iterdir()
    assert (folder / "manifest.json").is_file()


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_taken_out_is_refused_and_left_alone(
    say: Callable[..., Any], tiny: Path, tmp_path: Path, kind: str
) -> None:
    out = tmp_path / "taken"
    kept = out if kind == "file" else out / "kept.txt"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine", encoding="utf-8")
    said = say("run", tiny, "--out", out)
    assert said.code == 2
    assert "--out: the folder 'taken' exists and is not empty." in said.err
    assert kept.read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.rglob("*")] == [
        path.name for path in (out, kept) if path != tmp_path
    ][: 1 + (kind == "folder")]


@pytest.mark.parametrize("command", ["run", "expand"])
def test_resume_needs_the_folder(say: Callable[..., Any], tiny: Path, command: str) -> None:
    said = say(command, tiny, "--resume")
    assert said.code == 2
    assert "--resume needs the folder of the run." in said.err


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--replications", "0"], "--replications"),
        (["--seed", "-1"], "--seed"),
        (["--engine", "quick"], "--engine"),
        (["--workers", "none"], "--workers"),
    ],
)
def test_an_option_out_of_range_is_the_users_mistake(
    say: Callable[..., Any], tiny: Path, tmp_path: Path, options: list[str], named: str
) -> None:
    said = say("run", tiny, "--out", tmp_path / "run", *options)
    assert said.code == 2
    assert named in said.err
    assert not (tmp_path / "run").exists()


def test_the_real_command_is_plain_without_a_terminal(shell: Callable[..., Any], tiny: Path) -> None:
    said = shell("check", tiny)
    assert (said.code, said.err) == (0, "")
    assert "\x1b" not in said.out


def test_a_value_is_varied_on_the_way(
    say: Callable[..., Any], manifest: Callable[[Path], Any], tiny: Path, tmp_path: Path
) -> None:
    hours = "worlds.limited.limits.off.hours"
    checked = say("check", tiny, "--vary", f"{hours}=6,10")
    assert checked.code == 0
    assert "4 world(s), 2 design(s)" in checked.out
    told = say("describe", tiny, "--vary", f"{hours}=6,10", "--world", "limited-hours-6")
    assert told.code == 0
    out = tmp_path / "run"
    chosen = ["--world", "limited-hours-6", "--world", "limited", "--replications", "1"]
    said = say("run", tiny, "--vary", f"{hours}=6", *chosen, "--out", out, "--quiet")
    assert said.code == 0
    assert manifest(out)["worlds"] == ["limited", "limited-hours-6"]
    wrong = say("run", tiny, "--vary", "horizon.months=1,2", "--out", tmp_path / "none")
    assert wrong.code == 2
    assert "--vary" in wrong.err
    assert not (tmp_path / "none").exists()
