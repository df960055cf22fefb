"""A shift of the reference model as it is worked: the way there, the work leg by leg, the way back; and getting hurt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.world.month import SITUATIONS
from injurysim.world.reference_fatigue import Tiredness, Weariness
from injurysim.world.reference_hurt import Hurt, InjuryClock, Marks, Severities
from injurysim.world.reference_law import Conditions, Factors, Job
from injurysim.world.reference_leg import Leg
from injurysim.world.reference_limits import shares_of
from injurysim.world.reference_month import HOLIDAY, ORDINARY, Tally
from injurysim.world.reference_orders import Desk

if TYPE_CHECKING:
    import simpy

ON_ORDER, WAITING, TRAVELLING = (SITUATIONS.index(each) for each in ("on_order", "waiting", "travelling"))


@dataclass(frozen=True)
class Setting:
    """What all riders share.

    Attributes
    ----------
    severities : None when injuries are listed.
    situations : factors on the hazard, by code of ``month.SITUATIONS``.
    ends_shift, days_off : what an injury does.
    reoffers : whether lost orders are offered again.
    """

    environment: simpy.Environment
    calendar: Calendar
    streams: Streams
    tiredness: Tiredness
    factors: Factors
    severities: Severities | None
    situations: tuple[float, float, float]
    ends_shift: bool
    days_off: bool
    reoffers: bool


@dataclass(slots=True)
class Plan:
    """A shift as the rider means to work it: minutes, those of each app, and the desks of the apps."""

    day: int
    start: int
    wanted: int
    wishes: list[int]
    conditions: Conditions
    desks: list[Desk] = field(default_factory=list)


class Work:
    """One shift.

    Parameters
    ----------
    setting : Setting
    job : Job
    who : int
        The key of the rider's draws.
    factor : float
        The rider's own factor on the hazard in this month.
    plan : Plan
    clock : InjuryClock
        Of the month of the shift.
    tally : Tally
        Likewise.
    month : int
        Its index.

    Attributes
    ----------
    worked : int
        Minutes worked.
    end : int
        The minute from which the rider is home.
    hurt : Marks, optional
        Of the injury that has ended the shift.
    """

    def __init__(
        self,
        setting: Setting,
        job: Job,
        who: int,
        factor: float,
        plan: Plan,
        clock: InjuryClock,
        tally: Tally,
        month: int,
    ) -> None:
        self._setting, self._job, self._who, self._month = setting, job, who, month
        self._plan, self._clock, self._tally = plan, clock, tally
        self._hazards = [app.hazard * factor for app in plan.conditions.apps]
        self._minutes = [0] * len(self._hazards)
        self.worked = self.end = self._begin = 0
        self.hurt: Marks | None = None

    def legs(self, start: int, first: Leg, others: Iterator[Leg], weary: Weariness) -> Iterator[Leg]:
        """Do the shift, leg by leg.

        Parameters
        ----------
        start : int
            Minute at which the rider sets out.
        first, others : Leg, iterator of Leg
            Of the walk.
        weary : Weariness
            What the rider brings along.

        Yields
        ------
        Leg
            To be played: with its ``begin`` and ``minutes``, and without apps on the way.
        """
        self.end, self._begin = start, start + self._job.commute
        if self._job.commute:
            yield self._way(0, start, weary)
        leg: Leg | None = first
        while leg is not None and self.hurt is None:
            rung = self._set_out(leg, weary)
            yield leg
            if leg.turns is not None:
                rung = self._look_back(leg, weary)
            for (k, minute), in_hand in zip(rung, leg.in_hand if rung else (), strict=True):
                slot, second = (*in_hand, -1)[:2] if in_hand else (leg.apps[0], -1)
                situation = ON_ORDER if in_hand else WAITING
                self._hurt(k, leg.begin + minute, slot, second, situation, self.worked + minute)
            weary.work(leg.minutes)
            self.worked += leg.minutes
            self._count(leg)
            last = leg.apps[0]
            # Also after an injury, so that who walks the shift counts this leg on the meters of week and month.
            leg = next(others, None)
        self._close()
        if self.hurt is None and self._job.commute:
            yield self._way(last, self.end, weary)

    def _way(self, slot: int, begin: int, weary: Weariness) -> Leg:
        """Travel; a leg without apps."""
        hazard = self._hazards[slot] * self._setting.situations[TRAVELLING]
        pieces = weary.pieces(begin, self._job.commute, working=False)
        minutes, rung = self._expose(pieces, hazard, (slot,))
        for k, minute in rung:
            self._hurt(k, begin + minute, slot, -1, TRAVELLING, self.worked)
        self.end = begin + minutes
        return Leg(0, (), (), minutes, begin, minutes)

    def _hazard(self, apps: tuple[int, ...]) -> float:
        """Return the hazard of a minute with these apps open."""
        if len(apps) == 1:
            return self._hazards[apps[0]]
        shares = shares_of(apps, self._job.shares)
        return sum(share * self._hazards[app] for share, app in zip(shares, apps, strict=True))

    def _set_out(self, leg: Leg, weary: Weariness) -> list[tuple[int, int]]:
        """Find how long a leg is worked: up to the minute in which the rider is hurt if that ends the shift.

        If the hazard depends on the orders to come, it is worked to the first minute in which an injury could happen,
        and its turns are asked for.

        Returns
        -------
        list of (k, minute)
            The injuries, unless they depend on the orders to come.
        """
        if leg.rest:
            weary.rest(leg.rest)
        leg.begin = begin = self.end + leg.rest
        hazard = self._hazard(leg.apps)
        on_order, waiting, _ = self._setting.situations
        rung: list[tuple[int, int]] = []
        if not hazard:
            leg.minutes = leg.most
        elif on_order == waiting:
            leg.minutes, rung = self._expose(weary.pieces(begin, leg.most), hazard * on_order, leg.apps)
            leg.moments = [begin + minute + 0.5 for _, minute in rung]
        else:
            worst = hazard * max(on_order, waiting)
            leg.minutes = self._clock.soonest(weary.pieces(begin, leg.most), worst)
            leg.moments, leg.turns = [begin + leg.minutes - 0.5], []
        self.end = begin + leg.minutes
        return rung

    def _look_back(self, leg: Leg, weary: Weariness) -> list[tuple[int, int]]:
        """Find the injuries of a leg whose hazard depends on its orders, now that they are known."""
        on_order, waiting, _ = self._setting.situations
        hazard = self._hazard(leg.apps)
        by_state = (waiting * hazard, on_order * hazard)
        _, rung = self._expose(self._minute_by_minute(leg, weary, by_state), 1.0, leg.apps)
        leg.in_hand *= len(rung)
        return rung

    @staticmethod
    def _minute_by_minute(
        leg: Leg, weary: Weariness, by_state: tuple[float, float]
    ) -> Iterator[tuple[int, float]]:
        """Hazard of each minute, by whether an order is in hand at its middle."""
        assert leg.turns is not None  # noqa: S101  (asked for before the leg was played)
        middle = leg.begin + 0.5
        for minutes, multiplier in weary.pieces(leg.begin, leg.minutes):
            for _ in range(minutes):
                yield 1, multiplier * by_state[bisect_right(leg.turns, middle) % 2]
                middle += 1

    def _expose(
        self, pieces: Iterable[tuple[int, float]], hazard: float, apps: Sequence[int]
    ) -> tuple[int, list[tuple[int, int]]]:
        """Expose the rider to hazard, counted for apps in proportion to their hazards and shares."""
        clock, counted = self._clock, self._tally.hazard
        before = clock.gathered
        passed = clock.pass_by(pieces, hazard, once=self._setting.ends_shift)
        gathered = clock.gathered - before
        if len(apps) == 1:
            counted[apps[0]] += gathered
        elif gathered:
            shares = shares_of(apps, self._job.shares)
            parts = [share * self._hazards[app] for share, app in zip(shares, apps, strict=True)]
            for app, part in zip(apps, parts, strict=True):
                counted[app] += gathered * (part / sum(parts))
        return passed

    def _hurt(self, k: int, minute: int, slot: int, second: int, situation: int, worked: int) -> None:
        assert self._setting.severities is not None  # noqa: S101  (nobody is hurt without a hazard)
        marks = self._setting.severities.draw(self._who, self._month, k)
        self._tally.injuries.append(Hurt(k, minute, slot, second, situation, worked, marks))
        if self._setting.ends_shift:
            self.hurt = marks

    def _count(self, leg: Leg) -> None:
        """Count the minutes of a leg."""
        for app, engaged in zip(leg.apps, leg.engaged, strict=True):
            self._minutes[app] += leg.minutes
            self._tally.online[app] += leg.minutes
            self._tally.engaged[app] += engaged
        if self._setting.reoffers:
            for app in leg.apps:
                self._plan.desks[app].settle(self.end)

    def _close(self) -> None:
        """Count the shift."""
        tally, conditions = self._tally, self._plan.conditions
        kind = HOLIDAY if conditions.holiday else ORDINARY
        tally.shifts += 1
        tally.worked += self.worked
        for slot, (app, desk) in enumerate(zip(conditions.apps, self._plan.desks, strict=True)):
            if self._minutes[slot]:
                tally.days[slot] += 1
                tally.orders[kind][slot] += app.per_day if app.rate is None else desk.taken
                tally.offered[kind][slot] += desk.offered
        if self._setting.reoffers and self.hurt is None:
            count_lost(self._plan, self._minutes, self._begin, tally)


def count_lost(plan: Plan, minutes: Sequence[int], begin: int, tally: Tally) -> None:
    """Count the orders of the minutes that limits have taken from a shift.

    They are counted at the mean rate of the minutes worked on the app in the shift; for an app that was not worked,
    at its rate in the minute ``begin`` in which the work begins or would have begun.
    """
    for slot, (wish, worked, desk) in enumerate(zip(plan.wishes, minutes, plan.desks, strict=True)):
        if wish > worked > 0:
            tally.lost[slot] += desk.offered / worked * (wish - worked)
        elif wish > worked and desk.rate is not None:
            tally.lost[slot] += desk.rate.at(begin) * wish
