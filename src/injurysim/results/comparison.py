"""From values per replication to the tables of the experiment: ``summary``, ``quantiles`` and ``comparison``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from injurysim.core.errors import InputError
from injurysim.core.schemas import TABLES
from injurysim.results.intervals import LEVEL
from injurysim.results.metrics import OVER_ACCOUNTS, metric_of
from injurysim.results.paired import Paired, paired_difference
from injurysim.results.statistics import (
    METHODS,
    mean_interval,
    probability_interval,
    quantile_interval,
)

if TYPE_CHECKING:
    import pandas as pd

Place: TypeAlias = tuple[str, str | None]
"""A world, and a design or None for the world alone."""
Origins: TypeAlias = Mapping[str, Mapping[str, str]]
"""``worlds`` and ``designs`` -> variant -> what it is a variant of."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Of what table ``quantiles`` tells."""

ByPlace: TypeAlias = "dict[Place, dict[tuple[str, str], pd.Series[float]]]"
"""Values by place, then by metric and unit; each a series over replications."""


@dataclass(frozen=True)
class Pair:
    """A metric of a place, and of what it is compared with; both over the replications they share."""

    place: Place
    baseline: Place
    metric: str
    unit: str
    values: pd.Series[float]
    against: pd.Series[float]

    @property
    def n(self) -> int:
        """Replications with both values."""
        return int((self.values.notna() & self.against.notna()).sum())


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
    return _table("summary", rows)


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
    return _table("quantiles", rows)


