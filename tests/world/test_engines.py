"""The reference model and the fast world are one law: equal on the same draws, alike in law on others."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

from injurysim.core.randomness import Streams
from injurysim.scenario.world import World
from injurysim.world.fast import FastWorld
from injurysim.world.month import Month
from injurysim.world.reference import ReferenceWorld

engines = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("engines.py")), run_name="engines"))
worlds = engines.worlds
LIMITS, ONE, TWO, THREE, RESTS = worlds.LIMITS, worlds.ONE, worlds.TWO, worlds.THREE, worlds.RESTS
calendar, fatigue, group, portfolios, world = (
    worlds.calendar, worlds.fatigue, worlds.group, worlds.portfolios, worlds.world,
)  # fmt: skip
PLATFORMS: dict[str, Any] = {
    "alpha": worlds.poisson("food", 0.6, 25),
    "beta": worlds.poisson("food", 0.4, 35, "7"),
    "gamma": worlds.fixed(),
}


def assert_same(
    law: World, seed: int = 1, months: int = 2, injuries_at_least: int = 100, *, apps_too: bool = True
) -> list[Month]:
    """Both engines on the same draws agree, and there was something to agree on."""
    streams, days = Streams(seed, 0), calendar(months)
    twin = ReferenceWorld(law, days, streams)
    mine, theirs = list(twin.months()), list(FastWorld(law, days, streams, twin.population).months())
    exact = (*engines.EXACT_OF_INJURY, *(("app",) if apps_too else ()))
    assert engines.differences(mine, theirs, exact_of_injury=exact) == []
    assert engines.fixed_differences(law, twin.population, mine, theirs) == []
    assert sum(len(month.injuries) for month in mine) >= injuries_at_least
    return mine


def rides(
    *splits: dict[str, Any], at_once: bool = False, riders: int = 120, **changes: Any
) -> dict[str, Any]:
    """The group of a world that is compared."""
    given = {"hazard_factor": 2, **changes}
    return {"riders": group(riders, ONE, portfolios=portfolios(*splits, at_once=at_once), **given)}


def limit(kind: str, scope: str = "platform", **given: Any) -> dict[str, Any]:
    return {"kind": kind, "scope": scope, **given}


NEW_LIMITS: dict[str, dict[str, Any]] = {
    "week, switch": {"week": limit("week_logoff", hours=24, response="switch")},
    "week over all platforms": {"week": limit("week_logoff", "all_platforms", hours=36)},
    "month of one platform": {
        "month": limit("month_logoff", hours=70, platforms=["alpha"], response="switch")
    },
    "week, month and day": {
        "week": limit("week_logoff", hours=30, response="comply_or_switch", switch_share="0.5"),
        "month": limit("month_logoff", "all_platforms", hours=110),
        "day": limit("day_logoff", hours=5, response="switch"),
        "rest": limit("rest_after_spell", "all_platforms", hours=2, rest_minutes=30),
    },
    "hours off": {
        "day": limit("day_logoff", "all_platforms", hours=7, off_hours=16),
        "app": limit(
            "day_logoff", hours=3, response="comply_or_switch", switch_share="0.4", off_hours="17.5"
        ),
    },
    "kept by some": {
        "day": limit("day_logoff", hours="3.25", response="switch", compliance="0.6"),
        "rest": limit("rest_after_spell", hours="1.5", rest_minutes=35, compliance="0.5"),
        "ask": limit("confirm_after", "all_platforms", hours=6, confirm_share="0.3"),
    },
    "stop and switch in one minute": {
        "stop": limit("day_logoff", hours=3, platforms=["alpha"]),
        "switch": limit("day_logoff", hours=3, response="switch"),
    },
}
"""Kinds of limits beyond those of ``LIMITS``."""


class TestSameDraws:
    """Rider-day by rider-day, and injury by injury to the minute."""

    @pytest.mark.parametrize(
        ("limits", "rest"),
        [(name, rest) for name in LIMITS for rest in RESTS if rest == "full" or "rest" in name],
    )
    def test_under_every_limit(self, limits: str, rest: str) -> None:
        assert_same(world(rides(ONE, TWO, THREE), limits=LIMITS[limits], fatigue=fatigue(rest)))

    @pytest.mark.parametrize("limits", NEW_LIMITS)
    @pytest.mark.parametrize("at_once", [False, True])
    def test_under_every_other_limit(self, limits: str, at_once: bool) -> None:
        law = world(rides(ONE, TWO, THREE, at_once=at_once), limits=NEW_LIMITS[limits])
        assert_same(law, apps_too=not at_once)

    @pytest.mark.parametrize("rest", RESTS)
    @pytest.mark.parametrize("limits", LIMITS)
    def test_apps_at_once(self, limits: str, rest: str) -> None:
        law = world(rides(ONE, TWO, THREE, at_once=True), limits=LIMITS[limits], fatigue=fatigue(rest))
        assert_same(law, apps_too=False)

    @pytest.mark.parametrize("at_once", [False, True])
    @pytest.mark.parametrize(
        "clock",
        [
            {"clock": "engaged"},
            {"clock": "billed"},
            {"clock": "engaged_plus_allowance", "allowance": "0.15"},
        ],
    )
    def test_clocks_where_an_order_is_always_in_hand(self, clock: dict[str, Any], at_once: bool) -> None:
        platforms = {
            "alpha": worlds.fixed(billed_share="0.83"), "beta": worlds.fixed(billed_share="0.41"),
            "gamma": worlds.fixed(billed_share="0.6"),
        }  # fmt: skip
        limits = {
            "day": limit("day_logoff", hours=3, response="switch", **clock),
            "all": limit("day_logoff", "all_platforms", hours=6, **clock),
            "rest": limit("rest_after_spell", "all_platforms", hours=1, rest_minutes=30, **clock),
        }
        law = world(rides(ONE, TWO, THREE, at_once=at_once), platforms, limits)
        assert_same(law, apps_too=not at_once)

    @pytest.mark.parametrize("recovery", ["none", "ends_shift", "off_work"])
    @pytest.mark.parametrize("limits", ["none", "everything"])
    def test_under_every_recovery(self, recovery: str, limits: str) -> None:
        law = world(
            rides(TWO, THREE, riders=80, work=_work(commute_minutes=25)),
            limits=LIMITS[limits],
            recovery=recovery,
        )
        assert_same(law, injuries_at_least=200)

    @pytest.mark.parametrize("combine", ["product", "additive", "capped"])
    @pytest.mark.parametrize("at_once", [False, True])
    def test_every_factor_of_fatigue(self, combine: str, at_once: bool) -> None:
        law = world(
            rides(TWO, THREE, at_once=at_once, work={**worlds.LONG_NIGHTS, "commute_minutes": 20}),
            limits=LIMITS["everything"],
            fatigue=worlds.factors_as_written(**worlds.ALL_FACTORS, combine=combine),
        )
        assert_same(law, months=3, apps_too=not at_once)

    @pytest.mark.parametrize("factor", worlds.ALL_FACTORS)
    def test_one_factor_of_fatigue(self, factor: str) -> None:
        shorter = {"kind": "uniform", "low": 6, "high": 14}
        law = world(
            rides(ONE, TWO, riders=60, work={**worlds.LONG_NIGHTS, "wanted_hours": shorter}),
            limits=LIMITS["two rests that count for each other"],
            fatigue=worlds.factors_as_written(**{factor: worlds.ALL_FACTORS[factor]}),
        )
        assert_same(law)

    @pytest.mark.parametrize("at_once", [False, True])
    def test_weather_and_its_rules(self, at_once: bool) -> None:
        rules = {
            "rain": {
                "kind": "bad_weather", "states": ["rain", "storm"], "platforms": ["alpha"], "demand": "0.6",
                "order_minutes": "1.3", "hazard": "0.8", "first_day": "2023-01-12",
            },
            "day": limit("day_logoff", hours=4, response="switch"),
        }  # fmt: skip
        law = world(rides(TWO, THREE, at_once=at_once), limits=rules, weather=worlds.WET)
        assert_same(law, apps_too=not at_once)

    def test_who_comes_and_goes(self) -> None:
        changes: dict[str, Any] = {
            "entry": {"per_month": 25},
            "tenure_months": {"kind": "exponential", "mean": 2},
            "experience": {
                "at_entry": "2.5",
                "months": 3,
                "at_start": {"kind": "uniform", "low": 0, "high": 24},
            },
            "shock": {"cv": "0.4", "months": 2},
            "frailty": {"kind": "lognormal", "cv": "0.8"},
        }
        assert_same(world(rides(TWO, THREE, **changes), limits=LIMITS["everything"]), months=4)

    def test_seasons_and_regions(self) -> None:
        season = {"attendance": {1: "1.3", 2: "0.6"}, "hours": {1: "0.8", 2: "1.2"}}
        west = {**rides(THREE, work=_work(season=season))["riders"], "region": "west"}
        rules = {
            "west": limit("day_logoff", "all_platforms", hours=5, regions=["west"]),
            "east": limit(
                "rest_after_spell", hours=2, rest_minutes=20, regions=["east"], last_day="2023-02-10"
            ),
        }
        law = world(
            {**rides(TWO), "others": west}, limits=rules, regions={"east": {}, "west": {}}, weather=worlds.WET
        )
        assert_same(law, months=3)

    def test_holiday_pay_of_fixed_orders_to_the_fen(self) -> None:
        """Nine orders at 1.05 and half as much again: a holiday more is half a fen more or less."""
        platforms = {"alpha": worlds.fixed(holiday_pay_factor="1.5"), "beta": worlds.fixed(7, "3.15")}
        law = world(rides(ONE, TWO, work=_work(earnings_floor_yuan_per_hour="1.1")), platforms)
        assert_same(law)

    @pytest.mark.parametrize("recovery", ["none", "off_work"])
    def test_over_midnight_and_the_end_of_months(self, recovery: str) -> None:
        """Long nights: shifts of a month end in the next, and a late one puts off the one after it."""
        law = world(
            rides(TWO, THREE, riders=40, work={**worlds.LONG_NIGHTS, "commute_minutes": 45}),
            limits=LIMITS["rest over all platforms"],
            recovery=recovery,
        )
        months = assert_same(law, months=3)
        ends = calendar(3).month_starts[1:] * 1440
        assert any((month.injuries.minute >= ends[month.index]).any() for month in months)

    def test_many_injuries_in_a_minute(self) -> None:
        """Without recovery the hazard goes on from the crossing, so two injuries may share a minute."""
        law = world(rides(TWO, riders=40, hazard_factor=60), recovery="none", limits=LIMITS["everything"])
        months = assert_same(law, injuries_at_least=2000)
        pairs = sum(
            int(((np.diff(month.injuries.minute) == 0) & (np.diff(month.injuries.rider) == 0)).sum())
            for month in months
        )
        assert pairs > 10

    @pytest.mark.parametrize("seed", range(16))
    def test_of_worlds_drawn_at_random(self, seed: int) -> None:
        law, at_once = _random_world(np.random.default_rng(seed))
        assert_same(law, seed, injuries_at_least=20, apps_too=not at_once)


def _work(**changes: Any) -> dict[str, Any]:
    return {**group(1, ONE)["work"], **changes}


def _random_world(rng: np.random.Generator) -> tuple[World, bool]:
    """A world with random limits of every kind, factors, rests, splits and laws."""

    def split() -> dict[str, str]:
        names = rng.permutation(list(PLATFORMS))[: rng.integers(1, 4)].tolist()
        points = rng.multinomial(10_000, np.full(len(names), 1 / len(names)))
        return {name: f"{share / 10_000:.4f}" for name, share in zip(names, points, strict=True)}

    def rule() -> dict[str, Any]:
        scope = str(rng.choice(["platform", "all_platforms"]))
        hours = rng.integers(30, 600)
        given = limit("day_logoff", scope, compliance=str(rng.choice(["1", "0.7"])))
        if (kind := rng.random()) < 0.4:
            given |= {"kind": "rest_after_spell", "rest_minutes": int(rng.integers(1, 90))}
        elif scope == "platform":
            given |= {"response": str(rng.choice(["stop", "switch"]))}
        if kind > 0.7:
            given |= {"kind": str(rng.choice(["week_logoff", "month_logoff"]))}
            hours *= 5
        elif kind > 0.5:
            given |= {"off_hours": int(rng.integers(0, 20))}
        if given["kind"] in {"rest_after_spell"}:
            given.pop("response", None)
        if scope == "platform" and rng.random() < 0.5:
            given["platforms"] = rng.permutation(list(PLATFORMS))[:2].tolist()
        if rng.random() < 0.4:
            given["first_day"] = f"2023-01-{rng.integers(2, 28):02d}"
        return {**given, "hours": f"{hours / 60:.6f}"}

    low, at_once = rng.uniform(0, 8), bool(rng.random() < 0.5)
    chosen = {name: law for name, law in worlds.ALL_FACTORS.items() if rng.random() < 0.5}
    rest: dict[str, Any] = (
        {"kind": "full", "after_minutes": int(rng.integers(1, 60))}
        if rng.random() < 0.5
        else {"kind": "rate", "hours_per_rest_hour": f"{rng.uniform(0, 5):.2f}"}
    )
    combine = str(rng.choice(["product", "additive", "capped"]))
    work = {
        "attendance": {"workday": f"{rng.uniform(0.3, 1):.3f}", "weekend": "0.9", "holiday": "0.5"},
        "start_hour": {"kind": "uniform", "low": 0, "high": 23.9},
        "wanted_hours": {"kind": "uniform", "low": low, "high": low + rng.uniform(1, 12)},
        "commute_minutes": int(rng.integers(0, 60)),
    }
    law = world(
        rides(*(split() for _ in range(3)), at_once=at_once, riders=50, work=work),
        PLATFORMS,
        limits={f"limit{number}": rule() for number in range(rng.integers(0, 6))},
        recovery=str(rng.choice(["none", "ends_shift", "off_work"])),
        per_1000_hours=(25, 40),
        fatigue=worlds.factors_as_written(**chosen, combine=combine) | {"rest": rest},
        weather=worlds.WET if rng.random() < 0.5 else None,
    )
    return law, at_once


DENSE: dict[str, Any] = {
    "alpha": worlds.poisson("food", 2.4, 25),
    "beta": worlds.poisson("food", 1.5, 35, "7"),
    "gamma": worlds.fixed(),
}


def orders_law(at_once: bool = False, by_hour: bool = False) -> World:
    """Orders dense enough to overlap, limits and rests that cut their stretches short, and absence."""
    platforms = {
        name: {**platform, "orders": {**platform["orders"], **({"demand": worlds.BY_HOUR} if by_hour else {})}}
        if name != "gamma" else platform
        for name, platform in DENSE.items()
    }  # fmt: skip
    limits = {
        "app": limit("day_logoff", hours=7, response="switch"),
        "rest": limit("rest_after_spell", hours=3, rest_minutes=20),
    }
    people = rides(ONE, TWO, THREE, at_once=at_once, riders=400)
    return world(people, platforms, limits, fatigue=fatigue("rate"))


class TestInLaw:
    """On independent draws; each test gives a false alarm once in a thousand draws of its seeds."""

    @pytest.mark.parametrize("at_once", [False, True])
    @pytest.mark.parametrize("by_hour", [False, True])
    def test_work_orders_and_injuries(self, at_once: bool, by_hour: bool) -> None:
        law = orders_law(at_once, by_hour)
        twin = engines.run_of(ReferenceWorld, law, 2, 101)
        found = engines.compare(engines.totals(twin), engines.pooled(FastWorld, law, 2))
        assert engines.alarms(found) == {}
        # The largest differences that may hide from the test more than once in a hundred.
        assert found["rider_days"].detectable < 0.12
        for name in ("days_worked", "online_minutes", "engaged_minutes", "orders"):
            assert found[f"{name} on alpha"].detectable < 0.17

    @pytest.mark.parametrize("at_once", [False, True])
    @pytest.mark.parametrize("by_hour", [False, True])
    def test_orders_on_the_same_shifts(self, at_once: bool, by_hour: bool) -> None:
        law = orders_law(at_once, by_hour)
        twin = engines.run_of(ReferenceWorld, law, 2, 101)
        fast = FastWorld(law, calendar(2), Streams(101, 0), twin[0].population)
        one, other = engines.totals(twin), engines.totals((fast, list(fast.months())))
        assert np.array_equal(one["online_minutes on alpha"], other["online_minutes on alpha"])
        found = engines.compare_orders(one, other, ("alpha", "beta"))
        assert engines.alarms(found) == {}
        for name in ("alpha", "beta"):
            assert found[f"orders on {name}"].detectable < 0.06
            assert found[f"engaged_minutes on {name}"].detectable < 0.05

    def test_earnings_and_orders_offered_again(self) -> None:
        platforms = {
            **DENSE,
            "alpha": {**DENSE["alpha"], "reoffer_share": "0.6", "holiday_pay_factor": "1.5"},
        }
        limits = {
            "day": limit("day_logoff", hours=4, compliance="0.6"),
            "week": limit("week_logoff", hours=22),
        }
        work = _work(earnings_floor_yuan_per_hour=9)
        law = world(rides(ONE, TWO, riders=500, work=work), platforms, limits, recovery="ends_shift")
        twin = engines.run_of(ReferenceWorld, law, 1, 101)
        fast = FastWorld(law, calendar(1), Streams(101, 0), twin[0].population)
        one, other = engines.totals(twin), engines.totals((fast, list(fast.months())))
        for what in ("orders on alpha", "earnings_fen on alpha", "earnings_fen on beta"):
            gap = one[what] - other[what]
            tests = engines.family(
                {what: (float(gap.mean()), engines.error_of(gap), float(other[what].mean()))}
            )
            assert engines.alarms(tests) == {}
            assert tests[what].detectable < 0.05

    @pytest.mark.parametrize("name", engines.approximated())
    def test_named_approximations_are_close(self, name: str) -> None:
        """The means are within five in a hundred, on the same riders."""
        law = engines.approximated()[name]
        twin = engines.run_of(ReferenceWorld, law, 2, 11)
        fast = FastWorld(law, calendar(2), Streams(11, 0), twin[0].population)
        one, other = engines.totals(twin), engines.totals((fast, list(fast.months())))
        for what in ("orders on alpha", "engaged_minutes on alpha", "worked_minutes"):
            assert other[what].mean() == pytest.approx(one[what].mean(), rel=0.05)


class Fault(NamedTuple):
    """A fault of the fast world, as a law it would follow.

    ``shows`` raises an alarm; a change of it by ``detectable`` is found with 99 % power.
    """

    sound: World
    faulty: World
    shows: str
    detectable: float
    by: str = "rider"


def hazard_law(hours_late: int = 0, rest_after: int = 30, limits: dict[str, Any] | None = None) -> World:
    """Many injuries and few orders; bands of the clock begin some hours late, or a rest restores from some minutes."""
    tired = fatigue("full", hours_late) | {"rest": {"kind": "full", "after_minutes": rest_after}}
    return world(
        {"riders": group(1000, ONE)},
        {"alpha": worlds.poisson("food", 0.05, 25)},
        limits=limits,
        recovery="ends_shift",
        per_1000_hours=(16, 16),
        fatigue=tired,
    )


def evasion_law(response: str) -> World:
    limits = {"app": limit("day_logoff", hours="2.5", response=response)}
    few = {"alpha": worlds.poisson("food", 0.05, 25), "beta": worlds.poisson("food", 0.05, 25)}
    return world({"riders": group(500, {"alpha": "0.8", "beta": "0.2"})}, few, limits, recovery="ends_shift")


def rain_law(persistence: str) -> World:
    """Sixty regions with weather of their own, each with ten riders."""
    names = [f"r{number}" for number in range(60)]
    weather = {
        "regions": {name: {"chances": {"rain": "0.3"}, "persistence": persistence} for name in names},
        "effects": {"rain": {"hazard": 3, "attendance": "0.5"}},
    }
    people = {name: {**group(10, ONE), "region": name} for name in names}
    few = {"alpha": worlds.poisson("food", 0.05, 25)}
    regions: dict[str, Any] = {name: {} for name in names}
    return world(people, few, recovery="ends_shift", regions=regions, weather=weather)


CAP = {"eight": limit("day_logoff", "all_platforms", hours=6)}
BREAK = {"rest": limit("rest_after_spell", hours=3, rest_minutes=30)}
FAULTS: dict[str, Callable[[], Fault]] = {
    "table off by an hour": lambda: Fault(hazard_law(), hazard_law(1), "injuries in hour 4", 0.35),
    "cap ignored": lambda: Fault(hazard_law(limits=CAP), hazard_law(), "worked_minutes", 0.06),
    "break not counted": lambda: Fault(
        hazard_law(limits=BREAK), hazard_law(limits=BREAK, rest_after=31), "injuries in hour 4", 0.45
    ),
    "evasion not counted": lambda: Fault(evasion_law("switch"), evasion_law("stop"), "worked_minutes", 0.08),
    # The mean weather is the same; a chain that never leaves its first state has another spread.
    "rain never ends": lambda: Fault(
        rain_law("0.5"), rain_law("0.9999"), "spread of rider_days", 1.0, "region"
    ),
}


def with_spread(found: dict[str, Any], mean: float) -> dict[str, Any]:
    """The totals, and the squared distance of the units' days worked from a mean."""
    return {**found, "spread of rider_days": (found["rider_days"] - mean) ** 2}


