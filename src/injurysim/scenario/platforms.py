"""Platforms: the industry each serves, its demand for riders, what it pays for an order."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from injurysim.scenario.distribution import Random
from injurysim.scenario.names import HourOfDay, MonthOfYear, Name, Text
from injurysim.scenario.values import Count, NonNegative, Part, Share, Unit, Value, number

DemandFactor = Annotated[Value[NonNegative], Unit("factor on orders per accepting hour")]


class Demand(Part):
    """How demand moves: factors by hour of the day, kind of day and month, all multiplied."""

    by_hour: dict[HourOfDay, DemandFactor] = Field(
        default_factory=dict,
        description="hour from which a factor holds, until the next one listed; hour 0 must be among them",
    )
    weekend: DemandFactor = Field(default_factory=lambda: number("1"))
    holiday: DemandFactor = Field(default_factory=lambda: number("1"))
    by_month: dict[MonthOfYear, DemandFactor] = Field(
        default_factory=dict, description="month 1-12: factor; 1 where left out"
    )

    @field_validator("by_hour")
    @classmethod
    def _in_order(cls, hours: dict[int, Value[Decimal]]) -> dict[int, Value[Decimal]]:
        return dict(sorted(hours.items()))

    @model_validator(mode="after")
    def _hours_begin_at_midnight(self) -> Self:
        if self.by_hour and 0 not in self.by_hour:
            raise ValueError("'by_hour' must say what holds from hour 0")
        return self


class _Orders(Part):
    """What orders that come at random have in common."""

    per_hour: Annotated[Value[NonNegative], Unit("orders per accepting hour")]
    minutes: Random = Field(description="minutes from acceptance to delivery of one order")
    demand: Demand = Demand()


class PoissonOrders(_Orders):
    """Orders reach a rider as a Poisson stream whatever the rider has in hand (M/G/infinity).

    The chance that a rider who has had the app open for t minutes has an order in hand is
    ``1 - exp(-rate * E[min(S, t)])``, S being the minutes an order takes.
    """

    kind: Literal["poisson"]


class OneAtATime(_Orders):
    """A rider without an order waits for one, ``per_hour`` being the rate, and takes no other until it is done."""

    kind: Literal["one_at_a_time"]


class FixedOrders(Part):
    """Exactly so many orders on every day worked on the platform, and an order in hand all the while."""

    kind: Literal["fixed_per_day"]
    per_day: Annotated[Value[Count], Unit("orders per day worked")]


Orders = Annotated[PoissonOrders | OneAtATime | FixedOrders, Field(discriminator="kind")]


class Platform(Part):
    """One platform."""

    title: Text | None = None
    industry: Name = Field(description="industry it serves; hazards and amounts go by it")
    orders: Orders
    pay_per_order_yuan: Annotated[Value[NonNegative], Unit("yuan per order")] = Field(
        default_factory=lambda: number("0")
    )
    turnover_per_order_yuan: Annotated[Value[NonNegative], Unit("yuan per order")] = Field(
        default_factory=lambda: number("0"),
        description="what the platform takes for an order; levies may go by it",
    )
    holiday_pay_factor: Annotated[Value[NonNegative], Unit("factor on the pay of orders on holidays")] = (
        Field(default_factory=lambda: number("1"))
    )
    billed_share: Annotated[Value[Share], Unit("share of the time on an order that is billed")] = Field(
        default_factory=lambda: number("1")
    )
    reoffer_share: Annotated[Value[Share], Unit("share of orders lost to limits that others take")] = Field(
        default_factory=lambda: number("0")
    )
