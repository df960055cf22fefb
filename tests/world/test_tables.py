"""What a world's law compiles to."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, expm1
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from injurysim.core.calendar import Calendar
from injurysim.core.errors import InputError
from injurysim.core.randomness import Streams
from injurysim.scenario.world import World
from injurysim.world.population import draw_population
from injurysim.world.tables import (
    ONE_INJURY,
    ONE_MINUTE,
    RECOVERY_ENDS_SHIFT,
    RECOVERY_NONE,
    RECOVERY_OFF_WORK,
    Tables,
    compile_world,
    cumulative,
)

Law = Callable[..., dict[str, Any]]
Days = Callable[..., Calendar]

BANDS = {
    "kind": "hours_on_shift",
    "bands": [{"from_hours": hour, "multiplier": factor} for hour, factor in ((0, 1), (4, "1.2"), (8, 2))],
    "rest": {"kind": "full", "after_minutes": 15},
}


def compiled(data: dict[str, Any], calendar: Calendar) -> Tables:
    world = World.model_validate(data)
    return compile_world(world, calendar, draw_population(world, Streams(0, 0)))


def test_cumulative_shares_end_at_one() -> None:
    assert cumulative([0.7, 0.2, 0.1]).tolist() == pytest.approx([0.7, 0.9, 1])
    assert cumulative([0.7, 0.2, 0.1])[-1] == 1.0
    assert cumulative([]).tolist() == []


class TestHours:
    def test_tables_of_hours_are_distribution_functions_by_the_minute(
        self, law: Law, group: Law, days: Days
    ) -> None:
        data = law(groups={"riders": group(work={
            "attendance": {"workday": "0.8", "weekend": "0.6", "holiday": "0.3"},
            "start_hour": {"kind": "uniform", "low": 6, "high": 14},
            "wanted_hours": {"kind": "uniform", "low": 4, "high": 12},
        })})  # fmt: skip
        tables = compiled(data, days())
        assert tables.attendance.tolist() == [[0.8, 0.6, 0.3]]
        for table, low, high, size in (
            (tables.start_cdf[0], 6 * 60, 14 * 60, 1440),
            (tables.wanted_cdf[0], 4 * 60, 12 * 60, 1201),
        ):
            assert table.shape == (size,)
            minute = np.arange(size)
            assert table == pytest.approx(np.clip((minute + 0.5 - low) / (high - low), 0, 1))

    def test_days_off_are_whole_days_half_up(self, law: Law, days: Days) -> None:
        tables = compiled(law(), days())
        serious = tables.days_off_cdf[1]  # classes stand by name: death, serious, slight
        assert serious.shape == (3651,)
        assert serious[10] == pytest.approx(0.5 / 30)
        assert serious[25] == pytest.approx(15.5 / 30)
        assert tables.days_off_cdf[0, 0] == 1
        assert tables.fatal.tolist() == [True, False, False]
        assert tables.severity_cdf.tolist() == pytest.approx([0.02, 0.30, 1])


class TestHazard:
    def test_adds_up_minute_by_minute_on_the_fatigue_clock(self, law: Law, days: Days) -> None:
        tables = compiled(law(fatigue=BANDS), days())
        hours = np.minimum(np.arange(1201) / 60, 20)
        multiplied = hours + 0.2 * np.maximum(hours - 4, 0) + 0.8 * np.maximum(hours - 8, 0)
        for portfolio, slot, per_hour in ((0, 0, 0.010), (1, 0, 0.010), (1, 1, 0.015)):
            found = tables.hazard_to[portfolio, slot, :1201] / ONE_INJURY
            assert found == pytest.approx(per_hour * multiplied, rel=1e-9)
        assert tables.platform_of.tolist() == [[0, -1], [0, 1]]

    def test_totals_of_a_shift_are_the_sums_of_its_segments(self, law: Law, days: Days) -> None:
        limits = {
            "spell": {"kind": "rest_after_spell", "scope": "all_platforms", "hours": 3, "rest_minutes": 20}
        }
        tables = compiled(law(fatigue=BANDS, limits=limits), days())
        wanted = 600
        for f in (0, 1):
            segments = [
                (
                    int(tables.segment_slot[0, f, wanted, s]),
                    int(tables.segment_minutes[0, f, wanted, s]),
                    int(tables.segment_clock[0, f, wanted, s]),
                )
                for s in range(tables.segments[0, f, wanted])
            ]
            assert [clock for _, _, clock in segments if clock >= 180] == []
            for slot in (0, 1):
                mine = [(minutes, clock) for k, minutes, clock in segments if k == slot]
                app = tables.platform_of[f, slot]
                assert tables.slot_minutes[0, f, wanted, slot] == sum(minutes for minutes, _ in mine)
                assert tables.slot_engaged[0, f, wanted, slot] == sum(
                    tables.engaged_to[app, minutes] for minutes, _ in mine
                )
                assert tables.slot_hazard[0, f, wanted, slot] == sum(
                    tables.hazard_to[f, slot, clock + minutes] - tables.hazard_to[f, slot, clock]
                    for minutes, clock in mine
                )
            assert tables.shift_minutes[0, f, wanted] == wanted + 3 * 20

    @pytest.mark.parametrize("per_1000_hours", [1000, 10**12])
    def test_an_absurd_hazard_is_refused(self, law: Law, days: Days, per_1000_hours: int) -> None:
        data = law()
        data["injuries"]["per_1000_hours"] = {"food": per_1000_hours, "parcel": 1}
        with pytest.raises(InputError, match="industry 'food' means hundreds of injuries"):
            compiled(data, days())

    def test_a_hazard_that_rests_renew_again_and_again_is_refused(self, law: Law, days: Days) -> None:
        """A multiplier that is high at first, and a rest after every hour: the first band counts all day long."""
        bands = [{"from_hours": 0, "multiplier": 20}, {"from_hours": 1, "multiplier": 0}]
        data = law(fatigue={**BANDS, "bands": bands})
        data["injuries"]["per_1000_hours"] = {"food": 90, "parcel": 1}
        with pytest.raises(InputError, match="hundreds of injuries"):
            compiled(data, days())


class TestEngaged:
    """An order in hand from an empty start: 1 - exp(-rate E[min(S, t)])."""

    def test_exponential_orders(self, law: Law, days: Days) -> None:
        tables = compiled(law(), days())
        per_minute, mean = 3 / 60, 20

        def busy(t: float) -> float:
            return -expm1(-per_minute * mean * -expm1(-t / mean))

        assert tables.busy[0, :5] == pytest.approx([busy(j + 0.5) for j in range(5)], rel=1e-4)
        assert tables.busy[0, -1] == pytest.approx(1 - exp(-1), rel=1e-5)
        for minutes in (30, 240, 1200):
            assert tables.engaged_to[0, minutes] / ONE_MINUTE == pytest.approx(
                quad(busy, 0, minutes)[0], rel=2e-4
            )

    def test_constant_orders(self, law: Law, days: Days) -> None:
        tables = compiled(law(), days())

        def busy(t: float) -> float:
            return -expm1(-2 / 60 * min(25, t))

        assert tables.busy[1] == pytest.approx([busy(j + 0.5) for j in range(1200)], rel=1e-9)
        assert tables.engaged_to[1, 300] / ONE_MINUTE == pytest.approx(
            quad(busy, 0, 300, points=[25])[0], rel=1e-5
        )

    def test_fixed_orders_are_in_hand_all_the_while(self, law: Law, days: Days) -> None:
        data = law()
        data["platforms"]["beta"]["orders"] = {"kind": "fixed_per_day", "per_day": 9}
        tables = compiled(data, days())
        assert (tables.busy[1] == 1).all()
        assert (tables.engaged_to[1] == np.arange(1201) * ONE_MINUTE).all()


class TestSets:
    def test_dated_limits_make_a_set_of_their_own(self, law: Law, days: Days) -> None:
        limits = {
            "ten": {"kind": "day_logoff", "scope": "all_platforms", "hours": 5, "first_day": "2023-01-15"}
        }
        tables = compiled(law(limits=limits), days(1))
        assert tables.set_of_day.tolist() == [0] * 14 + [1] * 17
        assert tables.shift_minutes[:, 0, 600].tolist() == [600, 300]

    @pytest.mark.parametrize(
        ("kind", "code"),
        [("none", RECOVERY_NONE), ("ends_shift", RECOVERY_ENDS_SHIFT), ("off_work", RECOVERY_OFF_WORK)],
    )
    def test_recovery_codes(self, law: Law, days: Days, kind: str, code: int) -> None:
        assert compiled(law(recovery={"kind": kind}), days()).recovery == code
