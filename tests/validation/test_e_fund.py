"""Oracles E1 and E2 of the validation notes: a ledger and contributions, to the fen."""

from __future__ import annotations

from pathlib import Path

import pytest

from injurysim.core.schemas import TABLES
from injurysim.replication import run_cell
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import load_document
from injurysim.scenario.resolve import resolve

SCENARIOS = Path(__file__).parents[2] / "scenarios/validation"
ACCOUNT = "designs.plan.accounts.fund"
SCHEME = "designs.plan.schemes.plan"


def frame(file: str, table: str, *overrides: str):
    """Run the only cell of a scenario file and return a table of its only design."""
    scenario = resolve(load_document(SCENARIOS / file, Scenario, overrides).model)
    (rows,) = run_cell(scenario, "base", 0, seed=scenario.seed)[table]
    return TABLES[table].to_pandas(rows)


LEDGERS = {
    "interest on opening": (
        (),
        [
            (1000000, 500000, 420000, 0, 2500, 1082500),
            (1082500, 512345, 700033, 0, 2706, 897518),
            (897518, 498001, 0, 0, 2244, 1397763),
            (1397763, 505050, 1200000, 0, 3494, 706307),
        ],
    ),
    "5 % of contributions for handling": (
        (f"{ACCOUNT}.handling_share=0.05",),
        [
            (1000000, 500000, 420000, 25000, 2500, 1057500),
            (1057500, 512345, 700033, 25617, 2644, 846839),
            (846839, 498001, 0, 24900, 2117, 1322057),
            (1322057, 505050, 1200000, 25253, 3305, 605159),
        ],
    ),
    "interest on opening and half the net flow": (
        (f"{ACCOUNT}.handling_share=0.05", f"{ACCOUNT}.interest.base=opening_plus_half_net"),
        [
            (1000000, 500000, 420000, 25000, 2569, 1057569),
            (1057569, 512345, 700033, 25617, 2377, 846641),
            (846641, 498001, 0, 24900, 2708, 1322450),
            (1322450, 505050, 1200000, 25253, 2406, 604653),
        ],
    ),
}


@pytest.mark.parametrize(("overrides", "ledger"), LEDGERS.values(), ids=LEDGERS)
def test_e1_ledger(overrides, ledger):
    """opening, contributions, benefits, handling, interest and closing of four months."""
    fund = frame("e1-ledger.yaml", "fund", *overrides)
    columns = [
        "opening_fen",
        "contributions_fen",
        "benefits_fen",
        "handling_fen",
        "return_fen",
        "closing_fen",
    ]
    assert fund["month"].tolist() == ["2024-01", "2024-02", "2024-03", "2024-04"]
    assert [tuple(row) for row in fund[columns].to_numpy().tolist()] == ledger


CONTRIBUTIONS = [
    (100000, "0.06", "1", 600000),
    (123457, "0.07", "0.9", 777779),
    (1, "0.045", "1", 5),
    (3, "0.045", "1", 14),
    (2000002, "0.0125", "0.6", 1500002),
    (10001, "0.25", "1.2", 300030),
]


@pytest.mark.parametrize(("orders", "rate", "factor", "due"), CONTRIBUTIONS)
def test_e2_contributions_are_rounded_half_up(orders, rate, factor, due):
    rows = frame(
        "e2-contributions.yaml",
        "contributions",
        f"worlds.base.platforms.app.orders.per_day={orders}",
        f"{SCHEME}.contribution.industries.delivery={rate}",
        f"{SCHEME}.rating.factor={factor}",
    )
    assert rows[["base_true", "base_declared", "due_fen", "paid_fen"]].to_numpy().tolist() == [
        [orders, orders, due, due]
    ]
    assert rows["month"].tolist() == ["2024-01"]


def test_e2_the_file_as_it_stands_is_the_first_row():
    assert frame("e2-contributions.yaml", "contributions")["due_fen"].tolist() == [600000]
