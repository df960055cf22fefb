"""A scenario in miniature: totals shrink, what is measured per head does not, and nothing is lost by rounding."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.errors import InputError
from injurysim.scenario.document import Horizon, Scenario
from injurysim.scenario.groups import Entry
from injurysim.scenario.reading import read_scenario
from injurysim.scenario.scaling import _entry, in_miniature

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def quickstart() -> Scenario:
    return read_scenario(SCENARIOS / "quickstart.yaml").scenario


def at_scale(scenario: Scenario, scale: str) -> Scenario:
    value = scenario.scale.model_copy(update={"value": Decimal(scale)})
    return in_miniature(scenario.model_copy(update={"scale": value}))


def test_full_size_is_left_as_it_is(quickstart: Scenario) -> None:
    assert at_scale(quickstart, "1") == quickstart


def test_riders_staff_and_pools_shrink_and_rates_do_not(quickstart: Scenario) -> None:
    design, name = quickstart.designs["pilot-2022"], "pilot-2022"
    account = design.accounts["platform-account"]
    rich = account.model_copy(
        update={"opening_yuan": account.opening_yuan.model_copy(update={"value": Decimal("1000.01")})}
    )
    scenario = quickstart.model_copy(
        update={
            "designs": {
                name: design.model_copy(update={"accounts": {**design.accounts, "platform-account": rich}})
            }
        }
    )
    small = at_scale(scenario, "0.25")
    for world_name, world in scenario.worlds.items():
        for group_name, group in world.groups.items():
            shrunk = small.worlds[world_name].groups[group_name]
            assert abs(shrunk.riders.value - group.riders.value / 4) <= 0.5
            assert shrunk.work == group.work
    law, shrunk_law = scenario.designs[name], small.designs[name]
    assert shrunk_law.accounts["platform-account"].opening_yuan.value == Decimal("250.00")
    pilot, small_pilot = law.schemes["platform-work"], shrunk_law.schemes["platform-work"]
    assert small_pilot.contribution == pilot.contribution
    assert small_pilot.benefits == pilot.benefits
    assert pilot.handling.kind == small_pilot.handling.kind == "two_strands"
    assert small_pilot.handling.confirmation.staff.value == 1  # of one officer one is left
    assert small.scale.value == 1
    assert in_miniature(small) == small


@given(
    scale=st.decimals("0.001", "1", places=3),
    by_month=st.lists(st.integers(0, 500), min_size=1, max_size=24),
)
def test_nobody_who_enters_is_lost_or_added(scale: Decimal, by_month: list[int]) -> None:
    """At every month's end those who have entered are the scaled number, to less than one rider."""
    horizon = Horizon.model_validate({"start": "2024-01-01", "months": len(by_month)})
    dated = {f"{2024 + m // 12}-{m % 12 + 1:02}-01": riders for m, riders in enumerate(by_month)}
    entry = _entry(Entry.model_validate({"per_month": {"dated": dated}}), scale, horizon)
    entered = entry.per_month.entries()
    assert min(entered) >= 0
    for month in range(len(by_month)):
        assert abs(sum(entered[: month + 1]) - scale * sum(by_month[: month + 1])) <= Decimal("0.5")


def test_a_group_that_vanishes_is_told() -> None:
    with pytest.raises(InputError) as told:
        read_scenario(SCENARIOS / "quickstart.yaml", overrides=["scale=0.0001"])
    problems = [str(problem) for problem in told.value.problems]
    lost = [problem for problem in problems if "not one of its" in problem]
    assert lost == problems
    assert any("at scale 0.0001 not one of its 1650 riders is left" in problem for problem in lost)
