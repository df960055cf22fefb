"""Pensions: what is paid each month, until when, and what it is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from injurysim.core.annuities import Makeham, annuity_due
from injurysim.core.money import round_half_up
from injurysim.scenario.benefits import Annuity

IMMORTAL = Makeham(0.0, 0.0, 1.0)
"""No mortality: turns a life annuity into an annuity certain."""
MONTH = 1 / 12


def mortality_of(annuity: Annuity) -> Makeham:
    """Return the law of survival of a scheme's annuity, without the extra force."""
    return Makeham(annuity.makeham_a, annuity.makeham_b, annuity.makeham_c)


def months_in(years: float) -> int:
    """Return the monthly payments, the first at once, that fall before the end of so many years.

    A hair is taken off so that 0.1 + 0.2 years are not one payment too many.
    """
    return max(math.ceil(12 * years - 1e-9), 0)


@dataclass(frozen=True, slots=True)
class Pension:
    """A monthly pension.

    Attributes
    ----------
    steps : number of the payment before which a level ends, and the level in exact fen a month; levels fall. None in
        place of a number is for life, and stands alone.
    rises : rise on each 1 January, as a share of the pension in payment.
    """

    steps: tuple[tuple[int | None, Fraction], ...]
    rises: Fraction = Fraction(0)

    @property
    def for_life(self) -> bool:
        """Whether it is paid as long as the pensioner lives, rather than for a number of months."""
        return self.months is None

    @property
    def months(self) -> int | None:
        """Number of payments, None for life."""
        return self.steps[-1][0]

    def fen(self, number: int, januaries: int) -> int:
        """Return a payment, rounded half up once.

        Parameters
        ----------
        number : int
            Number of the payment, from 0.
        januaries : int
            How many times the pension has risen since its first.
        """
        for until, level in self.steps:
            if until is None or number < until:
                return round_half_up(level * (1 + self.rises) ** januaries)
        return 0

    def changes_after(self, number: int) -> int | None:
        """Return the number of the payment from which another level holds, None when none ever does."""
        return next((until for until, _ in self.steps if until is not None and number < until), None)

    def part(self, share: Fraction) -> Pension:
        """Return a share of the pension."""
        return replace(self, steps=tuple((until, level * share) for until, level in self.steps))

    def value_fen(self, annuity: Annuity, age_years: float, *, in_arrears: bool = False) -> int:
        """Return what it is worth at an age, rounded half up once.

        Twelve months' pension times the monthly annuity due, for each level the years it lasts; in arrears the first
        payment comes in a month's time. A pension that rises by g a year is worth one that does not at interest
        (1 + i) / (1 + g) - 1: rises are spread over the year, as they are on the average of the months of award.
        """
        interest = float(annuity.interest.value)
        mortality, extra = mortality_of(annuity), float(annuity.extra_force.value)
        real = (1 + interest) / (1 + float(self.rises)) - 1
        wait = MONTH if in_arrears else 0.0

        def factor(until: int | None) -> float:
            """Value of 1 a year, paid monthly, as long as the level or the life lasts."""
            discount: float = (1 + interest) ** -wait
            if until is not None:
                return discount * annuity_due(
                    age_years, real, IMMORTAL, payments_per_year=12, years=until * MONTH
                )
            alive = float(mortality.survival(age_years, wait, extra))
            return (
                discount
                * alive
                * annuity_due(age_years + wait, real, mortality, payments_per_year=12, extra_force=extra)
            )

        # Each level less the next is paid until the level ends: so levels add up to annuities from the start.
        levels = [*(level for _, level in self.steps), Fraction(0)]
        worth = sum(
            (
                12 * (level - after) * Fraction(factor(until))
                for (until, level), after in zip(self.steps, levels[1:], strict=True)
            ),
            Fraction(0),
        )
        return round_half_up(worth)


def for_life(level: Fraction, rises: Fraction) -> Pension:
    """Return a pension of a level for life."""
    return Pension(((None, level),), rises)


def for_months(months: int, level: Fraction, rises: Fraction) -> Pension | None:
    """Return a pension of a level for a number of months, None when there are none."""
    return Pension(((months, level),), rises) if months else None


def together(persons: Sequence[tuple[int, Fraction]], at_most: Fraction, rises: Fraction) -> Pension | None:
    """Return the pension of several persons together, each until its end, at most so much in all.

    Parameters
    ----------
    persons : sequence of (months, level)
        Months each is paid, and exact fen a month.
    at_most : Fraction
        The most that is paid a month to all.
    rises : Fraction
        Rise on each 1 January.
    """
    ends = sorted({months for months, _ in persons if months > 0})
    steps = tuple(
        (end, min(sum((level for months, level in persons if months >= end), Fraction(0)), at_most))
        for end in ends
    )
    return Pension(steps, rises) if steps else None
