"""The position of each account at each month's end: what it holds less what it owes."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from injurysim.books.book import Book
from injurysim.books.claims import Claim
from injurysim.books.paying import accounts_of
from injurysim.books.rows import Columns
from injurysim.world.month import Ints

NEVER = np.iinfo(np.int64).max
COLUMNS = (
    *("month", "account", "outstanding_fen", "ibnr_fen"),
    *("pension_liability_fen", "debt_fen", "net_position_fen"),
)


def position_columns(book: Book) -> Columns:
    """Return the columns of table ``position``.

    Outstanding is what the office holds against every claim notified and neither closed nor refused by the month's
    end, less what of it is paid or granted by then; IBNR is what injuries by then, not notified by then, take from the
    account in the end. Both hold a pension that is paid month by month at what it is worth at its award; from the award
    on it is in the pension liability and in neither of them.
    """
    calendar = book.setting.calendar
    month_ends = calendar.month_starts[1:] * 1440
    by_account: dict[str, list[Claim]] = defaultdict(list)
    pensions = {account: np.zeros(calendar.months, np.int64) for account in book.ledgers}
    for scheme in book.schemes:
        for account in accounts_of(scheme.law):
            by_account[account].extend(scheme.claims)
        for account, owed in scheme.pensions.liabilities().items():
            pensions[account] += owed
    columns: Columns = {name: [] for name in COLUMNS}
    for account, ledger in book.ledgers.items():
        claims = by_account[account]
        estimate = np.array([claim.estimate_fen(account) for claim in claims], np.int64)
        ultimate = np.array([claim.ultimate_fen(account) for claim in claims], np.int64)
        hurt = np.array([claim.injured.minute for claim in claims], np.int64)
        notified = np.array([NEVER if c.notified_at is None else c.notified_at for c in claims], np.int64)
        closed = np.array([NEVER if c.closed_at is None else c.closed_at for c in claims], np.int64)
        parts, paid_at, paid_fen = _paid_in_parts(claims, account)
        for month, at in enumerate(month_ends):
            still_open = closed[parts] >= at
            outstanding = int(estimate[(notified < at) & (closed >= at)].sum())
            outstanding -= int(paid_fen[still_open & (paid_at < at)].sum())
            ibnr = int(ultimate[(hurt < at) & (notified >= at)].sum())
            columns["month"].append(calendar.month_label(month))
            columns["account"].append(account)
            columns["outstanding_fen"].append(outstanding)
            columns["ibnr_fen"].append(ibnr)
            in_payment, debt = int(pensions[account][month]), ledger.debts_fen[month]
            columns["pension_liability_fen"].append(in_payment)
            columns["debt_fen"].append(debt)
            columns["net_position_fen"].append(
                ledger.months[month].closing_fen - outstanding - ibnr - in_payment - debt
            )
    return columns


def _paid_in_parts(claims: list[Claim], account: str) -> tuple[Ints, Ints, Ints]:
    """Return what is paid or granted before the end of its claim: place of the claim, minute, fen."""
    found = [
        (place, at, item.amount_fen)
        for place, claim in enumerate(claims)
        for at, item in claim.settled
        if at != claim.closed_at and item.account == account
    ]
    places, moments, amounts = np.array(found, np.int64).reshape(-1, 3).T
    return places, moments, amounts
