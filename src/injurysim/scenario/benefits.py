"""Benefits as law states them: medical cost, pay while recovering, grants, pensions, death."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from injurysim.scenario.injuries import DisabilityGrade
from injurysim.scenario.values import Count, Dated, NonNegative, Part, Share, Unit, Value, number


class _Benefit(Part):
    """Every benefit says who pays it."""

    payer: Literal["fund", "platform"] = Field(
        default="fund", description="fund: the scheme's account; platform: the liable platform itself"
    )


class Medical(_Benefit):
    """Catalogue share of the cost; then the ground-up limit, the deductible and the coinsurance, per claim.

    Y = a (min(cX, u) - min(cX, d)) with catalogue share c, limit u, deductible d, insurer's share a.
    """

    kind: Literal["medical"]
    catalogue_share: Annotated[Value[Share], Unit("share of the cost inside the catalogues")] = number("1")
    limit_yuan: Annotated[Value[NonNegative], Unit("yuan of cost per claim, ground up")] | None = None
    deductible_yuan: Annotated[Value[NonNegative], Unit("yuan of cost per claim")] = number("0")
    paid_share: Annotated[Value[Share], Unit("share of the cost above the deductible")] = number("1")


class RecoveryPay(_Benefit):
    """Pay for each calendar day off work: a share of the base wage / 30, up to a number of days."""

    kind: Literal["recovery_pay"]
    wage_share: Annotated[Value[Share], Unit("share of the base wage")]
    waiting_days: Annotated[Value[Count], Unit("first days without pay")] = Field(
        default_factory=lambda: Value[int](value=0)
    )
    most_days: Annotated[Value[Count], Unit("days of pay at most")]


class DisabilityGrant(_Benefit):
    """Once, so many months of the base wage by grade."""

    kind: Literal["disability_grant"]
    months: dict[DisabilityGrade, Annotated[Value[NonNegative], Unit("months of the base wage")]]


class DisabilityPension(_Benefit):
    """A monthly pension for life by grade, paid once as its annuity value at the age of the injury."""

    kind: Literal["disability_pension"]
    wage_share: dict[DisabilityGrade, Annotated[Value[Share], Unit("share of the base wage")]]


class DisabilitySum(_Benefit):
    """A share of the sum insured by grade (accident policies)."""

    kind: Literal["disability_sum"]
    sum_yuan: Annotated[Dated[NonNegative], Unit("yuan insured")]
    share: dict[DisabilityGrade, Annotated[Value[Share], Unit("share of the sum insured")]]


class DeathSum(_Benefit):
    """A lump sum for a death: an amount, or a multiple of one (20 times the income per head, in China)."""

    kind: Literal["death_sum"]
    times: Annotated[Value[NonNegative], Unit("times the amount")] = number("1")
    yuan: Annotated[Dated[NonNegative], Unit("yuan")]


class Funeral(_Benefit):
    """So many months of the local average wage for a death."""

    kind: Literal["funeral"]
    months: Annotated[Value[NonNegative], Unit("months of the local average wage")]
    average_wage_yuan: Annotated[Dated[NonNegative], Unit("yuan per month")]


class DependantsPension(_Benefit):
    """A share of the base wage for dependants of the dead for a number of years, as its annuity value."""

    kind: Literal["dependants_pension"]
    wage_share: Annotated[Value[Share], Unit("share of the base wage, all dependants together")]
    years: Annotated[Value[NonNegative], Unit("years")]


class FixedSum(_Benefit):
    """One constant amount per claim (the textbook case)."""

    kind: Literal["fixed_sum"]
    yuan: Annotated[Value[NonNegative], Unit("yuan per claim")]


Benefit = Annotated[
    Medical
    | RecoveryPay
    | DisabilityGrant
    | DisabilityPension
    | DisabilitySum
    | DeathSum
    | Funeral
    | DependantsPension
    | FixedSum,
    Field(discriminator="kind"),
]


class FixedBaseWage(Part):
    """The same monthly base wage for everybody."""

    kind: Literal["fixed"]
    yuan: Annotated[Dated[NonNegative], Unit("yuan per month")]


class OwnEarnings(Part):
    """The rider's own mean monthly earnings over all platforms, held between a floor and a ceiling."""

    kind: Literal["own_earnings"]
    months: Annotated[int, Field(ge=1, le=36)] = 12
    floor_yuan: Annotated[Dated[NonNegative], Unit("yuan per month")] | None = None
    ceiling_yuan: Annotated[Dated[NonNegative], Unit("yuan per month")] | None = None


BaseWage = Annotated[FixedBaseWage | OwnEarnings, Field(discriminator="kind")]


class Annuity(Part):
    """What a pension is worth at the age of the injury: Makeham mortality a + b c^x, an extra force, interest a year."""

    interest: Annotated[Value[Share], Unit("interest a year")]
    makeham_a: float = Field(gt=0)
    makeham_b: float = Field(gt=0)
    makeham_c: float = Field(gt=1)
    extra_force: Annotated[Value[NonNegative], Unit("added force of mortality of the disabled, a year")] = (
        number("0")
    )
    source: str | None = None
    grade: Literal["official", "press", "study", "derived", "assumption"] | None = None
    note: str | None = None
