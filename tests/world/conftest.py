"""A small world to vary, and what became of each rider in it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import load_document
from injurysim.scenario.resolve import exposure_calendar, resolve
from injurysim.scenario.world import World
from injurysim.world import layout, walk
from injurysim.world.conduct import Conduct
from injurysim.world.days import DayKinds
from injurysim.world.fast import FastWorld
from injurysim.world.law import LawTables
from injurysim.world.month import Injuries, Month
from injurysim.world.population import Population
from injurysim.world.rules import lasting_limits, shift_limits

Life = dict[str, list[Any]]
"""Of one rider: who it is, its months by platform name, and its injuries."""

CONSTANT = "constant"


def _law(**changes: Any) -> dict[str, Any]:
    """A world as plain data: one group on two portfolios, flat hazard, no limits, no absence."""
    return {
        "regions": {"city": {}},
        "platforms": {
            "alpha": {
                "industry": "food",
                "orders": {"kind": "poisson", "per_hour": 3, "minutes": {"kind": "exponential", "mean": 20}},
                "pay_per_order_yuan": "6.55",
            },
            "beta": {
                "industry": "parcel",
                "orders": {"kind": "poisson", "per_hour": 2, "minutes": {"kind": "constant", "value": 25}},
                "pay_per_order_yuan": 6,
            },
        },
        "groups": {"riders": _group()},
        "fatigue": {"kind": "none"},
        "injuries": {
            "kind": "hazard",
            "per_1000_hours": {"food": 10, "parcel": 15},
            "severities": {
                "slight": {
                    "share": "0.7",
                    "medical_yuan": {"kind": "lognormal", "mean": 800, "cv": 1.5},
                    "days_off": {"kind": "poisson", "mean": 3},
                },
                "serious": {
                    "share": "0.28",
                    "medical_yuan": {"kind": "pareto", "alpha": 3, "theta": 20000},
                    "days_off": {"kind": "uniform", "low": 10, "high": 40},
                    "disability": {10: "0.2", 9: "0.1"},
                },
                "death": {
                    "share": "0.02",
                    "medical_yuan": {"kind": CONSTANT, "value": 0},
                    "days_off": {"kind": CONSTANT, "value": 0},
                    "fatal": True,
                },
            },
        },
        "recovery": {"kind": "none"},
        **changes,
    }


def _group(**changes: Any) -> dict[str, Any]:
    """A group of 200 that works about eight hours on most days."""
    return {
        "region": "city",
        "riders": 200,
        "relation": {"not_fully": "0.6", "own_account": "0.4"},
        "portfolios": {
            "one": {"weight": 2, "split": {"alpha": 1}},
            "both": {"weight": 1, "split": {"alpha": "0.6", "beta": "0.4"}},
        },
        "work": {
            "attendance": {"workday": "0.8", "weekend": "0.6", "holiday": "0.3"},
            "start_hour": {"kind": "uniform", "low": 6, "high": 14},
            "wanted_hours": {"kind": "lognormal", "median": 8, "sigma": 0.3, "between": [1, 16]},
        },
        "frailty": {"kind": "gamma", "shape": 2},
        "age_years": {"kind": "uniform", "low": 20, "high": 50},
        **changes,
    }


def _days(months: int = 2) -> Calendar:
    """January 2023 with two holidays and a Saturday of work, and the months after it."""
    return Calendar.build(
        date(2023, 1, 1), months, [date(2023, 1, 2), date(2023, 1, 23)], [date(2023, 1, 28)], margin_days=60
    )


def _run(
    world: World,
    calendar: Calendar | None = None,
    population: Population | None = None,
    seed: int = 7,
    replication: int = 0,
) -> tuple[Population, list[Month]]:
    fast = FastWorld(world, calendar or _days(), Streams(seed, replication), population)
    return fast.population, list(fast.months())


def _lives(population: Population, months: Iterable[Month]) -> dict[str, Life]:
    """What became of each rider, under names and ids that do not depend on who else is there."""
    ids = [population.rider_id(rider) for rider in range(len(population))]
    lives: dict[str, Life] = {
        name: {
            "who": [
                int(population.who[rider]),
                population.portfolios[population.portfolio[rider]],
                int(population.relation[rider]),
                float(population.frailty[rider]),
                float(population.age_years[rider]),
            ],
            "months": [],
            "injuries": [],
        }
        for rider, name in enumerate(ids)
    }
    for month in months:
        for rider, name in enumerate(ids):
            lives[name]["months"].append(int(month.rider_days[rider]))
            for e in range(population.first_engagement[rider], population.first_engagement[rider + 1]):
                lives[name]["months"].append(
                    (
                        population.platforms[population.engagement_platform[e]],
                        int(month.days_worked[e]),
                        int(month.online_minutes[e]),
                        int(month.engaged_minutes[e]),
                        int(month.orders[e]),
                        int(month.earnings_fen[e]),
                        float(month.expected_injuries[e]),
                    )
                )
        for row in _rows(month.injuries):
            app = population.platforms[row["app"]]
            lives[ids[row.pop("rider")]]["injuries"].append({**row, "app": app})
    return lives


def _rows(injuries: Injuries) -> list[dict[str, Any]]:
    columns = {name: np.asarray(values).tolist() for name, values in vars(injuries).items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


class Shift(NamedTuple):
    """A row with names, and where the rider was hurt; ``apps`` has a row for each app and the columns of an app."""

    length: float
    worked: float
    off: float
    busy: float
    apps: np.ndarray
    row: np.ndarray
    stop: np.ndarray

    @property
    def hurt(self) -> bool:
        """Whether the walk was stopped by an injury."""
        return bool(self.stop[layout.HURT])


class Walks:
    """Shifts of a world in plain data, walked one by one on the first of January 2023 (dry)."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.world = World.model_validate(data)
        self.portfolios = tuple((g, p) for g, group in self.world.groups.items() for p in group.portfolios)
        calendar = _days(1)
        self.kinds = DayKinds(self.world)
        dry = np.zeros((len(self.world.regions), int(calendar.month_starts[-1])), np.int64)
        self.of_days = self.kinds.of_days(calendar, dry, 0)
        self.law_tables = LawTables(self.world, self.portfolios)
        self.law = self.law_tables.law(self.kinds.kinds)
        self.neutral = len(self.law.day_factor) - 1

    def apps(self, f: int = 0) -> list[str]:
        """Platforms of a portfolio."""
        group, portfolio = self.portfolios[f]
        return list(self.world.groups[group].portfolios[portfolio].split)

    def limits(self, f: int = 0, day: int = 0, ignored: Iterable[str] = ()) -> np.ndarray:
        """Limits of a day for a rider who switches wherever the response is to switch."""
        switching = [n for n, each in self.world.limits.items() if getattr(each, "response", "") == "switch"]
        conduct = Conduct(frozenset(ignored), frozenset(switching))
        names = self.kinds.kinds[self.of_days[0, day]].limits
        facts = (self.world, names, conduct, self.apps(f))
        return np.concatenate([shift_limits(*facts), lasting_limits(*facts)[0]])

    def shift(
        self,
        wanted: int,
        start: int = 480,
        f: int = 0,
        day: int = 0,
        state: int | None = None,
        stop_at: float = math.inf,
        limits: np.ndarray | None = None,
    ) -> Shift:
        """Walk a shift of so many minutes from a minute of the day."""
        row = np.zeros(layout.HEAD + len(self.apps(f)) * layout.PER_APP)
        stop = np.zeros(layout.STOP_COLUMNS)
        walk.walk(
            self.law, int(self.of_days[0, day]), f, self.neutral if state is None else state,
            self.limits(f, day) if limits is None else limits, start, wanted, stop_at, layout.new_scratch(), row, stop,
            layout.no_line(),
        )  # fmt: skip
        return Shift(*row[: layout.HEAD], row[layout.HEAD :].reshape(-1, layout.PER_APP), row, stop)

    def line(
        self, first: int, step: int, count: int, start: int = 480, f: int = 0, state: int | None = None
    ) -> np.ndarray:
        """Rows of a line of wishes from one walk, shape (count, columns)."""
        row = np.zeros(layout.HEAD + len(self.apps(f)) * layout.PER_APP)
        line = layout.Line(np.zeros((count, len(row))), np.zeros((count, 4), np.int64), first, step)
        walk.walk_line(
            self.law, int(self.of_days[0, 0]), f, self.neutral if state is None else state, self.limits(f),
            start, layout.new_scratch(), np.zeros(layout.STOP_COLUMNS), row, line,
        )  # fmt: skip
        return line.rows


