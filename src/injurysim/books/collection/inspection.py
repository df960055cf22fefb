"""Inspection: whose books are looked at in a month, and what is found undeclared in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from injurysim.books.collection.bill import Bill
from injurysim.books.setting import Setting
from injurysim.core.calendar import Calendar
from injurysim.core.money import round_half_up, scaling
from injurysim.core.randomness import Purpose, digest64
from injurysim.core.sums import Truths
from injurysim.scenario.collection import Inspection


class Inspectors:
    """Who draws the platforms and regions of a scheme that are inspected.

    Parameters
    ----------
    rule : Inspection
        The rule.
    scheme : str
        Name of the scheme.
    setting : Setting
        The stage.
    """

    def __init__(self, rule: Inspection, scheme: str, setting: Setting) -> None:
        self._rule, self._streams, self._calendar = rule, setting.streams, setting.calendar
        who = [
            [digest64(scheme, region, platform) for platform in setting.platforms]
            for region in setting.regions
        ]
        self._who = np.array(who, np.uint64)

    def visited(self, month: int) -> Truths:
        """Return which platforms are inspected in which regions in a month, shape (regions, platforms)."""
        drawn = self._streams.uniform(Purpose.INSPECTION, self._who.ravel(), when=month)
        probability = float(self._rule.monthly_probability.at(self._calendar.month_date(month)))
        return np.asarray(drawn < probability).reshape(self._who.shape)


@dataclass(frozen=True)
class Found:
    """What an inspection comes to: an amount for each payer, and the penalties in all, in fen."""

    assessed_fen: list[int]
    late_fee_fen: int
    fine_fen: int


def find(rule: Inspection, bills: Sequence[Bill], month: int, calendar: Calendar) -> Found:
    """Assess what bills left undeclared, at an inspection at the end of a month.

    Each bill is assessed at its own rate and factor, half up to the fen. The late fee of each runs by days from the end of
    the month in which it was due; all of them together, and the fine, are rounded once.

    Parameters
    ----------
    rule : Inspection
        The rule.
    bills : sequence of Bill
        Bills of the months looked back over, at least one.
    month : int
        Month of the inspection.
    calendar : Calendar
        The calendar.
    """
    found = scaling(rule.found_share.value)
    assessed, fee = [0] * len(bills[0].rates), Fraction(0)
    for bill in bills:
        amount = bill.fen_on(found(bill.undeclared))
        days = int(calendar.month_starts[month + 1] - calendar.month_starts[bill.month + 1])
        fee += amount * days * Fraction(rule.late_fee_per_day.value)
        assessed = [one + more for one, more in zip(assessed, bill.split(amount), strict=True)]
    fine = round_half_up(sum(assessed) * Fraction(rule.fine_share.value))
    return Found(assessed, round_half_up(fee), fine)
