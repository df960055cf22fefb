"""A month worked in parts: waves that cover everybody once, and riders walked where they were put aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.scenario.world import World
from injurysim.world import workday, working
from injurysim.world.fast import FastWorld

Law = Callable[..., dict[str, Any]]
Days = Callable[..., Calendar]


@given(riders=st.integers(0, 200_000))
def test_each_wave_is_three_times_those_before_it_and_spread_over_all(riders: int) -> None:
    wave_of, waves = working._waves(riders)
    assert len(wave_of) == riders
    sizes = np.bincount(wave_of, minlength=waves)
    assert sizes.sum() == riders
    assert len(sizes) == waves
    block = working.RIDERS_OF_BLOCK
    assert sizes[0] <= working.FIRST_WAVE + block
    for wave in range(1, waves):
        before = int(sizes[:wave].sum())
        assert abs(int(sizes[wave]) - 3 * before) <= 4 * block
        # Wherever one looks, riders of the waves before are as near.
        first = np.flatnonzero(wave_of < wave)
        assert np.diff(first).max(initial=0) <= 4 ** (waves - wave) * block + 1


def test_with_all_rows_there_whoever_is_put_aside_is_walked_by_the_same_hand(
    law: Law, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time nothing is missing: two calls a part at most, and none to learn for."""
    world = FastWorld(World.model_validate(law()), days(), Streams(7, 0))
    first = list(world.months())
    called: list[tuple[bool, int]] = []
    work = workday.work_month

    def counted(*facts: Any) -> Any:
        called.append((facts[-2] is not None, len(facts[1])))
        return work(*facts)

    learnt: list[int] = []
    learn = world.tables.learn
    monkeypatch.setattr(workday, "work_month", counted)
    monkeypatch.setattr(
        world.tables, "learn", lambda missed, *more: learnt.append(len(missed)) or learn(missed, *more)
    )
    again = list(world.months())
    assert [month.orders.tolist() for month in again] == [month.orders.tolist() for month in first]
    assert set(learnt) == {0}
    hurt = sum(len(month.injuries) for month in again)
    assert hurt > 0
    walked = [riders for walking, riders in called if walking]
    looked_up = [riders for walking, riders in called if not walking]
    assert len(walked) <= len(looked_up) == len(again)
    assert 0 < sum(walked) < sum(looked_up)
