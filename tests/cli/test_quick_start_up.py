"""Help and checks answer at once: what is heavy is imported when a run needs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ["matplotlib", "numba", "pandas", "pyarrow", "scipy.stats", "simpy"]
"""What a run needs, and asking for help or checking a file does not."""
LANGUAGE = ["numpy", "ruamel.yaml", "injurysim.scenario"]
"""What reading a scenario needs besides, and asking for help does not."""

ASK = """
import json, sys
from typer.testing import CliRunner
from injurysim.cli.app import app
result = CliRunner().invoke(app, sys.argv[2:])
print(json.dumps([result.exit_code, [name for name in json.loads(sys.argv[1]) if name in sys.modules]]))
"""


@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        (["--help"], HEAVY + LANGUAGE),
        (["run", "--help"], HEAVY + LANGUAGE),
        (["--version"], HEAVY + LANGUAGE),
        (["schema"], HEAVY),
        (["check", str(Path(__file__).with_name("tiny.yaml"))], HEAVY),
        (["describe", str(Path(__file__).with_name("tiny.yaml")), "--lang", "zh"], HEAVY),
        (["new", "--list"], HEAVY),
    ],
    ids=["help", "help of a command", "version", "schema", "check", "describe", "new"],
)
def test_heavy_libraries_are_not_imported(arguments: list[str], spared: list[str]) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", ASK, json.dumps(spared), *arguments],
        capture_output=True,
        check=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=120,
    )
    assert json.loads(done.stdout) == [0, []]


def test_importing_the_package_imports_nothing_else() -> None:
    code = f"import sys, injurysim; print([name for name in {HEAVY + LANGUAGE} if name in sys.modules])"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8", timeout=120
    )
    assert done.stdout.strip() == "[]"
