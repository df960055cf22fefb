"""Oracles C2, C3, C4, C6, C7 and C8 of the validation notes, by an injector: cases come to an office straight away.

An office round the clock takes up work in the minute after it came, so every wait is the theorem's and one minute,
which is taken off. A unit of the theorem's time is 1 000 minutes here, and moments and services are whole minutes:
that moves a mean wait by less than a thousandth.
"""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import numpy as np
import pytest
import simpy

from injurysim.books.office_rows import office_months
from injurysim.books.offices import Office
from injurysim.core.calendar import Calendar

LAWS = SimpleNamespace(**run_path(str(Path(__file__).with_name("queue_laws.py"))))
UNIT = 1000
DAY = 1440
CALENDAR = Calendar.build(date(2023, 1, 1), 240, [], [], weekend=(), margin_days=30)
"""Twenty years, ten million minutes: ten thousand units."""


def office_of(env: simpy.Environment, servers: int) -> Office:
    return Office(env, CALENDAR, servers, slot_minutes=1, round_the_clock=True)


def minutes(units) -> np.ndarray:
    return np.rint(np.asarray(units) * UNIT).astype(np.int64)


def send(arrivals, services, servers: int, until: float):
    """Send cases with arrivals and services in units through an office; return it at the end, cases in their order."""
    env = simpy.Environment()
    office = office_of(env, servers)

    def injector():
        for number, (at, service) in enumerate(zip(minutes(arrivals), minutes(services), strict=True)):
            if at > env.now:
                yield env.timeout(int(at - env.now))
            office.handle(priority=0, accepted_at=int(at), claim=f"{number:07d}", minutes=int(service))

    env.process(injector())
    env.run(until=int(until * UNIT) + 2)
    return office


def poisson(rng, rate: float, until: float) -> np.ndarray:
    return np.sort(rng.uniform(0, until, rng.poisson(rate * until)))


def mean_waits(rate, servers, draw, *, replications, until, warm_up, seed):
    """Return the mean wait of each replication, in units, of cases that came from the warm-up on."""
    found = []
    for rng in np.random.default_rng(seed).spawn(replications):
        arrivals = poisson(rng, rate, until)
        office = send(arrivals, draw(rng, len(arrivals)), servers, until * 1.2)
        cases = [case for case in office.cases if case.arrived >= warm_up * UNIT]
        assert all(case.started is not None for case in cases)
        found.append(np.mean([case.started - case.arrived - 1 for case in cases]) / UNIT)
    return np.array(found)


# C2 and C3

SIGMA = math.sqrt(math.log(1 + 2.25))
P = (1 + math.sqrt(3 / 5)) / 2
"""Share of the short services of H2 with balanced means and a squared coefficient of variation of 4."""


def hyperexponential(rng, n):
    return rng.exponential(np.where(rng.uniform(size=n) < P, 1 / (2 * P), 1 / (2 * (1 - P))))


ONE_SERVER = {
    "lognormal": (0.7, 3.79166667, lambda rng, n: rng.lognormal(-(SIGMA**2) / 2, SIGMA, n), (1, 3.25)),
    "constant": (0.8, 2.0, lambda _, n: np.ones(n), (1, 1)),
    "gamma shape 4": (0.6, 1.92857143, lambda rng, n: rng.gamma(4, 0.3, n), (1.2, 1.44 * 1.25)),
}
SEVERAL = {
    "M/D/2": (2, 0.8, 0.90328388, lambda _, n: np.ones(n)),
    "M/E2/2": (2, 0.8, 1.3423913, lambda rng, n: rng.gamma(2, 0.5, n)),
    "M/H2/2": (2, 0.8, 4.2853777, hyperexponential),
    "M/D/5": (5, 0.8, 0.28906001, lambda _, n: np.ones(n)),
    "M/E2/5": (5, 0.8, 0.42322607, lambda rng, n: rng.gamma(2, 0.5, n)),
}


def test_the_formulas_give_the_published_rows():
    for rate, wait, _, (mean, second) in ONE_SERVER.values():
        assert LAWS.wait_mg1(rate, mean, second) == pytest.approx(wait, rel=1e-8)
    assert LAWS.wait_mdc(2, 1.6) == pytest.approx(0.90328388, rel=1e-6)
    assert LAWS.wait_mdc(5, 4.0) == pytest.approx(0.28906001, rel=1e-6)
    for rate, stages, passing, waits, whole in SERIES:
        assert LAWS.tandem(rate, stages, passing)[0] == pytest.approx(waits, rel=1e-6)
        assert LAWS.tandem(rate, stages, passing)[1] == pytest.approx(whole, rel=1e-7)
    for (rate, t), row in START_UP.items():
        assert LAWS.start_up(rate, 2, t) == pytest.approx(row, rel=1e-5)
    for t, wanted in ((200, 248.764266), (203.5, 231.235734)):
        assert open_in_the_long_run(t) == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize("name", ONE_SERVER)
