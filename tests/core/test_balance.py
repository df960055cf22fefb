"""A cell that balances passes; a fen astray anywhere is told, by the identity it breaks."""

from __future__ import annotations

import runpy
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from injurysim.core.balance import CHECKS, check_cell
from injurysim.core.schemas import TABLES

cell = runpy.run_path(str(Path(__file__).parents[1] / "results" / "small_run.py"))["cell"]


@pytest.fixture(scope="module")
def tables():
    return {name: TABLES[name].to_pandas(table) for name, table in cell("base", 2).items()}


def broken(tables, name, column, value, **where):
    """Return the tables with one value changed, and the sentences of the check."""
    rows = tables[name].copy()
    hit = pd.Series(True, rows.index)
    for key, wanted in where.items():
        hit &= rows[key].isna() if wanted is None else rows[key] == wanted
    assert hit.sum() == 1
    at = rows.index[hit][0]
    rows.loc[at, column] = value(rows.loc[at, column]) if callable(value) else value
    return check_cell({**tables, name: rows})


@pytest.mark.parametrize("replication", [0, 1, 2])
def test_the_run_worked_out_by_hand_balances(replication):
    assert check_cell(cell("base", replication)) == []


def test_nothing_balances():
    assert check_cell({}) == []


def more(amount):
    return lambda value: value + amount


JANUARY = {"month": "2023-01", "account": "pilot"}
FIRST = {"injury_id": "i1", "scheme": "pilot"}

