"""What the balance identities share: columns as arrays, sums by key, the row before, and telling where they fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from injurysim.core.tables import ordered

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

Tables: TypeAlias = "Mapping[str, pa.Table]"
"""The tables of one cell by name."""

CELL = ["world", "design", "replication"]
SENTENCES = 5
"""So many rows of one failed identity are told, and the number of the rest."""


def amounts(table: pa.Table, name: str) -> NDArray[np.int64]:
    """Return a column of whole numbers, none of which is missing."""
    values: NDArray[np.int64] = table.column(name).to_numpy()
    return values


def total(table: pa.Table, names: Iterable[str]) -> NDArray[np.int64]:
    """Return the sum of columns of whole numbers, row by row."""
    return sum((amounts(table, name) for name in names), np.zeros(table.num_rows, np.int64))


def moments(table: pa.Table, name: str) -> NDArray[np.datetime64]:
    """Return a column of times; one that is missing comes neither before nor after another."""
    values: NDArray[np.datetime64] = table.column(name).to_numpy()
    return values


def held(table: pa.Table, name: str) -> NDArray[np.bool_]:
    """Return where a column has a value."""
    values: NDArray[np.bool_] = table.column(name).is_valid().to_numpy()
    return values


def among(table: pa.Table, name: str, *levels: str) -> NDArray[np.bool_]:
    """Return where a column of text is one of the levels; where it is missing, it is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values: NDArray[np.bool_] = pc.is_in(table.column(name), value_set=pa.array(levels)).to_numpy()
    return values


def with_columns(table: pa.Table, **columns: Any) -> pa.Table:
    """Return a table with more columns, which a sentence may tell."""
    import pyarrow as pa

    for name, values in columns.items():
        table = table.append_column(name, pa.array(values))
    return table


def grouped(table: pa.Table, by: Sequence[str], **wanted: tuple[str, str]) -> pa.Table:
    """Group rows that have the same key, where a missing value is one as any other, in the order they first come.

    Parameters
    ----------
    table : pyarrow.Table
        With the columns of the key and those asked for.
    by : sequence of str
        The key.
    **wanted
        For each new column, the one it is made of and what is done with it, such as ``due=("due_fen", "sum")``;
        a sum of nothing is zero.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    zero = pc.ScalarAggregateOptions(min_count=0)
    # On one thread groups keep their order, and small tables cost no start of threads.
    found = table.group_by(list(by), use_threads=False).aggregate(
        [(column, done, zero if done == "sum" else None) for column, done in dict.fromkeys(wanted.values())]
    )
    return pa.table(
        {
            **{name: found.column(name) for name in by},
            **{name: found.column(f"{column}_{done}") for name, (column, done) in wanted.items()},
        }
    )


def joined(one: pa.Table, other: pa.Table, by: Sequence[str], kind: str = "inner") -> pa.Table:
    """Join two tables on a key without missing values; the order of the rows is not said."""
    return one.join(other, list(by), join_type=kind, use_threads=False)


def previous(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the value of the row before; that of the first row means nothing."""
    return np.roll(values, 1)


def same_sums(
    one: tuple[str, pa.Table],
    other: tuple[str, pa.Table],
    columns: Mapping[str, str],
    by: Sequence[str],
    cell: Sequence[str] = CELL,
) -> list[str]:
    """Compare sums of columns of one table with sums of columns of another; a sum that is not there is zero."""
    import pyarrow as pa

    key = [*cell, *by]
    sides = [
        pa.table(
            {
                **{name: table.column(name) for name in key},
                **{f"{side}_{number}": table.column(name) for number, name in enumerate(names)},
            }
        )
        for side, (_, table), names in (("one", one, columns.keys()), ("other", other, columns.values()))
    ]
    # A column that only the other side has is missing here, and adds nothing.
    both = pa.concat_tables(sides, promote_options="default")
    sums = {name: (name, "sum") for name in both.column_names if name not in key}
    both = grouped(both, key, **sums)

    def compared(number: int, of_one: str, of_other: str) -> list[str]:
        left, right = f"one_{number}", f"other_{number}"
        return told(
            one[0],
            both,
            amounts(both, left) != amounts(both, right),
            by,
            lambda row: (
                f"{of_one} is {getattr(row, left)}, and {of_other} of {other[0]} adds to {getattr(row, right)}"
            ),
            order=key,
        )

    return [sentence for number, pair in enumerate(columns.items()) for sentence in compared(number, *pair)]


def told(
    table: str,
    rows: pa.Table,
    wrong: NDArray[np.bool_],
    key: Iterable[str],
    sentence: Callable[[Any], str],
    order: Sequence[str] = (),
) -> list[str]:
    """Return a sentence for each of the first rows that are wrong, with where it is, and one for the number of the rest.

    Rows are told as they come, or sorted by the columns of `order`.
    """
    if not wrong.any():
        return []
    found = rows.take(np.flatnonzero(wrong))
    if order:
        found = ordered(found, order)
    names = [name for name in (*CELL, *key) if name in found.column_names]
    told = []
    for row in _rows(found.slice(0, SENTENCES)):
        place = ", ".join(f"{name} {getattr(row, name)}" for name in names)
        told.append(f"{table}: {sentence(row)} ({place})")
    if found.num_rows > SENTENCES:
        told.append(f"{table}: and {found.num_rows - SENTENCES} more rows like the last")
    return told


def _rows(table: pa.Table) -> Iterator[Any]:
    """Yield rows as named tuples, with missing values as frames show them."""
    import pandas as pd
    import pyarrow as pa

    types: dict[pa.DataType, Any] = {
        pa.string(): pd.StringDtype(na_value=np.nan),
        pa.int64(): pd.Int64Dtype(),
    }
    yield from table.to_pandas(types_mapper=types.get).itertuples(index=False)
