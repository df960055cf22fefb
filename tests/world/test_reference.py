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
from injurysim.scenario.world import World
from injurysim.world.fast import FastWorld
from injurysim.world.month import SITUATIONS, Injuries, Month
from injurysim.world.reference import ReferenceWorld

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


def both(
    law: World, seed: int = 1, months: int = 2, fast_law: World | None = None
) -> tuple[list[Month], list[Month]]:
    """A run of each engine on the same draws, after a look that both saw injuries at all."""
    streams, days = Streams(seed, 0), calendar(months)
    reference = ReferenceWorld(law, days, streams)
    fast = FastWorld(fast_law or law, days, streams, reference.population)
    return list(reference.months()), list(fast.months())


def assert_same(law: World, seed: int = 1, months: int = 2, injuries_at_least: int = 100) -> list[Month]:
    reference, fast = both(law, seed, months)
    assert differences(reference, fast) == []
    assert sum(len(month.injuries) for month in reference) >= injuries_at_least
    return reference


class TestSameDraws:
    """Rider-day by rider-day, and injury by injury to the minute."""

    @pytest.mark.parametrize("rest", RESTS)
    @pytest.mark.parametrize("limits", LIMITS)
    def test_under_every_limit(self, limits: str, rest: str) -> None:
        law = world({"riders": group(200, [ONE, TWO, THREE])}, limits=LIMITS[limits], fatigue=fatigue(rest))
        assert_same(law)

    @pytest.mark.parametrize("recovery", ["none", "ends_shift", "off_work"])
    @pytest.mark.parametrize("limits", ["none", "everything"])
    def test_under_every_recovery(self, recovery: str, limits: str) -> None:
        law = world({"riders": group(250, [TWO, THREE])}, limits=LIMITS[limits], recovery=recovery)
        assert_same(law, injuries_at_least=300)

    @pytest.mark.parametrize("recovery", ["none", "off_work"])
    def test_over_midnight_and_the_end_of_months(self, recovery: str) -> None:
        """Long nights: shifts of a month end in the next, and a late one puts off the one after it."""
        nights = group(
            200,
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
        assert_same(world({"riders": group(400, TWO)}, fatigue={"kind": "none"}))

    def test_many_injuries_in_a_minute(self) -> None:
        """Without recovery the hazard goes on from the crossing, so two injuries may share a minute."""
        law = world(
            {"riders": group(60, TWO, hazard_factor=60)}, recovery="none", limits=LIMITS["everything"]
        )
        months = assert_same(law, injuries_at_least=3000)
        pairs = sum(
            int(((np.diff(month.injuries.minute) == 0) & (np.diff(month.injuries.rider) == 0)).sum())
            for month in months
        )
        assert pairs > 10

    def test_groups_that_differ(self) -> None:
        """Frailty, factors, mixtures and points of mass in the laws, a holiday group, one that rarely works."""
        groups = {
            "frail": group(200, [ONE, THREE], frailty={"kind": "gamma", "shape": "0.5"}, hazard_factor="1.7"),
            "safe": group(50, TWO, hazard_factor=0),
            "mixed": group(
                200,
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
                120,
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
