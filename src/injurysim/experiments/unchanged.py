"""The proof that rows which stood are what they were after something was added."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from injurysim.core.closed import rows_by_cell
from injurysim.core.errors import CheckFailed
from injurysim.core.parts import rows_of_cell
from injurysim.core.schemas import TABLES
from injurysim.core.tables import Table
from injurysim.experiments.plan import Cell, Plan
from injurysim.scenario.resolve import book_calendar

if TYPE_CHECKING:
    import pyarrow as pa

MOMENT = {"injuries": "occurred_at", "payments": "paid_at"}
"""Column that says when a row of a table without months happened."""


def check_unchanged(standing: Path, old: Plan, new: Plan, folder: Path, *, known: Collection[Cell]) -> None:
    """Compare the rows of a finished run with those of the same cells run again.

    With the months there were, every row of the old worlds and designs must stand as it stood. With more of them, rows
    of tables on a cash basis must, and injuries and payments, up to the end of the old months of exposure; tables on
    an origin basis look back from a later valuation.

    Parameters
    ----------
    standing : Path
        The folder of the finished run.
    old, new : Plan
        What was run, and what it has become.
    folder : Path
        The run folder that is not closed yet, with every cell of the new plan.
    known : collection of Cell
        Cells that were taken over and need no comparison.

    Raises
    ------
    CheckFailed
        Naming table, world, design, replication and key of the first row that differs.
    """
    longer = new.scenario.horizon != old.scenario.horizon
    for name, table in TABLES.items():
        if table.of == "experiment" or (longer and table.basis == "origin"):
            continue
        for world, replication, before in rows_by_cell(standing, name):
            if Cell(replication, world) in known:
                continue
            after = rows_of_cell(folder, name, world, replication)
            if table.of == "book":
                after = _only(after, "design", list(old.scenario.designs))
            stood, stands = (
                (_up_to_the_end(table, rows, old) for rows in (before, after)) if longer else (before, after)
            )
            if not stood.equals(stands):
                raise CheckFailed(_told(table, world, replication, stood, stands))


def _only(rows: pa.Table, column: str, values: list[str]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    return rows.filter(pc.is_in(rows[column], pa.array(values, rows[column].type)))


def _up_to_the_end(table: Table, rows: pa.Table, old: Plan) -> pa.Table:
    """Return the rows up to the end of the old months of exposure."""
    import pyarrow as pa
    import pyarrow.compute as pc

    calendar = book_calendar(old.scenario)
    months = old.scenario.horizon.months
    if table.name in MOMENT:
        end = pa.scalar(calendar.datetime64(calendar.month_end_minute(months - 1))[()], pa.timestamp("s"))
        return rows.filter(pc.less(rows[MOMENT[table.name]], end))
    return rows.filter(pc.less_equal(rows["month"], calendar.month_label(months - 1)))


def _told(table: Table, world: str, replication: int, before: pa.Table, after: pa.Table) -> str:
    """Say where the first row differs, by its key, and in what."""
    key = [name for name in table.order if name not in ("world", "replication")]
    old, new = ({_key(row, key): row for row in rows.to_pylist()} for rows in (before, after))
    first = min(
        (each for each in old.keys() | new.keys() if old.get(each) != new.get(each)),
        key=lambda each: [(value is None, str(value)) for value in each],
    )
    place = ", ".join(f"{name} {value}" for name, value in zip(key, first, strict=True) if value is not None)
    if first not in new:
        what = "the row is gone"
    elif first not in old:
        what = "there was no such row"
    else:
        changed = next(name for name in table.names if old[first][name] != new[first][name])
        what = f"{changed} was {old[first][changed]} and is {new[first][changed]}"
    return (
        f"the run does not come out as it stood: table {table.name}, world {world}, replication {replication}, {place}: "
        f"{what}. What was added bears on what was there, so both cannot stand in one comparison; run the scenario anew."
    )


def _key(row: dict[str, Any], key: list[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in key)
