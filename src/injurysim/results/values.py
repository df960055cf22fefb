"""The values of every metric, worked out from the finished cells of a run folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from injurysim.core.parts import CellReceipt, finished_cells
from injurysim.results.metrics import VALUES, metric_values
from injurysim.results.reading import frames_of
from injurysim.scenario.document import Scenario

if TYPE_CHECKING:
    import pandas as pd

ROWS_AT_ONCE = 1_000_000
"""Rows of all tables that are read together, or those of one cell if it has more: memory does not grow with cells."""


def no_values() -> pd.DataFrame:
    """Return the values of no cell."""
    import pandas as pd

    return pd.DataFrame(columns=VALUES)


def values_of_cells(scenario: Scenario, folder: Path, cells: Iterable[tuple[str, int]]) -> pd.DataFrame:
    """Work out every metric for finished cells of a run folder that is not closed.

    Parameters
    ----------
    scenario : Scenario
        What the cells were run from.
    folder : Path
        The run folder.
    cells : iterable of (world, replication)
        Which of them.

    Returns
    -------
    pandas.DataFrame
        As :func:`injurysim.results.metrics.metric_values` gives it, however the cells are taken together.
    """
    import pandas as pd

    receipts = finished_cells(folder)
    batches = _batches(receipts[cell] for cell in cells)
    found = [metric_values(frames_of(scenario, folder, batch)) for batch in batches]
    return pd.concat(found, ignore_index=True)


def _batches(receipts: Iterable[CellReceipt]) -> Iterator[list[tuple[str, int]]]:
    batch: list[tuple[str, int]] = []
    rows = 0
    for receipt in receipts:
        own = sum(table.rows for table in receipt.tables.values())
        if batch and rows + own > ROWS_AT_ONCE:
            yield batch
            batch, rows = [], 0
        batch.append((receipt.world, receipt.replication))
        rows += own
    if batch:
        yield batch
