"""What tests of the command line share: the tiny scenario edited, the command in this process, and the real command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from injurysim.cli.app import app

TINY = Path(__file__).with_name("tiny.yaml")


@dataclass(frozen=True)
class Said:
    """What a command said, and with which code it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes the tiny scenario with one text in it replaced by another."""

    def write(old: str, new: str) -> Path:
        text = TINY.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {TINY.name}"
        path = tmp_path / "edited.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def say() -> Callable[..., Said]:
    """Return a function that runs the command line in this process."""

    def run(*arguments: str | Path) -> Said:
        result = CliRunner().invoke(app, [str(each) for each in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture(scope="session")
def command() -> list[str]:
    """Return the installed command, as a shell would find it."""
    script = Path(sys.executable).with_name("injurysim.exe" if os.name == "nt" else "injurysim")
    return [str(script)] if script.exists() else [sys.executable, "-m", "injurysim"]


@pytest.fixture(scope="session")
def shell(command: list[str]) -> Callable[..., Said]:
    """Return a function that runs the real command, in a process of its own and without a terminal."""

    def run(*arguments: str | Path, cwd: Path | None = None) -> Said:
        done = subprocess.run(  # noqa: S603
            [*command, *(str(each) for each in arguments)],
            capture_output=True,
            check=False,
            cwd=cwd,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            timeout=300,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory, say: Callable[..., Said]) -> tuple[Path, Said]:
    """Run the tiny scenario once in this process; return its folder and what was said."""
    out = tmp_path_factory.mktemp("tiny") / "run"
    return out, say("run", TINY, "--out", out, "--workers", "1")
