"""The balance identities every cell must satisfy to the fen, and the sentences of their failures.

A check takes the tables of one cell (a world and a replication with all its designs) as frames and returns a
sentence for each failure, an empty list when they balance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from injurysim.core import balance_cases as cases
from injurysim.core import balance_money as money
from injurysim.core.balance_sums import Frames
from injurysim.core.schemas import TABLES

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

CHECKS: tuple[Callable[[Frames], list[str]], ...] = (
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
    frames = _Frames(tables)
    return [sentence for check in CHECKS for sentence in check(frames)]


class _Frames(dict[str, "pd.DataFrame"]):
    """Tables as frames, made when a check first asks for them."""

    def __init__(self, tables: Mapping[str, pa.Table | pd.DataFrame]) -> None:
        self._tables = tables

    def __missing__(self, name: str) -> pd.DataFrame:
        import pyarrow as pa

        given = self._tables.get(name, TABLES[name].empty())
        self[name] = TABLES[name].to_pandas(given) if isinstance(given, pa.Table) else given
        return self[name]
