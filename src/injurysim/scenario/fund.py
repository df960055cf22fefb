"""Accounts: what they start with, earn and spend besides benefits, and what happens at a deficit."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from injurysim.scenario.names import Name
from injurysim.scenario.values import Count, Dated, NonNegative, Part, Positive, Share, Unit, Value, number


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


class Borrow(Part):
    """A loan fills a negative balance up to zero; it bears interest monthly and is repaid from what lies above zero.

    The interest is added to the debt; repayment happens at a month's end after the test, before the deficit rule.
    """

    kind: Literal["borrow"]
    annual_rate: Annotated[Value[Share], Unit("interest a year")] = number("0")


class RaiseRate(Part):
    """A negative balance is carried, and every contribution to the account rises from the month after next.

    Each month end below zero adds ``step`` to the factor on all rates, up to ``most``; each month end with more than
    ``release_months`` months of outgo in hand takes one step off again, down to 1.
    """

    kind: Literal["raise_rate"]
    step: Annotated[Value[Positive], Unit("added to the factor on the rates")]
    most: Annotated[Value[Positive], Unit("factor on the rates")]
    release_months: Annotated[Value[Positive], Unit("months of outgo held")]


class FromAccount(Part):
    """Another account of the design fills a negative balance, as far as its own balance reaches."""

    kind: Literal["from_account"]
    account: Name


Deficit = Annotated[Carry | StateSubsidy | Borrow | RaiseRate | FromAccount, Field(discriminator="kind")]


class Background(Part):
    """Income and outgo of the regional work-injury fund of which the account is part, besides the riders'."""

    income_yuan: Annotated[Dated[NonNegative], Unit("yuan a month")]
    outgo_yuan: Annotated[Dated[NonNegative], Unit("yuan a month")]


class Surplus(Part):
    """What lies above so many months of outgo goes to another account at each month's end."""

    account: Name
    above_months: Annotated[Value[Positive], Unit("months of outgo held")]


class ThirdPartyRecovery(Part):
    """What the account gets back from drivers at fault (the design's ``third_party``) for the medical cost it paid."""

    recovered_share: Annotated[Value[Share], Unit("share of the medical benefits of such injuries")]
    after_months: Annotated[Value[Count], Unit("months from the payment")]


class Account(Part):
    """One account that receives contributions and pays benefits."""

    kind: Literal["pool", "subaccount", "insurer"]
    opening_yuan: Annotated[Value[NonNegative], Unit("yuan")] = number("0")
    interest: Interest | None = None
    subsidy_yuan: Annotated[Dated[NonNegative], Unit("yuan a month from the state")] | None = None
    handling_share: Annotated[Value[Share], Unit("share of contributions received spent on handling")] = (
        number("0")
    )
    handling_yuan_per_claim: Annotated[Value[NonNegative], Unit("yuan per claim accepted")] = number("0")
    handling_yuan: Annotated[Dated[NonNegative], Unit("yuan a month")] | None = None
    prevention_share: Annotated[Value[Share], Unit("share of contributions received spent on prevention")] = (
        number("0")
    )
    appraisal_yuan: Annotated[Value[NonNegative], Unit("yuan per appraisal, borne by the account")] = number(
        "0"
    )
    background: Background | None = None
    surplus: Surplus | None = None
    deficit: Deficit = Field(default_factory=lambda: Carry(kind="carry"))
    third_party_recovery: ThirdPartyRecovery | None = None
