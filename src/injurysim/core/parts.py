"""The files behind the tables: a part for each cell (a world and a replication), made whole when a run closes.

A worker packs a cell into the bytes of its files; whoever owns the folder keeps them, so that only one process ever
writes there and a worker may stand on another machine. A run folder holds, while cells are being kept,
``tables/NAME/part-....parquet`` and one receipt for each finished cell in ``cells/``. :func:`close_tables` makes one
file of each small table, and :func:`sweep` takes away what the run was made from. The digest of a table is made from
the digests of its parts, so it is the same before and after.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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


@dataclass(frozen=True)
class PackedCell:
    """A finished cell as it travels from a worker: its receipt, and the bytes of the file of each table with rows."""

    receipt: CellReceipt
    files: Mapping[str, bytes]


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


def pack_cell(
    world: str, replication: int, tables: Mapping[str, pa.Table | Sequence[pa.Table]]
) -> PackedCell:
    """Check what one cell has made, and turn it into files.

    Parameters
    ----------
    world, replication
        The cell; every row must belong to it.
    tables : mapping of name to table, or to several (one for each design)
        As :meth:`Table.build` made them.

    Returns
    -------
    PackedCell
        Tables without rows make no file.

    Raises
    ------
    ValueError
        A row of another cell, a key twice, a table of another schema.
    """
    receipts, files = {}, {}
    for name, given in tables.items():
        table = TABLES[name]
        whole = table.join(given if isinstance(given, Sequence) else [given])
        for column, wanted in (("world", world), ("replication", replication)):
            strange = [value for value in whole.column(column).unique().to_pylist() if value != wanted]
            if strange:
                raise ValueError(f"table '{name}': a row of {column} {strange[0]} in the cell of {wanted}")
        if whole.num_rows:
            receipts[name], files[name] = _packed(whole)
    return PackedCell(CellReceipt(world, replication, receipts), files)


def keep_cell(folder: Path, packed: PackedCell) -> CellReceipt:
    """Write the files of a packed cell, and then its receipt; a cell without a receipt never happened."""
    receipt = packed.receipt
    stem = part_name(receipt.world, receipt.replication)
    for name, content in packed.files.items():
        _replace(folder / "tables" / name / f"{stem}.parquet", content)
    _write_receipt(folder, receipt)
    return receipt


def rows_of_cell(folder: Path, name: str, world: str, replication: int) -> pa.Table:
    """Return the rows, in the order of the table, of a finished cell in a run folder that is not closed."""
    table = TABLES[name]
    return table.join([_read_parts(folder, table, list(table.names), None, [(world, replication)])])


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
    """Make one file of each small table of worlds and books; large ones stay in parts.

    Every table exists afterwards, if without rows. Parts and receipts of small tables stand until :func:`sweep`, so
    that a closing that was cut short can be done again.

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
        rows = sum(part.rows for part in parts.values())
        size = sum(part.bytes for part in parts.values())
        if rows < small_rows:
            parted = folder / "tables" / name
            whole = table.join(
                [pq.read_table(parted / f"{part}.parquet", partitioning=None) for part in sorted(parts)]
            )
            size = _write(folder / "tables" / f"{name}.parquet", whole)
        receipts[name] = TableReceipt(rows, size, combined_digest(part.digest for part in parts.values()))
    return receipts


def sweep(folder: Path) -> None:
    """Take away what a closed run was made from: receipts, parts of small tables, parts of cells without a receipt.

    Receipts go first: without them no part is trusted. Once begun it can be done again, and only then is the run
    folder to be moved into place.
    """
    finished = {part_name(*cell) for cell in finished_cells(folder)}
    shutil.rmtree(folder / "cells", ignore_errors=True)
    for parted in (folder / "tables").iterdir():
        if parted.is_dir():
            if parted.with_name(f"{parted.name}.parquet").is_file():
                shutil.rmtree(parted)
            elif finished:
                for path in parted.iterdir():
                    if path.name.removesuffix(".parquet") not in finished:
                        path.unlink()


def split_tables(source: Path, folder: Path) -> None:
    """Keep the cells a closed run folder was made from in another one, with the digests they had.

    Parameters
    ----------
    source : Path
        A run folder, closed and swept.
    folder : Path
        The run folder that gets parts and receipts.
    """
    receipts: dict[tuple[str, int], dict[str, TableReceipt]] = {}
    for name, table in TABLES.items():
        if table.of != "experiment" and _exists(source, table):
            for world, replication, rows in rows_by_cell(source, name):
                receipt, content = _packed(rows)
                _replace(folder / "tables" / name / f"{part_name(world, replication)}.parquet", content)
                receipts.setdefault((world, replication), {})[name] = receipt
    for (world, replication), of_cell in receipts.items():
        _write_receipt(folder, CellReceipt(world, replication, of_cell))


