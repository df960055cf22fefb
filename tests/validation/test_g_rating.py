"""Oracles G1 to G5 of the validation notes: ladders and grades as Markov chains, credibility as published.

Every city of the enlarged scenarios is a copy of the one in its file and a chain of its own. What is compared is the law
of the chain over the very months run, from the newcomer's grade on, so no month is thrown away as a warm-up; that this
law is the published stationary one in the long run is shown beside it.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from injurysim.books.book import Book
from injurysim.books.earnings import EarningsHistory, expected_monthly_fen
from injurysim.books.injured import take_in
from injurysim.books.rating import standing
from injurysim.books.rating.credibility import blend, credibility, structure
from injurysim.books.setting import Setting
from injurysim.core.randomness import Streams
from injurysim.replication import run_cell
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import load_document
from injurysim.scenario.resolve import book_calendar, exposure_calendar, resolve
from injurysim.world.fast import FastWorld

SCENARIOS = Path(__file__).parents[2] / "scenarios/validation"
HAZARD = "worlds.base.injuries.per_1000_hours.delivery"
HOURS = 0.8
"""Thousand hours of a city's riders in a month."""
CITIES = 6
LIMIT = 5.0
"""Standard errors a figure may lie off: by the normal law one false alarm in 1.7 million figures."""

FACTORS = [0.5, 0.8, 1.0, 1.2, 1.5]
LADDER = {
    6.25: ([0.75603, 0.235897, 0.00805674, 1.68001e-05, 3.80877e-09], 0.574809089, 0.869854),
    12.5: ([0.0415835, 0.277942, 0.45269, 0.206058, 0.021726], 0.975694504, 1.02491),
    20.0: ([1.14562e-06, 0.000284826, 0.0123933, 0.230952, 0.756368], 1.42431715, 1.12335),
}
GRADES = {
    5.0: ([0.103331, 0.560126, 0.204669, 0.104928, 0.0269472], 0.870768539, 0.459364),
    7.5: ([0.0294162, 0.426082, 0.264289, 0.222524, 0.0576895], 0.973424966, 0.61638),
    11.25: ([0.00387784, 0.228981, 0.23733, 0.368998, 0.160813], 1.10647114, 0.813397),
}
NO_CLAIM = {
    "0.131700644572282858": [0.1, 0.09, 0.081, 0.0729, 0.06561, 0.59049],
    "0.278929439142761996": [0.2, 0.16, 0.128, 0.1024, 0.08192, 0.32768],
    "0.064116617984438214": [0.05, 0.0475, 0.045125, 0.042869, 0.040725, 0.773781],
}


def poisson(mean: float, most: int = 80) -> np.ndarray:
    return np.array([math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(most)])


def ladder_chain(claims: float) -> np.ndarray:
    """Transition matrix of G1: N claims of 100 on 1000 at factor f are a ratio of N / 10 f."""
    moves = np.zeros((5, 5))
    for n, chance in enumerate(poisson(claims)):
        for j, tenths in enumerate([5, 8, 10, 12, 15]):
            # N / tenths, compared with 0.8 and 1.2 in whole numbers.
            step = -1 if 10 * n <= 8 * tenths else 0 if 10 * n <= 12 * tenths else 1
            moves[j, min(max(j + step, 0), 4)] += chance
    return moves


def grade_chain(claims: float) -> np.ndarray:
    """Transition matrix of G2: N claims of 120 on 1200 at factor f; ends 0.2, 0.6, 0.8, 1.2, each included above."""
    moves = np.zeros((5, 5))
    for n, chance in enumerate(poisson(claims)):
        for j, tenths in enumerate([5, 8, 10, 12, 15]):
            moves[j, sum(10 * n >= end * tenths for end in (2, 6, 8, 12))] += chance
    return moves


def no_claim_chain(none: float) -> np.ndarray:
    moves = np.zeros((6, 6))
    moves[:, 0] = 1 - none
    for j in range(6):
        moves[j, min(j + 1, 5)] += none
    return moves


def stationary(moves: np.ndarray) -> np.ndarray:
    size = len(moves)
    system = np.vstack([moves.T - np.eye(size), np.ones(size)])
    return np.linalg.lstsq(system, np.append(np.zeros(size), 1), rcond=None)[0]


