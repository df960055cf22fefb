"""Weather: the state of each day by region, and what a state does to demand, work and hazard."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from injurysim.scenario.names import MonthOfYear, Name, Wet
from injurysim.scenario.platforms import DemandFactor
from injurysim.scenario.values import NonNegative, Part, Positive, Share, Unit, Value, number

BelowOne = Annotated[Decimal, Field(ge=0, lt=1)]
"""A chance that is not certain: weather that never changed would have no long-run shares."""

Chances = dict[Wet, Annotated[Value[Share], Unit("chance of a day in this state")]]


class RegionWeather(Part):
    """The weather of a region: a Markov chain of daily states, with chances by month.

    A day keeps the state of the day before with probability ``persistence``, and otherwise draws one by the chances
    of its month; so the chances are the long-run shares of days, whatever the persistence.
    """

    chances: Chances = Field(
        default_factory=dict, description="state: chance of a day in it; the rest of the days are dry"
    )
    by_month: dict[MonthOfYear, Chances] = Field(
        default_factory=dict, description="month 1-12: its own chances, in place of those above"
    )
    persistence: Annotated[Value[BelowOne], Unit("chance that a day keeps the state of the day before")] = (
        Field(default_factory=lambda: number("0"))
    )

    @model_validator(mode="after")
    def _chances_add_to_one_at_most(self) -> Self:
        for month, chances in (("chances", self.chances), *self.by_month.items()):
            total = sum((chance.value for chance in chances.values()), Decimal(0))
            if total > 1:
                raise ValueError(f"{month}: the chances must not add to more than 1, and add to {total}")
        return self

    def of_month(self, month: int) -> Chances:
        """Return the chances of a month of the year, 1-12."""
        return self.by_month.get(month, self.chances)


class WeatherEffect(Part):
    """What a day in a state is like, as factors on a dry day."""

    demand: DemandFactor = Field(default_factory=lambda: number("1"))
    order_minutes: Annotated[Value[Positive], Unit("factor on the minutes of an order")] = Field(
        default_factory=lambda: number("1")
    )
    hazard: Annotated[Value[NonNegative], Unit("factor on the hazard")] = Field(
        default_factory=lambda: number("1")
    )
    attendance: Annotated[Value[NonNegative], Unit("factor on the chance of working")] = Field(
        default_factory=lambda: number("1")
    )


class Weather(Part):
    """Weather of the regions; a region left out is always dry."""

    regions: dict[Name, RegionWeather] = Field(min_length=1, description="region: its weather")
    effects: dict[Wet, WeatherEffect] = Field(
        default_factory=dict, description="state: what such a day is like; as a dry one when left out"
    )
