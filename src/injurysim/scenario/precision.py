"""A stated precision in place of a number of replications: which half-widths are wanted, and within which budget."""

from __future__ import annotations

import math
from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from injurysim.core.errors import InputError
from injurysim.scenario.names import Name
from injurysim.scenario.values import Part, Positive, Unit, wrong

OPTION = "--precision"
"""The option of the command line, at which problems of its text are told."""

DIFFERENCE = "difference:"
"""What a target of a difference begins with, written in a line."""

LEAST = 20
"""Replications at least, where none are stated: fewer judge the spread of skewed losses too rashly."""

MOST = 100_000
"""Replications at most, of any run."""


def _absolute(stated: object) -> object:
    """Refuse a half-width in per cent."""
    if isinstance(stated, str) and stated.strip().endswith(("%", "％", "per cent", "percent")):
        raise wrong(
            (),
            f"'{stated.strip()}' is relative, and a figure such as a balance may be zero or negative",
            "State the half-width in the metric's own unit: 50000 for yuan, 0.02 for a share or a probability.",
        )
    return stated


def _kept(stated: Decimal) -> Decimal:
    """Refuse a half-width beyond the numbers that tables keep."""
    if not 0 < float(stated) < math.inf:
        raise wrong((), f"{stated} is out of range", "State it in the metric's own unit.")
    return stated


class Target(Part):
    """The half-width wanted of the 95 % interval of a metric, or of its paired difference to the baseline."""

    metric: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\[[^\[\]@/=]+\])?$")] = Field(
        description="a metric, with its label where it has labels: ultimate_loss_ratio[2022]"
    )
    of: Literal["estimate", "difference"] = Field(
        default="estimate", description="the metric itself, or its paired difference to the baseline"
    )
    world: Name | None = Field(default=None, description="of this world only")
    design: Name | None = Field(default=None, description="of this design only")
    half_width: Annotated[
        Positive,
        BeforeValidator(_absolute),
        AfterValidator(_kept),
        Unit("the metric's own unit, never relative to it"),
    ]

    @property
    def name(self) -> str:
        """What it bears on, in a line.

        Examples
        --------
        >>> target_of("difference:closing_balance@limited/pilot=20000").name
        'difference:closing_balance@limited/pilot'
        """
        kind = DIFFERENCE if self.of == "difference" else ""
        design = f"/{self.design}" if self.design else ""
        place = f"@{self.world or ''}{design}" if self.world or design else ""
        return f"{kind}{self.metric}{place}"


class Precision(Part):
    """Replications until every target is met and has stayed so for a while, within a budget."""

    at_least: Annotated[int, Field(ge=2, le=MOST)] = Field(
        default=LEAST, description="replications at least (or `replications`, if that is more)"
    )
    at_most: Annotated[int, Field(ge=2, le=MOST)] = Field(description="the budget: replications at most")
    targets: tuple[Target, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_run(self) -> Self:
        if self.at_most < self.at_least:
            what = f"at most {self.at_most} replications are fewer than the {self.at_least} at least"
            raise wrong(("at_most",), what, f"State {self.at_least} or more, or a smaller `at_least`.")
        names = [target.name for target in self.targets]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise wrong(("targets", place), f"there are two targets for '{name}'", "Remove one of them.")
        return self

    def beside(self, replications: int) -> Precision:
        """Return the precision of a scenario that states a number of replications too: that many at least."""
        return self.model_copy(update={"at_least": min(max(self.at_least, replications), self.at_most)})

    def narrowed(self, worlds: Collection[str], designs: Collection[str]) -> Precision:
        """Keep the targets that bear on these worlds and designs.

        Raises
        ------
        InputError
            None is left: the run would not know when to stop.
        """
        kept = tuple(
            target
            for target in self.targets
            if (target.world is None or target.world in worlds)
            and (target.design is None or target.design in designs)
        )
        if not kept:
            raise InputError.of(
                "no target bears on the worlds and designs chosen.",
                "Choose others, or remove the targets by --set precision=null.",
                where="precision.targets",
            )
        return self.model_copy(update={"targets": kept})


def target_of(text: str) -> Target:
    """Read a target from the command line: ``[difference:]METRIC[@WORLD/DESIGN]=HALF_WIDTH``.

    Parameters
    ----------
    text : str
        World or design may be left out: ``@limited``, ``@/pilot``.

    Raises
    ------
    InputError
        At ``--precision``, with what is wrong with the text.

    Examples
    --------
    >>> target = target_of("closing_balance@/pilot=50000")
    >>> target.metric, target.of, target.world, target.design, target.half_width
    ('closing_balance', 'estimate', None, 'pilot', Decimal('50000'))
    """
    stated, equals, half_width = text.rpartition("=")
    if not equals or not half_width.strip():
        raise _refused(
            f"'{text}' is not METRIC=HALF_WIDTH.",
            "Write closing_balance=50000, difference:closing_balance=20000 or closing_balance@WORLD/DESIGN=50000.",
        )
    kind = "difference" if stated.startswith(DIFFERENCE) else "estimate"
    metric, _, place = stated.removeprefix(DIFFERENCE).partition("@")
    world, _, design = place.partition("/")
    try:
        number: Decimal | str = Decimal(half_width.strip())
    except ArithmeticError:
        number = half_width.strip()
    try:
        return Target.model_validate(
            {
                "metric": metric.strip(),
                "of": kind,
                "world": world or None,
                "design": design or None,
                "half_width": number,
            }
        )
    except ValidationError as error:
        raise _refused(*_said(text, error)) from None


def _said(text: str, error: ValidationError) -> tuple[str, str]:
    """Say what is wrong with a text, by the first thing its model refuses."""
    first = error.errors(include_url=False)[0]
    context = first.get("ctx", {})
    if first["type"] == "wrong":
        return f"{text}: {context['what']}.", context["fix"]
    field = str(first["loc"][0])
    return {
        "metric": (
            f"{text}: '{first['input']}' is no metric.",
            "Write its name, and its label in brackets: ultimate_loss_ratio[2022].",
        ),
        "half_width": (
            f"{text}: '{first['input']}' is no number above 0.",
            "State it in the metric's own unit.",
        ),
    }.get(
        field,
        (f"{text}: '{first['input']}' is no name of a {field}.", "Write METRIC@WORLD/DESIGN=HALF_WIDTH."),
    )


def _refused(what: str, fix: str) -> InputError:
    return InputError.of(what, fix, file=OPTION)
