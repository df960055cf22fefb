"""Groups of riders: how many, who engages them, on which platforms and how they work."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from injurysim.scenario.distribution import Random
from injurysim.scenario.names import Engager, MonthOfYear, Name, Relation, Text
from injurysim.scenario.values import (
    Count,
    Dated,
    NonNegative,
    Part,
    Positive,
    Share,
    Unit,
    Value,
    is_whole,
    number,
    wrong,
)

MOST_WANTED_HOURS = 20
"""Longest wanted work in a shift, hours."""
LAST_START = 24
"""Latest start of a shift, hours; it belongs to the day it was planned for, at 24:00 too."""
MOST_COMMUTE_MINUTES = 240
"""Longest way to the first order, minutes."""
MOST_EXPERIENCE_MONTHS = 1200
"""Longest experience a rider brings along, months."""


def shares_problem(shares: dict[str, Decimal]) -> str | None:
    """Say what is wrong with shares that must add to 1, or None."""
    total = sum(shares.values(), Decimal(0))
    return None if total == 1 else f"the shares must add to 1, and add to {total}"


class Portfolio(Part):
    """Platforms a rider works on in a shift, one after another in this order, and the split of the time.

    With ``at_once`` all apps are open together and the split is that of the orders taken: of an app's orders the rider
    takes this share.
    """

    weight: Annotated[Value[NonNegative], Unit("relative weight among the group's portfolios")] = Field(
        default_factory=lambda: number("1")
    )
    split: dict[Name, Value[Share]] = Field(
        min_length=1, max_length=8, description="platform: share of the time"
    )
    at_once: bool = Field(default=False, description="whether all apps are open together")

    @model_validator(mode="after")
    def _split_adds_to_one(self) -> Self:
        if problem := shares_problem({name: share.value for name, share in self.split.items()}):
            raise ValueError(problem)
        if any(not is_whole(share.value * 10_000) for share in self.split.values()):
            raise ValueError("a share of the split has four decimals at most (a basis point)")
        return self


class Attendance(Part):
    """The chance of working on a day, by the kind of day."""

    workday: Annotated[Value[Share], Unit("chance of working on a day")]
    weekend: Annotated[Value[Share], Unit("chance of working on a day")]
    holiday: Annotated[Value[Share], Unit("chance of working on a day")]


class Season(Part):
    """Factors by month, 1 where left out."""

    attendance: dict[MonthOfYear, Annotated[Value[NonNegative], Unit("factor on the chance of working")]] = (
        Field(default_factory=dict)
    )
    hours: dict[MonthOfYear, Annotated[Value[Positive], Unit("factor on the wanted hours")]] = Field(
        default_factory=dict
    )


class Work(Part):
    """When and how long a rider of the group works."""

    attendance: Attendance
    start_hour: Random = Field(
        description="hour of the day at which a shift starts, from 0 to 24, to the quarter"
    )
    wanted_hours: Random = Field(
        description="hours the rider wants to work, drawn anew each worked day; with the season at most 20"
    )
    season: Season = Season()
    commute_minutes: Annotated[
        Value[Annotated[int, Field(ge=0, le=MOST_COMMUTE_MINUTES)]],
        Unit("minutes to the first order, and back from the last"),
    ] = Field(default_factory=lambda: Value[int](value=0))
    earnings_floor_yuan_per_hour: (
        Annotated[Value[NonNegative], Unit("yuan per online hour, topped up by the platform each month")]
        | None
    ) = None


class NoFrailty(Part):
    """All riders of the group are alike."""

    kind: Literal["none"]


class GammaFrailty(Part):
    """A gamma factor of mean one on the hazard, per rider and for life."""

    kind: Literal["gamma"]
    shape: Annotated[Value[Positive], Unit("gamma shape (variance is 1/shape)")]


class LognormalFrailty(Part):
    """A lognormal factor of mean one on the hazard, per rider and for life."""

    kind: Literal["lognormal"]
    cv: Annotated[Value[Positive], Unit("coefficient of variation")]


Frailty = Annotated[NoFrailty | GammaFrailty | LognormalFrailty, Field(discriminator="kind")]


class Shock(Part):
    """A gamma factor of mean one on the hazard that all riders of the group share, drawn anew each period."""

    cv: Annotated[Value[Positive], Unit("coefficient of variation")]
    months: Annotated[Value[Annotated[int, Field(ge=1)]], Unit("months of a period")] = Field(
        default_factory=lambda: Value[int](value=1)
    )


class Experience(Part):
    """A hazard that falls with experience: 1 + (at_entry - 1) exp(-m / months) after m whole months."""

    at_entry: Annotated[Value[NonNegative], Unit("factor on the hazard at entry")]
    months: Annotated[Value[Positive], Unit("months in which the excess falls to 1/e")]
    at_start: Random | None = Field(
        default=None,
        description="months of experience of riders present on the first day, at most 1200 (0 when left out)",
    )


class Entry(Part):
    """Riders who enter, each on a day of the month drawn evenly."""

    per_month: Annotated[Dated[Count], Unit("riders a month")]


BY_PLATFORM: dict[Engager, Value[Decimal]] = {"platform": number("1")}
"""Every rider engaged by the platform itself: what holds when nothing is said."""


class Reclassification(Part):
    """A share of one relation class is treated as another: registered as individual businesses, for example."""

    from_relation: Relation
    to_relation: Relation
    share: Annotated[Value[Share], Unit("share of the class that is moved")]

    @model_validator(mode="after")
    def _moves_somewhere(self) -> Self:
        if self.from_relation == self.to_relation:
            what = f"riders would be moved from '{self.from_relation}' to the same class"
            raise wrong(("to_relation",), what, "Name another class.")
        return self


class Group(Part):
    """Riders who are alike but for what is drawn."""

    title: Text | None = None
    region: Name = Field(description="region the riders live in")
    riders: Annotated[Value[Count], Unit("riders")]
    entry: Entry | None = None
    tenure_months: Random | None = Field(
        default=None,
        description="months from entry (or the first day) to leaving; nobody leaves when left out",
    )
    relation: dict[Relation, Value[Share]] = Field(
        min_length=1, description="relation class: share of the riders; they add to 1"
    )
    engager: dict[Engager, Value[Share]] = Field(
        default_factory=lambda: dict(BY_PLATFORM),
        min_length=1,
        description="who engages them: share of the riders; they add to 1",
    )
    reclassified: tuple[Reclassification, ...] = Field(
        default=(), description="moves from one relation class to another, one after the other"
    )
    portfolios: dict[Name, Portfolio] = Field(
        min_length=1, description="name: platforms a rider works on; each rider has one for good"
    )
    work: Work
    frailty: Frailty = NoFrailty(kind="none")
    shock: Shock | None = None
    experience: Experience | None = None
    hazard_factor: Annotated[Value[NonNegative], Unit("factor on the hazard of the industry")] = Field(
        default_factory=lambda: number("1")
    )
    age_years: Random = Field(description="age of a rider at the start, in years")

    @model_validator(mode="after")
    def _relations_add_to_one(self) -> Self:
        for field, shares in (("relation", self.relation), ("engager", self.engager)):
            if problem := shares_problem({name: share.value for name, share in shares.items()}):
                raise wrong((field,), problem)
        return self
