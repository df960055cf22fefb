"""Payers of one charge: their rates add to the rate and their dues to the charge, to the last decimal and fen."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.books.collection.bill import Bill, Payers
from injurysim.books.contribution.charge import Charge
from injurysim.core.balance import check_cell
from injurysim.core.money import charge_fen

HALVES = {"kind": "per_day", "yuan": "1.065", "payer": {"platform": "0.6", "worker": "0.25", "state": "0.15"}}
PLACE = ["month", "region", "platform"]


@given(
    st.integers(0, 10**13),
    st.integers(0, 10**12),
    st.integers(1, 999),
    st.integers(1, 3_000_000),
    st.sampled_from(["order", "online_minute"]),
)
def test_shares_add_to_the_whole_and_none_lies_a_fen_from_its_own(base, steps, thousandths, factor, unit):
    payers = Payers({"platform": Decimal(thousandths) / 1000, "worker": 1 - Decimal(thousandths) / 1000})
    rate, factor = Decimal(steps).scaleb(-12), Decimal(factor).scaleb(-6)
    rates = payers.rates(rate)
    assert sum(rates) == rate
    bill = Bill(0, Charge(0, 0, unit, base, rate, dt.date(2024, 1, 1)), base, factor, None, rates)
    units = 60 if unit == "online_minute" else 1
    assert sum(bill.dues_fen) == charge_fen(base, rate, factor, units=units)
    for due, own in zip(bill.dues_fen, rates, strict=True):
        assert abs(due - Fraction(own) * base * Fraction(factor) * 100 / units) < 1


@pytest.fixture(scope="module")
def split(small):
    law = small.scheme(contribution=HALVES, handling=small.IMMEDIATE)
    worlds = {"base": small.world(per_1000_hours=(0, 0))}
    return small.frames(small.document({"plan": small.design({"plan": law})}, worlds))


def test_each_payer_has_a_row_with_the_whole_base_and_its_own_rate(split):
    rows = split["contributions"]
    for _, line in rows.groupby(PLACE):
        assert sorted(line["payer"]) == ["platform", "state", "worker"]
        assert line["base_declared"].nunique() == 1
        assert sum(line["rate"]) == Decimal("1.065")
        assert line["due_fen"].sum() == charge_fen(int(line["base_true"].iloc[0]), Decimal("1.065"))
    rates = {"platform": "0.639", "worker": "0.26625", "state": "0.15975"}
    for payer, rate in rates.items():
        assert set(rows.loc[rows["payer"] == payer, "rate"]) == {Decimal(rate)}


def test_a_fen_moved_between_payers_is_told(split):
    """The sum is right, and still the shares are not those of the rates."""
    rows = split["contributions"].copy()
    line = rows[rows["month"] == rows["month"].iloc[0]].groupby("platform").head(2).index[:2]
    for column in ("due_fen", "paid_fen"):
        rows.loc[line[0], column] += 2
        rows.loc[line[1], column] -= 2
    told = check_cell({**split, "contributions": rows})
    assert any("lies a fen or more from the payer's own" in sentence for sentence in told)


def test_payers_of_one_charge_have_one_base(split):
    rows = split["contributions"].copy()
    rows.loc[rows.index[0], "base_declared"] += 1
    told = check_cell({**split, "contributions": rows})
    assert any("payers who split a charge have different bases" in sentence for sentence in told)


def test_penalties_are_not_the_workers():
    payers = Payers({"worker": Decimal("0.5"), "platform": Decimal("0.3"), "state": Decimal("0.2")})
    assert payers.penalties(1001) == [0, 1001, 0]
    assert Payers({"worker": Decimal(1)}).penalties(7) == [7]
    assert Payers({"platform": Decimal("0.5"), "engager": Decimal("0.5")}).penalties(101) == [51, 50]
