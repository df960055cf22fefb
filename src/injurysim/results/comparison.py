"""Differences between places, paired by replication: the table ``comparison``."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from injurysim.core.errors import InputError
from injurysim.core.schemas import TABLES
from injurysim.results.intervals import LEVEL
from injurysim.results.metrics import metric_of
from injurysim.results.paired import Paired, paired_difference
from injurysim.results.places import Origins, Pair, baselines_of, by_place, pairs_of

if TYPE_CHECKING:
    import pandas as pd


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
    return TABLES["comparison"].frame(rows)


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
        if not 0 < half_width < math.inf:
            raise InputError.of(
                f"the half-width of '{name}' must be a number above 0, not {half_width:g}.",
                "State it in the metric's unit.",
                where="half_widths",
            )
    return half_widths
