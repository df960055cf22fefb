"""Fatigue limits: a rest after a spell of work, a log-off at so many hours; and fewer orders in bad weather.

A limit runs on a clock of its own, on one app or over all of them, on some days and in some regions, and is kept by
those who keep it.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from injurysim.core.errors import InputError
from injurysim.scenario.names import Name, Text, Wet
from injurysim.scenario.platforms import DemandFactor
from injurysim.scenario.values import Listed, NonNegative, Part, Positive, Share, Unit, Value, number


class _Rule(Part):
    """What every rule says: where and when it holds, for shifts that belong to a day."""

    title: Text | None = None
    regions: Listed[Name] | None = Field(
        default=None, description="regions where it holds (all when left out)"
    )
    platforms: Listed[Name] | None = Field(
        default=None,
        description="platforms that apply it (all when left out); not with scope 'all_platforms'",
    )
    first_day: dt.date | None = Field(default=None, description="the rule holds for shifts from this day on")
    last_day: dt.date | None = Field(default=None, description="and up to and including this day")

    @model_validator(mode="after")
    def _days_are_in_order(self) -> Self:
        if self.first_day is not None and self.last_day is not None and self.last_day < self.first_day:
            raise ValueError(f"'last_day' {self.last_day} is before 'first_day' {self.first_day}")
        return self

    def changes(self) -> tuple[int, ...]:
        """Return the days (proleptic ordinals) from which on it holds, or holds no more."""
        begins = () if self.first_day is None else (self.first_day.toordinal(),)
        ended = () if self.last_day is None else (self.last_day.toordinal() + 1,)
        return begins + ended

    def holds_on(self, day: dt.date, region: str) -> bool:
        """Say whether it holds for shifts of a day in a region."""
        begun = self.first_day is None or self.first_day <= day
        ended = self.last_day is not None and self.last_day < day
        return begun and not ended and (self.regions is None or region in self.regions)


class _Limit(_Rule):
    """What every fatigue limit says: its clock, its scope, and who keeps it.

    ``online`` counts worked minutes, ``engaged`` those with an order in hand, ``billed`` the share of these that a
    platform bills, ``engaged_plus_allowance`` these and an allowance for waiting and preparing.
    """

    clock: Literal["online", "engaged", "billed", "engaged_plus_allowance"] = Field(
        default="online",
        description="which minutes count: worked, on an order, billed, or on an order and more",
    )
    allowance: Annotated[Value[NonNegative], Unit("share of engaged time added to it")] = Field(
        default_factory=lambda: number("0"), description="with clock 'engaged_plus_allowance' only"
    )
    scope: Literal["platform", "all_platforms"] = Field(
        description="whether each app counts its own minutes, or one clock those of the rider"
    )
    compliance: Annotated[Value[Share], Unit("share of riders who keep the limit")] = Field(
        default_factory=lambda: number("1"), description="drawn once for each rider"
    )

    @model_validator(mode="after")
    def _scope_and_clock(self) -> Self:
        if self.platforms is not None and self.scope != "platform":
            raise ValueError(
                "'platforms' goes with scope 'platform'; a limit over all platforms counts every app"
            )
        if self.allowance.value and self.clock != "engaged_plus_allowance":
            raise ValueError("'allowance' goes with clock 'engaged_plus_allowance'")
        return self


class _Logoff(_Limit):
    """At so many hours the app logs the rider off.

    ``stop`` gives up the time still wanted on that app; ``switch`` takes it to the next app of the portfolio,
    after the last to the first, as long as one has room; with ``comply_or_switch`` a share of riders switches, drawn
    once for each, and the rest stops.
    """

    hours: Annotated[Value[Positive], Unit("hours on the clock of the limit")]
    response: Literal["stop", "switch", "comply_or_switch"] = Field(
        default="stop", description="what a rider does with the time still wanted"
    )
    switch_share: Annotated[Value[Share], Unit("share of riders who switch")] = Field(
        default_factory=lambda: number("0"), description="with response 'comply_or_switch' only"
    )

    @model_validator(mode="after")
    def _switch_needs_another_app(self) -> Self:
        if self.response != "stop" and self.scope == "all_platforms":
            raise ValueError("a log-off over all platforms leaves no app to switch to; use response 'stop'")
        if self.switch_share.value and self.response != "comply_or_switch":
            raise ValueError("'switch_share' goes with response 'comply_or_switch'")
        return self


class DayLogoff(_Logoff):
    """A log-off at so many hours of a shift; back the next day, and ``off_hours`` later at the earliest."""

    kind: Literal["day_logoff"]
    off_hours: Annotated[Value[NonNegative], Unit("hours off after the log-off")] = Field(
        default_factory=lambda: number("0")
    )


class WeekLogoff(_Logoff):
    """A log-off at so many hours of a week, Monday to Sunday, by the days the shifts belong to."""

    kind: Literal["week_logoff"]


class MonthLogoff(_Logoff):
    """A log-off at so many hours of a calendar month, by the days the shifts belong to."""

    kind: Literal["month_logoff"]


class ConfirmAfter(_Limit):
    """At so many hours of a shift the app asks; who does not confirm stops, and a share of riders confirms."""

    kind: Literal["confirm_after"]
    hours: Annotated[Value[Positive], Unit("hours on the clock of the limit")]
    confirm_share: Annotated[Value[Share], Unit("share of riders who confirm and go on")]

    @model_validator(mode="after")
    def _only_confirming_matters(self) -> Self:
        if self.compliance.value != 1:
            raise ValueError("give 'confirm_share' alone: who confirms goes on")
        return self


class RestAfterSpell(_Limit):
    """After this many hours of work without a rest, no orders for so many minutes; none at the end of the work."""

    kind: Literal["rest_after_spell"]
    hours: Annotated[Value[Positive], Unit("hours on the clock of the limit since the last rest")]
    rest_minutes: Annotated[Value[Positive], Unit("minutes of rest")]


class BadWeather(_Rule):
    """In these states of the weather platforms offer fewer orders and allow more time for each."""

    kind: Literal["bad_weather"]
    states: tuple[Wet, ...] = Field(min_length=1, description="states of the weather in which it holds")
    demand: DemandFactor = Field(default_factory=lambda: number("1"))
    order_minutes: Annotated[Value[Positive], Unit("factor on the minutes of an order")] = Field(
        default_factory=lambda: number("1")
    )
    hazard: Annotated[Value[NonNegative], Unit("factor on the hazard")] = Field(
        default_factory=lambda: number("1")
    )


FatigueLimit = DayLogoff | WeekLogoff | MonthLogoff | ConfirmAfter | RestAfterSpell
"""A limit with a clock."""

Limit = Annotated[FatigueLimit | BadWeather, Field(discriminator="kind")]


def whole_minutes(minutes: Decimal, where: str) -> int:
    """Round minutes half up, and refuse what would be none at all: it could never be worked or rested.

    Raises
    ------
    InputError
        If they are less than half a minute.
    """
    whole = int(minutes.to_integral_value(ROUND_HALF_UP))
    if whole < 1:
        raise InputError.of(
            f"{minutes.normalize():f} minutes are less than half a minute",
            "Limits run in whole minutes: give one at least.",
            where=where,
        )
    return whole
