"""How riders choose to be insured: by chance, or by their own risk and the price (adverse selection).

A rider's *risk* r is the expected injuries of a year of work, own frailty included; the *price* is what the rider pays
for a year. Both are judged by whole months before, and before any by what the rider's group expects. Where the price is 0
the choice is the limit of a price that falls to 0.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from injurysim.scenario.names import Name
from injurysim.scenario.values import NonNegative, Part, Positive, Share, Unit, Value


class StatedShare(Part):
    """A stated share chooses it, whatever their risk; groups may have their own."""

    kind: Literal["share"]
    share: Annotated[Value[Share], Unit("share of riders")]
    groups: dict[Name, Annotated[Value[Share], Unit("share of riders")]] = Field(
        default_factory=dict, description="a group's own share"
    )


class LogitChoice(Part):
    """Take-up rises with own risk over price: t(r) = 1 / (1 + exp(-(a + b (r B / price - 1)))).

    B is the benefit the rider expects from an injury.
    """

    kind: Literal["logit"]
    a: Annotated[Value[float], Unit("log odds at an actuarially fair price")]
    b: Annotated[Value[float], Unit("log odds for a price of half the own expected benefit")]
    benefit_yuan: Annotated[Value[Positive], Unit("yuan expected from an injury")]


class RiskChoice(Part):
    """Take-up rises with own risk, whatever the price: t(r) = 1 - exp(-b r)."""

    kind: Literal["risk"]
    b: Annotated[Value[NonNegative], Unit("per expected injury a year")]


class WillingnessChoice(Part):
    """Whoever values cover at more than its price takes it: multiple x r x B >= price."""

    kind: Literal["willingness"]
    multiple: Annotated[Value[Positive], Unit("willingness to pay over the own expected benefit")]
    benefit_yuan: Annotated[Value[Positive], Unit("yuan expected from an injury")]


Choice = Annotated[StatedShare | LogitChoice | RiskChoice | WillingnessChoice, Field(discriminator="kind")]
