"""The fast world keeps its promises: keyed draws, the same past, orders from their law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import exp, expm1, sqrt
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from injurysim.core.calendar import Calendar
from injurysim.core.errors import InputError
from injurysim.core.randomness import Streams
from injurysim.scenario.world import World
from injurysim.world import fast, workday
from injurysim.world.fast import FastWorld
from injurysim.world.month import Injuries, Month
from injurysim.world.population import Population, draw_population, draw_riders

Law = Callable[..., dict[str, Any]]
Run = Callable[..., tuple[Population, list[Month]]]
Lives = Callable[..., dict[str, dict[str, list[Any]]]]
Days = Callable[..., Calendar]
FOUR = 4.0

LIMITS = {
    "app": {"kind": "day_logoff", "scope": "platform", "hours": 6, "response": "switch"},
    "rest": {"kind": "rest_after_spell", "scope": "all_platforms", "hours": 3, "rest_minutes": 20},
}
FATIGUE = {
    "kind": "hours_on_shift",
    "bands": [{"from_hours": 0, "multiplier": 1}, {"from_hours": 5, "multiplier": 2}],
    "rest": {"kind": "rate", "hours_per_rest_hour": 3},
}
SEED = 7


@pytest.fixture(scope="module")
def data(law: Law) -> dict[str, Any]:
    """The small world with everything switched on."""
    return law(limits=LIMITS, fatigue=FATIGUE, recovery={"kind": "off_work"})


@pytest.fixture(scope="module")
def base(data: dict[str, Any], run: Run, lives: Lives) -> dict[str, Any]:
    """Lives in the small world as it is."""
    found = lives(*run(World.model_validate(data)))
    assert sum(bool(life["injuries"]) for life in found.values()) > 100
    return found


class TestKeys:
    """Nobody's life changes because of somebody, or something, else."""

    def drawn(self, data: dict[str, Any], lives: Lives, run: Run, ordinals: Any) -> dict[str, Any]:
        world = World.model_validate(data)
        numbers = {("riders", 0): np.asarray(ordinals)}
        return lives(*run(world, None, draw_riders(world, _days, Streams(SEED, 0), numbers)))

    def test_one_more_rider_in_the_middle(
        self, data: dict[str, Any], base: dict[str, Any], lives: Lives, run: Run
    ) -> None:
        found = self.drawn(data, lives, run, np.insert(np.arange(200), 100, 4321))
        assert found.pop("city/riders/0/4321")["who"]
        assert found == base

    def test_another_order_of_riders(
        self, data: dict[str, Any], base: dict[str, Any], lives: Lives, run: Run
    ) -> None:
        shuffled = np.random.default_rng(1).permutation(200)
        assert self.drawn(data, lives, run, shuffled) == base

    def test_the_population_in_two_parts(
        self, data: dict[str, Any], base: dict[str, Any], lives: Lives, run: Run
    ) -> None:
        one = self.drawn(data, lives, run, np.arange(0, 200, 3))
        other = self.drawn(data, lives, run, np.setdiff1d(np.arange(200), np.arange(0, 200, 3)))
        assert one | other == base
        assert not set(one) & set(other)

    def test_a_group_before_the_others(
        self, data: dict[str, Any], base: dict[str, Any], lives: Lives, run: Run, group: Law
    ) -> None:
        new = group(riders=60, portfolios={"own": {"split": {"beta": 1}}}, frailty={"kind": "none"})
        found = lives(*run(World.model_validate({**data, "groups": {"before": new, **data["groups"]}})))
        assert len(found) == 260
        assert {name: life for name, life in found.items() if "/riders/" in name} == base

    def test_a_platform_that_nobody_uses(
        self, data: dict[str, Any], base: dict[str, Any], lives: Lives, run: Run
    ) -> None:
        platforms = {"zero": data["platforms"]["beta"], **data["platforms"]}
        assert lives(*run(World.model_validate({**data, "platforms": platforms}))) == base

    def test_a_platform_that_a_new_group_uses(
        self, data: dict[str, Any], base: dict[str, Any], lives: Lives, run: Run, group: Law
    ) -> None:
        platforms = {"zero": {**data["platforms"]["beta"], "pay_per_order_yuan": 9}, **data["platforms"]}
        new = group(riders=40, portfolios={"own": {"split": {"zero": "0.5", "alpha": "0.5"}}})
        changed = {**data, "platforms": platforms, "groups": {**data["groups"], "new": new}}
        found = lives(*run(World.model_validate(changed)))
        assert {name: life for name, life in found.items() if "/riders/" in name} == base
        assert any("zero" in str(life["months"]) for name, life in found.items() if "/new/" in name)

    def test_a_portfolio_more_changes_only_those_who_take_it(
        self, data: dict[str, Any], base: dict[str, Any], lives: Lives, run: Run, group: Law
    ) -> None:
        portfolios = {"new": {"weight": 1, "split": {"beta": 1}}, **group()["portfolios"]}
        changed = {**data, "groups": {"riders": group(portfolios=portfolios)}}
        found = lives(*run(World.model_validate(changed)))
        takers = {name for name, life in found.items() if life["who"][1] == ("riders", "new")}
        assert abs(len(takers) - 50) < FOUR * sqrt(200 * 0.25 * 0.75)  # a weight of 1 in 4
        assert {name: life for name, life in found.items() if name not in takers} == {
            name: life for name, life in base.items() if name not in takers
        }
        for name in takers:  # and of them it is only the work that changes
            same = [0, 2, 3, 4]
            assert [found[name]["who"][i] for i in same] == [base[name]["who"][i] for i in same]

    def test_more_months_do_not_change_the_first(
        self, data: dict[str, Any], base: dict[str, Any], lives: Lives, run: Run, days: Days
    ) -> None:
        population, months = run(World.model_validate(data), days(4))
        assert lives(population, months[:2]) == base

    def test_tables_may_be_shared_and_a_world_run_again(
        self, data: dict[str, Any], base: dict[str, Any], lives: Lives, days: Days
    ) -> None:
        world = World.model_validate(data)
        first = FastWorld(world, days(), Streams(SEED, 1))
        again = FastWorld(world, days(), Streams(SEED, 0), tables=first.tables)
        once = lives(again.population, again.months())
        assert once == base
        assert lives(again.population, again.months()) == once

    def test_another_replication_or_seed_is_another_world(
        self, data: dict[str, Any], base: dict[str, Any], lives: Lives, run: Run
    ) -> None:
        for other in ({"replication": 1}, {"seed": 8}):
            found = lives(*run(World.model_validate(data), **other))
            assert set(found) == set(base)
            assert all(found[name]["months"] != base[name]["months"] for name in base)


