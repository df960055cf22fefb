"""Oracles C1, C4, C5 and C6 of the validation notes, by ordinary scenarios: riders are hurt, and their claims queue.

Every city of an enlarged scenario has riders and offices of its own, so each is an independent replication. A
round-the-clock office takes up work in the minute after it came, so a wait is the theorem's and one minute; moments
and services are whole minutes, which moves a mean wait by far less than a thousandth of it (both are rounded to the
nearest: what is left is of the second order in a minute over a service).
"""

from __future__ import annotations

import math
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import numpy as np
import pytest

from injurysim.books.book import Book
from injurysim.books.earnings import EarningsHistory, expected_monthly_fen
from injurysim.books.injured import take_in
from injurysim.books.offices import Office
from injurysim.books.setting import Setting
from injurysim.core.machine import seldom_collected
from injurysim.core.randomness import Streams
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import load_document
from injurysim.scenario.resolve import book_calendar, exposure_calendar, resolve
from injurysim.world.fast import FastWorld

FOLDER = Path(__file__).parents[2] / "scenarios/validation"
LAWS = SimpleNamespace(**run_path(str(Path(__file__).with_name("queue_laws.py"))))
DAY = 1440
GAP = 100.0
"""Minutes between claims."""


def many_cities(file: str, cities: int, *overrides: str, only: tuple[str, ...] | None = None) -> Scenario:
    """Return the scenario of a file with so many copies of its city, each with riders and offices of its own.

    ``only`` keeps some of its designs.
    """
    scenario = resolve(load_document(FOLDER / file, Scenario, overrides).model)
    document = scenario.model_dump(mode="json", exclude_none=True)
    if only is not None:
        document["designs"] = {name: document["designs"][name] for name in only}
        document["baseline"]["design"] = only[0]
    world = document["worlds"]["base"]
    names = [f"city{number}" for number in range(cities)]
    world["regions"] = {name: {} for name in names}
    world["groups"] = {
        f"{name}-{group}": {**law, "region": name} for name in names for group, law in world["groups"].items()
    }
    return Scenario.model_validate(document)


def books_of(scenario: Scenario, replication: int = 0) -> dict[str, Book]:
    """Run all designs and return their books by name; no tables are made."""
    world, streams = scenario.worlds["base"], Streams(scenario.seed, replication)
    running = FastWorld(world, exposure_calendar(scenario), streams)
    riders = running.population
    setting = Setting.of(scenario, "base", book_calendar(scenario), streams, riders)
    books = {name: Book(name, law, setting) for name, law in scenario.designs.items()}
    earnings = EarningsHistory(expected_monthly_fen(world, riders))
    with seldom_collected():
        for month in running.months():
            hurt = take_in(month, setting, earnings)
            for book in books.values():
                book.keep(month, hurt, earnings)
            earnings.add(riders.engagement_rider, month.earnings_fen)
    return books


def waits(book: Book, office: str, warm_up: float):
    """Yield for each city the waits at an office, in minutes, of the cases that came between warm-up and cool-down.

    The last thirty days are left out, so that a case that has not been taken up yet is not one that waits long.
    """
    (scheme,) = book.schemes
    end = book.setting.calendar.month_end_minute(book.setting.exposure_months - 1) - 30 * DAY
    for desks in scheme.desks:
        cases = [case for case in desks[office].cases if warm_up <= case.arrived < end]
        assert all(case.started is not None for case in cases)
        yield np.array([case.started - case.arrived - 1 for case in cases], float)


# C1

ROWS = {"rho42-2": (10 / 12, 2), "rho67-3": (2.0, 3), "rho50-4": (2.0, 4), "rho62-1": (0.625, 1)}
PUBLISHED_LQ = {"rho42-2": 0.175070028, "rho67-3": 0.888888889, "rho50-4": 0.173913043, "rho62-1": 1.04166667}
PUBLISHED_P = {"rho42-2": 0.245098039, "rho67-3": 0.444444444, "rho50-4": 0.173913043, "rho62-1": 0.625}


def one_stage(books: dict[str, Book], largest_relative_error: float, rows=tuple(ROWS)) -> None:
    """Compare the queue, the chance of waiting at all, and that of a wait beyond a limit of one service."""
    for name in rows:
        load, servers = ROWS[name]
        service = load * GAP
        warm_up = LAWS.relaxation(load, servers, service)
        by_city = list(waits(books[name], "confirmation", warm_up))
        queue, waiting = PUBLISHED_LQ[name], PUBLISHED_P[name]
        error = {"largest_relative_error": largest_relative_error}
        LAWS.compare(f"{name}: Lq", [each.mean() / GAP for each in by_city], queue, **error)
        # A wait of less than half a minute may be told as none, or none as one minute.
        slack = waiting * (servers / service - 1 / GAP)
        LAWS.compare(
            f"{name}: P(wait)", [(each > 0).mean() for each in by_city], waiting, slack=slack, **error
        )
        late = LAWS.longer_than(1 / GAP, 1 / service, servers, service)
        found = [(each > service).mean() for each in by_city]
        rare = 2 * largest_relative_error
        LAWS.compare(f"{name}: P(late)", found, late, slack=slack, largest_relative_error=rare)


