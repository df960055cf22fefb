"""Fatigue of the reference model: what multiplies the hazard of a worked minute, factor by factor."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from injurysim.core.calendar import MINUTES_PER_DAY
from injurysim.scenario.fatigue import Fatigue, FullRecovery, factors_of

DAYS_LOOKED_BACK = 7

KNOWN = 1 << 16
"""Pieces kept for whoever is as tired and works as long: enough for nearly all shifts, little to hold."""

Pieces = tuple[tuple[int, float], ...]
"""Minutes and their multiplier, in order."""


def steps(listed: Mapping[int, Any]) -> tuple[float, ...]:
    """Return a factor for each hour of the day, each holding until the next one listed; 1 when none is."""
    hours = sorted(listed)
    return tuple(
        float(listed[hours[bisect_right(hours, hour) - 1]].value) if hours else 1.0 for hour in range(24)
    )


class _Bands:
    """A multiplier by bands of a reading in whole minutes."""

    def __init__(self, starts: Sequence[Decimal], multipliers: Sequence[Any], unit: int) -> None:
        self.starts = [int(start * unit) for start in starts] or [0]
        self.multipliers = [float(each.value) for each in multipliers] or [1.0]

    def at(self, reading: int) -> float:
        """Return the multiplier at a reading."""
        return self.multipliers[bisect_right(self.starts, reading) - 1]

    def band(self, reading: int, minutes: int) -> tuple[int, float]:
        """Return how many of the minutes to come are in the band of a reading, and its multiplier."""
        starts = self.starts
        following = bisect_right(starts, reading)
        if following < len(starts):
            minutes = min(minutes, starts[following] - reading)
        return minutes, self.multipliers[following - 1]


class Tiredness:
    """The fatigue of a world as the scenario states it; a shift gets its own :class:`Weariness` from it."""

    def __init__(self, fatigue: Fatigue) -> None:
        law = factors_of(fatigue)
        shift, week, since = law.hours_on_shift or (), law.week_hours or (), law.since_break
        self.clock = _Bands([band.from_hours for band in shift], [band.multiplier for band in shift], 60)
        self.week = _Bands([band.from_hours for band in week], [band.multiplier for band in week], 60)
        breaks = since.bands if since is not None else ()
        self.since = _Bands([band.from_minutes for band in breaks], [band.multiplier for band in breaks], 1)
        self.break_minutes = math.inf if since is None else float(since.break_minutes.value)
        self.by_hour = steps(law.hour_of_day)
        self.hours_matter = len(set(self.by_hour)) > 1
        rows = sorted(law.consecutive_days)
        self.row = _Bands([Decimal(row) for row in rows], [law.consecutive_days[row] for row in rows], 1)
        short = law.short_rest
        self.short_minutes = 0.0 if short is None else float(short.below_hours.value * 60)
        self.short_multiplier = 1.0 if short is None else float(short.multiplier.value)
        self._combine, self._rest = law.combine, law.rest
        self._cap = math.inf if law.cap is None else float(law.cap.value)
        self.pieces, self.way = lru_cache(KNOWN)(self._pieces), lru_cache(KNOWN)(self._way)
        """As of a :class:`Weariness`; many shifts are cut alike."""

    def _pieces(
        self, throughout: tuple[float, ...], clock: int, since: int, begin: int, minutes: int
    ) -> Pieces:
        pieces = []
        while minutes > 0:
            piece, by_clock = self.clock.band(clock, minutes)
            piece, by_break = self.since.band(since, piece)
            if self.hours_matter:
                piece = min(piece, 60 - begin % 60)
            multiplier = self._combined((by_clock, by_break, self.by_hour[begin // 60 % 24], *throughout))
            pieces.append((piece, multiplier))
            begin, minutes, clock, since = begin + piece, minutes - piece, clock + piece, since + piece
        return tuple(pieces)

    def _way(self, throughout: tuple[float, ...], clock: int, since: int, begin: int, minutes: int) -> Pieces:
        pieces = []
        by_clock, by_break = self.clock.at(clock), self.since.at(since)
        while minutes > 0:
            piece = min(minutes, 60 - begin % 60) if self.hours_matter else minutes
            multiplier = self._combined((by_clock, by_break, self.by_hour[begin // 60 % 24], *throughout))
            pieces.append((piece, multiplier))
            begin, minutes = begin + piece, minutes - piece
        return tuple(pieces)

    def _combined(self, multipliers: tuple[float, ...]) -> float:
        """Return one multiplier for several."""
        if self._combine == "additive":
            return max(1 + sum(each - 1 for each in multipliers), 0.0)
        product = math.prod(multipliers)
        return min(product, self._cap) if self._combine == "capped" else product

    def after_rest(self, clock: int, rest: int) -> int:
        """Return the fatigue clock after a rest, both in minutes."""
        if isinstance(self._rest, FullRecovery):
            return 0 if rest >= self._rest.after_minutes.value else clock
        return max(0, clock - int(self._rest.hours_per_rest_hour.value * rest + Decimal("0.5")))

    def of_shift(self, week_minutes: int, row: int, short: bool) -> Weariness:
        """Return the fatigue at the start of a shift.

        Parameters
        ----------
        week_minutes : int
            Minutes worked in the shifts of the seven days before.
        row : int
            Number of the day in a row of days worked, from 1.
        short : bool
            Whether the rest before this shift, or before that of the day before, was short.
        """
        throughout = [self.week.at(week_minutes), self.row.at(row)]
        return Weariness(self, (*throughout, self.short_multiplier if short else 1.0))


class Weariness:
    """A rider's fatigue in a shift: the clock and the minutes since a break.

    Attributes
    ----------
    clock, since_break : int
        In minutes.
    """

    __slots__ = ("_law", "_throughout", "clock", "since_break")

    def __init__(self, law: Tiredness, throughout: tuple[float, ...]) -> None:
        self._law, self._throughout = law, throughout
        self.clock = self.since_break = 0

    def work(self, minutes: int) -> None:
        """Let minutes of work pass."""
        self.clock += minutes
        self.since_break += minutes

    def rest(self, minutes: int) -> None:
        """Let a rest pass."""
        self.clock = self._law.after_rest(self.clock, minutes)
        if minutes >= self._law.break_minutes:
            self.since_break = 0

    def pieces(self, begin: int, minutes: int, *, working: bool = True) -> Pieces:
        """Cut minutes that begin now into pieces ``(minutes, multiplier)`` of one multiplier each.

        On the way, when ``working`` is false, the clock stands still.
        """
        law = self._law
        cut = law.pieces if working else law.way
        time_of_day = begin % MINUTES_PER_DAY if law.hours_matter else 0
        return cut(self._throughout, self.clock, self.since_break, time_of_day, minutes)
