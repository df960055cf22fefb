"""Marks of an injury that decide what follows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from injurysim.scenario.world import World
from injurysim.world.hurting import cumulative, hurting

Law = Callable[..., dict[str, Any]]


def test_cumulative_shares_end_at_one() -> None:
    assert cumulative([0.7, 0.2, 0.1]).tolist() == pytest.approx([0.7, 0.9, 1])
    assert cumulative([0.7, 0.2, 0.1])[-1] == 1.0
    assert cumulative([]).tolist() == []


def test_days_off_are_whole_days_half_up_and_classes_stand_by_name(law: Law) -> None:
    made = hurting(World.model_validate(law()), 2)
    death, serious, slight = made.days_off_cdf
    assert len(serious) == len(slight) == 3651
    assert serious[10] == pytest.approx(0.5 / 30)
    assert serious[25] == pytest.approx(15.5 / 30)
    assert death[0] == 1
    assert made.fatal.tolist() == [True, False, False]
    assert made.severity_cdf.tolist() == pytest.approx([0.02, 0.30, 1])
    assert made.recovery == 2


def test_listed_injuries_have_no_classes_to_draw(law: Law) -> None:
    listed = {"kind": "listed", "severities": ["slight"], "items": []}
    made = hurting(World.model_validate(law(injuries=listed)), 0)
    assert made.severity_cdf.shape == (0,)
    assert made.days_off_cdf.shape[0] == 0
