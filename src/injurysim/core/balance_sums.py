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
    import pandas as pd

    key = [*cell, *by]
    sides = []
    for name, (_, column, frame) in zip(("one", "other"), (one, other), strict=True):
        sides.append(frame[key].assign(**{name: frame[column].astype("Int64")}))
    both = pd.concat(sides).groupby(key)[["one", "other"]].sum()
    return told(
        one[0],
        both,
        both["one"] != both["other"],
        tuple(by),
        lambda row: f"{one[1]} is {row.one}, and {other[1]} of {other[0]} adds to {row.other}",
    )


def told(
    table: str, rows: pd.DataFrame, wrong: pd.Series[bool], key: Iterable[str], sentence: Callable[[Any], str]
) -> list[str]:
    """Return a sentence for each of the first rows that are wrong, with where it is, and one for the number of the rest.

    Where a row is are columns, or levels of the index.
    """
    if not wrong.any():
        return []
    found = rows[wrong].reset_index()
    names = [name for name in (*CELL, *key) if name in found]
    told = []
    for row in found.head(SENTENCES).itertuples(index=False):
        place = ", ".join(f"{name} {getattr(row, name)}" for name in names)
        told.append(f"{table}: {sentence(row)} ({place})")
    if len(found) > SENTENCES:
        told.append(f"{table}: and {len(found) - SENTENCES} more rows like the last")
    return told
