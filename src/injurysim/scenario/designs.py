"""A design: schemes that stand beside each other, and the accounts they pay into."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from injurysim.scenario.benefits import Annuity, BaseWage, Benefit
from injurysim.scenario.contribution import Contribution, NoRating, Rating
from injurysim.scenario.cover import Attribution, Cover, Report, WhereItHappened
from injurysim.scenario.enrolment import Eligible, Enrolment
from injurysim.scenario.fund import Account
from injurysim.scenario.handling import Handling
from injurysim.scenario.names import Name, Text
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
    attribution: Attribution = WhereItHappened(kind="where_it_happened")
    reporting: Report
    handling: Handling
    base_wage: BaseWage | None = None
    annuity: Annuity | None = None
    benefits: dict[Name, Benefit] = Field(default_factory=dict)
    layer: Literal["stacked"] = "stacked"


class BasicMedical(Part):
    """Basic medical insurance as the layer behind: a share of the medical cost that no scheme has paid."""

    reimbursed_share: Annotated[Value[Share], Unit("share of medical cost left by the schemes")]


class Design(Part):
    """Schemes stacked on one another and the accounts behind them."""

    title: Text | None = None
    accounts: dict[Name, Account]
    schemes: dict[Name, Scheme] = Field(min_length=1)
    basic_medical: BasicMedical | None = None
