"""How far one target is reached at one place: its half-width after every replication, and what it would take."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from injurysim.results.intervals import (
    LEVEL,
    agresti_min,
    fewest,
    half_between,
    t_half_width,
    wilson,
)
from injurysim.results.metrics import metric_of
from injurysim.results.places import Place
from injurysim.results.stopping import (
    look_ahead,
    running_counts,
    running_half_widths,
    running_half_widths_of_pairs,
)
from injurysim.scenario.precision import Target

if TYPE_CHECKING:
    from numpy.typing import NDArray

Method = Literal["t", "Wilson", "paired t", "paired Agresti-Min"]


@dataclass(frozen=True)
class Reach:
    """How far one target is reached at one place, after every replication.

    Attributes
    ----------
    target : Target
        What is asked for.
    place, baseline : tuple of world and design, or None
        Where; and what it is compared with, None for the metric itself.
    unit : str
        The metric's.
    values, against : array, shape (replications,)
        Its values and, of a difference, the baseline's; NaN where there is none.
    level : float
        Confidence level.
    """

    target: Target
    place: Place
    baseline: Place | None
    unit: str
    values: NDArray[np.float64]
    against: NDArray[np.float64] | None = None
    level: float = LEVEL

    @property
    def wanted(self) -> float:
        """The half-width asked for."""
        return float(self.target.half_width)

    @property
    def method(self) -> Method:
        """How its interval is made."""
        chance = metric_of(self.target.metric).kind == "probability"
        if self.against is None:
            return "Wilson" if chance else "t"
        return "paired Agresti-Min" if chance else "paired t"

    @property
    def paired(self) -> NDArray[np.float64]:
        """The values, or their differences to the baseline's."""
        return self.values if self.against is None else self.values - self.against

    def counts(self) -> NDArray[np.int64]:
        """Return how many values there are after each replication."""
        return running_counts(self.paired)

    def half_widths(self) -> NDArray[np.float64]:
        """Return the half-width after each replication, infinite below two values."""
        kind = metric_of(self.target.metric).kind
        if self.against is None:
            return running_half_widths(self.values, kind, self.level)
        return running_half_widths_of_pairs(self.values, self.against, kind, self.level)

    def within(self, least: int) -> NDArray[np.bool_]:
        """Say after each replication whether nothing is left to ask for.

        A place without any value so far asks for nothing; one with values needs ``least`` of them.
        """
        counts = self.counts()
        narrow = self.half_widths() <= self.wanted
        return np.asarray((counts == 0) | ((counts >= least) & narrow))

    def foreseen(self, least: int) -> int | None:
        """Return how many replications it would take, look-ahead included, if the values go on as they are.

        Returns
        -------
        int or None
            None below two values, and where no number of replications is enough.
        """
        known = self.paired[~np.isnan(self.paired)]
        n = len(known)
        if n < 2:
            return None
        half = self._half_width_of(known)
        needed = fewest(lambda more: half(more) <= self.wanted)
        if needed is None:
            return None
        replications = math.ceil(max(needed, least) * len(self.paired) / n)
        return replications + look_ahead(replications)

    def _half_width_of(self, known: NDArray[np.float64]) -> Callable[[int], float]:
        """Return the half-width that other numbers of values like those known would have."""
        n, level = len(known), self.level
        if self.method == "Wilson":
            share = float(known.mean())
            return lambda more: float(half_between(*wilson(share, more, level)))
        if self.method == "paired Agresti-Min":
            gained, lost = np.count_nonzero(known > 0) / n, np.count_nonzero(known < 0) / n
            return lambda more: float(half_between(*agresti_min(gained * more, lost * more, more, level)))
        sd = float(known.std(ddof=1))
        return lambda more: float(t_half_width(sd, more, level))
