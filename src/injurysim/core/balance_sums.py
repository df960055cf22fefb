"""What the balance identities share: comparing sums of two tables, and telling where they fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

Frames: TypeAlias = "Mapping[str, pd.DataFrame]"
"""The tables of one cell by name."""

CELL = ["world", "design", "replication"]
SENTENCES = 5
"""So many rows of one failed identity are told, and the number of the rest."""


def same_sums(
    one: tuple[str, str, pd.DataFrame],
    other: tuple[str, str, pd.DataFrame],
    by: list[str],
    cell: Sequence[str] = CELL,
) -> list[str]:
    """Compare the sums of two tables by the same columns; a sum that is not there is zero."""
    key = [*cell, *by]
    left, right = (
        frame.astype({column: "Int64"}).groupby(key)[column].sum() for _, column, frame in (one, other)
    )
    both = left.to_frame("one").join(right.to_frame("other"), how="outer").fillna(0).reset_index()
    return told(
        one[0],
        both[both["one"] != both["other"]],
        tuple(by),
        lambda row: f"{one[1]} is {row.one}, and {other[1]} of {other[0]} adds to {row.other}",
    )


def told(table: str, rows: pd.DataFrame, key: Iterable[str], sentence: Callable[[Any], str]) -> list[str]:
    """Return a sentence for each of the first rows, with where it is, and one for the number of the rest."""
    names = [name for name in (*CELL, *key) if name in rows]
    told = []
    for row in rows.head(SENTENCES).itertuples(index=False):
        place = ", ".join(f"{name} {getattr(row, name)}" for name in names)
        told.append(f"{table}: {sentence(row)} ({place})")
    if len(rows) > SENTENCES:
        told.append(f"{table}: and {len(rows) - SENTENCES} more rows like the last")
    return told
