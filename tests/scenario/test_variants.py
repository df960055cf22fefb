"""What an experiment varied, as a tidy frame."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from injurysim.scenario.reading import read_scenario
from injurysim.scenario.variants import Setting, origins_of, points_of

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"
RATE = "schemes.injury.contribution.industries.delivery"
STAFF = "schemes.injury.handling.confirmation.staff"


def test_there_is_a_row_for_each_value_of_each_variant() -> None:
    vary = [
        "worlds.limited.limits.off.hours=10",
        f"designs.pilot.{RATE}={{value: 0.08, grade: assumption}}",
        f"designs.pilot.{STAFF}=1,2",
    ]
    scenario = read_scenario(TINY, vary=vary).scenario
    first, second = (f"pilot-delivery-0_08-staff-{staff}" for staff in "12")
    assert points_of(scenario) == [
        Setting("world", "limited-hours-10", "limited", "limits.off.hours", "10"),
        Setting("design", first, "pilot", RATE, "0.08"),
        Setting("design", first, "pilot", STAFF, "1"),
        Setting("design", second, "pilot", RATE, "0.08"),
        Setting("design", second, "pilot", STAFF, "2"),
    ]
    frame = pd.DataFrame(points_of(scenario))
    assert list(frame.columns) == ["kind", "name", "of", "path", "value"]
    assert origins_of(scenario) == {
        "worlds": {"limited-hours-10": "limited"},
        "designs": {first: "pilot", second: "pilot"},
    }


def test_without_an_experiment_there_is_none() -> None:
    scenario = read_scenario(TINY).scenario
    assert points_of(scenario) == []
    assert origins_of(scenario) == {"worlds": {}, "designs": {}}
