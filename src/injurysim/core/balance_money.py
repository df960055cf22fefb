"""The identities of money: accounts, contributions and what they stand at, to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from injurysim.core.balance_sums import (
    CELL,
    Tables,
    amounts,
    grouped,
    joined,
    previous,
    same_sums,
    told,
    total,
    with_columns,
)
from injurysim.core.tables import follows, ordered

if TYPE_CHECKING:
    from decimal import Decimal

    import pyarrow as pa
    from numpy.typing import NDArray

INFLOWS = (
    *("contributions_fen", "late_fees_fen", "subsidy_fen", "return_fen", "recoveries_fen"),
    *("borrowed_fen", "transfers_fen"),
)
OUTFLOWS = ("benefits_fen", "handling_fen", "prevention_fen", "repaid_fen")
HELD = ("outstanding_fen", "ibnr_fen", "pension_liability_fen", "debt_fen")


def fund_rolls_forward(tables: Tables) -> list[str]:
    """Check that closing = opening + every inflow - every outflow, for each month and account."""
    fund = tables["fund"]
    wanted = amounts(fund, "opening_fen") + total(fund, INFLOWS) - total(fund, OUTFLOWS)
    return told(
        "fund",
        with_columns(fund, wanted=wanted),
        amounts(fund, "closing_fen") != wanted,
        ("month", "account"),
        lambda row: (
            f"closing_fen is {row.closing_fen}, and opening with the flows of the month makes {row.wanted}"
        ),
    )


def fund_opens_as_it_closed(tables: Tables) -> list[str]:
    """Check that an account opens with what it closed the month before, and leaves no month out."""
    account = [*CELL, "account"]
    fund = ordered(tables["fund"], [*account, "month"])
    number = _months(fund)
    gap, before = number - previous(number), previous(amounts(fund, "closing_fen"))
    fund, later = with_columns(fund, before=before, gap=gap), follows(fund, account)
    return [
        *told(
            "fund",
            fund,
            later & (amounts(fund, "opening_fen") != before),
            ("month", "account"),
            lambda row: f"opening_fen is {row.opening_fen}, and the month before closed with {row.before}",
        ),
        *told(
            "fund",
            fund,
            later & (gap != 1),
            ("month", "account"),
            lambda row: f"the row before it is {row.gap} months earlier, not 1",
        ),
    ]


def _months(table: pa.Table) -> NDArray[np.int64]:
    """Return the month of each row as a number, one more for each month."""
    import pyarrow as pa
    import pyarrow.compute as pc

    month = table.column("month")
    year, of_year = (
        pc.utf8_slice_codeunits(month, *cut).cast(pa.int64()).to_numpy() for cut in ((0, 4), (5, 7))
    )
    number: NDArray[np.int64] = year * 12 + of_year
    return number


def deficit_is_stated(tables: Tables) -> list[str]:
    """Check that the deficit before the rule is not negative, nor less than a balance left below zero."""
    fund = tables["fund"]
    deficit, closing = amounts(fund, "deficit_before_rule_fen"), amounts(fund, "closing_fen")
    return told(
        "fund",
        fund,
        (deficit < 0) | (deficit < -closing),
        ("month", "account"),
        lambda row: (
            f"deficit_before_rule_fen is {row.deficit_before_rule_fen}, and closing_fen {row.closing_fen}"
        ),
    )


def transfers_cancel_out(tables: Tables) -> list[str]:
    """Check that what one account of a design gets another gives: without the background, transfers add to zero."""
    fund, key = tables["fund"], [*CELL, "month"]
    between = amounts(fund, "transfers_fen") - amounts(fund, "background_fen")
    sums = grouped(with_columns(fund, between=between), key, between=("between", "sum"))
    return told(
        "fund",
        sums,
        amounts(sums, "between") != 0,
        ("month",),
        lambda row: f"transfers_fen less background_fen add to {row.between} over the accounts, not to 0",
        order=key,
    )


def debts_are_what_was_borrowed(tables: Tables) -> list[str]:
    """Check that a debt is what was borrowed and not repaid, with interest on the one before, which is not negative."""
    account = [*CELL, "account"]
    rows = ordered(_position_and(tables, "inner", "borrowed_fen", "repaid_fen"), [*account, "month"])
    debt = amounts(rows, "debt_fen")
    before = np.where(follows(rows, account), previous(debt), 0)
    least = before + amounts(rows, "borrowed_fen") - amounts(rows, "repaid_fen")
    return told(
        "position",
        with_columns(rows, least=least),
        (debt < least) | ((before == 0) & (debt != least)),
        ("month", "account"),
        lambda row: f"debt_fen is {row.debt_fen}, and loans less repayments make {row.least}",
    )


def _position_and(tables: Tables, kind: str, *columns: str) -> pa.Table:
    """Return the position with columns of the fund; the order of the rows is not said."""
    key = [*CELL, "month", "account"]
    return joined(tables["position"], tables["fund"].select([*key, *columns]), key, kind)


def fund_pays_the_payments(tables: Tables) -> list[str]:
    """Check that ``benefits_fen`` of a month and account is the sum of the payments from it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    payments = tables["payments"].filter(tables["payments"].column("account").is_valid())
    month = pc.utf8_slice_codeunits(payments.column("paid_at").cast(pa.string()), 0, len("2022-07"))
    return same_sums(
        ("fund", tables["fund"]),
        ("payments", payments.append_column("month", month)),
        {"benefits_fen": "amount_fen"},
        ["month", "account"],
    )


