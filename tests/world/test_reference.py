"""The reference model and the fast world are one law: equal on the same draws, alike in law on others."""

from __future__ import annotations

import runpy
from dataclasses import dataclass, fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from injurysim.core.randomness import Streams
from injurysim.scenario.platforms import FixedOrders
from injurysim.scenario.world import World
from injurysim.world.fast import FastWorld
from injurysim.world.month import SITUATIONS, Injuries, Month
from injurysim.world.reference import ReferenceWorld
from injurysim.world.reference_shift import Tiredness, stretches
from injurysim.world.rules import shift_rules

worlds = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("worlds_for_tests.py"))))
LIMITS, ONE, TWO, THREE, RESTS = worlds.LIMITS, worlds.ONE, worlds.TWO, worlds.THREE, worlds.RESTS
calendar, fatigue, group, world = worlds.calendar, worlds.fatigue, worlds.group, worlds.world

EXACT = ("days_worked", "online_minutes", "rider_days")
EXACT_OF_INJURY = [f.name for f in fields(Injuries) if f.name != "situation"]


def differences(reference: list[Month], fast: list[Month]) -> list[str]:
    """Names of what differs between two runs, of all that the draws decide."""
    found = [
        f"{name} of month {one.index}"
        for one, other in zip(reference, fast, strict=True)
        for name in EXACT
        if not np.array_equal(getattr(one, name), getattr(other, name))
    ]
    found += [
        f"injuries.{name} of month {one.index}"
        for one, other in zip(reference, fast, strict=True)
        for name in EXACT_OF_INJURY
        if not np.array_equal(getattr(one.injuries, name), getattr(other.injuries, name))
    ]
    found += [
        f"expected_injuries of month {one.index}"
        for one, other in zip(reference, fast, strict=True)
        if not np.allclose(one.expected_injuries, other.expected_injuries, rtol=1e-9, atol=1e-12)
    ]
    return found


def fixed_differences(
    law: World, engine: ReferenceWorld, reference: list[Month], fast: list[Month]
) -> list[str]:
    """What differs on platforms of so many orders a day, where orders are not drawn."""
    fixed = [name for name, platform in law.platforms.items() if isinstance(platform.orders, FixedOrders)]
    codes = [list(law.platforms).index(name) for name in fixed]
    mine = np.isin(engine.population.engagement_platform, codes)
    return [
        f"{name} of month {one.index}"
        for one, other in zip(reference, fast, strict=True)
        for name in ("orders", "earnings_fen", "engaged_minutes")
        if not np.array_equal(getattr(one, name)[mine], getattr(other, name)[mine])
    ]


def assert_same(law: World, seed: int = 1, months: int = 2, injuries_at_least: int = 100) -> list[Month]:
    """Both engines on the same draws agree, and there was something to agree on."""
    streams, days = Streams(seed, 0), calendar(months)
    engine = ReferenceWorld(law, days, streams)
    reference, fast = list(engine.months()), list(FastWorld(law, days, streams, engine.population).months())
    assert differences(reference, fast) == []
    assert fixed_differences(law, engine, reference, fast) == []
    assert sum(len(month.injuries) for month in reference) >= injuries_at_least
    return reference


