"""The balance identities every cell must satisfy to the fen, and the sentences of their failures.

A check takes the tables of one cell (a world and a replication with all its designs) and returns a sentence for each
failure, an empty list when they balance. Whole columns are compared; only rows that fail are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from injurysim.core import balance_cases as cases
from injurysim.core import balance_money as money
from injurysim.core.balance_sums import Tables
from injurysim.core.columns import arrow_type
from injurysim.core.schemas import TABLES

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

CHECKS: tuple[Callable[[Tables], list[str]], ...] = (
    money.fund_rolls_forward,
    money.fund_opens_as_it_closed,
    money.deficit_is_stated,
    money.transfers_cancel_out,
    money.debts_are_what_was_borrowed,
    money.fund_pays_the_payments,
    money.fund_receives_the_contributions,
    money.due_is_the_charge,
    money.debts_roll_forward,
    money.position_is_net,
    cases.every_claim_is_somewhere,
    cases.only_the_confirmed_are_paid,
    cases.moments_are_in_order,
    cases.queues_roll_forward,
    cases.claims_are_paid_the_payments,
    cases.attribution_adds_to_one,
    cases.exposure_is_the_riders,
    cases.injuries_are_counted,
    cases.losses_are_split,
)
"""Every identity, in the order in which failures are told."""


def check_cell(tables: Mapping[str, pa.Table | pd.DataFrame]) -> list[str]:
    """Check every balance identity on the tables of one cell.

    Parameters
    ----------
    tables : mapping of name to pyarrow.Table or pandas.DataFrame
        With all designs of the cell; a table that is not given counts as empty.

    Returns
    -------
    list of str
        A sentence for each failure, naming table, row and amounts; empty when all balance.
    """
    cell = _Tables(tables)
    return [sentence for check in CHECKS for sentence in check(cell)]


class _Tables(dict[str, "pa.Table"]):
    """The tables of a cell, brought from frames when a check first asks for them."""

    def __init__(self, given: Mapping[str, pa.Table | pd.DataFrame]) -> None:
        self._given = given

    def __missing__(self, name: str) -> pa.Table:
        import pyarrow as pa

        given = self._given[name] if name in self._given else TABLES[name].empty()
        self[name] = given if isinstance(given, pa.Table) else _from_frame(name, given)
        return self[name]


def _from_frame(name: str, frame: pd.DataFrame) -> pa.Table:
    """Return a frame as a table, unchecked but for the types of its columns."""
    import pyarrow as pa

    types = {column.name: arrow_type(column.type) for column in TABLES[name].columns}
    return pa.table(
        {each: pa.array(frame[each], types[each], from_pandas=True) for each in types if each in frame}
    )
