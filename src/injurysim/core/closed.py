"""A run folder that is closed: one file for each small table, parts of large ones, and the way back to cells.

:func:`close_tables` makes them from the parts of finished cells (:mod:`injurysim.core.parts`), and :func:`sweep` takes
away what the run was made from. The digest of a table is made from the digests of its parts, so it is the same before
and after, however many rows a file holds.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from injurysim.core.errors import InputError
from injurysim.core.parts import (
    CellReceipt,
    TableReceipt,
    combined_digest,
    encoded,
    finished_cells,
    packed,
    part_name,
    put_file,
    read_file,
    table_path,
    write_receipt,
)
from injurysim.core.schemas import TABLES
from injurysim.core.tables import digest

if TYPE_CHECKING:
    import pyarrow as pa

SMALL_ROWS = 1_000_000
"""Tables with fewer rows are kept in one file."""
SWEPT = ".swept"
"""Name the receipts are put under when they are no longer needed."""


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
            whole = table.join([read_file(parted / f"{part}.parquet") for part in sorted(parts)])
            size = _write(folder, name, whole)
        else:  # of an earlier closing, with fewer cells
            (folder / "tables" / f"{name}.parquet").unlink(missing_ok=True)
        receipts[name] = TableReceipt(rows, size, combined_digest(part.digest for part in parts.values()))
    return receipts


def is_swept(folder: Path) -> bool:
    """Say whether the sweeping of a closed run folder was begun, so that it holds no cells any more."""
    return not (folder / "cells").exists()


def sweep(folder: Path) -> None:
    """Take away what a closed run was made from: parts of cells without a receipt, receipts, parts of small tables.

    Cut short, it is done again; receipts go all at once, so that a folder has every one of them or is closed for good.
    Only then is it to be moved into place.
    """
    finished = {part_name(*cell) for cell in finished_cells(folder)}
    parted = [each for each in (folder / "tables").iterdir() if each.is_dir()]
    if not is_swept(folder):
        for path in (path for each in parted for path in each.iterdir()):
            if path.name.removesuffix(".parquet") not in finished:
                path.unlink()
        (folder / "cells").rename(folder / SWEPT)
    shutil.rmtree(folder / SWEPT, ignore_errors=True)
    for each in parted:
        if each.with_name(f"{each.name}.parquet").is_file():
            shutil.rmtree(each)


def split_tables(
    source: Path,
    folder: Path,
    wanted: Collection[tuple[str, int]] | None = None,
    made: Mapping[str, str] | None = None,
) -> None:
    """Keep cells of a closed run folder as finished cells of another one, with the digests they had.

    Parameters
    ----------
    source : Path
        A run folder, closed and swept.
    folder : Path
        The run folder that gets parts and receipts.
    wanted : collection of (world, replication), optional
        Cells to keep, with rows or without; by default all that have rows.
    made : mapping of table to digest, optional
        What the tables of the source must be.

    Raises
    ------
    InputError
        If a file is damaged or a table another than it must be; no cell is finished then.
    """
    receipts: dict[tuple[str, int], dict[str, TableReceipt]] = {cell: {} for cell in wanted or ()}
    digests = {}
    for name, table in TABLES.items():
        if table.of == "experiment":
            continue
        parts = []
        for world, replication, rows in rows_by_cell(source, name):
            cell = (world, replication)
            if wanted is not None and cell not in receipts:
                parts.append(digest(rows))
                continue
            receipt, content = packed(rows)
            put_file(folder / "tables" / name / f"{part_name(*cell)}.parquet", content)
            receipts.setdefault(cell, {})[name] = receipt
            parts.append(receipt.digest)
        digests[name] = combined_digest(parts)
    if changed := [name for name, digest in digests.items() if made is not None and made[name] != digest]:
        raise InputError.of(
            f"tables in '{source}' were changed after the run: {', '.join(changed)}.",
            "Run the scenario anew.",
            where="RESULTS",
        )
    for (world, replication), of_cell in receipts.items():
        write_receipt(folder, CellReceipt(world, replication, of_cell))


def write_table(folder: Path, name: str, table: pa.Table) -> TableReceipt:
    """Write a table of the whole experiment (``summary``, ``comparison``) as one file."""
    whole = TABLES[name].join([table])
    size = _write(folder, name, whole)
    return TableReceipt(whole.num_rows, size, combined_digest([digest(whole)]))


def table_digest(folder: Path, name: str) -> str:
    """Work out a table's digest anew from the files of a closed run folder."""
    table = TABLES[name]
    if table.of == "experiment":
        place = table_path(folder, name)
        rows = [] if place is None else [read_file(place, list(table.names))]
        return combined_digest([digest(table.join(rows))])
    return combined_digest(digest(rows) for _, _, rows in rows_by_cell(folder, name))


def rows_by_cell(folder: Path, name: str) -> Iterator[tuple[str, int, pa.Table]]:
    """Yield world, replication and rows, in the order of the table, of each cell with rows in a closed run folder."""
    table = TABLES[name]
    place = table_path(folder, name)
    if place is None:
        return
    for path in [place] if place.is_file() else sorted(place.glob("part-*.parquet")):
        whole = read_file(path, list(table.names))
        whole = whole.sort_by([(column, "ascending") for column in ("world", "replication")])
        counts = whole.group_by(["world", "replication"], use_threads=False).aggregate([([], "count_all")])
        start = 0
        for cell in counts.to_pylist():
            rows = cell["count_all"]
            yield cell["world"], cell["replication"], table.join([whole.slice(start, rows)])
            start += rows


def _write(folder: Path, name: str, table: pa.Table) -> int:
    content = encoded(table)
    put_file(folder / "tables" / f"{name}.parquet", content)
    return len(content)
