"""A month of all riders by the workday kernel: in parts side by side, rows that are missing learnt on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.core.errors import InputError
from injurysim.core.randomness import Streams
from injurysim.core.side_by_side import SideBySide
from injurysim.world import roster, workday
from injurysim.world.layout import ShiftLaw
from injurysim.world.rows import MISSED_COLUMNS
from injurysim.world.tables import Tables

BUFFER_ROWS = 4096
"""Injuries of one call of the kernel."""
RIDERS_AT_ONCE, PARTS_A_THREAD = 16_384, 2
"""Riders of one call of the kernel at most, and calls for each thread at least, so that none waits long for another."""
RIDERS_OF_BLOCK, FIRST_WAVE, RIDERS_A_MISS = 16, 512, 50
"""Riders that stay together in a wave, riders of the first one at most, and riders to a shift missed from which on no waves are needed."""
MISSES = 16_384
"""Missed shifts a call can tell of; more are walked and told of by the next."""


class Brief(NamedTuple):
    """A month to be worked: who is there and what the days are like, and the totals to be filled."""

    present: NDArray[np.int64]
    riders: roster.Riders
    days: roster.Days
    law: ShiftLaw
    totals: roster.Totals


class Worked(NamedTuple):
    """What working a month of some riders has told: riders put aside, shifts missed, and injuries."""

    aside: NDArray[np.int64]
    missed: NDArray[np.int64]
    injuries: NDArray[np.int64]


class _Desk(threading.local):
    """What each thread works at: room that the kernel overwrites, kept from call to call."""

    def __init__(self, hurting: roster.Hurting) -> None:
        self.room = roster.new_room()
        self.on_foot = roster.on_foot_with(hurting, BUFFER_ROWS)
        self.missed = np.empty((MISSES, MISSED_COLUMNS), np.int64)


class Working:
    """The kernel at work on the months of one world.

    Parameters
    ----------
    streams : Streams
        Seed and replication.
    tables : Tables
        The compiled law; learns.
    hurting : Hurting
        What follows an injury.
    diary : Diary
        Of all riders; carried from month to month.
    hands : SideBySide
        Threads.
    """

    def __init__(
        self,
        streams: Streams,
        tables: Tables,
        hurting: roster.Hurting,
        diary: roster.Diary,
        hands: SideBySide,
    ) -> None:
        self._streams, self._tables, self._diary, self._hands = streams, tables, diary, hands
        self._desk = _Desk(hurting)

    def work(self, brief: Brief) -> NDArray[np.int64]:
        """Work a month of all who are there and fit for it, and return the injuries by rider and time.

        Raises
        ------
        InputError
            If somebody is hurt more often than there is room for, or rows would take too much memory.
        """
        present = brief.present[self._diary.back_on[brief.present] < brief.days.last]
        (wave_of, waves), wave = _waves(len(present)), 0
        found: list[NDArray[np.int64]] = []
        while wave < waves:
            some = present[wave_of == wave]
            looked_up = self._side_by_side(partial(self._look_up, brief), some)
            self._tables.learn(looked_up.missed, self._hands)
            walked = self._side_by_side(partial(self._walk, brief), looked_up.aside)
            self._tables.learn(walked.missed, self._hands)
            found += looked_up.injuries, walked.injuries
            wave += 1
            if (len(looked_up.missed) + len(walked.missed)) * RIDERS_A_MISS < len(some):
                wave_of[wave_of > wave] = wave  # what there is to learn is known: all others at once
        injuries = np.concatenate(found)
        return injuries[np.argsort(injuries[:, roster.RIDER], kind="stable")]

    def _side_by_side(self, work: Callable[[NDArray[np.int64]], Worked], some: NDArray[np.int64]) -> Worked:
        parts = self._hands.parts(len(some), RIDERS_AT_ONCE, each=PARTS_A_THREAD)
        return _together(self._hands.begin(work, [some[part] for part in parts]))

    def _look_up(self, brief: Brief, some: NDArray[np.int64]) -> Worked:
        """Work riders without walking, and at once those put aside, unless there are rows to be learnt for them first."""
        looked_up = self._call(brief, some, None)
        if len(looked_up.missed):
            return looked_up
        return self._walk(brief, looked_up.aside)

    def _walk(self, brief: Brief, some: NDArray[np.int64]) -> Worked:
        return self._call(brief, some, self._desk.on_foot)

    def _call(self, brief: Brief, some: NDArray[np.int64], on_foot: roster.OnFoot | None) -> Worked:
        """Work some riders by the rows there are now."""
        t, desk, worked = self._tables, self._desk, []
        told = workday.Told(np.empty(len(some), np.int64), desk.missed)
        while len(some):
            done, aside, missing, count = workday.work_month(
                self._streams.key0, some, brief.riders, self._diary, brief.days, t.starts, t.wishes, brief.law, t.rows, t.tiring,
                desk.room, brief.totals, on_foot, told,
            )  # fmt: skip
            if done < 0:
                raise InputError.of(
                    f"a rider is hurt {roster.MOST_INJURIES} times in a month",
                    "Lower the hazard, the hazard_factor of the group or the spread of its frailty.",
                    where="injuries.per_1000_hours",
                )
            found = told.aside[:aside], told.missed[:missing], desk.on_foot.injuries[:count]
            worked.append(Worked(*(each.copy() for each in found)))
            some = some[done:]
        return _together(worked)


def _together(parts: Iterable[Worked]) -> Worked:
    nothing = Worked(
        *(np.zeros(shape, np.int64) for shape in (0, (0, MISSED_COLUMNS), (0, roster.INJURY_COLUMNS)))
    )
    return Worked(*(np.concatenate(each) for each in zip(nothing, *parts, strict=True)))


def _waves(riders: int) -> tuple[NDArray[np.int8], int]:
    """Return the wave of each rider, and how many there are: each is spread over all and three times all those before it.

    What a wave has missed in the tables is learnt before the next, so most shifts are met when their rows are there.
    """
    blocks, waves = riders // RIDERS_OF_BLOCK + 1, 1
    while 4 ** (waves - 1) * FIRST_WAVE < riders:
        waves += 1
    wave_of, block = np.zeros(blocks, np.int8), np.arange(blocks)
    for wave in range(1, waves):
        wave_of += block % 4 ** (waves - wave) != 0
    return np.repeat(wave_of, RIDERS_OF_BLOCK)[:riders], waves
