"""Probability laws drawn by inverse transform: quantile, distribution function, mean and limited mean.

Mathematics only; how a scenario writes a law lives with the scenario. Formulas follow Klugman, Panjer and Willmot,
*Loss Models*, appendix A. A law is a frozen value, checked when it is made (``ValueError``).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]
_BELOW_ONE = 1.0 - 2.0**-53


def _array(x: ArrayLike) -> FloatArray:
    return np.asarray(x, dtype=np.float64)


def _positive(**parameters: float) -> None:
    for name, value in parameters.items():
        if not 0.0 < value < math.inf:
            raise ValueError(f"{name} must be positive and finite, got {value}")


def _finite(**parameters: float) -> None:
    for name, value in parameters.items():
        if not math.isfinite(value):
            raise ValueError(f"{name} must be finite, got {value}")


class Distribution(ABC):
    """A law of one real random variable X; a subclass states it in the methods with an underscore."""

    def ppf(self, u: ArrayLike) -> FloatArray:
        """Draw by inverse transform: X from uniforms strictly between 0 and 1, in their shape."""
        return np.asarray(self._ppf(_array(u)))

    def cdf(self, x: ArrayLike) -> FloatArray:
        """P(X <= x), in the shape of `x`."""
        return np.asarray(self._cdf(_array(x)))

    def cdf_left(self, x: ArrayLike) -> FloatArray:
        """P(X < x), in the shape of `x`: the same as :meth:`cdf` unless the law has atoms."""
        return np.asarray(self._cdf_left(_array(x)))

    def mean(self) -> float:
        """Return E[X], infinite where the integral is."""
        return float(self._mean())

    def limited_mean(self, limit: float) -> float:
        """E[min(X, limit)], in closed form."""
        return self.mean() if limit == math.inf else float(self._limited_mean(limit))

    @abstractmethod
    def _ppf(self, u: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _cdf(self, x: FloatArray) -> FloatArray: ...

    def _cdf_left(self, x: FloatArray) -> FloatArray:
        return self._cdf(x)

    @abstractmethod
    def _mean(self) -> float: ...

    @abstractmethod
    def _limited_mean(self, limit: float) -> float: ...


class _Loss(Distribution):
    """A continuous law on the positive numbers: a subclass states it for x >= 0 and a limit > 0."""

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self._cdf_above_zero(np.maximum(x, 0.0))

    def _limited_mean(self, limit: float) -> float:
        return self._limited_above_zero(limit) if limit > 0.0 else limit

    @abstractmethod
    def _cdf_above_zero(self, x: FloatArray) -> FloatArray: ...

    @abstractmethod
    def _limited_above_zero(self, limit: float) -> float: ...


@dataclass(frozen=True)
class Constant(Distribution):
    """Always `value`."""

    value: float

    def __post_init__(self) -> None:
        _finite(value=self.value)

    def _ppf(self, u: FloatArray) -> FloatArray:
        return np.full(u.shape, self.value)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return (x >= self.value).astype(np.float64)

    def _cdf_left(self, x: FloatArray) -> FloatArray:
        return (x > self.value).astype(np.float64)

    def _mean(self) -> float:
        return self.value

    def _limited_mean(self, limit: float) -> float:
        return min(self.value, limit)


@dataclass(frozen=True)
class Exponential(_Loss):
    """Exponential with a mean: S(x) = exp(−x/mean)."""

    mean_value: float

    def __post_init__(self) -> None:
        _positive(mean=self.mean_value)

    def _ppf(self, u: FloatArray) -> FloatArray:
        return -self.mean_value * np.log1p(-u)

    def _cdf_above_zero(self, x: FloatArray) -> FloatArray:
        return -np.expm1(-x / self.mean_value)

    def _mean(self) -> float:
        return self.mean_value

    def _limited_above_zero(self, limit: float) -> float:
        return -self.mean_value * math.expm1(-limit / self.mean_value)


@dataclass(frozen=True)
class Gamma(_Loss):
    """Gamma with density proportional to x^(shape − 1) exp(−x/scale)."""

    shape: float
    scale: float

    def __post_init__(self) -> None:
        _positive(shape=self.shape, scale=self.scale)

    def _ppf(self, u: FloatArray) -> FloatArray:
        return np.asarray(self.scale * special.gammaincinv(self.shape, u), dtype=np.float64)

    def _cdf_above_zero(self, x: FloatArray) -> FloatArray:
        return np.asarray(special.gammainc(self.shape, x / self.scale), dtype=np.float64)

    def _mean(self) -> float:
        return self.shape * self.scale

    def _limited_above_zero(self, limit: float) -> float:
        x = limit / self.scale
        below = self.mean() * special.gammainc(self.shape + 1.0, x)
        return float(below + limit * special.gammaincc(self.shape, x))


@dataclass(frozen=True)
class Lognormal(_Loss):
    """ln X is normal with mean `mu` and standard deviation `sigma`."""

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        _finite(mu=self.mu)
        _positive(sigma=self.sigma)

    def _ppf(self, u: FloatArray) -> FloatArray:
        return np.exp(self.mu + self.sigma * special.ndtri(u))

    def _cdf_above_zero(self, x: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):  # ln 0 is minus infinity, and P(X <= 0) is 0
            return special.ndtr((np.log(x) - self.mu) / self.sigma)

    def _mean(self) -> float:
        return math.exp(self.mu + self.sigma**2 / 2.0)

    def _limited_above_zero(self, limit: float) -> float:
        z = (math.log(limit) - self.mu) / self.sigma
        return float(self.mean() * special.ndtr(z - self.sigma) + limit * special.ndtr(-z))


@dataclass(frozen=True)
class Weibull(_Loss):
    """Weibull: S(x) = exp(−(x/scale)^shape)."""

    shape: float
    scale: float

    def __post_init__(self) -> None:
        _positive(shape=self.shape, scale=self.scale)

    def _ppf(self, u: FloatArray) -> FloatArray:
        return self.scale * (-np.log1p(-u)) ** (1.0 / self.shape)

    def _cdf_above_zero(self, x: FloatArray) -> FloatArray:
        return -np.expm1(-((x / self.scale) ** self.shape))

    def _mean(self) -> float:
        return self.scale * float(special.gamma(1.0 + 1.0 / self.shape))

    def _limited_above_zero(self, limit: float) -> float:
        y = (limit / self.scale) ** self.shape
        return float(self.mean() * special.gammainc(1.0 + 1.0 / self.shape, y) + limit * math.exp(-y))


@dataclass(frozen=True)
class Pareto(_Loss):
    """Pareto II (Lomax): S(x) = (theta/(x + theta))^alpha; the mean is infinite for alpha <= 1."""

    alpha: float
    theta: float

    def __post_init__(self) -> None:
        _positive(alpha=self.alpha, theta=self.theta)

    def _ppf(self, u: FloatArray) -> FloatArray:
        return self.theta * np.expm1(-np.log1p(-u) / self.alpha)

    def _cdf_above_zero(self, x: FloatArray) -> FloatArray:
        return -np.expm1(-self.alpha * np.log1p(x / self.theta))

    def _mean(self) -> float:
        return self.theta / (self.alpha - 1.0) if self.alpha > 1.0 else math.inf

    def _limited_above_zero(self, limit: float) -> float:
        growth = math.log1p(limit / self.theta)
        if self.alpha == 1.0:
            return self.theta * growth
        return -self.theta / (self.alpha - 1.0) * math.expm1(-(self.alpha - 1.0) * growth)


@dataclass(frozen=True)
class Uniform(Distribution):
    """Uniform between `low` and `high`."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _finite(low=self.low, high=self.high)
        if not self.low < self.high:
            raise ValueError(f"low must be below high, got {self.low} and {self.high}")

    def _ppf(self, u: FloatArray) -> FloatArray:
        return self.low + u * (self.high - self.low)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0)

    def _mean(self) -> float:
        return (self.low + self.high) / 2.0

    def _limited_mean(self, limit: float) -> float:
        if limit <= self.low:
            return limit
        top = min(limit, self.high)
        return top - (top - self.low) ** 2 / (2.0 * (self.high - self.low))


