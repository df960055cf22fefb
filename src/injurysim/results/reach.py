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
    agresti_min_half_width,
    fewest,
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
        needed = fewest(self._narrow(known)) if n >= 2 else None
        if needed is None:
            return None
        replications = math.ceil(max(needed, least) * len(self.paired) / n)
        return replications + look_ahead(replications)

    def _narrow(self, known: NDArray[np.float64]) -> Callable[[int], bool]:
        """Return the question whether so many values like those known make the half-width narrow enough."""
        n, wanted, level = len(known), self.wanted, self.level

        def by_t(more: int) -> bool:
            return bool(t_half_width(sd, more, level) <= wanted)

        def by_wilson(more: int) -> bool:
            low, high = wilson(share, more, level)
            return bool((high - low) / 2 <= wanted)

        def by_agresti_min(more: int) -> bool:
            _, sd = agresti_min(gained * more, lost * more, more)
            return bool(agresti_min_half_width(sd, more, level) <= wanted)

        sd, share = float(known.std(ddof=1)), float(known.mean())
        gained, lost = np.count_nonzero(known > 0) / n, np.count_nonzero(known < 0) / n
        if self.method == "Wilson":
            return by_wilson
        return by_agresti_min if self.method == "paired Agresti-Min" else by_t
