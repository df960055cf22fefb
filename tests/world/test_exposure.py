"""Exposure as rows: nothing is lost or counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from injurysim.core.calendar import Calendar
from injurysim.core.schemas import TABLES
from injurysim.scenario.world import World
from injurysim.world.exposure import ExposureLog
from injurysim.world.month import Month
from injurysim.world.population import Population

Law = Callable[..., dict[str, Any]]
Run = Callable[..., tuple[Population, list[Month]]]
Days = Callable[..., Calendar]
Rows = list[dict[str, Any]]


def rows(columns: dict[str, Any]) -> Rows:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@pytest.fixture(scope="module")
def logged(law: Law, group: Law, run: Run, days: Days) -> tuple[Population, list[Month], ExposureLog]:
    """Two groups in two regions, over two months; many of the others work in one of them only."""
    seldom = {**group()["work"], "attendance": {"workday": "0.03", "weekend": "0.03", "holiday": 0}}
    data = law(
        regions={"city": {}, "town": {}},
        groups={
            "riders": group(),
            "others": group(region="town", riders=50, work=seldom),
            "idle": group(riders=0),
        },
    )
    population, months = run(World.model_validate(data))
    log = ExposureLog(population, ("food", "parcel"), days())
    for month in months:
        log.add(month)
    return population, months, log


def test_rows_of_exposure_have_one_key_each(logged: tuple[Population, list[Month], ExposureLog]) -> None:
    found = rows(logged[2].exposure())
    keys = Counter((r["month"], r["region"], r["industry"], r["platform"], r["group"]) for r in found)
    assert set(keys.values()) == {1}
    assert set(keys) == {
        (month, region, industry, platform, group)
        for month in ("2023-01", "2023-02")
        for region, group in (("city", "riders"), ("town", "others"))
        for industry, platform in (("food", "alpha"), ("parcel", "beta"))
    }


def test_exposure_adds_up_to_the_months(logged: tuple[Population, list[Month], ExposureLog]) -> None:
    _, months, log = logged
    for month, label in zip(months, ("2023-01", "2023-02"), strict=True):
        mine = [row for row in rows(log.exposure()) if row["month"] == label]
        assert sum(row["rider_days"] for row in mine) == month.days_worked.sum()
        assert sum(row["orders"] for row in mine) == month.orders.sum()
        assert sum(row["earnings_fen"] for row in mine) == month.earnings_fen.sum()
        assert sum(row["online_hours"] for row in mine) == pytest.approx(month.online_minutes.sum() / 60)
        assert sum(row["engaged_hours"] for row in mine) == pytest.approx(month.engaged_minutes.sum() / 60)


def test_each_cell_holds_its_own_riders(logged: tuple[Population, list[Month], ExposureLog]) -> None:
    p, months, log = logged
    for row in rows(log.exposure()):
        month = months[int(row["month"][-1]) - 1]
        mine = (p.engagement_platform == p.platforms.index(row["platform"])) & (
            p.group[p.engagement_rider] == p.groups.index(row["group"])
        )
        assert row["riders_active"] == np.count_nonzero(month.days_worked[mine])
        assert row["orders"] == month.orders[mine].sum()


def test_riders_count_once_whatever_their_platforms(
    logged: tuple[Population, list[Month], ExposureLog],
) -> None:
    p, months, log = logged
    found = rows(log.riders())
    assert {row["riders_active"] < 50 for row in found if row["group"] == "others"} == {True}
    assert Counter((row["month"], row["region"], row["group"]) for row in found) == Counter(
        (month, region, group)
        for month in ("2023-01", "2023-02")
        for region, group in (("city", "riders"), ("town", "others"))
    )
    for row in found:
        month = months[int(row["month"][-1]) - 1]
        mine = p.group == p.groups.index(row["group"])
        assert row["riders_active"] == np.count_nonzero(month.rider_days[mine])
        assert row["rider_days"] == month.rider_days[mine].sum()
        assert row["worked_hours"] == pytest.approx(month.online_minutes[mine[p.engagement_rider]].sum() / 60)
        assert row["orders"] == month.orders[mine[p.engagement_rider]].sum()


def test_rows_fit_their_tables(logged: tuple[Population, list[Month], ExposureLog]) -> None:
    _, _, log = logged
    assert TABLES["exposure"].build(log.exposure(), world="base", replication=0).num_rows == 8
    assert TABLES["riders"].build(log.riders(), world="base", replication=0).num_rows == 4


def test_nobody_leaves_no_rows(law: Law, group: Law, run: Run, days: Days) -> None:
    population, months = run(World.model_validate(law(groups={"idle": group(riders=0)})))
    log = ExposureLog(population, ("food", "parcel"), days())
    for month in months:
        log.add(month)
    assert len(log.exposure()["month"]) == len(log.riders()["month"]) == 0
