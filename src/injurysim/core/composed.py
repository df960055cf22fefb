"""Laws made of values or of other laws: listed values, mixtures, truncation."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from injurysim.core.distributions import Distribution, FloatArray, as_floats

_BELOW_ONE = 1.0 - 2.0**-53


class _Stepped(Distribution):
    """A law on finitely many values; subclasses give them with their weights."""

    @abstractmethod
    def _weighted(self) -> tuple[FloatArray, FloatArray]: ...

    @cached_property
    def _table(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Values with a positive weight in order, their probabilities and the distribution function."""
        values, weights = self._weighted()
        order = np.argsort(values, kind="stable")
        order = order[weights[order] > 0.0]
        reached = np.cumsum(weights[order])
        return values[order], weights[order] / reached[-1], reached / reached[-1]

    def _ppf(self, u: FloatArray) -> FloatArray:
        values, _, reached = self._table
        return values[np.searchsorted(reached, u, side="left")]

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._reached(np.searchsorted(self._table[0], x, side="right"))

    def _cdf_left(self, x: FloatArray) -> FloatArray:
        return self._reached(np.searchsorted(self._table[0], x, side="left"))

    def _reached(self, count: NDArray[np.int64] | np.int64) -> FloatArray:
        return np.concatenate(([0.0], self._table[2]))[count]

    def _mean(self) -> float:
        values, probabilities, _ = self._table
        return float(values @ probabilities)

    def _limited_mean(self, limit: float) -> float:
        values, probabilities, _ = self._table
        return float(np.minimum(values, limit) @ probabilities)


@dataclass(frozen=True)
class Empirical(_Stepped):
    """One of `values`, each as likely as the others (a value given twice counts twice)."""

    values: Sequence[float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(float(value) for value in self.values))
        if not self.values or not all(map(math.isfinite, self.values)):
            raise ValueError("an empirical law needs at least one value, all finite")

    def _weighted(self) -> tuple[FloatArray, FloatArray]:
        return as_floats(self.values), np.ones(len(self.values))


@dataclass(frozen=True)
class Discrete(_Stepped):
    """One of `values` with probability in proportion to `weights`."""

    values: Sequence[float]
    weights: Sequence[float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(float(value) for value in self.values))
        object.__setattr__(self, "weights", _checked_weights(self.weights, len(self.values)))
        if not all(map(math.isfinite, self.values)):
            raise ValueError("the values of a discrete law must be finite")

    def _weighted(self) -> tuple[FloatArray, FloatArray]:
        return as_floats(self.values), as_floats(self.weights)


def _checked_weights(weights: Sequence[float], count: int) -> tuple[float, ...]:
    checked = tuple(float(weight) for weight in weights)
    if len(checked) != count:
        raise ValueError(f"{count} values or parts but {len(checked)} weights")
    if not all(0.0 <= weight < math.inf for weight in checked) or not sum(checked) > 0.0:
        raise ValueError("weights must be finite, not negative and not all zero")
    return checked


@dataclass(frozen=True)
class Mixture(Distribution):
    """One of `parts`, chosen with probability in proportion to `weights`.

    One uniform does both: it picks the part, and its place inside the part's share draws from it. So ``ppf`` draws
    from the law but is not its quantile function: it rises inside each part only.
    """

    weights: Sequence[float]
    parts: Sequence[Distribution]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        object.__setattr__(self, "weights", _checked_weights(self.weights, len(self.parts)))

    @cached_property
    def _shares(self) -> list[tuple[float, Distribution]]:
        total = math.fsum(self.weights)
        return [(w / total, part) for w, part in zip(self.weights, self.parts, strict=True) if w > 0.0]

    def _ppf(self, u: FloatArray) -> FloatArray:
        shares = np.array([share for share, _ in self._shares])
        reached = np.cumsum(shares)
        chosen = np.minimum(np.searchsorted(reached, u, side="left"), shares.size - 1)
        # The place inside the share, kept off its two ends, where rounding may put it.
        place = np.clip((u - (reached - shares)[chosen]) / shares[chosen], 2.0**-53, _BELOW_ONE)
        out = np.empty(u.shape)
        for j, (_, part) in enumerate(self._shares):
            mine = chosen == j
            out[mine] = part.ppf(place[mine])
        return out

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.minimum(sum(share * part.cdf(x) for share, part in self._shares), 1.0)

    def _cdf_left(self, x: FloatArray) -> FloatArray:
        return np.minimum(sum(share * part.cdf_left(x) for share, part in self._shares), 1.0)

    def _mean(self) -> float:
        return sum(share * part.mean() for share, part in self._shares)

    def _limited_mean(self, limit: float) -> float:
        return sum(share * part.limited_mean(limit) for share, part in self._shares)


