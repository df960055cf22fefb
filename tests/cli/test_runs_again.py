"""The same numbers again: on more workers, and after an interruption."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REPLICATIONS = 5
LONGER = ("--replications", str(REPLICATIONS))


def test_two_workers_give_the_digests_of_one(
    ran: tuple[Path, Any],
    shell: Callable[..., Any],
    digests: Callable[[Path], dict[str, str]],
    tiny: Path,
    tmp_path: Path,
) -> None:
    said = shell("run", tiny, "--out", tmp_path / "run", "--workers", "2", "--quiet")
    assert (said.code, said.out, said.err) == (0, "", "")
    assert digests(tmp_path / "run") == digests(ran[0])


def test_another_seed_gives_other_digests(
    ran: tuple[Path, Any],
    say: Callable[..., Any],
    digests: Callable[[Path], dict[str, str]],
    tiny: Path,
    tmp_path: Path,
) -> None:
    said = say("run", tiny, "--out", tmp_path / "run", "--workers", "1", "--seed", "6", "--quiet")
    assert said.code == 0
    one, other = digests(ran[0]), digests(tmp_path / "run")
    assert one["run"] != other["run"]
    assert one["injuries"] != other["injuries"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, say: Callable[..., Any]) -> Path:
    """Run the tiny scenario in one go; return its folder."""
    out = tmp_path_factory.mktemp("whole") / "run"
    tiny = Path(__file__).with_name("tiny.yaml")
    assert say("run", tiny, "--out", out, *LONGER, "--workers", "1", "--quiet").code == 0
    return out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_run_is_kept_and_resumed_to_the_same_digests(
    command: list[str],
    say: Callable[..., Any],
    digests: Callable[[Path], dict[str, str]],
    tiny: Path,
    whole: Path,
    tmp_path: Path,
    workers: int,
) -> None:
    out = tmp_path / "run"
    arguments = ["run", str(tiny), "--out", str(out), *LONGER, "--workers"]
    first = _interrupt_after_the_first_cell([*command, *arguments, str(workers)])
    assert first.returncode == 3
    assert not first.stdout
    assert (
        first.stderr.splitlines()[-1]
        == f"interrupted; what has ended is kept, go on with --out {out} --resume"
    )
    assert "Traceback" not in first.stderr
    assert [path.name for path in tmp_path.iterdir()] == [".run.unfinished"]
    ended = len(list((tmp_path / ".run.unfinished" / "cells").glob("*.json")))
    assert 1 <= ended < 2 * REPLICATIONS

    refused = say(*arguments, "1")
    assert refused.code == 2
    assert (
        "an unfinished run is kept in '.run.unfinished' beside 'run'. Go on with it by --resume"
        in refused.err
    )
    refused = say(*arguments, "1", "--resume", "--seed", "6")
    assert refused.code == 2
    assert "is of another seed." in refused.err
    assert len(list((tmp_path / ".run.unfinished" / "cells").glob("*.json"))) == ended

    resumed = say(*arguments, "1", "--resume")
    assert resumed.code == 0
    cells = [line for line in resumed.err.splitlines() if " world " in line]
    assert len(cells) == 2 * REPLICATIONS - ended, "only what was missing is run"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]

    assert digests(out) == digests(whole)


def _interrupt_after_the_first_cell(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Start a run, and press Ctrl-C (for the whole group, as a terminal does) once a cell has ended."""
    running = subprocess.Popen(  # noqa: S603
        command,
        encoding="utf-8",
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    seen = []
    try:
        assert running.stderr is not None
        for line in running.stderr:
            seen.append(line)
            if " world " in line:
                os.killpg(running.pid, signal.SIGINT)
                break
        out, err = running.communicate(timeout=120)
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.communicate()
    return subprocess.CompletedProcess(command, running.returncode, out, "".join(seen) + err)


def test_workers_beyond_memory_are_refused_and_an_unfinished_run_is_left_alone(
    say: Callable[..., Any], tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, kept = tmp_path / "run", tmp_path / ".run.unfinished"
    kept.mkdir()
    (kept / "something").write_text("kept")
    monkeypatch.setattr("injurysim.experiment.memory.available_bytes", lambda: 2**30)
    for more in ((), ("--resume",)):
        said = say("run", tiny, "--out", out, *LONGER, "--workers", "5", *more)
        assert said.code == 2
        assert not said.out
        assert "--workers: 5 workers would need about" in said.err
        assert "Give --workers 3." in said.err
    assert (kept / "something").read_text() == "kept"
    assert not out.exists()


def test_on_a_terminal_the_bar_moves_month_by_month(monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.progress import Progress

    from injurysim.cli.progress import progress
    from injurysim.experiment.plan import Cell

    moved = []
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(
        Progress, "update", lambda _self, _task, completed, total=2: moved.append((completed, total))
    )
    cell = Cell(0, "base")
    with progress() as watch:
        watch.on_plan(2)
        watch.on_month(cell, 1, 4)
        watch.on_month(cell, 4, 4)
        watch.on_done(cell)
        watch.on_plan(3)
        watch.on_month(cell, 2, 4)
    assert moved == [(0, 2), (0.25, 2), (1, 2), (1, 2), (1, 5), (1.5, 2)]
