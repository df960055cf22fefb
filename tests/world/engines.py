"""Two engines of one world held against each other: on the same draws, and in law on others.

A module of help for ``test_engines.py``; run as a script it prints how far the engines are apart where the fast one
approximates.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.scenario.platforms import FixedOrders
from injurysim.scenario.world import World
from injurysim.world.month import SITUATIONS, Injuries, Month
from injurysim.world.population import Population
from injurysim.world.reference import ReferenceWorld

worlds = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("worlds_for_tests.py"))))

EXACT = ("days_worked", "online_minutes", "rider_days", "worked_minutes")
"""What the draws decide of a month, whatever the orders."""
DRAWN_OTHERWISE = ("situation", "app", "second_app")
"""What goes by the orders in hand at an injury: drawn in one engine, as it was in the other."""
EXACT_OF_INJURY = tuple(f.name for f in fields(Injuries) if f.name not in DRAWN_OTHERWISE)

FALSE_ALARM = 1e-3
"""Chance that a family of comparisons raises any alarm when the two engines are one law, were its seeds new."""
POWER = 0.99
HOURS = 10
"""Injuries are counted by hour worked in the shift, the last hour and all after it together."""


class Engine(Protocol):
    """A world that runs."""

    population: Population

    def months(self) -> Iterable[Month]: ...


Make = Callable[[World, Calendar, Streams, Population | None], Engine]
Run = tuple[Engine, list[Month]]
Totals = dict[str, NDArray[np.float64]]


def differences(
    one: Sequence[Month],
    other: Sequence[Month],
    exact: Sequence[str] = EXACT,
    exact_of_injury: Sequence[str] = EXACT_OF_INJURY,
) -> list[str]:
    """Names of what differs between two runs on the same draws, of all that the draws decide."""
    found = []
    for mine, theirs in zip(one, other, strict=True):
        found += [name for name in exact if not np.array_equal(getattr(mine, name), getattr(theirs, name))]
        found += [
            f"injuries.{name}"
            for name in exact_of_injury
            if not np.array_equal(getattr(mine.injuries, name), getattr(theirs.injuries, name))
        ]
        if not np.allclose(mine.expected_injuries, theirs.expected_injuries, rtol=1e-9, atol=1e-12):
            found.append("expected_injuries")
    return list(dict.fromkeys(found))


def fixed_differences(law: World, p: Population, one: Sequence[Month], other: Sequence[Month]) -> list[str]:
    """What differs on platforms of so many orders a day, where orders are not drawn."""
    names = list(law.platforms)
    codes = [names.index(name) for name in names if isinstance(law.platforms[name].orders, FixedOrders)]
    mine = np.isin(p.engagement_platform, codes)
    return [
        name
        for name in ("orders", "earnings_fen", "engaged_minutes")
        if any(
            not np.array_equal(getattr(a, name)[mine], getattr(b, name)[mine])
            for a, b in zip(one, other, strict=True)
        )
    ]


def totals(run: Run, by: str = "rider") -> Totals:
    """Totals over the months of each rider, or of each region: units independent of each other and alike.

    Riders of a region share its weather; where that matters the unit is the region.
    """
    engine, months = run
    p = engine.population
    unit = np.arange(len(p)) if by == "rider" else np.asarray(p.region)
    size = len(p) if by == "rider" else len(p.regions)
    found: Totals = {}
    for code, name in enumerate(p.platforms):
        mine = p.engagement_platform == code
        for what in ("days_worked", "online_minutes", "engaged_minutes", "orders", "earnings_fen"):
            values = np.sum([getattr(month, what) for month in months], axis=0)
            found[f"{what} on {name}"] = np.bincount(unit[p.engagement_rider[mine]], values[mine], size)
    for what in ("rider_days", "worked_minutes"):
        found[what] = np.bincount(unit, np.sum([getattr(month, what) for month in months], axis=0), size)
    hurt = {
        name: np.concatenate([getattr(month.injuries, name) for month in months])
        for name in ("rider", "app", "situation", "worked_minutes", "second_app")
    }

    def count(chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(unit[hurt["rider"][chosen]], minlength=size).astype(np.float64)

    found["injuries"] = count(hurt["rider"] >= 0)
    found["injuries with two orders in hand"] = count(hurt["second_app"] >= 0)
    worked, travelling = hurt["worked_minutes"] // 60, hurt["situation"] == SITUATIONS.index("travelling")
    for hour in range(HOURS):
        found[f"injuries in hour {hour}"] = count((np.minimum(worked, HOURS - 1) == hour) & ~travelling)
    for code, name in enumerate(p.platforms):
        for level, situation in enumerate(SITUATIONS):
            chosen = (hurt["app"] == code) & (hurt["situation"] == level)
            found[f"injuries {situation} on {name}"] = count(chosen)
    return found


class Comparison(NamedTuple):
    """One z-test of a family: z, the z of an alarm, and the standard error relative to the mean."""

    z: float
    alarm: float
    error: float

    @property
    def detectable(self) -> float:
        """Smallest relative difference that raises the alarm with the stated power."""
        return (self.alarm + float(norm.ppf(POWER))) * self.error


def compare(one: Totals, other: Totals, chosen: Iterable[str] | None = None) -> dict[str, Comparison]:
    """Compare means over independent units, two-sided, Bonferroni over the family."""
    names = [name for name in (one if chosen is None else chosen) if one[name].any() or other[name].any()]
    return family(
        {
            name: (
                float(one[name].mean() - other[name].mean()),
                error_of(one[name], other[name]),
                float(other[name].mean()),
            )
            for name in names
        }
    )


def compare_orders(one: Totals, other: Totals, platforms: Iterable[str]) -> dict[str, Comparison]:
    """Compare runs on the same shifts: orders have draws of their own in each engine, and nothing else differs."""
    tests = {}
    for name in platforms:
        for what in ("orders on", "engaged_minutes on", "injuries on_order on"):
            mine, theirs = one[f"{what} {name}"], other[f"{what} {name}"]
            gap = mine - theirs
            tests[f"{what} {name}"] = (float(gap.mean()), error_of(gap), float(theirs.mean()))
        # Two Poisson counts of one mean: the squared difference is their sum in the mean.
        counts, others = one[f"orders on {name}"], other[f"orders on {name}"]
        excess, mean = (counts - others) ** 2 - (counts + others), float((counts + others).mean())
        tests[f"spread of orders on {name}"] = (float(excess.mean()), error_of(excess), mean)
    return family(tests)


def error_of(*samples: NDArray[np.float64]) -> float:
    """Standard error of a mean, or of a difference of means."""
    return float(np.sqrt(sum(sample.var() / len(sample) for sample in samples)))


def family(tests: dict[str, tuple[float, float, float]]) -> dict[str, Comparison]:
    """Make a family of (difference, standard error, mean); a difference that cannot vary must be none."""
    alarm = float(norm.isf(FALSE_ALARM / 2 / len(tests)))
    return {
        name: Comparison(
            gap / error if error else np.inf * gap if gap else 0.0, alarm, error / mean if mean else np.inf
        )
        for name, (gap, error, mean) in tests.items()
    }


def alarms(tests: dict[str, Comparison]) -> dict[str, float]:
    """Those that raise the alarm, with their z."""
    return {name: each.z for name, each in tests.items() if abs(each.z) > each.alarm}


def run_of(make: Make, law: World, months: int, seed: int, replication: int = 0) -> Run:
    """Run a world with one engine."""
    engine = make(law, worlds.calendar(months), Streams(seed, replication), None)
    return engine, list(engine.months())


def pooled(
    make: Make, law: World, months: int, seed: int = 202, replications: int = 8, by: str = "rider"
) -> Totals:
    """Totals of units of several replications, so that the error of a comparison is nearly one side's alone."""
    parts = [totals(run_of(make, law, months, seed, number), by) for number in range(replications)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


class Gap(NamedTuple):
    """What an approximation comes to: the fast engine's mean against the twin's, on the same riders."""

    world: str
    what: str
    twin: float
    fast: float
    error: float

    def __str__(self) -> str:
        gap = (self.fast - self.twin) / self.twin
        return (
            f"{self.world:<46} {self.what:<28} twin {self.twin:10.3f}  fast {self.fast:10.3f}"
            f"  {gap:+8.3%} ± {1.96 * self.error / self.twin:.3%}"
        )


def approximated() -> dict[str, World]:
    """Worlds in which the fast engine approximates, one for each thing it does so."""
    poisson, single = worlds.poisson, worlds.one_at_a_time

    def clocks(kind: str, **limit: Any) -> World:
        limits = {
            "engaged": {"kind": kind, "scope": "platform", "clock": "engaged", **limit},
        }
        return worlds.world(
            {"riders": worlds.group(300, worlds.ONE)}, {"alpha": poisson("food", 3, 25)}, limits=limits
        )

    injuries = worlds.world({"riders": worlds.group(1, worlds.ONE)}).injuries.model_dump()
    return {
        "one order at a time": worlds.world(
            {"riders": worlds.group(300, worlds.ONE)}, {"alpha": single(3, 25)}
        ),
        "one order at a time, by hour": worlds.world(
            {"riders": worlds.group(300, worlds.ONE)},
            {"alpha": {**single(3, 25), "orders": {**single(3, 25)["orders"], "demand": worlds.BY_HOUR}}},
        ),
        "day's log-off at four engaged hours": clocks("day_logoff", hours=4),
        "rest of 20 minutes after two engaged hours": clocks("rest_after_spell", hours=2, rest_minutes=20),
        "waiting half as dangerous as an order": worlds.world(
            {"riders": worlds.group(300, worlds.ONE)},
            {"alpha": poisson("food", 1.5, 25)},
            injuries={**injuries, "situations": {"on_order": "1.2", "waiting": "0.6"}},
        ),
    }


def gaps(make: Make, months: int = 2, seed: int = 11) -> list[Gap]:
    """Measure how far apart the engines are where the fast one approximates.

    Both run the same riders on the same draws, so that the error is that of what is drawn otherwise.
    """
    found = []
    for name, law in approximated().items():
        twin = run_of(ReferenceWorld, law, months, seed)
        engine = make(law, worlds.calendar(months), Streams(seed, 0), twin[0].population)
        fast = (engine, list(engine.months()))
        one, other = totals(twin), totals(fast)
        for run, found_in in ((twin, one), (fast, other)):
            p = run[0].population
            expected = np.sum([month.expected_injuries for month in run[1]], axis=0)
            found_in["expected injuries"] = np.bincount(p.engagement_rider, expected, len(p))
        for what in ("orders on alpha", "engaged_minutes on alpha", "worked_minutes", "expected injuries"):
            mine, theirs = one[what], other[what]
            found.append(Gap(name, what, float(mine.mean()), float(theirs.mean()), error_of(theirs - mine)))
        # Riders differ in hours; the spread of orders is that around so many an hour.
        spreads = []
        for each in (one, other):
            rate = each["orders on alpha"].sum() / each["online_minutes on alpha"].sum()
            residual = each["orders on alpha"] - rate * each["online_minutes on alpha"]
            spreads.append(residual**2 / each["orders on alpha"].mean())
        found.append(
            Gap(
                name,
                "variance of orders / mean",
                float(spreads[0].mean()),
                float(spreads[1].mean()),
                error_of(*spreads),
            )
        )
    return found


if __name__ == "__main__":
    from injurysim.world.fast import FastWorld

    for gap in gaps(FastWorld):
        print(gap)