def test_the_formulas_give_the_published_rows():
    for name, (load, servers) in ROWS.items():
        assert LAWS.erlang_c(load, servers) == pytest.approx(PUBLISHED_P[name], rel=1e-8)
        assert LAWS.wait_mmc(1 / GAP, 1 / (load * GAP), servers) / GAP == pytest.approx(
            PUBLISHED_LQ[name], rel=1e-8
        )
    assert LAWS.longer_than(0.2, 0.1, 3, 1) == pytest.approx(0.40215, abs=1e-5)
    assert LAWS.longer_than(5, 8, 1, 1) == pytest.approx(0.03111692, rel=1e-6)
    assert LAWS.cobham([0.3, 0.4], [1, 1], [2, 2]) == pytest.approx([1, 3.3333333])
    assert LAWS.cobham([0.4, 0.3], [0.5, 2], [0.5, 4]) == pytest.approx([0.875, 4.375])
    assert LAWS.cobham_mmc([0.5, 0.8, 1.1], 1, 3) == pytest.approx([0.2588764, 0.45684071, 1.903503])


@pytest.fixture(scope="module")
def one_stage_books():
    return books_of(many_cities("c1-one-stage.yaml", 10))


def test_c1_claims_wait_as_in_mmc(one_stage_books):
    """Ten cities: standard errors of at most an eighth of the figure, a quarter for rare ones; most are half of that."""
    one_stage(one_stage_books, 0.125)


def test_c1_a_city_has_as_many_claims_as_the_poisson_law_says(one_stage_books):
    """14.4 claims a day in a city; mean and variance over cities and weeks, within four standard errors."""
    (scheme,) = one_stage_books["rho42-2"].schemes
    weeks = np.array(
        [
            np.histogram([case.arrived for case in desks["confirmation"].cases], np.arange(25) * 7 * DAY)[0]
            for desks in scheme.desks
        ]
    ).ravel()
    mean, n = 7 * DAY / GAP, weeks.size
    assert abs(weeks.mean() - mean) <= 4 * math.sqrt(mean / n)
    assert abs(weeks.var(ddof=1) / mean - 1) <= 4 * math.sqrt((2 + 1 / mean) / n)


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_c1_claims_wait_as_in_mmc_long(name):
    """Thirty cities for two years: standard errors of at most three hundredths."""
    scenario = many_cities("c1-one-stage.yaml", 30, "horizon.months=24", only=(name,))
    one_stage(books_of(scenario), 0.03, (name,))


def test_c1_last_come_first_served_is_caught(monkeypatch):
    """The mean is the same then, as the theorem says; long waits are not."""
    handle = Office.handle

    def last_first(self, *, accepted_at, **more):
        return handle(self, accepted_at=-accepted_at, **more)

    monkeypatch.setattr(Office, "handle", last_first)
    only = ("rho62-1",)
    books = books_of(many_cities("c1-one-stage.yaml", 10, only=only))
    with pytest.raises(AssertionError, match=r"P\(late\)"):
        one_stage(books, 0.125, only)


# C5

PRIORITIES = {
    "two-classes": [1.0, 10 / 3],
    "two-laws": [0.875, 4.375],
    "three-classes": [0.2588764, 0.45684071, 1.903503],
}
RATES = {"two-classes": 0.7, "two-laws": 0.7, "three-classes": 2.4}
"""Claims in the theorem's unit of time: 0.7 of them in 70 minutes, 2.4 in 240."""


@pytest.fixture
def priorities(monkeypatch):
    """Let every office keep the priorities of its cases, in the order of ``cases``."""
    handle = Office.handle

    def noting(self, *, priority, **more):
        self.__dict__.setdefault("priorities", []).append(priority)
        return handle(self, priority=priority, **more)

    monkeypatch.setattr(Office, "handle", noting)
    return monkeypatch


def by_priority(cities: int, largest_relative_error: float, rows=tuple(PRIORITIES), *overrides: str) -> None:
    """Compare the mean wait of each class, in the theorem's unit of time."""
    books = books_of(many_cities("c5-priorities.yaml", cities, *overrides, only=rows))
    for name in rows:
        (scheme,) = books[name].schemes
        calendar = books[name].setting.calendar
        end = calendar.month_end_minute(books[name].setting.exposure_months - 1) - 30 * DAY
        found: dict[int, list[float]] = {}
        for desks in scheme.desks:
            office, of_class = desks["confirmation"], {}
            for case, priority in zip(office.cases, office.priorities, strict=True):
                if 40 * DAY <= case.arrived < end:
                    of_class.setdefault(priority, []).append(case.started - case.arrived - 1)
            for priority, each in of_class.items():
                found.setdefault(priority, []).append(np.mean(each) / (RATES[name] * GAP))
        for (priority, each), truth in zip(sorted(found.items()), PRIORITIES[name], strict=True):
            LAWS.compare(
                f"{name}, lane {priority}", each, truth, largest_relative_error=largest_relative_error
            )


