"""A random quantity by name and parameters, and the law it compiles to."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from injurysim.core import composed
from injurysim.core import distributions as laws
from injurysim.core.distributions import Distribution
from injurysim.scenario.values import Grade, Part

PositiveFloat = Annotated[float, Field(gt=0)]


class _Random(Part):
    """What every distribution may say: where it comes from, and the interval it is truncated to."""

    source: str | None = None
    clause: str | None = None
    grade: Grade | None = None
    note: str | None = None
    between: tuple[float, float] | None = Field(
        default=None, description="truncation: lowest and highest value"
    )

    @model_validator(mode="after")
    def _interval_is_ordered(self) -> Self:
        if self.between is not None and not self.between[0] < self.between[1]:
            raise ValueError(f"'between' must rise, and {list(self.between)} does not")
        return self

    def _law(self) -> Distribution:
        raise NotImplementedError

    def law(self) -> Distribution:
        """Compile to the distribution that is drawn by inverse transform."""
        law = self._law()
        return law if self.between is None else composed.Truncated(law, *self.between)


class _MeanOrStandard(_Random):
    """A family given either by ``mean`` and ``cv`` or by its standard parameters, never a mixture of both."""

    mean: PositiveFloat | None = None
    cv: PositiveFloat | None = None

    def _given_by_mean(self, *standard: str) -> bool:
        by_mean = [name for name in ("mean", "cv") if getattr(self, name) is not None]
        by_standard = [name for name in standard if getattr(self, name) is not None]
        if len(by_mean) == 2 and not by_standard:
            return True
        if len(by_standard) == len(standard) and not by_mean:
            return False
        raise ValueError(f"give either 'mean' and 'cv', or {' and '.join(repr(name) for name in standard)}")


class Constant(_Random):
    """Always the same value."""

    kind: Literal["constant"]
    value: float

    def _law(self) -> Distribution:
        return laws.Constant(self.value)


class Exponential(_Random):
    """Exponential by its mean."""

    kind: Literal["exponential"]
    mean: PositiveFloat

    def _law(self) -> Distribution:
        return laws.Exponential(self.mean)


class Gamma(_MeanOrStandard):
    """Gamma by mean and cv, or by shape and scale."""

    kind: Literal["gamma"]
    shape: PositiveFloat | None = None
    scale: PositiveFloat | None = None

    @model_validator(mode="after")
    def _one_parameterisation(self) -> Self:
        self._given_by_mean("shape", "scale")
        return self

    def _law(self) -> Distribution:
        if self.mean is not None and self.cv is not None:
            return laws.gamma_by_mean(self.mean, self.cv)
        assert self.shape is not None  # noqa: S101  (the validator has seen to it)
        assert self.scale is not None  # noqa: S101
        return laws.Gamma(self.shape, self.scale)


class Lognormal(_MeanOrStandard):
    """Lognormal by mean and cv, by mu and sigma, or by median and sigma."""

    kind: Literal["lognormal"]
    mu: float | None = None
    median: PositiveFloat | None = None
    sigma: PositiveFloat | None = None

    @model_validator(mode="after")
    def _one_parameterisation(self) -> Self:
        if self.median is not None:
            if self.sigma is None or self.mu is not None or self.mean is not None or self.cv is not None:
                raise ValueError("with 'median' give 'sigma', and nothing else")
        else:
            self._given_by_mean("mu", "sigma")
        return self

    def _law(self) -> Distribution:
        if self.mean is not None and self.cv is not None:
            return laws.lognormal_by_mean(self.mean, self.cv)
        assert self.sigma is not None  # noqa: S101
        if self.median is not None:
            return laws.Lognormal(math.log(self.median), self.sigma)
        assert self.mu is not None  # noqa: S101
        return laws.Lognormal(self.mu, self.sigma)


class Weibull(_MeanOrStandard):
    """Weibull by mean and cv, or by shape and scale."""

    kind: Literal["weibull"]
    shape: PositiveFloat | None = None
    scale: PositiveFloat | None = None

    @model_validator(mode="after")
    def _one_parameterisation(self) -> Self:
        self._given_by_mean("shape", "scale")
        return self

    def _law(self) -> Distribution:
        if self.mean is not None and self.cv is not None:
            return laws.weibull_by_mean(self.mean, self.cv)
        assert self.shape is not None  # noqa: S101
        assert self.scale is not None  # noqa: S101
        return laws.Weibull(self.shape, self.scale)


class Pareto(_MeanOrStandard):
    """Pareto II (Lomax) by mean and cv (above 1), or by alpha and theta: S(x) = (theta / (x + theta))^alpha."""

    kind: Literal["pareto"]
    alpha: PositiveFloat | None = None
    theta: PositiveFloat | None = None

    @model_validator(mode="after")
    def _one_parameterisation(self) -> Self:
        if self._given_by_mean("alpha", "theta") and self.cv is not None and self.cv <= 1:
            raise ValueError("a Pareto law has a cv above 1")
        return self

    def _law(self) -> Distribution:
        if self.mean is not None and self.cv is not None:
            return laws.pareto_by_mean(self.mean, self.cv)
        assert self.alpha is not None  # noqa: S101
        assert self.theta is not None  # noqa: S101
        return laws.Pareto(self.alpha, self.theta)


class Uniform(_Random):
    """Uniform between low and high."""

    kind: Literal["uniform"]
    low: float
    high: float

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if not self.low < self.high:
            raise ValueError(f"'low' ({self.low:g}) must be below 'high' ({self.high:g})")
        return self

    def _law(self) -> Distribution:
        return laws.Uniform(self.low, self.high)


class Poisson(_Random):
    """Poisson by its mean."""

    kind: Literal["poisson"]
    mean: PositiveFloat

    def _law(self) -> Distribution:
        return laws.Poisson(self.mean)


class Empirical(_Random):
    """Equal weight on each listed value."""

    kind: Literal["empirical"]
    values: tuple[float, ...] = Field(min_length=1)

    def _law(self) -> Distribution:
        return composed.Empirical(self.values)


class Discrete(_Random):
    """Listed values with listed weights."""

    kind: Literal["discrete"]
    values: tuple[float, ...] = Field(min_length=1)
    weights: tuple[Annotated[float, Field(ge=0)], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _as_many_weights_as_values(self) -> Self:
        if len(self.values) != len(self.weights):
            raise ValueError(f"{len(self.values)} values need as many weights, not {len(self.weights)}")
        if sum(self.weights) <= 0:
            raise ValueError("at least one weight must be above 0")
        return self

    def _law(self) -> Distribution:
        return composed.Discrete(self.values, self.weights)


class Mixture(_Random):
    """A weighted mixture of other distributions."""

    kind: Literal["mixture"]
    weights: tuple[PositiveFloat, ...] = Field(min_length=1)
    parts: tuple[Random, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _as_many_weights_as_parts(self) -> Self:
        if len(self.parts) != len(self.weights):
            raise ValueError(f"{len(self.parts)} parts need as many weights, not {len(self.weights)}")
        return self

    def _law(self) -> Distribution:
        return composed.Mixture(self.weights, tuple(part.law() for part in self.parts))


Random = Annotated[
    Constant
    | Exponential
    | Gamma
    | Lognormal
    | Weibull
    | Pareto
    | Uniform
    | Poisson
    | Empirical
    | Discrete
    | Mixture,
    Field(discriminator="kind"),
]
"""Any distribution of the language, told apart by ``kind``."""

Mixture.model_rebuild()
