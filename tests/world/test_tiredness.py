"""Multipliers by minute, what a rest restores, and the states of fatigue a day can begin in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from injurysim.scenario.fatigue import Factors
from injurysim.scenario.world import World
from injurysim.world import tiredness
from injurysim.world.month import Month
from injurysim.world.population import Population

Law = Callable[..., dict[str, Any]]
Run = Callable[..., tuple[Population, list[Month]]]

RATE = {"kind": "rate", "hours_per_rest_hour": "1.5"}
WEEK = [{"from_hours": 0, "multiplier": "0.9"}, {"from_hours": 40, "multiplier": "1.3"}]
EVERY_DAY = {
    "attendance": {"workday": 1, "weekend": 1, "holiday": 1},
    "start_hour": {"kind": "constant", "value": 8},
    "wanted_hours": {"kind": "constant", "value": 10},
}


def factors(**given: Any) -> Factors:
    return Factors.model_validate({"kind": "factors", "rest": RATE, **given})


class TestByMinute:
    def test_a_band_holds_from_its_minute_on(self) -> None:
        bands = [{"from_hours": 0, "multiplier": 1}, {"from_hours": "2.5", "multiplier": 2}]
        by_minute = tiredness.shift_factors(factors(hours_on_shift=bands))
        assert by_minute.tolist() == [1.0] * 150 + [2.0] * (len(by_minute) - 150)

    def test_the_last_band_since_a_break_holds_for_good(self) -> None:
        bands = [{"from_minutes": 0, "multiplier": "0.8"}, {"from_minutes": 90, "multiplier": 2}]
        given = factors(since_break={"break_minutes": 15, "bands": bands})
        assert tiredness.break_factors(given).tolist() == [0.8] * 90 + [2.0]
        assert tiredness.break_minutes(given) == 15
        assert tiredness.break_factors(factors()).tolist() == [1.0]

    def test_hours_hold_until_the_next_one_listed(self) -> None:
        assert tiredness.hour_factors(factors(hour_of_day={0: 2, 6: 1, 22: 3})).tolist() == (
            [2.0] * 6 + [1.0] * 16 + [3.0] * 2
        )

    def test_rests_restore_by_a_rate_or_all(self) -> None:
        by_rate = tiredness.restored_minutes(factors())
        assert by_rate[[0, 1, 2, 3, 40]].tolist() == [0, 2, 3, 5, 60]  # halves up
        full = tiredness.restored_minutes(factors(rest={"kind": "full", "after_minutes": 30}))
        assert full[:30].tolist() == [0] * 30
        assert (full[30:] > 10_000).all()


class TestStatesOfTheDay:
    def test_are_all_combinations(self) -> None:
        states = tiredness.day_states(
            factors(
                week_hours=WEEK,
                consecutive_days={1: 1, 3: "1.2", 6: "1.5"},
                short_rest={"below_hours": 11, "multiplier": 2},
            )
        )
        assert (states.week_from.tolist(), states.row_from.tolist(), states.short_below) == (
            [0, 2400],
            [1, 3, 6],
            660,
        )
        for band, week in enumerate((0.9, 1.3)):
            for place, row in enumerate((1, 1.2, 1.5)):
                for short, rest in enumerate((1, 2)):
                    state = (band * 3 + place) * 2 + short
                    assert states.factor[state] == pytest.approx(week * row * rest)
                    assert states.added[state] == pytest.approx(week + row + rest - 3)
        assert states.matter

    def test_do_not_matter_when_all_are_one(self) -> None:
        assert not tiredness.day_states(factors()).matter
        assert not tiredness.day_states(factors(consecutive_days={1: 1, 4: 1})).matter

    def test_matter_when_they_add_though_they_multiply_to_one(self) -> None:
        week = [{"from_hours": 0, "multiplier": "0.5"}]
        assert tiredness.day_states(
            factors(week_hours=week, consecutive_days={1: 2}, combine="additive")
        ).matter


class TestInTheWorld:
    """Everybody works ten hours from eight o'clock on every day: the state of each day is known."""

    def rates(self, law: Law, group: Law, run: Run, **given: Any) -> np.ndarray:
        """Expected injuries of the month over those without fatigue, as a factor."""
        riders = group(riders=5, work=given.pop("work", EVERY_DAY), frailty={"kind": "none"},
                       portfolios={"one": {"split": {"alpha": 1}}})  # fmt: skip
        fatigue = {"kind": "factors", "rest": RATE, **given}
        _, months = run(World.model_validate(law(groups={"riders": riders}, fatigue=fatigue)))
        return np.array(
            [month.expected_injuries.sum() / (month.online_minutes.sum() / 60 * 0.010) for month in months]
        )

    def test_days_in_a_row_run_on_across_months(self, law: Law, group: Law, run: Run) -> None:
        found = self.rates(law, group, run, consecutive_days={1: 1, 3: "1.2", 31: 2})
        assert found == pytest.approx([(2 + 28 * 1.2 + 2) / 31, 2.0])

    def test_hours_of_seven_days_are_those_before_the_day(self, law: Law, group: Law, run: Run) -> None:
        """Ten hours a day: forty are reached before the fifth day."""
        found = self.rates(law, group, run, week_hours=WEEK)
        assert found == pytest.approx([(4 * 0.9 + 27 * 1.3) / 31, 1.3])
        most = [*WEEK, {"from_hours": 70, "multiplier": 2}, {"from_hours": 71, "multiplier": 9}]
        assert self.rates(law, group, run, week_hours=most)[1] == pytest.approx(2)  # seven days and no more

    def test_short_rest_counts_on_the_day_and_the_next(self, law: Law, group: Law, run: Run) -> None:
        """Fourteen hours between two shifts, and the first day has none before it."""
        short = {"below_hours": 14, "multiplier": 3}
        assert self.rates(law, group, run, short_rest=short) == pytest.approx([1, 1])
        short["below_hours"] = "14.01"
        assert self.rates(law, group, run, short_rest=short) == pytest.approx([(1 + 30 * 3) / 31, 3])
        # On workdays only: after a day off the rest is long, but yesterday's short one counts on a next day only.
        weekdays = {**EVERY_DAY, "attendance": {"workday": 1, "weekend": 0, "holiday": 0}}
        found = self.rates(law, group, run, short_rest=short, work=weekdays)
        # January 2023 with two Mondays off and a Saturday of work: first days of spells are not short.
        assert found[0] == pytest.approx((21 * 3 - 2 * 5) / 21)

    def test_the_way_home_counts_into_the_rest_before(self, law: Law, group: Law, run: Run) -> None:
        work = {**EVERY_DAY, "commute_minutes": 30}
        short = {"below_hours": "13.01", "multiplier": 3}
        still = {"below_hours": 13, "multiplier": 3}
        # Half an hour out and back of travelling at a factor of one, at the state of the day too.
        assert self.rates(law, group, run, short_rest=short, work=work)[1] == pytest.approx(3 * 1.1)
        assert self.rates(law, group, run, short_rest=still, work=work)[1] == pytest.approx(1.1)

    @pytest.mark.parametrize("combine", ["product", "additive", "capped"])
    def test_states_combine_with_the_hours(self, law: Law, group: Law, run: Run, combine: str) -> None:
        hours = [{"from_hours": 0, "multiplier": "0.4"}, {"from_hours": 5, "multiplier": 2}]
        more = {"cap": 3} if combine == "capped" else {}
        found = self.rates(
            law, group, run, hours_on_shift=hours, hour_of_day={0: "0.5"}, consecutive_days={1: "1.5", 2: 4},
            combine=combine, **more,
        )  # fmt: skip
        expected = {
            "product": (0.4 + 2) / 2 * 0.5 * 4,
            "additive": (0.4 + 2) / 2 + 0.5 + 4 - 2,
            "capped": (0.4 * 0.5 * 4 + 3) / 2,
        }[combine]
        assert found[1] == pytest.approx(expected)

    def test_adding_is_not_cut_at_zero_before_the_day_is_added(self, law: Law, group: Law, run: Run) -> None:
        """0.3 and 0.5 add to -0.2, which a day of never less than 1.5 lifts above zero."""
        found = self.rates(
            law, group, run, hours_on_shift=[{"from_hours": 0, "multiplier": "0.3"}], hour_of_day={0: "0.5"},
            consecutive_days={1: "1.5"}, combine="additive",
        )  # fmt: skip
        assert found == pytest.approx([0.3, 0.3])

    def test_adding_counts_factors_that_multiply_to_one(self, law: Law, group: Law, run: Run) -> None:
        week = [{"from_hours": 0, "multiplier": "0.5"}]
        found = self.rates(law, group, run, week_hours=week, consecutive_days={1: 2}, combine="additive")
        assert found == pytest.approx([1.5, 1.5])
