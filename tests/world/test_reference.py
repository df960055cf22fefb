"""The reference model by itself: each part of the law against what it comes to by hand."""

from __future__ import annotations

import math
import runpy
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from injurysim.core.randomness import Streams
from injurysim.scenario.world import World
from injurysim.world.month import SITUATIONS, Injuries, Month
from injurysim.world.reference import ReferenceWorld
from injurysim.world.reference_past import Past

worlds = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("worlds_for_tests.py"))))
LIMITS, ONE, TWO = worlds.LIMITS, worlds.ONE, worlds.TWO
calendar, fixed, group, poisson, steady, world = (
    worlds.calendar, worlds.fixed, worlds.group, worlds.poisson, worlds.steady, worlds.world,
)  # fmt: skip

ALPHA: dict[str, Any] = {"alpha": fixed()}
PER_MINUTE = 15 / 60_000
"""Hazard of a worked minute on parcel platforms."""
ON_ORDER, WAITING, TRAVELLING = (SITUATIONS.index(each) for each in ("on_order", "waiting", "travelling"))
Z = 4.5
"""Standard errors of a sound mean: a false alarm in 150 000."""


def run(law: World, months: int = 1, seed: int = 5) -> list[Month]:
    return list(ReferenceWorld(law, calendar(months), Streams(seed, 0)).months())


def one(
    work: dict[str, Any],
    platforms: dict[str, Any] | None = None,
    riders: int = 1,
    split: dict[str, Any] | None = None,
    recovery: str = "none",
    given: dict[str, Any] | None = None,
    **changes: Any,
) -> World:
    """A world of one group; ``given`` goes to the group, ``changes`` to the world."""
    portfolio = {"split": split or {"alpha": 1}, "at_once": (given or {}).pop("at_once", False)}
    people = group(riders, {"alpha": 1}, work=work, **{"portfolios": {"p": portfolio}, **(given or {})})
    return world(
        {"riders": people}, platforms or ALPHA, recovery=recovery, **{"fatigue": {"kind": "none"}, **changes}
    )


def multiplier(work: dict[str, Any], months: int = 1, **changes: Any) -> list[float]:
    """Integrated hazard of a month over that of a minute, in minutes."""
    return [float(month.expected_injuries.sum() / PER_MINUTE) for month in run(one(work, **changes), months)]


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[int, int, int, int]]]:
    """Run a world of one rider: day, and minutes of that day at which the rider sets out, works for, is home."""

    def look(law: World, months: int = 1) -> list[tuple[int, int, int, int]]:
        starts: list[int] = []
        found: list[tuple[int, int, int, int]] = []
        began, closed = Past.weariness, Past.close

        def begin(self: Past, fatigue: Any, day: int, start: int) -> Any:
            starts.append(start)
            return began(self, fatigue, day, start)

        def close(self: Past, meters: Any, day: int, month: int, *, worked: int, end: int) -> None:
            found.append((day, starts[-1] - day * 1440, worked, end - day * 1440))
            closed(self, meters, day, month, worked=worked, end=end)

        monkeypatch.setattr(Past, "weariness", begin)
        monkeypatch.setattr(Past, "close", close)
        run(law, months)
        return found

    return look


Spans = Callable[..., list[tuple[int, int, int, int]]]


