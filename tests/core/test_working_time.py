"""Office hours: opening, working minutes, statutory days."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.calendar import MINUTES_PER_DAY, WORKDAY, Calendar
from injurysim.core.china import china_days
from injurysim.core.working_time import CalendarEndError, WorkingTime

START = date(2022, 7, 1)
OFF, MAKEUP, _ = china_days(2022, 2025)
CALENDAR = Calendar.build(START, 18, OFF, MAKEUP)
OFFICE = WorkingTime(CALENDAR)


def at(day: date, hour: int = 0, minute: int = 0) -> int:
    return CALENDAR.minute_of(day) + 60 * hour + minute


moments = st.integers(0, 18 * 30 * MINUTES_PER_DAY)

FRIDAY, SATURDAY, MONDAY, TUESDAY = (date(2022, 7, day) for day in (1, 2, 4, 5))


def test_the_office_opens_next() -> None:
    assert OFFICE.minutes_per_day == 480
    assert OFFICE.next_opening(at(FRIDAY, 8)) == at(FRIDAY, 9)
    assert OFFICE.next_opening(at(FRIDAY, 9)) == at(FRIDAY, 9)
    assert OFFICE.next_opening(at(FRIDAY, 16, 59)) == at(FRIDAY, 16, 59)
    assert OFFICE.next_opening(at(FRIDAY, 17)) == at(MONDAY, 9)
    assert OFFICE.next_opening(at(SATURDAY, 12)) == at(MONDAY, 9)
    # National Day 2022: closed from Saturday 1 to Friday 7 October; Saturday 8 makes up for a day.
    assert OFFICE.next_opening(at(date(2022, 9, 30), 17)) == at(date(2022, 10, 8), 9)


def test_work_takes_open_minutes() -> None:
    assert OFFICE.add_working_minutes(at(FRIDAY, 10), 60) == at(FRIDAY, 11)
    assert OFFICE.add_working_minutes(at(FRIDAY, 10), 420) == at(FRIDAY, 17)
    assert OFFICE.add_working_minutes(at(FRIDAY, 10), 421) == at(MONDAY, 9, 1)
    assert OFFICE.add_working_minutes(at(SATURDAY), 960) == at(TUESDAY, 17)
    assert OFFICE.add_working_minutes(at(SATURDAY, 3), 0) == at(SATURDAY, 3)
    assert OFFICE.working_minutes_between(at(FRIDAY, 16), at(MONDAY, 10)) == 120


def test_a_limit_does_not_count_the_day_itself() -> None:
    assert OFFICE.add_working_days(at(FRIDAY, 8), 1) == at(MONDAY, 17)
    assert OFFICE.add_working_days(at(FRIDAY, 23), 1) == at(MONDAY, 17)
    assert OFFICE.add_working_days(at(SATURDAY), 2) == at(TUESDAY, 17)
    assert OFFICE.add_working_days(at(FRIDAY), 0) == at(FRIDAY)
    # 30 September 2022 plus 2: the make-up Saturday and Sunday, 8 and 9 October.
    assert OFFICE.add_working_days(at(date(2022, 9, 30)), 2) == at(date(2022, 10, 9), 17)
    assert OFFICE.working_days_between(at(FRIDAY), at(MONDAY)) == 1
    assert OFFICE.working_days_between(at(FRIDAY, 1), at(FRIDAY, 23)) == 0
    assert OFFICE.working_days_between(at(MONDAY), at(FRIDAY)) == -1


@given(moments, moments, st.integers(0, 5000))
def test_earlier_work_is_finished_no_later(a: int, b: int, minutes: int) -> None:
    early, late = sorted((a, b))
    assert OFFICE.next_opening(early) <= OFFICE.next_opening(late)
    assert OFFICE.add_working_minutes(early, minutes) <= OFFICE.add_working_minutes(late, minutes)
    assert OFFICE.add_working_minutes(early, minutes) < OFFICE.add_working_minutes(early, minutes + 1)


@given(moments, st.integers(0, 5000), st.integers(0, 5000))
def test_work_adds_up(start: int, first: int, then: int) -> None:
    end = OFFICE.add_working_minutes(start, first)
    assert OFFICE.add_working_minutes(end, then) == OFFICE.add_working_minutes(start, first + then)
    assert OFFICE.working_minutes_between(start, end) == first


@given(moments, st.integers(1, 120))
def test_a_limit_of_n_days_is_n_working_days_away(start: int, days: int) -> None:
    end = OFFICE.add_working_days(start, days)
    assert OFFICE.working_days_between(start, end) == days
    assert OFFICE.working_days_between(start, end - MINUTES_PER_DAY) < days
    assert end % MINUTES_PER_DAY == OFFICE.closes_minute


@given(moments, moments)
def test_counting_agrees_with_counting_on_the_fingers(a: int, b: int) -> None:
    start, end = sorted((a, b))
    days = range(start // MINUTES_PER_DAY + 1, end // MINUTES_PER_DAY + 1)
    by_hand = sum(int(CALENDAR.day_types[day]) == WORKDAY for day in days)
    assert OFFICE.working_days_between(start, end) == by_hand
    assert OFFICE.working_days_between(np.array([start, end]), np.array([end, start])).tolist() == [
        by_hand,
        -by_hand,
    ]


@given(moments)
def test_the_next_opening_is_the_first_open_minute(moment: int) -> None:
    opening = OFFICE.next_opening(moment)
    assert OFFICE.working_minutes_between(moment, opening) == 0
    assert OFFICE.working_minutes_between(opening, opening + 1) == 1


def test_round_the_clock_is_plain_time() -> None:
    always = WorkingTime(Calendar.build(START, 3, [], [], weekend=()), 0, 1440)
    assert always.next_opening(12345) == 12345
    assert always.add_working_minutes(12345, 6789) == 12345 + 6789


def test_past_the_end_is_refused_with_the_last_day() -> None:
    short = WorkingTime(Calendar.build(START, 1, [], [], margin_days=0))
    for past in (
        lambda: short.add_working_days(0, 21),
        lambda: short.add_working_minutes(0, 21 * 480 + 1),
        lambda: short.next_opening(31 * 1440 - 1),
        lambda: short.next_opening(-1),
        lambda: short.working_days_between(0, 31 * 1440),
        lambda: short.working_days_between(np.array([0]), np.array([31 * 1440])),
    ):
        with pytest.raises(CalendarEndError, match="2022-07-31"):
            past()
    assert short.add_working_days(0, 20) == 28 * 1440 + 1020
    for negative in (lambda: short.add_working_days(0, -1), lambda: short.add_working_minutes(0, -1)):
        with pytest.raises(ValueError, match="negative"):
            negative()
    with pytest.raises(ValueError, match="office hours"):
        WorkingTime(CALENDAR, 1020, 540)
