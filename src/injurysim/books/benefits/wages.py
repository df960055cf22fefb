"""The base wage: fixed by law, or the rider's own earnings between a floor and a ceiling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import singledispatch

from injurysim.books.benefits.rules import fen_at
from injurysim.scenario.benefits import BaseWage, FixedBaseWage, OwnEarnings

BaseWageOf = Callable[[dt.date, int], int]
"""The monthly base wage of a rider hurt on a day, who has earned so much a month."""


@singledispatch
def base_wage_of(rule: BaseWage) -> BaseWageOf:
    """Return the base wage of a rule, with all that does not depend on the injury worked out."""
    raise NotImplementedError(f"no base wage for {type(rule).__name__}")


@base_wage_of.register
def _(rule: FixedBaseWage) -> BaseWageOf:
    fen = fen_at(rule.yuan)
    return lambda day, _: fen(day)


@base_wage_of.register
def _(rule: OwnEarnings) -> BaseWageOf:
    floor, ceiling = (None if yuan is None else fen_at(yuan) for yuan in (rule.floor_yuan, rule.ceiling_yuan))

    def wage(day: dt.date, own_monthly_fen: int) -> int:
        held = own_monthly_fen if floor is None else max(own_monthly_fen, floor(day))
        return held if ceiling is None else min(held, ceiling(day))

    return wage
