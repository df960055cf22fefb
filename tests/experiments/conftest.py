"""What tests of this room share: a plan that takes a second, its results, and cells that are run only once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from injurysim.experiments import cells
from injurysim.experiments.means import Means
from injurysim.experiments.plan import Cell, Plan
from injurysim.experiments.running import carry_out
from injurysim.scenario.reading import ReadScenario, read_scenario

SHORT = ("horizon.months=1", "horizon.runoff_months=1")


@pytest.fixture(scope="session")
def short(tiny: Path) -> Callable[..., ReadScenario]:
    """Return a function that reads the tiny scenario cut down to a month, with more laid over it."""
    return lambda *overrides, **chosen: read_scenario(tiny, overrides=[*SHORT, *overrides], **chosen)


@pytest.fixture(scope="session")
def plan(short: Callable[..., ReadScenario]) -> Plan:
    """Return a plan of four cells."""
    return Plan(short().scenario, replications=2, seed=5)


@pytest.fixture(scope="session")
def whole(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the plan in one go; return its folder."""
    target = tmp_path_factory.mktemp("whole") / "run"
    carry_out(plan, target, Means())
    return target


@pytest.fixture(scope="session")
def _packed() -> dict[object, object]:
    return {}


@pytest.fixture
def ran(_packed: dict[object, object], monkeypatch: pytest.MonkeyPatch) -> Counter[Cell]:
    """Count how often each cell is run in this process; what was run before is handed out again."""
    counted: Counter[Cell] = Counter()
    run_one = cells.run_one

    def counting(text: str, cell: Cell, **options: object) -> object:
        counted[cell] += 1
        key = (text, cell, options["seed"])
        if key not in _packed:
            _packed[key] = run_one(text, cell, **options)
        return _packed[key]

    monkeypatch.setattr(cells, "run_one", counting)
    return counted
