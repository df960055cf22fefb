"""Fatigue: how the hazard of a worked minute rises with the rider's fatigue clock."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from injurysim.scenario.names import HourOfDay
from injurysim.scenario.values import NonNegative, Part, Positive, Unit, Value, is_whole, number

Multiplier = Annotated[Value[NonNegative], Unit("factor on the hazard")]


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

    from_hours: NonNegative = Field(description="hours from which the multiplier holds")
    multiplier: Multiplier


Bands = Annotated[tuple[Band, ...], Field(min_length=1)]


MOST_START = 10**6
"""No band starts later, in its unit: the clocks of fatigue count minutes of shifts, days and weeks."""


def bands_problem(starts: list[Decimal], minutes: int) -> str | None:
    """Say what is wrong with the starts of bands, in a unit of so many minutes, or None."""
    if starts[0] != 0:
        return "the first band must start from 0"
    if any(later <= earlier for earlier, later in pairwise(starts)):
        return "the bands must rise"
    if starts[-1] > MOST_START:
        return f"a band from {starts[-1]} on is never reached; leave it out"
    if any(not is_whole(start * minutes) for start in starts):
        return "a band must start on a whole minute"
    return None


class HoursOnShift(Part):
    """A multiplier by hour on the fatigue clock: worked hours over all platforms, less what rest restores.

    The clock starts at zero with every shift.
    """

    kind: Literal["hours_on_shift"]
    bands: Bands
    rest: Recovery

    @model_validator(mode="after")
    def _bands_rise_from_zero(self) -> Self:
        if problem := bands_problem([band.from_hours for band in self.bands], 60):
            raise ValueError(problem)
        return self


class BreakBand(Part):
    """From so many minutes of work since the last break on, the hazard is multiplied by this."""

    from_minutes: NonNegative = Field(description="minutes from which the multiplier holds")
    multiplier: Multiplier


class SinceBreak(Part):
    """A multiplier by the minutes worked since the last rest that is long enough to be a break."""

    break_minutes: Annotated[Value[Positive], Unit("minutes of rest that make a break")]
    bands: Annotated[tuple[BreakBand, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _bands_rise_from_zero(self) -> Self:
        if problem := bands_problem([band.from_minutes for band in self.bands], 1):
            raise ValueError(problem)
        return self


class ShortRest(Part):
    """A multiplier on a day, and on the next, when fewer hours than these lie between two shifts."""

    below_hours: Annotated[Value[Positive], Unit("hours between two shifts")]
    multiplier: Multiplier


class Factors(Part):
    """Several multipliers, each left out (or 1) when it does not matter, and how they combine.

    ``product`` multiplies them; ``additive`` is 1 plus the sum of what each adds to 1, which must not be able to
    fall below 0; ``capped`` is the product, but never more than ``cap``.
    """

    kind: Literal["factors"]
    combine: Literal["product", "additive", "capped"] = Field(
        default="product", description="how the multipliers below make one"
    )
    cap: Annotated[Value[Positive], Unit("highest factor on the hazard")] | None = Field(
        default=None, description="with `combine: capped`, and only with it"
    )
    hours_on_shift: Bands | None = Field(
        default=None, description="by the hours worked on the shift over all apps, less what rests restore"
    )
    since_break: SinceBreak | None = None
    hour_of_day: dict[HourOfDay, Multiplier] = Field(
        default_factory=dict,
        description="hour from which a factor holds, until the next one listed; hour 0 must be among them",
    )
    week_hours: Bands | None = Field(
        default=None, description="by the hours worked in the seven days before the day of the shift"
    )
    consecutive_days: dict[Annotated[int, Field(ge=1, le=31)], Multiplier] = Field(
        default_factory=dict,
        description="number of the day in a row of days worked, from which a factor holds; day 1 among them",
    )
    short_rest: ShortRest | None = None
    rest: Recovery

    @field_validator("hour_of_day", "consecutive_days")
    @classmethod
    def _in_order(cls, steps: dict[int, Value[Decimal]]) -> dict[int, Value[Decimal]]:
        return dict(sorted(steps.items()))

    @model_validator(mode="after")
    def _cap_goes_with_capped(self) -> Self:
        if self.combine == "capped" and self.cap is None:
            raise ValueError("'combine: capped' needs a 'cap'")
        if self.combine != "capped" and self.cap is not None:
            raise ValueError(f"'cap' goes with 'combine: capped', not with '{self.combine}'")
        return self

    @model_validator(mode="after")
    def _sum_is_never_negative(self) -> Self:
        added = sum((min(part) - 1 for part in self._multipliers().values()), Decimal(0))
        if self.combine == "additive" and added < -1:
            lowest = ", ".join(f"{name} {min(part)}" for name, part in self._multipliers().items())
            raise ValueError(
                f"with 'combine: additive' the factor could be {1 + added}, below 0 (lowest: {lowest})"
            )
        return self

    def _multipliers(self) -> dict[str, list[Decimal]]:
        """Return the multipliers each part can give, by name; those of a part left out are none."""
        breaks = self.since_break.bands if self.since_break else ()
        parts = {
            "hours_on_shift": [band.multiplier.value for band in self.hours_on_shift or ()],
            "since_break": [band.multiplier.value for band in breaks],
            "hour_of_day": [factor.value for factor in self.hour_of_day.values()],
            "week_hours": [band.multiplier.value for band in self.week_hours or ()],
            "consecutive_days": [factor.value for factor in self.consecutive_days.values()],
            "short_rest": [Decimal(1), self.short_rest.multiplier.value] if self.short_rest else [],
        }
        return {name: part for name, part in parts.items() if part}

    @property
    def highest(self) -> float:
        """The most the multiplier can be: the cap, where there is one."""
        return math.inf if self.cap is None else float(self.cap.value)

    @model_validator(mode="after")
    def _parts_begin_at_the_beginning(self) -> Self:
        for name, bands in (("hours_on_shift", self.hours_on_shift), ("week_hours", self.week_hours)):
            if bands and (problem := bands_problem([band.from_hours for band in bands], 60)):
                raise ValueError(f"{name}: {problem}")
        if self.hour_of_day and 0 not in self.hour_of_day:
            raise ValueError("'hour_of_day' must say what holds from hour 0")
        if self.consecutive_days and 1 not in self.consecutive_days:
            raise ValueError("'consecutive_days' must say what holds on day 1")
        return self


Fatigue = Annotated[NoFatigue | HoursOnShift | Factors, Field(discriminator="kind")]


def factors_of(fatigue: Fatigue) -> Factors:
    """Return any fatigue as factors: the simpler kinds are special cases."""
    if isinstance(fatigue, Factors):
        return fatigue
    if isinstance(fatigue, HoursOnShift):
        return Factors(kind="factors", hours_on_shift=fatigue.bands, rest=fatigue.rest)
    never = RateRecovery(kind="rate", hours_per_rest_hour=number("0"))
    return Factors(kind="factors", rest=never)
