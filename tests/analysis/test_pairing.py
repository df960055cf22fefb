"""The gain of common random numbers: closed forms, how often its interval holds the truth, and really independent seeds."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from injurysim.analysis.pairing import gain_interval, gains_by_month
from injurysim.core.randomness import Streams
from injurysim.core.schemas import TABLES
from injurysim.replication import make_world, run_cell
from injurysim.results import paired
from injurysim.results.intervals import t_quantile
from injurysim.scenario.reading import read_scenario

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"


def correlated(rng, rho, n, scale=1.0):
    """Return normals with standard deviations `scale` and 1, and correlation rho."""
    z = rng.standard_normal((2, n))
    return scale * z[0], rho * z[0] + math.sqrt(1 - rho**2) * z[1]


def test_the_gain_is_that_of_the_comparison():
    a, b = correlated(np.random.default_rng(3), 0.8, 12)
    found = gain_interval(a, b)
    assert (found.gain, found.n, found.level) == (paired.pairing_gain(a, b), 12, 0.95)
    assert found.low < found.gain < found.high
    wider = gain_interval(a, b, 0.99)
    assert wider.low < found.low < found.high < wider.high


def test_the_interval_by_hand():
    """Pseudo-values of the logarithm, leaving out one pair after the other."""
    a, b = np.array([3.0, 5.0, 4.0, 8.0]), np.array([2.0, 4.5, 3.0, 6.5])

    def log_gain(keep):
        return math.log((a[keep].var(ddof=1) + b[keep].var(ddof=1)) / (a - b)[keep].var(ddof=1))

    pseudo = [4 * log_gain([0, 1, 2, 3]) - 3 * log_gain([j for j in range(4) if j != i]) for i in range(4)]
    half = 3.182446305284263 * np.std(pseudo, ddof=1) / 2  # t(3) at 97.5 %
    found = gain_interval(a, b)
    assert (found.low, found.high) == pytest.approx(
        (math.exp(np.mean(pseudo) - half), math.exp(np.mean(pseudo) + half))
    )


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.95, -0.5])
def test_the_gain_of_normals_is_one_over_one_less_their_correlation(rho):
    """Seeded; 400 000 pairs, of which the logarithm of the gain has a standard error below 0.0025."""
    found = pairing_gain_of_many(*correlated(np.random.default_rng(11), rho, 400_000))
    assert math.log(found) == pytest.approx(-math.log(1 - rho), abs=0.01)


def pairing_gain_of_many(a, b):
    gain = paired.pairing_gain(a, b)
    assert gain is not None
    return gain


@pytest.mark.parametrize(("rho", "scale"), [(0.9, 1.0), (0.95, 2.0), (0.0, 1.0)])
def test_the_interval_holds_the_truth(rho, scale):
    """Seeded, 600 experiments of 20 pairs; its level is asymptotic: 92 % less 4 sigma (0.044) is asked for."""
    rng, runs = np.random.default_rng(2025), 600
    truth = (scale**2 + 1) / (scale**2 + 1 - 2 * rho * scale)
    held = 0
    for _ in range(runs):
        found = gain_interval(*correlated(rng, rho, 20, scale))
        held += found.low <= truth <= found.high
    assert held / runs > 0.92 - 4 * math.sqrt(0.92 * 0.08 / runs)


def test_nothing_is_said_of_what_never_varies_or_of_too_few():
    never = gain_interval(np.array([1.0, 2.0, 4.0, 5.0]), np.array([1.0, 2.0, 4.0, 5.0]))
    assert (never.gain, never.low, never.high, never.n) == (None, None, None, 4)
    two = gain_interval(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    assert two.gain == pytest.approx((0.5 + 4.5) / 2)
    assert (two.low, two.n) == (None, 2)
    # It varies by one pair alone: without that pair there is no gain.
    one = gain_interval(np.array([1.0, 2.0, 4.0, 5.0]), np.array([1.0, 2.0, 4.0, 5.5]))
    assert one.gain > 1
    assert (one.low, one.high) == (None, None)
    assert gain_interval(np.array([1.0, np.nan, 2.0, 5.0]), np.array([0.0, 1.0, 1.5, np.nan])).n == 2


def month_tables():
    """Return injuries and fund of two worlds, three replications and two months, by hand."""
    injuries, fund = [], []
    counts = {"a": [(1, 2), (2, 4), (0, 1)], "b": [(1, 3), (4, 4), (0, 2)]}
    for world, replications in counts.items():
        for replication, months in enumerate(replications):
            balance = 10_000
            for month, number in zip(("2024-01", "2024-02"), months, strict=True):
                injuries += [(world, replication, pd.Timestamp(f"{month}-15"))] * number
                balance -= 500 * number
                fund.append((world, "d", replication, month, "pool", 500 * number, balance))
                fund.append((world, "d", replication, month, "insurer", 999, 7 * replication))
    return (
        pd.DataFrame(injuries, columns=["world", "replication", "occurred_at"]),
        pd.DataFrame(
            fund, columns=["world", "design", "replication", "month", "kind", "benefits_fen", "closing_fen"]
        ),
    )


def test_gains_by_month_by_hand():
    injuries, fund = month_tables()
    table = gains_by_month(injuries, fund, ("a", "d"), ("b", "d"))
    found = {
        (row["quantity"], row["month"] if isinstance(row["month"], str) else "whole"): row["gain"]
        for row in table.to_dict("records")
    }
    wanted = {
        "whole": paired.pairing_gain([3, 6, 1], [4, 8, 2]),
        "2024-01": paired.pairing_gain([1, 2, 0], [1, 4, 0]),
        "2024-02": paired.pairing_gain([2, 4, 1], [3, 4, 2]),
    }
    # Benefits and what a month adds to the balance go with the injuries; insurers' accounts are left out.
    for quantity in ("injuries", "benefits_paid", "balance"):
        for span, gain in wanted.items():
            assert found[quantity, span] == pytest.approx(gain), (quantity, span)
    assert set(table["n"]) == {3}


def test_the_whole_period_ends_where_it_is_told_to():
    injuries, fund = month_tables()
    table = gains_by_month(injuries, fund, ("a", "d"), ("b", "d"), last_month="2024-01")
    whole, alone = (table[table["month"].isna()], table[table["month"].notna()])
    assert list(alone["month"].unique()) == ["2024-01"]
    assert list(whole["gain"]) == list(alone["gain"])


def tiny():
    """Return the tiny scenario with its pilot alone."""
    overrides = ("baseline.design=pilot", "horizon.runoff_months=1")
    return read_scenario(TINY, designs=("pilot",), overrides=overrides).scenario


def check_independence(paired_here, here, elsewhere):
    """Check two places that share a seed, and the second with another seed.

    With another seed var(a - b) = var a + var b, but for twice a covariance whose standard error is the root of
    var a var b / (n - 1): 4 of these are allowed (a false alarm in 16 000 were the seeds not fixed). What the paired run
    says independent seeds would show agrees with what they show, by the jackknife of the logarithm of the ratio at
    99.9 %; and the paired run gains.
    """
    n = len(here)
    error = math.sqrt(here.var(ddof=1) * elsewhere.var(ddof=1) / (n - 1))
    unpaired, added = (here - elsewhere).var(ddof=1), here.var(ddof=1) + elsewhere.var(ddof=1)
    assert abs(unpaired - added) < 2 * 4 * error

    def log_ratio(keep):
        told = here[keep].var(ddof=1) + paired_here[keep].var(ddof=1)
        return math.log(told / (here - elsewhere)[keep].var(ddof=1))

    every = np.arange(n)
    pseudo = [n * log_ratio(every) - (n - 1) * log_ratio(np.delete(every, i)) for i in every]
    assert abs(np.mean(pseudo)) < t_quantile(0.999, n - 1) * np.std(pseudo, ddof=1) / math.sqrt(n)
    assert gain_interval(here, paired_here).low > 1


def test_independent_seeds_gain_nothing_in_injuries():
    scenario, compiled, n = tiny(), {}, 60

    def injuries(seed, world):
        worlds = [
            make_world(scenario, world, Streams(seed, replication), "fast", compiled, threads=1)
            for replication in range(n)
        ]
        return np.array([sum(len(month.injuries.rider) for month in one.months()) for one in worlds], float)

    check_independence(injuries(5, "limited"), injuries(5, "base"), injuries(60_005, "limited"))


@pytest.mark.slow
def test_independent_seeds_gain_nothing_in_money():
    scenario, compiled, n = tiny(), {}, 60

    def run(seed, world):
        cells = [run_cell(scenario, world, each, seed=seed, compiled=compiled) for each in range(n)]
        fund = TABLES["fund"].to_pandas(
            TABLES["fund"].join([part for cell in cells for part in cell["fund"]])
        )
        by = fund.groupby("replication")
        return by["benefits_fen"].sum().to_numpy(float), by["closing_fen"].last().to_numpy(float)

    runs = zip(run(5, "limited"), run(5, "base"), run(60_005, "limited"), strict=True)
    for paired_here, here, elsewhere in runs:
        check_independence(paired_here, here, elsewhere)
