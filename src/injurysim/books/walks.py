"""Walks over the riders of a month and their engagements, compiled: each reads every array once and copies none.

``first`` has shape (riders + 1,), arrays of riders (riders,), all others (engagements,) rider by rider.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from injurysim.core.kernel_cache import keep_compiled_kernels
from injurysim.core.sums import Ints, Truths, Wholes

keep_compiled_kernels()

MOST_PLATFORMS_TOLD = 3
"""Riders who use more platforms in a month are told with those who use so many."""


@njit(cache=True, nogil=True)
def look_up(first: Wholes, stratum: Wholes, platform: Wholes, table: Truths, mask: Truths) -> None:
    """Fill a mask of engagements from a table by stratum and platform."""
    for i in range(stratum.size):
        for j in range(first[i], first[i + 1]):
            mask[j] = table[stratum[i], platform[j]]


@njit(cache=True, nogil=True)
def cells(
    first: Wholes, stratum: Wholes, days_worked: Wholes, worked_minutes: Wholes, band_ends: Ints, cell: Wholes
) -> None:
    """Fill in each rider's cell: the stratum, then platforms used (0 to 3), then the band of minutes worked."""
    bands = band_ends.size + 1
    for i in range(stratum.size):
        used = 0
        for j in range(first[i], first[i + 1]):
            used += days_worked[j] > 0
        band = 0
        while band < bands - 1 and worked_minutes[i] > band_ends[band]:
            band += 1
        used = min(used, MOST_PLATFORMS_TOLD)
        cell[i] = (stratum[i] * (MOST_PLATFORMS_TOLD + 1) + used) * bands + band


@njit(cache=True, nogil=True)
def count_riders(
    first: Wholes,
    cell: Wholes,
    platform: Wholes,
    industry: Wholes,
    days_worked: Wholes,
    eligible: Truths,
    insured: Truths,
    ever: Truths,
    by_cell: Ints,
    by_platform: Ints,
    by_industry: Ints,
) -> None:
    """Count riders at work in the month who are eligible, insured and ever insured, each rider once in a level.

    Parameters
    ----------
    industry : array of int, shape (platforms,)
        Industry of each platform.
    eligible, insured : arrays of bool, shape (engagements,)
        The masks; only engagements with days worked count.
    ever : array of bool, shape (riders,)
        The riders insured before; those of this month are added.
    by_cell, by_platform, by_industry : arrays of int64, shape (3, codes)
        Filled in: rows are eligible, insured, ever insured.
    """
    last = np.full(by_industry.shape, -1, np.int64)  # the rider counted last in each industry
    for i in range(cell.size):
        works = is_eligible = is_insured = False
        for j in range(first[i], first[i + 1]):
            if days_worked[j] > 0:
                works = True
                is_eligible |= eligible[j]
                is_insured |= insured[j]
        ever[i] |= is_insured
        if not works:
            continue
        by_cell[0, cell[i]] += is_eligible
        by_cell[1, cell[i]] += is_insured
        by_cell[2, cell[i]] += ever[i]
        for j in range(first[i], first[i + 1]):
            if days_worked[j] > 0:
                for row in range(3):
                    if eligible[j] if row == 0 else insured[j] if row == 1 else ever[i]:
                        by_platform[row, platform[j]] += 1
                        trade = industry[platform[j]]
                        if last[row, trade] != i:
                            last[row, trade] = i
                            by_industry[row, trade] += 1


@njit(cache=True, nogil=True)
def first_worked(first: Wholes, days_worked: Wholes, insured: Truths, done: Truths, chosen: Truths) -> None:
    """Choose each rider's first insured engagement with work, and note the rider as done; those done have none.

    Parameters
    ----------
    done : array of bool, shape (riders,)
        Riders without a choice; those who get one are added.
    chosen : array of bool, shape (engagements,)
        Filled in.
    """
    for i in range(done.size):
        for j in range(first[i], first[i + 1]):
            chosen[j] = not done[i] and insured[j] and days_worked[j] > 0
            done[i] |= chosen[j]