class TestSeededFault:
    """Faults of the fast world: caught on the same draws, and in law."""

    @pytest.mark.parametrize("name", FAULTS)
    def test_is_caught_on_the_same_draws(self, name: str) -> None:
        fault = FAULTS[name]()
        twin = engines.run_of(ReferenceWorld, fault.sound, 1, 101)
        sound, faulty = (
            FastWorld(law, calendar(1), Streams(101, 0), twin[0].population)
            for law in (fault.sound, fault.faulty)
        )
        assert engines.differences(twin[1], list(sound.months())) == []
        assert {"injuries.minute", "expected_injuries"} <= set(
            engines.differences(twin[1], list(faulty.months()))
        )

    @pytest.mark.parametrize("name", FAULTS)
    def test_is_caught_in_law(self, name: str) -> None:
        """Each states the smallest change of what it shows that is found with 99 % power."""
        fault = FAULTS[name]()
        twin = engines.totals(engines.run_of(ReferenceWorld, fault.sound, 1, 101), fault.by)
        mean = twin["rider_days"].mean()
        one = with_spread(twin, mean)
        sound, faulty = (
            with_spread(engines.pooled(FastWorld, law, 1, by=fault.by), mean)
            for law in (fault.sound, fault.faulty)
        )
        found = engines.compare(one, sound)
        assert engines.alarms(found) == {}
        assert fault.shows in engines.alarms(engines.compare(one, faulty))
        assert found[fault.shows].detectable < fault.detectable
        effect = abs(faulty[fault.shows].mean() / sound[fault.shows].mean() - 1)
        assert effect > found[fault.shows].detectable
