"""Injuries: their hazard by industry, their severity and marks; and the recovery that follows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from injurysim.scenario.distribution import Random
from injurysim.scenario.groups import shares_problem
from injurysim.scenario.names import Name, Situation
from injurysim.scenario.values import NonNegative, Part, Share, Unit, Value, number, wrong

MOST_DAYS_OFF = 3650
"""Longest absence after an injury, days."""

DisabilityGrade = Annotated[int, Field(ge=1, le=10)]


class Severity(Part):
    """One class of severity and the marks of an injury in it."""

    share: Annotated[Value[Share], Unit("share of injuries")]
    medical_yuan: Random = Field(description="whole medical cost of an injury, yuan")
    days_off: Random = Field(description="whole days off work; negative values do not occur")
    disability: dict[DisabilityGrade, Value[Share]] = Field(
        default_factory=dict, description="grade 1-10: share of the class; the rest has no permanent grade"
    )
    fatal: bool = False

    @model_validator(mode="after")
    def _grades_fit(self) -> Self:
        total = sum((share.value for share in self.disability.values()), Decimal(0))
        if total > 1:
            raise wrong(("disability",), f"the shares must not add to more than 1, and add to {total}")
        if self.fatal and self.disability:
            raise ValueError("a fatal class has no disability grades")
        return self


class Situations(Part):
    """Hazard by situation, relative to that of the industry."""

    on_order: Annotated[Value[NonNegative], Unit("factor on the hazard")] = Field(
        default_factory=lambda: number("1")
    )
    waiting: Annotated[Value[NonNegative], Unit("factor on the hazard")] = Field(
        default_factory=lambda: number("1")
    )
    travelling: Annotated[Value[NonNegative], Unit("factor on the hazard, to the first order and back")] = (
        Field(default_factory=lambda: number("1"))
    )


class HazardInjuries(Part):
    """A rider is hurt when the integrated hazard of worked minutes crosses a unit-exponential clock."""

    kind: Literal["hazard"]
    per_1000_hours: dict[Name, Annotated[Value[NonNegative], Unit("injuries per 1000 worked hours")]] = Field(
        min_length=1, description="industry: hazard of a worked hour at fatigue multiplier 1"
    )
    situations: Situations = Situations()
    severities: dict[Name, Severity] = Field(
        min_length=1, description="class: its share and the marks of an injury in it; shares add to 1"
    )

    @field_validator("severities")
    @classmethod
    def _by_name(cls, severities: dict[str, Severity]) -> dict[str, Severity]:
        """Put classes in the order of their names, so that the order of a file changes no draw."""
        return dict(sorted(severities.items()))

    @model_validator(mode="after")
    def _severities_add_to_one(self) -> Self:
        if problem := shares_problem({name: each.share.value for name, each in self.severities.items()}):
            raise wrong(("severities",), problem)
        return self


class ListedInjury(Part):
    """One injury that happens for certain."""

    at: dt.datetime = Field(description="day and minute, as 2024-01-15 10:00:00")
    group: Name = Field(description="group of the rider")
    rider: int = Field(default=0, ge=0, description="ordinal of the rider in the group, from 0")
    platform: Name = Field(description="platform whose app is open")
    situation: Situation = Field(default="on_order", description="what the rider is doing")
    severity: Name = Field(description="one of `severities`")
    medical_yuan: NonNegative = Field(description="whole medical cost, yuan")
    days_off: int = Field(default=0, ge=0, description="whole days off work")
    disability_grade: DisabilityGrade | None = Field(
        default=None, description="grade 1-10; none when left out"
    )
    fatal: bool = Field(default=False, description="whether it is a death")

    @model_validator(mode="after")
    def _the_dead_have_no_grade(self) -> Self:
        if self.fatal and self.disability_grade is not None:
            raise ValueError("a fatal injury has no disability grade")
        return self


class ListedInjuries(Part):
    """Injuries given one by one: for replaying real cases, and for checking a ledger by hand."""

    kind: Literal["listed"]
    severities: tuple[Name, ...] = Field(min_length=1, description="classes of severity that may occur")
    items: tuple[ListedInjury, ...] = Field(description="the injuries, in any order")

    @model_validator(mode="after")
    def _severities_are_named(self) -> Self:
        for place, item in enumerate(self.items, start=1):
            if item.severity not in self.severities:
                raise ValueError(
                    f"item {place}: severity '{item.severity}' is not one of {list(self.severities)}"
                )
        return self


Injuries = Annotated[HazardInjuries | ListedInjuries, Field(discriminator="kind")]


class NoAbsence(Part):
    """An injury neither ends the shift nor costs a day (the textbook case)."""

    kind: Literal["none"]


class EndsShift(Part):
    """An injury ends the shift; the rider is back the next day."""

    kind: Literal["ends_shift"]


class OffWork(Part):
    """An injury ends the shift and the rider is off work for the days drawn."""

    kind: Literal["off_work"]


Recovery = Annotated[NoAbsence | EndsShift | OffWork, Field(discriminator="kind")]
