"""What is owed for cover: the base, the rate, who pays and when; and the factor that rating puts on it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from injurysim.scenario.names import Name
from injurysim.scenario.values import Dated, NonNegative, Part, Positive, Share, Unit, Value

Payer = Literal["platform", "worker", "engager", "state"]


class _Contribution(Part):
    """What every contribution says: who pays, and how many months after the base arises it is billed."""

    payer: Payer
    lag_months: Annotated[int, Field(ge=0, le=12)] = 0


class PerOrder(_Contribution):
    """An amount for every order, by industry; a platform may have its own."""

    kind: Literal["per_order"]
    industries: dict[Name, Annotated[Dated[NonNegative], Unit("yuan per order")]] = Field(
        default_factory=dict
    )
    platforms: dict[Name, Annotated[Dated[NonNegative], Unit("yuan per order")]] = Field(
        default_factory=dict, description="a platform's own amount, in place of its industry's"
    )


class PerDay(_Contribution):
    """An amount for every day with work on a platform, on each platform separately."""

    kind: Literal["per_day"]
    yuan: Annotated[Dated[NonNegative], Unit("yuan per rider-day")]


class PerMonth(_Contribution):
    """An amount for every rider with work on a platform in the month, on each platform separately."""

    kind: Literal["per_month"]
    yuan: Annotated[Dated[NonNegative], Unit("yuan per rider-month")]


class Payroll(_Contribution):
    """A rate on earnings from each platform, each worker's month held between a floor and a ceiling."""

    kind: Literal["payroll"]
    rate: Annotated[Dated[Share], Unit("share of payroll")]
    floor_yuan: Annotated[Dated[NonNegative], Unit("yuan per worker and month")] | None = None
    ceiling_yuan: Annotated[Dated[NonNegative], Unit("yuan per worker and month")] | None = None


class Free(Part):
    """Nothing is owed under the scheme."""

    kind: Literal["none"]


Contribution = Annotated[PerOrder | PerDay | PerMonth | Payroll | Free, Field(discriminator="kind")]


class NoRating(Part):
    """The base amount as it stands."""

    kind: Literal["none"]


class FixedFactor(Part):
    """One factor for all, for life."""

    kind: Literal["fixed"]
    factor: Annotated[Value[Positive], Unit("factor on the base amount")]
    grade: str = "fixed"


Rating = Annotated[NoRating | FixedFactor, Field(discriminator="kind")]
