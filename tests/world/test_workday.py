"""The workday kernel against the laws it draws from; four standard errors, one false alarm in 16 000 a check."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy.stats import lognorm

from injurysim.core.calendar import HOLIDAY, WEEKEND, WORKDAY, Calendar
from injurysim.core.randomness import Purpose
from injurysim.scenario.injuries import EndsShift, NoAbsence, OffWork
from injurysim.scenario.world import World
from injurysim.world import fast, layout, packed, roster
from injurysim.world.hurting import hurting
from injurysim.world.month import SITUATIONS, Month
from injurysim.world.picks import START_CELLS, START_MINUTES, WANTED_CELLS, WANTED_MINUTES
from injurysim.world.population import Population
from injurysim.world.presence import DRAWN_TOGETHER, draws_of

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


def all_draws() -> Iterable[np.ndarray]:
    """Draws of months of 31 days that begin on any day of a draw."""
    return (draws_of(first, first + 31) for first in range(DRAWN_TOGETHER))


class TestConstants:
    @pytest.mark.parametrize(
        "name", ["SHIFT", "INJURY_CLOCK", "SEVERITY", "DAYS_OFF", "SITUATION", "PRESENCE"]
    )
    def test_purposes_are_those_of_the_registry(self, name: str) -> None:
        assert getattr(roster, name) == Purpose[name]

    def test_codes_are_those_of_the_months_and_of_the_rules(self) -> None:
        codes = (roster.ON_ORDER, roster.WAITING, roster.TRAVELLING)
        assert [SITUATIONS[code] for code in codes] == ["on_order", "waiting", "travelling"]
        assert {
            NoAbsence: roster.RECOVERY_NONE, EndsShift: roster.RECOVERY_ENDS_SHIFT, OffWork: roster.RECOVERY_OFF_WORK
        } == fast._RECOVERIES  # fmt: skip

    def test_rows_have_room_for_the_longest_portfolio_and_month(self, law: Law) -> None:
        room, on_foot = roster.new_room(), roster.on_foot_with(hurting(World.model_validate(law()), 0), 1)
        assert len(on_foot.walked) == layout.HEAD + layout.MOST_APPS * layout.PER_APP
        assert len(on_foot.row) == packed.width_of(layout.MOST_APPS, layout.ADDITIVE) == packed.MOST_WIDTH
        # Days of draws reach into other months, and one place more is written than there are days.
        assert room.plan.coming.shape[1] > 31 + 2 * (DRAWN_TOGETHER - 1)
        assert len(room.first_word) >= max(map(len, all_draws()))
        assert layout.LIMIT_COLUMNS == layout.FIRST_COEFFICIENT + layout.MOST_APPS
        assert WANTED_CELLS * WANTED_MINUTES == 20 * 60
        assert 24 * 60 == START_CELLS * START_MINUTES == layout.MINUTES_OF_DAY


class TestWork:
    RIDERS = 10_000

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
            minute = 5 * int(12 * law_of_hours.ppf(low + q * (high - low)))
            # Wishes are rounded to five minutes, half up.
            above = (high - law_of_hours.cdf((minute + 2.5) / 60)) / (high - low)
            share = np.mean(month.online_minutes > minute)
            assert abs(share - above) < FOUR * sqrt(above * (1 - above) / self.RIDERS)
        start = month.injuries.minute - month.injuries.worked_minutes
        first = np.unique(month.injuries.rider, return_index=True)[1]  # one look at each rider
        assert len(first) > self.RIDERS / 3
        for hour in (6, 10, 14):
            above = (15 - hour - 0.125) / 10  # to the quarter of an hour, half up
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

    def test_a_shift_may_be_longer_than_a_day(self, law: Law, group: Law, run: Run) -> None:
        """Twenty hours with a rest of over four: the next shift begins at the first quarter after, 30 minutes later."""
        rest = {"kind": "rest_after_spell", "scope": "all_platforms", "hours": 10, "rest_minutes": 269}
        riders = group(riders=200, work=every_day(20, 0), portfolios={"one": {"split": {"alpha": 1}}})
        data = law(groups={"riders": riders}, limits={"rest": rest})
        _, (month, _) = run(World.model_validate(hazard(data, 20)))
        first = (month.injuries.worked_minutes < 600) & (month.injuries.minute < 20 * 1440)
        start = month.injuries.minute[first] - month.injuries.worked_minutes[first]
        # A shift of 1469 minutes in steps of 1470: the one of day d begins 30 d minutes after its midnight.
        assert len(start) > 100
        assert (start % 1470 == 0).all()
        assert (month.rider_days == 31).all()

    def test_hours_off_after_a_log_off_hold_back_the_next_shift(self, law: Law, group: Law, run: Run) -> None:
        """Logged off at 13:00 for twenty hours: the next day begins at 9:00, and then at 10:00, and so on."""
        limit = {"kind": "day_logoff", "scope": "platform", "hours": 5, "off_hours": 20}
        riders = group(riders=300, work=every_day(8, 8), portfolios={"one": {"split": {"alpha": 1}}})
        _, (month, _) = run(
            World.model_validate(hazard(law(groups={"riders": riders}, limits={"cap": limit}), 20))
        )
        start = month.injuries.minute - month.injuries.worked_minutes
        day = start // 1500  # twenty-five hours from start to start
        assert (start == day * 1500 + 480).all()
        assert month.worked_minutes.max() == 31 * 300

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
                groups={"riders": group(riders=3000)},
                fatigue=fatigue,
                limits=limits,
                recovery={"kind": recovery},
            )
            population, months = run(World.model_validate(data))
            for platform in (0, 1):
                mine = population.engagement_platform == platform
                expected = sum(month.expected_injuries[mine].sum() for month in months)
                found = sum(np.count_nonzero(month.injuries.app == platform) for month in months)
                assert expected > 700  # a bias of 15 % would be seen
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
        _, months = run(World.model_validate(hazard(law(groups={"riders": group(riders=2000)}), 30)))
        engaged = sum(month.engaged_minutes.sum() for month in months)
        share = engaged / sum(month.online_minutes.sum() for month in months)
        situation = np.concatenate([month.injuries.situation for month in months])
        assert len(situation) > 10_000
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


class TestLastingLimits:
    """By week and month, on clocks that run on from shift to shift."""

    def month(self, law: Law, group: Law, run: Run, limit: dict[str, Any], **data: Any) -> list[Month]:
        riders = group(riders=50, work=every_day(8, 6), portfolios={"one": {"split": {"alpha": 1}}})
        return run(World.model_validate(law(groups={"riders": riders}, limits={"cap": limit}, **data)))[1]

    @pytest.mark.parametrize("scope", ["platform", "all_platforms"])
    def test_a_week_ends_on_sunday(self, law: Law, group: Law, run: Run, scope: str) -> None:
        """The first of January 2023 is a Sunday of its own; the last week goes on in February."""
        limit = {"kind": "week_logoff", "scope": scope, "hours": 44}
        january, february = self.month(law, group, run, limit)
        # Eight hours, four weeks of 44, and Monday and Tuesday of the fifth.
        assert set(january.worked_minutes.tolist()) == {(8 + 4 * 44 + 16) * 60}
        assert set(january.rider_days.tolist()) == {1 + 4 * 6 + 2}
        # What is left of that week: 28 hours; three weeks; and Monday and Tuesday.
        assert set(february.worked_minutes.tolist()) == {(28 + 3 * 44 + 16) * 60}

    def test_a_month_begins_afresh(self, law: Law, group: Law, run: Run) -> None:
        limit = {"kind": "month_logoff", "scope": "all_platforms", "hours": "100.5"}
        for month in self.month(law, group, run, limit):
            assert set(month.worked_minutes.tolist()) == {6030}
            assert set(month.rider_days.tolist()) == {13}

    def test_a_billed_clock_counts_the_billed_minutes(self, law: Law, group: Law, run: Run) -> None:
        platforms = law()["platforms"]
        platforms["alpha"] |= {"billed_share": "0.3", "orders": {"kind": "fixed_per_day", "per_day": 9}}
        limit = {"kind": "month_logoff", "scope": "platform", "clock": "billed", "hours": 27}
        for month in self.month(law, group, run, limit, platforms=platforms):
            assert set(month.worked_minutes.tolist()) == {90 * 60}

    def test_apps_at_once_are_counted_once_over_all_platforms(self, law: Law, group: Law, run: Run) -> None:
        for scope, online in (("platform", [100, 100]), ("all_platforms", [100, 100])):
            limit = {"kind": "month_logoff", "scope": scope, "hours": 100}
            both = {"both": {"at_once": True, "split": {"alpha": "0.6", "beta": "0.4"}}}
            riders = group(riders=20, work=every_day(8, 6), portfolios=both)
            _, (month, _) = run(World.model_validate(law(groups={"riders": riders}, limits={"cap": limit})))
            assert set(month.worked_minutes.tolist()) == {6000}
            assert month.online_minutes.reshape(20, 2).tolist() == [[60 * each for each in online]] * 20


class TestTravelling:
    def test_injuries_on_the_way_are_counted_and_placed(self, law: Law, group: Law, run: Run) -> None:
        """Forty minutes of way at half the factor, to eight hours of work."""
        riders = group(riders=2000, work={**every_day(8, 6), "commute_minutes": 20}, frailty={"kind": "none"})
        data = hazard(law(groups={"riders": riders}), 20)
        data["injuries"]["situations"] = {"on_order": 1, "waiting": 1, "travelling": "0.5"}
        _, (month, _) = run(World.model_validate(data))
        hurt = month.injuries
        travelling = hurt.situation == roster.TRAVELLING
        share = 40 * 0.5 / (480 + 40 * 0.5)
        assert abs(travelling.mean() - share) < FOUR * sqrt(share * (1 - share) / len(hurt))
        since = hurt.minute % 1440 - 360
        out = hurt.worked_minutes == 0
        assert (since[travelling & out] < 20).all()
        assert (since[travelling & ~out] >= 500).all()
        assert (since[~travelling] == hurt.worked_minutes[~travelling] + 20).all()
        expected = month.expected_injuries.sum()
        assert abs(len(hurt) - expected) < FOUR * sqrt(expected)


class TestSecondApp:
    def test_is_the_next_with_an_order_in_hand(self, law: Law, group: Law, run: Run) -> None:
        """With both apps open, an injury on an order falls by the chances of orders on one, the other, or both."""
        both = {"both": {"at_once": True, "split": {"alpha": "0.5", "beta": "0.5"}}}
        riders = group(riders=1500, work=every_day(8, 6), portfolios=both, frailty={"kind": "none"})
        data = hazard(law(groups={"riders": riders}), 20)
        for name, per_hour in (("alpha", 4), ("beta", 2)):
            data["platforms"][name]["orders"] = {
                "kind": "poisson", "per_hour": per_hour, "minutes": {"kind": "constant", "value": 30}
            }  # fmt: skip
        _, months = run(World.model_validate(data))
        columns = ("app", "second_app", "situation", "worked_minutes")
        app, second, situation, before = (
            np.concatenate([getattr(month.injuries, name) for month in months]) for name in columns
        )
        late = before >= 30  # the chances have settled: rates of two and one an hour, half an hour each
        one, other = 1 - np.exp(-1.0), 1 - np.exp(-0.5)
        chances = {
            (0, 1): one * other, (0, -1): one * (1 - other), (1, -1): (1 - one) * other,
        }  # fmt: skip
        on_order = late & (situation == roster.ON_ORDER)
        n = late.sum()
        for (first, next_one), chance in chances.items():
            found = np.count_nonzero(on_order & (app == first) & (second == next_one)) / n
            assert abs(found - chance) < FOUR * sqrt(chance * (1 - chance) / n)
        waiting = (1 - one) * (1 - other)
        assert abs(np.mean(situation[late] == roster.WAITING) - waiting) < FOUR * sqrt(
            waiting * (1 - waiting) / n
        )
