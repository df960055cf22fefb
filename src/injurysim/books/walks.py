"""Walks over the riders of a month and their engagements, compiled: each reads every array once and copies none.

``first`` has shape (riders + 1,), arrays of riders (riders,), all others (engagements,) rider by rider.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from injurysim.core.kernel_cache import keep_compiled_kernels
from injurysim.core.sums import Ints, Truths, Wholes
from injurysim.world.month import Floats

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
    """Count riders at work in the month: eligible, insured, ever and now first insured, each once in a level.

    Parameters
    ----------
    industry : array of int, shape (platforms,)
        Industry of each platform.
    eligible, insured : arrays of bool, shape (engagements,)
        The masks; only engagements with days worked count.
    ever : array of bool, shape (riders,)
        The riders insured before; those of this month are added.
    by_cell, by_platform, by_industry : arrays of int64, shape (4, codes)
        Filled in: rows are eligible, insured, ever insured, insured for the first time.
    """
    last = np.full(by_industry.shape, -1, np.int64)  # the rider counted last in each industry
    for i in range(cell.size):
        works = is_eligible = is_insured = False
        for j in range(first[i], first[i + 1]):
            if days_worked[j] > 0:
                works = True
                is_eligible |= eligible[j]
                is_insured |= insured[j]
        is_first = is_insured and not ever[i]
        ever[i] |= is_insured
        if not works:
            continue
        by_cell[0, cell[i]] += is_eligible
        by_cell[1, cell[i]] += is_insured
        by_cell[2, cell[i]] += ever[i]
        by_cell[3, cell[i]] += is_first
        for j in range(first[i], first[i + 1]):
            if days_worked[j] > 0:
                told = (eligible[j], insured[j], ever[i], is_first and insured[j])
                for row in range(len(told)):
                    if told[row]:
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


@njit(cache=True, nogil=True)
def foremost(first: Wholes, values: Wholes | Floats, otherwise: Floats, mask: Truths) -> None:
    """Mark the engagement of each rider with the largest value, the first of those alike.

    Parameters
    ----------
    values : array, shape (engagements,)
        What the rider's engagements are compared by.
    otherwise : array of float, shape (engagements,)
        What they are compared by where all values are 0.
    mask : array of bool, shape (engagements,)
        Filled in.
    """
    for i in range(first.size - 1):
        best, by_values = first[i], False
        for j in range(first[i], first[i + 1]):
            by_values |= values[j] > 0
        for j in range(first[i], first[i + 1]):
            mask[j] = False
            if values[j] > values[best] if by_values else otherwise[j] > otherwise[best]:
                best = j
        mask[best] = True


@njit(cache=True, nogil=True)
def any_of(first: Wholes, mask: Truths, found: Truths) -> None:
    """Say of each rider whether a mask holds on any engagement."""
    for i in range(first.size - 1):
        found[i] = False
        for j in range(first[i], first[i + 1]):
            found[i] |= mask[j]
