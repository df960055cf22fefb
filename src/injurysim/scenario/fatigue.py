"""Fatigue: how the hazard of a worked minute rises with the rider's fatigue clock."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from injurysim.scenario.values import NonNegative, Part, Unit, Value


class NoFatigue(Part):
    """The hazard of a worked hour is flat."""

    kind: Literal["none"]


class FullRecovery(Part):
    """A rest of at least so many minutes sets the fatigue clock to zero; a shorter one does nothing."""

    kind: Literal["full"]
    after_minutes: Annotated[Value[NonNegative], Unit("minutes of rest")]


class RateRecovery(Part):
    """An hour of rest lowers the fatigue clock by so many hours, not below zero."""

    kind: Literal["rate"]
    hours_per_rest_hour: Annotated[Value[NonNegative], Unit("clock hours per hour of rest")]


Recovery = Annotated[FullRecovery | RateRecovery, Field(discriminator="kind")]


class Band(Part):
    """From this reading of the fatigue clock on, the hazard is multiplied by this."""

    from_hours: NonNegative
    multiplier: Annotated[Value[NonNegative], Unit("factor on the hazard")]


class HoursOnShift(Part):
    """A multiplier by hour on the fatigue clock: worked hours over all platforms, less what rest restores.

    The clock starts at zero with every shift.
    """

    kind: Literal["hours_on_shift"]
    bands: tuple[Band, ...] = Field(min_length=1)
    rest: Recovery

    @model_validator(mode="after")
    def _bands_rise_from_zero(self) -> Self:
        hours = [band.from_hours for band in self.bands]
        if hours[0] != 0:
            raise ValueError("the first band must start from hour 0")
        if any(later <= earlier for earlier, later in pairwise(hours)):
            raise ValueError("the bands must rise in 'from_hours'")
        if any((hour * 60) % 1 for hour in hours):
            raise ValueError("a band must start on a whole minute")
        return self


Fatigue = Annotated[NoFatigue | HoursOnShift, Field(discriminator="kind")]
