"""Platforms: the industry each serves, its demand for riders, what it pays for an order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from injurysim.scenario.distribution import Random
from injurysim.scenario.names import Name, Text
from injurysim.scenario.values import Count, NonNegative, Part, Unit, Value, number


class PoissonOrders(Part):
    """Orders reach a rider as a Poisson stream whatever the rider has in hand (M/G/infinity).

    The chance that a rider who has had the app open for t minutes has an order in hand is
    ``1 - exp(-rate * E[min(S, t)])``, S being the minutes an order takes.
    """

    kind: Literal["poisson"]
    per_hour: Annotated[Value[NonNegative], Unit("orders per accepting hour")]
    minutes: Random = Field(description="minutes from acceptance to delivery of one order")


class FixedOrders(Part):
    """Exactly so many orders on every day worked on the platform, and an order in hand all the while."""

    kind: Literal["fixed_per_day"]
    per_day: Annotated[Value[Count], Unit("orders per day worked")]


Orders = Annotated[PoissonOrders | FixedOrders, Field(discriminator="kind")]


class Platform(Part):
    """One platform."""

    title: Text | None = None
    industry: Name
    orders: Orders
    pay_per_order_yuan: Annotated[Value[NonNegative], Unit("yuan per order")] = Field(
        default_factory=lambda: number("0")
    )
