"""Limits as rows of numbers: which hold for a rider, on which clock, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario.world import World
from injurysim.world import layout
from injurysim.world.conduct import Conduct
from injurysim.world.rules import lasting_limits, lasting_names, shift_limits

Law = Callable[..., dict[str, Any]]
APPS = ["beta", "alpha"]
LIMITS: dict[str, Any] = {
    "cap": {"kind": "day_logoff", "scope": "platform", "hours": "7.51", "off_hours": 6},
    "ask": {"kind": "confirm_after", "scope": "platform", "platforms": ["alpha"], "hours": 8, "confirm_share": "0.5"},
    "rest": {"kind": "rest_after_spell", "scope": "all_platforms", "hours": 4, "rest_minutes": "19.5"},
    "billed": {"kind": "day_logoff", "scope": "all_platforms", "clock": "billed", "hours": "7.505"},
    "more": {
        "kind": "rest_after_spell", "scope": "platform", "clock": "engaged_plus_allowance", "allowance": "0.3",
        "hours": 2, "rest_minutes": 20,
    },
    "week": {"kind": "week_logoff", "scope": "platform", "hours": 44},
    "month": {"kind": "month_logoff", "scope": "all_platforms", "clock": "engaged", "hours": 190},
    "wet": {"kind": "bad_weather", "states": ["rain"], "demand": "0.5"},
}  # fmt: skip
KEEPS = Conduct(frozenset(), frozenset())


@pytest.fixture
def world(law: Law) -> World:
    data = law(limits=LIMITS)
    data["platforms"]["beta"]["billed_share"] = "0.4"
    return World.model_validate(data)


def of_shift(
    world: World, *names: str, conduct: Conduct = KEEPS, apps: list[str] = APPS
) -> list[list[float]]:
    return shift_limits(world, names, conduct, apps).tolist()


def test_a_row_for_each_app_that_applies_a_limit_of_its_own(world: World) -> None:
    both, one = of_shift(world, "cap"), of_shift(world, "ask")
    assert [row[layout.SCOPE] for row in both] == [0, 1]
    assert [row[layout.SCOPE] for row in one] == [1]  # the second app of this portfolio
    assert of_shift(world, "ask", apps=["beta"]) == []
    (rest,) = of_shift(world, "rest")
    assert rest[layout.SCOPE] == layout.ALL


def test_minutes_are_whole_where_they_are_worked_and_not_where_they_are_expected(world: World) -> None:
    assert of_shift(world, "cap")[0][layout.MINUTES] == 451  # 450.6
    assert of_shift(world, "billed")[0][layout.MINUTES] == pytest.approx(450.3)
    assert of_shift(world, "rest")[0][layout.REST] == 20  # half up
    assert of_shift(world, "cap")[0][layout.REST] == 0
    assert of_shift(world, "cap")[0][layout.OFF_AFTER] == 360


def test_clocks_and_coefficients(world: World) -> None:
    (billed,), more, cap = of_shift(world, "billed"), of_shift(world, "more"), of_shift(world, "cap")
    first = layout.FIRST_COEFFICIENT
    assert billed[layout.CLOCK] == more[0][layout.CLOCK] == layout.CLOCK_ENGAGED
    assert cap[0][layout.CLOCK] == layout.CLOCK_ONLINE
    assert billed[first : first + 2] == [0.4, 1]
    assert more[0][first : first + 2] == [1.3, 1.3]
    assert cap[0][first : first + 2] == [1, 1]


def test_who_ignores_a_limit_has_no_row_and_who_switches_says_so(world: World) -> None:
    assert of_shift(world, "cap", conduct=Conduct(frozenset({"cap"}), frozenset())) == []
    (first, _) = of_shift(world, "cap", conduct=Conduct(frozenset(), frozenset({"cap"})))
    assert first[layout.SWITCH] == 1
    assert of_shift(world, "cap")[0][layout.SWITCH] == 0


def test_limits_by_week_and_month_are_kept_apart(world: World) -> None:
    names = list(LIMITS)
    assert lasting_names(world) == ["week", "month"]
    rows, owners = lasting_limits(world, names, KEEPS, APPS)
    assert owners == ["week", "week", "month"]
    assert rows[:, layout.MINUTES].tolist() == [2640, 2640, 11400]
    assert len(of_shift(world, *names)) == 2 + 1 + 1 + 1 + 2  # and bad weather has no clock
    assert lasting_limits(world, ["cap"], KEEPS, APPS)[0].shape == (0, layout.LIMIT_COLUMNS)


@pytest.mark.parametrize(("field", "value"), [("hours", "0.008"), ("rest_minutes", "0.49")])
def test_less_than_half_a_minute_is_refused(law: Law, field: str, value: str) -> None:
    world = World.model_validate(law(limits={"rest": {**LIMITS["rest"], field: value}}))
    with pytest.raises(InputError, match="less than half a minute"):
        of_shift(world, "rest")
