"""Every metric, once: name, unit, what is better, formula, when it is null, and how it is worked out.

Ratios are ratios of totals within a replication; percentiles are pooled within a replication; a metric a design
cannot have is null, never zero. Of a scenario in miniature the totals are those of the sample, and what has a meaning
only in full size is null. A metric by year or scheme is named ``ultimate_loss_ratio[2022]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from injurysim.results.definitions_money import FUND, PRICE
from injurysim.results.definitions_people import COVER, LOSS, TIME, WORLD
from injurysim.results.frames import Frames
from injurysim.results.metric import Labelled, Metric

if TYPE_CHECKING:
    import pandas as pd

METRICS: dict[str, Metric] = {metric.name: metric for metric in (*FUND, *PRICE, *COVER, *TIME, *LOSS, *WORLD)}
"""All metrics by name, in the order of the verdict; those with labels as ``name[year]``, ``[scheme]``, ``[account]`` or ``[industry]``."""


OVER_ACCOUNTS = frozenset({"net_position", "net_position[year]", "closing_balance"})
"""Stocks added over all accounts of a design: compared only between designs with the same accounts."""


def metric_of(name: str) -> Metric:
    """Return the definition of a metric by its name in the tables, as ``net_position`` or ``net_position[2022]``.

    Raises
    ------
    KeyError
        No such metric.
    """
    if name in METRICS:
        return METRICS[name]
    stem = name.split("[", 1)[0]
    for label in ("year", "scheme", "account", "industry"):
        if name != stem and f"{stem}[{label}]" in METRICS:
            return METRICS[f"{stem}[{label}]"]
    raise KeyError(f"no metric '{name}'")


def rank(name: str) -> int:
    """Return the place of a metric in the order of the verdict, one for all its labels; from 0."""
    return list(METRICS).index(metric_of(name).name)


VALUES = ["world", "design", "replication", "metric", "unit", "value"]
"""Columns of the values of metrics."""


def metric_values(frames: Frames) -> pd.DataFrame:
    """Work out every metric for every cell.

    Parameters
    ----------
    frames : Frames
        The tables of one cell or of many.

    Returns
    -------
    pandas.DataFrame
        Columns ``world``, ``design`` (null for a metric of the world), ``replication``, ``metric``, ``unit``,
        ``value`` (``NaN`` where null); a row for each cell and metric, and for each label with a value. What a cell
        has does not depend on the other cells.
    """
    import pandas as pd

    parts = []
    for metric in METRICS.values():
        computed = metric.compute(frames)
        several = computed if isinstance(computed, list) else [Labelled("", computed)]
        for one in several:
            name = f"{metric.name.split('[')[0]}[{one.label}]" if one.label else metric.name
            known = one.values.astype("float64")
            if metric.full_scale and frames.scale != 1:
                known = known * float("nan")
            rows = known.rename("value").reset_index()
            if one.label:
                rows = rows.dropna(subset="value")
            parts.append(rows.assign(metric=name, unit=one.unit or metric.unit))
    whole = pd.concat(parts, ignore_index=True).reindex(columns=VALUES)
    return whole.assign(design=whole["design"].astype("object").where(whole["design"].notna(), None))
