"""What is owed for cover: the base, the rate, who pays and when."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from injurysim.scenario.collection import Arrears, Declared, Inspection
from injurysim.scenario.groups import shares_problem
from injurysim.scenario.names import Name
from injurysim.scenario.values import Dated, NonNegative, Part, Positive, Share, Unit, Value, number, wrong

Payer = Literal["platform", "worker", "engager", "state"]


class BreakEven(Part):
    """A price nobody has published: rates keep their proportions and are multiplied so that income meets outgo.

    The factor is found before the run, on replications of its own that the run does not use: ultimate outgo of the
    account over contributions at the stated rates. The saved scenario holds it as ``price_factor``.
    """

    replications: Annotated[
        Value[Annotated[int, Field(ge=1, le=1000)]], Unit("replications the price is found on")
    ]
    world: Name | None = Field(
        default=None, description="world the price is found on; the baseline's when left out"
    )
    loading: Annotated[Value[NonNegative], Unit("share added to the break-even price")] = number("0")


class _Contribution(Part):
    """What every contribution says: who pays, when it is billed, what is declared, paid late and inspected.

    ``lag_months`` is how many months after the base arises it is billed. A region may have a factor on the rate.
    """

    payer: Payer | dict[Payer, Annotated[Value[Share], Unit("share of the contribution")]] = Field(
        description="who pays; or payers and the share of each, which add to 1"
    )
    lag_months: Annotated[int, Field(ge=0, le=12)] = 0
    region_factors: dict[Name, Annotated[Dated[Positive], Unit("factor on the rate")]] = Field(
        default_factory=dict, description="region: factor on the rate; 1 where left out"
    )
    price_factor: Annotated[Value[Positive], Unit("factor on every rate")] = number("1")
    breaks_even: BreakEven | None = Field(default=None, description="for a template without a usable price")
    declared: Declared | None = Field(default=None, description="all is declared when left out")
    arrears: Arrears | None = Field(default=None, description="all is paid when due when left out")
    inspection: Inspection | None = None

    @model_validator(mode="after")
    def _payers_add_to_one(self) -> Self:
        problem = shares_problem({str(name): share for name, share in self.payers().items()})
        if problem:
            raise wrong(("payer",), problem, "Give payers and the share of each.")
        return self

    def payers(self) -> dict[Payer, Decimal]:
        """Return the share of the contribution by who pays it."""
        if isinstance(self.payer, dict):
            return {name: share.value for name, share in self.payer.items()}
        return {self.payer: Decimal(1)}


class PerOrder(_Contribution):
    """An amount for every order, by industry; a platform may have its own."""

    kind: Literal["per_order"]
    industries: dict[Name, Annotated[Dated[NonNegative], Unit("yuan per order")]] = Field(
        default_factory=dict
    )
    platforms: dict[Name, Annotated[Dated[NonNegative], Unit("yuan per order")]] = Field(
        default_factory=dict, description="a platform's own amount, in place of its industry's"
    )


class PerOnlineHour(_Contribution):
    """An amount for every hour with the app open, on each platform separately."""

    kind: Literal["per_online_hour"]
    yuan: Annotated[Dated[NonNegative], Unit("yuan per online hour")]


class PerEngagedHour(_Contribution):
    """An amount for every hour on an order, on each platform separately."""

    kind: Literal["per_engaged_hour"]
    yuan: Annotated[Dated[NonNegative], Unit("yuan per engaged hour")]


class PerDay(_Contribution):
    """An amount for every day with work on a platform, on each platform separately."""

    kind: Literal["per_day"]
    yuan: Annotated[Dated[NonNegative], Unit("yuan per rider-day")]


class PerMonth(_Contribution):
    """An amount for every rider with work in the month, on each platform or once for all."""

    kind: Literal["per_month"]
    yuan: Annotated[Dated[NonNegative], Unit("yuan per rider-month")]
    once: bool = Field(
        default=False,
        description="a rider owes it once a month, by the first platform of the portfolio worked on",
    )


class PerYear(_Contribution):
    """An amount for every rider and policy year, owed with the first insured work in it, once for all platforms."""

    kind: Literal["per_year"]
    yuan: Annotated[Dated[NonNegative], Unit("yuan per rider-year")]


class ShareOfEarnings(_Contribution):
    """A share of what riders earn on each platform."""

    kind: Literal["share_of_earnings"]
    rate: Annotated[Dated[Share], Unit("share of earnings")]


class ShareOfTurnover(_Contribution):
    """A share of the platform's turnover, at most a share of what it pays to riders."""

    kind: Literal["share_of_turnover"]
    rate: Annotated[Dated[Share], Unit("share of turnover")]
    at_most_of_earnings: Annotated[Dated[Share], Unit("share of the payments to riders")] | None = None


class Payroll(_Contribution):
    """A rate on earnings from each platform, each worker's month held between a floor and a ceiling.

    Either one ``rate``, or a rate for each industry by its ``risk_classes`` (1-8 in China).
    """

    kind: Literal["payroll"]
    rate: Annotated[Dated[Share], Unit("share of payroll")] | None = None
    risk_classes: dict[
        Annotated[int, Field(ge=1, le=8)], Annotated[Dated[Share], Unit("share of payroll")]
    ] = Field(default_factory=dict, description="risk class 1-8: its rate")
    industries: dict[Name, Annotated[int, Field(ge=1, le=8)]] = Field(
        default_factory=dict, description="industry: its risk class"
    )
    floor_yuan: Annotated[Dated[NonNegative], Unit("yuan per worker and month")] | None = None
    ceiling_yuan: Annotated[Dated[NonNegative], Unit("yuan per worker and month")] | None = None

    @model_validator(mode="after")
    def _one_rate_or_classes(self) -> Self:
        if (self.rate is None) == (not self.risk_classes):
            raise ValueError("give either 'rate' or 'risk_classes' with 'industries', exactly one of the two")
        for industry, risk_class in self.industries.items():
            if risk_class not in self.risk_classes:
                what = f"industry '{industry}' is in risk class {risk_class}, which has no rate"
                known = ", ".join(map(str, self.risk_classes)) or "none, since one rate holds for all"
                raise wrong(("industries", industry), what, f"Classes with a rate: {known}.")
        return self


class Free(Part):
    """Nothing is owed under the scheme."""

    kind: Literal["none"]


Charged = (
    PerOrder
    | PerOnlineHour
    | PerEngagedHour
    | PerDay
    | PerMonth
    | PerYear
    | ShareOfEarnings
    | ShareOfTurnover
    | Payroll
)
"""Every contribution that charges something."""

Contribution = Annotated[Charged | Free, Field(discriminator="kind")]
