"""A design: schemes that stand beside each other, and the accounts they pay into."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from injurysim.scenario.attribution import Attribution
from injurysim.scenario.benefits import Annuity, BaseWage, Benefit
from injurysim.scenario.contribution import Contribution
from injurysim.scenario.cover import Cover
from injurysim.scenario.enrolment import Eligible, Enrolment
from injurysim.scenario.fund import Account
from injurysim.scenario.handling import Handling
from injurysim.scenario.layer import Layer, Stacked
from injurysim.scenario.names import Name, Text, Varied
from injurysim.scenario.rating import NoRating, Rating
from injurysim.scenario.reporting import Report
from injurysim.scenario.responses import Responses
from injurysim.scenario.values import Part, Share, Unit, Value


class Scheme(Part):
    """One layer of protection: who is in it, what it costs, what it covers, what it pays."""

    title: Text | None = None
    account: Name
    eligible: Eligible = Eligible()
    enrolment: Enrolment
    contribution: Contribution
    rating: Rating = NoRating(kind="none")
    cover: Cover
    attribution: Attribution = Attribution()
    reporting: Report
    handling: Handling
    base_wage: BaseWage | None = None
    annuity: Annuity | None = None
    benefits: dict[Name, Benefit] = Field(default_factory=dict)
    layer: Layer = Stacked(kind="stacked")
    until: dt.date | None = Field(
        default=None,
        description="first day on which the scheme no longer insures anybody; the first of a month",
    )


class BasicMedical(Part):
    """Basic medical insurance as the layer behind: a share of the medical cost that no scheme has paid."""

    reimbursed_share: Annotated[Value[Share], Unit("share of medical cost left by the schemes")]


class ThirdParty(Part):
    """Drivers at fault: in a share of injuries somebody else pays a share of the loss to the rider.

    What they pay is medical cost first; with ``deducted`` a scheme's medical benefits are less by it.
    """

    at_fault_share: Annotated[Value[Share], Unit("share of injuries that are somebody else's fault")]
    paid_share: Annotated[Value[Share], Unit("share of the loss of such an injury that they pay")]
    deducted: bool = Field(
        default=False, description="whether schemes pay only the medical cost that is left"
    )


class Design(Part):
    """Schemes stacked on one another and the accounts behind them."""

    title: Text | None = None
    varied: Varied | None = Field(
        default=None, description="of what it is a variant, where an experiment made it"
    )
    template: Text | None = Field(
        default=None,
        description="why the design has no price of its own and breaks even instead; shown in reports",
    )
    accounts: dict[Name, Account]
    schemes: dict[Name, Scheme] = Field(min_length=1)
    basic_medical: BasicMedical | None = None
    third_party: ThirdParty | None = None
    responses: Responses | None = Field(
        default=None, description="static answers to the design; off when left out"
    )
