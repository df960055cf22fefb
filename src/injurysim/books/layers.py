"""How a scheme stands to the layers before it: what is left of its award when they have awarded theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import singledispatch

from injurysim.books.claims import Item
from injurysim.core.money import split_fen
from injurysim.scenario.layer import Layer, Offset, Secondary, Stacked


def layers_before(layer: Layer, before: Iterable[str]) -> frozenset[str]:
    """Return the schemes that a scheme looks at: those it names, or all before it."""
    if isinstance(layer, Stacked):
        return frozenset()
    return frozenset(layer.layers or before)


@singledispatch
def left_of(layer: Layer, award: tuple[Item, ...], others: Sequence[Item]) -> tuple[Item, ...]:
    """Return what a scheme awards beside the layers it looks at.

    Parameters
    ----------
    layer : Layer
        How it stands to them.
    award : tuple of Item
        What it would award alone.
    others : sequence of Item
        What they award for the same injury, whoever pays it.
    """
    raise NotImplementedError(f"no layer for {type(layer).__name__}")


@left_of.register
def _(layer: Stacked, award: tuple[Item, ...], others: Sequence[Item]) -> tuple[Item, ...]:  # noqa: ARG001
    return award


@left_of.register
def _(layer: Offset, award: tuple[Item, ...], others: Sequence[Item]) -> tuple[Item, ...]:  # noqa: ARG001
    """Of each class the award less theirs, never below zero, in proportion to its benefits by largest remainder."""
    theirs, left = _by_class(others), list(award)
    for pays_for, total in _by_class(award).items():
        places = [place for place, item in enumerate(award) if item.pays_for == pays_for]
        if total:
            parts = split_fen(max(total - theirs[pays_for], 0), [award[place].amount_fen for place in places])
            for place, part in zip(places, parts, strict=True):
                left[place] = award[place].of_amount(part)
    return tuple(left)


@left_of.register
def _(layer: Secondary, award: tuple[Item, ...], others: Sequence[Item]) -> tuple[Item, ...]:  # noqa: ARG001
    return () if any(item.amount_fen for item in others) else award


def _by_class(items: Iterable[Item]) -> Counter[str]:
    total: Counter[str] = Counter()
    for item in items:
        total[item.pays_for] += item.amount_fen
    return total