class TestShifts:
    def test_the_way_there_and_back(self, spans: Spans) -> None:
        found = spans(one(steady(2, commute_minutes=25)))
        assert found == [(day, 480, 120, 480 + 25 + 120 + 25) for day in range(31)]

    def test_starts_and_hours_are_rounded(self, spans: Spans) -> None:
        """8:07:30 is nearer to 8:15 half up, 2.04 hours are 122.4 minutes."""
        assert spans(one(steady(2.04, 8.125)))[0] == (0, 495, 120, 615)
        assert spans(one(steady(2.05, 23.99)))[0] == (0, 1440, 125, 1565)

    def test_the_season_changes_hours_and_attendance(self, spans: Spans) -> None:
        season = {"hours": {1: "0.5"}, "attendance": {2: 0}}
        found = spans(one(steady(2, season=season)), 2)
        assert found == [(day, 480, 60, 540) for day in range(31)]

    def test_begins_when_free(self, spans: Spans) -> None:
        """Two hours of way home after 20 of work: at six, and then ever later, by quarters."""
        found = spans(one(steady(20, 8, commute_minutes=130)))
        first, second, third, *_ = found
        assert first == (0, 480, 1200, 1940)
        assert second == (1, 510, 1200, 1970)  # free at 500 of the second day
        assert third == (2, 540, 1200, 2000)

    def test_hours_off(self, spans: Spans) -> None:
        """Off until 10:00 of the next day."""
        off = {"kind": "day_logoff", "scope": "platform", "hours": 10, "off_hours": 16}
        found = spans(one(steady(12), limits={"off": off}))
        assert found[:3] == [(0, 480, 600, 1080), (1, 600, 600, 1200), (2, 720, 600, 1320)]

    def test_no_shift_when_the_week_is_over(self, spans: Spans) -> None:
        week = {"kind": "week_logoff", "scope": "all_platforms", "hours": 20}
        found = spans(one(steady(8), limits={"week": week}))
        assert [(day, worked) for day, _, worked, _ in found][:7] == [
            (0, 480), (1, 480), (2, 480), (3, 240), (8, 480), (9, 480), (10, 240),
        ]  # fmt: skip

    def test_at_once_minutes_are_those_of_the_rider(self) -> None:
        law = one(steady(8), {"alpha": fixed(), "beta": fixed(4)}, split=TWO, given={"at_once": True})
        (month,) = run(law)
        assert month.online_minutes.tolist() == [31 * 480, 31 * 480]
        assert month.engaged_minutes.tolist() == [31 * 480, 31 * 480]
        assert month.worked_minutes.tolist() == [31 * 480]
        assert month.orders.tolist() == [31 * 4, 31 * 9]
        assert month.rider_days.tolist() == [31]
        # The mean of two equal hazards, counted by shares.
        assert month.expected_injuries == pytest.approx(np.array([0.35, 0.65]) * PER_MINUTE * 31 * 480)

    def test_engaged_clock_counts_orders_in_hand(self) -> None:
        """With orders of half an hour, one at a time, an engaged hour is over when the second is delivered."""
        orders = {"kind": "one_at_a_time", "per_hour": 4, "minutes": {"kind": "constant", "value": 30}}
        limit = {"kind": "day_logoff", "scope": "platform", "hours": 1, "clock": "engaged"}
        law = one(
            steady(20, 0), {"alpha": {"industry": "food", "orders": orders}}, 40, limits={"hour": limit}
        )
        (month,) = run(law)
        # The app closes at the whole minute after; another order is taken in what is left of it now and then.
        more = month.orders - 2 * 31
        assert (more >= 0).all()
        assert abs(more.sum() - 40 * 31 * 0.5 * 4 / 60) < Z * math.sqrt(40 * 31 * 0.5 * 4 / 60)
        assert (np.abs(month.engaged_minutes - 60 * 31) <= more + 1).all()
        waited = month.online_minutes / 31 - 60
        assert abs(waited.mean() - 30.5) < Z * 15 * math.sqrt(2 / 40 / 31)


