"""A shift of the reference model, walked rule by rule: the next leg of work is found when the last one ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from injurysim.world.reference_leg import Leg
from injurysim.world.reference_limits import Meters, Rule, reached, rested


class Walk:
    """The legs of one shift.

    Parameters
    ----------
    wanted : int
        Minutes the rider wants to work.
    wishes : sequence of int
        Minutes of them on each app, see :func:`split`.
    meters : Meters
        Of the limits that hold.
    at_once : bool
        Whether all apps are open together, or one after another.

    Attributes
    ----------
    off : int
        Minutes off after the log-offs of the shift.
    """

    def __init__(self, wanted: int, wishes: Sequence[int], meters: Meters, *, at_once: bool) -> None:
        self._wanted, self._wishes, self._meters, self._at_once = wanted, wishes, meters, at_once
        self.off = 0
        self._left_for_another = 0

    def legs(self) -> Iterator[Leg]:
        """Walk the shift: none when the limits leave nothing of what is wanted."""
        for leg in self._together() if self._at_once else self._in_sequence():
            yield leg
            # Somebody who went on with another app has not ended the work at that log-off.
            self._left_for_another = 0
        self.off = max(self.off, self._left_for_another)

    def _log_off(self, rules: Sequence[Rule], *, leaves: bool) -> bool:
        """Log off by rules reached together; say whether the rider leaves for another app."""
        leaves = leaves and all(rule.switch for rule in rules)
        off = max(rule.off for rule in rules)
        if leaves:
            self._left_for_another = max(self._left_for_another, off)
        else:
            self.off = max(self.off, off)
        return leaves

    def _in_sequence(self) -> Iterator[Leg]:
        """Work the apps one after another, and once more round for what a log-off has left over."""
        meters, wishes = self._meters, list(self._wishes)
        for slot in (*range(len(wishes)), *range(len(wishes))):
            opened: tuple[int, ...] = (slot,)
            for meter in meters.spells[slot]:
                meter.reading = 0
            while wishes[slot] > 0:
                if rules := reached(meters.ends):
                    self._log_off(rules, leaves=False)
                    return
                if rules := reached(meters.logoffs[slot]):
                    over, wishes[slot] = wishes[slot], 0
                    if self._log_off(rules, leaves=len(wishes) > 1):
                        wishes[(slot + 1) % len(wishes)] += over
                    break
                spells = (*meters.spells_all, *meters.spells[slot])
                rest = max((rule.rest for rule in reached(spells)), default=0)
                if rest:
                    rested(spells, rest)
                    opened = (slot,)
                leg = Leg(rest, (slot,), opened, int(min(wishes[slot], meters.ahead((slot,)))))
                yield leg
                opened = ()
                wishes[slot] -= leg.minutes
                meters.count(leg)

    def _together(self) -> Iterator[Leg]:
        """Work with all apps open; the app of a limit is closed or rests and the others go on."""
        meters, left, now, idle_from = self._meters, self._wanted, 0, 0
        closed_at = dict.fromkeys(range(len(self._wishes)), 0)
        """Apps that are not open and will be: since when."""
        until = dict.fromkeys(closed_at, 0)
        open_now: list[int] = []
        while left > 0:
            if rules := reached(meters.ends):
                self._log_off(rules, leaves=False)
                return
            for slot in [slot for slot in (*open_now, *closed_at) if reached(meters.logoffs[slot])]:
                others = len(open_now) + len(closed_at) > 1
                self._log_off(reached(meters.logoffs[slot]), leaves=others)
                if slot in open_now:
                    open_now.remove(slot)
                else:
                    del closed_at[slot]
            if not open_now and not closed_at:
                return
            everybody = max((rule.rest for rule in reached(meters.spells_all)), default=0)
            for slot in open_now.copy():
                rest = max((rule.rest for rule in reached(meters.spells[slot])), default=0)
                if everybody or rest:
                    open_now.remove(slot)
                    closed_at[slot], until[slot] = now, now + max(rest, everybody)
            for slot in closed_at:
                until[slot] = max(until[slot], now + everybody) if everybody else until[slot]
            if not open_now:
                idle_from, now = now, min(until[slot] for slot in closed_at)
                rested(meters.spells_all, now - idle_from)
            opened = sorted(slot for slot in closed_at if until[slot] <= now)
            for slot in opened:
                rested(meters.spells[slot], now - closed_at.pop(slot))
            open_now = sorted([*open_now, *opened])
            soonest = min((until[slot] - now for slot in closed_at), default=left)
            most = int(min(left, soonest, meters.ahead(open_now)))
            leg = Leg(max(now - idle_from, 0), tuple(open_now), tuple(opened), most)
            yield leg
            now += leg.minutes
            idle_from = now
            left -= leg.minutes
            meters.count(leg)


def split(wanted: int, shares: Sequence[int], *, at_once: bool = False) -> list[int]:
    """Minutes wanted on each app: each ends at its cumulative share of the whole, halves rounded up.

    With all apps open together each is wanted all the while.
    """
    if at_once or len(shares) == 1:
        return [wanted] * len(shares)
    ends = [(2 * wanted * sum(shares[: slot + 1]) + 10_000) // 20_000 for slot in range(len(shares))]
    return [end - begin for begin, end in pairwise([0, *ends])]
