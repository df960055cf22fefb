"""From values per replication to the two tables of the experiment: ``summary`` and ``comparison``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from injurysim.core.schemas import TABLES
from injurysim.results.metrics import OVER_ACCOUNTS, metric_of
from injurysim.results.statistics import LEVEL, Paired, mean_interval, paired_difference, probability_interval

if TYPE_CHECKING:
    import pandas as pd

Place: TypeAlias = tuple[str, str | None]
"""A world, and a design or None for the world alone."""
Origins: TypeAlias = Mapping[str, Mapping[str, str]]
"""``worlds`` and ``designs`` -> variant -> what it is a variant of."""


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
    for (world, design, metric, unit), own in values.groupby(
        ["world", "design", "metric", "unit"], dropna=False
    ):
        of = probability_interval if metric_of(str(metric)).kind == "probability" else mean_interval
        found = of(own["value"], level)
        rows.append(
            (world, _none(design), metric, unit, found.estimate, found.sd, found.low, found.high, found.n)
        )
    return _table("summary", rows)


def comparison(
    values: pd.DataFrame,
    baseline_world: str,
    baseline_design: str,
    level: float = LEVEL,
    accounts: Mapping[str, frozenset[str]] | None = None,
    origins: Origins | None = None,
) -> pd.DataFrame:
    """Compare designs and worlds with the baseline, paired by replication.

    A design is compared with the baseline design in its own world, and a world's design with itself in the
    baseline world; a metric of a world alone with the baseline world's. A variant is compared with what it is a
    variant of as well, all else equal. A design with responses on, which has the
    world ``base~design`` to itself, counts as standing in ``base``. Metrics whose units differ are left out.

    Parameters
    ----------
    values : pandas.DataFrame
        As :func:`injurysim.results.metrics.metric_values` gives it.
    baseline_world, baseline_design : str
        What the others are compared with; comparisons with what was not run are left out.
    level : float
        Confidence level.
    accounts : mapping of design to names, optional
        Accounts of each design's own fund. A stock added over accounts is compared only between designs that have
        the same ones: a design with one fund more is not richer for it.
    origins : mapping, optional
        ``worlds`` and ``designs`` -> variant -> what it is a variant of.

    Returns
    -------
    pandas.DataFrame
        The table ``comparison``; ``direction`` says what the interval says: ``better`` or ``worse`` when it leaves
        out zero, else ``unclear``, and ``neutral`` for a metric of which neither is better.
    """
    series: dict[Place, dict[tuple[str, str], pd.Series[float]]] = {}
    for (world, design, metric, unit), own in values.groupby(
        ["world", "design", "metric", "unit"], dropna=False
    ):
        place = (str(world), _none(design))
        series.setdefault(place, {})[str(metric), str(unit)] = own.set_index("replication")[
            "value"
        ].sort_index()
    rows = []
    for place, metrics in series.items():
        for baseline in _baselines(place, set(series), baseline_world, baseline_design, origins or {}):
            for (metric, unit), mine in metrics.items():
                theirs = series[baseline].get((metric, unit))
                if theirs is None or not _alike(metric, place, baseline, accounts or {}):
                    continue
                mine_, theirs_ = mine.align(theirs, join="inner")
                definition = metric_of(metric)
                pair = paired_difference(
                    mine_, theirs_, direction=definition.direction, kind=definition.kind, level=level
                )
                rows.append(
                    (
                        *(*place, *baseline, metric, unit, pair.difference, pair.se, pair.low, pair.high),
                        *(pair.better_share, pair.n, pair.n_needed, pair.method, level),
                        direction_of(pair, definition.direction),
                    )
                )
    return _table("comparison", rows)


def _alike(metric: str, place: Place, baseline: Place, accounts: Mapping[str, frozenset[str]]) -> bool:
    """Say whether a metric of two places counts the same accounts."""
    mine, theirs = (None if design is None else accounts.get(design) for _, design in (place, baseline))
    return metric_of(metric).name not in OVER_ACCOUNTS or mine == theirs


def direction_of(pair: Paired, better: Literal["higher", "lower"] | None) -> str:
    """Say what a paired interval says: better, worse, unclear, or neutral when the metric has no direction."""
    if better is None:
        return "neutral"
    if pair.low is None or pair.high is None or pair.low <= 0 <= pair.high:
        return "unclear"
    return "better" if (pair.low > 0) == (better == "higher") else "worse"


def _baselines(place: Place, places: set[Place], world: str, design: str, origins: Origins) -> list[Place]:
    """Return what a place is compared with: the baseline design in its world, itself in the baseline world.

    And, where its world or its design is a variant, itself in the world and as the design it is a variant of.
    """
    stage, own_design = place
    own_world, answered, answer = stage.partition("~")
    of_worlds, of_designs = origins.get("worlds", {}), origins.get("designs", {})
    wanted: list[Place] = []
    if own_design is None:
        wanted += [(world, None)] if stage != world else []
        wanted += [(f"{of_worlds[own_world]}{answered}{answer}", None)] if own_world in of_worlds else []
        wanted += [(f"{own_world}~{of_designs[answer]}", None)] if answer in of_designs else []
    else:
        designs = [design, of_designs.get(own_design, design)]
        worlds = [world, of_worlds.get(own_world, world)]
        wanted += [(own_world, other) for other in designs if other != own_design]
        wanted += [(other, own_design) for other in worlds if other != own_world]
    found = [(at, of) if (at, of) in places else (f"{at}~{of}", of) for at, of in dict.fromkeys(wanted)]
    return [baseline for baseline in found if baseline in places]


def _none(design: object) -> str | None:
    return design if isinstance(design, str) else None


def _table(name: str, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Return rows as the table, checked and in its order."""
    table = TABLES[name]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(table.columns)
    return table.to_pandas(table.build(dict(zip(table.names, map(list, columns), strict=True))))
