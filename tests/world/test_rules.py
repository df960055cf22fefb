"""Limits of a scenario as the rules of one shift."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import TypeAdapter

from injurysim.core.calendar import Calendar
from injurysim.core.errors import InputError
from injurysim.scenario.limits import Limit
from injurysim.world.rules import Logoff, ShiftRules, Spell, limits_by_day, shift_rules

LIMIT: TypeAdapter[Limit] = TypeAdapter(Limit)


def logoff(hours: Any, scope: str = "platform", **more: Any) -> Limit:
    return LIMIT.validate_python({"kind": "day_logoff", "hours": hours, "scope": scope, **more})


def rest(hours: Any, minutes: Any, scope: str = "all_platforms", **more: Any) -> Limit:
    return LIMIT.validate_python(
        {"kind": "rest_after_spell", "hours": hours, "rest_minutes": minutes, "scope": scope, **more}
    )


class TestShiftRules:
    def test_no_limits_no_rules(self) -> None:
        assert shift_rules({}, ("a", "b")) == ShiftRules(None, (), (None, None), ((), ()))

    def test_each_limit_finds_its_scope(self) -> None:
        limits = {
            "day": logoff(12, "all_platforms"),
            "app": logoff("8.5", response="switch"),
            "spell": rest(4, 20),
            "own": rest(2, 15, "platform", platforms=["b"]),
        }
        assert shift_rules(limits, ("a", "b")) == ShiftRules(
            Logoff(720), (Spell(240, 20),), (Logoff(510, True), Logoff(510, True)), ((), (Spell(120, 15),))
        )

    def test_a_limit_of_some_platforms_leaves_the_others(self) -> None:
        limits = {"mine": logoff(8, platforms=["b", "c"])}
        assert shift_rules(limits, ("a", "b")).logoff == (None, Logoff(480))

    def test_of_several_logoffs_the_earliest_holds(self) -> None:
        limits = {"ten": logoff(10, response="switch"), "eight": logoff(8)}
        assert shift_rules(limits, ("a",)).logoff == (Logoff(480),)

    def test_of_two_equal_logoffs_the_one_that_stops_holds(self) -> None:
        limits = {"go": logoff(8, response="switch"), "stay": logoff(8)}
        assert shift_rules(limits, ("a",)).logoff == (Logoff(480, switch=False),)

    @pytest.mark.parametrize(("hours", "minutes"), [("4", 240), ("0.175", 11), ("0.333333333333", 20)])
    def test_hours_are_whole_minutes_half_up(self, hours: str, minutes: int) -> None:
        assert shift_rules({"l": logoff(hours)}, ("a",)).logoff == (Logoff(minutes),)

    @pytest.mark.parametrize(
        ("limit", "where"),
        [
            (logoff("0.008"), "limits.mine.hours"),
            (rest("0.005", 20), "limits.mine.hours"),
            (rest(4, "0.4"), "limits.mine.rest_minutes"),
        ],
    )
    def test_less_than_a_minute_is_refused(self, limit: Limit, where: str) -> None:
        """A spell or rest of no minutes would never come to an end."""
        with pytest.raises(InputError, match="less than half a minute") as raised:
            shift_rules({"mine": limit}, ("a",))
        assert raised.value.problems[0].where == where


class TestLimitsByDay:
    def test_days_are_grouped_by_the_limits_that_hold(self, days: Callable[..., Calendar]) -> None:
        limits = {
            "always": logoff(12),
            "later": logoff(10, first_day="2023-01-10"),
            "while": rest(4, 20, first_day="2023-01-05", last_day="2023-01-09"),
        }
        sets, of_day = limits_by_day(limits, days(1))
        assert len(of_day) == 31
        assert [sets[number] for number in of_day] == (
            [("always",)] * 4 + [("always", "while")] * 5 + [("always", "later")] * 22
        )
        assert len(sets) == len(set(sets)) == 3

    def test_without_limits_there_is_one_set(self, days: Callable[..., Calendar]) -> None:
        sets, of_day = limits_by_day({}, days(2))
        assert sets == [()]
        assert set(of_day) == {0}
