"""What a metric is, and the arithmetic its formulas share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from injurysim.results.frames import Frames, Series

FEN = 100.0
"""Fen in a yuan: tables are in fen, metrics in yuan."""


@dataclass(frozen=True)
class Labelled:
    """Values of one label of a metric; a unit of their own where it differs."""

    label: str
    values: Series
    unit: str | None = None


def ratio(top: Series, bottom: Series) -> Series:
    """Divide totals; null where there is nothing to divide by."""
    return top / bottom.where(bottom != 0)


Kind = Literal["mean", "probability"]
Direction = Literal["higher", "lower"]


@dataclass(frozen=True)
class Metric:
    """One metric.

    Attributes
    ----------
    name : str
        Name in the tables; a metric with labels has them in brackets after it.
    label : str
        Name for a reader.
    unit : str
        ``yuan``, ``share`` (a part of one), ``days`` and so on.
    direction : {'higher', 'lower'} or None
        What is better; None where neither is.
    formula : str
        In terms of the tables.
    null_rule : str
        When there is no value.
    compute : callable
        From :class:`Frames` to a value for each cell, or several such by label.
    kind : {'mean', 'probability'}
        A probability has 0 or 1 in a replication, and a Wilson interval.
    of : {'book', 'world'}
        Whether each design has one, or the world alone.
    headline : bool
        Whether the verdict shows it.
    full_scale : bool
        Whether it has a meaning only for a scenario of scale 1: chances of ruin, backlogs and percentiles of waiting
        do not shrink with the number of riders. It is null at any other scale.
    """

    name: str
    label: str
    unit: str
    direction: Direction | None
    formula: str
    null_rule: str
    compute: Callable[[Frames], Series | list[Labelled]]
    kind: Kind = "mean"
    of: Literal["book", "world"] = "book"
    headline: bool = False
    full_scale: bool = False
