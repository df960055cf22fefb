"""The factor that experience puts on a contribution: fixed, floating by the paid ratio, or by credibility.

The paid ratio (支缴率) of a platform, or of a platform in a region, is the benefits paid from accounts that are charged
to its rating over the contributions due from it (``due_fen``, of all payers), both over the window. Grades hold for the
work of the months from their effective month on, whenever it is billed. A platform without contributions due in the
window stays as it is.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from injurysim.scenario.values import NonNegative, Part, Positive, Share, Unit, Value, wrong


class NoRating(Part):
    """The base amount as it stands."""

    kind: Literal["none"]


class FixedFactor(Part):
    """One factor for all, for life."""

    kind: Literal["fixed"]
    factor: Annotated[Value[Positive], Unit("factor on the base amount")]
    grade: str = "fixed"


class Experience(Part):
    """When experience is looked at: a window of months that ends some months before the factor takes effect.

    With a lag of 0 the window ends with the month before the effective month. At the start of a run it is what there
    is of it. ``claim_cap_yuan`` holds for all that a claim is ever paid; where only the fact of a claim counts
    (``no_claim``) there is nothing to cap.
    """

    window_months: Annotated[Value[Annotated[int, Field(ge=1, le=120)]], Unit("months of experience")]
    lag_months: Annotated[
        Value[Annotated[int, Field(ge=0, le=36)]], Unit("months from the window's end to effect")
    ]
    first_effective: dt.date = Field(description="first day of the month of the first grade by experience")
    every_months: Annotated[Value[Annotated[int, Field(ge=1, le=120)]], Unit("months between gradings")]
    newcomer_months: Annotated[
        Value[Annotated[int, Field(ge=0, le=120)]],
        Unit("months with contributions before a platform is graded"),
    ] = Field(default_factory=lambda: Value[int](value=0))
    claim_cap_yuan: Annotated[Value[NonNegative], Unit("yuan of a claim that count at most")] | None = None
    per_region: bool = Field(
        default=False, description="whether a platform is graded in each region by itself"
    )

    @model_validator(mode="after")
    def _begins_with_a_month(self) -> Self:
        if self.first_effective.day != 1:
            what = f"a grade takes effect on the first day of a month, not on {self.first_effective}"
            raise wrong(
                ("first_effective",), what, f"Give {self.first_effective:%Y-%m}-01 or another month's."
            )
        return self


class SetGrade(Part):
    """A grade, its factor, and the paid ratio from which it holds (lower end included)."""

    grade: str
    factor: Annotated[Value[Positive], Unit("factor on the base amount")]
    from_ratio: Annotated[Value[NonNegative], Unit("paid ratio")]


class SetRating(Experience):
    """The grade is set by the last paid ratio, whatever it was before."""

    kind: Literal["set"]
    grades: tuple[SetGrade, ...] = Field(
        min_length=1, description="from the lowest ratio, which is 0, upwards"
    )
    newcomer: str = Field(description="grade of a platform without experience")

    @model_validator(mode="after")
    def _grades_rise(self) -> Self:
        ratios = [each.from_ratio.value for each in self.grades]
        if ratios[0] != 0:
            what = f"the first grade must hold from a ratio of 0, not of {ratios[0]}"
            raise wrong(("grades", 0, "from_ratio"), what, "List the grades from the lowest ratio upwards.")
        for place, (before, ratio) in enumerate(itertools.pairwise(ratios), 1):
            if ratio <= before:
                what = f"the ratio must rise from grade to grade, and {ratio} follows {before}"
                raise wrong(("grades", place, "from_ratio"), what, "List the grades upwards.")
        _newcomer_is_there(self.newcomer, "grade", [each.grade for each in self.grades])
        return self


def _newcomer_is_there(newcomer: str, what: str, grades: list[str]) -> None:
    if newcomer not in grades:
        raise wrong(("newcomer",), f"there is no {what} '{newcomer}'", f"There are: {', '.join(grades)}.")


class Step(Part):
    """A step of a ladder and its factor."""

    grade: str
    factor: Annotated[Value[Positive], Unit("factor on the base amount")]


class Ladder(Experience):
    """A step down at a low paid ratio, a step up at a high one; a step beyond either end is not taken."""

    kind: Literal["ladder"]
    steps: tuple[Step, ...] = Field(min_length=2, description="from the lowest factor upwards")
    newcomer: str = Field(description="step of a platform without experience")
    down_to_ratio: Annotated[
        Value[NonNegative], Unit("paid ratio up to which, inclusive, it goes a step down")
    ]
    up_above_ratio: Annotated[Value[NonNegative], Unit("paid ratio above which it goes a step up")]

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if self.down_to_ratio.value > self.up_above_ratio.value:
            what = f"'down_to_ratio' ({self.down_to_ratio.value}) lies above 'up_above_ratio' ({self.up_above_ratio.value})"
            raise wrong(("down_to_ratio",), what, "Between the two a platform stays where it is.")
        for place, (before, step) in enumerate(itertools.pairwise(self.steps), 1):
            if step.factor.value < before.factor.value:
                what = f"a step up must not lower the factor, and {step.factor.value} follows {before.factor.value}"
                raise wrong(
                    ("steps", place, "factor"), what, "List the steps from the lowest factor upwards."
                )
        _newcomer_is_there(self.newcomer, "step", [each.grade for each in self.steps])
        return self


class NoClaim(Experience):
    """A step towards the last after a window without a paid claim, back to the first after one with any."""

    kind: Literal["no_claim"]
    steps: tuple[Step, ...] = Field(min_length=2, description="from where newcomers begin to the best")

    @model_validator(mode="after")
    def _steps_get_better(self) -> Self:
        for place, (before, step) in enumerate(itertools.pairwise(self.steps), 1):
            if step.factor.value > before.factor.value:
                what = f"a step onwards must not raise the factor, and {step.factor.value} follows {before.factor.value}"
                raise wrong(("steps", place, "factor"), what, "List the steps from the highest factor down.")
        return self


class Credibility(Experience):
    """Bühlmann-Straub: factor = Z x own paid ratio / that of all + (1 - Z), Z = w / (w + K), w the contributions due.

    That of all is the ratio of totals: the collective mean is weighted by exposure. ``k_yuan`` left out is estimated
    from the months of the window (0 between variance, or too few units or months: Z is 0). The factor begins at 1; the new
    one is held between ``smallest`` and ``largest`` before ``move`` of the way to it is gone, and has six decimals.
    """

    kind: Literal["credibility"]
    k_yuan: Annotated[Value[Positive], Unit("yuan of contributions due at which Z is one half")] | None = None
    smallest: Annotated[Value[Positive], Unit("factor on the base amount")]
    largest: Annotated[Value[Positive], Unit("factor on the base amount")]
    move: Annotated[Value[Share], Unit("share of the way to the new factor that is gone")]

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if self.smallest.value > self.largest.value:
            what = f"'smallest' ({self.smallest.value}) lies above 'largest' ({self.largest.value})"
            raise wrong(("smallest",), what, "Exchange the two.")
        return self


Rating = Annotated[
    NoRating | FixedFactor | SetRating | Ladder | NoClaim | Credibility, Field(discriminator="kind")
]
