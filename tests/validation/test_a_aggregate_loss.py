"""Oracle A1 of the validation notes: the yearly total of benefits is compound Poisson, to the fen.

Every city of the enlarged scenario is a copy of the one in ``a1-aggregate-loss.yaml`` with a fund of its own, so
each fund and year is an independent replication of A1 that passes through world, claims and ledger.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from injurysim.books.book import Book
from injurysim.books.earnings import EarningsHistory, expected_monthly_fen
from injurysim.books.injured import take_in
from injurysim.books.setting import Setting
from injurysim.core.randomness import Streams
from injurysim.replication import run_cell
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import load_document
from injurysim.scenario.resolve import book_calendar, exposure_calendar, resolve
from injurysim.world.fast import FastWorld

FILE = Path(__file__).parents[2] / "scenarios/validation/a1-aggregate-loss.yaml"
CITIES = 25

PUBLISHED = {
    "mean": 1.64023441,
    "sd": 3.45754131,
    "nothing": 0.632697,
    "var95": 9.8050683,
    "var99": 14.650118,
}
"""Of the law in yuan without rounding (VALIDATION, section A, set A1)."""


def survival(yuan: float) -> float:
    return (10 / (10 + yuan)) ** 4


def costs_in_fen() -> np.ndarray:
    """Probabilities of a cost rounded to the fen, 0 to 2 400 and more: every rule here pays the same from there on."""
    edges = np.array([0, *((cost + 0.5) / 100 for cost in range(2400))])
    above = np.array([survival(edge) for edge in edges])
    return np.append(above[:-1] - above[1:], above[-1])


def law_in_fen(pays: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Probabilities of one payment in fen, by the rule from whole costs to whole payments."""
    costs = costs_in_fen()
    return np.bincount(pays(np.arange(len(costs))), weights=costs)


def layer(cost: np.ndarray) -> np.ndarray:
    """0.75 of a whole number of fen between 6 and 24 yuan, half up."""
    return (3 * (np.maximum(cost, 600) - 600) + 2) // 4


def total_in_fen(payment: np.ndarray, number: float) -> np.ndarray:
    """Probabilities of the total of a Poisson number of payments, by Fourier transform of the lattice."""
    size = 1 << 15  # beyond 327 yuan: no mass to speak of
    return np.fft.ifft(np.exp(number * (np.fft.fft(payment, size) - 1))).real


def truth() -> dict[str, float]:
    """The exact law of a year's total in fen; cumulants are 3 E[Y^k]."""
    payment = law_in_fen(layer)
    fen = np.arange(len(payment))
    total = total_in_fen(payment, 3)
    mean, variance, fourth = (3 * float(payment @ fen.astype(float) ** k) for k in (1, 2, 4))
    return {
        "mean": mean / 100,
        "sd": math.sqrt(variance) / 100,
        "sd_se": math.sqrt(fourth + 2 * variance**2) / (2 * math.sqrt(variance)) / 100,
        "nothing": float(total[0]),
        "above95": float(total[math.floor(PUBLISHED["var95"] * 100) + 1 :].sum()),
        "above99": float(total[math.floor(PUBLISHED["var99"] * 100) + 1 :].sum()),
    }


TRUTH = truth()


def a1() -> Scenario:
    return resolve(load_document(FILE, Scenario).model)


def many_cities(scenario: Scenario, cities: int) -> Scenario:
    """Return the scenario with so many copies of its city, each with riders, a scheme and a fund of its own."""
    document = scenario.model_dump(mode="json", exclude_none=True)
    world, design = document["worlds"]["base"], document["designs"]["layer"]
    names = [f"city{number}" for number in range(cities)]
    world["regions"] = {name: {} for name in names}
    world["groups"] = {name: {**world["groups"]["riders"], "region": name} for name in names}
    fund, scheme = design["accounts"]["fund"], design["schemes"]["layer"]
    design["accounts"] = dict.fromkeys(names, fund)
    design["schemes"] = {name: {**scheme, "account": name, "eligible": {"regions": [name]}} for name in names}
    return Scenario.model_validate(document)


def annual_benefits(scenario: Scenario, replications: range) -> np.ndarray:
    """Return the benefits of every fund's year in fen, shape (replications, funds), with the law compiled once."""
    law, world, months = scenario.designs["layer"], scenario.worlds["base"], exposure_calendar(scenario)
    calendar, tables = book_calendar(scenario), None
    years = []
    for replication in replications:
        streams = Streams(scenario.seed, replication)
        running = FastWorld(world, months, streams, tables=tables)
        tables, riders = running.tables, running.population
        setting = Setting.of(scenario, "base", calendar, streams, riders)
        book, earnings = Book("layer", law, setting), EarningsHistory(expected_monthly_fen(world, riders))
        for month in running.months():
            book.keep(month, take_in(month, setting, earnings), earnings)
            earnings.add(riders.engagement_rider, month.earnings_fen)
        years.append([sum(m.benefits_fen for m in ledger.months) for ledger in book.ledgers.values()])
    return np.array(years)


def test_the_law_in_fen_is_the_published_one_but_for_rounding():
    assert TRUTH["mean"] == pytest.approx(PUBLISHED["mean"], abs=0.001)
    assert TRUTH["sd"] == pytest.approx(PUBLISHED["sd"], abs=0.001)
    assert TRUTH["nothing"] == pytest.approx(PUBLISHED["nothing"], abs=0.0005)
    assert TRUTH["above95"] == pytest.approx(0.05, abs=0.0005)
    assert TRUTH["above99"] == pytest.approx(0.01, abs=0.0005)


def compare(years: np.ndarray, largest_relative_error: float) -> None:
    """Compare every figure with the truth within four of its standard errors (one false alarm in 16 000 each)."""
    n = years.size
    yuan = years.ravel() / 100
    found = {
        "mean": yuan.mean(),
        "sd": yuan.std(ddof=1),
        "nothing": np.mean(yuan == 0),
        "above95": np.mean(yuan > PUBLISHED["var95"]),
        "above99": np.mean(yuan > PUBLISHED["var99"]),
    }
    errors = {"mean": TRUTH["sd"] / math.sqrt(n), "sd": TRUTH["sd_se"] / math.sqrt(n)}
    errors |= {
        name: math.sqrt(TRUTH[name] * (1 - TRUTH[name]) / n) for name in ("nothing", "above95", "above99")
    }
    for name, error in errors.items():
        print(f"{name}: {found[name]:.6f}, truth {TRUTH[name]:.6f}, standard error {error:.6f}, n {n}")
        assert abs(found[name] - TRUTH[name]) <= 4 * error, name
        if name != "above99":
            assert error / TRUTH[name] <= largest_relative_error, f"{name}: too few replications to tell"


def test_a1_annual_benefits():
    """8 000 fund-years: the largest relative standard error accepted is 5 % (of the share above VaR 95)."""
    compare(annual_benefits(many_cities(a1(), CITIES), range(320)), 0.05)


@pytest.mark.slow
def test_a1_annual_benefits_long():
    """200 000 fund-years: the largest relative standard error accepted is 1 %."""
    compare(annual_benefits(many_cities(a1(), CITIES), range(1000, 9000)), 0.01)


def test_the_file_itself_gives_the_same_year_as_its_tables():
    """The short way above and the whole replication with all its tables and checks tell the same year."""
    scenario = a1()
    for replication in range(3):
        (fund,) = run_cell(scenario, "base", replication, seed=scenario.seed)["fund"]
        assert sum(fund.column("benefits_fen").to_pylist()) == annual_benefits(
            scenario, range(replication, replication + 1)
        )