class TestHazard:
    def test_the_way_has_a_factor_of_its_own(self) -> None:
        injuries = _injuries(travelling=3)
        minutes = multiplier(steady(2, commute_minutes=20), injuries=injuries)
        assert minutes == pytest.approx([31 * (120 + 3 * 40)])

    def test_last_app_bears_the_way_home(self) -> None:
        platforms = {"alpha": fixed(), "beta": fixed(), "gamma": fixed()}
        law = one(steady(2, commute_minutes=20), platforms, split={"gamma": 0, "beta": "0.5", "alpha": "0.5"})
        (month,) = run(law)
        assert month.expected_injuries == pytest.approx(np.array([20, 60, 80]) * 31 * PER_MINUTE)
        assert month.days_worked.tolist() == [0, 31, 31]

    @pytest.mark.parametrize(
        ("start", "hours", "night", "combine", "integral"),
        [
            (9, 10, "1.5", "product", 12),
            (18, 10, "1.5", "product", 16),
            (20, 12, 2, "product", 27),
            (20, 12, 2, "additive", 25),
            (20, 12, 2, {"combine": "capped", "cap": "2.4"}, 2 + 4 + 4 * 2.4 + 2 * 2.4 + 2 * 2.4),
            (22, 8, 0, "additive", 4 * 0 + 4 * 0.2),
        ],
    )
    def test_night_and_hours_on_shift(
        self, start: int, hours: int, night: Any, combine: Any, integral: float
    ) -> None:
        """VALIDATION D8, across midnight; and what the other combinations come to."""
        how = combine if isinstance(combine, dict) else {"combine": combine}
        law = worlds.factors_as_written(
            hours_on_shift=[
                {"from_hours": at, "multiplier": m} for at, m in ((0, 1), (4, "1.2"), (8, "1.6"), (10, "2.5"))
            ],
            hour_of_day={0: night, 6: 1, 22: night},
            **how,
        )
        assert multiplier(steady(hours, start), fatigue=law) == pytest.approx([31 * 60 * integral])

    @pytest.mark.parametrize(("minutes", "worked"), [(15, 2 * (120 + 2 * 60)), (20, 120 + 2 * 240)])
    def test_since_a_break(self, minutes: int, worked: int) -> None:
        since = {
            "break_minutes": minutes,
            "bands": [{"from_minutes": 0, "multiplier": 1}, {"from_minutes": 120, "multiplier": 2}],
        }
        rest = {"kind": "rest_after_spell", "scope": "platform", "hours": 3, "rest_minutes": 15}
        law = worlds.factors_as_written(since_break=since)
        assert multiplier(steady(6), fatigue=law, limits={"rest": rest}) == pytest.approx([31 * worked])

    def test_rest_at_once_is_when_no_app_is_open(self) -> None:
        """One app's rest restores nothing while the other is open; a rest of both does."""
        law = {"kind": "hours_on_shift", "bands": worlds.BANDS[:2], "rest": worlds.RESTS["full"]}
        rest = {"kind": "rest_after_spell", "scope": "platform", "hours": 2, "rest_minutes": 30}
        both = {"alpha": fixed(), "beta": fixed()}
        for platforms, expected in ((["alpha"], 120 + 1.4 * 240), (["alpha", "beta"], 360)):
            limit = {"rest": {**rest, "platforms": platforms}}
            found = multiplier(
                steady(6), fatigue=law, platforms=both, split=TWO, given={"at_once": True}, limits=limit
            )
            assert found == pytest.approx([31 * expected])

    def test_hours_of_the_week_before(self) -> None:
        week = [{"from_hours": 0, "multiplier": 1}, {"from_hours": 40, "multiplier": "1.5"}]
        found = multiplier(steady(8), 2, fatigue=worlds.factors_as_written(week_hours=week))
        assert found == pytest.approx([480 * (5 + 26 * 1.5), 480 * 28 * 1.5])

    def test_experience_and_frailty(self) -> None:
        experience = {"at_entry": 3, "months": 4, "at_start": {"kind": "constant", "value": 2}}
        found = multiplier(steady(1), 3, given={"experience": experience, "hazard_factor": 2})
        days = (31, 28, 31)
        assert found == pytest.approx(
            [2 * 60 * each * (1 + 2 * math.exp(-(2 + m) / 4)) for m, each in enumerate(days)]
        )

    def test_a_shock_is_shared_for_a_period(self) -> None:
        law = one(steady(1), riders=3, given={"shock": {"cv": "0.5", "months": 2}})
        months = run(law, 3)
        factors = [
            month.expected_injuries / (60 * days * PER_MINUTE)
            for month, days in zip(months, (31, 28, 31), strict=True)
        ]
        assert all(np.ptp(each) < 1e-9 for each in factors)
        assert factors[0] == pytest.approx(factors[1])
        assert factors[0][0] != pytest.approx(factors[2][0])

    def test_situations(self) -> None:
        """With no hazard while waiting all injuries are on an order, and hazard is gathered over engaged minutes."""
        law = one(
            steady(8, commute_minutes=10), {"alpha": poisson("food", 1.5, 25)}, 60,
            per_1000_hours=(60, 60), injuries=_injuries(on_order=1, waiting=0, travelling=0, per_hours=60),
        )  # fmt: skip
        (month,) = run(law)
        assert len(month.injuries) > 100
        assert (month.injuries.situation == ON_ORDER).all()
        # The state is looked at in the middle of each minute: half a minute an order at most, either way.
        gap = month.expected_injuries / (60 / 60_000) - month.engaged_minutes
        assert abs(gap.mean()) < Z * gap.std() / math.sqrt(60)
        assert gap.std() < 30

    def test_hurt_on_the_way(self, spans: Spans) -> None:
        """So dangerous a way that the work is never begun."""
        law = one(
            steady(2, commute_minutes=30), injuries=_injuries(travelling=100_000), recovery="ends_shift"
        )
        (month,) = run(law)
        assert (month.injuries.situation == TRAVELLING).all()
        assert month.injuries.k.tolist() == list(range(31))
        assert (month.injuries.minute < np.arange(31) * 1440 + 480 + 10).all()
        assert month.online_minutes.tolist() == [0]
        assert month.days_worked.tolist() == [0]
        assert month.rider_days.tolist() == [31]
        assert all(worked == 0 and end < 490 for _, _, worked, end in spans(law))

    def test_two_orders_in_hand(self) -> None:
        platforms = {"alpha": fixed(), "beta": poisson("food", 6, 20)}
        law = one(
            steady(8), platforms, 30, split={"beta": "0.6", "alpha": "0.4"},
            given={"at_once": True, "hazard_factor": 10},
        )  # fmt: skip
        (month,) = run(law)
        app, second = month.injuries.app, month.injuries.second_app
        # The parcel app has an order in hand always; the food app comes first when it has one.
        assert (month.injuries.situation == ON_ORDER).all()
        assert ((app == 1) == (second == 0)).all()
        assert ((app == 0) == (second == -1)).all()
        share = float(month.engaged_minutes[::2].sum() / month.online_minutes[::2].sum())
        assert abs((app == 1).mean() - share) < Z * math.sqrt(share * (1 - share) / len(app))


