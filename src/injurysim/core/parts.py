"""The files behind the tables: a part for each cell (a world and a replication), made whole when a run closes.

A run folder holds, while cells are being written, ``tables/NAME/part-....parquet`` and one receipt for each finished
cell in ``cells/``. :func:`close_tables` turns the parts of small tables into one file each and takes the receipts
away. The digest of a table is made from the digests of its parts, so it is the same before and after.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from injurysim.core.schemas import TABLES
from injurysim.core.tables import Table, digest

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SMALL_ROWS = 1_000_000
"""Tables with fewer rows are kept in one file."""


@dataclass(frozen=True)
class TableReceipt:
    """What was written of one table: rows, bytes on disk, digest of the content."""

    rows: int
    bytes: int
    digest: str


@dataclass(frozen=True)
class CellReceipt:
    """What one cell has written, by table; tables without rows write nothing."""

    world: str
    replication: int
    tables: Mapping[str, TableReceipt]


def part_name(world: str, replication: int) -> str:
    """Return the file name, without ending, of a cell's parts; the digits keep odd world names apart.

    Examples
    --------
    >>> part_name("base", 3)
    'part-base-cae66217-000003'
    """
    plain = re.sub(r"[^a-z0-9_-]", "-", world)[:48]
    return f"part-{plain}-{hashlib.sha256(world.encode()).hexdigest()[:8]}-{replication:06d}"


def combined_digest(digests: Iterable[str]) -> str:
    """Return the digest of a table: SHA-256 over the sorted digests of its parts, a line each."""
    return hashlib.sha256("".join(f"{part}\n" for part in sorted(digests)).encode()).hexdigest()


def write_cell(
    folder: Path, world: str, replication: int, tables: Mapping[str, pa.Table | Sequence[pa.Table]]
) -> CellReceipt:
    """Write what one cell has made, and then its receipt; a cell without a receipt never happened.

    Parameters
    ----------
    folder : Path
        The run folder.
    world, replication
        The cell; every row must belong to it.
    tables : mapping of name to table, or to several (one for each design)
        As :meth:`Table.build` made them.

    Returns
    -------
    CellReceipt

    Raises
    ------
    ValueError
        A row of another cell, a key twice, a table of another schema.
    """
    receipts = {}
    for name, given in tables.items():
        table = TABLES[name]
        whole = table.join(given if isinstance(given, Sequence) else [given])
        for column, wanted in (("world", world), ("replication", replication)):
            strange = [value for value in whole.column(column).unique().to_pylist() if value != wanted]
            if strange:
                raise ValueError(f"table '{name}': a row of {column} {strange[0]} in the cell of {wanted}")
        if whole.num_rows:
            path = folder / "tables" / name / f"{part_name(world, replication)}.parquet"
            receipts[name] = TableReceipt(whole.num_rows, _write(path, whole), digest(whole))
    receipt = CellReceipt(world, replication, receipts)
    _replace(
        folder / "cells" / f"{part_name(world, replication)}.json",
        json.dumps(asdict(receipt), ensure_ascii=False, sort_keys=True).encode(),
    )
    return receipt


def finished_cells(folder: Path) -> dict[tuple[str, int], CellReceipt]:
    """Return the receipts of the cells a run folder holds already, by (world, replication)."""
    cells = {}
    for path in sorted((folder / "cells").glob("part-*.json")):
        read = json.loads(path.read_text(encoding="utf-8"))
        tables = {name: TableReceipt(**receipt) for name, receipt in read["tables"].items()}
        cells[read["world"], read["replication"]] = CellReceipt(read["world"], read["replication"], tables)
    return cells


def forget_cells(folder: Path, keep: Collection[tuple[str, int]]) -> None:
    """Take away the receipts of cells (world, replication) that are not among those to keep."""
    for cell in finished_cells(folder).keys() - set(keep):
        (folder / "cells" / f"{part_name(*cell)}.json").unlink()


def close_tables(folder: Path, small_rows: int = SMALL_ROWS) -> dict[str, TableReceipt]:
    """Finish the tables of worlds and books: one file for each small table, parts for the large ones.

    Parts of cells without a receipt are taken away. Every table exists afterwards, if without rows.

    Parameters
    ----------
    folder : Path
        The run folder.
    small_rows : int
        Tables with fewer rows become one file, in the order (world, design, replication, key).

    Returns
    -------
    dict of str to TableReceipt
        Rows, bytes and digest by table.
    """
    import pyarrow.parquet as pq

    cells = finished_cells(folder)
    receipts = {}
    for name, table in TABLES.items():
        if table.of == "experiment":
            continue
        parts = {
            part_name(*cell): receipt.tables[name]
            for cell, receipt in cells.items()
            if name in receipt.tables
        }
        parted = folder / "tables" / name
        if parted.is_dir():
            for path in parted.iterdir():
                if path.name.removesuffix(".parquet") not in parts:
                    path.unlink()
        rows = sum(part.rows for part in parts.values())
        size = sum(part.bytes for part in parts.values())
        if rows < small_rows:
            whole = table.join(
                [pq.read_table(parted / f"{part}.parquet", partitioning=None) for part in sorted(parts)]
            )
            size = _write(folder / "tables" / f"{name}.parquet", whole)
            shutil.rmtree(parted, ignore_errors=True)
        receipts[name] = TableReceipt(rows, size, combined_digest(part.digest for part in parts.values()))
    shutil.rmtree(folder / "cells", ignore_errors=True)
    return receipts


def write_table(folder: Path, name: str, table: pa.Table) -> TableReceipt:
    """Write a table of the whole experiment (``summary``, ``comparison``) as one file."""
    whole = TABLES[name].join([table])
    size = _write(folder / "tables" / f"{name}.parquet", whole)
    return TableReceipt(whole.num_rows, size, combined_digest([digest(whole)]))


def read_table(
    folder: Path, name: str, columns: Sequence[str] | None = None, filters: Any = None
) -> pd.DataFrame:
    """Read a table of a run folder, in the order (world, design, replication, key).

    Parameters
    ----------
    folder : Path
        A run folder, closed or not.
    name : str
        Name of the table.
    columns : sequence of str, optional
        Columns wanted, in this order; all of them by default.
    filters : list of (column, operator, value) tuples, or a pyarrow expression, optional
        As ``pyarrow.parquet.read_table`` takes them.

    Returns
    -------
    pandas.DataFrame
        Its dtypes depend on the schema only (see :meth:`Table.to_pandas`).

    Raises
    ------
    KeyError
        No such table or column.
    FileNotFoundError
        The folder does not hold the table.
    """
    if name not in TABLES:
        raise KeyError(f"no table '{name}'; the tables are {', '.join(TABLES)}")
    table = TABLES[name]
    wanted = [table.column(column).name for column in columns] if columns is not None else list(table.names)
    read = _read(folder, table, list(dict.fromkeys([*wanted, *table.order])), filters)
    if read.num_rows > 1:
        read = read.sort_by([(column, "ascending") for column in table.order])
    return table.to_pandas(read.select(wanted))


def table_digest(folder: Path, name: str) -> str:
    """Work out a table's digest anew from the files of a closed run folder."""
    import pyarrow.parquet as pq

    table = TABLES[name]
    parted = folder / "tables" / name
    if not (folder / "tables" / f"{name}.parquet").is_file() and parted.is_dir():
        paths = sorted(parted.glob("part-*.parquet"))
        return combined_digest(digest(table.join([pq.read_table(path, partitioning=None)])) for path in paths)
    whole = _read(folder, table, list(table.names), None)
    if table.of == "experiment":
        return combined_digest([digest(table.join([whole]))])
    whole = whole.sort_by([("world", "ascending"), ("replication", "ascending")])
    counts = whole.group_by(["world", "replication"]).aggregate([([], "count_all")])
    counts = counts.sort_by([("world", "ascending"), ("replication", "ascending")])
    digests, start = [], 0
    for rows in counts["count_all"].to_pylist():
        digests.append(digest(table.join([whole.slice(start, rows)])))
        start += rows
    return combined_digest(digests)


def _read(folder: Path, table: Table, columns: list[str], filters: Any) -> pa.Table:
    import pyarrow.parquet as pq

    one, parted = folder / "tables" / f"{table.name}.parquet", folder / "tables" / table.name
    path = one if one.is_file() else parted
    if path is parted and not any(parted.glob("part-*.parquet")):
        raise FileNotFoundError(f"{folder.name} holds no table '{table.name}'")
    return pq.read_table(path, columns=columns, filters=filters, partitioning=None)


def _write(path: Path, table: pa.Table) -> int:
    """Write a parquet file in one step and return its size."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content = sink.getvalue()
    _replace(path, content)
    return int(content.size)


def _replace(path: Path, content: Any) -> None:
    """Put content under a name so that the file is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.writing")
    temporary.write_bytes(content)
    temporary.replace(path)
