"""The position of each account at each month's end: what it holds less what it owes."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from injurysim.books.book import Book
from injurysim.books.claims import Claim
from injurysim.books.rows import Columns, end_minute

NEVER = np.iinfo(np.int64).max


def eventual_fen(claim: Claim, account: str, end: int) -> int:
    """Return what a claim takes from an account in the end, as the simulator knows it.

    Paid and confirmed claims cost their award, refused ones nothing; one not decided by the end of the run costs
    its award if the design's rules cover it; an injury that is never reported costs nothing.
    """
    if claim.notified_at is None:
        return 0
    if claim.decided_at is not None and claim.decided_at < end:
        return claim.awarded_fen(account) if claim.decision == "confirmed" else 0
    return claim.awarded_fen(account) if claim.covered else 0


def position_columns(book: Book) -> Columns:
    """Return the columns of table ``position``.

    Outstanding is the award of every claim notified and neither closed nor refused by the month's end; IBNR is
    what injuries by then, not notified by then, take from the account in the end.
    """
    calendar, end = book.setting.calendar, end_minute(book.setting)
    month_ends = calendar.month_starts[1:] * 1440
    by_account: dict[str, list[Claim]] = defaultdict(list)
    for scheme in book.schemes:
        by_account[scheme.law.account].extend(scheme.claims)
    columns: Columns = {
        name: [] for name in ("month", "account", "outstanding_fen", "ibnr_fen", "net_position_fen")
    }
    for account, ledger in book.ledgers.items():
        claims = by_account[account]
        award = np.array([claim.awarded_fen(account) for claim in claims], np.int64)
        eventual = np.array([eventual_fen(claim, account, end) for claim in claims], np.int64)
        hurt = np.array([claim.injured.minute for claim in claims], np.int64)
        notified = np.array([NEVER if c.notified_at is None else c.notified_at for c in claims], np.int64)
        closed = np.array([NEVER if c.closed_at is None else c.closed_at for c in claims], np.int64)
        for month, at in enumerate(month_ends):
            outstanding = int(award[(notified < at) & (closed >= at)].sum())
            ibnr = int(eventual[(hurt < at) & (notified >= at)].sum())
            columns["month"].append(calendar.month_label(month))
            columns["account"].append(account)
            columns["outstanding_fen"].append(outstanding)
            columns["ibnr_fen"].append(ibnr)
            columns["net_position_fen"].append(ledger.months[month].closing_fen - outstanding - ibnr)
    none = [0] * len(columns["month"])
    return {**columns, "pension_liability_fen": none, "debt_fen": none}