class TestWhoIsThere:
    def test_entry_and_leaving(self) -> None:
        law = one(
            steady(1), riders=5,
            given={"entry": {"per_month": 4}, "tenure_months": {"kind": "uniform", "low": 0, "high": 3}},
        )  # fmt: skip
        engine = ReferenceWorld(law, calendar(3), Streams(3, 0))
        p, worked = engine.population, np.zeros(17)
        for month in engine.months():
            worked += month.rider_days
        assert len(p) == 17
        there = np.minimum(p.exit_day, 31 + 28 + 31) - p.entry_day
        assert worked.tolist() == there.tolist()
        assert (there < 90).any()

    def test_absence_and_death(self) -> None:
        """Hurt on the first day for certain and off for three; the last class is dead for good."""
        severities = {
            "slight": {"share": 1, "medical_yuan": _constant(1), "days_off": _constant(3)},
        }
        injuries = {"kind": "hazard", "per_1000_hours": {"parcel": 60_000 * 50}, "severities": severities}
        (month,) = run(one(steady(8), injuries=injuries, recovery="off_work"))
        assert (month.injuries.minute // 1440).tolist() == list(range(0, 31, 4))
        assert month.online_minutes.tolist() == [8]
        severities["slight"]["fatal"] = True
        months = run(one(steady(8), injuries=injuries, recovery="off_work"), 2)
        assert [len(month.injuries) for month in months] == [1, 0]
        severities["slight"]["fatal"] = False
        assert run(one(steady(8), injuries=injuries, recovery="ends_shift"))[0].rider_days.tolist() == [31]


RAIN: dict[str, Any] = {"regions": {"east": {"chances": {"rain": 1}}}}


class TestWeather:
    def test_hazard_and_attendance(self) -> None:
        weather = {**RAIN, "effects": {"rain": {"hazard": "1.75"}}}
        rule = {
            "kind": "bad_weather",
            "states": ["rain"],
            "platforms": ["alpha"],
            "hazard": 2,
            "last_day": "2023-01-10",
        }
        found = multiplier(steady(1), weather=weather, limits={"rule": rule})
        assert found == pytest.approx([60 * 1.75 * (10 * 2 + 21)])
        weather["effects"] = {"rain": {"attendance": 0}}
        assert multiplier(steady(1), weather=weather) == [0]

    def test_orders(self) -> None:
        """Demand and minutes by weather, and further by rule on the platforms of the rule."""
        weather = {**RAIN, "effects": {"rain": {"demand": "0.5", "order_minutes": 2}}}
        rule = {
            "kind": "bad_weather",
            "states": ["rain"],
            "platforms": ["alpha"],
            "demand": "0.5",
            "order_minutes": "1.5",
        }
        platforms = {name: poisson("food", 4, 20) for name in ("alpha", "beta")}
        law = one(
            steady(8),
            platforms,
            40,
            split={"alpha": "0.5", "beta": "0.5"},
            weather=weather,
            limits={"rule": rule},
        )
        (month,) = run(law)
        for slot, (per_hour, minutes) in enumerate(((1, 60), (2, 40))):
            mean = per_hour * 4 * 31 * 40
            assert abs(month.orders[slot::2].sum() - mean) < Z * math.sqrt(mean)
            # Four hours after the app was opened the chance of an order in hand is all but at its limit.
            busy = 1 - math.exp(-per_hour / 60 * minutes)
            share = month.engaged_minutes[slot::2].sum() / month.online_minutes[slot::2].sum()
            assert busy - 0.13 < share < busy

    def test_dry_days_are_as_they_were(self) -> None:
        weather = {"regions": {"east": {"chances": {"snow": "0.4"}}}, "effects": {"snow": {"hazard": 0}}}
        (found,) = multiplier(steady(1), weather=weather)
        assert found == pytest.approx(round(found / 60) * 60)
        assert 0 < found < 31 * 60


class TestOrders:
    def test_one_at_a_time_is_a_renewal_process(self) -> None:
        """Waiting 20 minutes in the mean and 40 on each order: an order an hour."""
        orders = {"kind": "one_at_a_time", "per_hour": 3, "minutes": {"kind": "constant", "value": 40}}
        law = one(steady(20, 0), {"alpha": {"industry": "food", "orders": orders}}, 60)
        (month,) = run(law)
        shifts = 60 * 31
        # Renewals up to t: t / m + (variance / m^2 - 1) / 2 of a cycle of mean m = 60 and variance 400, and
        # the first cycle's end is 40 minutes early, for what is counted is the taking.
        mean = 1 + (1200 - 20) / 60 + (400 / 3600 - 1) / 2
        assert abs(month.orders.sum() / shifts - mean) < Z * math.sqrt(1200 * 400 / 60**3 / shifts) + 0.01
        assert (month.engaged_minutes <= month.orders * 40).all()

    def test_demand_by_hour_kind_of_day_and_month(self) -> None:
        """Nothing is offered but from midnight to one, across which the shift goes; three hours to one."""
        demand = {"by_hour": {0: 2, 1: 0, 23: "0.5"}, "weekend": 2, "holiday": 3, "by_month": {2: "0.1"}}
        orders = {
            "kind": "poisson",
            "per_hour": 3,
            "minutes": {"kind": "constant", "value": 5},
            "demand": demand,
        }
        law = one(steady(8, 20), {"alpha": {"industry": "food", "orders": orders}}, 40)
        january, february = run(law, 2)
        # 2023: holidays on a Sunday and two Mondays, one Saturday of work.
        per_day = 3 * (2 + 0.5)
        assert calendar(1).day_types[:31].tolist().count(2) == 3
        kinds = np.bincount(calendar(1).day_types[:31], minlength=3)
        mean = 40 * per_day * float(kinds @ np.array([1, 2, 3]))
        assert abs(january.orders.sum() - mean) < Z * math.sqrt(mean)
        mean = 0.1 * 40 * per_day * (20 + 2 * 8)
        assert abs(february.orders.sum() - mean) < Z * math.sqrt(mean)

    def test_apps_at_once_share_the_orders(self) -> None:
        platforms = {name: poisson("food", 4, 20) for name in ("alpha", "beta")}
        law = one(steady(8), platforms, 30, split={"alpha": "0.75", "beta": "0.25"}, given={"at_once": True})
        (month,) = run(law)
        for slot, share in enumerate((0.75, 0.25)):
            counts = month.orders[slot::2]
            mean = 4 * share * 8 * 31
            assert abs(counts.mean() - mean) < Z * math.sqrt(mean / 30)
        # The apps' streams have draws of their own.
        assert abs(np.corrcoef(month.orders[::2], month.orders[1::2])[0, 1]) < 0.7

    def test_pay_of_holidays_and_the_floor(self) -> None:
        """Nine orders a day at 1.05, on three holidays at 2.5 times it, half up; the floor is of all 248 hours."""
        law = one(steady(8), {"alpha": fixed(holiday_pay_factor="2.5")})
        assert run(law)[0].earnings_fen.tolist() == [28 * 9 * 105 + math.floor(3 * 9 * 105 * 2.5 + 0.5)]
        floor = one(steady(8, earnings_floor_yuan_per_hour="1.51"))
        assert run(floor)[0].earnings_fen.tolist() == [math.floor(248 * 151 + 0.5)]
        low = one(steady(8, earnings_floor_yuan_per_hour="1.1"))
        assert run(low)[0].earnings_fen.tolist() == [31 * 9 * 105]

    def test_lost_orders_are_offered_again(self) -> None:
        """Half of the riders keep a limit of half the day, and three quarters of the day are worked: a third more."""
        platforms = {"alpha": {**poisson("food", 4, 20), "reoffer_share": "0.5"}}
        limit = {"kind": "day_logoff", "scope": "platform", "hours": 4, "compliance": "0.5"}
        law = one(steady(8), platforms, 200, limits={"half": limit})
        (month,) = run(law)
        hours = month.online_minutes / 60
        kept = hours < 31 * 8
        lost, worked = float((31 * 8 - hours).sum()), float(hours.sum())
        assert 70 < kept.sum() < 130
        for mine in (kept, ~kept):
            mean = 4 * hours[mine].sum() * (1 + 0.5 * lost / worked)
            assert abs(month.orders[mine].sum() - mean) < Z * math.sqrt(mean * 1.5)

    def test_compliance_is_the_riders_own(self) -> None:
        limit = {"kind": "day_logoff", "scope": "platform", "hours": 4, "compliance": "0.5"}
        january, february = run(one(steady(8), riders=50, limits={"half": limit}), 2)
        assert set(january.worked_minutes.tolist()) == {31 * 240, 31 * 480}
        assert (january.worked_minutes * 28 == february.worked_minutes * 31).all()


def _constant(value: float) -> dict[str, Any]:
    return {"kind": "constant", "value": value}


def _injuries(per_hours: float = 15, **situations: Any) -> dict[str, Any]:
    return {
        "kind": "hazard",
        "per_1000_hours": {"food": per_hours, "parcel": per_hours},
        "severities": worlds.SEVERITIES,
        "situations": situations,
    }


class TestReference:
    """The reference model as a whole."""

    def test_is_the_same_each_time_and_for_any_others(self) -> None:
        """A rider more, with its own process and events, changes nothing for the others, orders included."""
        few = run(world({"riders": group(30, TWO)}, limits=LIMITS["everything"]), 2)
        engine = ReferenceWorld(
            world({"riders": group(31, TWO)}, limits=LIMITS["everything"]), calendar(2), Streams(5, 0)
        )
        many, again = list(engine.months()), list(engine.months())
        for name in (f.name for f in fields(Month) if f.name not in {"index", "injuries"}):
            for each, other, repeated in zip(few, many, again, strict=True):
                values = getattr(other, name)
                assert np.array_equal(getattr(each, name), values[: len(getattr(each, name))])
                assert np.array_equal(getattr(repeated, name), values)
        for each, other in zip(few, many, strict=True):
            kept = other.injuries.rider < 30
            for name in (f.name for f in fields(Injuries)):
                assert np.array_equal(getattr(each.injuries, name), getattr(other.injuries, name)[kept])

    def test_listed_injuries_happen_as_listed(self) -> None:
        item = {"group": "riders", "severity": "slight", "medical_yuan": "12.345", "days_off": 3}
        items = [
            {**item, "at": "2023-02-01T00:00:00", "rider": 1, "platform": "beta"},
            {**item, "at": "2023-01-31T23:59:00", "rider": 2, "platform": "alpha", "situation": "waiting"},
            {**item, "at": "2023-01-01T00:30:00", "rider": 2, "platform": "alpha", "disability_grade": 4},
        ]
        listed = {"kind": "listed", "severities": ["slight"], "items": items}
        january, february = run(world({"riders": group(5, TWO)}, recovery="none", injuries=listed), 2)
        assert january.injuries.rider.tolist() == [2, 2]
        assert january.injuries.k.tolist() == [0, 1]
        assert january.injuries.minute.tolist() == [30, 31 * 1440 - 1]
        assert january.injuries.grade.tolist() == [4, 0]
        assert january.injuries.situation.tolist() == [ON_ORDER, WAITING]
        assert january.injuries.second_app.tolist() == [-1, -1]
        assert february.injuries.minute.tolist() == [31 * 1440]
        assert february.injuries.app.tolist() == [1]
        assert february.injuries.medical_cost_fen.tolist() == [1235]
        assert january.online_minutes.sum() > 0
        assert january.expected_injuries.sum() == 0
