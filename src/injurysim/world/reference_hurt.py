"""Getting hurt in the reference model: the rider's clocks, and the marks of an injury."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from injurysim.core.distributions import integer_cdf
from injurysim.core.randomness import Purpose, Streams
from injurysim.scenario.injuries import MOST_DAYS_OFF, HazardInjuries


@dataclass(frozen=True)
class Marks:
    """What is drawn of one injury; names as in ``month.Injuries``."""

    severity: int
    medical_cost_fen: int
    days_off: int
    grade: int
    fatal: bool


class Severities:
    """The classes of severity of a world, from which the marks of an injury are drawn."""

    def __init__(self, injuries: HazardInjuries, streams: Streams) -> None:
        classes = injuries.severities.values()
        self._streams = streams
        self._class = list(accumulate(float(each.share.value) for each in classes))
        self._class[-1] = 1.0
        self._medical = [each.medical_yuan.law() for each in classes]
        self._days_off = [integer_cdf(each.days_off.law(), 0, MOST_DAYS_OFF).tolist() for each in classes]
        self._grades = [sorted(each.disability) for each in classes]
        self._grade_share = [
            list(accumulate(float(each.disability[grade].value) for grade in sorted(each.disability)))
            for each in classes
        ]
        self._fatal = [each.fatal for each in classes]

    def draw(self, who: int, month: int, k: int) -> Marks:
        """Draw the marks of injury k of a rider's month."""
        one = self._streams.uniform_one
        severity = bisect_left(self._class, one(Purpose.SEVERITY, who, month, k))
        yuan = max(float(self._medical[severity].ppf(one(Purpose.MEDICAL_COST, who, month, k))), 0.0)
        place = bisect_right(self._grade_share[severity], one(Purpose.DISABILITY, who, month, k))
        grades = self._grades[severity]
        return Marks(
            severity=severity,
            medical_cost_fen=math.floor(yuan * 100 + 0.5),
            days_off=bisect_left(self._days_off[severity], one(Purpose.DAYS_OFF, who, month, k)),
            grade=grades[place] if place < len(grades) else 0,
            fatal=self._fatal[severity],
        )


@dataclass(frozen=True)
class Hurt:
    """One injury as it happens.

    Attributes
    ----------
    k : number in the rider's month.
    minute : its first minute.
    slot, second : places in the portfolio of the app and of the next with an order in hand (-1: none).
    situation : code of ``month.SITUATIONS``.
    worked_minutes : those before it in the shift.
    marks : what was drawn of it.
    """

    k: int
    minute: int
    slot: int
    second: int
    situation: int
    worked_minutes: int
    marks: Marks


class InjuryClock:
    """The unit-exponential clocks of a rider's month, wound down by the hazard of minutes.

    Attributes
    ----------
    k : int
        Number of the next injury.
    gathered : float
        All hazard that has passed.
    """

    __slots__ = ("_due", "_month", "_streams", "_who", "gathered", "k")

    def __init__(self, streams: Streams, who: int, month: int) -> None:
        self._streams, self._who, self._month = streams, who, month
        self.k, self.gathered = 0, 0.0
        self._due = self._drawn()

    def _drawn(self) -> float:
        return -math.log(self._streams.uniform_one(Purpose.INJURY_CLOCK, self._who, self._month, self.k))

    def pass_by(
        self, pieces: Iterable[tuple[int, float]], rate: float, *, once: bool
    ) -> tuple[int, list[tuple[int, int]]]:
        """Let pieces ``(minutes, multiplier)`` pass.

        Parameters
        ----------
        pieces : iterable of (int, float)
            In order.
        rate : float
            Hazard of a minute, but for the multiplier.
        once : bool
            Stop after the minute of the first injury.

        Returns
        -------
        minutes : int
            Those that passed.
        rung : list of (k, minute)
            The injuries, each in the first minute (from 0) by whose end the hazard gathered reaches its clock.
        """
        before = 0
        hurt: list[tuple[int, int]] = []
        for minutes, multiplier in pieces:
            hazard = rate * multiplier
            whole = hazard * minutes
            if whole < self._due:
                self._due -= whole
                self.gathered += whole
                before += minutes
                continue
            rung = self._ring(hazard, minutes, once=once)
            hurt += [(k, before + minute) for k, minute in rung]
            lasted = rung[-1][1] + 1 if rung and once else minutes
            self.gathered += hazard * lasted
            before += lasted
            if rung and once:
                break
        return before, hurt

    def _ring(self, hazard: float, minutes: int, *, once: bool) -> list[tuple[int, int]]:
        rung: list[tuple[int, int]] = []
        whole, gathered = hazard * minutes, 0.0
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

    def soonest(self, pieces: Iterable[tuple[int, float]], rate: float) -> int:
        """Return how many minutes may pass until the one in which an injury could happen is over, at most."""
        due, before = self._due * (1 - 1e-9), 0
        for minutes, multiplier in pieces:
            hazard = rate * multiplier
            if hazard * minutes >= due:
                return before + min(max(math.ceil(due / hazard), 1), minutes)
            due -= hazard * minutes
            before += minutes
        return before
