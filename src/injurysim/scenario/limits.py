"""Fatigue limits: a rest after a spell of work, a log-off at a day's hours; on one app or over all of them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from injurysim.scenario.names import Name, Text
from injurysim.scenario.values import Part, Positive, Unit, Value


class _Limit(Part):
    """What every limit says: its clock, its scope, and the days on which it holds."""

    title: Text | None = None
    clock: Literal["online"] = "online"
    scope: Literal["platform", "all_platforms"]
    platforms: tuple[Name, ...] | None = Field(
        default=None,
        description="platforms that apply the limit (all when left out); only with scope 'platform'",
    )
    first_day: dt.date | None = Field(default=None, description="the limit holds for shifts from this day on")
    last_day: dt.date | None = Field(default=None, description="and up to and including this day")

    @model_validator(mode="after")
    def _scope_and_days(self) -> Self:
        if self.platforms is not None and self.scope != "platform":
            raise ValueError(
                "'platforms' goes with scope 'platform'; a limit over all platforms counts every app"
            )
        if self.first_day is not None and self.last_day is not None and self.last_day < self.first_day:
            raise ValueError(f"'last_day' {self.last_day} is before 'first_day' {self.first_day}")
        return self


class DayLogoff(_Limit):
    """At this many worked hours in a shift the app logs the rider off; back the next day.

    ``stop`` gives up the time still wanted on that app; ``switch`` takes it to the next app of the portfolio,
    after the last to the first, as long as one has room.
    """

    kind: Literal["day_logoff"]
    hours: Annotated[Value[Positive], Unit("hours worked in a shift")]
    response: Literal["stop", "switch"] = "stop"

    @model_validator(mode="after")
    def _switch_needs_another_app(self) -> Self:
        if self.response == "switch" and self.scope == "all_platforms":
            raise ValueError("a log-off over all platforms leaves no app to switch to; use response 'stop'")
        return self


class RestAfterSpell(_Limit):
    """After this many hours of work without a rest, no orders for so many minutes; none at the end of the work."""

    kind: Literal["rest_after_spell"]
    hours: Annotated[Value[Positive], Unit("hours worked since the last rest")]
    rest_minutes: Annotated[Value[Positive], Unit("minutes of rest")]


Limit = Annotated[DayLogoff | RestAfterSpell, Field(discriminator="kind")]
