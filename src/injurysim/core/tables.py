"""Tables: built from columns with every value checked, in one order, with a digest of their content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from injurysim.core.columns import Column, Values, arrow_type, convert

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

Of = Literal["world", "book", "experiment"]
Basis = Literal["cash", "origin", "none"]

LEADING: dict[Of, tuple[str, ...]] = {
    "world": ("world", "replication"),
    "book": ("world", "design", "replication"),
    "experiment": ("world", "design"),
}
"""The columns every table starts with, and is sorted by before its own key."""


@dataclass(frozen=True)
class Table:
    """One table of the results, defined once for code, files and documentation.

    Attributes
    ----------
    name : str
        Name in the results folder.
    of : {'world', 'book', 'experiment'}
        Whether a row belongs to a world, to a design's book in a world, or to the whole experiment.
    basis : {'cash', 'origin', 'none'}
        Cash rows never change when the horizon grows; origin rows look back from a ``valuation``.
    key : tuple of str
        Columns that, after the leading ones, tell rows apart.
    columns : tuple of Column
        Every column in order: the leading ones, the key, the rest.
    description : str
        What a row is.
    """

    name: str
    of: Of
    basis: Basis
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    description: str = ""

    def __post_init__(self) -> None:
        names = self.names
        start = (*LEADING[self.of], *self.key)
        if len(set(names)) != len(names):
            raise ValueError(f"table '{self.name}' names a column twice")
        if names[: len(start)] != start:
            raise ValueError(f"table '{self.name}' must start with the columns {', '.join(start)}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def order(self) -> tuple[str, ...]:
        """Columns a table is sorted by, which no two rows share: world, design, replication, key."""
        return (*LEADING[self.of], *self.key)

    @property
    def index(self) -> tuple[str, ...]:
        """The leading columns: of a world (world, replication); of a book with the design between them."""
        return LEADING[self.of]

    def column(self, name: str) -> Column:
        """Return a column by name; raises ``KeyError``."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table '{self.name}' has no column '{name}'")

    @cached_property
    def schema(self) -> pa.Schema:
        """The pyarrow schema, with unit and description on each field."""
        import pyarrow as pa

        return pa.schema(
            [
                pa.field(
                    column.name,
                    arrow_type(column.type),
                    column.nullable,
                    {"unit": column.unit, "description": column.description},
                )
                for column in self.columns
            ]
        )

    def build(self, columns: Mapping[str, Values], **constant: object) -> pa.Table:
        """Make the table from its columns; constants fill a column each.

        Parameters
        ----------
        columns : mapping of name to one-dimensional values
            All of one length (n,), in any order of names and rows.
        **constant
            One value for all rows, as ``world="base"``, ``replication=0``, ``valuation="2024-12"``.

        Returns
        -------
        pyarrow.Table
            n rows in canonical order (:attr:`order`).

        Raises
        ------
        TypeError, ValueError
            Naming table and column: a column missing, unknown or given twice; lengths that differ; values of
            another type; missing values; unknown levels; two rows with one key.
        """
        import pyarrow as pa

        given = {*columns, *constant}
        if unknown := sorted(given - set(self.names)):
            raise ValueError(f"table '{self.name}' has no column '{unknown[0]}'")
        if missing := [name for name in self.names if name not in given]:
            raise ValueError(f"table '{self.name}': column '{missing[0]}' is not given")
        if twice := sorted(set(columns) & set(constant)):
            raise ValueError(f"table '{self.name}': column '{twice[0]}' is given twice")
        arrays = {name: convert(self.name, self.column(name), values) for name, values in columns.items()}
        lengths = {len(array) for array in arrays.values()}
        if len(lengths) > 1:
            longest = ", ".join(f"{name} {len(array)}" for name, array in arrays.items())
            raise ValueError(f"table '{self.name}': the columns differ in length ({longest})")
        rows = lengths.pop() if lengths else 0
        for name, value in constant.items():
            one = convert(self.name, self.column(name), [value])
            arrays[name] = pa.repeat(one[0], rows)
        return self.join([pa.table([arrays[name] for name in self.names], schema=self.schema)])

    def frame(self, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
        """Return rows, each with a value for every column in their order, as a checked frame in canonical order.

        Raises
        ------
        TypeError, ValueError
            As :meth:`build`; or a row of another length.
        """
        columns = zip(*rows, strict=True) if rows else [()] * len(self.columns)
        values = dict(zip(self.names, map(list, columns), strict=True))
        return self.to_pandas(self.build(values))

    def empty(self) -> pa.Table:
        """Return the table without rows."""
        return self.schema.empty_table()

    def join(self, tables: Iterable[pa.Table]) -> pa.Table:
        """Put tables of this schema together, in canonical order.

        Raises
        ------
        ValueError
            When two rows share the key, or a table has another schema.
        """
        import pyarrow as pa

        parts = [self._of_schema(table) for table in tables]
        whole = pa.concat_tables(parts) if parts else self.empty()
        if whole.num_rows < 2:
            return whole
        # Nulls sort last: an order on no platform comes after the orders on a named one.
        whole = ordered(whole, self.order).combine_chunks()
        same = follows(whole, self.order)
        if same.any():
            row = whole.slice(int(same.argmax()), 1).to_pylist()[0]
            key = ", ".join(f"{name} {row[name]}" for name in self.order)
            raise ValueError(f"table '{self.name}': two rows have the key {key}")
        return whole

    def to_pandas(self, table: pa.Table) -> pd.DataFrame:
        """Return rows as a frame whose dtypes depend on the schema only, never on the values.

        Nullable whole numbers are ``Int32``/``Int64``, nullable truths ``boolean``; times ``datetime64[s]``;
        rates and factors are ``decimal.Decimal``.
        """
        import pandas as pd
        import pyarrow as pa

        nullable: dict[pa.DataType, Any] = {
            pa.int32(): pd.Int32Dtype(),
            pa.int64(): pd.Int64Dtype(),
            pa.bool_(): pd.BooleanDtype(),
        }
        text = {pa.string(): pd.Series(["text"]).dtype}
        data = {}
        for name in table.column_names:
            column = self.column(name)
            values = table.column(name).cast(arrow_type(column.type))
            data[name] = values.to_pandas(types_mapper=(text | nullable if column.nullable else text).get)
        return pd.DataFrame(data, columns=pd.Index(table.column_names))

    def _of_schema(self, table: pa.Table) -> pa.Table:
        if table.column_names != list(self.names):
            raise ValueError(f"table '{self.name}': its columns are {', '.join(self.names)}, in this order")
        # Parquet knows no whole seconds and gives milliseconds back.
        return table.cast(self.schema)


def ordered(table: pa.Table, by: Sequence[str]) -> pa.Table:
    """Return rows sorted by the columns, missing values last."""
    import pyarrow.compute as pc

    return table.take(pc.sort_indices(table, sort_keys=[(name, "ascending") for name in by]))


def follows(table: pa.Table, by: Sequence[str]) -> NDArray[np.bool_]:
    """Return where a row has the same key as the row before it; a missing value is the same as another."""
    import numpy as np
    import pyarrow.compute as pc

    same = np.arange(table.num_rows) > 0
    for name in by if len(same) else ():
        column = table.column(name)
        before, after = column.slice(0, len(same) - 1), column.slice(1)
        equal = pc.fill_null(pc.equal(before, after), False).to_numpy()
        if column.null_count:
            equal = equal | (before.is_null().to_numpy() & after.is_null().to_numpy())
        same[1:] &= equal
    return same


def digest(table: pa.Table) -> str:
    """Return the SHA-256 of a table's content: column names, types and values, in row order.

    It does not depend on chunking, on the file a table was read from, or on descriptions; minus zero counts as
    zero.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    whole = hashlib.sha256(f"{table.num_rows} rows".encode())
    for field in table.schema:
        nulls, lengths, content = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
        for chunk in table.column(field.name).chunks:
            _feed(chunk, nulls, lengths, content)
        whole.update(f"\n{field.name} {field.type} ".encode())
        for part in (nulls, lengths, content):
            whole.update(part.digest())
    return whole.hexdigest()


def _feed(chunk: pa.Array, nulls: Any, lengths: Any, content: Any) -> None:
    """Add one chunk to the three running digests of its column."""
    import numpy as np
    import pyarrow as pa

    nulls.update(chunk.is_null().cast(pa.uint8()).to_numpy(zero_copy_only=False).tobytes())
    kind = chunk.type
    if pa.types.is_string(kind):
        text = chunk.fill_null("").cast(pa.large_string())
        _, offsets, data = text.buffers()
        ends = np.frombuffer(offsets, "<i8")[text.offset : text.offset + len(text) + 1] if len(text) else [0]
        lengths.update(np.diff(ends).astype("<i8").tobytes())
        content.update(memoryview(data)[ends[0] : ends[-1]] if data is not None else b"")
    elif pa.types.is_decimal(kind):
        numbers = chunk.fill_null(0)
        content.update(
            memoryview(numbers.buffers()[1])[numbers.offset * 16 : (numbers.offset + len(numbers)) * 16]
        )
    else:
        if pa.types.is_timestamp(kind):
            chunk = chunk.cast(pa.int64())
        elif pa.types.is_boolean(kind):
            chunk = chunk.cast(pa.uint8())
        filled = chunk.fill_null(0).to_numpy(zero_copy_only=False)
        content.update((filled + 0.0 if filled.dtype.kind == "f" else filled).tobytes())
