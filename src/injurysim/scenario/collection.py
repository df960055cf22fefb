"""How a contribution is collected: what is declared, what is paid late or never, what inspection finds."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from injurysim.scenario.names import Name
from injurysim.scenario.values import Count, Dated, NonNegative, Part, Share, Unit, Value, number, wrong

Months = Annotated[int, Field(ge=1, le=60)]


class Declared(Part):
    """The share of the base that is declared, rounded half up to a whole unit; a platform may have its own."""

    share: Annotated[Value[Share], Unit("share of the base declared")]
    platforms: dict[Name, Annotated[Value[Share], Unit("share of the base declared")]] = Field(
        default_factory=dict, description="a platform's own share"
    )


class Arrears(Part):
    """A share of each bill is not paid when due: it is paid some months later, or written off."""

    late_share: Annotated[Value[Share], Unit("share of what is due")]
    paid_after_months: Annotated[Value[Months], Unit("months after it was due")]
    written_off_share: Annotated[
        Value[Share], Unit("share of what was late, given up when it should be paid")
    ] = number("0")
    platforms: dict[Name, Annotated[Value[Share], Unit("share of what is due")]] = Field(
        default_factory=dict, description="a platform's own late share"
    )


class Inspection(Part):
    """A platform of a region is inspected in a month with a probability; what was not declared is assessed.

    The late fee runs by days from when a month's contribution was due and goes to the account; the fine, a share of
    what is assessed, goes to the treasury. After an inspection everything is declared for some months.
    """

    monthly_probability: Annotated[Dated[Share], Unit("probability of an inspection in a month")] = Field(
        description="dated, for a campaign"
    )
    looks_back_months: Annotated[Value[Months], Unit("months of undeclared base assessed")]
    found_share: Annotated[Value[Share], Unit("share of the undeclared base that is found")] = number("1")
    late_fee_per_day: Annotated[Value[Share], Unit("share of the assessed amount a day")] = number("0")
    fine_share: Annotated[Value[NonNegative], Unit("share of the assessed amount, to the treasury")] = number(
        "0"
    )
    honest_months: Annotated[Value[Count], Unit("months in which all is declared after an inspection")] = (
        Field(default_factory=lambda: Value[int](value=0))
    )

    @model_validator(mode="after")
    def _late_fee_is_a_daily_one(self) -> Self:
        if self.late_fee_per_day.value > number("0.01").value:
            what = f"{self.late_fee_per_day.value} is more than 1 % a day"
            raise wrong(("late_fee_per_day",), what, "The law of 2010 says 0.0005.")
        return self
