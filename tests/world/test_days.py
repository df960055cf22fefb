"""Kinds of day: which limits hold, and how demand, orders and hazard stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from injurysim.core.calendar import Calendar
from injurysim.scenario.world import World
from injurysim.world.days import DayKinds
from injurysim.world.weather import STATES

Law = Callable[..., dict[str, Any]]
Days = Callable[..., Calendar]
RAIN = STATES.index("rain")
ORDERS = {"kind": "poisson", "per_hour": 3, "minutes": {"kind": "constant", "value": 20}}
DEMAND = {"weekend": "1.3", "holiday": "1.8", "by_month": {2: "0.7"}}
WET = {
    "regions": {"city": {"chances": {"rain": "0.3"}}},
    "effects": {"rain": {"demand": "1.4", "order_minutes": "1.2", "hazard": "1.6"}},
}


def kinds_of(
    data: dict[str, Any], calendar: Calendar, states: np.ndarray | None = None
) -> tuple[DayKinds, np.ndarray]:
    """Kinds and the kind of each day of both months, one after the other."""
    world = World.model_validate(data)
    kinds = DayKinds(world)
    states = (
        np.zeros((len(world.regions), int(calendar.month_starts[-1])), np.int64) if states is None else states
    )
    return kinds, np.concatenate([kinds.of_days(calendar, states, month) for month in (0, 1)], axis=1)


def test_days_that_are_alike_are_one_kind(law: Law, days: Days) -> None:
    kinds, of_days = kinds_of(law(), days())
    assert len(kinds.kinds) == 1
    assert not of_days.any()


def test_demand_goes_by_kind_of_day_and_month(law: Law, days: Days) -> None:
    data = law()
    data["platforms"]["alpha"]["orders"] = {**ORDERS, "demand": DEMAND}
    calendar = days()
    kinds, (of_days,) = kinds_of(data, calendar)
    factor = np.array([kinds.kinds[kind].climates[0].demand for kind in of_days])
    by_type = np.array([1, 1.3, 1.8])[calendar.day_types[:59]]
    assert factor.tolist() == (by_type * np.where(np.arange(59) < 31, 1, 0.7)).tolist()
    assert {kind.climates[1].demand for kind in kinds.kinds} == {1.0}
    assert len(kinds.kinds) == 5  # no holiday in February


def test_weather_and_rules_against_it_multiply(law: Law, days: Days) -> None:
    rule = {
        "kind": "bad_weather", "states": ["rain", "storm"], "platforms": ["beta"], "demand": "0.5",
        "order_minutes": 2, "hazard": "0.75", "first_day": "2023-01-11",
    }  # fmt: skip
    states = np.zeros((1, 59), np.int64)
    states[0, [3, 12]] = RAIN
    kinds, (of_days,) = kinds_of(law(weather=WET, limits={"wet": rule}), days(), states)
    dry, before, after = (kinds.kinds[of_days[day]] for day in (0, 3, 12))
    assert [(c.demand, c.order_minutes, c.hazard) for c in dry.climates] == [(1, 1, 1)] * 2
    assert [(c.demand, c.order_minutes, c.hazard) for c in before.climates] == [(1.4, 1.2, 1.6)] * 2
    assert [(c.demand, c.order_minutes, c.hazard) for c in after.climates] == [
        (1.4, 1.2, 1.6),
        (0.7, 2.4, 1.6 * 0.75),
    ]
    assert after.limits == ()  # it is no limit with a clock


def test_limits_hold_on_their_days_in_their_regions(law: Law, group: Law, days: Days) -> None:
    limit = {"kind": "day_logoff", "scope": "all_platforms", "hours": 8}
    limits = {
        "january": {**limit, "last_day": "2023-01-31"},
        "town": {**limit, "regions": ["town"], "first_day": "2023-01-15"},
    }
    data = law(regions={"city": {}, "town": {}}, limits=limits)
    kinds, of_days = kinds_of(data, days())
    held = [[kinds.kinds[kind].limits for kind in region] for region in of_days]
    assert held[0] == [("january",)] * 31 + [()] * 28
    assert held[1] == [("january",)] * 14 + [("january", "town")] * 17 + [("town",)] * 28


def test_kinds_keep_their_numbers(law: Law, days: Days) -> None:
    """Later months add kinds, and those met before stay what they are."""
    data = law()
    data["platforms"]["alpha"]["orders"] = {**ORDERS, "demand": DEMAND}
    world, calendar = World.model_validate(data), days()
    states = np.zeros((1, 59), np.int64)
    kinds = DayKinds(world)
    january = kinds.of_days(calendar, states, 0)
    first = list(kinds.kinds)
    kinds.of_days(calendar, states, 1)
    assert kinds.kinds[: len(first)] == first
    assert len(kinds.kinds) > len(first)
    assert (kinds.of_days(calendar, states, 0) == january).all()


def test_fixed_orders_know_no_demand(law: Law, days: Days) -> None:
    data = law(weather=WET)
    data["platforms"]["alpha"]["orders"] = {"kind": "fixed_per_day", "per_day": 9}
    kinds, (of_days,) = kinds_of(data, days(), np.full((1, 59), RAIN))
    climate = kinds.kinds[of_days[0]].climates[0]
    assert (climate.demand, climate.order_minutes, climate.hazard) == (1, 1, 1.6)
