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
        facts = np.array([outcomes[injured.injury_id] for injured in mine], np.int64)
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
    end = end_minute(book.setting)
    return {
        injured.injury_id: _outcome(book, injured, claims[injured.injury_id], end) for injured in injuries
    }


def _outcome(book: Book, injured: Injured, claims: list[Claim], end: int) -> list[int]:
    # A loss is a present value: a pension compensates what it is worth when it is granted.
    items = [item for claim in claims for _, item in claim.settled]
    driver = book.drivers.paid(injured.injury_id)
    compensated = dict.fromkeys(PAYER_COLUMNS.values(), 0)
    for item in items:
        compensated[PAYER_COLUMNS[item.payer]] += item.amount_fen
    compensated["compensated_other_fen"] += driver.total_fen
    if book.design.basic_medical is not None:
        # It reimburses a share of the medical cost that neither the schemes nor a driver at fault have paid.
        paid = driver.medical_fen + sum(item.amount_fen for item in items if item.pays_for == "medical")
        left = max(injured.medical_cost_fen - paid, 0)
        compensated["compensated_other_fen"] += share_fen(
            left, book.design.basic_medical.reimbursed_share.value
        )
    reported = [claim for claim in claims if is_reported(claim, end)]
    return [
        1,
        any(claim.covered for claim in claims),
        bool(reported),
        bool(items),
        any(claim.closed_at is None for claim in reported),
        injured.loss_fen,
        *compensated.values(),
        max(injured.loss_fen - sum(compensated.values()), 0),
        max(sum(compensated.values()) - injured.loss_fen, 0),
    ]
