"""Which injuries a scheme covers, whose they are, and which of them are reported."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from injurysim.scenario.distribution import Random
from injurysim.scenario.names import Name
from injurysim.scenario.values import Part, Share, Unit, Value


class OrderWindow(Part):
    """While executing an order, from acceptance to completion."""

    kind: Literal["order"]


class OnlineWindow(Part):
    """While the app is open, with an order in hand or waiting for one."""

    kind: Literal["online"]


Cover = Annotated[OrderWindow | OnlineWindow, Field(discriminator="kind")]


class WhereItHappened(Part):
    """Liable, rated and paying is the platform of the order in hand, or while waiting that of the open app."""

    kind: Literal["where_it_happened"]


Attribution = WhereItHappened


class ReportBySeverity(Part):
    """A share by severity is reported, after a delay; the severities of the world must all be named."""

    kind: Literal["by_severity"]
    severities: dict[Name, Annotated[Value[Share], Unit("share of covered injuries reported")]] = Field(
        min_length=1
    )
    not_covered_factor: Annotated[Value[Share], Unit("factor on the share, for injuries outside cover")]
    lag_days: Random = Field(description="days from the injury to the report")


class ReportAll(Part):
    """Every injury is reported at once."""

    kind: Literal["all"]


Report = Annotated[ReportAll | ReportBySeverity, Field(discriminator="kind")]
