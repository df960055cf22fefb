"""A scenario file as a whole."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from injurysim.scenario.designs import Design
from injurysim.scenario.injuries import DisabilityGrade
from injurysim.scenario.names import Name, Source, Text
from injurysim.scenario.precision import MOST, Precision
from injurysim.scenario.values import Count, Part, Share, Unit, Value, number
from injurysim.scenario.world import World


class China(Part):
    """Weekends, statutory holidays and make-up days of China as published; beyond them the fixed dates."""

    kind: Literal["china"]


class ListedDays(Part):
    """Days off and make-up days one by one: what a resolved scenario holds."""

    kind: Literal["listed"]
    weekend: tuple[Annotated[int, Field(ge=0, le=6)], ...] = (5, 6)
    holidays: tuple[dt.date, ...] = ()
    makeup_workdays: tuple[dt.date, ...] = ()
    published_to: int | None = Field(default=None, description="last year whose days were published")


CalendarRule = Annotated[China | ListedDays, Field(discriminator="kind")]


class Horizon(Part):
    """Whole months of exposure from a first day, and months of run-off after them."""

    start: dt.date
    months: Annotated[int, Field(ge=1, le=600)]
    runoff_months: Annotated[int, Field(ge=0, le=600)] = 0

    @model_validator(mode="after")
    def _starts_with_a_month(self) -> Self:
        if self.start.day != 1:
            raise ValueError(f"a horizon starts on the first day of a month, not on {self.start}")
        return self


class Baseline(Part):
    """The world and the design the others are compared with."""

    world: Name
    design: Name


class Losses(Part):
    """What an injury costs the rider: medical cost, earnings lost while off work and for life.

    Earnings lost to permanent disability run to ``working_to_age`` and are discounted; for a death they are
    taken less the share the rider would have consumed. No pain and suffering.
    """

    working_to_age: Annotated[Value[Count], Unit("years of age")]
    discount: Annotated[Value[Share], Unit("interest a year")]
    earning_capacity_lost: dict[
        DisabilityGrade, Annotated[Value[Share], Unit("share of earnings lost for life")]
    ]
    own_consumption: Annotated[Value[Share], Unit("share of earnings a dead rider would have consumed")]


Scale = Annotated[Decimal, Field(gt=0, le=1)]


class Scenario(Part):
    """Worlds and designs to be compared, over a horizon, from a seed."""

    format: Literal[1] = 1
    name: Name
    title: Text
    question: Text | None = None
    sources: dict[str, Source] = Field(default_factory=dict)
    calendar: CalendarRule
    horizon: Horizon
    seed: Annotated[int, Field(ge=0, lt=2**32)]
    scale: Annotated[
        Value[Scale], Unit("share of riders, staff, pools and fixed costs that is simulated")
    ] = Field(default_factory=lambda: number("1"))
    replications: Annotated[int, Field(ge=1, le=MOST)] = 1
    precision: Precision | None = Field(default=None, description="in place of a number of replications")
    losses: Losses | None = None
    baseline: Baseline
    worlds: dict[Name, World] = Field(min_length=1)
    designs: dict[Name, Design] = Field(min_length=1)
