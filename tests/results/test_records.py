"""Every kind of null is None, and whole numbers stay whole."""

from __future__ import annotations

import pandas as pd

from injurysim.core.schemas import TABLES
from injurysim.results.records import records


def test_nulls_of_every_kind_are_none():
    frame = pd.DataFrame(
        {
            "text": pd.array(["x", None], dtype="str"),
            "whole": pd.array([2, None], dtype="Int64"),
            "real": [float("nan"), 0.5],
            "truth": pd.array([None, True], dtype="boolean"),
        },
        index=[7, 7],
    )
    assert records(frame) == [
        {"text": "x", "whole": 2, "real": None, "truth": None},
        {"text": None, "whole": None, "real": 0.5, "truth": True},
    ]
    assert [type(row["whole"]) for row in records(frame)] == [int, type(None)]


def test_a_table_without_rows_has_no_records():
    table = TABLES["comparison"]
    assert records(table.to_pandas(table.empty())) == []
