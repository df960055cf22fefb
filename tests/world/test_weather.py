"""The weather: shares in the long run, runs of days, keys. Four standard errors; days of a run are correlated."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
import pytest

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.scenario.world import World
from injurysim.world.weather import STATES, effect_of, weather_states

Law = Callable[..., dict[str, Any]]
Days = Callable[..., Calendar]
FOUR = 4.0
YEARS = 60
CHANCES = {"rain": "0.25", "snow": "0.05"}


def states(data: dict[str, Any], calendar: Calendar, seed: int = 5, replication: int = 0) -> np.ndarray:
    return weather_states(World.model_validate(data), calendar, Streams(seed, replication))


def wet(law: Law, persistence: str = "0", **regions: Any) -> dict[str, Any]:
    weather = {"regions": {"city": {"chances": CHANCES, "persistence": persistence}, **regions}}
    return law(regions={"city": {}, **{name: {} for name in regions}}, weather=weather)


@pytest.mark.parametrize("persistence", ["0", "0.6"])
def test_chances_are_the_shares_of_days_and_persistence_makes_runs(
    law: Law, days: Days, persistence: str
) -> None:
    (found,) = states(wet(law, persistence), days(12 * YEARS))
    stays = float(persistence)
    # Of a two-state chain that forgets with chance 1 - s a day, the mean of n days has variance p q (1 + s) / (1 - s) / n.
    for state, share in ((0, 0.7), (1, 0.25), (2, 0.05), (3, 0.0)):
        error = sqrt(share * (1 - share) * (1 + stays) / (1 - stays) / len(found))
        assert abs(np.mean(found == state) - share) <= FOUR * error
        again = found[1:][found[:-1] == state]
        if share:
            same = stays + (1 - stays) * share
            assert abs(np.mean(again == state) - same) < FOUR * sqrt(same * (1 - same) / len(again))


def test_a_month_has_chances_of_its_own(law: Law, days: Days) -> None:
    data = wet(law)
    data["weather"]["regions"]["city"]["by_month"] = {7: {"heat": 1}, 8: {}}
    calendar = days(12)
    (found,) = states(data, calendar)
    starts = calendar.month_starts
    assert set(found[starts[6] : starts[7]].tolist()) == {STATES.index("heat")}
    assert set(found[starts[7] : starts[8]].tolist()) == {0}
    assert STATES.index("heat") not in found[starts[8] :]


def test_one_more_region_changes_nothing(law: Law, days: Days) -> None:
    calendar = days(24)
    alone = states(wet(law, "0.3"), calendar)[0]
    storms = {"chances": {"storm": "0.5"}}
    both = states(wet(law, "0.3", town=storms), calendar)
    assert (both[0] == alone).all()
    data = wet(law, "0.3", town=storms)
    data["regions"] = {"town": {}, "city": {}}
    assert (states(data, calendar)[1] == alone).all()
    # Alike regions have days of their own.
    twins = states(wet(law, "0", town={"chances": CHANCES}), calendar)
    assert abs(np.mean(twins[0] == twins[1]) - (0.7**2 + 0.25**2 + 0.05**2)) < FOUR * sqrt(
        0.25 / twins.shape[1]
    )


def test_more_months_do_not_change_the_first(law: Law, days: Days) -> None:
    data = wet(law, "0.6")
    assert (states(data, days(24))[0, :365] == states(data, days(12))[0]).all()


def test_a_region_left_out_and_a_world_without_weather_are_dry(law: Law, days: Days) -> None:
    data = wet(law)
    data["regions"]["town"] = {}
    assert not states(data, days(12))[1].any()
    assert states(data, days(12))[0].any()
    assert not states(law(), days(12)).any()


def test_replications_differ(law: Law, days: Days) -> None:
    data = wet(law)
    assert (states(data, days(12)) != states(data, days(12), replication=1)).any()


def test_a_state_without_an_effect_is_as_a_dry_day(law: Law) -> None:
    data = wet(law)
    data["weather"]["effects"] = {"rain": {"hazard": 2}}
    world = World.model_validate(data)
    hazards = [float(effect_of(world, state).hazard.value) for state in range(len(STATES))]
    assert hazards == [1, 2, 1, 1, 1]
