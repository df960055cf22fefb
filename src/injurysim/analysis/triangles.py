"""Development triangles: what is paid by when it happened and how long after, and what is still to come.

A triangle holds cumulative payments, a row an origin period (when injuries happened), a column the periods since. Chain
ladder carries each row on by volume-weighted development factors; the standard errors are those of Mack (1993).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_PERIODS = 3
"""A triangle with fewer rows has no variance to go by."""


def paid_triangle(
    payments: pd.DataFrame, claims: pd.DataFrame, injuries: pd.DataFrame, *, months: int = 12
) -> Ints:
    """Return cumulative payments of one book by occurrence and development, in fen.

    Parameters
    ----------
    payments, claims, injuries : pandas.DataFrame
        Tables of one cell and design, as in the results.
    months : int
        Calendar months of a period; the first begins with the month of the first injury.

    Returns
    -------
    ndarray of int64, shape (origins, developments)
        Row i, column j: paid on injuries of origin period i by the end of the j-th period after it began, 0 for the period
        itself. It runs to the period of the last payment; the sum of the last column is all that was paid, and what lies
        past that period is the last amount known.

    Raises
    ------
    ValueError
        When a payment belongs to no injury that is given.
    """
    if injuries.empty:
        return np.zeros((0, 0), np.int64)
    occurred = (
        claims[["claim_id", "injury_id"]]
        .dropna()
        .merge(injuries[["injury_id", "occurred_at"]], on="injury_id")
    )
    paid = payments[["claim_id", "paid_at", "amount_fen"]].merge(
        occurred.drop_duplicates("claim_id"), how="left", on="claim_id"
    )
    if paid["occurred_at"].isna().any():
        raise ValueError("a payment belongs to none of the claims and injuries given")
    start = _month(injuries["occurred_at"]).min()
    origin = (_month(paid["occurred_at"]) - start) // months
    development = (_month(paid["paid_at"]) - start) // months - origin
    origins = int((_month(injuries["occurred_at"]).max() - start) // months) + 1
    found = np.zeros((origins, max(int(development.max()) + 1 if len(paid) else 1, origins)), np.int64)
    np.add.at(found, (origin.to_numpy(), development.to_numpy()), paid["amount_fen"].to_numpy(np.int64))
    return np.cumsum(found, axis=1)


def _month(moments: pd.Series[pd.Timestamp]) -> pd.Series[int]:
    """Return months since year 0."""
    number: pd.Series[int] = moments.dt.year * 12 + moments.dt.month - 1
    return number


@dataclass(frozen=True)
class ChainLadder:
    """Chain ladder on a square of cumulative amounts, of which the upper left triangle is known.

    Parameters
    ----------
    cumulative : array of float, shape (n, n)
        Row i is known up to column n - 1 - i; what lies beyond is not looked at.

    Attributes
    ----------
    factors : volume-weighted development factors, shape (n - 1,).
    variances : Mack's sigma squared, shape (n - 1,); the last is the least of those before and their extrapolation.
    ultimates, reserves, errors : of each origin period, shape (n,).
    total_reserve, total_error : of all origin periods together.

    Notes
    -----
    Mack, T. (1993), Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN
    Bulletin 23(2).
    """

    cumulative: Floats

    def __post_init__(self) -> None:
        """Refuse what is not a triangle.

        Raises
        ------
        ValueError
            When it is not square, too small, or an amount that a factor divides by is not above 0.
        """
        square = np.asarray(self.cumulative, np.float64)
        if square.ndim != 2 or square.shape[0] != square.shape[1] or len(square) < FEWEST_PERIODS:
            raise ValueError(
                f"a triangle is square with {FEWEST_PERIODS} periods or more, not {square.shape}"
            )
        if (square[:, :-1].sum(axis=0, where=self._known(square)[:, 1:]) <= 0).any():
            raise ValueError("a development factor would divide by nothing")
        object.__setattr__(self, "cumulative", square)

    @staticmethod
    def _known(square: Floats) -> NDArray[np.bool_]:
        n = len(square)
        known: NDArray[np.bool_] = np.add.outer(np.arange(n), np.arange(n)) < n
        return known

    @property
    def _before(self) -> NDArray[np.bool_]:
        """Which amounts have a known amount after them, shape (n, n - 1)."""
        return self._known(self.cumulative)[:, 1:]

    @cached_property
    def _volumes(self) -> Floats:
        volumes: Floats = self.cumulative[:, :-1].sum(axis=0, where=self._before)
        return volumes

    @cached_property
    def factors(self) -> Floats:
        """Sum of the amounts of a column over that of the column before, of the rows that know both."""
        after: Floats = self.cumulative[:, 1:].sum(axis=0, where=self._before)
        return after / self._volumes

    @cached_property
    def variances(self) -> Floats:
        """Mean squared deviation of single factors from the common one, weighted by volume."""
        known, amounts = self._before, self.cumulative[:, :-1]
        single = np.divide(
            self.cumulative[:, 1:], amounts, where=known & (amounts > 0), out=np.ones_like(amounts)
        )
        squares = (amounts * (single - self.factors) ** 2).sum(axis=0, where=known)
        freedom = known.sum(axis=0) - 1
        found: Floats = squares / np.maximum(freedom, 1)
        two, one = found[-3], found[-2]
        found[-1] = min(one**2 / two if two > 0 else 0.0, one, two)
        return found

    @cached_property
    def completed(self) -> Floats:
        """The square with what is not known carried on by the factors, shape (n, n)."""
        full, n = self.cumulative.copy(), len(self.cumulative)
        for column in range(1, n):
            rows = slice(n - column, n)
            full[rows, column] = full[rows, column - 1] * self.factors[column - 1]
        return full

    @property
    def ultimates(self) -> Floats:
        """What each origin period comes to."""
        return self.completed[:, -1]

    @property
    def reserves(self) -> Floats:
        """What is still to come of each origin period."""
        n = len(self.cumulative)
        latest: Floats = self.cumulative[np.arange(n), np.arange(n)[::-1]]
        return self.ultimates - latest

    @cached_property
    def errors(self) -> Floats:
        """Standard error of each reserve: of the process and of the factors."""
        relative = self.variances / self.factors**2
        own = relative * (1 / self.completed[:, :-1] + 1 / self._volumes)
        ahead = ~self._before
        root: Floats = np.sqrt(own.sum(axis=1, where=ahead))
        return self.ultimates * root

    @property
    def total_reserve(self) -> float:
        """What is still to come of all origin periods."""
        return float(self.reserves.sum())

    @cached_property
    def total_error(self) -> float:
        """Standard error of it: rows share the factors, and so their errors."""
        shared = 2 * self.variances / self.factors**2 / self._volumes
        together = self.errors**2
        later = self.ultimates[::-1].cumsum()[::-1] - self.ultimates
        together = together + self.ultimates * later * np.where(~self._before, shared, 0.0).sum(axis=1)
        return float(np.sqrt(together.sum()))
