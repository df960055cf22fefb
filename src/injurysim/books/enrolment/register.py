"""The ledger of riders: who stands on it, and from when."""

from __future__ import annotations

import numpy as np

from injurysim.books.setting import Setting
from injurysim.core.randomness import Purpose, digest32
from injurysim.core.sums import Truths, Wholes
from injurysim.scenario.enrolment import Register

NEVER = np.int32(1 << 30)


def entered_months(register: Register, scheme: str, begins_month: int, setting: Setting) -> Wholes:
    """Return the month from whose first day each rider stands on a register.

    Reports are due on the first day of the month in which the scheme begins and every so many months after. A rider
    is entered at the first report on or after the day of entry, a keyed share of riders ever.

    Parameters
    ----------
    register : Register
        The rule.
    scheme : str
        Name of the scheme, which keys the draws.
    begins_month : int
        Month in which the scheme begins, from 0; negative for one that began before the first.
    setting : Setting
        The stage.

    Returns
    -------
    ndarray of int32, shape (riders,)
        ``NEVER`` for those who are never entered.
    """
    population, every = setting.population, register.reported_every_months.value
    chance = setting.streams.uniform(Purpose.LEDGER, population.who, index=digest32(scheme))
    # The first month that begins on or after the day of entry; beyond the last month it does not matter which.
    month = np.searchsorted(setting.calendar.month_starts, population.entry_day)
    reports = -(-np.maximum(month - begins_month, 0) // every)
    entered = (begins_month + every * reports).astype(np.int32)
    return np.where(chance < float(register.completeness.value), entered, NEVER)


class Ledger:
    """A register at work.

    Parameters
    ----------
    entered : ndarray of int, shape (riders,)
        See :func:`entered_months`.
    """

    def __init__(self, entered: Wholes) -> None:
        self._entered = entered
        self._changes = frozenset(np.unique(entered).tolist())
        self._on: Truths | None = None

    def on(self, month: int) -> Truths:
        """Return who stands on it in a month, shape (riders,); the same array while nobody is entered."""
        if self._on is None or month in self._changes:
            self._on = self._entered <= month
        return self._on
