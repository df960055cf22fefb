"""The timetable of a shift under the rules: when which app is worked, and when the rider rests.

Once start and wanted minutes are drawn the timetable is known. It is worked out here once for every possible
number of wanted minutes, so that a shift is looked up, not walked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from injurysim.world.rules import ShiftRules, Spell

RestsTo = Callable[[int, int], int]
"""Fatigue clock and rest in minutes to the fatigue clock after the rest."""


@dataclass(frozen=True)
class Segment:
    """Uninterrupted work on one app.

    Attributes
    ----------
    slot : position of the platform in the portfolio.
    start : minutes from the start of the shift.
    minutes : minutes worked.
    clock : fatigue clock at the start of the segment, in minutes.
    """

    slot: int
    start: int
    minutes: int
    clock: int


def wishes(wanted_minutes: int, split_basis_points: tuple[int, ...]) -> list[int]:
    """Split wanted minutes over the apps by rounding the cumulative shares half up; adds up exactly.

    Parameters
    ----------
    wanted_minutes : int
    split_basis_points : tuple of int
        Share of each app in 1/10 000; adds to 10 000.
    """
    bounds, cumulative = [0], 0
    for share in split_basis_points:
        cumulative += share
        bounds.append((wanted_minutes * cumulative + 5000) // 10000)
    return [later - earlier for earlier, later in pairwise(bounds)]


def timetable(
    wanted_minutes: int, split_basis_points: tuple[int, ...], rules: ShiftRules, rests_to: RestsTo
) -> list[Segment]:
    """Work out a shift.

    Apps are worked one after another. A log-off ends the work on its app (and with ``switch`` takes the time
    still wanted to the next app, after the last to the first) or, counting all platforms, the shift. A spell
    without rest is followed by a rest if work is still wanted under the limit's scope; a rest long enough for
    another spell's rule counts for it too. An app's own rules count anew at each visit to it.
    """
    visits = _visits(wishes(wanted_minutes, split_basis_points), rules)
    most = rules.logoff_all.minutes if rules.logoff_all else wanted_minutes
    segments: list[Segment] = []
    total = elapsed = clock = 0
    worked_all = [0] * len(rules.spells_all)
    for number, (slot, allowed) in enumerate(visits, start=1):
        left, worked_here = allowed, [0] * len(rules.spells[slot])
        while left > 0 and total < most:
            running = [
                *zip(rules.spells_all, worked_all, strict=True),
                *zip(rules.spells[slot], worked_here, strict=True),
            ]
            step = min([left, most - total, *(spell.minutes - worked for spell, worked in running)])
            segments.append(Segment(slot, elapsed, step, clock))
            left, total, elapsed, clock = left - step, total + step, elapsed + step, clock + step
            worked_all = [worked + step for worked in worked_all]
            worked_here = [worked + step for worked in worked_here]
            if total >= most:
                break
            rest = max(
                _rest_due(rules.spells_all, worked_all) if left > 0 or number < len(visits) else 0,
                _rest_due(rules.spells[slot], worked_here) if left > 0 else 0,
            )
            if rest:
                elapsed += rest
                clock = rests_to(clock, rest)
                worked_all = _after_rest(rules.spells_all, worked_all, rest)
                worked_here = _after_rest(rules.spells[slot], worked_here, rest)
    return segments


def _visits(wanted: Sequence[int], rules: ShiftRules) -> list[tuple[int, int]]:
    """List the apps in the order worked with the minutes on each.

    What a log-off with ``switch`` leaves over goes on to the next app, round all of them until one has room.
    """
    asked, worked = list(wanted), [0] * len(wanted)
    visits = []
    for slot in (*range(len(asked)), *range(len(asked))):
        minutes, over = asked[slot], 0
        if (logoff := rules.logoff[slot]) is not None:
            minutes = min(minutes, logoff.minutes - worked[slot])
            over = asked[slot] - minutes if logoff.switch else 0
        if minutes:
            visits.append((slot, minutes))
        asked[slot], worked[slot] = 0, worked[slot] + minutes
        asked[(slot + 1) % len(asked)] += over
    return visits


def _rest_due(spells: tuple[Spell, ...], worked: list[int]) -> int:
    return max((s.rest_minutes for s, w in zip(spells, worked, strict=True) if w >= s.minutes), default=0)


def _after_rest(spells: tuple[Spell, ...], worked: list[int], rest: int) -> list[int]:
    return [0 if rest >= s.rest_minutes else w for s, w in zip(spells, worked, strict=True)]
