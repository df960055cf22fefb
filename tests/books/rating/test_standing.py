"""Grades and factors as pure rules: ends included, no step beyond the ends, credibility by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from injurysim.books.rating.credibility import structure
from injurysim.books.rating.standing import Standing, Window, first_standing, regraded
from injurysim.scenario.rating import Rating

WHEN = {"window_months": 12, "lag_months": 1, "first_effective": "2024-01-01", "every_months": 12}
STEPS = [{"grade": str(number), "factor": factor} for number, factor in enumerate(["0.5", "0.8", "1", "1.5"])]


def rule(**law):
    return TypeAdapter(Rating).validate_python({**WHEN, **law})


def window(paid, due):
    """A window from rows of months, or of one month each."""
    paid, due = np.atleast_2d(np.array(paid, np.int64)), np.atleast_2d(np.array(due, np.int64))
    return Window(paid, due, (due > 0).sum(axis=1))


LADDER = rule(kind="ladder", steps=STEPS, newcomer="2", down_to_ratio="0.8", up_above_ratio="1.2")
SET = rule(
    kind="set",
    newcomer="b",
    grades=[
        {"grade": name, "factor": factor, "from_ratio": ratio}
        for name, factor, ratio in (("a", "0.5", 0), ("b", 1, "0.2"), ("c", "1.5", "1.2"))
    ],
)


@pytest.mark.parametrize(
    ("step", "paid", "then"),
    [(2, 800, 1), (2, 801, 2), (2, 1200, 2), (2, 1201, 3), (0, 0, 0), (3, 9999, 3), (1, 0, 0)],
)
def test_a_ladder_moves_a_step_and_never_beyond_its_ends(step, paid, then):
    standing = Standing(LADDER.steps[step].factor.value, str(step), step)
    (moved,) = regraded(LADDER, [standing], window([[paid]], [[1000]]))
    assert (moved.step, moved.grade, moved.factor) == (then, str(then), LADDER.steps[then].factor.value)


@pytest.mark.parametrize(
    ("paid", "grade"), [(0, "a"), (199, "a"), (200, "b"), (1199, "b"), (1200, "c"), (5000, "c")]
)
def test_a_set_grade_includes_its_lower_end(paid, grade):
    (moved,) = regraded(SET, [first_standing(SET)], window([[paid]], [[1000]]))
    assert moved.grade == grade


def test_a_ratio_of_large_sums_is_not_rounded():
    """One fen below 0.2 of ten million million yuan stays below it, where a binary float could not tell."""
    due = 10**15
    (below, at) = regraded(
        SET, [first_standing(SET)] * 2, window([[due // 5 - 1], [due // 5]], [[due], [due]])
    )
    assert (below.grade, at.grade) == ("a", "b")


@pytest.mark.parametrize("law", [LADDER, SET], ids=["ladder", "set"])
def test_a_window_without_contributions_moves_nobody(law):
    standing = Standing(Decimal("1.5"), "x", 1)
    assert regraded(law, [standing], window([[500]], [[0]])) == [standing]


def test_no_claim_goes_up_after_a_window_without_a_payment():
    law = rule(kind="no_claim", steps=STEPS[::-1])
    standings = [Standing(Decimal(1), str(step), step) for step in (0, 2, 3, 2)]
    moved = regraded(law, standings, window([[0, 0], [0, 0], [0, 0], [0, 1]], [[9, 9]] * 4))
    assert [each.step for each in moved] == [1, 3, 3, 0]


def credibility(**law):
    return rule(kind="credibility", **{"smallest": "0.5", "largest": 2, "move": 1, **law})


def test_credibility_by_hand():
    """Ratios 0.3 and 0.9 on 1000 each, of all 0.6; Z = 1000 / (1000 + 3000): 1/4 x 1/2 + 3/4 and 1/4 x 3/2 + 3/4."""
    law = credibility(k_yuan=30)
    one = Standing(Decimal(1))
    low, high = regraded(law, [one, one], window([[300], [900]], [[1000], [1000]]))
    assert (low.factor, high.factor) == (Decimal("0.875"), Decimal("1.125"))
    half = credibility(k_yuan=30, move="0.5")
    low, high = regraded(half, [one, Standing(Decimal("1.4"))], window([[300], [900]], [[1000], [1000]]))
    assert (low.factor, high.factor) == (Decimal("0.9375"), Decimal("1.2625"))
    held = credibility(k_yuan=30, smallest="0.9", largest="1.1")
    low, high = regraded(held, [one, one], window([[300], [900]], [[1000], [1000]]))
    assert (low.factor, high.factor) == (Decimal("0.9"), Decimal("1.1"))


def test_k_left_out_is_that_of_the_months_of_the_window():
    """The same estimate as by the structure of the monthly ratios, months without contributions left out."""
    paid, due = [[10, 30, 0], [90, 50, 70]], [[100, 200, 0], [150, 100, 100]]
    ratios = [[Decimal(p) / d for p, d in zip(*row, strict=True) if d] for row in zip(paid, due, strict=True)]
    k = structure(ratios, [[Decimal(d) for d in row if d] for row in due]).k
    assert k is not None
    assert k > 0
    one = Standing(Decimal(1))
    moved = regraded(credibility(smallest="0.1"), [one, one], window(paid, due))
    of_all = Fraction(250, 650)
    for unit, ratio, weight in ((0, Fraction(40, 300), 300), (1, Fraction(210, 350), 350)):
        z = weight / (weight + Fraction(k))
        assert abs(Fraction(moved[unit].factor) - (z * ratio / of_all + 1 - z)) <= Fraction(1, 2_000_000)


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**9)), min_size=1, max_size=6))
def test_units_that_do_not_differ_and_single_units_keep_their_factor(months):
    """One unit says nothing about a difference between units; two alike have no variance between them."""
    one = Standing(Decimal(1))
    paid, due = ([month[i] for month in months] for i in (0, 1))
    for units in (1, 2):
        moved = regraded(credibility(), [one] * units, window([paid] * units, [due] * units))
        assert [each.factor for each in moved] == [1] * units


def test_without_a_benefit_paid_nobody_differs():
    moved = regraded(credibility(k_yuan=1), [Standing(Decimal("1.2"))] * 2, window([[0], [0]], [[5], [5]]))
    assert [each.factor for each in moved] == [1, 1]


@given(st.integers(0, 2_000), st.integers(0, 2_000))
def test_more_benefits_never_lower_a_factor(paid, more):
    one = Standing(Decimal(1))
    for law in (LADDER, SET, credibility(k_yuan=5)):
        before, after = (
            regraded(law, [first_standing(law)] * 2, window([[fen], [700]], [[1000], [1000]]))[0]
            for fen in (paid, paid + more)
        )
        assert after.factor >= before.factor
    assert one.factor == 1
