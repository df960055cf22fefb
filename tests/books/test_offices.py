"""Offices: who is taken up when, against a plain model of the rule and against laws of queues."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pandas as pd
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from injurysim.books.office_rows import office_months
from injurysim.books.offices import Office
from injurysim.core.calendar import Calendar

DAY = 1440
# 2024-01-01 is a Monday: a holiday. Saturday 6 January is worked instead.
CALENDAR = Calendar.build(date(2024, 1, 1), 3, [date(2024, 1, 1)], [date(2024, 1, 6)])
WORKDAYS = [day for day in range(900) if (day % 7 < 5 and day != 0) or day == 5]


def at(day, hour, minute=0):
    """Minute of a time of day in January 2024."""
    return (day - 1) * DAY + hour * 60 + minute


def run(cases, staff=1, until=60 * DAY, **hours):
    """Send cases (arrived, accepted_at, claim, minutes[, priority]) through an office; cases by claim."""
    env = simpy.Environment()
    office = Office(env, CALENDAR, staff, **hours)
    found, ended = {}, {}

    def send(arrived, accepted_at, claim, minutes, priority=0):
        yield env.timeout(arrived)
        found[claim], done = office.handle(
            priority=priority, accepted_at=accepted_at, claim=claim, minutes=minutes
        )
        yield done
        ended[claim] = int(env.now)

    for case in cases:
        env.process(send(*case))
    env.run(until=until)
    for claim, moment in ended.items():
        assert moment == found[claim].finished
    return found, office


@cache
def grid(opens, closes, slot, weekdays):
    """Slot starts of the first 60 days, open minutes of 240 days, and the place of each among them."""
    days = [day for day in WORKDAYS if day % 7 in weekdays and day < 240]
    slots = [day * DAY + minute for day in days if day < 60 for minute in range(opens, closes, slot)]
    is_open = [day * DAY + minute for day in days for minute in range(opens, closes)]
    return slots, is_open, {minute: number for number, minute in enumerate(is_open)}


def plain(cases, staff=1, opens=540, closes=1020, slot=30, weekdays=range(7)):
    """The rule said as simply as possible: at each slot start, free staff take the first of those who came before.

    Returns
    -------
    dict of claim to (started, finished)
    """
    slots, is_open, place = grid(opens, closes, slot, tuple(weekdays))
    free_at, waiting, taken = [0] * staff, list(cases), {}
    for slot_start in slots:
        if not waiting:
            break
        queue = sorted(
            (case[4] if len(case) > 4 else 0, case[1], case[2], case[3])
            for case in waiting
            if case[0] < slot_start
        )
        for _, _, claim, minutes in queue:
            server = min(range(staff), key=free_at.__getitem__, default=None)
            if server is None or free_at[server] > slot_start:
                break
            end = is_open[place[slot_start] + minutes - 1] + 1 if minutes else slot_start
            # A case without work still takes its member of staff for this slot.
            free_at[server] = max(end, slot_start + 1)
            taken[claim] = (slot_start, end)
            waiting = [case for case in waiting if case[2] != claim]
    return taken


def starts(found):
    return {claim: (case.started, case.finished) for claim, case in found.items() if case.started is not None}


# By hand


def test_a_trace_by_hand():
    """Two staff from 9 to 17, slots of half an hour.

    b and a are there at the opening of Tuesday 2 January (accepted on the holiday, b first); c comes at 9:00
    sharp, too late for that slot; d comes in the evening and is taken up on Wednesday. a takes 75 minutes, so
    that its member of staff is free from the slot of 10:30; c starts at 10:00 where b has ended at 10:00.
    """
    cases = [
        (at(1, 12), at(1, 12), "a", 75),
        (at(1, 11), at(1, 11), "b", 60),
        (at(2, 9), at(2, 9), "c", 450),
        (at(2, 18), at(2, 18), "d", 0),
        (at(2, 9, 1), at(2, 9, 1), "e", 30),
    ]
    found, _ = run(cases, staff=2)
    assert starts(found) == {
        "b": (at(2, 9), at(2, 10)),
        "a": (at(2, 9), at(2, 10, 15)),
        "c": (at(2, 10), at(3, 9, 30)),
        "e": (at(2, 10, 30), at(2, 11)),
        "d": (at(3, 9), at(3, 9)),
    }


def test_work_stops_at_closing_time_and_over_the_weekend():
    """Friday 5 January 16:30: half an hour, then the make-up Saturday, then Monday; 16:30 is the last slot."""
    found, _ = run([(at(5, 16, 15), 0, "long", 30 + 480 + 45), (at(5, 16, 45), 0, "late", 10)], staff=2)
    assert starts(found) == {
        "long": (at(5, 16, 30), at(8, 9, 45)),
        "late": (at(6, 9), at(6, 9, 10)),
    }


def test_the_board_sits_on_its_weekdays_only_and_a_lost_sitting_is_not_made_up():
    """Mondays and Thursdays: Monday the 1st is a holiday, so the sittings are the 4th, the 8th, the 11th."""
    found, _ = run(
        [(at(1, 8), 0, "a", 480), (at(1, 8), 0, "b", 500), (at(1, 8), 0, "c", 60)], sitting_weekdays=[0, 3]
    )
    assert starts(found) == {
        "a": (at(4, 9), at(4, 17)),
        "b": (at(8, 9), at(11, 9, 20)),
        "c": (at(11, 9, 30), at(11, 10, 30)),
    }


def test_a_case_that_comes_at_a_slot_start_does_not_hold_up_those_before_it():
    """Whichever of the look at the queue and the arrival was made first, a is taken up at 10:00."""
    cases = [(at(2, 9, 45), 0, "a", 30), (at(2, 10), 0, "b", 30)]
    for order in (cases, cases[::-1]):
        found, _ = run(order, staff=2)
        assert starts(found) == {"a": (at(2, 10), at(2, 10, 30)), "b": (at(2, 10, 30), at(2, 11))}


def test_priority_goes_before_acceptance_and_acceptance_before_the_name():
    cases = [
        (at(1, 9), at(1, 9), "c", 30, 1),
        (at(1, 9), at(1, 8), "b", 30, 1),
        (at(1, 9), at(1, 8), "a", 30, 1),
        (at(1, 9), at(1, 9), "z", 30, 0),
    ]
    found, _ = run(cases)
    assert sorted(found, key=lambda claim: found[claim].started) == ["z", "a", "b", "c"]


# Regions, leave, night


def leave(**shares):
    """Shares on leave by month of the year, as the office takes them."""
    return {int(month[1:]): Decimal(share) for month, share in shares.items()}


@pytest.mark.parametrize(
    ("staff", "share", "present"),
    [(4, "0.5", 2), (3, "0.5", 1), (5, "0.1", 4), (4, "0.1", 4), (1, "0.5", 1), (3, "1", 1), (0, "0.5", 0)],
)
def test_leave_is_whole_people_half_up_and_one_stays(staff, share, present):
    _, office = run([], staff, leave=leave(m2=share))
    assert office.staff == [staff, present, staff, staff]


def test_who_goes_on_leave_finishes_the_case_in_hand():
    """Three officers, two of them on leave in February (from a Thursday), each case two days and a half.

    Three begin on Tuesday 30 January at 9 and end on 1 February at 13:00; one of the other cases follows at a time,
    until March, when three are there again.
    """
    cases = [(at(30, 8), at(30, 8), f"c{n:02d}", 1200) for n in range(14)]
    found, office = run(cases, staff=3, until=90 * DAY, leave=leave(m2="0.6"))
    began = [found[f"c{n:02d}"].started for n in range(14)]
    assert began[:3] == [at(30, 9)] * 3
    assert all(found[f"c{n:02d}"].finished == at(32, 13) for n in range(3))
    february, march = at(32, 0), at(61, 0)
    lone = [moment for moment in began if february <= moment < march]
    assert lone[0] == at(32, 13)
    assert all(later - earlier >= 2 * DAY for earlier, later in pairwise(lone))
    assert began.count(at(61, 9)) == 2  # 1 March: two come back, the third is still at work
    months = office_months(office, [0, february, march, at(92, 0)])
    assert months[1].busy_minutes == 3 * 240 + office.working_time.working_minutes_between(at(32, 13), march)


def test_all_who_are_back_take_up_work_though_nobody_finishes():
    """One of two has a case without end; the other is on leave in January and back on 1 February."""
    cases = [(at(2, 8), 0, "endless", 2000 * 480), (at(3, 8), 0, "other", 30)]
    found, _ = run(cases, staff=2, leave=leave(m1="0.5"))
    assert found["other"].started == at(32, 9)


def test_a_case_leaves_the_queue_unless_it_is_taken_up_before():
    """One officer, 60 minutes a case; b would be taken up at 10:00, the very minute in which it leaves."""
    env = simpy.Environment()
    office = Office(env, CALENDAR, 1)
    env.run(until=at(2, 8))
    cases = {
        claim: office.handle(priority=0, accepted_at=0, claim=claim, minutes=60, leaves_at=leaves_at)[0]
        for claim, leaves_at in (("a", at(2, 9, 30)), ("b", at(2, 10)), ("c", at(2, 10, 1)))
    }
    env.run(until=at(3, 0))
    assert starts(cases) == {"a": (at(2, 9), at(2, 10)), "c": (at(2, 10), at(2, 11))}
    assert [cases["b"].left_by(at(2, 10) - early) for early in (0, 1)] == [True, False]
    (january,) = office_months(office, [0, 31 * DAY])
    assert (january.arrived, january.finished, january.withdrawn) == (3, 2, 1)


def test_an_office_round_the_clock_takes_up_work_in_the_next_minute():
    """On the holiday, at night, on a day on which the board does not sit; limits still count working days."""
    moments = [at(1, 3), at(2, 4, 7), at(6, 23, 58), at(7, 12)]
    cases = [(moment, moment, f"c{n}", 90) for n, moment in enumerate(moments)]
    found, office = run(cases, slot_minutes=1, round_the_clock=True, sitting_weekdays=[0])
    assert sorted(starts(found).values()) == [(moment + 1, moment + 91) for moment in moments]
    assert office.legal_time.working_days_between(at(1, 0), at(8, 12)) == 6
    (january,) = office_months(office, [0, 31 * DAY])
    assert january.busy_minutes == 360


def test_a_region_has_its_own_staff(small):
    """With nobody in the west no file is taken up there, and the east is as it was."""
    groups = {"crew": small.group(10), "far": small.group(10, region="west")}
    worlds = {"base": small.world(groups, regions={"east": {}, "west": {}})}
    none = {"staff": 1, "minutes": {"kind": "exponential", "mean": 90}, "regions": {"west": 0}}
    designs = {
        name: small.design({"pilot": small.scheme(handling={**small.OFFICES, "confirmation": desk})})
        for name, desk in (("both", small.OFFICES["confirmation"]), ("one", none))
    }
    found = small.frames(small.document(designs, worlds))
    both, one = (small.of_design(found["offices"], name) for name in designs)
    east = both["region"] == "east"
    pd.testing.assert_frame_equal(both[east], one[east])
    assert both.loc[~east, "finished"].sum() > 0
    assert one.loc[~east, "finished"].sum() == 0
    desk = one[~east & (one["office"] == "pilot.confirmation")]
    assert desk["backlog"].iloc[-1] == desk["arrived"].sum() > 5


# In general

MOMENT = st.one_of(
    st.integers(0, 12).map(lambda quarter: at(2, 9) + quarter * 15),
    st.integers(0, 12 * 96).map(lambda quarter: quarter * 15),
)
"""Quarters of an hour of one morning or of twelve days: arrivals, slot starts and endings often coincide."""
MINUTES = st.one_of(st.sampled_from([0, 15, 30, 60, 480]), st.integers(0, 900))
CASES = st.lists(st.tuples(MOMENT, MINUTES), min_size=1, max_size=14).map(
    lambda pairs: [(arrived, arrived, f"c{n:02d}", minutes) for n, (arrived, minutes) in enumerate(pairs)]
)
MIXED = st.lists(st.tuples(MOMENT, MOMENT, MINUTES, st.integers(0, 1)), min_size=1, max_size=14).map(
    lambda rows: [
        (arrived, accepted, f"c{n:02d}", minutes, priority)
        for n, (arrived, accepted, minutes, priority) in enumerate(rows)
    ]
)
HOURS = st.sampled_from(
    [
        {},
        {"opens_minute": 0, "closes_minute": 1440, "slot_minutes": 1},
        {"opens_minute": 480, "closes_minute": 765, "slot_minutes": 50},
        {"sitting_weekdays": [1, 3]},
        {"slot_minutes": 480},
    ]
)


def of_plain(hours):
    names = {"opens_minute": "opens", "closes_minute": "closes", "slot_minutes": "slot"}
    return {names.get(name, "weekdays"): value for name, value in hours.items()}


@settings(max_examples=60, deadline=None)
@given(cases=MIXED, staff=st.integers(1, 3), hours=HOURS, data=st.data())
def test_offices_follow_the_plain_rule_whatever_the_order_of_events(cases, staff, hours, data):
    """Priorities, late files and coinciding moments included; and another order of making changes nothing."""
    found, _ = run(cases, staff, **hours)
    assert starts(found) == plain(cases, staff, **of_plain(hours))
    permuted, _ = run(data.draw(st.permutations(cases)), staff, **hours)
    assert starts(permuted) == starts(found)


@settings(max_examples=60, deadline=None)
@given(cases=MIXED, staff=st.integers(1, 3), hours=HOURS)
def test_no_work_outside_hours_and_never_more_than_the_staff(cases, staff, hours):
    found, office = run(cases, staff, **hours)
    done = [case for case in found.values() if case.started is not None]
    opens, slot = hours.get("opens_minute", 540), hours.get("slot_minutes", 30)
    for case in done:
        assert case.started > case.arrived
        assert office.working_time.next_opening(case.started) == case.started
        assert (case.started % DAY - opens) % slot == 0
        assert case.started // DAY in WORKDAYS
        assert case.started // DAY % 7 in hours.get("sitting_weekdays", range(7))
        assert office.working_time.working_minutes_between(case.started, case.finished) == case.minutes
        assert sum(other.started <= case.started < other.finished for other in done) <= staff


@settings(max_examples=60, deadline=None)
@given(cases=CASES, staff=st.integers(1, 3), more=st.integers(1, 3), hours=HOURS)
def test_first_come_first_served_and_more_staff_delays_nobody(cases, staff, more, hours):
    """Kiefer-Wolfowitz monotonicity of a single first-come queue, path by path."""
    few, _ = run(cases, staff, **hours)
    many, _ = run(cases, staff + more, **hours)
    in_turn = sorted(few.items(), key=lambda item: (item[1].arrived, item[0]))
    began = [case.started for _, case in in_turn if case.started is not None]
    assert began == sorted(began)
    for claim, case in few.items():
        if case.started is not None:
            assert many[claim].started <= case.started


@settings(max_examples=40, deadline=None)
@given(cases=MIXED, hours=HOURS)
def test_with_staff_for_all_a_case_waits_for_the_next_slot_only(cases, hours):
    found, _ = run(cases, len(cases), **hours)
    for arrived, _, claim, *_ in cases:
        alone = plain([(arrived, 0, claim, 1)], 1, **of_plain(hours))
        assert found[claim].started == alone[claim][0]


@settings(max_examples=40, deadline=None)
@given(cases=MIXED, staff=st.integers(1, 2), until=st.integers(1, 30).map(lambda day: day * DAY))
def test_what_arrived_is_finished_or_in_the_backlog(cases, staff, until):
    """Counted day by day, as the table counts month by month; and nobody is busier than the office is open."""
    found, office = run(cases, staff, until=until)
    ends = list(range(0, until + DAY, DAY))
    days = office_months(office, ends)
    assert sum(day.arrived for day in days) == len(found) == sum(case[0] < until for case in cases)
    backlog = 0
    for number, day in enumerate(days):
        backlog += day.arrived - day.finished
        end = ends[number + 1]
        assert backlog == sum(
            case.arrived < end and (case.finished is None or case.finished >= end) for case in found.values()
        )
        taken = [
            case for case in found.values() if case.started is not None and case.started // DAY == number
        ]
        assert sorted(day.waits) == sorted((case.started - case.arrived) / DAY for case in taken)
        open_minutes = office.working_time.working_minutes_between(ends[number], end)
        in_hand = sum(
            office.working_time.working_minutes_between(
                max(case.started, ends[number]), max(min(case.finished, end), ends[number])
            )
            for case in found.values()
            if case.started is not None and case.started < end
        )
        assert day.busy_minutes == in_hand <= staff * open_minutes


def test_minutes_are_counted_in_the_month_in_which_they_are_worked():
    """A case of 16 hours from 31 January 13:00: four hours in January, a day and four hours in February."""
    found, office = run([(at(31, 12, 45), 0, "a", 960)])
    assert starts(found) == {"a": (at(31, 13), at(33, 13))}
    january, february = office_months(office, [0, 31 * DAY, 60 * DAY])
    assert (january.arrived, january.finished, january.busy_minutes) == (1, 0, 240)
    assert (february.arrived, february.finished, february.busy_minutes) == (0, 1, 720)
    assert january.waits == [15 / DAY]


def test_what_the_calendar_cannot_finish_stays_in_the_backlog():
    """A board that never sits, an office without staff, a case of two thousand days: nothing is done, none fails."""
    case = [(at(2, 8), 0, "a", 60)]
    for hours in ({"sitting_weekdays": [6]}, {"staff": 0}):
        found, office = run(case, **hours)
        assert starts(found) == {}
        assert [month.arrived - month.finished for month in office_months(office, [0, 31 * DAY])] == [1]
    found, office = run([(at(2, 8), 0, "a", 2000 * 480), (at(3, 8), 0, "b", 10)])
    assert list(starts(found)) == ["a"]
    (january,) = office_months(office, [0, 31 * DAY])
    assert (january.arrived, january.finished, january.waits) == (2, 0, [60 / DAY])
    assert january.busy_minutes == office.working_time.working_minutes_between(at(2, 9), 31 * DAY)
