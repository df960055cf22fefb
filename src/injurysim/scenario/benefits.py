"""Benefits as law states them: medical cost, pay while recovering, grants, pensions, death."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from injurysim.scenario.distribution import Random
from injurysim.scenario.injuries import DisabilityGrade
from injurysim.scenario.values import Count, Dated, NonNegative, Part, Share, Unit, Value, number

MOST_RISE, LONGEST_LIFE = Decimal("0.2"), 120
"""Steepest rise of pensions a year, and the longest anybody draws one, years: beyond them values have no bound."""
Years = Annotated[Decimal, Field(ge=0, le=LONGEST_LIFE)]

BenefitClass = Literal["medical", "income", "disability", "death", "fixed"]
"""What a benefit is for: layers are set against each other class by class (see `layer`)."""


class _Benefit(Part):
    """Every benefit says who pays it."""

    pays_for: ClassVar[BenefitClass]
    payer: Literal["fund", "platform"] = Field(
        default="fund", description="fund: the scheme's account; platform: the liable platform itself"
    )


class Medical(_Benefit):
    """Catalogue share of the cost; then the ground-up limit, the deductible and the coinsurance, per claim.

    Y = a (min(cX, u) - min(cX, d)) with catalogue share c, limit u, deductible d, insurer's share a.
    """

    pays_for = "medical"

    kind: Literal["medical"]
    catalogue_share: Annotated[Value[Share], Unit("share of the cost inside the catalogues")] = number("1")
    limit_yuan: Annotated[Value[NonNegative], Unit("yuan of cost per claim, ground up")] | None = None
    deductible_yuan: Annotated[Value[NonNegative], Unit("yuan of cost per claim")] = number("0")
    paid_share: Annotated[Value[Share], Unit("share of the cost above the deductible")] = number("1")


class RecoveryPay(_Benefit):
    """Pay for each calendar day off work: a share of the base wage / 30, up to a number of days."""

    pays_for = "income"

    kind: Literal["recovery_pay"]
    wage_share: Annotated[Value[Share], Unit("share of the base wage")]
    waiting_days: Annotated[Value[Count], Unit("first days without pay")] = Field(
        default_factory=lambda: Value[int](value=0)
    )
    most_days: Annotated[Value[Count], Unit("days of pay at most")]


class DisabilityGrant(_Benefit):
    """Once, so many months of the base wage by grade."""

    pays_for = "disability"

    kind: Literal["disability_grant"]
    months: dict[DisabilityGrade, Annotated[Value[NonNegative], Unit("months of the base wage")]] = Field(
        min_length=1
    )


class PensionBenefit(_Benefit):
    """How a pension is paid: once as its annuity value, or month by month.

    ``capital`` pays the annuity value at the award; ``pay_as_you_go`` pays at the end of each month from the month
    after the award on, as long as the pensioner lives (drawn once from the scheme's annuity law) or the years run,
    and the value of what is to come stands as the account's pension liability. Pensions in payment rise on every
    1 January.
    """

    funding: Literal["capital", "pay_as_you_go"] = "capital"
    rises_a_year: Annotated[
        Value[Annotated[Decimal, Field(ge=0, le=MOST_RISE)]], Unit("rise of pensions in payment a year")
    ] = number("0")


class DisabilityPension(PensionBenefit):
    """A monthly pension for life by grade: a share of the base wage, at least a floor (the minimum wage, in China)."""

    pays_for = "disability"

    kind: Literal["disability_pension"]
    wage_share: dict[DisabilityGrade, Annotated[Value[Share], Unit("share of the base wage")]] = Field(
        min_length=1
    )
    floor_yuan: Annotated[Dated[NonNegative], Unit("yuan per month")] | None = None


class Nursing(PensionBenefit):
    """Nursing care for life by grade: a share of the local average wage each month."""

    pays_for = "disability"

    kind: Literal["nursing"]
    wage_share: dict[DisabilityGrade, Annotated[Value[Share], Unit("share of the local average wage")]] = (
        Field(min_length=1)
    )
    average_wage_yuan: Annotated[Dated[NonNegative], Unit("yuan per month")]
    needed_share: Annotated[Value[Share], Unit("share of the injured of these grades who need care")] = (
        number("1")
    )


class AverageWageGrant(_Benefit):
    """Once, so many months of the local average wage by grade (one-off medical and re-employment grants)."""

    pays_for = "disability"

    kind: Literal["average_wage_grant"]
    months: dict[DisabilityGrade, Annotated[Value[NonNegative], Unit("months of the local average wage")]] = (
        Field(min_length=1)
    )
    average_wage_yuan: Annotated[Dated[NonNegative], Unit("yuan per month")]


class DisabilitySum(_Benefit):
    """A share of the sum insured by grade (accident policies)."""

    pays_for = "disability"

    kind: Literal["disability_sum"]
    sum_yuan: Annotated[Dated[NonNegative], Unit("yuan insured")]
    share: dict[DisabilityGrade, Annotated[Value[Share], Unit("share of the sum insured")]] = Field(
        min_length=1
    )


class DeathSum(_Benefit):
    """A lump sum for a death: an amount, or a multiple of one (20 times the income per head, in China)."""

    pays_for = "death"

    kind: Literal["death_sum"]
    times: Annotated[Value[NonNegative], Unit("times the amount")] = number("1")
    yuan: Annotated[Dated[NonNegative], Unit("yuan")]


class Funeral(_Benefit):
    """So many months of the local average wage for a death."""

    pays_for = "death"

    kind: Literal["funeral"]
    months: Annotated[Value[NonNegative], Unit("months of the local average wage")]
    average_wage_yuan: Annotated[Dated[NonNegative], Unit("yuan per month")]


class DependantsPension(PensionBenefit):
    """A share of the base wage for dependants of the dead for a number of years."""

    pays_for = "death"

    kind: Literal["dependants_pension"]
    wage_share: Annotated[Value[Share], Unit("share of the base wage, all dependants together")]
    years: Annotated[Value[Years], Unit("years")]


class Survivors(PensionBenefit):
    """Pensions person by person for the dependants of the dead: spouse, children, parents, together at most a share.

    Each kind of dependant is there with a probability or in a number; a child's pension ends at an age. A child is
    without the other parent where no spouse is entitled. When one pension ends the others rise, as far as the
    limit on all together had held them down.
    """

    pays_for = "death"

    kind: Literal["survivors"]
    spouse_share: Annotated[Value[Share], Unit("share of the base wage")]
    other_share: Annotated[Value[Share], Unit("share of the base wage, each child or parent")]
    orphan_extra: Annotated[
        Value[Share], Unit("share of the base wage more, for a child without the other parent")
    ]
    together_at_most: Annotated[Value[Share], Unit("share of the base wage")]
    has_spouse: Annotated[Value[Share], Unit("share of the dead who leave a spouse entitled to a pension")]
    children: Random = Field(description="number of children entitled, rounded; above 6 counts as 6")
    child_age_years: Random = Field(description="age of a child at the death")
    child_until_age: Annotated[Value[Annotated[int, Field(ge=0, le=LONGEST_LIFE)]], Unit("years of age")]
    parents: Random = Field(description="number of parents entitled, rounded; above 2 counts as 2")
    parent_years: Annotated[Value[Years], Unit("years a parent is entitled")]
    spouse_years: Annotated[Value[Years], Unit("years a spouse is entitled")]


class DailyAllowance(_Benefit):
    """A fixed amount for each day off work, up to a number of days (accident policies, meals in hospital)."""

    pays_for = "income"

    kind: Literal["daily_allowance"]
    yuan: Annotated[Dated[NonNegative], Unit("yuan per day off work")]
    waiting_days: Annotated[Value[Count], Unit("first days without pay")] = Field(
        default_factory=lambda: Value[int](value=0)
    )
    most_days: Annotated[Value[Count], Unit("days of pay at most")]


class FixedSum(_Benefit):
    """One constant amount per claim (the textbook case)."""

    pays_for = "fixed"

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
    | Survivors
    | Nursing
    | AverageWageGrant
    | DailyAllowance
    | FixedSum,
    Field(discriminator="kind"),
]


class FixedBaseWage(Part):
    """The same monthly base wage for everybody."""

    kind: Literal["fixed"]
    yuan: Annotated[Dated[NonNegative], Unit("yuan per month")]


class OwnEarnings(Part):
    """The rider's own mean monthly earnings, over all platforms or some, held between a floor and a ceiling."""

    kind: Literal["own_earnings"]
    on: Literal["all_platforms", "liable_platform", "same_industry"] = Field(
        default="all_platforms", description="the platforms whose earnings count"
    )
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