FAULTS = {
    "roll-forward": (
        *("fund", "handling_fen", more(1), JANUARY),
        ["fund: closing_fen is 7900, and opening with the flows of the month makes 7899"],
    ),
    "borrowed without a word": (
        *("fund", "borrowed_fen", 5, JANUARY),
        [
            "fund: closing_fen is 7900, and opening with the flows of the month makes 7905",
            "position: debt_fen is 0, and loans less repayments make 5",
        ],
    ),
    "deficit": (
        *("fund", "deficit_before_rule_fen", 1099, {"month": "2022-12", "account": "pilot"}),
        ["fund: deficit_before_rule_fen is 1099, and closing_fen -1100"],
    ),
    "a negative deficit": (
        *("fund", "deficit_before_rule_fen", -1, JANUARY),
        ["fund: deficit_before_rule_fen is -1"],
    ),
    "a payment": (
        *("payments", "amount_fen", more(1), {"claim_id": "i3:pilot"}),
        ["fund: benefits_fen is 2000, and amount_fen of payments adds to 2001", "claims: paid_fen is 2000"],
    ),
    "a payment in another month": (
        *("payments", "paid_at", pd.Timestamp("2023-01-31T23:59:59"), {"claim_id": "i3:pilot"}),
        [
            "fund: benefits_fen is 0, and amount_fen of payments adds to 2000",
            "fund: benefits_fen is 2000, and amount_fen of payments adds to 0",
        ],
    ),
    "a payment from an account that is not there": (
        *("payments", "account", "nowhere", {"claim_id": "i3:pilot"}),
        ["fund: benefits_fen is 0, and amount_fen of payments adds to 2000", "fund: benefits_fen is 2000"],
    ),
    "a payment of no claim": (
        *("payments", "claim_id", "i9:pilot", {"claim_id": "i3:pilot"}),
        ["claims: paid_fen is 2000, and amount_fen of payments adds to 0", "claims: paid_fen is 0"],
    ),
    "a payment of a claim that is refused": (
        *("claims", "outstanding_fen", 1, {"claim_id": "i1:policy"}),
        ["claims: refused, and 0 fen are paid and 1 outstanding"],
    ),
    "paid before a decision": (
        *("claims", "final_decision", "pending", {"claim_id": "i3:pilot"}),
        ["claims: pending, and 2000 fen are paid and 3000 outstanding"],
    ),
    "a decision before acceptance": (
        *("claims", "accepted_at", pd.Timestamp("2023-02-11"), {"claim_id": "i3:pilot"}),
        [
            "claims: first_decided_at 2023-02-10 00:00:00 comes before accepted_at",
            "claims: final_decided_at 2023-02-10 00:00:00 comes before accepted_at",
        ],
    ),
    "a decision on what was never accepted": (
        *("claims", "accepted_at", pd.NaT, {"claim_id": "i3:pilot"}),
        ["claims: decided and never accepted"],
    ),
    "a case that is in no queue": (
        *("offices", "backlog", 0, {"month": "2023-01"}),
        ["offices: backlog is 0, and what arrived less what left makes 1"],
    ),
    "a case that left the queue": (
        *("offices", "withdrawn", 1, {"month": "2023-01"}),
        ["offices: backlog is 1, and what arrived less what left makes 0"],
    ),
    "declared base": (
        *("contributions", "base_declared", more(1), {"month": "2022-12", "platform": "A"}),
        ["contributions: due_fen is 6000, and 601 x 0.100000000000 yuan x 1.000000 makes 6010"],
    ),
    "rate, half a fen": (
        *("contributions", "rate", Decimal("0.100008333333"), {"month": "2022-12", "platform": "A"}),
        [],
    ),
    "rate, a fen": (
        *("contributions", "rate", Decimal("0.100008333334"), {"month": "2022-12", "platform": "A"}),
        ["contributions: due_fen is 6000"],
    ),
    "factor": (
        *("contributions", "factor", Decimal("0.9"), {"month": "2022-12", "platform": "A"}),
        ["contributions: due_fen is 6000"],
    ),
    "assessed": (
        *("contributions", "assessed_fen", 7, {"month": "2022-12", "platform": "A"}),
        ["contributions: paid 6000 + change in arrears 0 + written off 0 is not due + assessed 6007"],
    ),
    "written off": (
        *("contributions", "written_off_fen", 7, {"month": "2022-12", "platform": "A"}),
        ["contributions: paid 6000 + change in arrears 0 + written off 7 is not due + assessed 6000"],
    ),
    "arrears": (
        *("contributions", "arrears_fen", 999, {"month": "2023-01", "platform": "B"}),
        [
            "contributions: paid 3000 + change in arrears 999",
            "contributions: paid 4500 + change in arrears -499",
        ],
    ),
    "paid": (
        *("contributions", "paid_fen", more(-1), {"month": "2022-12", "platform": "A"}),
        [
            "fund: contributions_fen is 10000, and paid_fen of contributions adds to 9999",
            "contributions: paid 5999",
        ],
    ),
    "net position": (
        *("position", "net_position_fen", more(1), JANUARY),
        ["position: net_position_fen is 2901, and closing less what is held makes 2900"],
    ),
    "debt": (
        *("position", "debt_fen", 1, JANUARY),
        [
            "position: debt_fen is 1, and loans less repayments make 0",
            "position: debt_fen is 0, and loans less repayments make 1",
            "position: net_position_fen is 2900",
        ],
    ),
    "a transfer from nowhere": (
        *("fund", "transfers_fen", 5, JANUARY),
        [
            "fund: closing_fen is 7900, and opening with the flows of the month makes 7905",
            "fund: transfers_fen less background_fen add to 5",
        ],
    ),
    "position of no account": (
        *("position", "account", "nowhere", JANUARY),
        ["position: the account has no row in fund"],
    ),
    "reported, and no decision": (
        *("claims", "final_decision", None, FIRST),
        [
            "claims: reported as i1:pilot with the final decision",
            "claims: nan, and 16300 fen are paid and 0 outstanding",
        ],
    ),
    "pending, and closed": (
        *("claims", "final_decision", "pending", FIRST),
        [
            "claims: reported as i1:pilot with the final decision pending and closed at 2022-12-20",
            "claims: pending, and 16300 fen are paid and 0 outstanding",
        ],
    ),
    "reported, and no claim": (
        *("claims", "reported", True, {"injury_id": "i2", "scheme": "pilot"}),
        ["claims: reported as nan with the final decision nan"],
    ),
    "not reported, and a claim": (
        *("claims", "reported", False, FIRST),
        ["claims: not reported, and still with a claim"],
    ),
    "attribution": (
        *("attribution", "share", 0.25, {"claim_id": "i3:pilot", "platform": "B"}),
        ["attribution: the shares add to 0.75, not to 1"],
    ),
    "orders": (
        *("exposure", "orders", more(1), {"month": "2022-11", "platform": "A"}),
        ["riders: orders is 1000, and orders of exposure adds to 1001"],
    ),
    "earnings": (
        *("riders", "earnings_fen", more(1), {"month": "2022-11"}),
        ["riders: earnings_fen is 500001, and earnings_fen of exposure adds to 500000"],
    ),
    "injuries": (
        *("coverage", "injuries", 2, {"month": "2022-11", "design": "pilot"}),
        ["coverage: counts 4 injuries, and the world has 3"],
    ),
    "uncompensated, too little": (
        *("coverage", "uncompensated_fen", more(-1), {"month": "2022-11", "design": "pilot"}),
        [
            "coverage: uncompensated_fen is 23699 and overcompensated_fen 0, with loss 40000 and 16300 compensated"
        ],
    ),
    "uncompensated, more than the loss": (
        *("coverage", "uncompensated_fen", 40_001, {"month": "2022-11", "design": "pilot"}),
        ["coverage: uncompensated_fen is 40001"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_told(tables, fault):
    name, column, value, where, wanted = FAULTS[fault]
    told = broken(tables, name, column, value, **where)
    assert len(told) == len(wanted), told
    for sentence, start in zip(sorted(told), sorted(wanted), strict=True):
        assert sentence.startswith(start)


def test_an_opening_that_is_not_the_closing_before_is_told(tables):
    fund = tables["fund"].copy()
    later = (fund["account"] == "pilot") & (fund["month"] >= "2023-01")
    fund.loc[later, ["opening_fen", "closing_fen"]] += 10
    position = tables["position"].copy()
    position.loc[(position["account"] == "pilot") & (position["month"] >= "2023-01"), "net_position_fen"] += (
        10
    )
    told = check_cell({**tables, "fund": fund, "position": position})
    assert told == [
        (
            "fund: opening_fen is -1090, and the month before closed with -1100"
            " (world base, design pilot, replication 2, month 2023-01, account pilot)"
        )
    ]


def test_a_month_left_out_is_told(tables):
    fund, position = (
        tables[name][(tables[name]["account"] != "insurer") | (tables[name]["month"] != "2022-12")]
        for name in ("fund", "position")
    )
    told = check_cell({**tables, "fund": fund, "position": position})
    assert any("the row before it is 2 months earlier, not 1" in sentence for sentence in told)
    assert any("opening_fen is 800, and the month before closed with 400" in sentence for sentence in told)


def test_attribution_of_no_claim_is_told(tables):
    rows = tables["attribution"].replace("i3:pilot", "i9:pilot")
    told = check_cell({**tables, "attribution": rows})
    assert len(told) == 3
    assert all(sentence.startswith("attribution: no such claim") for sentence in told)


def test_two_rows_of_one_month_share_their_arrears(tables):
    """A rate that changes inside a month has two rows; only the debt of both together is carried on."""
    rows = tables["contributions"]
    pick = (rows["design"] == "pilot") & (rows["month"] == "2023-01") & (rows["platform"] == "A")
    half = rows[pick].assign(base_true=300, base_declared=300, due_fen=3000)
    first = half.assign(paid_fen=6000, arrears_fen=-1500)
    second = half.assign(paid_fen=0, arrears_fen=1500, rate_from=pd.Timestamp("2023-01-16"))
    both = pd.concat([rows[~pick], first, second], ignore_index=True)
    assert check_cell({**tables, "contributions": both}) == []


def test_many_failures_are_told_in_few_sentences(tables):
    rows = tables["contributions"].assign(due_fen=lambda table: table["due_fen"] + 1)
    told = [
        sentence for sentence in check_cell({**tables, "contributions": rows}) if "due_fen is" in sentence
    ]
    assert len(told) == 5
    assert any("and 7 more rows" in s for s in check_cell({**tables, "contributions": rows}))


def test_every_check_says_what_it_checks():
    assert all((check.__doc__ or "").startswith("Check that") for check in CHECKS)
