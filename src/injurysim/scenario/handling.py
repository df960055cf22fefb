"""How a reported claim moves: at once, or through confirmation officers, appraisal board and payment desk."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from injurysim.scenario.distribution import Random
from injurysim.scenario.values import Count, Part, Share, Unit, Value


class Immediate(Part):
    """Confirmed, awarded and paid at the instant of the report (the textbook case)."""

    kind: Literal["immediate"]


class Desk(Part):
    """A number of staff, and the working minutes one of them needs for a case."""

    staff: Annotated[Value[Count], Unit("staff in each region")]
    minutes: Random = Field(description="working minutes of one member of staff for a case")


class Board(Desk):
    """The labour-capacity appraisal board: a desk that sits on some weekdays only."""

    sitting_weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = Field(
        min_length=1, description="0 is Monday; a sitting that falls on a day off is not made up"
    )


class Offices(Part):
    """Offices of each region, on working days from opening to closing time.

    Work waits in a queue ordered by priority, acceptance and claim, and is picked at slot starts.
    """

    kind: Literal["offices"]
    papers_days: Random = Field(description="working days from the report until the papers are complete")
    confirmation: Desk
    confirmed_share: Annotated[Value[Share], Unit("share of covered claims confirmed")]
    decision_limit_days: Annotated[Value[Count], Unit("working days from acceptance to decision")]
    appraisal: Board
    payment: Desk
    opens_hour: Annotated[int, Field(ge=0, le=23)] = 9
    closes_hour: Annotated[int, Field(ge=1, le=24)] = 17
    slot_minutes: Annotated[int, Field(ge=1, le=480)] = 30

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens_hour >= self.closes_hour:
            raise ValueError(f"the offices close at {self.closes_hour} before they open at {self.opens_hour}")
        return self


Handling = Annotated[Immediate | Offices, Field(discriminator="kind")]
