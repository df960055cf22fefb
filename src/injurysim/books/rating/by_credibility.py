"""Factors by credibility: a unit's own paid ratio against that of all, as far as it is believed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext

from injurysim.books.rating.credibility import DIGITS, blend, credibility, structure
from injurysim.books.rating.standing import Standing, Window, first_standing, regraded
from injurysim.core.money import FEN_PER_YUAN, rounded
from injurysim.scenario.rating import Credibility

FACTOR_PLACES = 6
"""Decimals of a factor in the tables."""


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
