"""The run worked out by hand, for every test of this room."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

SMALL_RUN = runpy.run_path(str(Path(__file__).with_name("small_run.py")))


@pytest.fixture(scope="session")
def small_cells():
    """Return the tables of three replications, as lists by name."""
    cells = [SMALL_RUN["cell"]("base", replication) for replication in range(3)]
    return {name: [cell[name] for cell in cells] for name in cells[0]}


@pytest.fixture(scope="session")
def small_frames(small_cells):
    """Return the three replications as metrics read them."""
    from injurysim.core.schemas import TABLES
    from injurysim.results.frames import DesignFacts, Frames

    facts = {"pilot": DesignFacts(contribution_lag_months={"pilot": 1})}
    tables = {name: TABLES[name].to_pandas(TABLES[name].join(cells)) for name, cells in small_cells.items()}
    return Frames(tables, "2023-01", facts)


@pytest.fixture(scope="session")
def small_values(small_frames):
    """Return their metrics."""
    from injurysim.results.metrics import metric_values

    return metric_values(small_frames)
