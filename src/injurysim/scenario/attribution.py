"""Whose an injury is: who is liable, whose rating is charged and which account pays, three questions kept apart."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from injurysim.scenario.names import Name
from injurysim.scenario.values import Part, Unit, Value


class Whose(Part):
    """One of the three questions: with orders of two platforms in hand, and with none.

    With orders of one platform in hand it is always that platform. What goes by recent orders, earnings or time online
    looks back over whole months before that of the injury; a rider without any goes by the split of the portfolio.
    """

    two_orders: Literal["first_accepted", "by_orders", "by_recent_earnings", "pooled"] = Field(
        default="first_accepted",
        description=(
            "by_orders, by_recent_earnings: shares by the rider's recent orders or earnings on the two platforms;"
            " pooled: no platform, but all of the scheme together"
        ),
    )
    no_order: Literal["open_app", "last_completed", "next_accepted", "by_online_time", "pooled", "none"] = (
        Field(
            default="open_app",
            description=(
                "open_app: whose app the rider was using; last_completed, next_accepted: the platform of the order"
                " before or after; by_online_time: shares by the rider's recent time online; pooled: no platform, but"
                " all of the scheme together; none: nobody's, so nobody files or pays employer items"
            ),
        )
    )


class Attribution(Part):
    """Liable files and pays employer items; rating is charged in the paid ratio; paying names the account.

    ``platform_accounts`` gives a platform an account of its own (each platform's insurer), which pays in the share in
    which the platform is paying; what is pooled or nobody's is paid from the scheme's account.
    """

    liable: Whose = Whose()
    rating: Whose = Whose()
    paying: Whose = Whose()
    recent_months: Annotated[
        Value[Annotated[int, Field(ge=1, le=36)]], Unit("months of earnings, orders or time online")
    ] = Field(default_factory=lambda: Value[int](value=3))
    platform_accounts: dict[Name, Name] = Field(
        default_factory=dict,
        description="platform: the account that receives its contributions and pays its claims",
    )