class TestSameDraws:
    """Rider-day by rider-day, and injury by injury to the minute."""

    @pytest.mark.parametrize(
        ("limits", "rest"),
        [(name, rest) for name in LIMITS for rest in RESTS if rest == "full" or "rest" in name],
    )
    def test_under_every_limit(self, limits: str, rest: str) -> None:
        law = world({"riders": group(120, [ONE, TWO, THREE])}, limits=LIMITS[limits], fatigue=fatigue(rest))
        assert_same(law)

    @pytest.mark.parametrize("recovery", ["none", "ends_shift", "off_work"])
    @pytest.mark.parametrize("limits", ["none", "everything"])
    def test_under_every_recovery(self, recovery: str, limits: str) -> None:
        law = world({"riders": group(150, [TWO, THREE])}, limits=LIMITS[limits], recovery=recovery)
        assert_same(law, injuries_at_least=200)

    @pytest.mark.parametrize("recovery", ["none", "off_work"])
    def test_over_midnight_and_the_end_of_months(self, recovery: str) -> None:
        """Long nights: shifts of a month end in the next, and a late one puts off the one after it."""
        nights = group(
            80,
            [TWO, THREE],
            work={
                "attendance": {"workday": 1, "weekend": "0.95", "holiday": "0.9"},
                "start_hour": {"kind": "uniform", "low": 0, "high": 23.99},
                "wanted_hours": {"kind": "uniform", "low": 8, "high": 19.9},
            },
        )
        law = world({"nights": nights}, limits=LIMITS["rest over all platforms"], recovery=recovery)
        months = assert_same(law, months=3)
        ends = calendar(3).month_starts[1:] * 1440
        assert any((month.injuries.minute >= ends[month.index]).any() for month in months)

    def test_no_fatigue(self) -> None:
        assert_same(world({"riders": group(200, TWO)}, fatigue={"kind": "none"}))

    def test_many_injuries_in_a_minute(self) -> None:
        """Without recovery the hazard goes on from the crossing, so two injuries may share a minute."""
        law = world(
            {"riders": group(40, TWO, hazard_factor=60)}, recovery="none", limits=LIMITS["everything"]
        )
        months = assert_same(law, injuries_at_least=2000)
        pairs = sum(
            int(((np.diff(month.injuries.minute) == 0) & (np.diff(month.injuries.rider) == 0)).sum())
            for month in months
        )
        assert pairs > 10

    def test_groups_that_differ(self) -> None:
        """Frailty, factors, mixtures and points of mass in the laws, a holiday group, one that rarely works."""
        groups = {
            "frail": group(120, [ONE, THREE], frailty={"kind": "gamma", "shape": "0.5"}, hazard_factor="1.7"),
            "safe": group(50, TWO, hazard_factor=0),
            "mixed": group(
                120,
                THREE,
                work={
                    "attendance": {"workday": "0.1", "weekend": "0.2", "holiday": 1},
                    "start_hour": {"kind": "discrete", "values": [7, 11.5, 17.25], "weights": [3, 2, 1]},
                    "wanted_hours": {
                        "kind": "mixture",
                        "weights": [1, 2],
                        "parts": [
                            {"kind": "constant", "value": 4.5},
                            {"kind": "lognormal", "mean": 9, "cv": 0.5, "between": [0, 18]},
                        ],
                    },
                },
            ),
        }
        assert_same(world(groups, limits=LIMITS["dated"]), months=3)

    @pytest.mark.parametrize("seed", range(12))
    def test_of_worlds_drawn_at_random(self, seed: int) -> None:
        assert_same(_random_world(np.random.default_rng(seed)), seed, injuries_at_least=20)


