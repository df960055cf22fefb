"""The gain of common random numbers: how many times the replications that independent seeds would need."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from injurysim.results import paired
from injurysim.results.intervals import LEVEL, t_quantile
from injurysim.results.places import Place

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

FEWEST_PAIRS = 3
"""With fewer there is nothing to leave out."""


@dataclass(frozen=True)
class Gain:
    """A gain with its interval.

    Attributes
    ----------
    gain : float or None
        (var a + var b) / var(a - b); None where the difference never varies, and below two pairs.
    low, high : float or None
        Ends of the interval; None below three pairs, and where the difference does not vary without one of them.
    n : int
        Pairs.
    level : float
        Confidence level.
    """

    gain: float | None
    low: float | None
    high: float | None
    n: int
    level: float = LEVEL


def gain_interval(a: Floats, b: Floats, level: float = LEVEL) -> Gain:
    """Return the gain of pairing with the jackknife interval of its logarithm.

    Parameters
    ----------
    a, b : array of float, shape (n,)
        Values of one metric in two places, the same replication at the same place; pairs with NaN are left out.
    level : float
        Confidence level.

    Returns
    -------
    Gain

    Notes
    -----
    With g the gain of all pairs and g_i that without pair i, the pseudo-values n log g - (n - 1) log g_i have a mean and
    a t interval with n - 1 degrees of freedom; its ends are the logarithms of low and high (Miller 1968, Jackknifing
    variances). It asks for no law of the values; of heavy tails, as of few severe injuries, it holds the truth somewhat
    less often than it says.

    Examples
    --------
    >>> a = np.array([3.0, 5.0, 4.0, 8.0])
    >>> gain_interval(a, np.array([2.0, 4.5, 3.0, 6.5])).gain
    51.0
    """
    both = ~(np.isnan(a) | np.isnan(b))
    a, b = np.asarray(a, np.float64)[both], np.asarray(b, np.float64)[both]
    n, gain = len(a), paired.pairing_gain(a, b)
    if gain is None or n < FEWEST_PAIRS:
        return Gain(gain, None, None, n, level)
    without = [paired.pairing_gain(np.delete(a, i), np.delete(b, i)) for i in range(n)]
    known = np.array([each for each in without if each is not None and each > 0])
    if len(known) < n or gain <= 0:
        return Gain(gain, None, None, n, level)
    pseudo = n * math.log(gain) - (n - 1) * np.log(known)
    half = t_quantile(level, n - 1) * float(pseudo.std(ddof=1)) / math.sqrt(n)
    centre = float(pseudo.mean())
    return Gain(gain, math.exp(centre - half), math.exp(centre + half), n, level)


def gains_by_month(
    injuries: pd.DataFrame,
    fund: pd.DataFrame,
    a: Place,
    b: Place,
    last_month: str | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Measure the gain for injuries, benefits and the balance, over the whole period and month by month.

    Parameters
    ----------
    injuries, fund : pandas.DataFrame
        Tables of the results, with every replication.
    a, b : (world, design)
        The two places that are compared.
    last_month : str, optional
        As ``2024-06``, the last month that counts; by default that of the table ``fund``, run-off and all.
    level : float
        Confidence level.

    Returns
    -------
    pandas.DataFrame
        ``quantity`` (injuries, benefits_paid, balance: of the design's own accounts, insurers' left out), ``month`` (null for
        the whole period), ``gain``, ``gain_low``, ``gain_high``, ``n``, ``level``. Of the whole period the balance is that at
        its end; of a month alone it is what the month adds to it.
    """
    import pandas as pd

    frames = [_monthly(injuries, fund, place, last_month) for place in (a, b)]
    rows = []
    for quantity in ("injuries", "benefits_paid", "balance"):
        ours, theirs = (frame[quantity].unstack("month") for frame in frames)
        months = [month for month in ours.columns if month in theirs.columns]
        ours, theirs = ours[months].align(theirs[months], join="inner", axis=0)
        for month, x, y in _spans(ours, theirs):
            found = gain_interval(x, y, level)
            rows.append((quantity, month, found.gain, found.low, found.high, found.n, found.level))
    columns = ["quantity", "month", "gain", "gain_low", "gain_high", "n", "level"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype(dict.fromkeys(("gain", "gain_low", "gain_high"), "float64"))


def _spans(a: pd.DataFrame, b: pd.DataFrame) -> Iterator[tuple[str | None, Floats, Floats]]:
    """Yield the values of the whole period, then those of every month, of two places."""
    yield None, a.sum(axis=1, skipna=False).to_numpy(), b.sum(axis=1, skipna=False).to_numpy()
    for month in a.columns:
        yield str(month), a[month].to_numpy(), b[month].to_numpy()


def _monthly(
    injuries: pd.DataFrame, fund: pd.DataFrame, place: Place, last_month: str | None
) -> pd.DataFrame:
    """Return injuries, benefits and what is added to the balance by replication and month, the opening with the first.

    A month without injuries has 0 of them; a design without an account of its own has NaN benefits.
    """
    import pandas as pd

    world, design = place
    fund = fund[(fund["world"] == world) & (fund["design"] == design)]
    months = sorted(month for month in fund["month"].unique() if last_month is None or month <= last_month)
    cells = pd.MultiIndex.from_product(
        [sorted(fund["replication"].unique()), months], names=["replication", "month"]
    )
    happened = injuries[injuries["world"] == world]
    counted = happened.groupby(["replication", happened["occurred_at"].dt.strftime("%Y-%m").rename("month")])
    own = fund[fund["kind"] != "insurer"].groupby(["replication", "month"])
    closing = own["closing_fen"].sum().astype("float64").reindex(cells)
    added = closing.groupby(level="replication").diff()
    return pd.DataFrame(
        {
            "injuries": counted.size().reindex(cells, fill_value=0).astype("float64"),
            "benefits_paid": own["benefits_fen"].sum().astype("float64").reindex(cells) / 100,
            "balance": added.where(added.notna(), closing) / 100,
        },
        index=cells,
    )
