"""Capital values of pensions: Makeham mortality, lifetimes drawn from it, annuities and payments to come."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_BLOCK_YEARS = 10
_LONGEST_YEARS = 10_000
_NEGLIGIBLE = 1e-17
_NOBODY_LEFT = 40.0
"""Hazard gathered by which no more than e^-40 of the lives are left: what is paid later is worth nothing."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Makeham:
    """Mortality with force a + b·cˣ at age x (Makeham 1860; b = 0 is a constant force).

    Attributes
    ----------
    a : float
        Part of the force that does not depend on age, per year.
    b : float
        Part of the force that grows with age, at age 0, per year.
    c : float
        Factor of growth per year of age.
    """

    a: float
    b: float
    c: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.a) and math.isfinite(self.b) and math.isfinite(self.c)):
            raise ValueError(f"Makeham parameters must be finite, got a={self.a}, b={self.b}, c={self.c}")
        if self.b < 0 or self.c <= 0:
            raise ValueError(f"Makeham mortality needs b >= 0 and c > 0, got b={self.b}, c={self.c}")

    def force(self, age: float) -> float:
        """Force of mortality at an age in years, per year."""
        return self.a + self.b * float(self.c**age)

    def survival(self, age: float, years: ArrayLike, extra_force: float = 0.0) -> NDArray[np.float64]:
        """Probability that a life of an age is alive some years later: exp(−(a+ε)t − b·cˣ(cᵗ−1)/ln c).

        Parameters
        ----------
        age : float
            Age now, in years.
        years : array_like
            Years from now, t, of any shape.
        extra_force : float
            Constant addition ε to the force, per year (disabled lives).

        Returns
        -------
        ndarray of float
            Survival probabilities in the shape of `years`.
        """
        t = np.asarray(years, dtype=np.float64)
        growth = math.log(self.c)
        grown = t if growth == 0.0 else np.expm1(growth * t) / growth
        hazard = (self.a + extra_force) * t + self.b * self.c**age * grown
        return np.asarray(np.exp(-hazard), dtype=np.float64)

    def years_to(self, age: ArrayLike, hazard: ArrayLike, extra_force: float = 0.0) -> Floats:
        """Years in which a life of an age gathers so much hazard: the inverse of −ln S(t) in t.

        By Newton's method from above: the hazard gathered is convex and rises, and it reaches its goal no later
        than either of its two parts alone would, so the steps fall to the answer and cannot miss it.

        Parameters
        ----------
        age : array_like
            Ages now, in years.
        hazard : array_like
            Hazards to be gathered, 0 or more, broadcast with `age`.
        extra_force : float
            Constant addition to the force.

        Returns
        -------
        ndarray of float
            Years, in the broadcast shape; infinite where the force is 0 for ever.

        Raises
        ------
        ValueError
            When the force falls with age (c < 1) or a part of it is negative.
        """
        constant, growth = self.a + extra_force, math.log(self.c)
        if growth < 0.0 or constant < 0.0:
            raise ValueError("lifetimes need a force that is not negative and does not fall with age")
        x, goal = np.broadcast_arrays(np.asarray(age, np.float64), np.asarray(hazard, np.float64))
        ageing = self.b * self.c**x
        if growth == 0.0:
            constant, ageing = constant + self.b, np.zeros_like(x)
        with np.errstate(divide="ignore", invalid="ignore"):
            alone = goal / constant if constant else np.full(x.shape, math.inf)
            if growth == 0.0 or self.b == 0.0:
                return np.where(goal == 0.0, 0.0, alone)
            years = np.minimum(alone, np.log1p(goal * growth / ageing) / growth)
        for _ in range(100):
            gathered = constant * years + ageing * np.expm1(growth * years) / growth
            step = (gathered - goal) / (constant + ageing * np.exp(growth * years))
            years = np.maximum(years - step, 0.0)
            if np.all(np.abs(step) <= 1e-13 * (1.0 + years)):
                break
        return years

    def lifetime(self, age: ArrayLike, uniforms: ArrayLike, extra_force: float = 0.0) -> Floats:
        """Draw the years that lives of an age still live, by inverse transform: a small uniform is an early death.

        Parameters
        ----------
        age : array_like
            Ages now, in years.
        uniforms : array_like
            Strictly between 0 and 1, broadcast with `age`.
        extra_force : float
            Constant addition to the force (disabled lives).

        Returns
        -------
        ndarray of float
            Years from now, in the broadcast shape.
        """
        return self.years_to(age, -np.log1p(-np.asarray(uniforms, np.float64)), extra_force)


