"""A random quantity by name and parameters, and the law it compiles to."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

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

    @cached_property
    def compiled(self) -> Distribution:
        """The distribution that is drawn by inverse transform."""
        law = self._law()
        return law if self.between is None else composed.Truncated(law, *self.between)

    def law(self) -> Distribution:
        """Return the distribution that is drawn by inverse transform."""
        return self.compiled


class _TwoWays(_Random):
    """A family given either by ``mean`` and ``cv`` or by its two standard parameters, never by a mixture of both."""

    STANDARD: ClassVar[tuple[str, str]]
    LAWS: ClassVar[tuple[Callable[[float, float], Distribution], Callable[[float, float], Distribution]]]

    mean: PositiveFloat | None = None
    cv: PositiveFloat | None = None

    def _given(self, names: tuple[str, ...]) -> list[float]:
        return [getattr(self, name) for name in names if getattr(self, name) is not None]

    @model_validator(mode="after")
    def _one_way_only(self) -> Self:
        by_mean, standard = self._given(("mean", "cv")), self._given(self.STANDARD)
        if sorted((len(by_mean), len(standard))) != [0, 2]:
            raise ValueError(f"give either 'mean' and 'cv', or {' and '.join(map(repr, self.STANDARD))}")
        return self

    def _law(self) -> Distribution:
        by_mean, by_standard = self.LAWS
        if self.mean is not None:
            return by_mean(*self._given(("mean", "cv")))
        return by_standard(*self._given(self.STANDARD))


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


class Gamma(_TwoWays):
    """Gamma by mean and cv, or by shape and scale."""

    STANDARD = ("shape", "scale")
    LAWS = (laws.gamma_by_mean, laws.Gamma)

    kind: Literal["gamma"]
    shape: PositiveFloat | None = None
    scale: PositiveFloat | None = None


class Weibull(_TwoWays):
    """Weibull by mean and cv, or by shape and scale."""

    STANDARD = ("shape", "scale")
    LAWS = (laws.weibull_by_mean, laws.Weibull)

    kind: Literal["weibull"]
    shape: PositiveFloat | None = None
    scale: PositiveFloat | None = None


class Lognormal(_TwoWays):
    """Lognormal by mean and cv, by mu and sigma, or by median and sigma."""

    STANDARD = ("mu", "sigma")
    LAWS = (laws.lognormal_by_mean, laws.Lognormal)

    kind: Literal["lognormal"]
    mu: float | None = None
    median: PositiveFloat | None = None
    sigma: PositiveFloat | None = None

    @model_validator(mode="before")
    @classmethod
    def _median_is_a_mu(cls, data: Any) -> Any:
        """Read a median as the mu it is the exponential of, so that a law is saved in one way only."""
        if (
            isinstance(data, dict)
            and isinstance(median := data.get("median"), int | float | Decimal)
            and median > 0
        ):
            if data.get("mu") is not None:
                raise ValueError("give either 'mu' or 'median', not both")
            return {**{key: value for key, value in data.items() if key != "median"}, "mu": math.log(median)}
        return data


class Pareto(_TwoWays):
    """Pareto II (Lomax) by mean and cv (above 1), or by alpha and theta: S(x) = (theta / (x + theta))^alpha."""

    STANDARD = ("alpha", "theta")
    LAWS = (laws.pareto_by_mean, laws.Pareto)

    kind: Literal["pareto"]
    alpha: PositiveFloat | None = None
    theta: PositiveFloat | None = None

    @model_validator(mode="after")
    def _cv_is_above_one(self) -> Self:
        if self.cv is not None and self.cv <= 1:
            raise ValueError("a Pareto law has a cv above 1")
        return self


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


def _draws_something(law: _Random) -> _Random:
    """Refuse an interval in which no value of the law lies; a law is whole only here, checks of its own done."""
    try:
        law.law()
    except ValueError:
        if law.between is None:
            raise
        low, high = law.between
        raise ValueError(f"no value lies 'between' {low:g} and {high:g}") from None
    return law


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
    AfterValidator(_draws_something),
]
"""Any distribution of the language, told apart by ``kind``."""

Mixture.model_rebuild()