class TestSamePast:
    """Worlds that differ by a limit from a day on agree on everything before that day."""

    def worlds(self, data: dict[str, Any], day: str) -> tuple[World, World]:
        limit = {"kind": "day_logoff", "scope": "all_platforms", "hours": 4, "first_day": day}
        return World.model_validate(data), World.model_validate({**data, "limits": {**LIMITS, "new": limit}})

    def test_to_the_end_of_the_month_before(
        self, data: dict[str, Any], lives: Lives, run: Run, days: Days
    ) -> None:
        (population, one), (_, other) = (run(world, days(3)) for world in self.worlds(data, "2023-03-01"))
        assert lives(population, one[:2]) == lives(population, other[:2])
        assert one[2].online_minutes.sum() > other[2].online_minutes.sum()

    def test_to_a_day_inside_a_month(self, data: dict[str, Any], lives: Lives, run: Run, days: Days) -> None:
        calendar, day = days(3), 31 + 14
        ((population, one), (_, other)) = (run(world, calendar) for world in self.worlds(data, "2023-02-15"))
        assert lives(population, one[:1]) == lives(population, other[:1])

        def before(injuries: Injuries) -> list[list[Any]]:
            early = injuries.minute < day * 1440
            return [column[early].tolist() for column in vars(injuries).values()]

        assert before(one[1].injuries) == before(other[1].injuries)
        assert len(before(one[1].injuries)[0]) > 10
        assert one[1].injuries.minute.tolist() != other[1].injuries.minute.tolist()

        # Minutes are told by the month: end the calendar at the day to see those before it.
        cut = replace(calendar, months=2, month_starts=np.array([0, 31, day]))
        first, second = (lives(*run(world, cut)) for world in self.worlds(data, "2023-02-15"))
        assert first == second
        later = replace(calendar, months=2, month_starts=np.array([0, 31, day + 1]))
        first, second = (lives(*run(world, later)) for world in self.worlds(data, "2023-02-15"))
        assert first != second


