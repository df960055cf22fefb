"""The same numbers again: on more workers, and after an interruption at any moment."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from processes import of_session, started

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
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


@POSIX
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
    with started(command) as running:
        assert running.stderr is not None
        seen = []
        for line in running.stderr:
            seen.append(line)
            if " world " in line:
                os.killpg(running.pid, signal.SIGINT)
                break
        out, err = running.communicate(timeout=120)
    return subprocess.CompletedProcess(command, running.returncode, out, "".join(seen) + err)


def test_workers_beyond_memory_are_refused_and_an_unfinished_run_is_left_alone(
    say: Callable[..., Any], tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, kept = tmp_path / "run", tmp_path / ".run.unfinished"
    kept.mkdir()
    (kept / "something").write_text("kept")
    monkeypatch.setattr("injurysim.experiments.memory.available_bytes", lambda: 2**30)
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
    from injurysim.experiments.plan import Cell

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


SHORT = ("--replications", "2", "--set", "horizon.months=1", "--set", "horizon.runoff_months=1")
HANDS = {
    "one": ("--workers", "1"),
    "pool": ("--workers", "2"),
    "dask": ("--cluster", "local", "--workers", "2"),
}


@POSIX
@pytest.mark.parametrize(
    ("hands", "seed", "presses"),
    [
        ("pool", 2, 3),
        pytest.param("one", 3, 20, marks=pytest.mark.slow),
        pytest.param("pool", 4, 20, marks=pytest.mark.slow),
        pytest.param("dask", 5, 10, marks=pytest.mark.slow),
    ],
)
def test_ctrl_c_at_random_moments_loses_no_finished_cell(
    command: list[str],
    digests: Callable[[Path], dict[str, str]],
    tiny: Path,
    tmp_path: Path,
    hands: str,
    seed: int,
    presses: int,
) -> None:
    """Moments are drawn over the length of a whole run, but for the start of the interpreter, which is not ours."""
    if hands == "dask":
        pytest.importorskip("distributed")
    whole = [*command, "run", str(tiny), *SHORT, *HANDS[hands], "--out"]
    begun = time.monotonic()
    subprocess.run([*whole, tmp_path / "whole"], check=True, capture_output=True)  # noqa: S603
    length = time.monotonic() - begun
    rng = random.Random(seed)  # noqa: S311
    number = left = 0
    while presses:
        if not left:  # a new run, that is interrupted some times
            number, left, resume = number + 1, min(rng.randint(1, 3), presses), ()
        out = tmp_path / f"run-{number}"
        ended = interrupted([*whole, out, *resume], rng.uniform(0.1, 1) * length, rng.choice([1, 1, 3]), out)
        resume = ("--resume",)
        left, presses = left - 1, presses - 1
        if left and not ended:
            continue
        left = 0
        subprocess.run([*whole, out, "--resume"], check=True, capture_output=True)  # noqa: S603
        assert digests(out) == digests(tmp_path / "whole")
        assert not out.with_name(f".{out.name}.unfinished").exists()


def interrupted(command: list[str | Path], moment: float, presses: int, out: Path) -> bool:
    """Press Ctrl-C at a moment, several times in a row; return whether the run had come to its end before."""
    cells = out.with_name(f".{out.name}.unfinished") / "cells"
    before = {path.name: path.stat().st_mtime_ns for path in cells.glob("*.json")}
    with started([str(each) for each in command]) as running:
        try:
            running.wait(moment)
        except subprocess.TimeoutExpired:
            for _ in range(presses):
                if running.poll() is None:
                    os.killpg(running.pid, signal.SIGINT)
        _, err = running.communicate(timeout=60)
    told = [line for line in err.splitlines() if " world " not in line]
    assert running.returncode in (0, 3), err
    assert len(told) == (1 if running.returncode == 3 else 0), err
    assert of_session(running.pid) == []
    if running.returncode == 0:
        return True
    assert told[0].startswith("interrupted")
    after = {path.name: path.stat().st_mtime_ns for path in cells.glob("*.json")}
    if cells.is_dir():
        assert before.items() <= after.items(), "a finished cell is kept, and not run again"
    return False


def test_a_run_on_a_cluster_here_is_the_same(
    ran: tuple[Path, Any],
    say: Callable[..., Any],
    digests: Callable[[Path], dict[str, str]],
    tiny: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("distributed")
    arguments = ("run", tiny, "--out", tmp_path / "run", "--quiet", "--cluster", "local", "--workers")
    with monkeypatch.context() as patch:
        patch.setattr("injurysim.experiments.memory.available_bytes", lambda: 2**29)
        refused = say(*arguments, "4")
    assert refused.code == 2
    assert "--workers: 4 workers would need about" in refused.err, "its workers are here, and need memory"
    assert say(*arguments, "1").code == 0
    assert digests(tmp_path / "run") == digests(ran[0])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Return a function that gives a disk so many kilobytes, and its folder; for who may mount one."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    disk = tmp_path / "disk"
    disk.mkdir()

    def sized(kilobytes: int) -> Path:
        size = f"size={kilobytes}k" if not disk.is_mount() else f"remount,size={kilobytes}k"
        made = subprocess.run(  # noqa: S603
            [str(mount), "-t", "tmpfs", "-o", size, "tmpfs", str(disk)], check=False, capture_output=True
        )
        if made.returncode:
            pytest.skip("no disk can be mounted here")
        return disk

    if mount is None or umount is None:
        pytest.skip("no disk can be mounted here")
    yield sized
    if disk.is_mount():
        subprocess.run([umount, str(disk)], check=True)  # noqa: S603


def test_a_full_disk_is_told_and_with_room_the_run_goes_on(
    say: Callable[..., Any],
    digests: Callable[[Path], dict[str, str]],
    tiny: Path,
    tmp_path: Path,
    small_disk: Callable[[int], Path],
) -> None:
    """Too small for a mark, for some cells, for their tables beside them; then there is room."""
    arguments = ("run", tiny, *SHORT, "--workers", "1", "--quiet", "--out")
    assert say(*arguments, tmp_path / "whole").code == 0
    needed = sum(path.stat().st_size for path in (tmp_path / "whole").rglob("*.parquet")) // 1024
    cells, resume = [], ()
    for kilobytes in (8, needed, needed + 150, needed + 300, needed + 450):
        out = small_disk(kilobytes) / "run"
        said = say(*arguments, out, *resume)
        if said.code == 0:
            break
        assert said.code == 3
        assert said.err.startswith("the disk is full")
        kept = out.with_name(".run.unfinished")
        assert (f"go on with --out {out} --resume" in said.err) == kept.exists(), said.err
        cells.append(len(list(kept.glob("cells/*.json"))))
        assert not list(kept.rglob("*.writing")), "what was begun takes no room"
        resume = ("--resume",)
    assert said.code in (0, 3)
    assert cells == sorted(cells)
    assert cells[0] == 0
    assert cells[-1] > 0
    out = small_disk(20_000) / "run"
    assert say(*arguments, out, "--resume").code == 0
    assert digests(out) == digests(tmp_path / "whole")
    assert [path.name for path in out.parent.iterdir()] == ["run"]


def test_shares_are_merged_and_a_run_is_expanded_by_the_command_line(
    say: Callable[..., Any], digests: Callable[[Path], dict[str, str]], tiny: Path, tmp_path: Path
) -> None:
    run = ("run", tiny, *SHORT, "--workers", "1", "--quiet", "--out")
    assert say(*run, tmp_path / "whole").code == 0
    folders = [tmp_path / f"shard-{number}" for number in (1, 2)]
    for number, folder in enumerate(folders, start=1):
        assert say(*run, folder, "--shard", f"{number}/2").code == 0
    assert say("merge", folders[0], "--out", tmp_path / "merged").code == 2
    assert say("merge", *folders, "--out", tmp_path / "merged", "--quiet").code == 0
    assert digests(tmp_path / "merged") == digests(tmp_path / "whole")

    assert say(*run, tmp_path / "fewer", "--replications", "1").code == 0
    expand = ("expand", tmp_path / "fewer", "--workers", "1", "--out", tmp_path / "more")
    assert "Results: " in (said := say(*expand, "--replications", "2")).out
    assert said.err.count(" world ") == 2, "only the cells of the second replication are run"
    assert digests(tmp_path / "more") == digests(tmp_path / "whole")

    other = (
        "--scenario",
        tiny,
        *SHORT[2:],
        "--set",
        "designs.daily.schemes.accident.benefits.medical.paid_share=0",
    )
    said = say(*expand[:-1], tmp_path / "other", *other)
    assert said.code == 1
    assert "does not come out as it stood: table claims, world base" in said.err
    assert not (tmp_path / "other").exists()
    assert say(*expand[:-1], tmp_path / "other", "--set", "seed=1").code == 2
    assert say("expand", tmp_path / "more", "--out", tmp_path / "other", "--replications", "1").code == 2
    assert say(*run[:-1], "--shard", "1/2").code == 2
