"""Coverage as rows: exposure under cover beside what became of the injured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from injurysim.books.book import Book
from injurysim.books.claims import Claim
from injurysim.books.coverage import EXPOSURE_COLUMNS
from injurysim.books.injured import Injured
from injurysim.books.rows import Columns, end_minute, is_reported
from injurysim.core.money import share_fen

INJURY_COLUMNS = (
    "injuries",
    "injuries_covered",
    "injuries_reported",
    "injuries_compensated",
    "injuries_open",
    "loss_fen",
    "compensated_fund_fen",
    "compensated_platform_fen",
    "compensated_insurer_fen",
    "compensated_other_fen",
    "uncompensated_fen",
    "overcompensated_fen",
)
PAYER_COLUMNS = {
    "fund": "compensated_fund_fen",
    "platform": "compensated_platform_fen",
    "insurer": "compensated_insurer_fen",
    "state": "compensated_other_fen",
}


def coverage_columns(book: Book, injuries: Sequence[Injured]) -> Columns:
    """Return the columns of table ``coverage``; an injury belongs to the month of its shift."""
    outcomes = _outcomes(book, injuries)
    of_month: dict[int, list[Injured]] = defaultdict(list)
    for injured in injuries:
        of_month[injured.month].append(injured)
    columns: Columns = defaultdict(list)
    for month, log in enumerate(book.coverage.months):
        mine = of_month[month]
        facts = [outcomes[injured.injury_id] for injured in mine]
        for dimension, levels in log.levels.items():
            totals = np.zeros((len(levels), len(INJURY_COLUMNS)), np.int64)
            if mine:
                np.add.at(totals, log.injured_level[dimension], facts)
            columns["month"].extend([book.setting.calendar.month_label(month)] * len(levels))
            columns["dimension"].extend([dimension] * len(levels))
            columns["level"].extend(levels)
            for name in EXPOSURE_COLUMNS:
                columns[name].extend(log.counts[dimension][name].tolist())
            for number, name in enumerate(INJURY_COLUMNS):
                columns[name].extend(totals[:, number].tolist())
    for column in ("online_hours", "online_hours_insured"):
        columns[column] = [minutes / 60 for minutes in columns.pop(column.replace("hours", "minutes"))]
    return dict(columns)


def _outcomes(book: Book, injuries: Sequence[Injured]) -> dict[str, list[int]]:
    """Say for each injury what became of it, in the order of ``INJURY_COLUMNS``."""
    claims: dict[str, list[Claim]] = defaultdict(list)
    for scheme in book.schemes:
        for claim in scheme.claims:
            claims[claim.injured.injury_id].append(claim)
    medical, end = _medical_benefits(book), end_minute(book.setting)
    return {
        injured.injury_id: _outcome(book, injured, claims[injured.injury_id], medical, end)
        for injured in injuries
    }


def _outcome(
    book: Book, injured: Injured, claims: list[Claim], medical: set[tuple[str, str]], end: int
) -> list[int]:
    payments = [payment for claim in claims for payment in claim.paid]
    compensated = dict.fromkeys(PAYER_COLUMNS.values(), 0)
    for payment in payments:
        compensated[PAYER_COLUMNS[payment.item.payer]] += payment.item.amount_fen
    if book.design.basic_medical is not None:
        # It reimburses a share of the medical cost that the schemes have not paid.
        paid = sum(p.item.amount_fen for p in payments if (p.claim.scheme, p.item.benefit) in medical)
        left = max(injured.medical_cost_fen - paid, 0)
        compensated["compensated_other_fen"] += share_fen(
            left, book.design.basic_medical.reimbursed_share.value
        )
    reported = [claim for claim in claims if is_reported(claim, end)]
    return [
        1,
        any(claim.covered for claim in claims),
        bool(reported),
        bool(payments),
        any(claim.closed_at is None for claim in reported),
        injured.loss_fen,
        *compensated.values(),
        max(injured.loss_fen - sum(compensated.values()), 0),
        max(sum(compensated.values()) - injured.loss_fen, 0),
    ]


def _medical_benefits(book: Book) -> set[tuple[str, str]]:
    """Name the benefits for medical cost: scheme and benefit."""
    return {
        (scheme.name, name)
        for scheme in book.schemes
        for name, benefit in scheme.law.benefits.items()
        if benefit.kind == "medical"
    }
