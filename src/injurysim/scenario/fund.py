"""Accounts: what they start with, earn and spend besides benefits, and what happens at a deficit."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from injurysim.scenario.values import NonNegative, Part, Share, Unit, Value, number


class Interest(Part):
    """Interest once a month: annual rate / 12 on the base, none on a negative base, rounded half up."""

    annual_rate: Annotated[Value[Share], Unit("interest a year")]
    base: Literal["opening", "opening_plus_half_net"] = "opening"


class Carry(Part):
    """A negative balance is carried on."""

    kind: Literal["carry"]


class StateSubsidy(Part):
    """The state tops a negative balance up to zero."""

    kind: Literal["state_subsidy"]


Deficit = Annotated[Carry | StateSubsidy, Field(discriminator="kind")]


class Account(Part):
    """One account that receives contributions and pays benefits."""

    kind: Literal["pool", "subaccount", "insurer"]
    opening_yuan: Annotated[Value[NonNegative], Unit("yuan")] = number("0")
    interest: Interest | None = None
    handling_share: Annotated[Value[Share], Unit("share of contributions received spent on handling")] = (
        number("0")
    )
    deficit: Deficit = Field(default_factory=lambda: Carry(kind="carry"))
