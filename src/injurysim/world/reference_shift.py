"""A shift of the reference model, walked rule by rule: the next stretch of work is found when the last one ends."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from injurysim.core.randomness import Purpose, Streams
from injurysim.scenario.fatigue import Fatigue, FullRecovery, HoursOnShift
from injurysim.world.rules import Logoff, ShiftRules, Spell


class Stretch(NamedTuple):
    """Uninterrupted work on one app.

    Attributes
    ----------
    slot : position of the platform in the portfolio.
    rest : minutes of rest before it.
    minutes : minutes worked, at least 1.
    clock : fatigue clock at its start, in minutes.
    """

    slot: int
    rest: int
    minutes: int
    clock: int


class Tiredness:
    """The fatigue clock as the scenario states it, band by band."""

    def __init__(self, fatigue: Fatigue) -> None:
        self._rest = fatigue.rest if isinstance(fatigue, HoursOnShift) else None
        bands = fatigue.bands if isinstance(fatigue, HoursOnShift) else ()
        self._from = [int(band.from_hours * 60) for band in bands] or [0]
        self._multiplier = [float(band.multiplier.value) for band in bands] or [1.0]

    def after_rest(self, clock: int, rest: int) -> int:
        """Return the clock after a rest, both in minutes."""
        if self._rest is None:
            return clock
        if isinstance(self._rest, FullRecovery):
            return 0 if rest >= self._rest.after_minutes.value else clock
        return max(0, clock - int(self._rest.hours_per_rest_hour.value * rest + Decimal("0.5")))

    def pieces(self, clock: int, minutes: int) -> Iterator[tuple[int, float]]:
        """Cut work that begins at a clock reading into pieces ``(minutes, multiplier)`` of one band each."""
        band = bisect_right(self._from, clock) - 1
        while minutes > 0:
            last = band + 1 == len(self._from)
            piece = minutes if last else min(minutes, self._from[band + 1] - clock)
            yield piece, self._multiplier[band]
            clock, minutes, band = clock + piece, minutes - piece, band + 1


def stretches(
    wanted: int, shares: Sequence[int], rules: ShiftRules, tiredness: Tiredness
) -> Iterator[Stretch]:
    """Walk a shift under its limits.

    Apps are worked one after another, and once more round for what a log-off has left over.

    Parameters
    ----------
    wanted : int
        Minutes the rider wants to work.
    shares : sequence of int
        Share of each app in basis points, in the order worked.
    rules : ShiftRules
        The limits that hold.
    tiredness : Tiredness
        What a rest does to the fatigue clock.

    Yields
    ------
    Stretch
        In order; none when nothing is wanted.
    """
    wishes = _split(wanted, shares)
    worked = [0] * len(wishes)
    everywhere = [_SpellMeter(spell) for spell in rules.spells_all]
    rest = clock = 0
    for slot in (*range(len(wishes)), *range(len(wishes))):
        here = [_SpellMeter(spell) for spell in rules.spells[slot]]
        _log_off(slot, wishes, worked, rules.logoff[slot])
        while wishes[slot] > 0:
            minutes = min([wishes[slot], *(meter.left() for meter in (*everywhere, *here))])
            if (logoff := rules.logoff[slot]) is not None:
                minutes = min(minutes, logoff.minutes - worked[slot])
            if rules.logoff_all is not None:
                minutes = min(minutes, rules.logoff_all.minutes - sum(worked))
            yield Stretch(slot, rest, minutes, clock)
            wishes[slot] -= minutes
            worked[slot] += minutes
            clock += minutes
            for meter in (*everywhere, *here):
                meter.worked += minutes
            if rules.logoff_all is not None and sum(worked) == rules.logoff_all.minutes:
                return
            _log_off(slot, wishes, worked, logoff)
            due = [meter for meter in here if wishes[slot] > 0] + [
                meter for meter in everywhere if any(wishes)
            ]
            rest = max((meter.spell.rest_minutes for meter in due if meter.left() == 0), default=0)
            if rest:
                clock = tiredness.after_rest(clock, rest)
                for meter in (*everywhere, *here):
                    if meter.spell.rest_minutes <= rest:
                        meter.worked = 0


def _log_off(slot: int, wishes: list[int], worked: Sequence[int], logoff: Logoff | None) -> None:
    """At an app's limit give up what is wanted on it, or take it to the next app (from the last to the first)."""
    if logoff is not None and worked[slot] == logoff.minutes:
        over, wishes[slot] = wishes[slot], 0
        if logoff.switch and len(wishes) > 1:
            wishes[(slot + 1) % len(wishes)] += over


def _split(wanted: int, shares: Sequence[int]) -> list[int]:
    """Minutes wanted on each app: each ends at its cumulative share of the whole, halves rounded up."""
    ends = [(2 * wanted * sum(shares[: slot + 1]) + 10_000) // 20_000 for slot in range(len(shares))]
    return [end - begin for begin, end in pairwise([0, *ends])]


class _SpellMeter:
    """Minutes worked since the last rest that was long enough for a spell's rule."""

    __slots__ = ("spell", "worked")

    def __init__(self, spell: Spell) -> None:
        self.spell = spell
        self.worked = 0

    def left(self) -> int:
        return self.spell.minutes - self.worked


class InjuryClock:
    """The unit-exponential clocks of a rider's month, wound down by the hazard of worked minutes.

    Attributes
    ----------
    k : int
        Number of the next injury.
    """

    __slots__ = ("_due", "_month", "_streams", "_who", "k")

    def __init__(self, streams: Streams, who: int, month: int) -> None:
        self._streams, self._who, self._month = streams, who, month
        self.k = 0
        self._due = self._drawn()

    def _drawn(self) -> float:
        return -math.log(self._streams.uniform_one(Purpose.INJURY_CLOCK, self._who, self._month, self.k))

    def ring(self, hazard: float, minutes: int, *, once: bool) -> list[tuple[int, int]]:
        """Let minutes of one hazard pass.

        Parameters
        ----------
        hazard : float
            Expected injuries of one minute.
        minutes : int
            Minutes worked.
        once : bool
            Stop at the first injury; the hazard after it is not counted.

        Returns
        -------
        list of (k, minute)
            The injuries, each in the first minute (from 0) in which the hazard gathered reaches its clock.
        """
        rung: list[tuple[int, int]] = []
        whole, gathered = hazard * minutes, 0.0
        if not whole:
            return rung
        while gathered + self._due <= whole:
            gathered += self._due
            # Rounding may put a crossing at an end a hair outside the piece.
            minute = min(max(math.ceil(gathered / hazard) - 1, 0), minutes - 1)
            rung.append((self.k, minute))
            self.k += 1
            self._due = self._drawn()
            if once:
                return rung
        self._due -= whole - gathered
        return rung
