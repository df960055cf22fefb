"""Faults of worlds: each is told once, with line and column, in words that say what is allowed.

Each case is what a file says over the world ``base`` of the small scenario; the sign ▸ marks the place of the fault
and is not part of the file.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from injurysim.core.errors import InputError, Problem
from injurysim.scenario.fatigue import Factors
from injurysim.scenario.platforms import PoissonOrders
from injurysim.scenario.reading import read_scenario
from injurysim.scenario.world import World

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"
GROUP = "groups: {full: {"
WORK = GROUP + "work: {"
RAIN = "weather: {regions: {north: {chances: {rain: 0.5}}}, effects: {rain: {attendance: 1.2}}}"
FACTORS = "fatigue: {kind: factors, rest: {kind: full, after_minutes: 30}, "


def write(folder: Path, *lines: str) -> tuple[Path, int, int]:
    """Write a file of lines over ``base``; return it, and the line and column of the sign."""
    body = [f"include: [{Path(os.path.relpath(TINY, folder)).as_posix()}]", "worlds:", "  base:"]
    body += [f"    {line}" for line in lines]
    place = next(
        ((number, line.index("▸") + 1) for number, line in enumerate(body, start=1) if "▸" in line), (0, 0)
    )
    path = folder / "main.yaml"
    path.write_text("\n".join([*body, ""]).replace("▸", ""), encoding="utf-8")
    return path, *place


def base(folder: Path, *lines: str) -> World:
    """Read ``base`` with lines over it."""
    return read_scenario(write(folder, *lines)[0]).scenario.worlds["base"]


def only(folder: Path, *lines: str) -> Problem:
    """Return the only problem of a file, having held it to the place of the sign."""
    path, line, column = write(folder, *lines)
    with pytest.raises(InputError) as caught:
        read_scenario(path)
    (problem,) = caught.value.problems
    assert Path(problem.file) == path
    assert (problem.line, problem.column) == (line, column), str(problem)
    return problem


def limit(text: str) -> str:
    return "limits: {l: {" + text + "}}"


LOGOFF = "kind: day_logoff, scope: platform, "

FAULTS = {
    "region of the weather": (
        ["weather: {regions: {▸nrth: {chances: {rain: 0.5}}}}"],
        "weather.regions.nrth",
        "There is no region 'nrth'.",
        "Did you mean 'north'?",
    ),
    "region of a limit": (
        [limit(LOGOFF + "hours: 8, regions: [▸south]")],
        "limits.l.regions.0",
        "There is no region 'south'.",
        "Known: north.",
    ),
    "platform of a limit": (
        [limit(LOGOFF + "hours: 8, platforms: [meal-a, ▸meal-c]")],
        "limits.l.platforms.1",
        "There is no platform 'meal-c'.",
        "Known: meal-a, meal-b.",
    ),
    "platform of bad weather": (
        [RAIN.replace("1.2", "1"), limit("kind: bad_weather, states: [rain], platforms: [▸meal-c]")],
        "limits.l.platforms.0",
        "There is no platform 'meal-c'.",
        "Known: meal-a, meal-b.",
    ),
    "bad weather without weather": (
        ["limits: {▸l: {kind: bad_weather, states: [rain]}}"],
        "limits.l",
        "There is no weather, so it is never bad.",
        "Add `weather`",
    ),
    "hours online": (
        [limit(LOGOFF + "hours: ▸7.99")],
        "limits.l.hours",
        "7.99 hours online are no whole number of minutes.",
        "counts whole minutes",
    ),
    "hours of forty digits": (
        [limit(LOGOFF + "hours: ▸1234567890123456789012345678901234567890")],
        "limits.l.hours",
        "1234567890123456789012345678901234567890 is more than can be kept.",
        "It must be 1,000,000,000 or less.",
    ),
    "minutes of a rest": (
        [limit("kind: rest_after_spell, scope: platform, hours: 4, rest_minutes: ▸20.5")],
        "limits.l.rest_minutes",
        "A rest lasts whole minutes.",
        "Use a whole number.",
    ),
    "hours off": (
        [limit(LOGOFF + "hours: 8, off_hours: ▸0.01")],
        "limits.l.off_hours",
        "0.01 hours off are no whole number of minutes.",
        "0.25",
    ),
    "a billed clock without bills": (
        [
            "platforms: {meal-a: {billed_share: 0}, meal-b: {billed_share: 0}}",
            limit(LOGOFF + "hours: 8, clock: ▸billed"),
        ],
        "limits.l.clock",
        "The clock 'billed' never moves: no platform it runs on has orders that take time and is billed.",
        "Use clock 'online'",
    ),
    "an engaged clock without orders": (
        [
            "platforms: {meal-a: {orders: {minutes: {kind: constant, value: 0}}}}",
            limit(LOGOFF + "hours: 8, clock: ▸engaged, platforms: [meal-a]"),
        ],
        "limits.l.clock",
        "The clock 'engaged' never moves",
        "platforms with orders",
    ),
    "a long way": (
        [WORK + "commute_minutes: ▸300}}}"],
        "groups.full.work.commute_minutes",
        "300 is above 240.",
        "240 or less",
    ),
    "a start after the day": (
        [WORK + "▸start_hour: {kind: uniform, low: 20, high: 25}}}}"],
        "groups.full.work.start_hour",
        "Hours of starting could lie below 0 or above 24.",
        "between: [0, 24]",
    ),
    "an interval without a value": (
        [WORK + "▸start_hour: {kind: uniform, low: 8, high: 10, between: [11, 12]}}}}"],
        "groups.full.work.start_hour",
        "No value lies 'between' 11 and 12.",
        "",
    ),
    "wanted hours and season": (
        [
            WORK + "season: {hours: {7: 1.2, 8: 0.9}},",
            "  ▸wanted_hours: {kind: gamma, mean: 8, cv: 0.3, between: [1, 17]}}}}",
        ],
        "groups.full.work.wanted_hours",
        "Wanted hours, which the season multiplies by 1.2 (to 20 at most), could lie below 0 or above 16.66.",
        "between: [0, 16.66]",
    ),
    "chance of working and season": (
        [WORK + "attendance: {workday: ▸0.9}, season: {attendance: {7: 1.15}}}}}"],
        "groups.full.work.attendance.workday",
        "The chance of working could be above 1: 0.9 × 1.15 in July = 1.035.",
        "Nothing is clipped: let it be 0.8695 at most",
    ),
    "chance of working and weather": (
        [RAIN, WORK + "attendance: {workday: ▸0.9, weekend: 0.5}}}}"],
        "groups.full.work.attendance.workday",
        "The chance of working could be above 1: 0.9 × 1.2 in rain = 1.08.",
        "let it be 0.8333 at most",
    ),
    "negative tenure": (
        [GROUP + "▸tenure_months: {kind: uniform, low: -1, high: 9}}}"],
        "groups.full.tenure_months",
        "Months from entry to leaving could lie below 0.",
        "between: [0, …]",
    ),
    "no tenure": (
        [GROUP + "▸tenure_months: {kind: constant, value: 0}}}"],
        "groups.full.tenure_months",
        "Nobody would stay.",
        "leave it out",
    ),
    "experience of a century": (
        [GROUP + "experience: {at_entry: 4, months: 3, ▸at_start: {kind: constant, value: 1300}}}}"],
        "groups.full.experience.at_start",
        "Months of experience could lie below 0 or above 1,200.",
        "between: [0, 1200]",
    ),
    "entry that begins too late": (
        [GROUP + "entry: {per_month: {▸dated: {2023-01-01: 5}}}}}"],
        "groups.full.entry.per_month.dated",
        "The first value begins on 2023-01-01, after the horizon starts on 2022-07-01.",
        "0 if there was none",
    ),
    "minutes of one order at a time": (
        [
            "platforms: {meal-a: {orders: {kind: one_at_a_time, per_hour: 3,",
            "  ▸minutes: {kind: uniform, low: -5, high: 30}}}}",
        ],
        "platforms.meal-a.orders.minutes",
        "Minutes of an order could lie below 0.",
        "between: [0, …]",
    ),
    "chances of a day": (
        ["weather: {regions: {▸north: {by_month: {7: {rain: 0.7, heat: 0.4}}}}}"],
        "weather.regions.north",
        "7: the chances must not add to more than 1, and add to 1.1.",
        "",
    ),
    "weather that never changes": (
        ["weather: {regions: {north: {chances: {rain: 0.5}, persistence: ▸1}}}"],
        "weather.regions.north.persistence",
        "1 is not below 1.",
        "It must be below 1.",
    ),
    "capped without a cap": (
        ["▸" + FACTORS + "combine: capped}"],
        "fatigue",
        "'combine: capped' needs a 'cap'.",
        "",
    ),
    "a cap that nobody uses": (
        ["▸" + FACTORS + "cap: 3}"],
        "fatigue",
        "'cap' goes with 'combine: capped', not with 'product'.",
        "",
    ),
    "a sum below 0": (
        [
            "▸" + FACTORS + "combine: additive, hour_of_day: {0: 1, 6: 0.2}, "
            "short_rest: {below_hours: 11, multiplier: 1.4}, consecutive_days: {1: 0.3, 6: 1}}"
        ],
        "fatigue",
        "could be -0.5, below 0 (lowest: hour_of_day 0.2, consecutive_days 0.3, short_rest 1).",
        "",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_is_told_once_where_it_stands(name: str, tmp_path: Path) -> None:
    lines, where, what, fix = FAULTS[name]
    problem = only(tmp_path, *lines)
    assert problem.where == f"worlds.base.{where}"
    assert what.lower() in problem.what.lower()
    assert fix in problem.fix


def test_a_factor_of_weather_that_never_comes_matters_to_nobody(tmp_path: Path) -> None:
    never = RAIN.replace("rain: 0.5", "rain: 0, heat: 0.1")
    assert base(tmp_path, never, WORK + "attendance: {workday: 1}}}}")


def test_a_season_that_lowers_every_month_makes_room(tmp_path: Path) -> None:
    months = ", ".join(f"{month}: 0.8" for month in range(1, 13))
    kept = base(
        tmp_path, RAIN, WORK + f"attendance: {{workday: 1}}, season: {{attendance: {{{months}}}}}}}}}}}"
    )
    assert len(kept.groups["full"].work.season.attendance) == 12


def test_a_shift_may_start_at_midnight(tmp_path: Path) -> None:
    assert base(tmp_path, WORK + "start_hour: {kind: uniform, low: 18, high: 24}}}}")


def test_the_bound_of_the_message_passes(tmp_path: Path) -> None:
    law = "wanted_hours: {kind: gamma, mean: 8, cv: 0.3, between: [0, 16.66]}"
    assert base(tmp_path, WORK + f"season: {{hours: {{7: 1.2}}}}, {law}}}}}}}")


def test_engaged_hours_need_not_be_whole_minutes(tmp_path: Path) -> None:
    assert base(tmp_path, limit(LOGOFF + "hours: 7.99, clock: engaged"))


def test_steps_are_kept_in_their_order_whatever_the_file_says(tmp_path: Path) -> None:
    world = base(
        tmp_path,
        FACTORS + "hour_of_day: {22: 1.5, 0: 1.2, 6: 1}, consecutive_days: {5: 1.2, 1: 1}}",
        "platforms: {meal-a: {orders: {demand: {by_hour: {11: 2, 0: 0.5}}}}}",
    )
    assert isinstance(world.fatigue, Factors)
    assert list(world.fatigue.hour_of_day) == [0, 6, 22]
    assert list(world.fatigue.consecutive_days) == [1, 5]
    orders = world.platforms["meal-a"].orders
    assert isinstance(orders, PoissonOrders)
    assert list(orders.demand.by_hour) == [0, 11]


@pytest.mark.parametrize(("combine", "highest"), [("product", float("inf")), ("capped, cap: 3", 3.0)])
def test_the_highest_factor_is_the_cap(combine: str, highest: float, tmp_path: Path) -> None:
    fatigue = base(tmp_path, FACTORS + f"combine: {combine}}}").fatigue
    assert isinstance(fatigue, Factors)
    assert fatigue.highest == highest


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (GROUP + "riders: ▸1e30}}", "is more than can be kept"),
        (FACTORS + "▸hours_on_shift: [{from_hours: 0, multiplier: 1}, {from_hours: 1e30, multiplier: 2}]}", "never reached"),
        (limit("kind: rest_after_spell, scope: platform, hours: 4, rest_minutes: ▸1e30"), "is more than can be kept"),
        (limit(LOGOFF + "hours: 8, off_hours: ▸1e30"), "is more than can be kept"),
    ],
)  # fmt: skip
def test_numbers_of_any_size_are_told(tmp_path, line, what):
    path, number, _ = write(tmp_path, line)
    with pytest.raises(InputError, match=what) as caught:
        read_scenario(path)
    assert {problem.line for problem in caught.value.problems} == {number}