def fund_receives_the_contributions(tables: Tables) -> list[str]:
    """Check that contributions and late fees of a month and account are what all payers together paid."""
    contributions = tables["contributions"]
    return same_sums(
        ("fund", tables["fund"]),
        ("contributions", contributions.filter(contributions.column("account").is_valid())),
        {"contributions_fen": "paid_fen", "late_fees_fen": "late_fee_fen"},
        ["month", "account"],
    )


LINE = ["account", "scheme", "payer", "region", "industry", "platform"]
"""What tells apart the debts that are carried from month to month."""


CHARGE = ["month", "account", "scheme", "region", "industry", "platform", "rate_from"]
"""What tells apart the charges that payers split."""


def due_is_the_charge(tables: Tables) -> list[str]:
    """Check that ``due_fen`` = half up of declared base x rate x factor x 100, exactly, whoever pays.

    Payers who split a charge have a row each, with the whole base and their own rate: their dues add to the charge at
    the sum of their rates, and the due of each is its own charge rounded up or down.
    """
    from injurysim.core.money import round_half_up

    rows = tables["contributions"]
    whole = grouped(
        with_columns(rows, row=np.arange(rows.num_rows)),
        [*CELL, *CHARGE],
        due_fen=("due_fen", "sum"),
        rate=("rate", "sum"),
        first=("row", "min"),
        rows=("row", "list"),
        least_base=("base_declared", "min"),
        most_base=("base_declared", "max"),
        least_factor=("factor", "min"),
        most_factor=("factor", "max"),
    )
    for name in ("base_declared", "factor", "base_unit"):
        whole = whole.append_column(name, rows.column(name).take(whole.column("first")))
    wanted = np.array([round_half_up(charge) for charge in _charges(whole)], np.int64)
    shared = _shared(rows, whole)
    apart = [
        abs(due - charge) >= 1
        for due, charge in zip(amounts(shared, "due_fen").tolist(), _charges(shared), strict=True)
    ]
    return [
        *told(
            "contributions",
            with_columns(whole, wanted=wanted),
            amounts(whole, "due_fen") != wanted,
            CHARGE,
            lambda row: (
                f"due_fen is {row.due_fen}, and {row.base_declared} x {row.rate} yuan x {row.factor} makes"
                f" {row.wanted}"
            ),
        ),
        *told(
            "contributions",
            whole,
            _differ(whole, "least_base", "most_base") | _differ(whole, "least_factor", "most_factor"),
            CHARGE,
            lambda _: "payers who split a charge have different bases or factors",
        ),
        *told(
            "contributions",
            shared,
            np.array(apart, bool),
            ("month", *LINE),
            lambda row: (
                f"due_fen {row.due_fen} lies a fen or more from the payer's own {row.base_declared} x {row.rate}"
                f" yuan x {row.factor}"
            ),
        ),
    ]