@dataclass(frozen=True)
class Poisson(Distribution):
    """Poisson with a mean, which may be 0."""

    mean_value: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.mean_value < math.inf:
            raise ValueError(f"mean must be finite and not negative, got {self.mean_value}")

    def _ppf(self, u: FloatArray) -> FloatArray:
        return poisson_counts(u, _array(self.mean_value)).astype(np.float64)

    def _cdf(self, x: FloatArray) -> FloatArray:
        k = np.floor(x)
        return np.where(k < 0.0, 0.0, special.pdtr(np.maximum(k, 0.0), self.mean_value))

    def _cdf_left(self, x: FloatArray) -> FloatArray:
        return self.cdf(np.ceil(x) - 1.0)

    def _mean(self) -> float:
        return self.mean_value

    def _limited_mean(self, limit: float) -> float:
        if limit <= 0.0:
            return limit
        k = math.floor(limit)
        return float(self.mean_value * self.cdf(k - 1) + limit * (1.0 - self.cdf(k)))


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
        return _array(self.values), np.ones(len(self.values))


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
        return _array(self.values), _array(self.weights)


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


def gamma_by_mean(mean: float, cv: float) -> Gamma:
    """Gamma with a mean and a coefficient of variation (sd / mean), both positive."""
    _positive(mean=mean, cv=cv)
    return Gamma(cv**-2, mean * cv**2)


