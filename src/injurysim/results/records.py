"""Rows of a table one by one, as wording takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return each row by name of column, every kind of null as None.

    Examples
    --------
    >>> import pandas as pd
    >>> records(pd.DataFrame({"n": pd.array([3, None], "Int64"), "mean": [float("nan"), 0.5]}))
    [{'n': 3, 'mean': None}, {'n': None, 'mean': 0.5}]
    """
    return [
        {str(name): value for name, value in row.items()}
        for row in frame.astype(object).where(frame.notna(), None).to_dict("records")
    ]
