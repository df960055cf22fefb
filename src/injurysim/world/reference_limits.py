"""Fatigue limits in the reference model: the rules of a shift and the meters that run in it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP

from injurysim.scenario.limits import (
    BadWeather,
    ConfirmAfter,
    DayLogoff,
    MonthLogoff,
    RestAfterSpell,
    WeekLogoff,
    whole_minutes,
)  # fmt: skip
from injurysim.scenario.world import World
from injurysim.world.conduct import Conduct
from injurysim.world.reference_leg import Leg

A_HAIR = 1e-9
"""Engaged minutes are sums of fractions; a meter this close to its limit has reached it."""


@dataclass(frozen=True)
class Rule:
    """A limit for one portfolio and one way to deal with it.

    Attributes
    ----------
    name : of the limit.
    slot : place of the app it counts; None: the rider's work on all of them.
    minutes : reading at which it acts.
    weights : what a minute with an order in hand counts, by app; None: every worked minute counts one.
    shares : of the apps, by which weights of apps open together are averaged.
    rest : minutes of rest; 0 is a log-off.
    switch : whether what a log-off leaves over is taken to the next app.
    off : minutes off after a log-off.
    period : how long the meter runs on.
    """

    name: str
    slot: int | None
    minutes: int
    weights: tuple[float, ...] | None
    shares: tuple[int, ...]
    rest: int = 0
    switch: bool = False
    off: int = 0
    period: str = "shift"

    def weight(self, apps: Sequence[int]) -> float:
        """Return what a minute with an order in hand counts while these apps are open."""
        if self.weights is None:
            return 1.0
        weights = self.weights
        if self.slot is not None:
            return weights[self.slot]
        return sum(
            share * weights[app] for share, app in zip(shares_of(apps, self.shares), apps, strict=True)
        )


def shares_of(apps: Sequence[int], shares: Sequence[int]) -> list[float]:
    """Return the shares of some apps in what they do together; equal ones when none has any."""
    total = sum(shares[app] for app in apps)
    return [shares[app] / total if total else 1 / len(apps) for app in apps]


class Meter:
    """The meter of a rule.

    Attributes
    ----------
    reading : float
        Minutes counted.
    """

    __slots__ = ("reading", "rule")

    def __init__(self, rule: Rule, reading: float = 0) -> None:
        self.rule, self.reading = rule, reading

    @property
    def reached(self) -> bool:
        """Whether the limit acts."""
        return self.reading >= self.rule.minutes - A_HAIR

    def ahead(self, apps: Sequence[int]) -> int | float:
        """Return in how many minutes it can be reached at the soonest, with these apps open."""
        left = self.rule.minutes - self.reading
        if self.rule.weights is None:
            return left
        weight = self.rule.weight(apps)
        return max(math.ceil((left - A_HAIR) / weight), 1) if weight else math.inf

    def count(self, leg: Leg) -> None:
        """Count a leg that has been worked, if it is on an app of the rule."""
        rule = self.rule
        if rule.slot is not None and rule.slot not in leg.apps:
            return
        if rule.weights is None:
            self.reading += leg.minutes
        elif rule.slot is None:
            self.reading += leg.busy * rule.weight(leg.apps)
        else:
            self.reading += leg.engaged[leg.apps.index(rule.slot)] * rule.weights[rule.slot]


class Meters:
    """The meters of one shift.

    Attributes
    ----------
    ends : log-offs over all platforms.
    logoffs : log-offs of each app.
    spells_all, spells : rests over all platforms, and of each app.
    all : every one of them.
    """

    def __init__(self, apps: int, meters: Iterable[Meter]) -> None:
        self.all = list(meters)
        if not self.all:
            self.spells_all = self.ends = self.all
            self.spells = self.logoffs = [self.all] * apps
            return
        rests = [meter for meter in self.all if meter.rule.rest]
        ends = [meter for meter in self.all if not meter.rule.rest]
        self.spells_all = [meter for meter in rests if meter.rule.slot is None]
        self.spells = [[meter for meter in rests if meter.rule.slot == slot] for slot in range(apps)]
        self.ends = [meter for meter in ends if meter.rule.slot is None]
        self.logoffs = [[meter for meter in ends if meter.rule.slot == slot] for slot in range(apps)]

    def ahead(self, apps: Sequence[int]) -> float:
        """Return in how many minutes the first limit can act at the soonest, with these apps open."""
        if not self.all:
            return math.inf
        return min(
            (meter.ahead(apps) for meter in self.all if meter.rule.slot is None or meter.rule.slot in apps),
            default=math.inf,
        )

    def count(self, leg: Leg) -> None:
        """Count a leg on every meter."""
        for meter in self.all:
            meter.count(leg)


def reached(meters: Iterable[Meter]) -> list[Rule]:
    """Return the rules that act now."""
    return [meter.rule for meter in meters if meter.reached]


def rested(meters: Iterable[Meter], rest: float) -> None:
    """Let the meters count anew for which a rest was long enough."""
    for meter in meters:
        if meter.rule.rest <= rest:
            meter.reading = 0


def rules_of(
    world: World, names: Iterable[str], platforms: Sequence[str], shares: tuple[int, ...], conduct: Conduct
) -> tuple[Rule, ...]:
    """State limits for a portfolio and a rider's way to deal with them.

    Parameters
    ----------
    world : World
    names : iterable of str
        Limits in force.
    platforms : sequence of str
        Of the portfolio, in its order.
    shares : tuple of int
        Of them, in basis points.
    conduct : Conduct
        Which limits the rider keeps, and at which log-offs the rider switches.

    Raises
    ------
    InputError
        If a limit or its rest rounds to no minute at all.
    """
    rules = []
    for name in names:
        limit = world.limits[name]
        if isinstance(limit, BadWeather) or name in conduct.ignored:
            continue
        slots: list[int | None] = [None]
        if limit.scope == "platform":
            slots = [
                slot for slot, platform in enumerate(platforms)
                if limit.platforms is None or platform in limit.platforms
            ]  # fmt: skip
        kept: Mapping[str, object] = {}
        if isinstance(limit, RestAfterSpell):
            kept = {"rest": whole_minutes(limit.rest_minutes.value, f"limits.{name}.rest_minutes")}
        elif isinstance(limit, DayLogoff):
            kept = {"off": int((limit.off_hours.value * 60).to_integral_value(ROUND_HALF_UP))}
        elif not isinstance(limit, ConfirmAfter):
            kept = {"period": "week" if isinstance(limit, WeekLogoff) else "month"}
        if isinstance(limit, DayLogoff | WeekLogoff | MonthLogoff):
            kept = {**kept, "switch": name in conduct.switching}
        weights = None
        if limit.clock != "online":
            weights = tuple(
                float(world.platforms[platform].billed_share.value) if limit.clock == "billed"
                else 1 + float(limit.allowance.value)
                for platform in platforms
            )  # fmt: skip
        minutes = whole_minutes(limit.hours.value * 60, f"limits.{name}.hours")
        rules += [Rule(name, slot, minutes, weights, shares, **kept) for slot in slots]  # type: ignore[arg-type]
    return tuple(rules)
