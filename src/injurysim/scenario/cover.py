"""Which injuries a scheme covers: the window, what is excluded, and what undeclared work or debts do to cover."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from injurysim.scenario.values import Count, NonNegative, Part, Share, Unit, Value, number

Consequence = Literal["full", "fund_advances_and_recovers", "platform_pays", "none"]
"""What becomes of cover: as if nothing were wrong; the account pays and claims it back from the platform; the platform
pays every benefit itself; no cover."""


class _Cover(Part):
    """What every window shares.

    ``undeclared`` holds for an injury on work that was not declared (in the share of the platform's work that is
    not), ``unpaid`` for one on a platform that owes more than ``unpaid_after_months`` months of contributions.
    """

    waiting_days: Annotated[
        Value[Count], Unit("days from a rider's first insured day before cover begins")
    ] = Field(default_factory=lambda: Value[int](value=0))
    excluded_share: Annotated[
        Value[Share], Unit("share of injuries that an exclusion takes out (drink, crime, self-harm)")
    ] = number("0")
    undeclared: Consequence = "full"
    unpaid: Consequence = "full"
    unpaid_after_months: Annotated[Value[Count], Unit("months of contributions owed")] = Field(
        default_factory=lambda: Value[int](value=1)
    )
    recovered_share: Annotated[Value[Share], Unit("share of what the account advanced that it gets back")] = (
        number("1")
    )
    recovered_after_months: Annotated[Value[Count], Unit("months from the payment to its recovery")] = Field(
        default_factory=lambda: Value[int](value=6)
    )


class OrderWindow(_Cover):
    """While executing an order, from acceptance to completion."""

    kind: Literal["order"]


class OrderPlusMinutes(_Cover):
    """While executing an order and, while waiting, for so many minutes after the last one in hand was done."""

    kind: Literal["order_plus_minutes"]
    minutes: Annotated[Value[NonNegative], Unit("minutes after an order")]


class OnlineWindow(_Cover):
    """While the app is open, with an order in hand or waiting for one."""

    kind: Literal["online"]


class CommuteWindow(_Cover):
    """While the app is open, on the way to the first order and on the way back from the last."""

    kind: Literal["commute"]


class DayWindow(_Cover):
    """The whole shift of a day on which an order was taken, trips to and from work included.

    A shift on a platform that gives orders is taken to have one.
    """

    kind: Literal["day"]


Cover = Annotated[
    OrderWindow | OrderPlusMinutes | OnlineWindow | CommuteWindow | DayWindow, Field(discriminator="kind")
]