def _random_world(rng: np.random.Generator) -> World:
    """A world with random limits of every kind, bands, rests, splits and laws."""

    def split() -> dict[str, str]:
        names = rng.permutation(["alpha", "beta", "gamma"])[: rng.integers(1, 4)].tolist()
        points = rng.multinomial(10_000, np.full(len(names), 1 / len(names)))
        return {name: f"{share / 10_000:.4f}" for name, share in zip(names, points, strict=True)}

    def limit() -> dict[str, Any]:
        scope = str(rng.choice(["platform", "all_platforms"]))
        rule: dict[str, Any] = {"scope": scope, "hours": f"{rng.integers(30, 600) / 60:.6f}"}
        if rng.random() < 0.5:
            rule |= {"kind": "rest_after_spell", "rest_minutes": int(rng.integers(1, 90))}
        else:
            response = "switch" if scope == "platform" and rng.random() < 0.5 else "stop"
            rule |= {"kind": "day_logoff", "response": response}
        if scope == "platform" and rng.random() < 0.5:
            rule["platforms"] = rng.permutation(["alpha", "beta", "gamma"])[:2].tolist()
        if rng.random() < 0.4:
            rule["first_day"] = f"2023-01-{rng.integers(2, 28):02d}"
        return rule

    edges = np.sort(rng.choice(np.arange(1, 900), 3, replace=False))
    bands = [
        {"from_hours": str(minute / 60), "multiplier": f"{rng.uniform(0, 4):.3f}"}
        for minute in (0, *(15 * np.unique(edges // 15 + 1)))
    ]
    rest: dict[str, Any] = (
        {"kind": "full", "after_minutes": int(rng.integers(1, 60))}
        if rng.random() < 0.5
        else {"kind": "rate", "hours_per_rest_hour": f"{rng.uniform(0, 5):.2f}"}
    )
    low = rng.uniform(0, 8)
    return world(
        {
            "riders": group(
                80,
                [split() for _ in range(3)],
                work={
                    "attendance": {
                        "workday": f"{rng.uniform(0.3, 1):.3f}",
                        "weekend": "0.9",
                        "holiday": "0.5",
                    },
                    "start_hour": {"kind": "uniform", "low": 0, "high": 23.9},
                    "wanted_hours": {"kind": "uniform", "low": low, "high": low + rng.uniform(1, 12)},
                },
            )
        },
        limits={f"limit{number}": limit() for number in range(rng.integers(0, 6))},
        recovery=str(rng.choice(["none", "ends_shift", "off_work"])),
        per_1000_hours=(25, 40),
        fatigue={"kind": "hours_on_shift", "bands": bands, "rest": rest},
    )


class TestReference:
    """The reference model by itself."""

    def test_is_the_same_each_time_and_for_any_others(self) -> None:
        """A rider more, with its own process and events, changes nothing for the others, orders included."""
        few = list(_engine(world({"riders": group(30, TWO)}, limits=LIMITS["everything"])).months())
        engine = _engine(world({"riders": group(31, TWO)}, limits=LIMITS["everything"]))
        many, again = list(engine.months()), list(engine.months())
        for name in (f.name for f in fields(Month) if f.name not in {"index", "injuries"}):
            for one, other, repeated in zip(few, many, again, strict=True):
                values = getattr(other, name)
                assert np.array_equal(getattr(one, name), values[: len(getattr(one, name))])
                assert np.array_equal(getattr(repeated, name), values)
        for one, other in zip(few, many, strict=True):
            kept = other.injuries.rider < 30
            for name in (f.name for f in fields(Injuries)):
                assert np.array_equal(getattr(one.injuries, name), getattr(other.injuries, name)[kept])

    def test_listed_injuries_happen_as_listed(self) -> None:
        item = {"group": "riders", "severity": "slight", "medical_yuan": "12.345", "days_off": 3}
        items = [
            {**item, "at": "2023-02-01T00:00:00", "rider": 1, "platform": "beta"},
            {**item, "at": "2023-01-31T23:59:00", "rider": 2, "platform": "alpha", "situation": "waiting"},
            {**item, "at": "2023-01-01T00:30:00", "rider": 2, "platform": "alpha", "disability_grade": 4},
        ]
        listed = {"kind": "listed", "severities": ["slight"], "items": items}
        january, february = _engine(
            world({"riders": group(5, TWO)}, recovery="none", injuries=listed)
        ).months()
        assert january.injuries.rider.tolist() == [2, 2]
        assert january.injuries.k.tolist() == [0, 1]
        assert january.injuries.minute.tolist() == [30, 31 * 1440 - 1]
        assert january.injuries.grade.tolist() == [4, 0]
        assert january.injuries.situation.tolist() == [
            SITUATIONS.index("on_order"),
            SITUATIONS.index("waiting"),
        ]
        assert february.injuries.minute.tolist() == [31 * 1440]
        assert february.injuries.app.tolist() == [1]
        assert february.injuries.medical_cost_fen.tolist() == [1235]
        assert january.online_minutes.sum() > 0
        assert january.expected_injuries.sum() == 0

    @pytest.mark.parametrize(
        ("wanted", "points", "limits", "walked"),
        [
            # Two hours, half an hour of rest, which clears the fatigue clock; a new app has a fresh spell.
            (240, (6500, 3500), "rest on a platform", [(0, 0, 120, 0), (0, 30, 36, 0), (1, 0, 84, 36)]),
            # At the very end of the work on an app there is no rest.
            (120, (10_000, 0), "rest on a platform", [(0, 0, 120, 0)]),
            # 20 minutes of rest after 240 over both apps are too short to clear the clock.
            (
                300,
                (6500, 3500),
                "rest over all platforms",
                [(0, 0, 195, 0), (1, 0, 45, 195), (1, 20, 60, 240)],
            ),
            (600, (6500, 3500), "platform log-off, stop", [(0, 0, 240, 0), (1, 0, 210, 240)]),
            # 140 minutes are wanted on the first app, which takes 120, and 60 on the second.
            (200, (7000, 3000), "one platform's log-off, switch", [(0, 0, 120, 0), (1, 0, 80, 120)]),
            # 40 and 360, each app takes 210: what the last one refuses goes back to the first.
            (
                400,
                (1000, 9000),
                "platform log-off, switch",
                [(0, 0, 40, 0), (1, 0, 210, 40), (0, 0, 150, 250)],
            ),
            # Both are full: the rest is lost.
            (600, (6500, 3500), "platform log-off, switch", [(0, 0, 210, 0), (1, 0, 210, 210)]),
            (600, (6500, 3500), "log-off over all platforms", [(0, 0, 390, 0), (1, 0, 90, 390)]),
        ],
    )
    def test_walks_the_limits(
        self, wanted: int, points: tuple[int, int], limits: str, walked: list[tuple[int, int, int, int]]
    ) -> None:
        """By hand: slot, rest before, minutes, fatigue clock."""
        law = world({"riders": group(1, ONE)}, limits=LIMITS[limits])
        rules = shift_rules(law.limits, ("alpha", "beta"))
        assert list(stretches(wanted, points, rules, Tiredness(law.fatigue))) == walked


def _engine(law: World) -> ReferenceWorld:
    return ReferenceWorld(law, calendar(2), Streams(5, 0))


FALSE_ALARM = 1e-3
"""Chance that a family of comparisons raises any alarm when the two engines are one law, were its seeds new."""
POWER = 0.99
HOURS = 10
"""Injuries are counted by hour worked in the shift, the last hour and all after it together."""
SHARES = "share of injuries on order"

Totals = dict[str, NDArray[np.float64]]
Run = tuple[ReferenceWorld | FastWorld, list[Month]]


def totals(run: Run) -> Totals:
    """Totals of each rider over the months, by name: independent and alike from rider to rider."""
    engine, months = run
    p, found = engine.population, {}
    for code, name in enumerate(p.platforms):
        for what in ("days_worked", "online_minutes", "engaged_minutes", "orders"):
            values = np.sum([getattr(month, what) for month in months], axis=0)
            mine = p.engagement_platform == code
            found[f"{what} on {name}"] = np.bincount(p.engagement_rider[mine], values[mine], len(p))
    found["shifts"] = np.sum([month.rider_days for month in months], axis=0).astype(np.float64)
    rider, app, situation, worked = (
        np.concatenate([getattr(month.injuries, name) for month in months])
        for name in ("rider", "app", "situation", "worked_minutes")
    )

    def count(chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(rider[chosen], minlength=len(p)).astype(np.float64)

    found["injuries"] = count(rider >= 0)
    for hour in range(HOURS):
        found[f"injuries in hour {hour}"] = count(np.minimum(worked // 60, HOURS - 1) == hour)
    for code, name in enumerate(p.platforms):
        for level in ("on_order", "waiting"):
            found[f"injuries {level} on {name}"] = count(
                (app == code) & (situation == SITUATIONS.index(level))
            )
    return found


@dataclass(frozen=True)
class Comparison:
    """One z-test of a family: z, the z of an alarm, and the standard error relative to the mean."""

    z: float
    alarm: float
    error: float

    @property
    def detectable(self) -> float:
        """Smallest relative difference that raises the alarm with the stated power."""
        return (self.alarm + float(norm.ppf(POWER))) * self.error


def compare(one: Totals, other: Totals) -> dict[str, Comparison]:
    """Compare means over independent riders, two-sided, Bonferroni over the family."""
    return _family(
        {
            name: (one[name].mean() - other[name].mean(), _error(one[name], other[name]), other[name].mean())
            for name in one
            if other[name].any()
        }
    )


def _error(*samples: NDArray[np.float64]) -> float:
    return float(np.sqrt(sum(sample.var() / len(sample) for sample in samples)))


def _family(tests: dict[str, tuple[float, float, float]]) -> dict[str, Comparison]:
    """Make a family of (difference, standard error, mean); a difference that cannot vary must be none."""
    alarm = float(norm.isf(FALSE_ALARM / 2 / len(tests)))
    return {
        name: Comparison(gap / error if error else np.inf * gap if gap else 0.0, alarm, error / mean)
        for name, (gap, error, mean) in tests.items()
    }


def alarms(family: dict[str, Comparison]) -> dict[str, float]:
    return {name: each.z for name, each in family.items() if abs(each.z) > each.alarm}


def orders_law() -> World:
    """Orders dense enough to overlap, limits and rests that cut their stretches short, and absence."""
    platforms = {
        "alpha": worlds.poisson("food", 2.4, 25),
        "beta": worlds.poisson("food", 1.5, 35, "7"),
        "gamma": {"industry": "parcel", "orders": {"kind": "fixed_per_day", "per_day": 9}},
    }
    limits = {
        "app": {"kind": "day_logoff", "scope": "platform", "hours": 7, "response": "switch"},
        "rest": {"kind": "rest_after_spell", "scope": "platform", "hours": 3, "rest_minutes": 20},
    }
    return world({"riders": group(400, [ONE, TWO, THREE])}, platforms, limits, fatigue=fatigue("rate"))


def hazard_law(fault_hours: int = 0) -> World:
    """Many injuries and few orders; for the fault the bands of the fatigue clock begin some hours later."""
    return world(
        {"riders": group(1000, ONE)},
        {"alpha": worlds.poisson("food", 0.05, 25)},
        recovery="ends_shift",
        per_1000_hours=(16, 16),
        fatigue=fatigue("full", fault_hours),
    )


def run_reference(law: World, months: int) -> Run:
    engine = ReferenceWorld(law, calendar(months), Streams(101, 0))
    return engine, list(engine.months())


@pytest.fixture(scope="module")
def orders_run() -> Run:
    return run_reference(orders_law(), 2)


@pytest.fixture(scope="module")
def hazard_run() -> Run:
    return run_reference(hazard_law(), 1)


def fast_totals(law: World, months: int, replications: int = 8) -> Totals:
    """Totals of riders of several replications, so that the error of a comparison is the reference's alone."""
    runs, tables = [], None
    for number in range(replications):
        engine = FastWorld(law, calendar(months), Streams(202, number), tables=tables)
        tables = engine.tables
        runs.append(totals((engine, list(engine.months()))))
    return {name: np.concatenate([run[name] for run in runs]) for name in runs[0]}


class TestInLaw:
    """On independent draws; each test gives a false alarm once in a thousand draws of its seeds."""

    def test_work_and_orders(self, orders_run: Run) -> None:
        family = compare(totals(orders_run), fast_totals(orders_law(), 2))
        assert alarms(family) == {}
        # The largest differences that may hide from the test more than once in a hundred.
        assert family["shifts"].detectable < 0.1
        for name in ("days_worked", "online_minutes", "engaged_minutes", "orders"):
            assert family[f"{name} on alpha"].detectable < 0.15

    def test_injuries_by_hour(self, hazard_run: Run) -> None:
        family = compare(totals(hazard_run), fast_totals(hazard_law(), 1))
        assert alarms(family) == {}
        assert family["injuries"].detectable < 0.10
        for hour in range(HOURS):
            assert family[f"injuries in hour {hour}"].detectable < 0.4

    def test_orders_on_the_same_shifts(self, orders_run: Run) -> None:
        """Orders have draws of their own in each engine; on the same shifts nothing else is left to differ."""
        engine = orders_run[0]
        fast = FastWorld(orders_law(), calendar(2), engine.streams, engine.population)
        one, other = totals(orders_run), totals((fast, list(fast.months())))
        assert np.array_equal(one["online_minutes on alpha"], other["online_minutes on alpha"])
        tests = {}
        for name in ("alpha", "beta"):
            for what in ("orders on", "engaged_minutes on", "injuries on_order on"):
                mine, theirs = one[f"{what} {name}"], other[f"{what} {name}"]
                gap = mine - theirs
                tests[f"{what} {name}"] = (float(gap.mean()), _error(gap), float(theirs.mean()))
            # Two Poisson counts of one mean: the squared difference is their sum in the mean.
            counts, others = one[f"orders on {name}"], other[f"orders on {name}"]
            excess = (counts - others) ** 2 - (counts + others)
            tests[f"spread of orders on {name}"] = (
                float(excess.mean()),
                _error(excess),
                float((counts + others).mean()),
            )
        family = _family(tests)
        assert alarms(family) == {}
        for name in ("alpha", "beta"):
            assert family[f"orders on {name}"].detectable < 0.05
            assert family[f"engaged_minutes on {name}"].detectable < 0.04
            assert family[f"injuries on_order on {name}"].detectable < 0.6
            assert family[f"spread of orders on {name}"].detectable < 0.6


class TestSeededFault:
    """Bands of the fast world that begin an hour late: 29 % of the third hour's injuries and 39 % of the fifth's are gone."""

    def test_is_caught_on_the_same_draws(self, hazard_run: Run) -> None:
        engine, months = hazard_run
        faulty = FastWorld(hazard_law(1), calendar(1), engine.streams, engine.population)
        found = differences(months, list(faulty.months()))
        assert "injuries.minute of month 0" in found
        assert "expected_injuries of month 0" in found

    def test_is_caught_in_law(self, hazard_run: Run) -> None:
        """Found with 99 % power: a change of 10 % in all injuries, of 31 % in the fifth hour's."""
        found = totals(hazard_run)
        sound, faulty = (compare(found, fast_totals(hazard_law(hours), 1)) for hours in (0, 1))
        assert sound["injuries"].detectable < 0.10
        assert sound["injuries in hour 4"].detectable < 0.31 < 1 - 1.4 / 2.3
        assert {"injuries", "injuries in hour 2", "injuries in hour 4"} <= set(alarms(faulty))
