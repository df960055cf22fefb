"""Any two places against each other: a world and design with another, whatever the scenario's baseline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from injurysim.core.errors import InputError
from injurysim.results.comparison import compared
from injurysim.results.intervals import LEVEL
from injurysim.results.metrics import metric_of
from injurysim.results.places import Pair, Place, by_place, pairs_of, place_text
from injurysim.scenario.stages import SEPARATOR

if TYPE_CHECKING:
    import pandas as pd


def contrast(
    values: pd.DataFrame,
    a: Place,
    b: Place,
    metrics: Iterable[str] | None = None,
    half_widths: Mapping[str, float] | None = None,
    level: float = LEVEL,
    accounts: Mapping[str, frozenset[str]] | None = None,
) -> pd.DataFrame:
    """Compare any two places, paired by replication: ``a`` less ``b``.

    The metrics that are asked for are one family: the joint intervals hold for all of them together, as a decision
    that weighs them needs. What else was looked at before, other pairs or other metrics, the correction cannot know.

    Parameters
    ----------
    values : pandas.DataFrame
        Table ``metrics`` of the results, or what :func:`injurysim.results.metrics.metric_values` gives.
    a, b : (world, design)
        The two places; a design of None is the world alone. A design with responses on, which has the world
        ``base~design`` to itself, is found in ``base``. Metrics of the worlds are compared where these differ.
    metrics : iterable of str, optional
        Names; ``ultimate_loss_ratio[year]`` stands for every year. By default the headline metrics both have.
    half_widths : mapping of metric to number, optional
        Precision that ``n_needed`` is for, in the metric's unit; by default half the difference found.
    level : float
        Confidence level, above one half.
    accounts : mapping of design to names, optional
        Accounts of each design's own fund: stocks added over them are compared only where they are the same.

    Returns
    -------
    pandas.DataFrame
        Rows of the table ``comparison``, ``b`` being the baseline.

    Raises
    ------
    InputError
        A place or metric there is not, the same place twice, a world and a design, a level of half or less, or a
        half-width of a metric that is not compared.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [
    ...     ("base", design, replication, "closing_balance", "yuan", value)
    ...     for design, several in {"old": (10.0, 20.0, 15.0), "new": (12.0, 23.0, 19.0)}.items()
    ...     for replication, value in enumerate(several)
    ... ]
    >>> values = pd.DataFrame(rows, columns=["world", "design", "replication", "metric", "unit", "value"])
    >>> contrast(values, ("base", "new"), ("base", "old"))[["difference", "n", "family"]].to_dict("records")
    [{'difference': 3.0, 'n': 3, 'family': 1}]
    """
    if not 0.5 < level < 1:
        what = f"the level must lie between 0.5 and 1, not at {level:g}."
        raise InputError.of(what, "Write 0.95 for 95 %.", where="level")
    series = by_place(values)
    place, baseline = (_standing(each, set(series)) for each in (a, b))
    if place == baseline:
        raise InputError.of(f"{place_text(a)} is compared with itself.", "Name two places.")
    if (place[1] is None) != (baseline[1] is None):
        raise InputError.of(
            f"{place_text(a)} and {place_text(b)} have no metric in common: one is a world, the other a design in one.",
            "Name WORLD/DESIGN twice, or two worlds.",
        )
    pairs = list(pairs_of(series, place, baseline, accounts or {}))
    worlds: tuple[Place, Place] = (place[0], None), (baseline[0], None)
    if place[1] is not None and worlds[0] != worlds[1] and set(worlds) <= set(series):
        pairs += pairs_of(series, *worlds, accounts or {})
    return compared(list(_asked(pairs, metrics)), lambda _: "all", level, half_widths)


def _standing(place: Place, places: set[Place]) -> Place:
    """Return where a place stands: as named, or in the world that its design has to itself."""
    own = (f"{place[0]}{SEPARATOR}{place[1]}", place[1])
    for each in (place, own):
        if each in places:
            return each
    there = ", ".join(sorted(place_text(each) for each in places))
    raise InputError.of(f"there is no '{place_text(place)}' in the results.", f"There are {there}.")


def _asked(pairs: list[Pair], metrics: Iterable[str] | None) -> Iterable[Pair]:
    """Return the pairs of the metrics asked for."""
    if metrics is None:
        return [pair for pair in pairs if metric_of(pair.metric).headline]
    wanted = list(dict.fromkeys(metrics))
    found = {name: [pair for pair in pairs if name in _names(pair)] for name in wanted}
    if missing := [name for name, own in found.items() if not own]:
        there = ", ".join(sorted({pair.metric for pair in pairs})) or "none"
        raise InputError.of(
            f"'{missing[0]}' is no metric that both have, in one unit and of the same accounts.",
            f"There are {there}.",
            where="metric",
        )
    return {(pair.metric, pair.unit): pair for own in found.values() for pair in own}.values()


def _names(pair: Pair) -> tuple[str, str]:
    return pair.metric, metric_of(pair.metric).name
