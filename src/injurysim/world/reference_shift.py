"""A shift of the reference model, walked rule by rule: the next leg of work is found when the last one ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from injurysim.world.reference_leg import Leg
from injurysim.world.reference_limits import Meters, reached, rested


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

    def legs(self) -> Iterator[Leg]:
        """Walk the shift: none when the limits leave nothing of what is wanted."""
        return self._together() if self._at_once else self._in_sequence()

    def _ended(self) -> bool:
        """Say whether a log-off over all platforms ends the work."""
        rules = reached(self._meters.ends)
        self.off = max([self.off, *(rule.off for rule in rules)])
        return bool(rules)

    def _in_sequence(self) -> Iterator[Leg]:
        """Work the apps one after another, and once more round for what a log-off has left over."""
        meters, wishes = self._meters, list(self._wishes)
        opened: tuple[int, ...]
        if not meters.all:
            for slot, left in enumerate(wishes):
                apps = opened = (slot,)
                while left:
                    leg = Leg(0, apps, opened, left)
                    yield leg
                    opened = ()
                    left -= leg.minutes  # noqa: PLW2901  (what is left of it)
            return
        if self._ended():
            return
        for slot in (*range(len(wishes)), *range(len(wishes))):
            opened = (slot,)
            for meter in meters.spells[slot]:
                meter.reading = 0
            self._log_off(slot, wishes)
            while wishes[slot] > 0:
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
                if self._ended():
                    return
                self._log_off(slot, wishes)

    def _log_off(self, slot: int, wishes: list[int]) -> None:
        """At an app's limit give up what is wanted on it, or take it to the next app (from the last to the first)."""
        if not (rules := reached(self._meters.logoffs[slot])):
            return
        over, wishes[slot] = wishes[slot], 0
        if len(wishes) > 1 and all(rule.switch for rule in rules):
            wishes[(slot + 1) % len(wishes)] += over
        else:
            self.off = max([self.off, *(rule.off for rule in rules)])

    def _together(self) -> Iterator[Leg]:
        """Work with all apps open; the app of a limit is closed or rests and the others go on."""
        meters, left, now, idle_from = self._meters, self._wanted, 0, 0
        closed_at = dict.fromkeys(range(len(self._wishes)), 0)
        """Apps that are not open and will be: since when."""
        until = dict.fromkeys(closed_at, 0)
        open_now: list[int] = []
        while not self._ended():
            for slot in range(len(self._wishes)):
                if rules := reached(meters.logoffs[slot]):
                    # Whoever has all apps open has not left this one for another.
                    self.off = max([self.off, *(rule.off for rule in rules)])
                    closed_at.pop(slot, None)
                    open_now = [each for each in open_now if each != slot]
            if left == 0 or not (open_now or closed_at):
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
