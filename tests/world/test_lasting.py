"""Limits by week or month: minutes on a clock as sums of numbers of a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.scenario.world import World
from injurysim.world import lasting, packed
from injurysim.world.conduct import Conduct
from injurysim.world.population import draw_population
from injurysim.world.tables import Tables

Law = Callable[..., dict[str, Any]]
Days = Callable[..., Calendar]
KEEPS = Conduct(frozenset(), frozenset())
APPS = ("alpha", "beta")


def limit(kind: str, scope: str, clock: str, hours: int) -> dict[str, Any]:
    more = {"allowance": "0.3"} if clock == "engaged_plus_allowance" else {}
    return {"kind": kind, "scope": scope, "clock": clock, "hours": hours, **more}


LIMITS = {
    "app-week": limit("week_logoff", "platform", "online", 30),
    "all-month": limit("month_logoff", "all_platforms", "engaged_plus_allowance", 100),
    "all-week": limit("week_logoff", "all_platforms", "online", 50),
}
ONLINE, ENGAGED, WORKED, BUSY = (200.0, 90.0), (150.0, 60.5), 240.0, 180.25


@pytest.fixture
def row() -> np.ndarray:
    """A shift with two apps."""
    values = np.zeros(2 * packed.BLOCK, np.float32)
    for k in range(2):
        values[packed.BLOCK * k + packed.ONLINE] = ONLINE[k]
        values[packed.BLOCK * k + packed.ENGAGED] = ENGAGED[k]
    values[packed.BLOCK + packed.WORKED], values[packed.BLOCK + packed.BUSY] = WORKED, BUSY
    return values


def made(law: Law, days: Days, at_once: bool) -> tuple[lasting.Lasting, int, list[str]]:
    split = {"alpha": "0.5", "beta": "0.5"}
    data = law(limits=LIMITS)
    (group,) = data["groups"].values()
    group["portfolios"] = {"both": {"split": split, "at_once": at_once}}
    world, calendar = World.model_validate(data), days()
    tables = Tables(world, draw_population(world, calendar, Streams(1, 0)).portfolios)
    tables.kinds.of_days(calendar, np.zeros((1, 59), np.int64), 0)
    sets = lasting.LastingSets(world)
    number = sets.number(list(LIMITS), KEEPS, APPS, tables.law, 0)
    assert sets.number(list(LIMITS), KEEPS, APPS, tables.law, 0) == number > lasting.NONE
    assert sets.number([], KEEPS, APPS, tables.law, 0) == lasting.NONE
    names = [name for name in world.limits if name in LIMITS]
    return sets.made(np.array([[[number]]], np.int32)), number, names


@pytest.mark.parametrize("at_once", [False, True])
def test_minutes_on_a_clock(law: Law, days: Days, row: np.ndarray, at_once: bool) -> None:
    found, number, names = made(law, days, at_once)
    clocks: dict[str, list[float]] = {name: [] for name in names}
    for i in range(*found.span[number]):
        clocks[names[found.owner[i]]].append(float(lasting._on_clock(found, i, row, 0)))
    assert clocks["app-week"] == list(ONLINE)
    assert clocks["all-week"] == [WORKED if at_once else sum(ONLINE)]
    assert clocks["all-month"] == pytest.approx([1.3 * (BUSY if at_once else sum(ENGAGED))])


def test_a_shift_fits_until_a_meter_is_full(law: Law, days: Days, row: np.ndarray) -> None:
    """Thirty hours of a week on an app: nine shifts of 200 minutes, and not a tenth."""
    found, number, names = made(law, days, False)
    spent, shifts = np.zeros((len(names), 2)), 0
    while lasting.fits(found, number, spent, row, 0):
        lasting.run_on(found, number, spent, row, 0)
        shifts += 1
    assert shifts == 9
    lasting.start_week(found, spent, 2)
    assert spent[names.index("all-month"), 0] > 0
    assert not spent[names.index("app-week")].any()
    limits = np.zeros((8, found.rows.shape[1]))
    count = lasting.add_left(found, number, spent, limits, 1)
    assert count == 1 + len(found.rows)
    assert not limits[0].any()


def test_a_month_begins_with_what_is_left_of_the_week(law: Law, days: Days, row: np.ndarray) -> None:
    found, number, names = made(law, days, False)
    spent, used = np.zeros((len(names), 2)), np.zeros((len(names), 5))
    lasting.run_on(found, number, spent, row, 0)
    lasting.end_month(found, spent, used, 3, 2)
    spent[:] = 99.0
    lasting.start_month(found, spent, used, 3, 2)
    by_week = [name for name, week in zip(names, found.by_week, strict=True) if week]
    assert by_week == ["app-week", "all-week"]
    assert spent[names.index("app-week")].tolist() == list(ONLINE)
    assert spent[names.index("all-week")].tolist() == [sum(ONLINE), 0.0]
    assert not spent[names.index("all-month")].any()
    assert not used[:, :3].any()
