"""Textbook financing of social insurance: pay-as-you-go rate, general average premium, growth of a reserve.

After ILO/ISSA, *Actuarial mathematics of social security pensions* (1999). All money is in any one unit, floats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def pay_as_you_go_rate(
    benefits: float, exposure: float, *, expense_share: float = 0.0, reserve_build_up: float = 0.0
) -> float:
    """Return the rate at which a period's contributions meet its outgo.

    Parameters
    ----------
    benefits : float
        Expected benefits of the period.
    exposure : float
        What the rate is charged on: orders, hours, insured earnings.
    expense_share : float
        Share of the contributions that goes to expenses.
    reserve_build_up : float
        What the reserve shall grow by.

    Returns
    -------
    float
        (benefits + build-up) / ((1 - expense share) exposure), money per unit of exposure.

    Raises
    ------
    ValueError
        If there is no exposure or nothing is left of the contributions.
    """
    kept = (1.0 - expense_share) * exposure
    if kept <= 0.0:
        raise ValueError("there is no exposure to charge, or expenses take all of the contributions")
    return (benefits + reserve_build_up) / kept


def general_average_premium(
    benefits: Sequence[float],
    insured_earnings: Sequence[float],
    interest: float,
    *,
    opening_reserve: float = 0.0,
) -> float:
    """Return the level rate over a period at which the reserve ends at zero; flows fall in the middle of each year.

    (Present value of benefits - opening reserve) / present value of insured earnings.

    Parameters
    ----------
    benefits, insured_earnings : sequences of float, shape (years,)
        Of each year.
    interest : float
        Interest a year.
    opening_reserve : float
        What there is at the start.
    """
    present = [math.pow(1.0 + interest, -(year + 0.5)) for year in range(len(benefits))]
    outgo = sum(v * each for v, each in zip(present, benefits, strict=True))
    base = sum(v * each for v, each in zip(present, insured_earnings, strict=True))
    premium: float = (outgo - opening_reserve) / base
    return premium


def projected_reserves(
    rate: float,
    benefits: Sequence[float],
    insured_earnings: Sequence[float],
    interest: float,
    *,
    opening_reserve: float = 0.0,
) -> list[float]:
    """Return the reserve at the end of each year at a rate on insured earnings, flows in the middle of the year."""
    reserve, found = opening_reserve, []
    for outgo, base in zip(benefits, insured_earnings, strict=True):
        reserve = reserve * (1.0 + interest) + (rate * base - outgo) * (1.0 + interest) ** 0.5
        found.append(reserve)
    return found


def level_growth_reserve(
    opening: float, interest: float, growth: float, contributions: float, benefits: float, years: int
) -> float:
    """Return the reserve after some years in which contributions and benefits grow alike, flows at each year's end.

    V(n) = u (1+i)^n + (c - b) ((1+i)^n - (1+g)^n) / (i - g), or with i = g, u (1+i)^n + (c - b) n (1+i)^(n-1).

    Parameters
    ----------
    opening : float
        Reserve u at the start.
    interest, growth : float
        Interest i and growth g a year.
    contributions, benefits : float
        Those of the first year, c and b.
    years : int
        Number of years n.
    """
    grown = (1.0 + interest) ** years
    if interest == growth:
        flows = years * (1.0 + interest) ** (years - 1) if years else 0.0
    else:
        flows = (grown - (1.0 + growth) ** years) / (interest - growth)
    return opening * grown + (contributions - benefits) * flows
