"""What multiplies a rider's hazard for a whole month."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, sqrt
from typing import Any

import numpy as np
import pytest

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.scenario.groups import Experience
from injurysim.scenario.world import World
from injurysim.world.hazard import experience_factor, months_of_experience, rider_factors, shock_factor
from injurysim.world.month import Month
from injurysim.world.population import Population, draw_population

Law = Callable[..., dict[str, Any]]
Run = Callable[..., tuple[Population, list[Month]]]
Days = Callable[..., Calendar]
FOUR = 4.0
LEARNING = {"at_entry": 4, "months": 3}


def test_experience_lets_the_excess_fall() -> None:
    learning = Experience.model_validate(LEARNING)
    found = experience_factor(learning, np.array([0, 1, 3, 60]))
    assert found == pytest.approx([4, 1 + 3 * exp(-1 / 3), 1 + 3 * exp(-1), 1], abs=1e-8)
    better = Experience.model_validate({"at_entry": "0.5", "months": 2})
    assert experience_factor(better, np.array([0, 2])) == pytest.approx([0.5, 1 - 0.5 * exp(-1)])


class TestMonths:
    def world(self, law: Law, group: Law, **changes: Any) -> World:
        riders = group(
            riders=50, entry={"per_month": 7}, frailty={"kind": "none"}, experience=LEARNING, **changes
        )
        return World.model_validate(law(groups={"riders": riders}))

    def test_count_from_the_month_of_entry_or_the_first(self, law: Law, group: Law, days: Days) -> None:
        world = self.world(law, group)
        population = draw_population(world, days(4), Streams(1, 0))
        for month in range(4):
            found = months_of_experience(population, month)
            assert (found[population.cohort == 0] == month).all()
            for cohort in range(1, month + 2):
                assert (found[population.cohort == cohort] == month + 1 - cohort).all()

    def test_those_brought_along_are_whole_and_of_the_first_day_only(
        self, law: Law, group: Law, days: Days
    ) -> None:
        learning = {**LEARNING, "at_start": {"kind": "constant", "value": "5.9"}}
        world = self.world(law, group)
        world = World.model_validate(
            law(
                groups={
                    "riders": group(
                        riders=50, entry={"per_month": 7}, frailty={"kind": "none"}, experience=learning
                    )
                }
            )
        )
        population = draw_population(world, days(3), Streams(1, 0))
        assert set(population.experience_months[population.cohort == 0].tolist()) == {5}
        assert not population.experience_months[population.cohort > 0].any()
        factors = rider_factors(world, population, Streams(1, 0), 2)
        assert factors[population.cohort == 0] == pytest.approx(1 + 3 * exp(-7 / 3))
        assert factors[population.cohort == 1] == pytest.approx(1 + 3 * exp(-2 / 3))
        assert factors[population.cohort == 3] == pytest.approx(4)

    def test_the_world_expects_injuries_by_them(self, law: Law, group: Law, run: Run) -> None:
        portfolios = {"one": {"split": {"alpha": 1}}}
        population, months = run(self.world(law, group, portfolios=portfolios))
        for month in months:
            since = months_of_experience(population, month.index)
            factor = 1 + 3 * np.exp(-since / 3)
            assert month.expected_injuries == pytest.approx(factor * month.online_minutes / 60 * 0.010)


class TestShocks:
    def group(self, group: Law, cv: str = "0.5", months: int = 1, **changes: Any) -> dict[str, Any]:
        return group(frailty={"kind": "none"}, shock={"cv": cv, "months": months}, **changes)

    def test_are_gamma_of_mean_one(self, law: Law, group: Law) -> None:
        world = World.model_validate(law(groups={"riders": self.group(group)}))
        streams, n, cv = Streams(2, 0), 4000, 0.5
        found = np.array(
            [shock_factor(world.groups["riders"], "riders", streams, month) for month in range(n)]
        )
        assert abs(found.mean() - 1) < FOUR * cv / sqrt(n)
        assert abs(found.var() - cv**2) < FOUR * sqrt((2 * cv**4 + 6 * cv**6) / n)
        assert abs(np.corrcoef(found[1:], found[:-1])[0, 1]) < FOUR / sqrt(n)

    def test_are_shared_by_the_group_and_by_the_months_of_a_period(
        self, law: Law, group: Law, days: Days
    ) -> None:
        groups = {"riders": self.group(group, months=3), "others": self.group(group)}
        world, streams = World.model_validate(law(groups=groups)), Streams(7, 0)
        population = draw_population(world, days(6), streams)
        by_month = np.array([rider_factors(world, population, streams, month) for month in range(6)])
        for code in (0, 1):
            assert (np.ptp(by_month[:, population.group == code], axis=1) == 0).all()
        riders, others = by_month[:, 0], by_month[:, -1]
        assert np.unique(riders).size == 2
        assert (riders[:3] == riders[0]).all()
        assert np.unique(others).size == 6

    def test_are_keyed_by_region_and_group(self, law: Law, group: Law) -> None:
        def factor(data: dict[str, Any], name: str = "riders") -> float:
            return shock_factor(World.model_validate(data).groups[name], name, Streams(7, 0), 4)

        alone = factor(law(groups={"riders": self.group(group)}))
        new = {"new": self.group(group), "riders": self.group(group)}
        assert factor(law(groups=new)) == alone
        assert factor(law(groups=new), "new") != alone
        moved = {"riders": self.group(group, region="town")}
        assert factor(law(regions={"town": {}}, groups=moved)) != alone


def test_all_factors_multiply(law: Law, group: Law, days: Days) -> None:
    riders = group(hazard_factor="1.7", shock={"cv": "0.3"}, experience=LEARNING)
    world, streams = World.model_validate(law(groups={"riders": riders, "plain": group()})), Streams(7, 0)
    population = draw_population(world, days(), streams)
    mine = population.group == 0
    shock = shock_factor(world.groups["riders"], "riders", streams, 1)
    found = rider_factors(world, population, streams, 1)
    assert found[mine] == pytest.approx(population.frailty[mine] * 1.7 * shock * (1 + 3 * exp(-1 / 3)))
    assert (found[~mine] == population.frailty[~mine]).all()
