"""Offices as rows: what arrived, waited and was finished, month by month."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from injurysim.books.book import Book
from injurysim.books.offices import Case, Office
from injurysim.books.rows import Columns
from injurysim.core.calendar import MINUTES_PER_DAY


@dataclass
class OfficeMonth:
    """One month of an office: cases and the minutes of staff in it, waits in days, limits kept or not."""

    arrived: int = 0
    finished: int = 0
    withdrawn: int = 0
    busy_minutes: int = 0
    waits: list[float] = field(default_factory=list)
    limits_kept: list[bool] = field(default_factory=list)


def office_columns(book: Book) -> Columns:
    """Return the columns of table ``offices``; offices are named by scheme and desk."""
    calendar = book.setting.calendar
    starts = [int(day) * MINUTES_PER_DAY for day in calendar.month_starts]
    rows = []
    for region, name, office in _offices(book):
        backlog = 0
        for number, month in enumerate(office_months(office, starts)):
            backlog += month.arrived - month.finished - month.withdrawn
            open_minutes = office.staff[number] * office.working_time.working_minutes_between(
                starts[number], starts[number + 1]
            )
            rows.append(
                {
                    "month": calendar.month_label(number),
                    "region": region,
                    "office": name,
                    "arrived": month.arrived,
                    "finished": month.finished,
                    "withdrawn": month.withdrawn,
                    "backlog": backlog,
                    "utilisation": month.busy_minutes / open_minutes if open_minutes else None,
                    "mean_wait_days": float(np.mean(month.waits)) if month.waits else None,
                    "p95_wait_days": float(np.percentile(month.waits, 95)) if month.waits else None,
                    "within_limit_share": float(np.mean(month.limits_kept)) if month.limits_kept else None,
                }
            )
    return {name: [row[name] for row in rows] for name in COLUMNS}


COLUMNS = (
    *("month", "region", "office", "arrived", "finished", "withdrawn", "backlog", "utilisation"),
    *("mean_wait_days", "p95_wait_days", "within_limit_share"),
)


def _offices(book: Book) -> Iterator[tuple[str, str, Office]]:
    """Yield region, name and office of every desk of every scheme."""
    for scheme in book.schemes:
        for region, desks in zip(book.setting.regions, scheme.desks, strict=True):
            for name, office in desks.items():
                yield region, f"{scheme.name}.{name}", office


def office_months(office: Office, starts: list[int]) -> list[OfficeMonth]:
    """Sort the cases of an office into months.

    A case counts in the month in which it arrived, was taken up (with its wait), was finished or left the queue;
    the minutes it takes count in the months in which it is in hand, be its officer on leave by then.

    Parameters
    ----------
    office : Office
    starts : list of int, length months + 1
        First minute of each month, and of the month after the last.

    Returns
    -------
    list of OfficeMonth, length months
    """
    months = [OfficeMonth() for _ in starts]
    for case in office.cases:
        months[_month(starts, case.arrived)].arrived += 1
        if case.started is None or case.finished is None:
            if case.started is None and case.leaves_at is not None:
                months[_month(starts, case.leaves_at)].withdrawn += 1
            continue
        months[_month(starts, case.started)].waits.append((case.started - case.arrived) / MINUTES_PER_DAY)
        finished = months[_month(starts, case.finished)]
        finished.finished += 1
        if case.within_limit is not None:
            finished.limits_kept.append(case.within_limit)
        for month, minutes in _in_hand(office, case, starts):
            months[month].busy_minutes += minutes
    return months[:-1]


def _month(starts: list[int], minute: int) -> int:
    """Return the month a minute lies in; those after the last month are one more."""
    return bisect_right(starts, minute) - 1


def _in_hand(office: Office, case: Case, starts: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the months in which a case is in hand, and the open minutes in each."""
    assert case.started is not None  # noqa: S101  (only cases taken up are asked about)
    assert case.finished is not None  # noqa: S101
    first, last = _month(starts, case.started), _month(starts, case.finished)
    if first == last:
        yield first, case.minutes
        return
    for month in range(first, min(last, len(starts) - 2) + 1):
        begin, end = max(case.started, starts[month]), min(case.finished, starts[month + 1])
        yield month, office.working_time.working_minutes_between(begin, end)