def write_table(folder: Path, name: str, table: pa.Table) -> TableReceipt:
    """Write a table of the whole experiment (``summary``, ``comparison``) as one file."""
    whole = TABLES[name].join([table])
    size = _write(folder / "tables" / f"{name}.parquet", whole)
    return TableReceipt(whole.num_rows, size, combined_digest([digest(whole)]))


def read_table(
    folder: Path,
    name: str,
    columns: Sequence[str] | None = None,
    filters: Any = None,
    cells: Iterable[tuple[str, int]] | None = None,
) -> pd.DataFrame:
    """Read a table of a run folder, in the order (world, design, replication, key).

    Parameters
    ----------
    folder : Path
        A run folder, closed or, with ``cells``, not.
    name : str
        Name of the table.
    columns : sequence of str, optional
        Columns wanted, in this order; all of them by default.
    filters : list of (column, operator, value) tuples, or a pyarrow expression, optional
        As ``pyarrow.parquet.read_table`` takes them.
    cells : iterable of (world, replication), optional
        Of a folder that is not closed: read the parts of these finished cells alone.

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
    asked = list(dict.fromkeys([*wanted, *table.order]))
    read = (
        _read(folder, table, asked, filters)
        if cells is None
        else _read_parts(folder, table, asked, filters, cells)
    )
    if read.num_rows > 1:
        read = read.sort_by([(column, "ascending") for column in table.order])
    return table.to_pandas(read.select(wanted))


def table_digest(folder: Path, name: str) -> str:
    """Work out a table's digest anew from the files of a closed run folder."""
    table = TABLES[name]
    if table.of == "experiment":
        return combined_digest([digest(table.join([_read(folder, table, list(table.names), None)]))])
    return combined_digest(digest(rows) for _, _, rows in rows_by_cell(folder, name))


def rows_by_cell(folder: Path, name: str) -> Iterator[tuple[str, int, pa.Table]]:
    """Yield world, replication and rows, in the order of the table, of each cell with rows in a closed run folder."""
    import pyarrow.parquet as pq

    table = TABLES[name]
    place = _place(folder, table)
    for path in [place] if place.is_file() else sorted(place.glob("part-*.parquet")):
        whole = pq.read_table(path, columns=list(table.names), partitioning=None)
        whole = whole.sort_by([(column, "ascending") for column in ("world", "replication")])
        counts = whole.group_by(["world", "replication"], use_threads=False).aggregate([([], "count_all")])
        start = 0
        for cell in counts.to_pylist():
            rows = cell["count_all"]
            yield cell["world"], cell["replication"], table.join([whole.slice(start, rows)])
            start += rows


def _place(folder: Path, table: Table) -> Path:
    """Return the file of a table, or the folder of its parts."""
    one = folder / "tables" / f"{table.name}.parquet"
    return one if one.is_file() else folder / "tables" / table.name


def _exists(folder: Path, table: Table) -> bool:
    place = _place(folder, table)
    return place.is_file() or any(place.glob("part-*.parquet"))


def _read(folder: Path, table: Table, columns: list[str], filters: Any) -> pa.Table:
    import pyarrow.parquet as pq

    if not _exists(folder, table):
        raise FileNotFoundError(f"{folder.name} holds no table '{table.name}'")
    return pq.read_table(_place(folder, table), columns=columns, filters=filters, partitioning=None)


def _read_parts(
    folder: Path, table: Table, columns: list[str], filters: Any, cells: Iterable[tuple[str, int]]
) -> pa.Table:
    import pyarrow.parquet as pq

    parts = [folder / "tables" / table.name / f"{part_name(*cell)}.parquet" for cell in cells]
    found = [path for path in parts if path.is_file()]
    if not found:
        return table.empty().select(columns)
    return pq.read_table(found, columns=columns, filters=filters, partitioning=None)


def _encoded(table: pa.Table) -> pa.Buffer:
    """Return a table as the content of a parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _packed(table: pa.Table) -> tuple[TableReceipt, bytes]:
    content = _encoded(table).to_pybytes()
    return TableReceipt(table.num_rows, len(content), digest(table)), content


def _write_receipt(folder: Path, receipt: CellReceipt) -> None:
    text = json.dumps(asdict(receipt), ensure_ascii=False, sort_keys=True)
    _replace(folder / "cells" / f"{part_name(receipt.world, receipt.replication)}.json", text.encode())


def _write(path: Path, table: pa.Table) -> int:
    """Write a parquet file in one step and return its size."""
    content = _encoded(table)
    _replace(path, content)
    return int(content.size)


def _replace(path: Path, content: Any) -> None:
    """Put content under a name so that the file is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.writing")
    try:
        temporary.write_bytes(content)
    except OSError:
        temporary.unlink(missing_ok=True)  # on a full disk what was begun takes the room that is left
        raise
    temporary.replace(path)
