"""Groups of riders: how many, who engages them, on which platforms and how they work."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from injurysim.scenario.distribution import Random
from injurysim.scenario.names import Name, Relation, Text
from injurysim.scenario.values import Count, NonNegative, Part, Positive, Share, Unit, Value, number

MOST_WANTED_HOURS = 20
"""Longest wanted work in a shift, hours."""


def shares_problem(shares: dict[str, Decimal]) -> str | None:
    """Say what is wrong with shares that must add to 1, or None."""
    total = sum(shares.values(), Decimal(0))
    return None if total == 1 else f"the shares must add to 1, and add to {total}"


class Portfolio(Part):
    """Platforms a rider works on in a shift, one after another in this order, and the split of the time."""

    weight: Annotated[Value[NonNegative], Unit("relative weight among the group's portfolios")] = Field(
        default_factory=lambda: number("1")
    )
    split: dict[Name, Value[Share]] = Field(
        min_length=1, max_length=8, description="platform: share of the time"
    )

    @model_validator(mode="after")
    def _split_adds_to_one(self) -> Self:
        if problem := shares_problem({name: share.value for name, share in self.split.items()}):
            raise ValueError(problem)
        if any(share.value * 10_000 % 1 for share in self.split.values()):
            raise ValueError("a share of the split has four decimals at most (a basis point)")
        return self


class Attendance(Part):
    """The chance of working on a day, by the kind of day."""

    workday: Annotated[Value[Share], Unit("chance of working on a day")]
    weekend: Annotated[Value[Share], Unit("chance of working on a day")]
    holiday: Annotated[Value[Share], Unit("chance of working on a day")]


class Work(Part):
    """When and how long a rider of the group works."""

    attendance: Attendance
    start_hour: Random = Field(description="hour of the day at which a shift starts, from 0 to below 24")
    wanted_hours: Random = Field(
        description="hours the rider wants to work, drawn anew each worked day, at most 20"
    )


class NoFrailty(Part):
    """All riders of the group are alike."""

    kind: Literal["none"]


class GammaFrailty(Part):
    """A gamma factor of mean one on the hazard, per rider and for life."""

    kind: Literal["gamma"]
    shape: Annotated[Value[Positive], Unit("gamma shape (variance is 1/shape)")]


Frailty = Annotated[NoFrailty | GammaFrailty, Field(discriminator="kind")]


class Group(Part):
    """Riders who are alike but for what is drawn."""

    title: Text | None = None
    region: Name
    riders: Annotated[Value[Count], Unit("riders")]
    relation: dict[Relation, Value[Share]] = Field(min_length=1)
    portfolios: dict[Name, Portfolio] = Field(min_length=1)
    work: Work
    frailty: Frailty = NoFrailty(kind="none")
    hazard_factor: Annotated[Value[NonNegative], Unit("factor on the hazard of the industry")] = Field(
        default_factory=lambda: number("1")
    )
    age_years: Random = Field(description="age of a rider at the start, in years")

    @model_validator(mode="after")
    def _relations_add_to_one(self) -> Self:
        if problem := shares_problem({name: share.value for name, share in self.relation.items()}):
            raise ValueError(f"relation: {problem}")
        return self
