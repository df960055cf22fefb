"""A distribution times a number: the law of ``factor X``, of the same kind."""

from __future__ import annotations

import math

from injurysim.scenario.distribution import Random

LENGTHS = ("value", "mean", "scale", "theta", "low", "high")
"""Parameters that are in the unit of the draw; a cv, a shape, a sigma or a weight is not."""


def stretched(law: Random, factor: float) -> Random:
    """Return the law of ``factor`` times a draw; of a Poisson law the one with ``factor`` times its mean.

    Parameters
    ----------
    law : distribution
    factor : float
        Above 0.

    Returns
    -------
    distribution
        Of the same kind, truncated to the interval times the factor.
    """
    stated = law.model_dump(exclude_none=True)
    update: dict[str, object] = {name: stated[name] * factor for name in LENGTHS if name in stated}
    if "mu" in stated:
        update["mu"] = stated["mu"] + math.log(factor)
    if "values" in stated:
        update["values"] = tuple(value * factor for value in stated["values"])
    if law.kind == "mixture":
        update["parts"] = tuple(stretched(part, factor) for part in law.parts)
    if law.between is not None:
        update["between"] = tuple(bound * factor for bound in law.between)
    return type(law).model_validate({**law.model_dump(exclude_none=True), **update})
