"""Who is in a scheme: eligibility, joining dates, registers, and the ways of being insured."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from injurysim.scenario.choice import Choice
from injurysim.scenario.names import Engager, Name, Relation
from injurysim.scenario.values import Count, Listed, NonNegative, Part, Share, Unit, Value, wrong


class Eligible(Part):
    """Whom the scheme is for; what is left out is not asked."""

    relations: Listed[Relation] | None = None
    engagers: Listed[Engager] | None = Field(default=None, description="who engages the rider")
    industries: Listed[Name] | None = None
    platforms: Listed[Name] | None = None
    regions: Listed[Name] | None = None
    groups: Listed[Name] | None = None
    age_from: Annotated[Value[Count], Unit("years of age")] | None = Field(
        default=None, description="youngest age, reached by the first day of the month"
    )
    age_below: Annotated[Value[Count], Unit("years of age")] | None = Field(
        default=None, description="age at which eligibility ends, on the first day of the month"
    )


class UncertainDate(Part):
    """A date that is not settled ("when appropriate"): one of several, drawn once a replication.

    One draw for each place that states one, however many platforms go by it.
    """

    dates: dict[dt.date, Annotated[Value[Share], Unit("probability of the date")]] = Field(
        min_length=1, description="first day of a month: its probability; what is left to 1 is never"
    )

    @model_validator(mode="after")
    def _adds_to_one_at_most(self) -> Self:
        total = sum((share.value for share in self.dates.values()), Decimal(0))
        if total > 1:
            what = f"the probabilities must not add to more than 1, and add to {total}"
            raise wrong(("dates",), what, "What is left to 1 is the probability of never.")
        return self


JoiningDate = dt.date | UncertainDate


def _dates_of(joining: JoiningDate | None) -> tuple[dt.date, ...]:
    if joining is None:
        return ()
    return (joining,) if isinstance(joining, dt.date) else tuple(joining.dates)


class RegionJoining(Part):
    """When the platforms of one region join; in place of what holds elsewhere."""

    joins: JoiningDate | None = Field(
        default=None, description="when platforms join here; left out: only those named"
    )
    platforms: dict[Name, JoiningDate] = Field(default_factory=dict, description="a platform's own date here")


class Register(Part):
    """The ledger of riders by which a scheme knows whom to insure.

    A share of riders is on it; one who begins on a platform is entered at the next report, due every so many
    months from the scheme's start.
    """

    completeness: Annotated[Value[Share], Unit("share of eligible riders that ever stand on the register")]
    reported_every_months: Annotated[
        Value[Annotated[int, Field(ge=1, le=120)]], Unit("months between reports")
    ]


class _Joining(Part):
    """When platforms join, and what keeps riders of a platform that has joined outside.

    A platform joins on the ``joins`` date, one named in ``platforms`` on its own date instead, and in a region
    named in ``regions`` by what is said there; without ``joins`` only those named ever join.
    """

    joins: JoiningDate | None = Field(
        default=None, description="when platforms join; left out: only those named"
    )
    platforms: dict[Name, JoiningDate] = Field(default_factory=dict, description="a platform's own date")
    regions: dict[Name, RegionJoining] = Field(default_factory=dict, description="a region's own dates")
    orders_per_month_at_least: Annotated[Value[Count], Unit("orders a month in a region")] | None = Field(
        default=None, description="a platform is in from the month after it first reached so many orders"
    )
    ledger: Register | None = None

    @model_validator(mode="after")
    def _months_are_whole(self) -> Self:
        for at, joining in self._stated():
            for date in _dates_of(joining):
                if date.day != 1:
                    what = f"a platform joins on the first day of a month, not on {date}, since a month's base is not split"
                    fix = f"Give {date:%Y-%m}-01 or the first of another month."
                    raise wrong((*at, "dates", date) if isinstance(joining, UncertainDate) else at, what, fix)
        return self

    def joining_dates(self) -> tuple[dt.date, ...]:
        """Return every date on which something may join."""
        return tuple(date for _, joining in self._stated() for date in _dates_of(joining))

    def _stated(self) -> Iterator[tuple[tuple[str, ...], JoiningDate | None]]:
        """Yield every place at which a joining date may stand, and what stands there."""
        yield ("joins",), self.joins
        for platform, joining in self.platforms.items():
            yield ("platforms", platform), joining
        for name, region in self.regions.items():
            yield ("regions", name, "joins"), region.joins
            for platform, joining in region.platforms.items():
                yield ("regions", name, "platforms", platform), joining

    def joining_date(self, platform: str, region: str | None = None) -> JoiningDate | None:
        """Return the day from which a platform is in, or None when it never is."""
        if region is not None and region in self.regions:
            here = self.regions[region]
            return here.platforms.get(platform, here.joins)
        return self.platforms.get(platform, self.joins)


class Mandatory(_Joining):
    """Every eligible rider is insured on each platform that has joined, from its first order there."""

    kind: Literal["mandatory"]


class Default(_Joining):
    """Every eligible rider is insured on each platform that has joined, unless the rider opts out."""

    kind: Literal["default"]
    opt_out: Choice = Field(description="the choice to leave; its probability is that of being uninsured")
    decides_every_months: Annotated[
        Value[Annotated[int, Field(ge=1, le=120)]], Unit("months between decisions")
    ]


class Voluntary(_Joining):
    """Eligible riders choose whether to be insured, on all their platforms that have joined.

    They decide in their first month under the scheme, and anew every so many months.
    """

    kind: Literal["voluntary"]
    choice: Choice = Field(description="the choice to be insured")
    decides_every_months: Annotated[
        Value[Annotated[int, Field(ge=1, le=120)]], Unit("months between decisions")
    ]


class MainPlatform(_Joining):
    """A rider is insured only on the platform worked on most: by the months before, at first by the portfolio."""

    kind: Literal["main_platform"]
    by: Literal["orders", "online_hours", "earnings"] = "orders"
    months: Annotated[Value[Annotated[int, Field(ge=1, le=36)]], Unit("months looked back over")]


class Condition(Part):
    """So much work within the months before."""

    count: Literal["days", "orders", "online_hours", "earnings_yuan"]
    at_least: Annotated[
        Value[NonNegative], Unit("days, orders, hours or yuan in the months looked back over")
    ]
    on: Literal["one_platform", "all_platforms"] = Field(
        default="one_platform",
        description="one_platform: met on each platform for itself; all_platforms: days count once a platform",
    )
    months: Annotated[Value[Annotated[int, Field(ge=1, le=36)]], Unit("months looked back over")]


class Threshold(_Joining):
    """A rider is insured from the month after any of the conditions is met, as long as it is."""

    kind: Literal["threshold"]
    any_of: tuple[Condition, ...] = Field(min_length=1)


Enrolment = Annotated[Mandatory | Default | Voluntary | MainPlatform | Threshold, Field(discriminator="kind")]


def choice_of(rule: Enrolment) -> Choice | None:
    """Return the choice by which riders are insured or leave, None where nobody chooses."""
    if isinstance(rule, Voluntary):
        return rule.choice
    return rule.opt_out if isinstance(rule, Default) else None
