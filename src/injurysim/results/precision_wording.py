"""The lines of the verdict on a stated precision: what was reached, what was not, and what it would take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from injurysim.results.records import records
from injurysim.results.wording import NONE, number, row_label
from injurysim.scenario.stages import base_of

if TYPE_CHECKING:
    import pandas as pd


def precision_lines(table: pd.DataFrame, replications: int) -> list[str]:
    """Say how many targets were reached, and of every half-width that is too wide how wide it is.

    Parameters
    ----------
    table : pandas.DataFrame
        The table ``precision``.
    replications : int
        Of the run.

    Returns
    -------
    list of str
        Nothing for a run without targets.
    """
    rows = records(table)
    if not rows:
        return []
    reached = {name: all(row["reached"] for row in rows if row["target"] == name) for name in _targets(rows)}
    some = "replication" if replications == 1 else "replications"
    count, total = sum(reached.values()), len(reached)
    several = "target" if total == 1 else "targets"
    first = f"Precision: {count} of {total} {several} reached within {replications} {some}"
    missed = [row for row in rows if not row["reached"]]
    return [f"{first}; not reached:" if missed else f"{first}.", *(f"  {_missed(row)}" for row in missed)]


def _targets(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(row["target"] for row in rows))


def _missed(row: dict[str, Any]) -> str:
    """Say of a half-width that is too wide whose it is, how wide, and how many replications it would take."""
    wanted = f"± {number(row['half_width_wanted'], row['unit'])}"
    if row["world"] is None:
        return f"{row['target']} {wanted}: no world or design has a value."
    what = row_label(row["metric"], row["unit"])
    place = f"{row['design']} in world {row['world']}" if row["design"] else f"world {row['world']}"
    if row["baseline_world"] is not None:
        same_world = base_of(row["world"]) == base_of(row["baseline_world"])
        against = row["baseline_design"] if same_world else f"world {row['baseline_world']}"
        place += f", against {against}"
    found = NONE if row["half_width"] is None else f"± {number(row['half_width'], row['unit'])}"
    takes = (
        "how many replications it would take cannot be told"
        if row["n_foreseen"] is None
        else f"it would take about {row['n_foreseen']:,} replications"
    )
    return f"{what}, {place}: {found} instead of {wanted}; {takes}."
