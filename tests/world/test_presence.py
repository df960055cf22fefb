"""The chance that a rider of a group comes on a day."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
import pytest

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.scenario.world import World
from injurysim.world.month import Month
from injurysim.world.population import Population
from injurysim.world.presence import DRAWN_TOGETHER, WHOLE, chances
from injurysim.world.weather import STATES, weather_states

Law = Callable[..., dict[str, Any]]
Run = Callable[..., tuple[Population, list[Month]]]
Days = Callable[..., Calendar]
FOUR = 4.0
WEATHER = {
    "regions": {"city": {"chances": {"rain": "0.4"}}},
    "effects": {"rain": {"attendance": "0.5"}},
}


def test_kind_of_day_season_and_weather_multiply(law: Law, group: Law, days: Days) -> None:
    work = {**group()["work"], "season": {"attendance": {2: "0.9"}}}
    dry_town = group(region="town", work={**work, "attendance": {"workday": 1, "weekend": 1, "holiday": 1}})
    data = law(
        regions={"city": {}, "town": {}},
        groups={"riders": group(work=work), "others": dry_town},
        weather=WEATHER,
    )
    world, calendar = World.model_validate(data), days()
    states = weather_states(world, calendar, Streams(1, 0))
    assert 0 < np.count_nonzero(states[0]) < 59
    of_kind = np.array([0.8, 0.6, 0.3])[calendar.day_types[:59]]
    wet = np.where(states[0] == STATES.index("rain"), 0.5, 1.0)
    for month, season in ((0, 1.0), (1, 0.9)):
        first, last = calendar.month_starts[month : month + 2]
        found = chances(world, calendar, states, month) / WHOLE
        begin = first - first % DRAWN_TOGETHER
        inside = slice(first - begin, last - begin)
        assert found[0, inside] == pytest.approx(of_kind[first:last] * wet[first:last] * season, abs=2**-32)
        assert found[1, inside] == pytest.approx(np.full(last - first, season), abs=2**-32)
        # Days of other months that share a draw with these are nobody's here.
        assert not np.delete(found, np.r_[inside], axis=1).any()
        assert found.shape[1] % DRAWN_TOGETHER == 0


def test_certain_is_certain(law: Law, group: Law, run: Run) -> None:
    """A chance of 1 takes every draw of 32 bits, a chance of 0 none."""
    for chance, worked in ((1, [31, 28]), (0, [0, 0])):
        work = {**group()["work"], "attendance": dict.fromkeys(("workday", "weekend", "holiday"), chance)}
        work["wanted_hours"] = {"kind": "constant", "value": 5}
        _, months = run(World.model_validate(law(groups={"riders": group(riders=500, work=work)})))
        assert [set(month.rider_days.tolist()) for month in months] == [{each} for each in worked]


def test_days_of_one_draw_are_independent(law: Law, group: Law, run: Run, days: Days) -> None:
    """Days worked in a month are binomial, and days of two months that share a draw are not correlated."""
    riders = 20_000
    work = {**group()["work"], "attendance": dict.fromkeys(("workday", "weekend", "holiday"), "0.5")}
    work["wanted_hours"] = {"kind": "constant", "value": 5}
    _, (first, second) = run(
        World.model_validate(law(groups={"riders": group(riders=riders, work=work)})), days()
    )
    for month, n in ((first, 31), (second, 28)):
        assert abs(month.rider_days.mean() - n / 2) < FOUR * sqrt(n / 4 / riders)
        spread = n / 4 * sqrt((2 - 2 / n) / riders)  # kurtosis of a binomial of chance 1/2 is 3 - 2 / n
        assert abs(month.rider_days.var() - n / 4) < FOUR * spread
    assert abs(np.corrcoef(first.rider_days, second.rider_days)[0, 1]) < FOUR / sqrt(riders)
