"""How a window of experience moves grades and factors: one pure rule a kind of rating."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import singledispatch

import numpy as np

from injurysim.books.rating.credibility import DIGITS, blend, credibility, structure
from injurysim.core.money import FEN_PER_YUAN, rounded
from injurysim.core.schemas import FACTOR_PLACES
from injurysim.core.sums import Ints, Wholes
from injurysim.scenario.rating import (
    Credibility,
    FixedFactor,
    Ladder,
    NoClaim,
    NoRating,
    Rating,
    SetGrade,
    SetRating,
    Step,
)


@dataclass(frozen=True)
class Standing:
    """Where a unit stands: its factor, the label of its grade, and on a ladder its step from 0."""

    factor: Decimal
    grade: str | None = None
    step: int = 0


@dataclass(frozen=True)
class Window:
    """The experience that a grading goes by.

    Attributes
    ----------
    paid_fen, due_fen : benefits paid that are charged to each unit, and contributions due from it, month by month of
        the window; shape (units, months).
    months_known : months with contributions of each unit up to the window's end, shape (units,).
    """

    paid_fen: Ints
    due_fen: Ints
    months_known: Wholes

    def ratio(self, unit: int) -> Fraction | None:
        """Return the paid ratio of a unit; None without contributions."""
        due = int(self.due_fen[unit].sum())
        return Fraction(int(self.paid_fen[unit].sum()), due) if due else None


@singledispatch
def first_standing(rule: Rating) -> Standing:
    """Return where a unit without experience stands."""
    raise NotImplementedError(f"no standing for {type(rule).__name__}")


@first_standing.register
def _(rule: NoRating) -> Standing:  # noqa: ARG001
    return Standing(Decimal(1))


@first_standing.register
def _(rule: FixedFactor) -> Standing:
    return Standing(rule.factor.value, rule.grade)


def _at(steps: Sequence[Step | SetGrade], place: int) -> Standing:
    """Return the standing at a step; a step beyond either end is not taken."""
    place = min(max(place, 0), len(steps) - 1)
    return Standing(steps[place].factor.value, steps[place].grade, place)


@first_standing.register
def _(rule: SetRating) -> Standing:
    return _at(rule.grades, [each.grade for each in rule.grades].index(rule.newcomer))


@first_standing.register
def _(rule: Ladder) -> Standing:
    return _at(rule.steps, [each.grade for each in rule.steps].index(rule.newcomer))


@first_standing.register
def _(rule: NoClaim) -> Standing:
    return _at(rule.steps, 0)


@singledispatch
def regraded(rule: Rating, standings: Sequence[Standing], window: Window) -> list[Standing]:
    """Return where units stand after a grading, in the order of the window's rows.

    A unit without contributions in the window stays where it is.
    """
    raise NotImplementedError(f"no grading for {type(rule).__name__}")


def _one_by_one(
    standings: Sequence[Standing], window: Window, move: Callable[[Standing, Fraction], Standing]
) -> list[Standing]:
    ratios = map(window.ratio, range(len(standings)))
    return [
        standing if ratio is None else move(standing, ratio)
        for standing, ratio in zip(standings, ratios, strict=True)
    ]


@regraded.register
def _(rule: SetRating, standings: Sequence[Standing], window: Window) -> list[Standing]:
    """Give the last grade whose ratio is reached, the lower end included."""
    ends = [Fraction(each.from_ratio.value) for each in rule.grades]

    def move(_: Standing, ratio: Fraction) -> Standing:
        return _at(rule.grades, sum(end <= ratio for end in ends) - 1)

    return _one_by_one(standings, window, move)


@regraded.register
def _(rule: Ladder, standings: Sequence[Standing], window: Window) -> list[Standing]:
    low, high = Fraction(rule.down_to_ratio.value), Fraction(rule.up_above_ratio.value)

    def move(standing: Standing, ratio: Fraction) -> Standing:
        return _at(rule.steps, standing.step + int(ratio > high) - int(ratio <= low))

    return _one_by_one(standings, window, move)


@regraded.register
def _(rule: NoClaim, standings: Sequence[Standing], window: Window) -> list[Standing]:
    claimed = np.asarray(window.paid_fen.sum(axis=1) > 0)
    worked = np.asarray(window.due_fen.sum(axis=1) > 0)
    return [
        _at(rule.steps, 0 if has_claim else standing.step + 1) if has_claim or has_work else standing
        for standing, has_claim, has_work in zip(standings, claimed, worked, strict=True)
    ]


@first_standing.register
def _(rule: Credibility) -> Standing:  # noqa: ARG001
    return Standing(Decimal(1))


@regraded.register
def _(rule: Credibility, standings: Sequence[Standing], window: Window) -> list[Standing]:
    """Move a share of the way to Z × own ratio / ratio of all + (1 − Z), held between the bounds.

    The ratio of all is that of totals: the collective mean is weighted by exposure. Without any benefit paid nobody
    differs from the rest.
    """
    paid, due = window.paid_fen.sum(axis=1), window.due_fen.sum(axis=1)
    k = _k_fen(rule, window)
    moved = []
    for unit, standing in enumerate(standings):
        own_due = int(due[unit])
        if not own_due:
            moved.append(standing)
            continue
        with localcontext(prec=DIGITS):
            # Own ratio over that of all, in one quotient: (paid / due) / (all paid / all due).
            relative = Decimal(1)
            if all_paid := int(paid.sum()):
                relative = Decimal(int(paid[unit]) * int(due.sum())) / (own_due * all_paid)
            target = blend(credibility(Decimal(own_due), k), relative, Decimal(1))
            target = min(max(target, rule.smallest.value), rule.largest.value)
            factor = standing.factor + rule.move.value * (target - standing.factor)
        moved.append(Standing(rounded(factor, FACTOR_PLACES)))
    return moved


def _k_fen(rule: Credibility, window: Window) -> Decimal | None:
    """Return K in fen of contributions due: as stated, or estimated from the months with contributions."""
    if rule.k_yuan is not None:
        return rule.k_yuan.value * FEN_PER_YUAN
    rows = [
        [(paid, due) for paid, due in zip(paid_row, due_row, strict=True) if due]
        for paid_row, due_row in zip(window.paid_fen.tolist(), window.due_fen.tolist(), strict=True)
    ]
    rows = [row for row in rows if row]
    with localcontext(prec=DIGITS):
        values = [[Decimal(paid) / due for paid, due in row] for row in rows]
    return structure(values, [[Decimal(due) for _, due in row] for row in rows]).k