def comparison(
    values: pd.DataFrame,
    baseline_world: str,
    baseline_design: str,
    level: float = LEVEL,
    accounts: Mapping[str, frozenset[str]] | None = None,
    origins: Origins | None = None,
    half_widths: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Compare designs and worlds with the baseline, paired by replication.

    A design is compared with the baseline design in its own world, and a world's design with itself in the
    baseline world; a metric of a world alone with the baseline world's. A variant is compared with what it is a
    variant of as well, all else equal. A design with responses on, which has the
    world ``base~design`` to itself, counts as standing in ``base``. Metrics whose units differ are left out.

    All pairs that are compared on one metric are a family: its joint intervals hold together. Every pair with two
    replications or more counts, those that agree in every replication too: which pairs are looked at is settled by
    the scenario, not by how they came out.

    Parameters
    ----------
    values : pandas.DataFrame
        As :func:`injurysim.results.metrics.metric_values` gives it.
    baseline_world, baseline_design : str
        What the others are compared with; comparisons with what was not run are left out.
    level : float
        Confidence level, of a pair and of a family.
    accounts : mapping of design to names, optional
        Accounts of each design's own fund. A stock added over accounts is compared only between designs that have
        the same ones: a design with one fund more is not richer for it.
    origins : mapping, optional
        ``worlds`` and ``designs`` -> variant -> what it is a variant of.
    half_widths : mapping of metric to number, optional
        Precision that ``n_needed`` is for, in the metric's unit (a share of 0.01 is a percentage point); by default
        half the difference found. ``ultimate_loss_ratio[year]`` is for every year.

    Returns
    -------
    pandas.DataFrame
        The table ``comparison``; ``direction`` says what the joint interval says: ``better`` or ``worse`` when it
        leaves out zero, else ``unclear``, and ``neutral`` for a metric of which neither is better.

    Raises
    ------
    InputError
        A half-width of a metric there is not, or one that is not above zero.
    """
    series = by_place(values)
    pairs = [
        pair
        for place in series
        for baseline in baselines_of(place, set(series), baseline_world, baseline_design, origins)
        for pair in pairs_of(series, place, baseline, accounts or {})
    ]
    return compared(pairs, lambda pair: (pair.metric, pair.unit), level, half_widths)


def by_place(values: pd.DataFrame) -> ByPlace:
    """Sort values into places and metrics."""
    found: ByPlace = {}
    for (world, design, metric, unit), own in values.groupby(
        ["world", "design", "metric", "unit"], dropna=False
    ):
        place = (str(world), design if isinstance(design, str) else None)
        found.setdefault(place, {})[str(metric), str(unit)] = own.set_index("replication")[
            "value"
        ].sort_index()
    return found


def pairs_of(
    series: ByPlace, place: Place, baseline: Place, accounts: Mapping[str, frozenset[str]]
) -> Iterator[Pair]:
    """Yield every metric that two places have in the same unit, and that counts the same accounts."""
    for (metric, unit), mine in series[place].items():
        theirs = series[baseline].get((metric, unit))
        if theirs is not None and alike(metric, place, baseline, accounts):
            yield Pair(place, baseline, metric, unit, *mine.align(theirs, join="inner"))


def compared(
    pairs: Iterable[Pair],
    family: Callable[[Pair], Hashable],
    level: float,
    half_widths: Mapping[str, float] | None,
) -> pd.DataFrame:
    """Return the table ``comparison`` of some pairs, corrected within families.

    Parameters
    ----------
    pairs : iterable of Pair
        What is compared.
    family : callable
        Which pairs are compared at once: those for which it returns the same. Of them count those of which
        something is said, with two replications or more.
    level : float
        Confidence level.
    half_widths : mapping of metric to number, optional
        Precision wanted.
    """
    pairs = list(pairs)
    wanted = _checked(half_widths or {}, {pair.metric for pair in pairs})
    counted = Counter(family(pair) for pair in pairs if pair.n >= 2)
    rows: list[tuple[object, ...]] = []
    for pair in pairs:
        definition = metric_of(pair.metric)
        found = paired_difference(
            pair.values,
            pair.against,
            direction=definition.direction,
            kind=definition.kind,
            half_width=wanted.get(pair.metric, wanted.get(definition.name)),
            level=level,
            family=max(1, counted[family(pair)]),
        )
        rows.append(
            (
                *(*pair.place, *pair.baseline, pair.metric, pair.unit, found.difference, found.se),
                *(found.low, found.high, found.method, level, found.joint_low, found.joint_high),
                *(found.family, found.correction, found.better_share, found.same_share),
                *(found.n, found.n_needed, found.half_width_wanted, found.gain),
                direction_of(found, definition.direction),
            )
        )
    return _table("comparison", rows)


def direction_of(pair: Paired, better: Literal["higher", "lower"] | None) -> str:
    """Say what a joint interval says: better, worse, unclear, or neutral when the metric has no direction."""
    if better is None:
        return "neutral"
    if pair.joint_low is None or pair.joint_high is None or pair.joint_low <= 0 <= pair.joint_high:
        return "unclear"
    return "better" if (pair.joint_low > 0) == (better == "higher") else "worse"


def _checked(half_widths: Mapping[str, float], metrics: set[str]) -> Mapping[str, float]:
    """Return half-widths of metrics that are compared, each above zero."""
    known = metrics | {metric_of(metric).name for metric in metrics}
    for name, half_width in half_widths.items():
        if metrics and name not in known:
            raise InputError.of(
                f"a half-width for '{name}', which is not compared.",
                f"Compared are {', '.join(sorted(metrics))}.",
                where="half_widths",
            )
        if not half_width > 0:
            raise InputError.of(
                f"the half-width of '{name}' must be above 0, not {half_width:g}.", where="half_widths"
            )
    return half_widths


def alike(metric: str, place: Place, baseline: Place, accounts: Mapping[str, frozenset[str]]) -> bool:
    """Say whether a metric of two places counts the same accounts."""
    mine, theirs = (None if design is None else accounts.get(design) for _, design in (place, baseline))
    return metric_of(metric).name not in OVER_ACCOUNTS or mine == theirs


def baselines_of(
    place: Place, places: set[Place], world: str, design: str, origins: Origins | None = None
) -> list[Place]:
    """Return what a place is compared with: the baseline design in its world, itself in the baseline world.

    And, where its world or its design is a variant, itself in the world and as the design it is a variant of.

    Parameters
    ----------
    place : tuple of world and design
        As it was run; the design is None for the world alone.
    places : set of such
        Everything that was run.
    world, design : str
        The baseline.
    origins : mapping, optional
        ``worlds`` and ``designs`` -> variant -> what it is a variant of.
    """
    stage, own_design = place
    own_world, answered, answer = stage.partition("~")
    origins = origins or {}
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


def _table(name: str, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Return rows as the table, checked and in its order."""
    table = TABLES[name]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(table.columns)
    return table.to_pandas(table.build(dict(zip(table.names, map(list, columns), strict=True))))
