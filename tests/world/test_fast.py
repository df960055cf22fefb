"""The fast world keeps its promises: keyed draws, the same past, the same bits however it is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest

from injurysim.core.calendar import Calendar
from injurysim.core.errors import InputError
from injurysim.core.randomness import Streams
from injurysim.scenario.world import World
from injurysim.world import fast, roster, workday, working
from injurysim.world.fast import FastWorld
from injurysim.world.month import Injuries, Month
from injurysim.world.population import Population, cohorts, draw_population, draw_riders

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

    @pytest.fixture
    def drawn(
        self, data: dict[str, Any], lives: Lives, run: Run, days: Days
    ) -> Callable[[Any], dict[str, Any]]:
        """Lives of some riders of the small world, drawn alone."""

        def lives_of(ordinals: Any) -> dict[str, Any]:
            world, numbers = World.model_validate(data), {("riders", 0): np.asarray(ordinals)}
            return lives(*run(world, None, draw_riders(world, days(), Streams(SEED, 0), numbers)))

        return lives_of

    def test_one_more_rider_in_the_middle(self, base: dict[str, Any], drawn: Callable[[Any], Any]) -> None:
        found = drawn(np.insert(np.arange(200), 100, 4321))
        assert found.pop("city/riders/0/4321")["who"]
        assert found == base

    def test_another_order_of_riders(self, base: dict[str, Any], drawn: Callable[[Any], Any]) -> None:
        assert drawn(np.random.default_rng(1).permutation(200)) == base

    def test_the_population_in_two_parts(self, base: dict[str, Any], drawn: Callable[[Any], Any]) -> None:
        one = drawn(np.arange(0, 200, 3))
        other = drawn(np.setdiff1d(np.arange(200), np.arange(0, 200, 3)))
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
        monkeypatch.setattr(working, "BUFFER_ROWS", roster.MOST_INJURIES + 2)
        monkeypatch.setattr(workday, "work_month", lambda *facts: calls.append(1) or work(*facts))
        assert lives(*run(World.model_validate(data))) == base
        assert len(calls) > 20

    def test_too_many_injuries_fail_loudly(self, law: Law, group: Law, run: Run) -> None:
        world = World.model_validate(law(groups={"riders": group(riders=3, hazard_factor=100_000)}))
        with pytest.raises(InputError, match="hurt 1024 times in a month"):
            run(world)


Everything = Callable[..., tuple[World, Calendar]]
FEATURES = ("product", "additive", "capped")
"""A world in which every feature is on, with each way in which multipliers combine."""


def columns(months: Iterable[Month]) -> dict[str, list[Any]]:
    """All numbers of months, to the last bit."""
    found: dict[str, list[Any]] = {}
    for month in months:
        for name, values in (*vars(month).items(), *vars(month.injuries).items()):
            if isinstance(values, np.ndarray):
                found.setdefault(name, []).append(values.tolist())
    return found


@pytest.fixture(scope="module")
def worlds(everything: Everything) -> Callable[..., FastWorld]:
    made: dict[str, tuple[World, Calendar]] = {}

    def make(combine: str, replication: int = 0, **options: Any) -> FastWorld:
        world, calendar = made.setdefault(combine, everything(combine))
        return FastWorld(world, calendar, Streams(SEED, replication), **options)

    return make


@pytest.fixture(scope="module")
def alone(worlds: Callable[..., FastWorld]) -> Callable[[str], dict[str, list[Any]]]:
    """Columns by one thread, tables cold, waves as they are."""
    kept: dict[str, dict[str, list[Any]]] = {}

    def of(combine: str) -> dict[str, list[Any]]:
        if combine not in kept:
            kept[combine] = columns(worlds(combine).months())
        return kept[combine]

    return of


class TestBitForBit:
    """What is done at once, or was done before, moves no bit of what comes out."""

    @pytest.mark.parametrize("combine", FEATURES)
    def test_there_is_something_to_compare(self, combine: str, worlds: Any, alone: Any) -> None:
        found = alone(combine)
        assert sum(map(len, found["k"])) > 100
        assert {code for month in found["situation"] for code in month} == {0, 1, 2}
        assert max(max(month) for month in found["second_app"]) >= 0
        assert worlds(combine).tables.states.matter

    @pytest.mark.parametrize("combine", ["product", "capped"])
    def test_one_thread_or_two(
        self, combine: str, worlds: Any, alone: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(working, "RIDERS_AT_ONCE", 16)
        monkeypatch.setattr(fast, "SETTLED_AT_ONCE", 30)
        assert columns(worlds(combine, threads=2).months()) == alone(combine)

    @pytest.mark.parametrize("combine", FEATURES[:1])
    @pytest.mark.parametrize(
        ("block", "first", "most", "misses"), [(1, 3, 3, 16_384), (7, 20, 1000, 5), (4096, 4096, 4096, 0)]
    )
    def test_any_waves_and_any_room_for_misses(
        self,
        combine: str,
        block: int,
        first: int,
        most: int,
        misses: int,
        worlds: Any,
        alone: Any,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        sizes = {"RIDERS_OF_BLOCK": block, "FIRST_WAVE": first, "RIDERS_AT_ONCE": most, "MISSES": misses}
        for name, value in sizes.items():
            monkeypatch.setattr(working, name, value)
        assert columns(worlds(combine).months()) == alone(combine)

    @pytest.mark.parametrize("combine", FEATURES)
    def test_tables_cold_or_warm(self, combine: str, worlds: Any, alone: Any) -> None:
        other = worlds(combine, replication=1)
        assert columns(other.months()) != alone(combine)
        assert columns(worlds(combine, tables=other.tables).months()) == alone(combine)

    def test_the_population_in_two_parts(self, lives: Lives, everything: Everything) -> None:
        """Each part alone has its lives; but orders offered again go by what all in the region have lost."""
        world, calendar = everything()
        data = world.model_dump(mode="json", exclude_none=True)
        for platform in data["platforms"].values():
            platform["reoffer_share"] = {"value": 0}
        world, streams = World.model_validate(data), Streams(SEED, 0)
        sizes = cohorts(world, calendar)
        whole = FastWorld(world, calendar, streams)
        found: dict[str, Any] = {}
        for part in (0, 1):
            ordinals = {cohort: np.arange(part, size, 2) for cohort, size in sizes.items()}
            half = FastWorld(world, calendar, streams, draw_riders(world, calendar, streams, ordinals))
            found |= lives(half.population, half.months())
        assert found == lives(whole.population, whole.months())
        assert len(found) == sum(sizes.values())


def test_an_empty_world_runs(law: Law, group: Law, run: Run, days: Days) -> None:
    world = World.model_validate(law(groups={"idle": group(riders=0)}))
    population, months = run(world)
    assert len(population) == 0
    assert [len(month.injuries) for month in months] == [0, 0]
    assert len(draw_population(world, days(), Streams(0, 0))) == 0
