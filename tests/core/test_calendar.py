"""Calendar and office hours: real months, real Chinese holidays, laws of adding and counting."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.calendar import (
    HOLIDAY,
    MINUTES_PER_DAY,
    WEEKEND,
    WORKDAY,
    Calendar,
    CalendarEndError,
    WorkingTime,
    china_days,
)

START = date(2022, 7, 1)
OFF, MAKEUP, LAST_PUBLISHED = china_days(2022, 2025)
CALENDAR = Calendar.build(START, 18, OFF, MAKEUP)
OFFICE = WorkingTime(CALENDAR)


def at(day: date, hour: int = 0, minute: int = 0) -> int:
    return CALENDAR.minute_of(day) + 60 * hour + minute


moments = st.integers(0, 18 * 30 * MINUTES_PER_DAY)


def test_months_are_real_months() -> None:
    assert CALENDAR.month_starts[:4].tolist() == [0, 31, 62, 92]
    assert CALENDAR.month_starts.dtype == np.int64
    assert CALENDAR.month_label(0) == "2022-07"
    assert CALENDAR.month_label(17) == "2023-12"
    assert CALENDAR.month_date(8) == date(2023, 3, 1)
    assert CALENDAR.month_date(18) == date(2024, 1, 1)
    assert CALENDAR.month_starts[-1] == (date(2024, 1, 1) - START).days
    assert CALENDAR.day_types.size == CALENDAR.month_starts[-1] + 800
    assert CALENDAR.day_types.dtype == np.int8


def test_a_leap_february_has_29_days() -> None:
    assert np.diff(Calendar.build(date(2024, 1, 1), 3, [], []).month_starts).tolist() == [31, 29, 31]


def test_days_and_minutes_go_there_and_back() -> None:
    day = date(2023, 2, 14)
    assert CALENDAR.date_of(CALENDAR.day_of(day)) == day
    assert CALENDAR.minute_of(day) == CALENDAR.day_of(day) * 1440
    assert CALENDAR.day_of(START - timedelta(days=1)) == -1


def test_minutes_become_moments() -> None:
    moments_of = CALENDAR.datetime64([0, at(date(2022, 8, 1), 9, 30)])
    assert moments_of.dtype == np.dtype("datetime64[s]")
    assert moments_of.astype(str).tolist() == ["2022-07-01T00:00:00", "2022-08-01T09:30:00"]
    assert CALENDAR.datetime64([]).dtype == np.dtype("datetime64[s]")
    with pytest.raises(TypeError, match="whole"):
        CALENDAR.datetime64([0.5])


def test_the_month_of_a_minute() -> None:
    august = at(date(2022, 8, 1))
    assert CALENDAR.month_of_minute(august - 1) == 0
    assert CALENDAR.month_of_minute(august) == 1
    assert CALENDAR.month_of_minute(-1) == -1
    assert CALENDAR.month_of_minute(CALENDAR.month_end_minute(17)) == 18
    assert CALENDAR.month_end_minute(0) == august
    months = CALENDAR.month_of_minute(np.array([[0, august], [august - 1, august + 44640]]))
    assert months.tolist() == [[0, 1], [0, 2]]
    assert months.dtype == np.int64
    with pytest.raises(IndexError, match="months 0 to 17"):
        CALENDAR.month_end_minute(18)


@given(moments)
def test_a_minute_lies_in_its_month(minute: int) -> None:
    month = CALENDAR.month_of_minute(minute)
    moment = datetime(START.year, START.month, START.day) + timedelta(minutes=minute)
    assert CALENDAR.month_label(month) == f"{moment:%Y-%m}"
    assert CALENDAR.month_starts[month] * MINUTES_PER_DAY <= minute < CALENDAR.month_end_minute(month)


def test_chinese_days_as_they_were_published() -> None:
    # General Office of the State Council: arrangements of 2022 (National Day) and 2023 (Spring Festival, Labour Day).
    published_off = [date(2022, 10, d) for d in range(3, 8)] + [date(2023, 1, d) for d in range(23, 28)]
    published_work = [date(2022, 10, 8), date(2022, 10, 9), date(2023, 1, 28), date(2023, 1, 29)]
    published_work += [date(2023, 4, 23), date(2023, 5, 6)]
    assert set(published_off) <= set(OFF)
    assert set(published_work) <= set(MAKEUP)
    for day in [date(2022, 10, d) for d in range(1, 8)]:
        assert CALENDAR.day_types[CALENDAR.day_of(day)] != WORKDAY
    assert CALENDAR.day_types[CALENDAR.day_of(date(2022, 10, 3))] == HOLIDAY
    assert CALENDAR.day_types[CALENDAR.day_of(date(2022, 10, 8))] == WORKDAY
    assert CALENDAR.day_types[CALENDAR.day_of(date(2022, 10, 15))] == WEEKEND


@pytest.mark.parametrize(("year", "working_days"), [(2023, 249), (2024, 251), (2025, 248)])
def test_working_days_of_a_year_are_the_published_number(year: int, working_days: int) -> None:
    calendar = Calendar.build(date(year, 1, 1), 12, OFF, MAKEUP, margin_days=0)
    assert int((calendar.day_types == WORKDAY).sum()) == working_days


def test_the_last_published_year_does_not_depend_on_the_years_asked_for() -> None:
    assert LAST_PUBLISHED >= 2026
    assert china_days(2010, 2010)[2] == LAST_PUBLISHED
    off, makeup, last = china_days(LAST_PUBLISHED + 1, LAST_PUBLISHED + 2)
    assert last == LAST_PUBLISHED
    assert makeup == []
    assert {date(LAST_PUBLISHED + 1, 1, 1), date(LAST_PUBLISHED + 2, 10, 1)} <= set(off)
    assert off == sorted(off)
    with pytest.raises(ValueError, match="order"):
        china_days(2025, 2024)


def test_what_makes_no_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="first of a month"):
        Calendar.build(date(2022, 7, 2), 1, [], [])
    with pytest.raises(ValueError, match="month"):
        Calendar.build(START, 0, [], [])
    with pytest.raises(ValueError, match="Sunday"):
        Calendar.build(START, 1, [], [], weekend=(7,))
    with pytest.raises(ValueError, match="both"):
        Calendar.build(START, 1, [date(2022, 7, 9)], [date(2022, 7, 9)])


def test_the_arrays_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        CALENDAR.day_types[0] = HOLIDAY


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
