"""Days off and make-up workdays of mainland China."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


def china_days(first_year: int, last_year: int) -> tuple[list[date], list[date], int]:
    """Days off and make-up workdays of mainland China, from the `holidays` library.

    Parameters
    ----------
    first_year, last_year : int
        Years wanted, both included.

    Returns
    -------
    days_off : list of date
        Statutory holidays with the days given in lieu and moved, in order.
    makeup_workdays : list of date
        Days of the weekend that are worked, in order.
    last_published_year : int
        Last year whose arrangement (which days are moved) the library knows, whatever the years asked for: the
        last with a make-up workday, since every arrangement since 2001 has one. Of later years `days_off` has the
        statutory dates, with the working day given in lieu of one that falls on a weekend, and no make-up workday.

    Raises
    ------
    ValueError
        When the years are in the wrong order.
    """
    if first_year > last_year:
        raise ValueError(f"years in the wrong order: {first_year} to {last_year}")
    wanted = range(first_year, last_year + 1)
    known = _known(min(first_year, 2001), max(last_year, 2100))
    moved: set[date] = known.weekend_workdays
    return (
        sorted(day for day in known if day.year in wanted),
        sorted(day for day in moved if day.year in wanted),
        max(day.year for day in moved),
    )


@cache
def _known(first_year: int, last_year: int) -> HolidayBase:
    """Work the holidays of a century out, which takes a while, once in a process."""
    from holidays import country_holidays

    return country_holidays("CN", years=range(first_year, last_year + 1))
