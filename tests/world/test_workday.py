"""The workday kernel against the laws it draws from; four standard errors, one false alarm in 16 000 a check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy.stats import lognorm

from injurysim.core.calendar import HOLIDAY, WEEKEND, WORKDAY, Calendar
from injurysim.core.errors import InputError
from injurysim.core.randomness import Purpose
from injurysim.scenario.world import World
from injurysim.world import roster, tables, workday
from injurysim.world.month import SITUATIONS, Month
from injurysim.world.population import Population

Law = Callable[..., dict[str, Any]]
Run = Callable[..., tuple[Population, list[Month]]]
Days = Callable[..., Calendar]
FOUR = 4.0

ALWAYS = {"workday": 1, "weekend": 1, "holiday": 1}


def every_day(hours: float = 8, start: float = 6, attendance: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "attendance": attendance or ALWAYS,
        "start_hour": {"kind": "constant", "value": start},
        "wanted_hours": {"kind": "constant", "value": hours},
    }


def one_day(calendar: Calendar, day: int = 0) -> Calendar:
    """The first month of a calendar cut to one day, and made of days of that kind."""
    kinds = np.full_like(calendar.day_types, calendar.day_types[day])
    return replace(calendar, months=1, month_starts=np.array([0, 1]), day_types=kinds)


def hazard(data: dict[str, Any], food: float, parcel: float | None = None) -> dict[str, Any]:
    data["injuries"]["per_1000_hours"] = {"food": food, "parcel": food if parcel is None else parcel}
    return data


class TestConstants:
    @pytest.mark.parametrize(
        "name", ["ATTENDANCE", "SHIFT", "INJURY_CLOCK", "SEVERITY", "DAYS_OFF", "SITUATION"]
    )
    def test_purposes_are_those_of_the_registry(self, name: str) -> None:
        assert getattr(workday, name) == Purpose[name]

    def test_units_and_codes_are_those_of_the_tables(self) -> None:
        assert roster.ONE_INJURY == tables.ONE_INJURY
        assert roster.RECOVERY_NONE == tables.RECOVERY_NONE
        assert roster.RECOVERY_OFF_WORK == tables.RECOVERY_OFF_WORK
        assert SITUATIONS[roster.ON_ORDER] == "on_order"
        assert SITUATIONS[roster.WAITING] == "waiting"


class TestWork:
    RIDERS = 20_000

    @pytest.mark.parametrize(("kind", "p"), [("workday", 0.8), ("weekend", 0.35), ("holiday", 0.1)])
    def test_attendance_goes_by_the_kind_of_day(
        self, law: Law, group: Law, run: Run, days: Days, kind: str, p: float
    ) -> None:
        calendar = days(1)
        chances = {"workday": 0, "weekend": 0, "holiday": 0, kind: p}
        riders = group(riders=self.RIDERS, work=every_day(attendance=chances))
        _, (month,) = run(World.model_validate(law(groups={"riders": riders})), calendar)
        code = {"workday": WORKDAY, "weekend": WEEKEND, "holiday": HOLIDAY}[kind]
        such = int(np.count_nonzero(calendar.day_types[:31] == code))
        assert such == {"workday": 21, "weekend": 8, "holiday": 2}[kind]
        n = self.RIDERS * such
        assert abs(month.rider_days.sum() / n - p) < FOUR * sqrt(p * (1 - p) / n)
        variance = such * p * (1 - p)  # days of a rider are independent
        kurtosis = 3 + (1 - 6 * p * (1 - p)) / variance
        spread = variance * sqrt((kurtosis - 1) / self.RIDERS)
        assert abs(month.rider_days.var() - variance) < FOUR * spread

    def test_wanted_and_start_have_their_laws(self, law: Law, group: Law, run: Run, days: Days) -> None:
        """How many exceed a quantile is binomial; a start is read off an injury, which comes whenever it starts."""
        riders = group(
            riders=self.RIDERS,
            portfolios={"one": {"split": {"alpha": 1}}},
            frailty={"kind": "none"},
            work={
                "attendance": ALWAYS,
                "start_hour": {"kind": "uniform", "low": 5, "high": 15},
                "wanted_hours": {"kind": "lognormal", "median": 8, "sigma": 0.3, "between": [1, 16]},
            },
        )
        world = World.model_validate(hazard(law(groups={"riders": riders}), 80))
        _, (month,) = run(world, one_day(days()))
        law_of_hours = lognorm(0.3, scale=8)
        low, high = law_of_hours.cdf([1, 16])
        for q in (0.05, 0.25, 0.5, 0.75, 0.95, 0.99):
            minute = int(60 * law_of_hours.ppf(low + q * (high - low)))
            # Minutes are rounded half up.
            above = (high - law_of_hours.cdf((minute + 0.5) / 60)) / (high - low)
            share = np.mean(month.online_minutes > minute)
            assert abs(share - above) < FOUR * sqrt(above * (1 - above) / self.RIDERS)
        start = month.injuries.minute - month.injuries.worked_minutes
        first = np.unique(month.injuries.rider, return_index=True)[1]  # one look at each rider
        assert len(first) > self.RIDERS / 3
        for hour in (6, 10, 14):
            above = (15 - hour - 0.5 / 60) / 10
            share = np.mean(start[first] > hour * 60)
            assert abs(share - above) < FOUR * sqrt(above * (1 - above) / len(first))
        assert start.min() >= 300
        assert start.max() <= 900

    def test_a_shift_waits_for_the_end_of_the_one_before(self, law: Law, group: Law, run: Run) -> None:
        """Twenty hours from 16:00 end at noon: a start drawn for 8:00 that day waits until then."""
        work = every_day(20, 8) | {"start_hour": {"kind": "discrete", "values": [8, 16], "weights": [1, 1]}}
        world = World.model_validate(hazard(law(groups={"riders": group(riders=300, work=work)}), 20))
        _, (month, _) = run(world)
        start = month.injuries.minute - month.injuries.worked_minutes
        assert {int(each) % 1440 for each in start} == {480, 720, 960}
        assert (month.rider_days == 31).all()

    def test_a_shift_longer_than_a_day_is_refused(self, law: Law, group: Law, run: Run) -> None:
        rest = {"kind": "rest_after_spell", "scope": "all_platforms", "hours": 10, "rest_minutes": 241}
        riders = group(riders=3, work=every_day(20, 8))
        with pytest.raises(InputError, match="more than a day"):
            run(World.model_validate(law(groups={"riders": riders}, limits={"rest": rest})))

    def test_nobody_works_where_nothing_is_wanted(self, law: Law, group: Law, run: Run) -> None:
        _, months = run(World.model_validate(law(groups={"riders": group(work=every_day(0.008))})))
        assert not any(month.rider_days.any() or month.online_minutes.any() for month in months)


class TestInjuries:
    def test_expected_injuries_are_the_compensator(self, law: Law, group: Law, run: Run) -> None:
        """Injuries less expected injuries is a martingale whose variance is the expected number.

        It holds whatever the absence, since the hazard counts worked minutes only, and on each platform.
        """
        fatigue = {
            "kind": "hours_on_shift",
            "bands": [{"from_hours": 0, "multiplier": 1}, {"from_hours": 6, "multiplier": 3}],
            "rest": {"kind": "rate", "hours_per_rest_hour": 2},
        }
        limits = {
            "rest": {"kind": "rest_after_spell", "scope": "all_platforms", "hours": 4, "rest_minutes": 30}
        }
        for recovery in ("none", "ends_shift", "off_work"):
            data = law(
                groups={"riders": group(riders=6000)},
                fatigue=fatigue,
                limits=limits,
                recovery={"kind": recovery},
            )
            population, months = run(World.model_validate(data))
            for platform in (0, 1):
                mine = population.engagement_platform == platform
                expected = sum(month.expected_injuries[mine].sum() for month in months)
                found = sum(np.count_nonzero(month.injuries.app == platform) for month in months)
                assert expected > 1500  # a bias of 10 % would be seen
                assert abs(found - expected) < FOUR * sqrt(expected)

    def test_the_hazard_is_frailty_times_factor_times_hours(self, law: Law, group: Law, run: Run) -> None:
        riders = group(hazard_factor="1.7", portfolios={"one": {"split": {"alpha": 1}}})
        population, (month, _) = run(World.model_validate(law(groups={"riders": riders})))
        expected = 1.7 * population.frailty * month.online_minutes / 60 * 0.010
        assert month.expected_injuries == pytest.approx(expected, rel=1e-8)

    def test_no_hazard_no_injuries(self, law: Law, group: Law, run: Run) -> None:
        for data in (hazard(law(), 0), law(groups={"riders": group(hazard_factor=0)})):
            _, months = run(World.model_validate(data))
            assert not any(len(month.injuries) for month in months)
            assert not any(month.expected_injuries.any() for month in months)

    def test_walking_a_shift_counts_what_looking_it_up_counts(self, law: Law, group: Law, run: Run) -> None:
        """Where injuries change nothing, work is the same with many of them (every shift walked) and with none."""
        split = {"alpha": "0.2", "beta": "0.8"}
        limits = {
            "app": {"kind": "day_logoff", "scope": "platform", "hours": 5, "response": "switch"},
            "day": {"kind": "day_logoff", "scope": "all_platforms", "hours": "9.5"},
            "rest": {"kind": "rest_after_spell", "scope": "all_platforms", "hours": 2, "rest_minutes": 10},
        }
        data = law(groups={"riders": group(portfolios={"both": {"split": split}})}, limits=limits)
        _, safe = run(World.model_validate(hazard(data, 0)))
        _, risky = run(World.model_validate(hazard(data, 95)))
        assert (
            sum(len(month.injuries) for month in risky)
            > 2 * sum(month.rider_days.sum() for month in risky) / 5
        )
        for one, other in zip(safe, risky, strict=True):
            for name in ("days_worked", "online_minutes", "engaged_minutes", "orders", "rider_days"):
                assert (getattr(one, name) == getattr(other, name)).all(), name

    def test_injuries_are_numbered_and_in_order(self, law: Law, run: Run) -> None:
        population, months = run(World.model_validate(hazard(law(), 30)))
        for month in months:
            rows = month.injuries
            assert (np.diff(rows.rider) >= 0).all()
            assert (rows.month == month.index).all()
            for rider in np.unique(rows.rider):
                mine = rows.rider == rider
                assert rows.k[mine].tolist() == list(range(np.count_nonzero(mine)))
                assert (np.diff(rows.minute[mine]) >= 0).all()
                first = population.first_engagement[rider]
                slots = slice(first, population.first_engagement[rider + 1])
                assert set(rows.app[mine].tolist()) <= set(population.engagement_platform[slots].tolist())

    def test_situation_is_the_order_in_hand(self, law: Law, group: Law, run: Run) -> None:
        """Under a flat hazard the share of injuries on an order is that of the engaged minutes."""
        _, months = run(World.model_validate(hazard(law(groups={"riders": group(riders=4000)}), 30)))
        engaged = sum(month.engaged_minutes.sum() for month in months)
        share = engaged / sum(month.online_minutes.sum() for month in months)
        situation = np.concatenate([month.injuries.situation for month in months])
        assert len(situation) > 20_000
        assert abs(np.mean(situation == 0) - share) < FOUR * sqrt(share * (1 - share) / len(situation))


class TestRecovery:
    def world(self, law: Law, group: Law, recovery: str, per_1000_hours: float = 60) -> World:
        riders = group(riders=1000, work=every_day(8, 6), portfolios={"one": {"split": {"alpha": 1}}})
        data = law(groups={"riders": riders}, recovery={"kind": recovery})
        return World.model_validate(hazard(data, per_1000_hours))

    def test_ends_shift_ends_it_with_the_minute_of_the_injury(
        self, law: Law, group: Law, run: Run, days: Days
    ) -> None:
        _, (month,) = run(self.world(law, group, "ends_shift"), one_day(days()))
        hurt = month.injuries
        assert len(np.unique(hurt.rider)) == len(hurt)
        assert (month.online_minutes[hurt.rider] == hurt.worked_minutes + 1).all()
        assert (hurt.minute == 360 + hurt.worked_minutes).all()
        others = np.setdiff1d(np.arange(1000), hurt.rider)
        assert (month.online_minutes[others] == 480).all()

    def test_ends_shift_is_back_the_next_day_unless_dead(self, law: Law, group: Law, run: Run) -> None:
        _, months = run(self.world(law, group, "ends_shift"))
        left = {}
        for month in months:
            for rider, minute in zip(
                month.injuries.rider[month.injuries.fatal],
                month.injuries.minute[month.injuries.fatal],
                strict=True,
            ):
                assert rider not in left
                left[int(rider)] = int(minute) // 1440
        assert len(left) > 50
        worked = sum(month.rider_days for month in months)
        for rider in range(1000):
            assert worked[rider] == left.get(rider, 58) + 1  # the calendar has 59 days, from 0 to 58

    def test_off_work_stays_away_the_days_drawn(self, law: Law, group: Law, run: Run) -> None:
        _, months = run(self.world(law, group, "off_work"))
        absent: dict[int, int] = {}
        away = np.zeros(1000, np.int64)
        for month in months:
            rows = month.injuries
            for rider, minute, off, fatal in zip(
                rows.rider.tolist(),
                rows.minute.tolist(),
                rows.days_off.tolist(),
                rows.fatal.tolist(),
                strict=True,
            ):
                day = minute // 1440
                assert day >= absent.get(rider, 0)
                absent[rider] = 10**6 if fatal else day + 1 + off
                away[rider] += min(absent[rider], 59) - day - 1
        assert (sum(month.rider_days for month in months) == 59 - away).all()

    def test_the_textbook_case_changes_nothing(self, law: Law, group: Law, run: Run) -> None:
        _, months = run(self.world(law, group, "none"))
        assert (sum(month.rider_days for month in months) == 59).all()
        assert any(month.injuries.fatal.any() for month in months)
