"""Whether a run is precise enough: the half-widths asked for, those there are, and how many replications it takes.

Everything here is a function of the values alone, replication by replication, so that a run keeps the same number of
replications however its cells were shared out and in whatever batches they came.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from injurysim.core.schemas import TABLES
from injurysim.results.asking import bears_on
from injurysim.results.intervals import LEVEL
from injurysim.results.metrics import metric_of
from injurysim.results.places import Place, alike, baselines_of, by_place
from injurysim.results.reach import Reach
from injurysim.results.reading import own_accounts
from injurysim.results.stopping import look_ahead, stop_at
from injurysim.scenario.document import Scenario
from injurysim.scenario.precision import Target
from injurysim.scenario.stages import baseline_of
from injurysim.scenario.variants import origins_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

Against: TypeAlias = Callable[[Place, set[Place]], Sequence[Place]]
"""From a place, and all there are, to those it is compared with."""


@dataclass(frozen=True)
class Rule:
    """When a run is precise enough.

    A run stops at the first number of replications n, at least ``least``, after which every target is met at every
    place it bears on, all at once, and stays met for :func:`injurysim.results.stopping.look_ahead` replications
    more; these are kept too. Without such a number it ends at ``at_most``.

    Attributes
    ----------
    targets : sequence of Target
        What is asked for.
    least, at_most : int
        Fewest replications that are judged; the budget.
    baselines : callable
        What a place is compared with.
    accounts : mapping of design to names
        Accounts of each design's own fund: stocks over other accounts are not compared.
    level : float
        Confidence level.
    """

    targets: Sequence[Target]
    least: int
    at_most: int
    baselines: Against = lambda _place, _places: ()
    accounts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    level: float = LEVEL

    @classmethod
    def of(cls, scenario: Scenario, level: float = LEVEL) -> Rule | None:
        """Return the rule a scenario states; None for one that states a number of replications.

        Where both stand, ``replications`` is the least number if it is above ``precision.at_least``.
        """
        if scenario.precision is None:
            return None
        stated = scenario.precision.beside(scenario.replications)
        baseline = baseline_of(scenario)
        return cls(
            stated.targets,
            stated.at_least,
            stated.at_most,
            partial(
                baselines_of,
                world=baseline.world,
                design=baseline.design,
                origins=origins_of(scenario),
            ),
            own_accounts(scenario),
            level,
        )

    def next_number(self, values: pd.DataFrame) -> int | None:
        """Say how many replications to have before looking again.

        Parameters
        ----------
        values : pandas.DataFrame
            As :func:`injurysim.results.metrics.metric_values` gives it, of all worlds of replications 0 to some
            number; without rows before the first.

        Returns
        -------
        int or None
            More than there are, at most twice as many: what the spread so far makes look enough. None when the run
            is over; :meth:`kept` then says how many to keep. Any other numbers in between lead to the same end.
        """
        there = _number(values)
        if there == 0:
            return min(self.least + look_ahead(self.least), self.at_most)
        if self.kept(values) is not None:
            return None
        reaches = self.reaches(values)
        start = _held_since(self._within(reaches, there), self.least)
        if start is not None:
            wanted = start + look_ahead(start)
        else:
            open_ = [each for each in reaches if not each.within(self.least)[-1]]
            foreseen = [each.foreseen(self.least) for each in open_]
            wanted = max((2 * there if each is None else each for each in foreseen), default=there)
        return min(max(wanted, there + 1), 2 * there, self.at_most)

    def kept(self, values: pd.DataFrame) -> int | None:
        """Return how many replications the run keeps; None while it must go on.

        More values never change an answer: what was run beyond it is left out.
        """
        there = _number(values)
        stop = (
            stop_at(self._within(self.reaches(values), there)[: self.at_most], self.least) if there else None
        )
        return stop if stop is not None else self.at_most if there >= self.at_most else None

    def reaches(self, values: pd.DataFrame) -> list[Reach]:
        """Return how far each target is reached at each place it bears on, in the order of the targets."""
        series = _series(values, {target.metric for target in self.targets})
        places = set(series)
        found = []
        for target in self.targets:
            for place in sorted(series, key=lambda each: (each[0], each[1] or "")):
                for (metric, unit), own in series[place].items():
                    if metric != target.metric or not bears_on(target, place):
                        continue
                    if target.of == "estimate":
                        found.append(Reach(target, place, None, unit, own, level=self.level))
                        continue
                    for baseline in self.baselines(place, places):
                        theirs = series[baseline].get((metric, unit))
                        if theirs is not None and alike(metric, place, baseline, self.accounts):
                            found.append(Reach(target, place, baseline, unit, own, theirs, self.level))
        return found

    def table(self, values: pd.DataFrame) -> pd.DataFrame:
        """Return the table ``precision`` of the replications given.

        A target that bears on no place, or on none with a value, has a row of its own without a half-width.
        """
        rows: list[tuple[object, ...]] = []
        reaches = self.reaches(values)
        for target in self.targets:
            own = [each for each in reaches if each.target is target]
            told = [each for each in own if each.counts()[-1:].any()]
            rows += [self._row(each) for each in told]
            if not told:
                nowhere = (None, None, None, None, target.name, target.metric, metric_of(target.metric).unit)
                rows.append((*nowhere, float(target.half_width), None, 0, None, False, None, self.level))
        return TABLES["precision"].frame(rows)

    def _row(self, reach: Reach) -> tuple[object, ...]:
        half_width, n = float(reach.half_widths()[-1]), int(reach.counts()[-1])
        return (
            *(*reach.place, *(reach.baseline or (None, None)), reach.target.name, reach.target.metric),
            *(reach.unit, reach.wanted, half_width if math.isfinite(half_width) else None, n),
            *(reach.foreseen(self.least), bool(reach.within(self.least)[-1]), reach.method, self.level),
        )

    def _within(self, reaches: Sequence[Reach], number: int) -> NDArray[np.bool_]:
        """Say after each replication whether every target is met everywhere."""
        met = np.ones(number, bool)
        for each in reaches:
            met &= each.within(self.least)
        return met


def precision_table(scenario: Scenario, values: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``precision``: without rows for a scenario that states a number of replications."""
    rule = Rule.of(scenario)
    return TABLES["precision"].frame([]) if rule is None else rule.table(values)


def _held_since(within: NDArray[np.bool_], least: int) -> int | None:
    """Return the number of replications since which everything has been met up to the last; None if it is not now."""
    outside = np.flatnonzero(~within)
    start = max(least, int(outside[-1]) + 2 if len(outside) else 1)
    return start if start <= len(within) else None


def _number(values: pd.DataFrame) -> int:
    """Return how many replications there are, which must be those from 0 on."""
    numbers = np.unique(values["replication"].to_numpy())
    if len(numbers) and int(numbers[-1]) != len(numbers) - 1:
        raise ValueError(f"{len(numbers)} replications that are not those from 0 on, but go to {numbers[-1]}")
    return len(numbers)


def _series(
    values: pd.DataFrame, metrics: set[str]
) -> dict[Place, dict[tuple[str, str], NDArray[np.float64]]]:
    """Return the values of some metrics by place, metric and unit, one for each replication, NaN where there is none."""
    numbers = range(_number(values))
    return {
        place: {key: np.asarray(own.reindex(numbers), np.float64) for key, own in metrics_of.items()}
        for place, metrics_of in by_place(values[values["metric"].isin(metrics)]).items()
    }
