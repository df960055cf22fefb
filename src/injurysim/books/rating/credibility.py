"""Bühlmann-Straub credibility: how far a unit's own experience is believed.

Estimators as in VALIDATION G4 (Bühlmann and Straub 1970; Klugman, Panjer and Willmot, *Loss Models*, chapter 18), in
decimals of :data:`DIGITS` digits, so that a factor never hangs on binary rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Literal

DIGITS = 50
Mean = Literal["exposure", "credibility"]
"""How the collective mean is weighted: by exposure, or by credibility. Both conventions are in use."""


@dataclass(frozen=True)
class Structure:
    """What the experience of several units says about how much they differ.

    Attributes
    ----------
    within : expected process variance (EPV).
    between : variance of hypothetical means (VHM), 0 at least; None when the experience does not tell.
    weights, means : total weight and weighted mean of each unit.
    """

    within: Decimal
    between: Decimal | None
    weights: tuple[Decimal, ...]
    means: tuple[Decimal, ...]

    @property
    def k(self) -> Decimal | None:
        """EPV / VHM; None when nothing can be said about a difference between units."""
        if not self.between:
            return None
        with localcontext(prec=DIGITS):
            return self.within / self.between

    def credibilities(self) -> list[Decimal]:
        """Return Z of each unit."""
        return [credibility(weight, self.k) for weight in self.weights]

    def mean(self, by: Mean) -> Decimal:
        """Return the collective mean; by credibility, where all have none, by exposure."""
        weights = self.credibilities() if by == "credibility" else list(self.weights)
        if not any(weights):
            weights = list(self.weights)
        with localcontext(prec=DIGITS):
            return sum((w * x for w, x in zip(weights, self.means, strict=True)), Decimal(0)) / sum(weights)

    def premiums(self, by: Mean) -> list[Decimal]:
        """Return the credibility premium of each unit: Z × own mean + (1 − Z) × collective mean."""
        collective = self.mean(by)
        return [blend(z, own, collective) for z, own in zip(self.credibilities(), self.means, strict=True)]


def structure(values: Sequence[Sequence[Decimal]], weights: Sequence[Sequence[Decimal]]) -> Structure:
    """Estimate the structure of a collective, without bias.

    Parameters
    ----------
    values : sequence of sequences of Decimal
        X of each unit and period.
    weights : sequence of sequences of Decimal
        Their weights, positive, of the same shape; every unit has at least one period.

    Returns
    -------
    Structure
        VHM is None when there are fewer than two units, or no unit with two periods.
    """
    with localcontext(prec=DIGITS):
        of_units = tuple(sum(row, Decimal(0)) for row in weights)
        means = tuple(
            sum((m * x for m, x in zip(ms, xs, strict=True)), Decimal(0)) / total
            for ms, xs, total in zip(weights, values, of_units, strict=True)
        )
        freedom = sum(len(row) - 1 for row in values)
        if len(values) < 2 or not freedom:
            return Structure(Decimal(0), None, of_units, means)
        spread = sum(
            (
                m * (x - mean) ** 2
                for ms, xs, mean in zip(weights, values, means, strict=True)
                for m, x in zip(ms, xs, strict=True)
            ),
            Decimal(0),
        )
        within, total = spread / freedom, sum(of_units, Decimal(0))
        collective = sum((m * x for m, x in zip(of_units, means, strict=True)), Decimal(0)) / total
        among = sum((m * (x - collective) ** 2 for m, x in zip(of_units, means, strict=True)), Decimal(0))
        effective = total - sum((m * m for m in of_units), Decimal(0)) / total
        between = (among - (len(of_units) - 1) * within) / effective
        return Structure(within, max(between, Decimal(0)), of_units, means)


def credibility(weight: Decimal, k: Decimal | None) -> Decimal:
    """Return Z = w / (w + K); 0 without a K, which stands for units that do not differ."""
    if k is None:
        return Decimal(0)
    with localcontext(prec=DIGITS):
        return weight / (weight + k)


def blend(z: Decimal, own: Decimal, collective: Decimal) -> Decimal:
    """Return Z × own + (1 − Z) × collective."""
    with localcontext(prec=DIGITS):
        return z * own + (1 - z) * collective