def test_c5_priorities_wait_as_cobham_says(priorities):
    """Ten cities: standard errors of at most a tenth of the figure are accepted."""
    by_priority(10, 0.1)


@pytest.mark.slow
@pytest.mark.parametrize("name", PRIORITIES)
def test_c5_priorities_wait_as_cobham_says_long(priorities, name):
    """Thirty cities for two years: at most three hundredths."""
    by_priority(30, 0.03, (name,), "horizon.months=24")


def test_c5_priorities_that_are_ignored_are_caught(priorities):
    handle = Office.handle

    def ignoring(self, *, priority, **more):
        found = handle(self, priority=0, **more)
        self.priorities[-1] = priority
        return found

    priorities.setattr(Office, "handle", ignoring)
    with pytest.raises(AssertionError, match="two-classes, lane 0"):
        by_priority(12, 0.15, ("two-classes",))


def test_c5_priorities_that_interrupt_are_caught(priorities):
    """To those of the fast lane an interrupting queue is one without the others: given an officer of their own."""
    handle = Office.handle

    def interrupting(self, *, priority, **more):
        own = self
        if priority == 0:
            if "fast" not in self.__dict__:
                self.fast = Office(
                    self._env,
                    self.working_time.calendar,
                    1,
                    slot_minutes=1,
                    round_the_clock=True,
                )
            own = self.fast
        case, done = handle(own, priority=priority, **more)
        if own is not self:
            self.cases.append(case)
            self.__dict__.setdefault("priorities", []).append(priority)
        return case, done

    priorities.setattr(Office, "handle", interrupting)
    with pytest.raises(AssertionError, match="two-classes, lane 0"):
        by_priority(12, 0.15, ("two-classes",))


# C6


def test_c6_two_stages_in_series():
    """Claims of deaths go from the confirmation, which refuses a tenth, straight to the payment; ten cities."""
    books = books_of(many_cities("c6-two-stages.yaml", 10))
    stages, passing = [(1 / 200, 3), (1 / 150, 2)], [0.9]
    wanted, whole = LAWS.tandem(1 / GAP, stages, passing)
    book = books["series"]
    for office, wait in zip(("confirmation", "payment"), wanted, strict=True):
        found = [each.mean() for each in waits(book, office, 40 * DAY)]
        LAWS.compare(office, found, wait, largest_relative_error=0.1)
    end = book.setting.calendar.month_end_minute(book.setting.exposure_months - 1) - 30 * DAY
    through: dict[int, list[int]] = {}
    (scheme,) = book.schemes
    shares = []
    for claim in scheme.claims:
        if 40 * DAY <= claim.notified_at < end:
            shares.append(claim.decision == "confirmed")
            if shares[-1]:
                through.setdefault(claim.injured.region, []).append(claim.closed_at - claim.notified_at - 2)
    assert abs(np.mean(shares) - 0.9) <= 4 * math.sqrt(0.09 / len(shares))
    LAWS.compare(
        "end to end", [np.mean(each) for each in through.values()], whole, largest_relative_error=0.05
    )


# C4

DAYS = (10, 30, 90)
OPEN = {
    "exponential": (55.0857076, 108.761778, 138.44474),
    "lognormal": (60.8061135, 108.499103, 127.837421),
    "constant": (70.0, 210.0, 210.0),
}
"""Claims open after so many days from an empty start, 7 a day (published)."""


def test_c4_open_claims_with_staff_for_all():
    """Poisson with the published means: 30 cities, four standard errors; the variance is the mean."""
    cities = 30
    books = books_of(many_cities("c4-staff-for-all.yaml", cities))
    for name, means in OPEN.items():
        (scheme,) = books[name].schemes
        for day, mean in zip(DAYS, means, strict=True):
            at = day * DAY
            found = np.array(
                [
                    sum(
                        case.arrived < at and (case.finished is None or case.finished - 1 >= at)
                        for case in desks["confirmation"].cases
                    )
                    for desks in scheme.desks
                ]
            )
            print(
                f"{name}, day {day}: {found.mean()}, truth {mean}, standard error {math.sqrt(mean / cities)}"
            )
            assert abs(found.mean() - mean) <= 4 * math.sqrt(mean / cities), (name, day)
            assert abs(found.var(ddof=1) / mean - 1) <= 4 * math.sqrt(2 / (cities - 1)), (name, day)
