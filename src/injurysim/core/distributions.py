"""Probability laws drawn by inverse transform: quantile, distribution function, mean and limited mean.

Mathematics only; how a scenario writes a law lives with the scenario. Formulas follow Klugman, Panjer and Willmot,
*Loss Models*, appendix A. A law is a frozen value, checked when it is made (``ValueError``).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]


def as_floats(x: ArrayLike) -> FloatArray:
    """Return an array of floats."""
    return np.asarray(x, dtype=np.float64)


def require_positive(**parameters: float) -> None:
    """Raise ``ValueError`` unless every parameter is positive and finite."""
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
        return np.asarray(self._ppf(as_floats(u)))

    def cdf(self, x: ArrayLike) -> FloatArray:
        """P(X <= x), in the shape of `x`."""
        return np.asarray(self._cdf(as_floats(x)))

    def cdf_left(self, x: ArrayLike) -> FloatArray:
        """P(X < x), in the shape of `x`: the same as :meth:`cdf` unless the law has atoms."""
        return np.asarray(self._cdf_left(as_floats(x)))

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
        require_positive(mean=self.mean_value)

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
        require_positive(shape=self.shape, scale=self.scale)

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
        require_positive(sigma=self.sigma)

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
        require_positive(shape=self.shape, scale=self.scale)

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
        require_positive(alpha=self.alpha, theta=self.theta)

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
        from injurysim.core.poisson import poisson_counts  # reading a scenario does not wait for the compiler

        return poisson_counts(u, as_floats(self.mean_value)).astype(np.float64)

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


def gamma_by_mean(mean: float, cv: float) -> Gamma:
    """Gamma with a mean and a coefficient of variation (sd / mean), both positive."""
    require_positive(mean=mean, cv=cv)
    return Gamma(cv**-2, mean * cv**2)


def lognormal_by_mean(mean: float, cv: float) -> Lognormal:
    """Lognormal with a mean and a coefficient of variation, both positive."""
    require_positive(mean=mean, cv=cv)
    variance = math.log1p(cv**2)
    return Lognormal(math.log(mean) - variance / 2.0, math.sqrt(variance))


def weibull_by_mean(mean: float, cv: float) -> Weibull:
    """Weibull with a mean and a coefficient of variation from 0.001 to 100 (the shape is found numerically)."""
    require_positive(mean=mean, cv=cv)
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
    require_positive(mean=mean, cv=cv)
    if not cv > 1.0:
        raise ValueError(f"a Pareto law has a coefficient of variation above 1, got {cv}")
    alpha = 2.0 * cv**2 / (cv**2 - 1.0)
    return Pareto(alpha, mean * (alpha - 1.0))


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
    require_positive(unit=unit)
    table = distribution.cdf_left((np.arange(low, high + 1) + 0.5) * unit)
    table[-1] = 1.0
    return table
