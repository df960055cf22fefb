"""Marks of the injured, and injuries listed one by one."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from dataclasses import fields
from math import log, sqrt
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import lognorm, lomax

from injurysim.core.calendar import Calendar
from injurysim.core.errors import InputError
from injurysim.core.randomness import Streams
from injurysim.scenario.injuries import HazardInjuries
from injurysim.scenario.world import World
from injurysim.world.injuries import draw_marks, minute_of, severity_names
from injurysim.world.month import Injuries, Month
from injurysim.world.population import Population

Law = Callable[..., dict[str, Any]]
Run = Callable[..., tuple[Population, list[Month]]]
FOUR = 4.0
MANY = 40_000
DEATH, SERIOUS, SLIGHT = range(3)
"""Codes of the classes: they are in the order of their names."""


class TestMarks:
    def draw(self, law: Law, severity: int, month: int = 3) -> tuple[np.ndarray, np.ndarray]:
        world = World.model_validate(law())
        assert isinstance(world.injuries, HazardInjuries)
        who, code = np.arange(MANY, dtype=np.uint64), np.full(MANY, severity)
        k = np.zeros(MANY, np.int64)
        return draw_marks(world.injuries, Streams(1, 0), who, month=month, k=k, severity=code)

    @pytest.mark.parametrize(
        ("severity", "cost"),
        [(SLIGHT, lognorm(sqrt(log(3.25)), scale=800 / sqrt(3.25))), (SERIOUS, lomax(3, scale=20_000))],
    )
    def test_medical_cost_has_its_law(self, law: Law, severity: int, cost: Any) -> None:
        medical, _ = self.draw(law, severity)
        for q in (0.05, 0.5, 0.95, 0.995):
            share = np.mean(medical > 100 * float(cost.ppf(q)))
            assert abs(share - (1 - q)) < FOUR * sqrt(q * (1 - q) / MANY)

    def test_grades_have_their_shares_and_only_where_the_class_has_them(self, law: Law) -> None:
        _, grade = self.draw(law, SERIOUS)
        for code, share in ((0, 0.7), (9, 0.1), (10, 0.2)):
            assert abs(np.mean(grade == code) - share) < FOUR * sqrt(share * (1 - share) / MANY)
        assert not self.draw(law, SLIGHT)[1].any()
        assert not self.draw(law, DEATH)[1].any()

    def test_cost_and_grade_do_not_share_their_draw(self, law: Law) -> None:
        medical, grade = self.draw(law, SERIOUS)
        assert abs(np.corrcoef(np.log1p(medical), grade)[0, 1]) < FOUR / sqrt(MANY)

    def test_marks_are_of_rider_month_and_number(self, law: Law) -> None:
        """An injury drawn among others, or alone, has the same marks; another month or number has others."""
        world = World.model_validate(law())
        assert isinstance(world.injuries, HazardInjuries)
        who, k = np.array([5, 9, 5], np.uint64), np.array([0, 0, 1])
        serious = np.full(3, SERIOUS)
        streams = Streams(1, 0)
        together, _ = draw_marks(world.injuries, streams, who, month=3, k=k, severity=serious)
        for i in range(3):
            one = slice(i, i + 1)
            alone, _ = draw_marks(world.injuries, streams, who[one], month=3, k=k[one], severity=serious[one])
            assert alone.tolist() == together[one].tolist()
        later, _ = draw_marks(world.injuries, streams, who, month=4, k=k, severity=serious)
        assert len({*together.tolist(), *later.tolist()}) == 6


class TestSeverities:
    def test_classes_have_their_shares(self, law: Law, run: Run, group: Law) -> None:
        data = law(groups={"riders": group(riders=2000)})
        data["injuries"]["per_1000_hours"] = {"food": 40, "parcel": 40}
        world = World.model_validate(data)
        assert severity_names(world) == ("death", "serious", "slight")
        _, months = run(world)
        severity = np.concatenate([month.injuries.severity for month in months])
        n = len(severity)
        assert n > 25_000
        for code, share in ((SLIGHT, 0.7), (SERIOUS, 0.28), (DEATH, 0.02)):
            assert abs(np.mean(severity == code) - share) < FOUR * sqrt(share * (1 - share) / n)
        off = np.concatenate([month.injuries.days_off for month in months])[severity == SERIOUS]
        assert off.min() >= 10
        assert off.max() <= 40
        above = np.mean(off > 25)  # rounded half up: P(X >= 25.5)
        assert abs(above - 14.5 / 30) < FOUR * 0.5 / sqrt(len(off))
        deaths = np.concatenate([month.injuries.fatal for month in months])
        assert (deaths == (severity == DEATH)).all()

    def test_the_order_in_the_file_changes_no_draw(self, law: Law, run: Run) -> None:
        """Classes, grades and industries written the other way round: the same injuries with the same marks."""
        data = law()
        data["injuries"]["per_1000_hours"] = {"food": 40, "parcel": 60}
        turned = copy.deepcopy(data)
        turned["injuries"]["per_1000_hours"] = _reversed(turned["injuries"]["per_1000_hours"])
        turned["injuries"]["severities"] = _reversed(turned["injuries"]["severities"])
        serious = turned["injuries"]["severities"]["serious"]
        serious["disability"] = _reversed(serious["disability"])
        assert list(turned["injuries"]["severities"]) == ["death", "serious", "slight"]
        assert (*data["injuries"]["severities"]["serious"]["disability"],) == (10, 9)
        worlds = [World.model_validate(each) for each in (data, turned)]
        assert severity_names(worlds[0]) == severity_names(worlds[1])
        (_, one), (_, other) = (run(world) for world in worlds)
        assert sum(len(month.injuries) for month in one) > 500
        for month, again in zip(one, other, strict=True):
            for name in (field.name for field in fields(month.injuries)):
                assert (getattr(month.injuries, name) == getattr(again.injuries, name)).all(), name
        seen = np.unique(np.concatenate([month.injuries.severity for month in one]))
        assert seen.tolist() == [DEATH, SERIOUS, SLIGHT]


def _reversed(mapping: dict[Any, Any]) -> dict[Any, Any]:
    return dict(reversed(mapping.items()))


class TestListed:
    COST = [field.name for field in fields(Injuries)].index("medical_cost_fen") - 3
    """Place of the cost after rider, month and number."""
    ITEMS = (
        {"at": "2023-02-01T00:00:00", "group": "riders", "rider": 9, "platform": "beta", "severity": "bad",
         "medical_yuan": "1000.005", "days_off": 4, "disability_grade": 7, "situation": "waiting"},
        {"at": "2023-01-31T23:59:00", "group": "riders", "rider": 9, "platform": "alpha", "severity": "mild",
         "medical_yuan": 12},
        {"at": "2023-01-03T08:30:00", "group": "riders", "rider": 2, "platform": "alpha", "severity": "bad",
         "medical_yuan": 0, "fatal": True},
        {"at": "2023-01-20T08:30:00", "group": "riders", "rider": 9, "platform": "alpha", "severity": "mild",
         "medical_yuan": 1},
    )  # fmt: skip

    def world(self, law: Law, *items: dict[str, Any]) -> World:
        return World.model_validate(
            law(injuries={"kind": "listed", "severities": ["mild", "bad"], "items": items or self.ITEMS})
        )

    def test_come_in_their_month_by_rider_and_then_by_time(self, law: Law, run: Run) -> None:
        world = self.world(law)
        assert severity_names(world) == ("mild", "bad")
        _, (january, february) = run(world)
        first, second = january.injuries, february.injuries
        assert first.rider.tolist() == [2, 9, 9]
        assert first.k.tolist() == [0, 0, 1]
        assert first.minute.tolist() == [2 * 1440 + 510, 19 * 1440 + 510, 31 * 1440 - 1]
        assert first.medical_cost_fen.tolist() == [0, 100, 1200]
        assert first.fatal.tolist() == [True, False, False]
        assert second.k.tolist() == [0]
        assert second.minute.tolist() == [31 * 1440]
        assert second.medical_cost_fen.tolist() == [100_001]
        assert (second.grade.tolist(), second.days_off.tolist()) == ([7], [4])
        assert (second.app.tolist(), second.severity.tolist()) == ([1], [1])
        assert second.situation.tolist() == [1]
        assert not january.expected_injuries.any()

    def identities(self, run: Run, world: World) -> dict[tuple[int, int, int], tuple[Any, ...]]:
        """What was listed, by rider, month and number."""
        found = {}
        for month in run(world)[1]:
            columns = [getattr(month.injuries, field.name).tolist() for field in fields(month.injuries)]
            found.update({row[:3]: row[3:] for row in zip(*columns, strict=True)})
        return found

    @pytest.mark.parametrize("at", ["2023-01-01T00:00:00", "2023-01-20T08:30:00", "2023-01-31T23:59:00"])
    @pytest.mark.parametrize("rider", [0, 5, 150])
    @pytest.mark.parametrize("place", [0, 2, 4])
    def test_another_riders_item_changes_no_identity(
        self, law: Law, run: Run, at: str, rider: int, place: int
    ) -> None:
        """Before, at and after the others' moments, for riders before, among and after them, anywhere in the list."""
        before = self.identities(run, self.world(law))
        other = {**self.ITEMS[1], "at": at, "rider": rider}
        items = [*self.ITEMS[:place], other, *self.ITEMS[place:]]
        after = self.identities(run, self.world(law, *items))
        assert after.keys() - before.keys() == {(rider, 0, 0)}
        assert {key: after[key] for key in before} == before

    def test_the_order_of_the_list_changes_no_identity(self, law: Law, run: Run) -> None:
        listed = self.identities(run, self.world(law))
        assert len(listed) == 4
        assert self.identities(run, self.world(law, *reversed(self.ITEMS))) == listed

    def test_of_one_moment_come_as_listed(self, law: Law, run: Run) -> None:
        first, second = self.ITEMS[1], {**self.ITEMS[1], "medical_yuan": 34}
        found = self.identities(run, self.world(law, first, second))
        costs = {key: row[self.COST] for key, row in found.items()}
        assert costs == {(9, 0, 0): 1200, (9, 0, 1): 3400}

    def test_the_dead_have_no_grade(self, law: Law) -> None:
        with pytest.raises(ValidationError, match="a fatal injury has no disability grade"):
            self.world(law, {**self.ITEMS[2], "disability_grade": 1})

    def test_leave_work_as_it_is(self, law: Law, run: Run) -> None:
        _, listed = run(self.world(law))
        _, usual = run(World.model_validate(law()))
        for one, other in zip(listed, usual, strict=True):
            assert (one.online_minutes == other.online_minutes).all()
            assert (one.orders == other.orders).all()

    @pytest.mark.parametrize("change", [{"rider": 200}, {"group": "nobody"}])
    def test_an_unknown_rider_is_refused(self, law: Law, run: Run, change: dict[str, Any]) -> None:
        with pytest.raises(InputError, match="does not exist"):
            run(self.world(law, {**self.ITEMS[1], **change}))

    def test_minutes_count_from_the_first_midnight(self, days: Callable[..., Calendar]) -> None:
        assert minute_of(dt.datetime(2023, 1, 1, 0, 0), days()) == 0
        assert minute_of(dt.datetime(2023, 1, 2, 1, 5), days()) == 1505
