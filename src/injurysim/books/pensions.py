"""Pensions paid month by month: a scheme's roll of pensioners, paid together at each month's end.

A pension granted in a month is first paid for the month after, at the end of it, and then for every month at whose end
the pensioner lives, or for its number of months. How long a pensioner lives is drawn once, from the scheme's annuity
law at the age of the award, so that what is paid agrees in the mean with what the pension is held to be worth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from injurysim.books.benefits.pension import Pension, mortality_of
from injurysim.books.claims import Cashbook, Grant, Item, Payment
from injurysim.core.annuities import months_of_life, values_to_come
from injurysim.core.calendar import MINUTES_PER_DAY, Calendar
from injurysim.core.randomness import Purpose, Streams, digest64
from injurysim.scenario.benefits import Annuity

Ints = NDArray[np.int64]

MINUTES_PER_YEAR = MINUTES_PER_DAY * 365.25
FOR_EVER = np.iinfo(np.int64).max


class Roll:
    """The pensions a scheme has granted and pays month by month.

    Parameters
    ----------
    annuity : Annuity, optional
        The law by which pensioners live and pensions are valued; a scheme without pensions has none.
    calendar : Calendar
        Months of the book.
    streams : Streams
        Seed and replication.

    Attributes
    ----------
    grants : the pensions, in the order in which they were granted.
    first, last : first month of each that is paid, and the last the pensioner lives to see, shape (pensions,).
    dies : minute at which the pensioner dies, shape (pensions,); ``FOR_EVER`` for a pension of so many months.
    """

    def __init__(self, annuity: Annuity | None, calendar: Calendar, streams: Streams) -> None:
        self._annuity, self._calendar, self._streams = annuity, calendar, streams
        self._month_ends = calendar.month_starts[1:] * MINUTES_PER_DAY
        self.grants: list[Grant] = []
        self.first, self.last, self.dies, self._next_change = (np.empty(0, np.int64) for _ in range(4))
        self._months_item: list[Item] = []

    def close(self, month: int, cashbook: Cashbook) -> None:
        """Pay the pensions of a month, and take those on that were granted in it; called once a month, in order."""
        self._pay(month)
        if new := cashbook.granted[len(self.grants) :]:
            self._take_on(month, new)

    def _pay(self, month: int) -> None:
        paid_at = int(self._month_ends[month]) - 1
        due = np.flatnonzero((self.first <= month) & (month <= self.last))
        for which in due[self._next_change[due] <= month].tolist():
            self._set_amount(which, month)
        for which in due.tolist():
            item = self._months_item[which]
            if item.amount_fen:
                claim = self.grants[which].claim
                claim.add(Payment(claim, paid_at, item))

    def _set_amount(self, which: int, month: int) -> None:
        """Work out what a pension pays from a month on, and the month in which that changes next."""
        grant, first = self.grants[which], int(self.first[which])
        number, januaries = month - first, self._year(month) - self._year(first)
        fen = grant.pension.fen(number, januaries)
        self._months_item[which] = replace(grant.item, amount_fen=fen)
        step = grant.pension.changes_after(number)
        changes = [FOR_EVER] if step is None else [first + step]
        if grant.pension.rises:
            changes.append(month + 12 - self._month_of_year(month))
        self._next_change[which] = min(changes)

    def _take_on(self, month: int, new: Sequence[Grant]) -> None:
        dies = self._deaths(new)
        first = np.full(len(new), month + 1, np.int64)
        ends = [grant.pension.months for grant in new]
        last = first - 1 + np.array([len(self._month_ends) if end is None else end for end in ends], np.int64)
        # The last month paid is the last at whose end, a minute before midnight, the pensioner lives.
        lived = np.searchsorted(self._month_ends - 1, dies, side="left") - 1
        self.first, self.last, self.dies, self._next_change = (
            np.concatenate(both)
            for both in (
                (self.first, first),
                (self.last, np.minimum(last, lived)),
                (self.dies, dies),
                (self._next_change, first),
            )
        )
        self.grants.extend(new)
        self._months_item.extend(grant.item for grant in new)

    def _deaths(self, new: Sequence[Grant]) -> Ints:
        """Draw the minute at which each pensioner dies; pensions of one person end with the same life."""
        dies = np.full(len(new), FOR_EVER, np.int64)
        lives = [place for place, grant in enumerate(new) if grant.pension.for_life]
        if not lives or self._annuity is None:
            return dies
        granted = np.array([new[place].granted_at for place in lives], np.int64)
        who = np.array([digest64(new[place].claim.injured.injury_id) for place in lives], np.uint64)
        ages = [_age_at(new[place], new[place].granted_at) for place in lives]
        extra = float(self._annuity.extra_force.value)
        uniforms = self._streams.uniform(Purpose.PENSIONER_LIFE, who)
        years = mortality_of(self._annuity).lifetime(ages, uniforms, extra)
        dies[lives] = granted + np.floor(years * MINUTES_PER_YEAR).astype(np.int64)
        return dies

    def liabilities(self) -> Mapping[str, Ints]:
        """Return what each account holds at each month's end against the pensions granted by then, shape (months,).

        Of a pensioner who lives, the value of what is still to be paid, by the law and not by the life drawn; rises
        in the Januaries they come in. Each pension is rounded half up, once a month.
        """
        held: dict[str, Ints] = defaultdict(lambda: np.zeros(len(self._month_ends), np.int64))
        for which, grant in enumerate(self.grants):
            if grant.item.account is None:
                continue
            granted = int(self.first[which]) - 1
            values = self._values(grant, granted)
            alive = np.searchsorted(self._month_ends, self.dies[which], side="left")
            until = int(min(granted + len(values), alive))
            rounded = np.floor(values[: max(until - granted, 0)] + 0.5).astype(np.int64)
            held[grant.item.account][granted : granted + len(rounded)] += rounded
        return held

    def _values(self, grant: Grant, month: int) -> NDArray[np.float64]:
        """Return what a pension is worth at the end of the month of its grant and of later months of the book."""
        assert self._annuity is not None  # noqa: S101  (a scheme with pensions has an annuity)
        pension, age = grant.pension, _age_at(grant, int(self._month_ends[month]))
        mortality, extra = mortality_of(self._annuity), float(self._annuity.extra_force.value)
        number = pension.months or months_of_life(age, mortality, extra)
        survival = np.ones(number + 1)
        if pension.for_life:
            survival = mortality.survival(age, np.arange(number + 1) / 12, extra)
        values = values_to_come(
            self._amounts(pension, month + 1, number), float(self._annuity.interest.value), survival
        )
        return values[: len(self._month_ends) - month]

    def _amounts(self, pension: Pension, first: int, number: int) -> NDArray[np.float64]:
        """Return the first so many payments of a pension whose first is in a month, shape (number,)."""
        month = self._calendar.start.month - 1 + first + np.arange(number)
        januaries = month // 12 - month[0] // 12
        lasts = np.diff([0, *(number if until is None else until for until, _ in pension.steps)])
        levels = np.repeat([float(level) for _, level in pension.steps], lasts)
        return np.asarray(np.floor(levels * (1 + float(pension.rises)) ** januaries + 0.5), np.float64)

    def _month_of_year(self, month: int) -> int:
        return (self._calendar.start.month - 1 + month) % 12

    def _year(self, month: int) -> int:
        return (self._calendar.start.month - 1 + month) // 12


def _age_at(grant: Grant, minute: int) -> float:
    """Return the age of the injured at a minute, in years."""
    injured = grant.claim.injured
    return injured.age_years + (minute - injured.minute) / MINUTES_PER_YEAR
