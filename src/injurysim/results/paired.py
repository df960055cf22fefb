"""Paired differences: two places that saw the same random numbers, compared replication by replication.

Of several pairs compared at once each has its own interval, and a joint one that holds for all of them together
(Bonferroni): what the comparison says is read from the joint one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from injurysim.results.intervals import LEVEL, agresti_min, fewest, half_between, t_half_width
from injurysim.results.statistics import floats, zeros_and_ones

if TYPE_CHECKING:
    from numpy.typing import NDArray

Correction = Literal["none", "Bonferroni"]
Ends = tuple[float, float] | tuple[None, None]


@dataclass(frozen=True)
class Paired:
    """Differences of pairs (this less baseline) that saw the same random numbers.

    Attributes
    ----------
    difference, se : float or None
        Mean difference; its standard error, None below two pairs.
    low, high : float or None
        Ends of the pair's own interval of the mean difference.
    joint_low, joint_high : float or None
        Ends of the interval that holds for the whole family together.
    better_share, same_share : float or None
        Share of pairs in which this is better, ties counted half, None without a direction; share of ties. Both None
        without pairs.
    n : int
        Number of pairs.
    n_needed : int or None
        Fewest pairs like these, 2 or more, with which the joint interval has the wanted half-width; None when no
        number up to 10^9 is enough. For half the difference found they tell the two apart with room to spare; a
        difference that is nothing but chance needs more and more.
    half_width_wanted : float or None
        That half-width.
    gain : float or None
        How many times the replications independent seeds would need (:func:`pairing_gain`).
    method : str
        How the intervals were made.
    level : float
        Their confidence level, of one pair and of the family.
    family : int
        Number of pairs for which the joint interval holds together.
    """

    difference: float | None
    se: float | None
    low: float | None
    high: float | None
    joint_low: float | None
    joint_high: float | None
    better_share: float | None
    same_share: float | None
    n: int
    n_needed: int | None
    half_width_wanted: float | None
    gain: float | None
    method: Literal["paired t", "paired Agresti-Min"]
    level: float = LEVEL
    family: int = 1

    @property
    def correction(self) -> Correction:
        """How the joint interval makes up for several comparisons."""
        return "Bonferroni" if self.family > 1 else "none"


def paired_difference(
    values: Iterable[float | None],
    baseline: Iterable[float | None],
    *,
    direction: Literal["higher", "lower"] | None = None,
    kind: Literal["mean", "probability"] = "mean",
    half_width: float | None = None,
    level: float = LEVEL,
    family: int = 1,
) -> Paired:
    """Compare two runs replication by replication.

    Parameters
    ----------
    values, baseline : iterables of float or None, of one length
        The same replication stands at the same place; a pair with a missing value is left out.
    direction : {'higher', 'lower'}, optional
        What is better.
    kind : {'mean', 'probability'}
        A mean gets the paired t interval. A probability (values 0 or 1) gets the interval of Agresti and Min
        (2005), which adds half a pair to each of the four cells: it has a width even when all pairs agree.
    half_width : float, optional
        The precision wanted of the joint interval; by default half the difference found.
    level : float
        Confidence level.
    family : int
        How many pairs are compared at once. The joint interval is the pair's own at 1 - (1 - level) / family: by
        Bonferroni's inequality all of them together hold the truth with at least ``level``, however they depend
        on each other.

    Returns
    -------
    Paired

    Raises
    ------
    ValueError
        Sides of different lengths, or a probability that is neither 0 nor 1.
    """
    a, b = np.asarray(floats(values)), np.asarray(floats(baseline))
    if a.shape != b.shape:
        raise ValueError(f"pairs need one length, not {len(a)} and {len(b)}")
    both = ~(np.isnan(a) | np.isnan(b))
    a, b = a[both], b[both]
    d = a - b
    n = len(d)
    difference = float(d.mean()) if n else None
    wanted = half_width if half_width is not None or difference is None or n < 2 else abs(difference) / 2
    joint_level = level if family == 1 else 1 - (1 - level) / family
    own: Ends = (None, None)
    joint: Ends = (None, None)
    needed = None
    if n >= 2:
        law = _student(d) if kind == "mean" else _agresti_min(zeros_and_ones(a), zeros_and_ones(b))
        own, joint = law.ends(level), law.ends(joint_level)
        if wanted is not None:
            needed = fewest(lambda pairs: law.half_width(pairs, joint_level) <= wanted)
    return Paired(
        difference=difference,
        se=float(d.std(ddof=1)) / math.sqrt(n) if n >= 2 else None,
        low=own[0],
        high=own[1],
        joint_low=joint[0],
        joint_high=joint[1],
        better_share=_better_share(d, direction),
        same_share=float((d == 0).mean()) if n else None,
        n=n,
        n_needed=needed,
        half_width_wanted=wanted,
        gain=pairing_gain(a, b),
        method="paired t" if kind == "mean" else "paired Agresti-Min",
        level=level,
        family=family,
    )


def pairing_gain(values: Iterable[float | None], baseline: Iterable[float | None]) -> float | None:
    """Return (var a + var b) / var(a - b), the gain of common random numbers.

    Replications with different numbers are independent, so var a + var b is the variance a difference would have with
    independent seeds, and the ratio is how many times the replications they would need for the same precision:
    1 / (1 - rho) for equal variances with correlation rho; 1 without any gain, below it where the pairing does harm.

    Parameters
    ----------
    values, baseline : iterables of float or None, of one length
        The same replication stands at the same place; a pair with a missing value is left out.

    Returns
    -------
    float or None
        None below two pairs, and where the difference never varies (by more than rounding): then no number of
        independent replications would do.
    """
    a, b = np.asarray(floats(values)), np.asarray(floats(baseline))
    both = ~(np.isnan(a) | np.isnan(b))
    a, b = a[both], b[both]
    if len(a) < 2:
        return None
    d = a - b
    rounding = 8 * np.finfo(np.float64).eps * max(np.abs(a).max(), np.abs(b).max())
    variance = float(d.var(ddof=1))
    if np.ptp(d) <= rounding or variance == 0:
        return None
    return float(a.var(ddof=1) + b.var(ddof=1)) / variance


@dataclass(frozen=True)
class _Law:
    """How precisely a difference is known, at a level: its interval, and the half-width that n such pairs would give."""

    ends: Callable[[float], tuple[float, float]]
    half_width: Callable[[int, float], float]


def _student(d: NDArray[np.float64]) -> _Law:
    """Return the law of the mean of differences, t sd / sqrt(n)."""
    mean, sd, n = float(d.mean()), float(d.std(ddof=1)), len(d)

    def half(pairs: int, level: float) -> float:
        return float(t_half_width(sd, pairs, level))

    return _Law(lambda level: (mean - half(n, level), mean + half(n, level)), half)


def _agresti_min(a: NDArray[np.float64], b: NDArray[np.float64]) -> _Law:
    """Return the law of P(a) - P(b) of matched pairs; of another number of pairs the same share differs."""
    gained, lost, n = np.count_nonzero(a > b), np.count_nonzero(a < b), len(a)

    def ends(level: float) -> tuple[float, float]:
        low, high = agresti_min(gained, lost, n, level)
        return float(low), float(high)

    def half(pairs: int, level: float) -> float:
        return float(half_between(*agresti_min(gained / n * pairs, lost / n * pairs, pairs, level)))

    return _Law(ends, half)


def _better_share(d: NDArray[np.float64], direction: Literal["higher", "lower"] | None) -> float | None:
    """Return the share of differences that are better, ties counted half."""
    if direction is None or not len(d):
        return None
    gain = np.sign(d) if direction == "higher" else -np.sign(d)
    return float((gain + 1).mean() / 2)