def annuity_due(
    age: float,
    rate: float,
    mortality: Makeham,
    payments_per_year: int = 1,
    years: float | None = None,
    extra_force: float = 0.0,
) -> float:
    """Value of 1 a year in advance while a life survives: Σ (1/m) (1+i)^(−k/m) S(k/m), k = 0, 1, ….

    Parameters
    ----------
    age : float
        Age at the first payment, in years.
    rate : float
        Interest a year, effective (0.03 for 3 %).
    mortality : Makeham
        The law of survival.
    payments_per_year : int
        m: equal payments of 1/m at the start of each m-th of a year.
    years : float, optional
        Term: payments at times before it. None pays for life.
    extra_force : float
        Constant addition to the force of mortality (disabled lives).

    Returns
    -------
    float
        The capital value of 1 a year; times the annual pension gives the fund's cost.

    Raises
    ------
    ValueError
        When the rate is −1 or less, there is no payment in a year, the term is negative, or the value of a
        life annuity is not finite.
    """
    if not rate > -1.0:
        raise ValueError(f"interest must be above -100 % a year, got {rate}")
    if payments_per_year < 1:
        raise ValueError(f"payments_per_year must be at least 1, got {payments_per_year}")
    if years is not None and not 0.0 <= years < math.inf:
        raise ValueError(f"the term must be finite and not negative, got {years} years")

    def value(first: int, last: int) -> tuple[float, float]:
        """Return the value of the payments `first` to `last` - 1, and that of the last of them."""
        times = np.arange(first, last) / payments_per_year
        worth = np.exp(-math.log1p(rate) * times) * mortality.survival(age, times, extra_force)
        return math.fsum(worth), float(worth[-1]) if worth.size else 0.0

    if years is not None:
        # A hair is taken off so that a term such as 0.1 + 0.2 years of payments is not one payment too long.
        return value(0, math.ceil(years * payments_per_year - 1e-9))[0] / payments_per_year
    total, block = 0.0, _BLOCK_YEARS * payments_per_year
    for first in range(0, _LONGEST_YEARS * payments_per_year, block):
        part, last_payment = value(first, first + block)
        total += part
        if last_payment * payments_per_year <= _NEGLIGIBLE * total:
            return total / payments_per_year
    raise ValueError("a life annuity without mortality and with this rate of interest has no finite value")


def months_of_life(age: float, mortality: Makeham, extra_force: float = 0.0) -> int:
    """Return the months after which so few lives of an age are left (e^−40) that payments to them are worth nothing.

    Raises
    ------
    ValueError
        When lives never end, or last 10 000 years.
    """
    years = float(mortality.years_to(age, _NOBODY_LEFT, extra_force))
    if not years < _LONGEST_YEARS:
        raise ValueError("a pension for life without mortality has no end")
    return math.ceil(12 * years)


def values_to_come(
    payments: ArrayLike, rate: float, survival: ArrayLike, payments_per_year: int = 12
) -> Floats:
    """Value payments to come at the beginning and just after each of them, for a life that is alive then.

    V(j) = Σ P(k) v^((k−j)/m) S(k) / S(j) over k > j, which is Thiele's equation solved from the end:
    V(j) = v^(1/m) S(j+1)/S(j) (P(j+1) + V(j+1)).

    Parameters
    ----------
    payments : array_like, shape (n,)
        P(1) … P(n), paid at times 1/m … n/m to a life that is alive then.
    rate : float
        Interest a year, effective.
    survival : array_like, shape (n + 1,)
        S(0) … S(n), above 0.
    payments_per_year : int
        m.

    Returns
    -------
    ndarray of float, shape (n + 1,)
        V(0) … V(n); the last is 0.
    """
    paid, alive = np.asarray(payments, np.float64), np.asarray(survival, np.float64)
    worth = np.exp(-math.log1p(rate) / payments_per_year * np.arange(len(alive))) * alive
    still = np.zeros(len(alive))
    still[:-1] = np.cumsum((paid * worth[1:])[::-1])[::-1]
    return np.asarray(still / worth, np.float64)