def test_c2_one_server_with_any_service(name):
    """Ten replications of 2 200 units, 200 of them to warm up: standard errors of at most a tenth."""
    rate, wait, draw, _ = ONE_SERVER[name]
    found = mean_waits(rate, 1, draw, replications=10, until=2200, warm_up=200, seed=32)
    LAWS.compare(f"M/G/1, {name}", found, wait, largest_relative_error=0.1)


@pytest.mark.parametrize("name", SEVERAL)
def test_c3_several_servers_with_other_services(name):
    """Eight replications: standard errors of at most an eighth."""
    servers, load, wait, draw = SEVERAL[name]
    rate = servers * load
    until = 3600 / rate
    found = mean_waits(rate, servers, draw, replications=8, until=until, warm_up=until / 8, seed=33)
    LAWS.compare(name, found, wait, largest_relative_error=0.125)


@pytest.mark.slow
def test_c2_and_c3_long():
    """Eighty replications of 6 000 units and more: standard errors of at most three hundredths."""
    for name, (rate, wait, draw, _) in ONE_SERVER.items():
        found = mean_waits(rate, 1, draw, replications=80, until=8000, warm_up=400, seed=132)
        LAWS.compare(f"M/G/1, {name}", found, wait, largest_relative_error=0.03)
    for name, (servers, load, wait, draw) in SEVERAL.items():
        rate = servers * load
        found = mean_waits(rate, servers, draw, replications=80, until=6000, warm_up=400, seed=133)
        LAWS.compare(name, found, wait, largest_relative_error=0.03)


# C4, arrivals that vary

A, B, GAMMA, TAU = 12.0, 9.0, 2 * math.pi / 7, 20.0


def open_in_the_long_run(t: float) -> float:
    """Mean number open with an exponential delay of mean tau and a rate a + b sin(gamma t)."""
    swing = math.sin(GAMMA * t) - GAMMA * TAU * math.cos(GAMMA * t)
    return A * TAU + B * TAU / (1 + (GAMMA * TAU) ** 2) * swing


def test_c4_the_peak_of_open_claims_lags_and_is_damped():
    """A week's swing, units of days, ten delays after the start: 30 replications; rate x mean would say 162 and 318."""
    at = (200.0, 203.5)
    found = {t: [] for t in at}
    for rng in np.random.default_rng(34).spawn(30):
        many = poisson(rng, A + B, at[-1])
        arrivals = many[rng.uniform(0, A + B, len(many)) < A + B * np.sin(GAMMA * many)]
        office = send(arrivals, rng.exponential(TAU, len(arrivals)), 1000, at[-1])
        for t in at:
            moment = t * UNIT
            found[t].append(
                sum(
                    case.arrived < moment and (case.finished is None or case.finished - 1 >= moment)
                    for case in office.cases
                )
            )
    for t, counts in found.items():
        truth = open_in_the_long_run(t)
        print(f"t {t}: {np.mean(counts)}, truth {truth}, standard error {math.sqrt(truth / 30)}")
        assert abs(np.mean(counts) - truth) <= 4 * math.sqrt(truth / 30)


# C6

SERIES = [
    (
        *(2.0, [(3.0, 1), (0.8, 4), (0.5, 5)], [0.95, 0.9]),
        *([0.6666667, 0.2147056, 0.4465718], 4.9112774),
    ),
    (
        *(5.0, [(6.5, 1), (1.3, 5), (0.9, 6), (5.0, 1)], [0.9, 0.85, 1.0]),
        *([0.5128205, 0.1828426, 0.2219188, 0.6510638], 3.8028338),
    ),
]


@pytest.mark.parametrize("row", SERIES, ids=["three", "four"])
def test_c6_stages_in_series(row):
    """Claims go from office to office; each wait alone and the whole way, ten replications of 2 100 claims.

    Standard errors of at most three twentieths for a wait and a twentieth for the way.
    """
    rate, stages, passing, wanted, whole = row
    until, warm_up = 2400 / rate, 300 / rate
    waits, ways = [[] for _ in stages], []
    for rng in np.random.default_rng(36).spawn(10):
        env = simpy.Environment()
        offices = [office_of(env, servers) for _, servers in stages]
        of_stage, through = [[] for _ in stages], []

        def claim(name, at, services, goes_on, env=env, offices=offices, of_stage=of_stage, through=through):
            yield env.timeout(at)
            for stage, office in enumerate(offices):
                case, done = office.handle(
                    priority=0, accepted_at=int(env.now), claim=name, minutes=int(services[stage])
                )
                yield done
                if at >= warm_up * UNIT:
                    of_stage[stage].append(case.started - case.arrived - 1)
                if not goes_on[stage]:
                    return
            if at >= warm_up * UNIT:
                through.append(env.now - at - len(offices))

        for number, at in enumerate(minutes(poisson(rng, rate, until))):
            services = minutes([rng.exponential(1 / service_rate) for service_rate, _ in stages])
            goes_on = [*(rng.uniform(size=len(passing)) < passing), True]
            env.process(claim(f"{number:07d}", int(at), services, goes_on))
        env.run(until=int(until * UNIT * 1.3))
        for stage, each in enumerate(of_stage):
            waits[stage].append(np.mean(each) / UNIT)
        ways.append(np.mean(through) / UNIT)
    for stage, truth in enumerate(wanted):
        LAWS.compare(f"stage {stage + 1}", waits[stage], truth, largest_relative_error=0.15)
    LAWS.compare("end to end", ways, whole, largest_relative_error=0.05)


