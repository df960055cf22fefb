"""Each metric over replications: the tables ``summary`` and ``quantiles``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from injurysim.core.schemas import TABLES
from injurysim.results.intervals import LEVEL
from injurysim.results.metrics import metric_of
from injurysim.results.places import by_place
from injurysim.results.statistics import (
    METHODS,
    mean_interval,
    probability_interval,
    quantile_interval,
)

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Of what table ``quantiles`` tells."""


def summary(values: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """Summarise every metric over replications.

    Parameters
    ----------
    values : pandas.DataFrame
        As :func:`injurysim.results.metrics.metric_values` gives it.
    level : float
        Confidence level of the intervals: t for means, Wilson for probabilities.

    Returns
    -------
    pandas.DataFrame
        The table ``summary``; with fewer than two replications ``sd`` and the interval are null.
    """
    rows = []
    for place, metrics in by_place(values).items():
        for (metric, unit), own in metrics.items():
            kind = metric_of(metric).kind
            found = (probability_interval if kind == "probability" else mean_interval)(own, level)
            rows.append(
                (
                    *(*place, metric, unit, found.estimate, found.sd, found.low, found.high, found.n),
                    *(METHODS[kind], level),
                )
            )
    return TABLES["summary"].frame(rows)


def quantiles(values: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """Give the quantiles of every metric over replications: how far one replication may lie from another.

    Parameters
    ----------
    values : pandas.DataFrame
        As :func:`injurysim.results.metrics.metric_values` gives it.
    level : float
        Confidence level of the intervals between order statistics, held at least.

    Returns
    -------
    pandas.DataFrame
        The table ``quantiles``: a row for each of :data:`QUANTILES`; an end that so few replications cannot give is
        null. Probabilities, 0 or 1 in a replication, have none.
    """
    rows = []
    for place, metrics in by_place(values).items():
        for (metric, unit), own in metrics.items():
            if metric_of(metric).kind == "mean":
                for q in QUANTILES:
                    found = quantile_interval(own, q, level)
                    rows.append(
                        (
                            *(*place, metric, q, unit, found.estimate, found.low, found.high, found.n),
                            *("order statistics", level),
                        )
                    )
    return TABLES["quantiles"].frame(rows)