class TestBuffer:
    def test_emptying_the_buffer_in_the_middle_changes_nothing(
        self,
        data: dict[str, Any],
        base: dict[str, Any],
        lives: Lives,
        run: Run,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        calls = []
        work = workday.work_month
        monkeypatch.setattr(fast, "BUFFER_ROWS", workday.MOST_INJURIES + 2)
        monkeypatch.setattr(workday, "work_month", lambda *facts: calls.append(1) or work(*facts))
        assert lives(*run(World.model_validate(data))) == base
        assert len(calls) > 20

    def test_too_many_injuries_fail_loudly(self, law: Law, group: Law, run: Run) -> None:
        world = World.model_validate(law(groups={"riders": group(riders=3, hazard_factor=100_000)}))
        with pytest.raises(InputError, match="hurt 1024 times in a month"):
            run(world)


class TestOrders:
    RIDERS = 20_000

    def months(self, law: Law, group: Law, run: Run) -> tuple[Population, list[Month]]:
        riders = group(
            riders=self.RIDERS,
            portfolios={"both": {"split": {"alpha": "0.5", "beta": "0.5"}}},
            work={
                "attendance": {"workday": 1, "weekend": 0, "holiday": 0},
                "start_hour": {"kind": "constant", "value": 8},
                "wanted_hours": {"kind": "constant", "value": 6},
            },
        )
        return run(World.model_validate(law(groups={"riders": riders})))

    def test_are_poisson_in_the_minutes_online(self, law: Law, group: Law, run: Run) -> None:
        population, months = self.months(law, group, run)
        mine = [population.engagement_platform == code for code in (0, 1)]
        for month, worked in zip(months, (21, 20), strict=True):
            for platform, per_hour in ((0, 3), (1, 2)):
                orders = month.orders[mine[platform]]
                mean = worked * 3 * per_hour
                assert (month.online_minutes[mine[platform]] == worked * 180).all()
                assert abs(orders.mean() - mean) < FOUR * sqrt(mean / self.RIDERS)
                # The fourth central moment of a Poisson law is mean + 3 mean^2.
                spread = sqrt((mean + 2 * mean**2) / self.RIDERS)
                assert abs(orders.var() - mean) < FOUR * spread
        # Two platforms, and two months, of one rider are independent.
        one, other = (months[0].orders[mask] for mask in mine)
        for pair in ((one, other), (one, months[1].orders[mine[0]])):
            assert abs(np.corrcoef(*pair)[0, 1]) < FOUR / sqrt(self.RIDERS)

    def test_pay_is_by_the_order(self, law: Law, group: Law, run: Run) -> None:
        population, months = self.months(law, group, run)
        pay = np.array([655, 600])[population.engagement_platform]
        for month in months:
            assert (month.earnings_fen == month.orders * pay).all()

    def test_fixed_orders_come_every_day_worked(self, law: Law, run: Run) -> None:
        data = law()
        data["platforms"]["beta"]["orders"] = {"kind": "fixed_per_day", "per_day": 9}
        population, months = run(World.model_validate(data))
        mine = population.engagement_platform == 1
        for month in months:
            assert (month.orders[mine] == 9 * month.days_worked[mine]).all()
            assert (month.engaged_minutes[mine] == month.online_minutes[mine]).all()

    def test_engaged_minutes_are_the_mean_of_an_infinite_server_queue(
        self, law: Law, group: Law, run: Run
    ) -> None:
        """P(an order in hand after t minutes) = 1 - exp(-rate E[min(S, t)]), from an empty start of each segment."""
        population, (month, _) = self.months(law, group, run)
        exponential = quad(lambda t: 1 - exp(-(3 / 60) * 20 * -expm1(-t / 20)), 0, 180)[0]
        constant = quad(lambda t: -expm1(-(2 / 60) * min(t, 25)), 0, 180, points=[25])[0]
        for platform, minutes in ((0, exponential), (1, constant)):
            mine = population.engagement_platform == platform
            a_day = month.engaged_minutes[mine].sum() / month.days_worked[mine].sum()
            assert a_day == pytest.approx(minutes, abs=0.5 / 21 + 1e-4 * minutes)  # rounded once a month
            assert (month.engaged_minutes <= month.online_minutes).all()


def test_an_empty_world_runs(law: Law, group: Law, run: Run, days: Days) -> None:
    world = World.model_validate(law(groups={"idle": group(riders=0)}))
    population, months = run(world)
    assert len(population) == 0
    assert [len(month.injuries) for month in months] == [0, 0]
    assert len(draw_population(world, Streams(0, 0))) == 0