def visits(moves: np.ndarray, start: int, months: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the months a chain spends in each state, exactly."""
    powers = [np.eye(len(moves))]
    for _ in range(months - 1):
        powers.append(powers[-1] @ moves)
    at = np.array([power[start] for power in powers])  # (months, states)
    mean = at.sum(axis=0)
    returns = np.cumsum([np.diag(power) for power in powers], axis=0)  # visits from a visit on
    pairs = (at * returns[::-1]).sum(axis=0)  # of ordered pairs of months, each with itself once
    return mean, np.sqrt(2 * pairs - mean - mean**2)


def scenario_of(file: str, hazard: float | str, cities: int = CITIES) -> Scenario:
    """Load a file at a hazard, with so many copies of its city."""
    document = resolve(load_document(SCENARIOS / file, Scenario, (f"{HAZARD}={hazard}",)).model).model_dump(
        mode="json", exclude_none=True
    )
    world = document["worlds"]["base"]
    world["regions"] = {f"city{number}": {} for number in range(cities)}
    world["groups"] = {name: {**world["groups"]["riders"], "region": name} for name in world["regions"]}
    return Scenario.model_validate(document)


def book_of(scenario: Scenario) -> Book:
    """Keep the book of the only design, without its tables."""
    law, world = scenario.designs["rated"], scenario.worlds["base"]
    streams = Streams(scenario.seed, 0)
    running = FastWorld(world, exposure_calendar(scenario), streams)
    riders = running.population
    setting = Setting.of(scenario, "base", book_calendar(scenario), streams, riders)
    book, earnings = Book("rated", law, setting), EarningsHistory(expected_monthly_fen(world, riders))
    for month in running.months():
        book.keep(month, take_in(month, setting, earnings), earnings)
    return book


def grades_of(book: Book) -> np.ndarray:
    """Place of each month's grade on the scale, shape (cities, months)."""
    rule = book.design.schemes["rated"].rating
    steps = rule.grades if rule.kind == "set" else rule.steps
    places = {step.grade: place for place, step in enumerate(steps)}
    by_city: dict[int, list[int]] = {}
    for row in book.received:
        by_city.setdefault(row.bill.charge.region, []).append(places[row.bill.grade])
    return np.array(list(by_city.values()))


def departures(book: Book, moves: np.ndarray, start: int) -> np.ndarray:
    """How many standard errors lie between the law and the months in each state, and the moves from each.

    Given the visits to a state, the moves from it are binomial. The normal law needs counts enough: figures with fewer
    than 20 expected, or 20 expected not to be, are left out.
    """
    grades, states = grades_of(book), range(len(moves))
    cities, months = grades.shape
    mean, sd = visits(moves, start, months)
    expected, seen = cities * mean, np.bincount(grades.ravel(), minlength=len(moves))
    print(np.round(seen / seen.sum(), 4), np.round(mean / months, 4), np.round(sd / months / cities**0.5, 5))
    off = [(seen[j] - expected[j]) / (sd[j] * cities**0.5) for j in states if expected[j] >= 20]
    for j in states:
        from_j = (grades[:, :-1] == j).sum()
        for k in states:
            likely, unlikely = from_j * moves[j, k], from_j * (1 - moves[j, k])
            if min(likely, unlikely) >= 20:
                moved = ((grades[:, :-1] == j) & (grades[:, 1:] == k)).sum()
                off.append((moved - likely) / math.sqrt(likely * (1 - moves[j, k])))
    return np.array(off)


@pytest.mark.parametrize(("chain", "table"), [(ladder_chain, LADDER), (grade_chain, GRADES)])
def test_the_chains_have_the_published_laws(chain, table):
    for hazard, (law, mean_factor, _) in table.items():
        found = stationary(chain(hazard * HOURS))
        assert found == pytest.approx(law, rel=1e-5)
        assert found @ FACTORS == pytest.approx(mean_factor, rel=1e-8)
    for hazard, law in NO_CLAIM.items():
        found = stationary(no_claim_chain(math.exp(-HOURS * float(hazard))))
        assert found == pytest.approx(law, abs=6e-7)


CHAINS = [("g1-step-ladder.yaml", ladder_chain, LADDER), ("g2-grade-by-ratio.yaml", grade_chain, GRADES)]
ROWS = [(file, chain, table, hazard) for file, chain, table in CHAINS for hazard in table]


@pytest.mark.parametrize(("file", "chain", "table", "hazard"), ROWS)
def test_g1_g2_grades_by_the_paid_ratio(file, chain, table, hazard):
    """1440 periods or more from the newcomer's grade on; the payout ratio of the long run besides."""
    cities = CITIES if chain is ladder_chain else 2 * CITIES
    book = book_of(scenario_of(file, hazard, cities))
    off = departures(book, chain(hazard * HOURS), start=2)
    assert len(off) >= 6
    assert (np.abs(off) < LIMIT).all()
    paid = sum(month.benefits_fen for month in book.ledgers["fund"].months)
    due = sum(sum(row.bill.dues_fen) for row in book.received)
    # Claims are Poisson and each costs the same, so the error of the ratio is at most that of their number and of the
    # mean factor, which moves with it.
    claims = hazard * HOURS * 240 * cities
    assert paid / due == pytest.approx(table[hazard][2], rel=2 * LIMIT / math.sqrt(claims))


@pytest.mark.parametrize("hazard", NO_CLAIM)
def test_g3_no_claim_ladder(hazard):
    book = book_of(scenario_of("g3-no-claim.yaml", hazard))
    off = departures(book, no_claim_chain(math.exp(-HOURS * float(hazard))), start=0)
    assert len(off) >= 8
    assert (np.abs(off) < LIMIT).all()


def test_a_step_beyond_the_end_that_is_taken_is_caught(monkeypatch):
    """Seeded fault: below the lowest step the ladder begins again at the top."""

    def wrapped(steps, place):
        place %= len(steps)
        return standing.Standing(steps[place].factor.value, steps[place].grade, place)

    monkeypatch.setattr(standing, "_at", wrapped)
    book = book_of(scenario_of("g1-step-ladder.yaml", 6.25, cities=2))
    assert (np.abs(departures(book, ladder_chain(5), start=2)) > LIMIT).any()


def test_a_lower_end_that_is_excluded_is_caught(monkeypatch):
    """Seeded fault: a ratio that reaches an end exactly stays below it."""
    usual = standing.Window.ratio

    def a_little_less(window, unit):
        ratio = usual(window, unit)
        return None if ratio is None else ratio * Fraction(999_999_999, 1_000_000_000)

    monkeypatch.setattr(standing.Window, "ratio", a_little_less)
    book = book_of(scenario_of("g2-grade-by-ratio.yaml", 5.0, 2 * CITIES))
    assert (np.abs(departures(book, grade_chain(4), start=2)) > LIMIT).any()


def test_the_file_as_it_stands_rates_in_its_tables():
    """The whole replication with all its tables and checks tells the same grades as the book kept alone."""
    scenario = scenario_of("g1-step-ladder.yaml", 12.5, cities=1)
    (rows,) = run_cell(scenario, "base", 0, seed=scenario.seed)["contributions"]
    assert rows.column("factor").to_pylist() == [row.bill.factor for row in book_of(scenario).received]
    assert rows.column("grade").to_pylist()[0] == "100 %"


TEXTBOOK = ([[0, 2, 2, 3], [0, 1, 2]], [[1, 2, 2, 2], [2, 3, 4]])
"""Claims and vehicles of Loss Data Analytics 9.6.3."""


def collective(values, weights):
    """Estimate from claims per unit of weight, and weights."""
    rows = [[Decimal(w) for w in row] for row in weights]
    return structure([[Decimal(x) for x in row] for row in values], rows)


def test_g4_textbook_example():
    claims, vehicles = TEXTBOOK
    rates = [
        [Decimal(c) / v for c, v in zip(*rows, strict=True)] for rows in zip(claims, vehicles, strict=True)
    ]
    found = collective(rates, vehicles)
    assert float(found.within) == pytest.approx(0.36666667, abs=5e-9)
    assert float(found.between) == pytest.approx(0.17566138, abs=5e-9)
    assert float(found.k) == pytest.approx(2.0873494, abs=5e-8)
    assert [float(z) for z in found.credibilities()] == pytest.approx([0.77030162, 0.81173594], abs=5e-9)
    assert float(found.mean("exposure")) == 0.625
    assert [float(p) for p in found.premiums("exposure")] == pytest.approx([0.91386311, 0.38824368], abs=5e-9)
    assert float(found.mean("credibility")) == pytest.approx(0.6579365, abs=5e-8)
    by_credibility = [float(p) for p in found.premiums("credibility")]
    assert by_credibility == pytest.approx([0.92142857, 0.39444444], abs=5e-9)


HACHEMEISTER = [
    [1738, 1642, 1794, 2051, 2079, 2234, 2032, 2035, 2115, 2262, 2267, 2517],
    [1364, 1408, 1597, 1444, 1342, 1675, 1470, 1448, 1464, 1831, 1612, 1471],
    [1759, 1685, 1479, 1763, 1674, 2103, 1502, 1622, 1828, 2155, 2233, 2059],
    [1223, 1146, 1010, 1257, 1426, 1532, 1953, 1123, 1343, 1243, 1762, 1306],
    [1456, 1499, 1609, 1741, 1482, 1572, 1606, 1735, 1607, 1573, 1613, 1690],
]
CLAIMS = [
    [7861, 9251, 8706, 8575, 7917, 8263, 9456, 8003, 7365, 7832, 7849, 9077],
    [1622, 1742, 1523, 1515, 1622, 1602, 1964, 1515, 1527, 1748, 1654, 1861],
    [1147, 1357, 1329, 1204, 998, 1077, 1277, 1218, 896, 1003, 1108, 1121],
    [407, 396, 348, 341, 315, 328, 352, 331, 287, 384, 321, 342],
    [2902, 3172, 3046, 3068, 2693, 2910, 3275, 2697, 2663, 3017, 3242, 3425],
]
"""Hachemeister's bodily-injury data: mean claim and number of claims by state and quarter (R package actuar)."""


def test_g4_hachemeister():
    found = collective(HACHEMEISTER, CLAIMS)
    assert float(found.mean("credibility")) == pytest.approx(1683.713, abs=5e-4)
    assert float(found.between) == pytest.approx(89638.73, abs=5e-3)
    assert float(found.within) == pytest.approx(139120026, abs=0.5)
    wanted = [0.9847404, 0.9276352, 0.8984754, 0.7279092, 0.9587911]
    assert [float(z) for z in found.credibilities()] == pytest.approx(wanted, abs=5e-8)
    premiums = [float(p) for p in found.premiums("credibility")]
    assert premiums == pytest.approx([2055.165, 1523.706, 1793.444, 1442.967, 1603.285], abs=5e-4)


def test_g4_hachemeister_unweighted():
    found = collective(HACHEMEISTER, [[1] * 12] * 5)
    assert float(found.mean("credibility")) == pytest.approx(1671.017, abs=5e-4)
    assert float(found.between) == pytest.approx(72310.02, abs=5e-3)
    assert float(found.within) == pytest.approx(46040.47, abs=5e-3)
    assert [float(z) for z in found.credibilities()] == pytest.approx([0.9496143] * 5, abs=5e-8)
    premiums = [float(p) for p in found.premiums("exposure")]
    assert premiums == pytest.approx([2044.041, 1518.588, 1814.234, 1375.987, 1602.233], abs=5e-4)


@pytest.mark.parametrize(
    ("shape", "mean", "exposure", "claims", "z", "posterior"),
    [
        (2, "0.02", 500, 14, 0.833333333, 0.0266666667),
        (1, "0.05", 100, 0, 0.833333333, 0.00833333333),
        (4, "0.01", 5000, 61, 0.925925926, 0.012037037),
    ],
)
def test_g5_gamma_poisson(shape, mean, exposure, claims, z, posterior):
    """K = shape / mean: the credibility premium is the posterior mean, exactly."""
    weight, mean = Decimal(exposure), Decimal(mean)
    found = credibility(weight, Decimal(shape) / mean)
    assert float(found) == pytest.approx(z, rel=1e-8)
    assert float(blend(found, claims / weight, mean)) == pytest.approx(posterior, rel=1e-8)
