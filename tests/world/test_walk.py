"""A shift walked minute by minute: limits, clocks, rests, switching, apps at once, the way, fatigue, the place of an injury."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, expm1, inf
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from injurysim.world import layout
from injurysim.world.layout import ENGAGED, HAZARD, LOST, ONLINE, ORDERS, PLAIN

Law = Callable[..., dict[str, Any]]
HALVES = {"alpha": "0.5", "beta": "0.5"}
PER_MINUTE = {"alpha": 0.010 / 60, "beta": 0.015 / 60}
"""Hazard of a minute on a platform of the small world."""
CHECKED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def limit(kind: str, hours: str | float, scope: str = "platform", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "hours": hours, "scope": scope, **more}


@pytest.fixture
def made(law: Law, group: Law, walks: Any) -> Callable[..., Any]:
    """Make a world of one portfolio; orders are fixed (one in hand all the while) unless said otherwise."""

    def make(
        split: dict[str, Any] | None = None,
        limits: dict[str, Any] | None = None,
        at_once: bool = False,
        commute: int = 0,
        orders: dict[str, Any] | None = None,
        situations: dict[str, Any] | None = None,
        **changes: Any,
    ) -> Any:
        work = {**group()["work"], "commute_minutes": commute}
        portfolios = {"own": {"split": split or {"alpha": 1}, "at_once": at_once}}
        data = law(groups={"riders": group(portfolios=portfolios, work=work)}, limits=limits or {}, **changes)
        for name in data["platforms"]:
            fixed = {"kind": "fixed_per_day", "per_day": 9}
            data["platforms"][name]["orders"] = (orders or {}).get(name, fixed)
        if situations:
            data["injuries"]["situations"] = situations
        return walks(data)

    return make


class TestPlain:
    def test_a_shift_without_limits_is_what_is_wanted(self, made: Any) -> None:
        shift = made({"alpha": "0.6", "beta": "0.4"}).shift(500)
        assert (shift.length, shift.worked, shift.off, shift.busy) == (500, 500, 0, 500)
        assert shift.apps[:, ONLINE].tolist() == [300, 200]
        assert (shift.apps[:, ENGAGED] == shift.apps[:, ONLINE]).all()
        assert not shift.apps[:, [ORDERS, LOST]].any()
        expected = [300 * PER_MINUTE["alpha"], 200 * PER_MINUTE["beta"]]
        assert shift.apps[:, PLAIN] == pytest.approx(expected)
        assert shift.apps[:, HAZARD] == pytest.approx(expected)

    @pytest.mark.parametrize(("wanted", "minutes"), [(5, [3, 2]), (10, [5, 5]), (15, [8, 7])])
    def test_cumulative_shares_are_rounded_half_up(self, made: Any, wanted: int, minutes: list[int]) -> None:
        assert made(HALVES).shift(wanted).apps[:, ONLINE].tolist() == minutes

    def test_the_way_counts_for_the_first_and_the_last_app(self, made: Any) -> None:
        world = made(HALVES, commute=20, situations={"on_order": 1, "waiting": 1, "travelling": "0.3"})
        shift = world.shift(100)
        assert (shift.length, shift.worked) == (140, 100)
        way = 20 * 0.3
        expected = [(50 + way) * PER_MINUTE["alpha"], (50 + way) * PER_MINUTE["beta"]]
        assert shift.apps[:, HAZARD] == pytest.approx(expected)

    def test_orders_and_situations_go_by_the_chance_of_an_order_in_hand(self, made: Any) -> None:
        orders = {"kind": "poisson", "per_hour": 3, "minutes": {"kind": "exponential", "mean": 20}}
        factors = {"on_order": 2, "waiting": "0.5", "travelling": 1}
        shift = made(orders={"alpha": orders}, situations=factors).shift(240)

        def engaged(t: float) -> float:
            return -expm1(-(3 / 60) * 20 * -expm1(-t / 20))

        busy = sum(engaged(j + 0.5) for j in range(240))
        assert shift.busy == pytest.approx(busy, rel=1e-5)
        assert shift.apps[0, ENGAGED] == shift.busy
        assert shift.apps[0, ORDERS] == pytest.approx(12)
        assert shift.apps[0, HAZARD] == pytest.approx(
            PER_MINUTE["alpha"] * (2 * busy + 0.5 * (240 - busy)), rel=1e-5
        )


class TestLogOff:
    def test_on_an_app_gives_up_what_is_left_on_it(self, made: Any) -> None:
        world = made(HALVES, {"cap": limit("day_logoff", 2, platforms=["alpha"], off_hours=3)})
        shift = world.shift(360)
        assert shift.apps[:, ONLINE].tolist() == [120, 180]
        assert shift.off == 180
        assert shift.length == 300

    def test_loses_the_orders_of_the_minutes_wanted_and_not_worked(self, made: Any) -> None:
        orders = {"alpha": {"kind": "poisson", "per_hour": 3, "minutes": {"kind": "constant", "value": 10}}}
        shift = made(limits={"cap": limit("day_logoff", 2)}, orders=orders).shift(300)
        assert shift.apps[0, [ORDERS, LOST]] == pytest.approx([6, 9])

    def test_loses_orders_on_an_app_that_was_not_opened_by_the_rate_at_the_beginning(self, made: Any) -> None:
        minutes = {"kind": "constant", "value": 10}
        orders = {
            "alpha": {"kind": "poisson", "per_hour": 3, "minutes": minutes},
            "beta": {
                "kind": "poisson",
                "per_hour": 2,
                "minutes": minutes,
                "demand": {"by_hour": {0: 1, 9: "1.5", 10: 7}},
            },
        }
        world = made(HALVES, {"cap": limit("day_logoff", 2, "all_platforms")}, orders=orders, commute=70)
        assert world.shift(360).apps[:, LOST] == pytest.approx(
            [3, 9]
        )  # one hour of alpha, three of beta from 9:10
        week = made(HALVES, {"cap": limit("week_logoff", 40)}, orders=orders, commute=70)
        limits = week.limits()
        limits[:, layout.MINUTES] = 0
        nothing = week.shift(360, limits=limits)
        assert (nothing.length, nothing.worked) == (0, 0)
        assert nothing.apps[:, LOST] == pytest.approx([9, 9])

    def test_an_injury_loses_no_orders_to_limits(self, made: Any) -> None:
        orders = {"alpha": {"kind": "poisson", "per_hour": 3, "minutes": {"kind": "constant", "value": 10}}}
        world = made(limits={"cap": limit("day_logoff", 2)}, orders=orders, commute=30)
        lost = {}
        for minutes in (10, 100, 170):  # on the way, at work and on the way home
            shift = world.shift(300, stop_at=PER_MINUTE["alpha"] * minutes)
            assert shift.hurt
            lost[minutes] = float(shift.apps[0, LOST])
        assert lost == {10: 0.0, 100: 0.0, 170: pytest.approx(9)}  # the limit had ended the work before

    def test_takes_effect_also_when_nothing_more_is_wanted(self, made: Any) -> None:
        world = made(limits={"cap": limit("day_logoff", 2, off_hours=3)})
        assert world.shift(115).off == 0
        assert world.shift(120).off == 180
        assert world.shift(125).off == 180
        assert world.shift(125).worked == 120

    def test_over_all_platforms_ends_the_work(self, made: Any) -> None:
        shift = made(HALVES, {"cap": limit("day_logoff", 5, "all_platforms", off_hours=8)}).shift(480)
        assert shift.apps[:, ONLINE].tolist() == [240, 60]
        assert shift.off == 480

    def test_not_confirmed_is_as_a_log_off(self, made: Any) -> None:
        world = made(HALVES, {"ask": limit("confirm_after", 2, confirm_share=0)})
        assert world.shift(480).apps[:, ONLINE].tolist() == [120, 120]

    def test_not_kept_does_nothing(self, made: Any) -> None:
        world = made(limits={"cap": limit("day_logoff", 2)})
        assert world.shift(480, limits=world.limits(ignored=["cap"])).worked == 480

    def test_switching_takes_the_rest_to_the_next_app(self, made: Any) -> None:
        cap = limit("day_logoff", 2, platforms=["alpha"], response="switch", off_hours=3)
        shift = made(HALVES, {"cap": cap}).shift(480)
        assert shift.apps[:, ONLINE].tolist() == [120, 360]
        assert shift.off == 0  # the app has been left for another

    def test_switching_goes_from_the_last_app_to_the_first(self, made: Any) -> None:
        cap = limit("day_logoff", 2, platforms=["beta"], response="switch")
        assert made(HALVES, {"cap": cap}).shift(480).apps[:, ONLINE].tolist() == [360, 120]

    def test_switching_where_no_app_has_room_gives_up(self, made: Any) -> None:
        cap = limit("day_logoff", 2, response="switch", off_hours=3)
        shift = made(HALVES, {"cap": cap}).shift(480)
        assert shift.apps[:, ONLINE].tolist() == [120, 120]
        assert shift.off == 0  # who switches has no hours off

    def test_with_apps_at_once_closes_its_own(self, made: Any) -> None:
        shift = made(HALVES, {"cap": limit("day_logoff", 2, platforms=["alpha"])}, at_once=True).shift(300)
        assert (shift.worked, shift.length) == (300, 300)
        assert shift.apps[:, ONLINE].tolist() == [120, 300]
        both = made(HALVES, {"cap": limit("day_logoff", 2, off_hours=1)}, at_once=True).shift(300)
        assert (both.worked, both.off) == (120, 60)

    @pytest.mark.parametrize("kind", ["week_logoff", "month_logoff"])
    @pytest.mark.parametrize("left", [-1.0, 0.0, 90.0])
    def test_of_a_week_or_month_has_what_earlier_shifts_have_left(
        self, made: Any, kind: str, left: float
    ) -> None:
        world = made(limits={"cap": limit(kind, 40)}, commute=10)
        limits = world.limits()
        assert limits[0, layout.MINUTES] == 2400
        limits[0, layout.MINUTES] = left
        shift = world.shift(300, limits=limits)
        if left > 0:
            assert (shift.worked, shift.length) == (90, 110)
        else:
            assert not shift.row.any()  # no shift at all, and no way to it (and fixed orders are not lost)

    def test_of_a_week_on_the_first_app_leaves_the_second(self, made: Any) -> None:
        world = made(HALVES, {"cap": limit("week_logoff", 40, platforms=["alpha"])})
        limits = world.limits()
        limits[0, layout.MINUTES] = 0
        assert world.shift(300, limits=limits).apps[:, ONLINE].tolist() == [0, 150]


class TestClocks:
    """Fixed orders are in hand all the while, so an engaged minute is a worked one."""

    def test_billed_and_allowance_stretch_the_clock(self, made: Any, law: Law) -> None:
        platforms = law()["platforms"]
        platforms["alpha"]["billed_share"] = "0.5"
        world = made(limits={"cap": limit("day_logoff", 2, clock="billed")}, platforms=platforms)
        assert world.shift(480).worked == 240
        more = limit("day_logoff", 2, clock="engaged_plus_allowance", allowance="0.25")
        assert made(limits={"cap": more}).shift(480).worked == 96

    @pytest.mark.parametrize(("share", "hours"), [("0.6", 3), ("0.1", "0.3"), ("0.7", "1.4"), ("0.3", "2.7")])
    def test_fractions_of_a_minute_add_up_to_whole_ones(
        self, made: Any, law: Law, share: str, hours: str | int
    ) -> None:
        """Three hundred times 0.6 is 180, though not in floating point."""
        platforms = law()["platforms"]
        platforms["alpha"]["billed_share"] = share
        world = made(limits={"cap": limit("day_logoff", hours, clock="billed")}, platforms=platforms)
        assert world.shift(900).worked == round(float(hours) * 60 / float(share))

    def test_engaged_runs_on_the_chance_of_an_order_in_hand(self, made: Any) -> None:
        orders = {"alpha": {"kind": "poisson", "per_hour": 2, "minutes": {"kind": "constant", "value": 20}}}
        shift = made(limits={"cap": limit("day_logoff", 2, clock="engaged")}, orders=orders).shift(480)
        assert shift.busy >= 120
        assert shift.busy - 120 < 1 - exp(-2 / 3)  # the minute before it was not yet reached
        assert shift.worked < 480

    def test_two_orders_at_once_count_once_over_all_platforms(self, made: Any) -> None:
        for clock in ("engaged", "online"):
            cap = limit("day_logoff", 2, "all_platforms", clock=clock)
            assert made(HALVES, {"cap": cap}, at_once=True).shift(480).worked == 120

    def test_at_once_engaged_is_the_chance_of_any(self, made: Any) -> None:
        stream = {"kind": "poisson", "per_hour": 2, "minutes": {"kind": "constant", "value": 600}}
        shift = made(HALVES, at_once=True, orders={"alpha": stream, "beta": stream}).shift(120)
        each = sum(-expm1(-(j + 0.5) / 60) for j in range(120))  # half of two an hour
        either = sum(-expm1(-2 * (j + 0.5) / 60) for j in range(120))
        assert shift.apps[:, ENGAGED] == pytest.approx([each, each], rel=1e-6)
        assert shift.busy == pytest.approx(either, rel=1e-6)


class TestRests:
    def test_follow_each_spell_but_not_the_last(self, made: Any) -> None:
        world = made(limits={"rest": limit("rest_after_spell", 3, "all_platforms", rest_minutes=20)})
        assert [world.shift(wanted).length - wanted for wanted in (180, 185, 360, 365, 480)] == [
            0,
            20,
            20,
            40,
            40,
        ]

    def test_on_an_app_count_anew_at_each_visit(self, made: Any) -> None:
        """Two hours on each app: no spell of three. Over all platforms there is one, in the middle of the second."""
        on_app = {"rest": limit("rest_after_spell", 3, rest_minutes=20)}
        over_all = {"rest": limit("rest_after_spell", 3, "all_platforms", rest_minutes=20)}
        assert made(HALVES, on_app).shift(240).length == 240
        assert made(HALVES, over_all).shift(240).length == 260

    def test_the_longest_counts_for_the_others(self, made: Any) -> None:
        limits = {
            "short": limit("rest_after_spell", 2, "all_platforms", rest_minutes=10),
            "long": limit("rest_after_spell", 4, "all_platforms", rest_minutes=60),
        }
        # At 2 h ten minutes, at 4 h the hour only, at 6 h ten minutes.
        assert made(limits=limits).shift(420).length == 420 + 10 + 60 + 10
        # A short rest does not count for the long spell, a long one for the short: due at 90, 180 and at 150.
        limits["short"]["hours"], limits["long"]["hours"] = "1.5", "2.5"
        assert made(limits=limits).shift(240).length == 240 + 10 + 60

    def test_empty_hands_after_a_rest(self, made: Any) -> None:
        orders = {"alpha": {"kind": "poisson", "per_hour": 2, "minutes": {"kind": "constant", "value": 30}}}
        rest = {"rest": limit("rest_after_spell", 1, rest_minutes=5)}
        assert made(limits=rest, orders=orders).shift(120).busy == pytest.approx(
            2 * made(orders=orders).shift(60).busy
        )

    def test_with_apps_at_once_others_go_on(self, made: Any) -> None:
        rest = {"rest": limit("rest_after_spell", 1, platforms=["alpha"], rest_minutes=30)}
        shift = made(HALVES, rest, at_once=True).shift(200)
        # Alpha is open from 0 to 60, 90 to 150, 180 to 200.
        assert (shift.worked, shift.length) == (200, 200)
        assert shift.apps[:, ONLINE].tolist() == [140, 200]

    def test_with_all_apps_at_rest_the_rider_rests(self, made: Any) -> None:
        rest = {"rest": limit("rest_after_spell", 1, rest_minutes=30)}
        shift = made(HALVES, rest, at_once=True).shift(200)
        assert (shift.worked, shift.length) == (200, 200 + 3 * 30)


class TestFatigue:
    def fatigue(self, combine: str, **more: Any) -> dict[str, Any]:
        return {
            "kind": "factors",
            "combine": combine,
            "hours_on_shift": [{"from_hours": 0, "multiplier": 1}, {"from_hours": 2, "multiplier": "1.5"}],
            "hour_of_day": {0: 1, 9: "1.4"},
            "since_break": {
                "break_minutes": 10,
                "bands": [
                    {"from_minutes": 0, "multiplier": "0.9"},
                    {"from_minutes": 30, "multiplier": "1.3"},
                ],
            },
            "consecutive_days": {1: 1, 2: "1.2"},
            "rest": {"kind": "rate", "hours_per_rest_hour": 2},
            **more,
        }

    @pytest.mark.parametrize("state", [0, 2])
    @pytest.mark.parametrize(("combine", "more"), [("product", {}), ("additive", {}), ("capped", {"cap": 2})])
    def test_multipliers_combine(self, made: Any, combine: str, more: dict[str, Any], state: int) -> None:
        """By a plain loop: from 8:00, a rest of twenty minutes after every 50, which takes 40 from the clock."""
        rest = {"rest": limit("rest_after_spell", "0.8333333333", "all_platforms", rest_minutes=20)}
        shift = made(limits=rest, fatigue=self.fatigue(combine, **more)).shift(300, state=state)
        clock, since, minute, total = 0, 0, 480, 0.0
        for worked in range(300):
            if worked and worked % 50 == 0:
                clock, since, minute = max(0, clock - 40), 0, minute + 20
            multipliers = (
                1.5 if clock >= 120 else 1,
                1.4 if minute >= 540 else 1,
                1.3 if since >= 30 else 0.9,
                1.2 if state else 1,
            )
            product, added = float(np.prod(multipliers)), 1 + sum(m - 1 for m in multipliers)
            total += {"product": product, "additive": added, "capped": min(2, product)}[combine]
            clock, since, minute = clock + 1, since + 1, minute + 1
        assert shift.apps[0, PLAIN] == pytest.approx(300 * PER_MINUTE["alpha"])
        assert shift.apps[0, HAZARD] == pytest.approx(total * PER_MINUTE["alpha"])

    def test_a_rest_of_enough_minutes_restores_all(self, made: Any) -> None:
        full = {"rest": {"kind": "full", "after_minutes": 20}}
        for minutes, factor in ((20, 1.0), (19, 1.25)):
            rest = {"rest": limit("rest_after_spell", 2, "all_platforms", rest_minutes=minutes)}
            fatigue = self.fatigue("product", hour_of_day={}, since_break=None, **full)
            del fatigue["since_break"]
            shift = made(limits=rest, fatigue=fatigue).shift(240)
            assert shift.apps[0, HAZARD] == pytest.approx(factor * shift.apps[0, PLAIN])


class TestInjury:
    def test_comes_in_the_minute_in_which_the_hazard_is_reached(self, made: Any) -> None:
        world = made(HALVES)
        for minutes in (1, 60, 119, 121, 200):
            on_alpha = min(minutes, 120)
            reached = on_alpha * PER_MINUTE["alpha"] + (minutes - on_alpha) * PER_MINUTE["beta"]
            for at, worked in ((reached * (1 - 1e-9), minutes), (reached * (1 + 1e-9), minutes + 1)):
                shift = world.shift(240, stop_at=at)
                assert shift.hurt
                assert (shift.worked, shift.length) == (worked, worked)
                assert (shift.stop[layout.BEFORE], shift.stop[layout.MINUTE]) == (
                    worked - 1,
                    480 + worked - 1,
                )
                assert shift.stop[layout.APP] == (worked > 120)
        assert not world.shift(240, stop_at=inf).hurt

    def test_on_the_way(self, made: Any) -> None:
        world = made(commute=10, situations={"on_order": 1, "waiting": 1, "travelling": 1})
        out, back = (
            world.shift(60, stop_at=PER_MINUTE["alpha"] * 5.5),
            world.shift(60, stop_at=PER_MINUTE["alpha"] * 75.5),
        )
        assert (
            out.stop[layout.TRAVELLING],
            out.stop[layout.BEFORE],
            out.stop[layout.MINUTE],
            out.worked,
        ) == (
            1,
            0,
            485,
            0,
        )
        assert (
            back.stop[layout.TRAVELLING],
            back.stop[layout.BEFORE],
            back.stop[layout.MINUTE],
            back.worked,
        ) == (
            1,
            60,
            555,
            60,
        )

    def test_on_an_order_by_hazard_and_not_by_time(self, made: Any) -> None:
        orders = {"alpha": {"kind": "poisson", "per_hour": 2, "minutes": {"kind": "constant", "value": 20}}}
        shift = made(orders=orders, situations={"on_order": 3, "waiting": 1, "travelling": 1}).shift(
            300, stop_at=0.01
        )
        busy = -expm1(-2 / 3)
        assert shift.stop[layout.FIRST_BUSY] == pytest.approx(busy)
        assert shift.stop[layout.ON_ORDER_CHANCE] == pytest.approx(3 * busy / (3 * busy + 1 - busy))


# ------------------------------------------------------------------------------------------------ whatever the law
CLOCKS = st.sampled_from(["online", "engaged", "billed", "engaged_plus_allowance"])
HOURS = st.sampled_from(["0.4", "1", "1.35", "2", "3.7"])


@st.composite
def limits(draw: Any) -> dict[str, Any]:
    """Some limits of any kind, clock and scope."""
    found = {}
    for number in range(draw(st.integers(0, 4))):
        kind = draw(
            st.sampled_from(
                ["day_logoff", "week_logoff", "month_logoff", "confirm_after", "rest_after_spell"]
            )
        )
        scope, clock = draw(st.sampled_from(["platform", "all_platforms"])), draw(CLOCKS)
        each = limit(kind, draw(HOURS), scope, clock=clock)
        if clock == "engaged_plus_allowance":
            each["allowance"] = "0.3"
        if scope == "platform" and draw(st.booleans()):
            each["platforms"] = [draw(st.sampled_from(["alpha", "beta"]))]
        if kind == "rest_after_spell":
            each["rest_minutes"] = draw(st.sampled_from([1, 13, 40]))
        elif kind == "confirm_after":
            each["confirm_share"] = 0
        elif scope == "platform":
            each["response"] = draw(st.sampled_from(["stop", "switch"]))
        if kind == "day_logoff":
            each["off_hours"] = draw(st.sampled_from([0, 4]))
        found[f"limit-{number}"] = each
    return found


FATIGUES = st.sampled_from(
    [
        {"kind": "none"},
        {
            "kind": "hours_on_shift",
            "bands": [{"from_hours": 0, "multiplier": 1}, {"from_hours": 1, "multiplier": 2}],
            "rest": {"kind": "full", "after_minutes": 20},
        },
        *(
            {
                "kind": "factors",
                "combine": combine,
                "hours_on_shift": [
                    {"from_hours": 0, "multiplier": 1},
                    {"from_hours": 2, "multiplier": "1.7"},
                ],
                "hour_of_day": {0: "1.2", 9: 1, 11: "1.4"},
                "since_break": {
                    "break_minutes": 15,
                    "bands": [
                        {"from_minutes": 0, "multiplier": "0.9"},
                        {"from_minutes": 50, "multiplier": "1.3"},
                    ],
                },
                "rest": {"kind": "rate", "hours_per_rest_hour": "1.5"},
                **({"cap": "1.8"} if combine == "capped" else {}),
            }
            for combine in ("product", "additive", "capped")
        ),
    ]
)
MINUTES = {"kind": "gamma", "mean": 22, "cv": "0.7"}
BY_HOUR = {"by_hour": {0: 1, 9: "2.2", 10: "0.5"}}
STREAMS = st.sampled_from(
    [
        {"kind": "fixed_per_day", "per_day": 5},
        {"kind": "poisson", "per_hour": 2, "minutes": MINUTES},
        {"kind": "poisson", "per_hour": 2, "minutes": MINUTES, "demand": BY_HOUR},
        {"kind": "one_at_a_time", "per_hour": 2, "minutes": MINUTES},
        {"kind": "one_at_a_time", "per_hour": 2, "minutes": MINUTES, "demand": BY_HOUR},
    ]
)
"""Laws of orders."""
SPLITS = st.sampled_from([{"alpha": 1}, HALVES, {"beta": "0.35", "alpha": "0.65"}])
SITUATIONS = {"on_order": "1.1", "waiting": "0.6", "travelling": "0.4"}


@st.composite
def shapes(draw: Any) -> dict[str, Any]:
    """What makes a world of one portfolio."""
    return {
        "split": draw(SPLITS),
        "limits": draw(limits()),
        "at_once": draw(st.booleans()),
        "commute": draw(st.sampled_from([0, 7])),
        "orders": {"alpha": draw(STREAMS), "beta": draw(STREAMS)},
        "fatigue": draw(FATIGUES),
        "situations": SITUATIONS,
    }


class TestWhateverTheLaw:
    @CHECKED
    @given(shape=shapes(), start=st.sampled_from([0, 480, 525, 1380]))
    def test_a_line_of_wishes_is_the_walk_of_each(self, made: Any, shape: dict[str, Any], start: int) -> None:
        """Bit for bit, where a shorter wish is the beginning of a longer one: for one app, and for apps at once."""
        if len(shape["split"]) > 1:
            shape["at_once"] = True
        world = made(**shape)
        rows = world.line(20, 5, 60, start)
        for place, row in enumerate(rows):
            assert row.tolist() == world.shift(20 + 5 * place, start).row.tolist(), place

    @CHECKED
    @given(shape=shapes(), wanted=st.integers(1, 400), start=st.sampled_from([0, 480, 1380]))
    def test_a_row_adds_up(self, made: Any, shape: dict[str, Any], wanted: int, start: int) -> None:
        world = made(**shape)
        shift = world.shift(wanted, start)
        online, apps = shift.apps[:, ONLINE], shift.apps
        assert 0 < shift.worked <= wanted
        assert shift.length >= shift.worked + 2 * shape["commute"]
        assert (apps >= 0).all()
        assert (apps[:, ENGAGED] <= online + 1e-9).all()
        assert shift.busy <= shift.worked + 1e-9
        if shape["at_once"]:
            assert online.max() <= shift.worked <= online.sum()
            assert apps[:, ENGAGED].max() <= shift.busy + 1e-9 <= apps[:, ENGAGED].sum() + 2e-9
        else:
            assert online.sum() == shift.worked
            assert apps[:, ENGAGED].sum() == pytest.approx(shift.busy)
        if not world.limits().shape[0]:
            assert shift.worked == wanted
            assert shift.length == wanted + 2 * shape["commute"]
            assert shift.off == 0
        if shape["fatigue"]["kind"] == "none":
            assert apps[:, HAZARD] == pytest.approx(apps[:, PLAIN])
        if not any(each.get("off_hours") for each in shape["limits"].values()):
            assert shift.off == 0

    @CHECKED
    @given(shape=shapes(), wanted=st.integers(1, 150), start=st.sampled_from([0, 480, 1380]))
    def test_a_walk_to_an_injury_is_the_beginning_of_the_whole(
        self, made: Any, shape: dict[str, Any], wanted: int, start: int
    ) -> None:
        """Stopped minute by minute, each walk has one minute more than the last, and the last one is the whole shift."""
        world = made(**shape)
        whole = world.shift(wanted, start)
        gathered, minute, before = 0.0, start - 1, np.zeros_like(whole.apps)
        stopped = steps = 0
        while True:
            shift = world.shift(wanted, start, stop_at=gathered * (1 + 1e-10) + 1e-15)
            if not shift.hurt:
                break
            steps += 1
            on_the_way = shift.stop[layout.TRAVELLING] == 1
            assert shift.stop[layout.MINUTE] > minute
            assert shift.stop[layout.BEFORE] == stopped
            assert shift.worked == stopped + (not on_the_way)
            assert shift.length == shift.stop[layout.MINUTE] + 1 - start
            assert shift.off == 0
            counted = np.delete(shift.apps, LOST, axis=1)
            assert (counted >= np.delete(before, LOST, axis=1)).all()
            minute, stopped, before = shift.stop[layout.MINUTE], shift.worked, shift.apps
            gathered = shift.apps[:, HAZARD].sum()
        assert steps == whole.worked + 2 * shape["commute"]
        assert minute + 1 - start == whole.length
        assert np.delete(before, LOST, axis=1).tolist() == np.delete(whole.apps, LOST, axis=1).tolist()
        assert shift.row.tolist() == whole.row.tolist()
