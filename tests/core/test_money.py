"""Money: exact ties, the published contribution table, shares that add up."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.money import charge_fen, round_half_up, share_fen, split_fen, to_fen

counts = st.integers(0, 10**9)
rates = st.decimals(0, 10, places=4)
factors = st.decimals(0, 3, places=3)
fen = st.integers(-(10**15), 10**15)
weights = st.one_of(st.integers(0, 10**9), st.decimals(0, 1000, places=6), st.fractions(0, 1000))


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("0.5", 1),
        ("1.5", 2),
        ("2.5", 3),
        ("2.4999999999999999999999999999999999999", 2),
        ("-0.5", -1),
        ("-2.5", -3),
        ("-2.49", -2),
        ("0", 0),
        ("1e3", 1000),
    ],
)
def test_halves_go_away_from_zero(exact: str, rounded: int) -> None:
    assert round_half_up(Decimal(exact)) == rounded
    assert round_half_up(Fraction(exact)) == rounded


def test_an_integer_is_already_round() -> None:
    assert round_half_up(10**40 + 1) == 10**40 + 1
    assert round_half_up(np.int64(7)) == 7


@given(st.fractions())
def test_rounding_moves_by_half_at_most_and_mirrors(x: Fraction) -> None:
    assert abs(round_half_up(x) - x) <= Fraction(1, 2)
    assert round_half_up(-x) == -round_half_up(x)


@pytest.mark.parametrize(
    ("orders", "rate", "factor", "due"),
    [  # VALIDATION E2, the column half up
        (100000, "0.06", "1", 600000),
        (123457, "0.07", "0.9", 777779),
        (1, "0.045", "1", 5),
        (3, "0.045", "1", 14),
        (2000002, "0.0125", "0.6", 1500002),
        (10001, "0.25", "1.2", 300030),
    ],
)
def test_charges_of_the_validation_table(orders: int, rate: str, factor: str, due: int) -> None:
    assert charge_fen(orders, Decimal(rate), Decimal(factor)) == due
    assert charge_fen(np.int64(orders), Decimal(rate), Decimal(factor)) == due


def test_a_charge_does_not_depend_on_the_decimal_context() -> None:
    with localcontext() as context:
        context.prec = 3
        assert charge_fen(123456789, Decimal("0.123456789"), Decimal("1.000000001")) == 1524157877


def test_a_charge_of_a_numpy_count_does_not_overflow() -> None:
    assert charge_fen(np.int64(2**62), Decimal("0.05")) == 2**62 * 5


@given(counts, counts, rates, factors)
def test_a_charge_rises_with_its_base(a: int, b: int, rate: Decimal, factor: Decimal) -> None:
    low, high = sorted((a, b))
    assert charge_fen(low, rate, factor) <= charge_fen(high, rate, factor)


@given(counts, rates, factors)
def test_a_charge_is_the_exact_product_rounded_once(base: int, rate: Decimal, factor: Decimal) -> None:
    assert charge_fen(base, rate, factor) == round_half_up(base * Fraction(rate) * 100 * Fraction(factor))


def test_yuan_become_fen() -> None:
    assert to_fen(3) == 300
    assert to_fen(Decimal("1.06")) == 106
    assert to_fen(Decimal("0.005")) == 1
    assert to_fen(Decimal("-0.005")) == -1


@given(fen, st.decimals(0, 1, places=6))
def test_a_share_is_the_exact_share_rounded(total: int, share: Decimal) -> None:
    assert share_fen(total, share) == round_half_up(total * Fraction(share))


def test_the_odd_fen_goes_to_the_largest_remainder_and_a_tie_to_the_earlier() -> None:
    assert split_fen(100, [1, 1, 1]) == [34, 33, 33]
    assert split_fen(101, [1, 1]) == [51, 50]
    assert split_fen(10, [1, 2, 4]) == [1, 3, 6]  # remainders 3/7, 6/7, 5/7: two fen over
    assert split_fen(-101, [1, 1]) == [-51, -50]
    assert split_fen(7, [0, Decimal("0.5"), Fraction(0)]) == [0, 7, 0]
    assert split_fen(0, [1, 2]) == [0, 0]


@given(fen, st.lists(weights, min_size=1, max_size=12).filter(any))
def test_parts_add_to_the_whole_and_lie_within_one_fen(
    total: int, shares: list[int | Decimal | Fraction]
) -> None:
    parts = split_fen(total, shares)
    exact = [total * Fraction(share) / sum(map(Fraction, shares)) for share in shares]
    assert sum(parts) == total
    assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))


@given(st.integers(0, 10**9), st.lists(weights, min_size=1, max_size=6).filter(any), st.integers(1, 1000))
def test_only_the_ratios_of_the_weights_count(
    total: int, shares: list[int | Decimal | Fraction], times: int
) -> None:
    assert split_fen(total, shares) == split_fen(total, [Fraction(share) * times for share in shares])


@pytest.mark.parametrize("bad", [[], [0, 0], [Decimal(0)], [-1, 2], [Decimal("NaN")], [Decimal("Infinity")]])
def test_weights_that_share_nothing_are_refused(bad: list[int | Decimal | Fraction]) -> None:
    with pytest.raises(ValueError, match=r"weight|finite"):
        split_fen(100, bad)


def test_floats_and_infinities_are_refused() -> None:
    for refuse in (
        lambda: round_half_up(0.5),  # type: ignore[arg-type]
        lambda: charge_fen(1, 0.045),  # type: ignore[arg-type]
        lambda: charge_fen(1.0, Decimal(1)),  # type: ignore[arg-type]
        lambda: to_fen(1.06),  # type: ignore[arg-type]
        lambda: share_fen(100, 0.5),  # type: ignore[arg-type]
        lambda: split_fen(100, [0.5, 0.5]),  # type: ignore[list-item]
    ):
        with pytest.raises(TypeError):
            refuse()
    with pytest.raises(ValueError, match="finite"):
        round_half_up(Decimal("Infinity"))
    with pytest.raises(ValueError, match="finite"):
        charge_fen(1, Decimal("NaN"))