@dataclass(frozen=True)
class Truncated(Distribution):
    """`base` given that it lies from `low` to `high`, both ends included; either may be infinite."""

    base: Distribution
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"low must not be above high, got {self.low} and {self.high}")
        if isinstance(self.base, Truncated):  # so that the base's ppf is a quantile function, see _sampler
            object.__setattr__(self, "low", max(self.low, self.base.low))
            object.__setattr__(self, "high", min(self.high, self.base.high))
            object.__setattr__(self, "base", self.base.base)
        if not self._mass > 0.0:
            raise ValueError(f"{self.base} has no probability from {self.low} to {self.high}")

    @cached_property
    def _left(self) -> float:
        return float(self.base.cdf_left(self.low)) if self.low > -math.inf else 0.0

    @cached_property
    def _mass(self) -> float:
        return (float(self.base.cdf(self.high)) if self.high < math.inf else 1.0) - self._left

    @cached_property
    def _sampler(self) -> Mixture | None:
        """A truncated mixture is the mixture of its truncated parts, each weighted by what is left of it."""
        if not isinstance(self.base, Mixture):
            return None
        kept: list[tuple[float, Distribution]] = []
        for share, part in self.base._shares:
            right = float(part.cdf(self.high)) if self.high < math.inf else 1.0
            left = float(part.cdf_left(self.low)) if self.low > -math.inf else 0.0
            if right > left:
                kept.append((share * (right - left), Truncated(part, self.low, self.high)))
        return Mixture([weight for weight, _ in kept], [part for _, part in kept])

    def _ppf(self, u: FloatArray) -> FloatArray:
        if self._sampler is not None:
            return self._sampler.ppf(u)
        inside = np.minimum(self._left + u * self._mass, _BELOW_ONE)
        return np.clip(self.base.ppf(inside), self.low, self.high)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._conditional(x, self.base.cdf(x), x >= self.low)

    def _cdf_left(self, x: FloatArray) -> FloatArray:
        return self._conditional(x, self.base.cdf_left(x), x > self.low)

    def _conditional(self, x: FloatArray, reached: FloatArray, entered: NDArray[np.bool_]) -> FloatArray:
        inside = np.clip((reached - self._left) / self._mass, 0.0, 1.0)
        return np.where(x > self.high, 1.0, np.where(entered, inside, 0.0))

    def _mean(self) -> float:
        if self.high < math.inf:
            return self.limited_mean(self.high)
        below = 0.0  # E[X; X < low]
        if self.low > -math.inf:
            below = self.base.limited_mean(self.low) - self.low * (1.0 - self._left)
        return (self.base.mean() - below) / self._mass

    def _limited_mean(self, limit: float) -> float:
        """E[min(X, limit)] from that of the base: x − E[min(X, x)] is the integral of F up to x."""
        if limit <= self.low:
            return limit
        top = min(limit, self.high)
        area = top - self.base.limited_mean(top)
        if self.low > -math.inf:
            area -= self.low - self.base.limited_mean(self.low) + self._left * (top - self.low)
        return top - area / self._mass
