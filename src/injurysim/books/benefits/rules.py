"""What a benefit is computed from, and the two questions asked of it: what is it worth, and is it a pension."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, singledispatch

from injurysim.books.benefits.pension import Pension
from injurysim.books.draws import PersonDraws
from injurysim.books.injured import Injured
from injurysim.core.money import to_fen
from injurysim.scenario.benefits import Annuity, PensionBenefit
from injurysim.scenario.values import Dated, Part


@dataclass(frozen=True, slots=True)
class Facts:
    """What a benefit is computed from.

    Attributes
    ----------
    injured : the injury.
    base_wage_fen : monthly base wage, None in a scheme without one.
    annuity : how pensions are valued, None in a scheme without pensions.
    person : what is drawn about the injured, whatever the scheme; None where nothing is.
    medical_paid_fen : medical cost that somebody else has paid and schemes do not pay again.
    """

    injured: Injured
    base_wage_fen: int | None
    annuity: Annuity | None
    person: PersonDraws | None = None
    medical_paid_fen: int = 0

    @property
    def wage_fen(self) -> int:
        """The base wage of a scheme that needs one (checked when the scenario is read)."""
        if self.base_wage_fen is None:
            raise ValueError("the scheme has a benefit on the base wage and no base_wage")
        return self.base_wage_fen

    @property
    def drawn(self) -> PersonDraws:
        """The draws of a benefit that needs some."""
        if self.person is None:
            raise ValueError("the benefit depends on draws, and none are given")
        return self.person


AmountOf = Callable[[Facts], int]
"""What a benefit gives for an injury, 0 when it does not apply."""
PensionOf = Callable[[Facts], Pension | None]
"""The pension a benefit gives for an injury, None when it does not apply."""


def fen_at(yuan: Dated[Decimal]) -> Callable[[dt.date], int]:
    """Return a dated amount in fen, looked up once a day."""
    return cache(lambda day: to_fen(yuan.at(day)))


@singledispatch
def amount_of(benefit: Part) -> AmountOf:
    """Return the amount of a benefit, with all that does not depend on the injury worked out."""
    raise NotImplementedError(f"no amount for {type(benefit).__name__}")


@singledispatch
def pension_of(benefit: Part) -> PensionOf:
    """Return the pension of a benefit, with all that does not depend on the injury worked out."""
    raise NotImplementedError(f"no pension for {type(benefit).__name__}")


@amount_of.register
def _(benefit: PensionBenefit) -> AmountOf:
    """Value the pension at the age of the injury, whether it is paid at once or month by month."""
    of, monthly = pension_of(benefit), benefit.funding == "pay_as_you_go"

    def amount(facts: Facts) -> int:
        pension = of(facts)
        if pension is None:
            return 0
        if facts.annuity is None:
            raise ValueError("the scheme has a pension and no annuity")
        return pension.value_fen(facts.annuity, facts.injured.age_years, in_arrears=monthly)

    return amount
