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
)
from injurysim.core.china import china_days

START = date(2022, 7, 1)
OFF, MAKEUP, LAST_PUBLISHED = china_days(2022, 2025)
CALENDAR = Calendar.build(START, 18, OFF, MAKEUP)


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


@given(month=st.integers(-240, 240), day=st.integers(0, 27))
def test_a_date_lies_in_the_month_it_is_said_to(month: int, day: int) -> None:
    assert CALENDAR.month_of(CALENDAR.month_date(month) + timedelta(days=day)) == month


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
