"""The fatigue clock."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from injurysim.scenario.fatigue import Fatigue
from injurysim.world.fatigue import clock_after_rest, multiplier_by_minute

FATIGUE: TypeAdapter[Fatigue] = TypeAdapter(Fatigue)
NONE = FATIGUE.validate_python({"kind": "none"})


def hours(rest: dict[str, Any], *bands: tuple[float, float]) -> Fatigue:
    return FATIGUE.validate_python(
        {
            "kind": "hours_on_shift",
            "bands": [{"from_hours": start, "multiplier": factor} for start, factor in bands or ((0, 1),)],
            "rest": rest,
        }
    )


def rate(of: Any) -> Fatigue:
    return hours({"kind": "rate", "hours_per_rest_hour": of})


def full(after: int) -> Fatigue:
    return hours({"kind": "full", "after_minutes": after})


class TestMultiplier:
    def test_is_one_without_fatigue(self) -> None:
        assert multiplier_by_minute(NONE, 100).tolist() == [1.0] * 100

    def test_steps_at_the_first_minute_of_a_band(self) -> None:
        bands = hours({"kind": "full", "after_minutes": 1}, (0, 1), (0.5, 1.5), (1, 0.25))
        assert multiplier_by_minute(bands, 70).tolist() == [1.0] * 30 + [1.5] * 30 + [0.25] * 10


class TestRest:
    @given(st.integers(0, 1200), st.integers(0, 600))
    def test_without_fatigue_nothing_happens(self, clock: int, rest: int) -> None:
        assert clock_after_rest(NONE, clock, rest) == clock

    @given(st.integers(0, 1200), st.integers(0, 600), st.integers(0, 600))
    def test_full_recovery_is_all_or_nothing(self, clock: int, rest: int, after: int) -> None:
        assert clock_after_rest(full(after), clock, rest) == (0 if rest >= after else clock)

    @given(st.integers(0, 1200), st.integers(0, 600), st.integers(0, 8))
    def test_a_rate_lowers_the_clock_but_not_below_zero(self, clock: int, rest: int, of: int) -> None:
        assert clock_after_rest(rate(of), clock, rest) == max(0, clock - of * rest)

    @pytest.mark.parametrize(("of", "rest", "left"), [("0.5", 30, 105), ("1.25", 30, 82), ("0.01", 30, 120)])
    def test_the_clock_stays_in_whole_minutes(self, of: str, rest: int, left: int) -> None:
        assert clock_after_rest(rate(of), 120, rest) == left

    @given(st.integers(0, 1200), st.integers(0, 600), st.floats(0, 5), st.floats(0, 5))
    def test_a_faster_recovery_never_tires(self, clock: int, rest: int, one: float, other: float) -> None:
        slow, fast = sorted((one, other))
        assert clock_after_rest(rate(fast), clock, rest) <= clock_after_rest(rate(slow), clock, rest)
