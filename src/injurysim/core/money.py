"""Money in whole fen: exact rounding, exact charges, shares that add up.

One rule everywhere: half up, once, where the law fixes an amount (``half away from zero`` for negatives). All
arithmetic is on integers and ratios of integers, so neither a binary float nor the precision of a decimal
context can move a tie. A float is refused with ``TypeError``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import index

FEN_PER_YUAN = 100


def _ratio(x: Decimal | Fraction | int) -> tuple[int, int]:
    """Return `x` as numerator and positive denominator, exactly; refuse floats and non-finite decimals."""
    if isinstance(x, Decimal | Fraction):
        try:
            return x.as_integer_ratio()
        except (OverflowError, ValueError):
            raise ValueError(f"an amount must be finite, got {x}") from None
    return index(x), 1


def _half_up(numerator: int, denominator: int) -> int:
    """Round numerator / denominator (denominator > 0) half away from zero."""
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


def round_half_up(x: Decimal | Fraction | int) -> int:
    """Round to the nearest integer, ties away from zero.

    Parameters
    ----------
    x : Decimal, Fraction or int
        The exact number. A negative is the mirror image of its positive: -2.5 gives -3, so that a reversal
        cancels the entry it reverses to the fen.

    Returns
    -------
    int
        The rounded number.

    Raises
    ------
    TypeError
        When `x` is a float.
    ValueError
        When `x` is infinite or not a number.

    Examples
    --------
    >>> round_half_up(Decimal("4.5")), round_half_up(Decimal("-4.5"))
    (5, -5)
    """
    return _half_up(*_ratio(x))


def scaling(*factors: Decimal | Fraction | int) -> Callable[[int], int]:
    """Return a function that multiplies a whole number by exact factors and rounds half up once.

    The product of the factors is worked out once, so it is for rules that are applied again and again.

    Examples
    --------
    >>> pay = scaling(Decimal("0.6"), Fraction(1, 30))
    >>> pay(700_000 * 10)
    140000
    """
    product = Fraction(1)
    for factor in factors:
        product *= Fraction(*_ratio(factor))
    top, bottom = product.numerator, product.denominator
    return lambda amount: _half_up(amount * top, bottom)


def rounded(x: Decimal | Fraction | int, places: int) -> Decimal:
    """Round to so many decimals, half away from zero.

    Examples
    --------
    >>> rounded(Fraction(2, 3), 6)
    Decimal('0.666667')
    """
    return Decimal(round_half_up(Fraction(*_ratio(x)) * 10**places)).scaleb(-places)


def charge_fen(base: int, rate_yuan: Decimal, factor: Decimal = Decimal(1), *, units: int = 1) -> int:
    """Charge a rate on a base: base / units × rate × 100 × factor, rounded half up once.

    Parameters
    ----------
    base : int
        Declared units (orders, hours, days; or fen of earnings when the rate is a share divided by 100).
    rate_yuan : Decimal
        Yuan per unit.
    factor : Decimal
        Floating factor of the grade.
    units : int
        Units of the base to which the rate applies: 60 for a rate by the hour on minutes.

    Returns
    -------
    int
        The charge in fen.

    Raises
    ------
    TypeError
        When an argument is a float.
    ValueError
        When a decimal is not finite.

    Examples
    --------
    >>> charge_fen(1, Decimal("0.045"))
    5
    """
    rate_top, rate_bottom = _ratio(rate_yuan)
    factor_top, factor_bottom = _ratio(factor)
    return _half_up(index(base) * rate_top * FEN_PER_YUAN * factor_top, rate_bottom * factor_bottom * units)


def to_fen(yuan: Decimal | int) -> int:
    """Convert yuan to fen, half up.

    Parameters
    ----------
    yuan : Decimal or int
        An amount in yuan.

    Returns
    -------
    int
        The amount in fen.

    Raises
    ------
    TypeError
        When `yuan` is a float.
    ValueError
        When `yuan` is not finite.
    """
    top, bottom = _ratio(yuan)
    return _half_up(top * FEN_PER_YUAN, bottom)


def share_fen(total_fen: int, share: Decimal) -> int:
    """Take one share of an amount, half up. To divide an amount among several use :func:`split_fen`.

    Parameters
    ----------
    total_fen : int
        The amount in fen.
    share : Decimal
        The share, usually between 0 and 1.

    Returns
    -------
    int
        total × share in fen.

    Raises
    ------
    TypeError
        When an argument is a float.
    ValueError
        When `share` is not finite.
    """
    top, bottom = _ratio(share)
    return _half_up(index(total_fen) * top, bottom)


def split_fen(total_fen: int, weights: Sequence[int | Decimal | Fraction]) -> list[int]:
    """Divide an amount in proportion to weights by largest remainder; the parts add to the whole exactly.

    Each part is the exact share rounded down; the fen left over go one each to the largest remainders, a tie
    to the earlier. A weight of zero gets nothing. A negative total is split as its positive and negated.

    Parameters
    ----------
    total_fen : int
        The amount in fen.
    weights : sequence of int, Decimal or Fraction, length n
        Non-negative weights; they need not add to one.

    Returns
    -------
    list of int, length n
        Parts in fen.

    Raises
    ------
    TypeError
        When an argument is a float.
    ValueError
        When a weight is negative or not finite, or when the weights add to zero.

    Examples
    --------
    >>> split_fen(100, [1, 1, 1])
    [34, 33, 33]
    """
    ratios = [_ratio(weight) for weight in weights]
    if any(top < 0 for top, _ in ratios):
        raise ValueError("a weight must not be negative")
    scale = math.lcm(*(bottom for _, bottom in ratios))
    whole = [top * (scale // bottom) for top, bottom in ratios]
    weight_sum = sum(whole)
    if weight_sum == 0:
        raise ValueError("the weights add to zero: there is nobody to share the amount")
    total = index(total_fen)
    divided = [divmod(abs(total) * weight, weight_sum) for weight in whole]
    parts = [part for part, _ in divided]
    left_over = abs(total) - sum(parts)
    for i in sorted(range(len(parts)), key=lambda i: -divided[i][1])[:left_over]:
        parts[i] += 1
    return parts if total >= 0 else [-part for part in parts]
