"""Every shift that can be wanted, worked out in advance: its segments and its length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from injurysim.core.distributions import Distribution, integer_cdf
from injurysim.scenario.groups import MOST_WANTED_HOURS
from injurysim.scenario.limits import Limit
from injurysim.scenario.world import World
from injurysim.world.fatigue import clock_after_rest
from injurysim.world.population import Population
from injurysim.world.rules import shift_rules
from injurysim.world.timetable import Segment, timetable

Ints = NDArray[np.int64]

MOST_WANTED_MINUTES = 60 * MOST_WANTED_HOURS
"""Longest wanted work in a shift, minutes."""


@dataclass(frozen=True)
class Shifts:
    """Timetables in arrays, padded with zeros.

    Shapes: R sets of limits, F portfolios, W = MOST_WANTED_MINUTES + 1, S segments at most.

    Attributes
    ----------
    count : (R, F, W) number of segments.
    slot, start, minutes, clock : (R, F, W, S) as in :class:`~injurysim.world.timetable.Segment`.
    length : (R, F, W) minutes from start to end with rests.
    """

    count: Ints
    slot: Ints
    start: Ints
    minutes: Ints
    clock: Ints
    length: Ints


def compile_shifts(world: World, population: Population, sets: Sequence[Mapping[str, Limit]]) -> Shifts:
    """Work out the timetable of every number of wanted minutes, for each set of limits and portfolio."""
    worked_out = [
        [_timetables(world, group, portfolio, limits) for group, portfolio in population.portfolios]
        for limits in sets
    ]
    most = max((len(shift) for of_set in worked_out for shifts in of_set for shift in shifts), default=0)
    shape = (len(sets), len(population.portfolios), MOST_WANTED_MINUTES + 1)
    count, length = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    slot, start, minutes, clock = (np.zeros((*shape, max(most, 1)), np.int64) for _ in range(4))
    for r, of_set in enumerate(worked_out):
        for f, shifts in enumerate(of_set):
            for wanted, shift in enumerate(shifts):
                count[r, f, wanted] = len(shift)
                for s, segment in enumerate(shift):
                    slot[r, f, wanted, s] = segment.slot
                    start[r, f, wanted, s] = segment.start
                    minutes[r, f, wanted, s] = segment.minutes
                    clock[r, f, wanted, s] = segment.clock
                    length[r, f, wanted] = segment.start + segment.minutes
    return Shifts(count, slot, start, minutes, clock, length)


def _timetables(world: World, group: str, portfolio: str, limits: Mapping[str, Limit]) -> list[list[Segment]]:
    """Work out the shifts of one portfolio under one set of limits, by wanted minutes."""

    def rests_to(clock: int, rest: int) -> int:
        return clock_after_rest(world.fatigue, clock, rest)

    split = world.groups[group].portfolios[portfolio].split
    rules = shift_rules(limits, tuple(split))
    points = tuple(round(float(share.value) * 10_000) for share in split.values())
    possible = _possible(world.groups[group].work.wanted_hours.law())
    return [
        timetable(wanted, points, rules, rests_to) if possible[wanted] else []
        for wanted in range(MOST_WANTED_MINUTES + 1)
    ]


def _possible(law: Distribution) -> NDArray[np.bool_]:
    """Which numbers of wanted minutes can be drawn at all."""
    cdf = integer_cdf(law, 0, MOST_WANTED_MINUTES, unit=1 / 60)
    return np.diff(cdf, prepend=0.0) > 0


def shift_totals(
    shifts: Shifts, hazard_to: Ints, engaged_to: Ints, platform_of: Ints
) -> tuple[Ints, Ints, Ints]:
    """Sum minutes, engaged meter and hazard of whole shifts by slot.

    Parameters
    ----------
    shifts : Shifts
    hazard_to, engaged_to, platform_of : ndarray
        As in :class:`~injurysim.world.tables.Tables`.

    Returns
    -------
    minutes, engaged, hazard : arrays of shape (R, F, W, K)
        In minutes, in the unit of the engaged meter, and in that of the hazard.
    """
    shape = (*shifts.count.shape, platform_of.shape[1])
    worked, engaged, hazard = (np.zeros(shape, np.int64) for _ in range(3))
    for s in range(shifts.slot.shape[3]):
        r, f, wanted = np.nonzero(shifts.count > s)
        slot, clock = shifts.slot[r, f, wanted, s], shifts.clock[r, f, wanted, s]
        minutes = shifts.minutes[r, f, wanted, s]
        np.add.at(worked, (r, f, wanted, slot), minutes)
        np.add.at(engaged, (r, f, wanted, slot), engaged_to[platform_of[f, slot], minutes])
        np.add.at(
            hazard, (r, f, wanted, slot), hazard_to[f, slot, clock + minutes] - hazard_to[f, slot, clock]
        )
    return worked, engaged, hazard
