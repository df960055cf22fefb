"""The files behind the tables: a part for each finished cell (a world and a replication) of a run.

A worker packs a cell into the bytes of its files; whoever owns the folder keeps them, so that only one process ever
writes there and a worker may stand on another machine. While cells are being kept a run folder holds
``tables/NAME/part-....parquet`` and one receipt for each finished cell in ``cells/``; see
:mod:`injurysim.core.closed` for what becomes of them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from injurysim.core.errors import InputError
from injurysim.core.schemas import TABLES
from injurysim.core.tables import Table, digest

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


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
            receipts[name], files[name] = packed(whole)
    return PackedCell(CellReceipt(world, replication, receipts), files)


def keep_cell(folder: Path, packed: PackedCell) -> CellReceipt:
    """Write the files of a packed cell, and then its receipt; a cell without a receipt never happened."""
    receipt = packed.receipt
    stem = part_name(receipt.world, receipt.replication)
    for name, content in packed.files.items():
        put_file(folder / "tables" / name / f"{stem}.parquet", content)
    write_receipt(folder, receipt)
    return receipt


def write_receipt(folder: Path, receipt: CellReceipt) -> None:
    """Say that a cell is finished: all its files must be there."""
    text = json.dumps(asdict(receipt), ensure_ascii=False, sort_keys=True)
    put_file(_receipt_of(folder, receipt.world, receipt.replication), text.encode())


def rows_of_cell(folder: Path, name: str, world: str, replication: int) -> pa.Table:
    """Return the rows, in the order of the table, of a finished cell in a run folder that is not closed."""
    table = TABLES[name]
    return table.join([_read_parts(folder, table, list(table.names), None, [(world, replication)])])


def finished_cells(folder: Path) -> dict[tuple[str, int], CellReceipt]:
    """Return the receipts of the cells a run folder holds already, by (world, replication)."""
    read = (_read_receipt(path) for path in _receipts(folder))
    return {(receipt.world, receipt.replication): receipt for receipt in read}


def forget_cells(folder: Path, keep: Collection[tuple[str, int]]) -> None:
    """Take away the receipts of cells (world, replication) that are not among those to keep."""
    for cell in finished_cells(folder).keys() - set(keep):
        _receipt_of(folder, *cell).unlink()


def forget_damaged_cells(folder: Path) -> list[str]:
    """Take away the receipts that cannot be read, or whose files are not what they say.

    Parameters
    ----------
    folder : Path
        A run folder that is not closed, as another process has left it: killed, or on a machine that lost its power.

    Returns
    -------
    list of str
        Those that are finished no more, as ``world base, replication 3``, or by the name of a file that says nothing.
    """
    damaged = []
    for path in _receipts(folder):
        try:
            receipt = _read_receipt(path)
        except InputError:
            damaged.append(path.name)
            path.unlink()
            continue
        if not is_whole(folder, receipt):
            damaged.append(f"world {receipt.world}, replication {receipt.replication}")
            path.unlink()
    return damaged


def is_whole(folder: Path, receipt: CellReceipt) -> bool:
    """Say whether the files of a finished cell hold what its receipt says."""
    stem = part_name(receipt.world, receipt.replication)
    for name, table in receipt.tables.items():
        path = folder / "tables" / name / f"{stem}.parquet"
        try:
            if path.stat().st_size != table.bytes:
                return False
            if digest(TABLES[name].join([read_file(path)])) != table.digest:
                return False
        except (FileNotFoundError, InputError, ValueError):
            return False
    return True


def _receipts(folder: Path) -> list[Path]:
    return sorted((folder / "cells").glob("part-*.json"))


def _receipt_of(folder: Path, world: str, replication: int) -> Path:
    return folder / "cells" / f"{part_name(world, replication)}.json"


def _read_receipt(path: Path) -> CellReceipt:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        tables = {name: TableReceipt(**receipt) for name, receipt in read["tables"].items()}
        return CellReceipt(read["world"], read["replication"], tables)
    except (ValueError, LookupError, TypeError) as error:
        raise InputError.of(f"'{path}' is damaged.", "Run it again.", where="cells") from error


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


def table_path(folder: Path, name: str) -> Path | None:
    """Return the file of a table of a closed run folder, or the folder of its parts; None where it has neither."""
    one, parted = folder / "tables" / f"{name}.parquet", folder / "tables" / name
    if one.is_file():
        return one
    return parted if any(parted.glob("part-*.parquet")) else None


def read_file(path: Path | list[Path], columns: Sequence[str] | None = None, filters: Any = None) -> pa.Table:
    """Read a parquet file, the files of a folder, or several files.

    Raises
    ------
    InputError
        What is there is no parquet file, or a damaged one.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path, columns=columns, filters=filters, partitioning=None)
    except (pa.ArrowInvalid, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # from the system, not from the content
        name = path if isinstance(path, Path) else path[0].parent
        raise InputError.of(
            f"'{name}' is damaged: {str(error).splitlines()[0].rstrip('.')}.", "Run it again.", where="tables"
        ) from error


def _read(folder: Path, table: Table, columns: list[str], filters: Any) -> pa.Table:
    place = table_path(folder, table.name)
    if place is None:
        raise FileNotFoundError(f"{folder.name} holds no table '{table.name}'")
    return read_file(place, columns, filters)


def _read_parts(
    folder: Path, table: Table, columns: list[str], filters: Any, cells: Iterable[tuple[str, int]]
) -> pa.Table:
    parts = [folder / "tables" / table.name / f"{part_name(*cell)}.parquet" for cell in cells]
    found = [path for path in parts if path.is_file()]
    return read_file(found, columns, filters) if found else table.empty().select(columns)


def encoded(table: pa.Table) -> bytes:
    """Return a table as the content of a parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def packed(table: pa.Table) -> tuple[TableReceipt, bytes]:
    """Return a table as the content of a parquet file, with its receipt."""
    content = encoded(table)
    return TableReceipt(table.num_rows, len(content), digest(table)), content


def put_file(path: Path, content: bytes) -> None:
    """Put content under a name so that the file is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.writing")
    try:
        temporary.write_bytes(content)
    except OSError:
        temporary.unlink(missing_ok=True)  # on a full disk what was begun takes the room that is left
        raise
    temporary.replace(path)