def _charges(rows: pa.Table) -> Iterator[Fraction]:
    """Yield the charge of each row in fen, before it is rounded."""
    from injurysim.core.schemas import UNITS_OF_A_RATE

    @cache
    def fen_per_unit(rate: Decimal, factor: Decimal, unit: str) -> Fraction:
        return Fraction(rate) * Fraction(factor) * 100 / UNITS_OF_A_RATE.get(unit, 1)

    rates = zip(*(_objects(rows, name) for name in ("rate", "factor", "base_unit")), strict=True)
    for base, rate in zip(amounts(rows, "base_declared").tolist(), rates, strict=True):
        yield fen_per_unit(*rate) * base


def _objects(rows: pa.Table, name: str) -> list[Any]:
    """Return a column of few different values as Python objects, each made once."""
    encoded = rows.column(name).combine_chunks().dictionary_encode()
    values = encoded.dictionary.to_pylist()
    return [values[number] for number in encoded.indices.to_pylist()]


def _shared(rows: pa.Table, whole: pa.Table) -> pa.Table:
    """Return the rows of the charges that more than one payer has a part in."""
    import pyarrow.compute as pc

    several = pc.greater(pc.list_value_length(whole.column("rows")), 1)
    numbers = pc.list_flatten(whole.column("rows").filter(several))
    return rows.take(np.sort(numbers.to_numpy()))


def _differ(table: pa.Table, one: str, other: str) -> NDArray[np.bool_]:
    import pyarrow.compute as pc

    values: NDArray[np.bool_] = pc.not_equal(table.column(one), table.column(other)).to_numpy()
    return values


def debts_roll_forward(tables: Tables) -> list[str]:
    """Check that paid + change in arrears + written off = due + assessed, for each line and month.

    A line is an account, scheme, payer, region, industry and platform; its arrears stand until its next row.
    """
    sums = {
        name: (name, "sum")
        for name in ("paid_fen", "written_off_fen", "due_fen", "assessed_fen", "arrears_fen")
    }
    line = [*CELL, *LINE]
    rows = ordered(grouped(tables["contributions"], [*line, "month"], **sums), [*line, "month"])
    before = np.where(follows(rows, line), previous(amounts(rows, "arrears_fen")), 0)
    settled = total(rows, ("paid_fen", "arrears_fen", "written_off_fen")) - before
    owed = total(rows, ("due_fen", "assessed_fen"))
    return told(
        "contributions",
        with_columns(rows, before=before, owed=owed),
        settled != owed,
        ("month", *LINE),
        lambda row: (
            f"paid {row.paid_fen} + change in arrears {row.arrears_fen - row.before} + written off"
            f" {row.written_off_fen} is not due + assessed {row.owed}"
        ),
    )


def position_is_net(tables: Tables) -> list[str]:
    """Check that net position = the fund's closing balance - outstanding - IBNR - pension liability - debt."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = _position_and(tables, "left outer", "closing_fen")
    wanted = pc.subtract(rows.column("closing_fen"), pa.array(total(rows, HELD)))
    right = pc.fill_null(pc.equal(rows.column("net_position_fen"), wanted), False)
    return told(
        "position",
        with_columns(rows, wanted=wanted, missing=wanted.is_null()),
        ~right.to_numpy(),
        ("month", "account"),
        lambda row: (
            "the account has no row in fund"
            if row.missing
            else f"net_position_fen is {row.net_position_fen}, and closing less what is held makes {row.wanted}"
        ),
        order=[*CELL, "month", "account"],
    )