def _everything(combine: str = "product") -> tuple[World, Calendar]:
    """The full model of a city with few riders who are hurt often, over two months, and its calendar."""
    path = Path(__file__).parents[2] / "scenarios" / "full-model.yaml"
    overrides = ["horizon.start=2023-01-01", "horizon.months=2", f"worlds.full.fatigue.combine={combine}"]
    if combine == "capped":
        overrides.append("worlds.full.fatigue.cap=1.3")
    scenario = resolve(load_document(path, Scenario, overrides=overrides).model)
    data = scenario.worlds["full"].model_dump(mode="json", exclude_none=True)
    # Two groups work as others do; and a cap needs rows for every state of the day, so groups are fewer still.
    left_out = ["rider-part-day", "driver-part-time"] + ["rider-occasional", "freight-driver"] * (
        combine == "capped"
    )
    for name in left_out:
        del data["groups"][name]
    for each in data["groups"].values():
        each["riders"] = {"value": 40}
        each["hazard_factor"] = {"value": 200}
        if "entry" in each:
            each["entry"]["per_month"] = {"value": 9}
    data["limits"]["month-over-all"]["hours"] = {"value": 90}
    data["limits"]["freight-week"]["hours"] = {"value": 35}
    return World.model_validate(data), exposure_calendar(scenario)


@pytest.fixture(scope="session")
def everything() -> Callable[..., tuple[World, Calendar]]:
    """A world in which every feature is on, and its calendar."""
    return _everything


@pytest.fixture(scope="session")
def walks() -> type[Walks]:
    """Shifts of a world in plain data, walked one by one."""
    return Walks


@pytest.fixture(scope="session")
def law() -> Callable[..., dict[str, Any]]:
    """Plain data of the small world, with parts replaced."""
    return _law


@pytest.fixture(scope="session")
def group() -> Callable[..., dict[str, Any]]:
    """Plain data of its group, with parts replaced."""
    return _group


@pytest.fixture(scope="session")
def days() -> Callable[..., Calendar]:
    """Its calendar, of some months."""
    return _days


@pytest.fixture(scope="session")
def run() -> Callable[..., tuple[Population, list[Month]]]:
    """Run a world: its population and its months."""
    return _run


@pytest.fixture(scope="session")
def lives() -> Callable[..., dict[str, Life]]:
    """What became of each rider, by rider id."""
    return _lives
