"""Which injuries are reported, by whom and by when."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from injurysim.scenario.distribution import Random
from injurysim.scenario.names import Name, Relation
from injurysim.scenario.values import Count, Dated, NonNegative, Part, Share, Unit, Value


class Filing(Part):
    """Who files: the platform within its days, else the worker.

    The platform files a share of what is reported, after ``platform_days``; the rest is filed by the worker (or a
    relative) after ``worker_days``. What is filed later than the bar of who files is time-barred.
    """

    platform_share: Annotated[Value[Share], Unit("share of reported injuries the platform files")]
    platform_days: Random = Field(description="days from the injury to the platform's report")
    platform_bar_days: Annotated[Value[Count], Unit("days in which the platform must file")]
    worker_days: Random = Field(description="days from the injury to the worker's report")
    worker_bar_days: Annotated[Value[Count], Unit("days in which the worker must file")]


class Suppression(Part):
    """A platform keeps back a claim that would cost it its grade.

    Where the scheme's rating goes by the paid ratio, a share of the claims which the platform would file and which
    would lift its ratio over the window so far into a higher factor is not filed, and then not by the worker either.
    """

    share: Annotated[Value[Share], Unit("share of such claims that are kept back")]


class ReportBySeverity(Part):
    """A share by severity is reported, after a delay; the severities of the world must all be named.

    Factors act on the odds of reporting, so that no share leaves 0 to 1: with share s and factor f it is
    f s / (1 - s + f s). ``not_covered_factor`` acts on the share itself.
    """

    kind: Literal["by_severity"]
    severities: dict[Name, Annotated[Value[Share], Unit("share of covered injuries reported")]] = Field(
        min_length=1
    )
    not_covered_factor: Annotated[Value[Share], Unit("factor on the share, for injuries outside cover")]
    lag_days: Random | None = Field(
        default=None, description="days from the injury to the report; left out where `filing` says them"
    )
    relations: dict[Relation, Annotated[Value[NonNegative], Unit("factor on the odds of reporting")]] = Field(
        default_factory=dict, description="relation class: factor; 1 where left out"
    )
    platforms: dict[Name, Annotated[Value[NonNegative], Unit("factor on the odds of reporting")]] = Field(
        default_factory=dict, description="platform: factor; 1 where left out"
    )
    awareness: Annotated[Dated[NonNegative], Unit("factor on the odds of reporting")] | None = Field(
        default=None, description="how well riders know of the scheme, dated: publicity, one-tap reporting"
    )
    filing: Filing | None = None
    suppression: Suppression | None = None


class ReportAll(Part):
    """Every injury is reported at once."""

    kind: Literal["all"]


Report = Annotated[ReportAll | ReportBySeverity, Field(discriminator="kind")]
