"""Shifts of the reference model under limits, worked out by hand."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from injurysim.core.errors import InputError
from injurysim.world.conduct import Conduct
from injurysim.world.reference_fatigue import Tiredness
from injurysim.world.reference_limits import Meter, Meters, rules_of
from injurysim.world.reference_past import Past
from injurysim.world.reference_shift import Walk, split

worlds = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("worlds_for_tests.py"))))
LIMITS = worlds.LIMITS

NAMES = ("alpha", "beta", "gamma")
BOTH = (0, 1)
Walked = list[tuple[int, tuple[int, ...], int]]
"""Rest before, apps open, minutes; a leg that only goes on from the one before is counted with it."""


def always(apps: tuple[int, ...], minutes: int) -> tuple[float, ...]:
    """An order in hand all the while on each app."""
    return tuple(float(minutes) for _ in apps)


def walk(
    limits: dict[str, Any],
    wanted: int,
    points: tuple[int, ...] = (10_000,),
    *,
    at_once: bool = False,
    switching: frozenset[str] | None = None,
    engaged: Callable[[tuple[int, ...], int], tuple[float, ...]] = always,
    meters: Meters | None = None,
) -> tuple[Walked, int]:
    """Legs of a shift, and the minutes off after it."""
    law = worlds.world({"riders": worlds.group(1, {"alpha": 1})}, limits=limits)
    if switching is None:
        switching = frozenset(name for name, limit in limits.items() if limit.get("response") == "switch")
    if meters is None:
        rules = rules_of(law, law.limits, NAMES[: len(points)], points, Conduct(frozenset(), switching))
        meters = Meters(len(points), [Meter(rule) for rule in rules])
    shift = Walk(wanted, split(wanted, points, at_once=at_once), meters, at_once=at_once)
    found: Walked = []
    for leg in shift.legs():
        leg.minutes = leg.most
        leg.engaged = engaged(leg.apps, leg.minutes)
        leg.busy = max(leg.engaged)
        if leg.opened or not found or found[-1][1] != leg.apps:
            found.append((leg.rest, leg.apps, leg.minutes))
        else:
            assert not leg.rest
            found[-1] = (*found[-1][:2], found[-1][2] + leg.minutes)
    return found, shift.off


class TestInSequence:
    @pytest.mark.parametrize(
        ("wanted", "points", "limits", "walked"),
        [
            # Two hours, half an hour of rest; a new app has a fresh spell.
            (240, (6500, 3500), "rest on a platform", [(0, 0, 120), (30, 0, 36), (0, 1, 84)]),
            # At the very end of the work on an app there is no rest.
            (120, (10_000, 0), "rest on a platform", [(0, 0, 120)]),
            (300, (6500, 3500), "rest over all platforms", [(0, 0, 195), (0, 1, 45), (20, 1, 60)]),
            # Due when the app is changed: 240 of 400 minutes are those of the first app.
            (400, (6000, 4000), "rest over all platforms", [(0, 0, 240), (20, 1, 160)]),
            (600, (6500, 3500), "platform log-off, stop", [(0, 0, 240), (0, 1, 210)]),
            # 140 minutes are wanted on the first app, which takes 120, and 60 on the second.
            (200, (7000, 3000), "one platform's log-off, switch", [(0, 0, 120), (0, 1, 80)]),
            # 40 and 360, each app takes 210: what the last one refuses goes back to the first.
            (400, (1000, 9000), "platform log-off, switch", [(0, 0, 40), (0, 1, 210), (0, 0, 150)]),
            # Both are full: the rest is lost.
            (600, (6500, 3500), "platform log-off, switch", [(0, 0, 210), (0, 1, 210)]),
            (600, (6500, 3500), "log-off over all platforms", [(0, 0, 390), (0, 1, 90)]),
            # 45 minutes of rest after three hours on an app count for the short rest as well.
            (
                300,
                (10_000, 0),
                "two rests that count for each other",
                [(0, 0, 90), (10, 0, 90), (45, 0, 90), (10, 0, 30)],
            ),
        ],
    )
    def test_by_hand(
        self, wanted: int, points: tuple[int, int], limits: str, walked: list[tuple[int, int, int]]
    ) -> None:
        found, _ = walk(LIMITS[limits], wanted, points)
        assert found == [(rest, (slot,), minutes) for rest, slot, minutes in walked]

    def test_who_does_not_confirm_stops(self) -> None:
        limits = {"ask": {"kind": "confirm_after", "scope": "platform", "hours": 2, "confirm_share": "0.5"}}
        assert walk(limits, 300, (5000, 5000)) == ([(0, (0,), 120), (0, (1,), 120)], 0)

    def test_switching_needs_all_that_act_in_the_minute(self) -> None:
        """One switches and one stops at the same minute: what is left over is given up."""
        same: dict[str, Any] = {"kind": "day_logoff", "scope": "platform", "hours": 1, "platforms": ["alpha"]}
        limits = {"stop": same, "switch": {**same, "response": "switch"}}
        assert walk(limits, 180, (5000, 5000))[0] == [(0, (0,), 60), (0, (1,), 90)]
        limits["stop"] = {**same, "hours": 2}
        assert walk(limits, 180, (5000, 5000))[0] == [(0, (0,), 60), (0, (1,), 120)]

    @pytest.mark.parametrize(
        ("scope", "response", "wanted", "off"),
        [
            ("platform", "stop", 300, 600),
            ("platform", "stop", 120, 600),  # both apps are closed, though nothing more was wanted
            ("platform", "stop", 110, 0),
            ("platform", "switch", 300, 0),  # left for another app, though neither has room in the end
            ("all_platforms", "stop", 300, 600),
            ("all_platforms", "stop", 60, 600),
            ("all_platforms", "stop", 59, 0),
        ],
    )
    def test_hours_off(self, scope: str, response: str, wanted: int, off: int) -> None:
        limit = {"kind": "day_logoff", "scope": scope, "hours": 1, "response": response, "off_hours": 10}
        assert walk({"one": limit}, wanted, (5000, 5000))[1] == off
        # With all apps open none is left for another.
        together = 0 if wanted < 60 else 600
        assert walk({"one": limit}, wanted, (5000, 5000), at_once=True)[1] == together

    def test_a_limit_of_no_minute_is_refused(self) -> None:
        with pytest.raises(InputError, match="less than half a minute"):
            walk({"none": {"kind": "day_logoff", "scope": "platform", "hours": "0.001"}}, 60)


class TestAtOnce:
    @pytest.mark.parametrize(
        ("wanted", "limits", "walked"),
        [
            # Both apps are open from the start, so both are due together and the rider rests.
            (
                300,
                {"rest": {"scope": "platform", "hours": 2, "rest_minutes": 30}},
                [(0, BOTH, 120), (30, BOTH, 120), (30, BOTH, 60)],
            ),
            # One app rests, the other goes on.
            (
                290,
                {"rest": {"scope": "platform", "platforms": ["alpha"], "hours": 2, "rest_minutes": 30}},
                [(0, BOTH, 120), (0, (1,), 30), (0, BOTH, 120), (0, (1,), 20)],
            ),
            # A rest over all platforms 30 minutes into the long rest of one app: the other is back first.
            (
                200,
                {
                    "app": {"scope": "platform", "platforms": ["alpha"], "hours": 2, "rest_minutes": 60},
                    "all": {"scope": "all_platforms", "hours": "2.5", "rest_minutes": 20},
                },
                [(0, BOTH, 120), (0, (1,), 30), (20, (1,), 10), (0, BOTH, 40)],
            ),
            # It prolongs an app's short rest: 5 minutes of its 10 have passed.
            (
                200,
                {
                    "app": {"scope": "platform", "platforms": ["alpha"], "hours": 2, "rest_minutes": 10},
                    "all": {"scope": "all_platforms", "hours": "2.083333333", "rest_minutes": 20},
                },
                [(0, BOTH, 120), (0, (1,), 5), (20, BOTH, 75)],
            ),
            (
                300,
                {"off": {"kind": "day_logoff", "scope": "platform", "platforms": ["alpha"], "hours": 2}},
                [(0, BOTH, 120), (0, (1,), 180)],
            ),
            (300, {"off": {"kind": "day_logoff", "scope": "platform", "hours": 2}}, [(0, BOTH, 120)]),
            (300, {"off": {"kind": "day_logoff", "scope": "all_platforms", "hours": 4}}, [(0, BOTH, 240)]),
        ],
    )
    def test_by_hand(self, wanted: int, limits: dict[str, Any], walked: Walked) -> None:
        given = {name: {"kind": "rest_after_spell", **limit} for name, limit in limits.items()}
        assert walk(given, wanted, (6500, 3500), at_once=True)[0] == walked

    def test_an_app_without_share_has_all_of_what_it_does_alone(self) -> None:
        limits = {"off": {"kind": "day_logoff", "scope": "platform", "platforms": ["alpha"], "hours": 1}}
        found, _ = walk(limits, 100, (10_000, 0), at_once=True)
        assert found == [(0, BOTH, 60), (0, (1,), 40)]


class TestClocks:
    def test_engaged_half_of_the_time(self) -> None:
        """An hour with an order in hand takes two."""
        limits = {"hour": {"kind": "day_logoff", "scope": "platform", "hours": 1, "clock": "engaged"}}
        found, _ = walk(limits, 300, engaged=lambda apps, minutes: tuple(minutes / 2 for _ in apps))
        assert found == [(0, (0,), 120)]

    @pytest.mark.parametrize("scope", ["platform", "all_platforms"])
    def test_an_allowance(self, scope: str) -> None:
        """With a quarter on top an hour is over after 48 minutes."""
        clock = {"clock": "engaged_plus_allowance", "allowance": "0.25"}
        limits = {"hour": {"kind": "day_logoff", "scope": scope, "hours": 1, **clock}}
        assert walk(limits, 300)[0] == [(0, (0,), 48)]

    def test_acts_at_the_first_whole_minute(self) -> None:
        """0.3 of an allowance: 46 minutes are 59.8, 47 are 61.1."""
        clock = {"clock": "engaged_plus_allowance", "allowance": "0.3"}
        limits = {"hour": {"kind": "day_logoff", "scope": "platform", "hours": 1, **clock}}
        assert walk(limits, 300)[0] == [(0, (0,), 47)]

    def test_billed_shares_of_apps_together(self) -> None:
        """0.65 x 0.8 + 0.35 x 0.4 = 0.66 of a minute: 66 minutes take 100."""
        law = worlds.world({"riders": worlds.group(1, {"alpha": 1})}, worlds.billed("0.8", "0.4"))
        limits = {"day": {"kind": "day_logoff", "scope": "all_platforms", "hours": "1.1", "clock": "billed"}}
        law = law.model_copy(
            update={"limits": type(law).model_validate(law.model_dump() | {"limits": limits}).limits}
        )
        for points, at_once, minutes in (((6500, 3500), True, 100), ((10_000, 0), False, 83)):
            rules = rules_of(law, law.limits, NAMES[:2], points, Conduct(frozenset(), frozenset()))
            meters = Meters(2, [Meter(rule) for rule in rules])
            found, _ = walk({}, 300, points, at_once=at_once, meters=meters)
            assert sum(leg[2] for leg in found) == minutes


class TestPast:
    def test_meters_of_week_and_month(self) -> None:
        """2023-01-01 is a Sunday: the second day begins a week."""
        limits = {
            "week": {"kind": "week_logoff", "scope": "platform", "hours": 5, "response": "switch"},
            "month": {"kind": "month_logoff", "scope": "all_platforms", "hours": 12},
        }
        law = worlds.world({"riders": worlds.group(1, {"alpha": 1})}, limits=limits)
        points = (8000, 2000)
        rules = rules_of(law, law.limits, NAMES[:2], points, Conduct(frozenset(), frozenset({"week"})))
        past = Past(worlds.calendar(2))
        found = []
        for day, month in ((0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (31, 1)):
            meters = past.meters(rules, 2, day, month)
            legs, _ = walk({}, 240, points, meters=meters)
            found.append([(apps[0], minutes) for _, apps, minutes in legs])
            past.close(meters, day, month, worked=sum(leg[2] for leg in legs), end=0)
        # Apps take 192 and 48 of 240 minutes, 300 a week; 720 are the month's.
        assert found == [
            [(0, 192), (1, 48)],
            [(0, 192), (1, 48)],
            [(0, 108), (1, 132)],
            [],
            [],
            [(0, 192), (1, 48)],
        ]

    def test_a_week_without_room_is_no_shift(self) -> None:
        limits = {"week": {"kind": "week_logoff", "scope": "platform", "hours": 4, "response": "switch"}}
        law = worlds.world({"riders": worlds.group(1, {"alpha": 1})}, limits=limits)
        rules = rules_of(law, law.limits, NAMES[:2], (5000, 5000), Conduct(frozenset(), frozenset({"week"})))
        past = Past(worlds.calendar(1))
        worked = []
        for day in range(9):
            meters = past.meters(rules, 2, day, 0)
            worked.append(sum(leg[2] for leg in walk({}, 300, (5000, 5000), meters=meters)[0]))
            if worked[-1]:
                past.close(meters, day, 0, worked=worked[-1], end=0)
        assert worked == [300, 300, 180, 0, 0, 0, 0, 0, 300]

    def test_a_short_rest_counts_on_its_day_and_the_next(self) -> None:
        law = Tiredness(
            worlds.factors(short_rest={"below_hours": 11, "multiplier": 3}, hour_of_day={0: 1, 12: 1})
        )
        past, seen = Past(worlds.calendar(1)), []
        none = Meters(1, [])
        # Ends late on day 1, begins early on day 2; day 4 is long after.
        for day, start, end in ((0, 480, 900), (1, 480, 1380), (2, 480, 900), (3, 480, 900), (4, 480, 900)):
            begin = day * 1440
            ((_, multiplier),) = past.weariness(law, day, begin + start).pieces(begin + start, 60)
            seen.append(multiplier)
            past.close(none, day, 0, worked=60, end=begin + end)
        assert seen == [1, 1, 3, 3, 1]

    def test_days_in_a_row_and_hours_of_seven_days(self) -> None:
        law = Tiredness(
            worlds.factors(
                consecutive_days={1: 1, 2: "1.5", 4: 2},
                week_hours=[{"from_hours": 0, "multiplier": 1}, {"from_hours": 30, "multiplier": 10}],
            )
        )
        past, seen = Past(worlds.calendar(1)), []
        for day in (0, 1, 2, 3, 5, 6, 9, 12, 13):
            ((_, multiplier),) = past.weariness(law, day, day * 1440).pieces(day * 1440, 5)
            seen.append(multiplier)
            past.close(Meters(1, []), day, 0, worked=480, end=day * 1440 + 480)
        # Before day 5: 32 hours of four days; before day 9: those of days 2, 3, 5 and 6; before 12: 5, 6 and 9.
        assert seen == [1, 1.5, 1.5, 2, 10, 15, 10, 1, 1.5]

    def test_first_day_is_of_its_own_week(self) -> None:
        assert worlds.calendar(1).start == date(2023, 1, 1)
