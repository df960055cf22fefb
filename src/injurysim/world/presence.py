"""The chance that a rider of a group comes on a day: kind of day, season and weather."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.scenario.groups import Work
from injurysim.scenario.world import World
from injurysim.world.weather import STATES, effect_of

DRAWN_TOGETHER = 4
"""Days whose presence one draw decides."""
WHOLE = 1 << 32


def draws_of(first_day: int, last_day: int) -> NDArray[np.int64]:
    """Return the numbers of the draws that decide the presence on some days (the last one not included)."""
    return np.arange(first_day // DRAWN_TOGETHER, -(-last_day // DRAWN_TOGETHER))


def chances(world: World, calendar: Calendar, states: NDArray[np.int64], month: int) -> NDArray[np.uint64]:
    """Return the chance of working on each day of a month, in units of 2⁻³².

    Parameters
    ----------
    states : array of shape (regions, days)
        Weather of the regions.

    Returns
    -------
    ndarray of uint64, shape (groups, days)
        From the first day of the month's first draw to the last day of its last one; days of other months are 0.
    """
    first, last = (int(each) for each in calendar.month_starts[month : month + 2])
    draws = draws_of(first, last)
    begin, end = draws[0] * DRAWN_TOGETHER, (draws[-1] + 1) * DRAWN_TOGETHER
    attendance = np.array([float(effect_of(world, state).attendance.value) for state in range(len(STATES))])
    regions, of_year = list(world.regions), calendar.month_date(month).month
    whole = np.zeros((len(world.groups), end - begin), np.uint64)
    for g, group in enumerate(world.groups.values()):
        of_kind = by_kind(group.work, of_year)[calendar.day_types[first:last]]
        chance = of_kind * attendance[states[regions.index(group.region), first:last]]
        whole[g, first - begin : last - begin] = np.rint(np.minimum(chance, 1.0) * WHOLE).astype(np.uint64)
    return whole


def by_kind(work: Work, month_of_year: int) -> NDArray[np.float64]:
    """Return the chance of working by kind of day (workday, weekend, holiday), the season included."""
    attendance, season = work.attendance, work.season.attendance.get(month_of_year)
    of_month = float(season.value) if season else 1.0
    kinds = (attendance.workday, attendance.weekend, attendance.holiday)
    return np.array([float(chance.value) * of_month for chance in kinds])
