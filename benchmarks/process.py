"""Whole processes, by the clock and with their peak memory: a year of a large world, and asking for help."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from cases import with_designs, with_horizon, with_world

if TYPE_CHECKING:
    from injurysim.scenario.document import Scenario

LAUNCH = Path(__file__).with_name("launch.py")
COMMAND = (sys.executable, "-m", "injurysim")
RIDERS, MONTHS, RUNOFF_MONTHS = 1_000_000, 12, 6
MOST_SECONDS, MOST_MB, MOST_HELP_SECONDS = 10.0, 600.0, 0.5
HELP_TIMES = 5


def whole_processes(scenario: Scenario, riders: int = RIDERS, months: int = MONTHS) -> list[dict[str, Any]]:
    """Run the command as a user would, with the kernels compiled before.

    Returns
    -------
    list of dict
        ``name``, ``value``, ``unit``, ``target`` (None for other sizes than the one it was set for).
    """
    target = (riders, months) == (RIDERS, MONTHS)
    with TemporaryDirectory(prefix="injurysim-benchmark-") as folder:
        _run(scenario, 1_000, 1, Path(folder))  # so that a first compilation is not taken for the run
        took = _run(scenario, riders, months, Path(folder))
    helps = [_launch("--help")["seconds"] for _ in range(HELP_TIMES)]
    name = f"run: {riders:,} riders, {months} months and {RUNOFF_MONTHS} of run-off, one design"
    return [
        {"name": name, "value": took["seconds"], "unit": "s", "target": MOST_SECONDS if target else None},
        {
            "name": "its peak memory",
            "value": took["peak_bytes"] / 1e6,
            "unit": "MB",
            "target": MOST_MB if target else None,
        },
        {
            "name": f"--help, median of {HELP_TIMES}",
            "value": median(helps),
            "unit": "s",
            "target": MOST_HELP_SECONDS,
        },
    ]


def _run(scenario: Scenario, riders: int, months: int, folder: Path) -> dict[str, float]:
    from injurysim.scenario.loading import dump_resolved

    cut = with_designs(with_horizon(with_world(scenario, riders), months, RUNOFF_MONTHS), 1)
    path = folder / f"{riders}-{months}.yaml"
    path.write_text(dump_resolved(cut), encoding="utf-8")
    out = path.with_suffix(".out")
    return _launch("run", str(path), "--replications", "1", "--workers", "1", "--quiet", "--out", str(out))


def _launch(*words: str) -> dict[str, float]:
    ran = subprocess.run(  # noqa: S603
        [sys.executable, str(LAUNCH), *COMMAND, *words], capture_output=True, check=True, encoding="utf-8"
    )
    told: dict[str, float] = json.loads(ran.stdout)
    if told["code"]:
        raise SystemExit(f"injurysim {' '.join(words)} ended with {told['code']}:\n{ran.stderr}")
    return told
