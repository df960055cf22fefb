"""A column of a table: its name, type, unit and meaning, and how values are brought into it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import pyarrow as pa

ColumnType = Literal[
    "text", "month", "int32", "int64", "float64", "bool", "time", "decimal128(38, 12)", "decimal128(38, 6)"
]
"""``month`` is text such as ``2022-07``; ``time`` is ``datetime64[s]``; rates and factors are decimals."""

Values: TypeAlias = Any
"""Anything one-dimensional: a list, a numpy array, a pandas series or a pyarrow array."""

_FAMILY = re.compile("[a-z]+")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Column:
    """One column of a table, defined once for code, files and documentation.

    Attributes
    ----------
    name : str
        Name in every file and frame, with the unit in it where there is one.
    type : ColumnType
        What it holds.
    unit : str
        Unit in words, or ``-`` where there is none.
    description : str
        What a value says.
    nullable : bool
        Whether a value may be missing.
    levels : tuple of str, optional
        All values an enumeration can take.
    """

    name: str
    type: ColumnType
    unit: str
    description: str
    nullable: bool = False
    levels: tuple[str, ...] | None = None


def arrow_type(kind: ColumnType) -> pa.DataType:
    """Return the pyarrow type in which a column is held and digested."""
    import pyarrow as pa

    types: dict[str, pa.DataType] = {
        "text": pa.string(),
        "month": pa.string(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "bool": pa.bool_(),
        "time": pa.timestamp("s"),
        "decimal128(38, 12)": pa.decimal128(38, 12),
        "decimal128(38, 6)": pa.decimal128(38, 6),
    }
    return types[kind]


def convert(table: str, column: Column, values: Values) -> pa.Array:
    """Bring values into a column's type without losing anything, or refuse them.

    Parameters
    ----------
    table : str
        Name of the table, for the message.
    column : Column
        The column they are for.
    values : one-dimensional
        ``None``, ``NaN`` and ``NaT`` count as missing.

    Returns
    -------
    pyarrow.Array
        Of the column's type.

    Raises
    ------
    TypeError
        Values of another kind: a float where whole numbers belong, a number where text belongs.
    ValueError
        Values that do not fit: too large, missing where none may be, not one of the levels, not a month,
        not finite, or finer than a second or than the decimals of the column.
    """
    import pyarrow as pa

    place = f"table '{table}', column '{column.name}'"
    if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
        raise TypeError(
            f"{place}: one value where a sequence belongs; pass it as a keyword to fill the column"
        )
    try:
        array = _plain(values, column)
    except pa.ArrowTypeError as error:
        raise TypeError(f"{place}: {error}") from error
    except pa.ArrowInvalid as error:
        kind = TypeError if str(error).startswith("Could not convert") else ValueError
        raise kind(f"{place}: {error}") from error
    except OverflowError as error:
        raise ValueError(f"{place}: {error}") from error
    if not _is_of_kind(array.type, column.type):
        raise TypeError(f"{place}: holds {column.type}, not {array.type}")
    try:
        array = array.cast(arrow_type(column.type))
    except pa.ArrowInvalid as error:
        raise ValueError(f"{place}: {error}") from error
    _check(place, column, array)
    return array


def _plain(values: Values, column: Column) -> pa.Array:
    """Return values as one pyarrow array of the type they have, missing ones as nulls."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(values, pa.ChunkedArray):
        values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], values.type)
    if isinstance(values, pa.Array):
        array = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    else:
        if isinstance(values, np.ndarray) and values.dtype.kind == "M":
            seconds = values.astype("datetime64[s]")
            if np.any((seconds != values) & ~np.isnat(values)):
                raise pa.ArrowInvalid("times finer than a second would be cut")
            values = seconds
        # The type of decimals is told: from the first value alone it would be too narrow for the others.
        wanted = arrow_type(column.type) if column.type.startswith("decimal") else None
        array = pa.array(values, type=wanted, from_pandas=True)
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if isinstance(array, pa.ChunkedArray):
            array = array.combine_chunks()
    if pa.types.is_floating(array.type) and column.type == "float64":
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    return array


def _is_of_kind(held: pa.DataType, kind: ColumnType) -> bool:
    """Say whether values of a type may go into a column without changing their nature."""
    import pyarrow.types as pt

    whole = pt.is_integer(held)
    allowed = {
        "text": pt.is_string(held) or pt.is_large_string(held) or pt.is_string_view(held),
        "int": whole,
        "float": pt.is_floating(held) or whole,
        "bool": pt.is_boolean(held),
        "time": (pt.is_timestamp(held) and held.tz is None) or pt.is_date(held),
        "decimal": pt.is_decimal(held) or whole,
    }
    family = "text" if kind == "month" else _FAMILY.findall(kind)[0]
    return bool(pt.is_null(held) or allowed[family])


def _check(place: str, column: Column, array: pa.Array) -> None:
    """Refuse missing values, levels, months and infinities that do not belong."""
    import pyarrow.compute as pc

    if array.null_count and not column.nullable:
        row = pc.index(array.is_null(), True).as_py()
        raise ValueError(f"{place}: a value is missing (row {row}), and none may be")
    if column.type == "float64" and not pc.all(pc.is_finite(array), min_count=0).as_py():
        raise ValueError(f"{place}: a value is infinite")
    if column.levels is not None or column.type == "month":
        for value in array.unique().drop_null().to_pylist():
            if column.levels is not None and value not in column.levels:
                raise ValueError(f"{place}: '{value}' is not one of {', '.join(column.levels)}")
            if column.type == "month" and not _MONTH.fullmatch(value):
                raise ValueError(f"{place}: '{value}' is not a month such as 2022-07")
