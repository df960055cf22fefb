"""What a shift wants to be, start and length in cells of time, picked by inverse transform with one look-up in most cases."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.core.distributions import Distribution, integer_cdf
from injurysim.core.kernel_cache import inlined
from injurysim.core.threefry import uniform_of
from injurysim.scenario.world import World
from injurysim.world.layout import index, whole

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

START_MINUTES = 15
"""A shift starts on a quarter of an hour."""
WANTED_MINUTES = 5
"""Riders want to work so many times five minutes."""
START_CELLS = 24 * 60 // START_MINUTES
WANTED_CELLS = 20 * 60 // WANTED_MINUTES
PICK_BITS = 12
PICK_CELLS = 1 << PICK_BITS
_PICK_SHIFT = np.uint64(64 - PICK_BITS)


class Picks(NamedTuple):
    """Laws of whole numbers, for drawing by inverse transform with one look-up in most cases.

    Attributes
    ----------
    cdf : (n, cells) P(number <= j).
    direct : (n, PICK_CELLS) for u in the cell: the number, or -1 - (the first that it can be).
    """

    cdf: Floats
    direct: NDArray[np.int16]


@inlined
def picked(picks: Picks, law: int, word: np.uint64) -> int:
    """First entry of a cumulative table that reaches a uniform: known at once, or searched from where it can begin."""
    at = whole(picks.direct[index(law), word >> _PICK_SHIFT])
    if at < 0:
        at, u = -1 - at, uniform_of(word)
        while picks.cdf[index(law), index(at)] < u:
            at += 1
    return at


def starts_of(world: World) -> Picks:
    """Return the laws of the start, by group."""
    groups = list(world.groups.values())
    return _picks(
        [group.work.start_hour.law() for group in groups], [START_MINUTES / 60] * len(groups), START_CELLS
    )


def wishes_of(world: World) -> tuple[Ints, Picks]:
    """Return the row of the laws of wanted minutes by group and month of the year, shape (G, 12), and the laws."""
    rows: dict[tuple[int, float], int] = {}
    season = np.zeros((len(world.groups), 12), np.int64)
    groups = list(world.groups.values())
    for g, group in enumerate(groups):
        for month in range(12):
            factor = group.work.season.hours.get(month + 1)
            key = (g, float(factor.value) if factor else 1.0)
            season[g, month] = rows.setdefault(key, len(rows))
    laws = [groups[g].work.wanted_hours.law() for g, _ in rows]
    units = [WANTED_MINUTES / 60 / factor for _, factor in rows]
    return season, _picks(laws, units, WANTED_CELLS)


def _picks(laws: list[Distribution], units: list[float], most: int) -> Picks:
    cdf = np.array([integer_cdf(law, 0, most, unit=unit) for law, unit in zip(laws, units, strict=True)])
    edges = np.arange(PICK_CELLS + 1) / PICK_CELLS
    direct = np.zeros((len(cdf), PICK_CELLS), np.int16)
    for row, each in zip(direct, cdf, strict=True):
        low = np.searchsorted(each, edges[:-1], side="right")
        high = np.searchsorted(each, edges[1:], side="left")
        row[:] = np.where(low == high, low, -1 - low)
    return Picks(cdf, direct)