# C7

START_UP = {
    (1.6, 1): (1.0484792, 0.13797102, 0.2734326),
    (1.6, 5): (2.3918366, 0.97958866, 0.578488),
    (1.6, 20): (3.6653236, 2.1055895, 0.6822532),
    (2.4, 1): (1.6220697, 0.38197893, 0.4579482),
    (2.4, 5): (4.7219111, 2.9390747, 0.8342918),
    (2.4, 20): (12.268089, 10.320155, 0.9599423),
}


@pytest.mark.parametrize("rate", [1.6, 2.4])
def test_c7_start_up_and_overload(rate):
    """Two officers from an empty start, 500 replications: open, in the queue, and whether both are busy.

    Standard errors of at most a fifth (the queue after one service), most are a twentieth.
    """
    moments = (1, 5, 20)
    found = {t: [] for t in moments}
    for rng in np.random.default_rng(37).spawn(500):
        arrivals = poisson(rng, rate, moments[-1])
        office = send(arrivals, rng.exponential(1, len(arrivals)), 2, moments[-1])
        for t in moments:
            at = t * UNIT
            # A minute later at the office than in the theorem: looked at a minute later too.
            here = [c for c in office.cases if c.arrived < at and (c.finished is None or c.finished > at)]
            waiting = sum(c.started is None or c.started > at for c in here)
            found[t].append((len(here), waiting, len(here) - waiting >= 2 or waiting > 0))
    for t, rows in found.items():
        for place, (what, truth) in enumerate(zip(("open", "queue", "busy"), START_UP[rate, t], strict=True)):
            figures = [row[place] for row in rows]
            # A case comes to hand a minute late: of the chance of being there at most the rate of a minute.
            slack = rate / UNIT
            LAWS.compare(f"{rate}, t {t}: {what}", figures, truth, largest_relative_error=0.2, slack=slack)


# C8

TRACE = ((0, 2), (0, 3), (1, 1), (1, 2), (2, 2), (5, 1))
PUBLISHED = {1: [0, 2, 4, 5, 6, 5], 2: [0, 0, 1, 2, 1, 0], 3: [0, 0, 0, 1, 0, 0]}


def trace_waits(servers: int) -> list[float]:
    arrivals, services = zip(*TRACE, strict=True)
    return [(case.started - case.arrived - 1) / UNIT for case in send(arrivals, services, servers, 30).cases]


@pytest.mark.parametrize("servers", PUBLISHED)
def test_c8_the_trace_exactly(servers):
    """Ties in the order in which they are listed; every wait is the published one, to the minute."""
    assert trace_waits(servers) == PUBLISHED[servers]


def test_c8_last_come_first_served_is_caught(monkeypatch):
    handle = Office.handle

    def last_first(self, *, accepted_at, claim, **more):
        return handle(self, accepted_at=-accepted_at, claim=claim, **more)

    monkeypatch.setattr(Office, "handle", last_first)
    assert trace_waits(1) != PUBLISHED[1]
    assert trace_waits(2) != PUBLISHED[2]
    assert sum(trace_waits(1)) != sum(PUBLISHED[1])


# With calendars on: conservation and the fluid bound only


def test_with_office_hours_no_more_is_done_than_there_is_time_for():
    """Overload in office hours: what is finished is at most the staff's minutes, and they are all in use."""
    calendar = Calendar.build(date(2024, 1, 1), 3, [date(2024, 1, 1)], [])
    env = simpy.Environment()
    office = Office(env, calendar, 2)
    rng = np.random.default_rng(38)
    for at, service in zip(np.sort(rng.integers(0, 60 * DAY, 900)), rng.integers(20, 100, 900), strict=True):
        env.timeout(int(at)).callbacks.append(
            lambda _, at=at, service=service: office.handle(
                priority=0, accepted_at=int(at), claim=f"{at}/{service}", minutes=int(service)
            )
        )
    ends = [int(day) * DAY for day in calendar.month_starts]
    env.run(until=ends[-1])
    months = office_months(office, ends)
    assert sum(month.arrived for month in months) == len(office.cases) == 900
    for (begin, end), month in zip(pairwise(ends), months, strict=True):
        assert month.busy_minutes <= 2 * office.working_time.working_minutes_between(begin, end)
    february = months[1]
    room = 2 * office.working_time.working_minutes_between(ends[1], ends[2])
    # A case ends inside a slot of 30 minutes, so that at most 29 minutes are lost between two of them.
    assert february.busy_minutes >= room - 29 * (february.finished + 2)