def lognormal_by_mean(mean: float, cv: float) -> Lognormal:
    """Lognormal with a mean and a coefficient of variation, both positive."""
    _positive(mean=mean, cv=cv)
    variance = math.log1p(cv**2)
    return Lognormal(math.log(mean) - variance / 2.0, math.sqrt(variance))


def weibull_by_mean(mean: float, cv: float) -> Weibull:
    """Weibull with a mean and a coefficient of variation from 0.001 to 100 (the shape is found numerically)."""
    _positive(mean=mean, cv=cv)
    if not 0.001 <= cv <= 100.0:
        raise ValueError(f"a Weibull law by its mean needs cv from 0.001 to 100, got {cv}")
    from scipy.optimize import brentq

    def excess(log_shape: float) -> float:
        inverse = math.exp(-log_shape)
        return math.lgamma(1.0 + 2.0 * inverse) - 2.0 * math.lgamma(1.0 + inverse) - math.log1p(cv**2)

    shape = math.exp(float(brentq(excess, math.log(0.05), math.log(1e4), xtol=1e-14)))
    return Weibull(shape, mean / math.gamma(1.0 + 1.0 / shape))


def pareto_by_mean(mean: float, cv: float) -> Pareto:
    """Pareto II with a mean and a coefficient of variation above 1: cv² = alpha/(alpha − 2)."""
    _positive(mean=mean, cv=cv)
    if not cv > 1.0:
        raise ValueError(f"a Pareto law has a coefficient of variation above 1, got {cv}")
    alpha = 2.0 * cv**2 / (cv**2 - 1.0)
    return Pareto(alpha, mean * (alpha - 1.0))


def poisson_counts(u: ArrayLike, mean: ArrayLike) -> NDArray[np.int64]:
    """Poisson counts by exact inverse transform: the k with P(N < k) < u <= P(N <= k).

    Parameters
    ----------
    u : array_like of float
        Uniforms strictly between 0 and 1.
    mean : array_like of float
        Means, finite and not negative, broadcast against `u`; a mean of 0 gives 0.

    Returns
    -------
    ndarray of int64
        Counts in the broadcast shape.

    Raises
    ------
    ValueError
        When a uniform or a mean is out of range.

    Notes
    -----
    A Cornish-Fisher start (right, or one off, unless the mean is small) is corrected with ``scipy.special.pdtr``
    until it meets the definition, so the answer does not depend on the start.
    """
    uniforms, means = np.broadcast_arrays(_array(u), _array(mean))
    shape, uniforms, means = uniforms.shape, uniforms.ravel(), means.ravel()
    if not ((uniforms > 0.0) & (uniforms < 1.0)).all():
        raise ValueError("uniforms must lie strictly between 0 and 1")
    if not ((means >= 0.0) & (means < math.inf)).all():
        raise ValueError("a Poisson mean must be finite and not negative")
    z = special.ndtri(uniforms)
    counts = np.maximum(np.ceil(means + np.sqrt(means) * z + (z * z - 1.0) / 6.0 - 0.5), 0.0)
    low = np.flatnonzero(special.pdtr(counts, means) < uniforms)
    while low.size:
        counts[low] += 1.0
        low = low[special.pdtr(counts[low], means[low]) < uniforms[low]]
    high = np.flatnonzero(counts > 0.0)
    while high.size:
        high = high[special.pdtr(counts[high] - 1.0, means[high]) >= uniforms[high]]
        counts[high] -= 1.0
        high = high[counts[high] > 0.0]
    return np.asarray(counts.reshape(shape), dtype=np.int64)


def integer_cdf(distribution: Distribution, low: int, high: int, unit: float = 1.0) -> FloatArray:
    """Table of a law rounded to whole units: F[j] = P(round(X / unit) <= low + j), halves rounded up.

    A kernel draws from it with one look-up, ``low + searchsorted(F, u, side="left")``. What lies below `low` is
    drawn as `low`, what lies above `high` as `high` (the last entry is 1): choose them to cover the law.

    Parameters
    ----------
    distribution : Distribution
        The law.
    low, high : int
        Smallest and largest whole number of units.
    unit : float
        Size of a unit on the scale of the law (1/60 for minutes of a law in hours).

    Returns
    -------
    ndarray of float, shape (high − low + 1,)
        Not decreasing, the last entry 1.

    Raises
    ------
    ValueError
        When `low` is above `high`, or the unit is not positive.
    """
    if low > high:
        raise ValueError(f"low must not be above high, got {low} and {high}")
    _positive(unit=unit)
    table = distribution.cdf_left((np.arange(low, high + 1) + 0.5) * unit)
    table[-1] = 1.0
    return table
