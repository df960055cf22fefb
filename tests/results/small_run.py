"""A run small enough to be worked out by hand: three months of exposure, one of run-off, three injuries, two designs.

``pilot`` insures per order (0.10 yuan, billed a month late) in a fund of its own; in replication r its first claim
costs 140 + 10 r yuan. ``policy`` is bought by the day from an insurer (0.06 yuan by the worker, 0.02 by the platform).
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from injurysim.core.parts import keep_cell, pack_cell
from injurysim.core.schemas import TABLES

EXPOSED = ["2022-11", "2022-12", "2023-01"]
MONTHS = [*EXPOSED, "2023-02"]
DONE = "2023-02"
CELLS = [(world, replication) for world in ("base", "limit") for replication in (0, 1, 2)]
"""Worlds and replications of a run that tests keep in a folder."""


def _times(*texts):
    return np.array(["NaT" if text is None else text for text in texts], "datetime64[s]")


def cell(world="base", replication=0):
    """Return the tables of one cell, by name."""
    place = {"world": world, "replication": replication}
    tables = {name: [table] for name, table in _world(place).items()}
    for name, table in [*_pilot(place, 1000 * replication), *_policy(place)]:
        tables.setdefault(name, []).append(table)
    return {name: TABLES[name].join(several) for name, several in tables.items()}


def written(folder, cells=CELLS):
    """Keep cells in a run folder, and return it."""
    for world, replication in cells:
        keep_cell(folder, pack_cell(world, replication, cell(world, replication)))
    return folder


def _world(place):
    six = [month for month in EXPOSED for _ in "AB"]
    return {
        "exposure": TABLES["exposure"].build(
            {
                "month": six,
                "platform": ["A", "B"] * 3,
                "riders_active": [10, 5] * 3,
                "rider_days": [40, 20] * 3,
                "online_hours": [100.0, 60.0] * 3,
                "engaged_hours": [60.0, 40.0] * 3,
                "orders": [600, 400] * 3,
                "earnings_fen": [300_000, 200_000] * 3,
            },
            **place,
            region="r",
            industry="food",
            group="g",
        ),
        "riders": TABLES["riders"].build(
            {"month": EXPOSED},
            **place,
            region="r",
            group="g",
            riders_active=12,
            rider_days=50,
            worked_hours=150.0,
            orders=1000,
            earnings_fen=500_000,
        ),
        "injuries": TABLES["injuries"].build(
            {
                "injury_id": ["i1", "i2", "i3"],
                "rider_id": ["p1", "p2", "p1"],
                "occurred_at": _times("2022-11-10T12:00", "2022-12-05T18:30", "2023-01-20T09:15"),
                "platform": ["A", "B", None],
                "medical_cost_fen": [30_000, 8_000, 4_000],
                "days_off": [10, 2, 1],
                "disability_grade": [9, None, None],
            },
            **place,
            region="r",
            industry="food",
            group="g",
            relation="not_fully",
            situation="on_order",
            second_platform=None,
            hours_on_shift=3.5,
            severity="minor",
            fatal=False,
        ),
    }


def _fund(place, account, kind, **columns):
    nothing = [0] * len(MONTHS)
    flows = [name for name in TABLES["fund"].names if name.endswith("_fen")]
    return TABLES["fund"].build(
        {"month": MONTHS, **{name: columns.get(name, nothing) for name in flows}},
        **place,
        account=account,
        kind=kind,
        fund_ratio_months=None,
    )


def _position(place, account, closing, outstanding):
    return TABLES["position"].build(
        {
            "month": MONTHS,
            "outstanding_fen": outstanding,
            "net_position_fen": [a - b for a, b in zip(closing, outstanding, strict=True)],
        },
        **place,
        account=account,
        valuation=DONE,
        ibnr_fen=0,
        pension_liability_fen=0,
        debt_fen=0,
    )


def _coverage(place, **columns):
    return TABLES["coverage"].build(
        {"month": EXPOSED, **columns},
        **place,
        valuation=DONE,
        dimension="all",
        level="all",
        riders_eligible=12,
        orders=1000,
        online_hours=160.0,
        injuries=1,
        injuries_covered=1,
        compensated_other_fen=0,
        overcompensated_fen=0,
    )


def _pilot(place, extra):
    place = {**place, "design": "pilot"}
    yield (
        "contributions",
        TABLES["contributions"].build(
            {
                "month": [month for month in MONTHS[1:] for _ in "AB"],
                "platform": ["A", "B"] * 3,
                "base_true": [600, 400] * 3,
                "base_declared": [600, 400] * 3,
                "due_fen": [6000, 4000] * 3,
                "paid_fen": [6000, 4000, 6000, 3000, 6000, 4500],
                "arrears_fen": [0, 0, 0, 1000, 0, 500],
            },
            **place,
            account="pilot",
            scheme="pilot",
            payer="platform",
            region="r",
            industry="food",
            rate_from=np.datetime64("2022-07-01", "s"),
            base_unit="order",
            rate=Decimal("0.10"),
            factor=Decimal(1),
            grade=None,
            assessed_fen=0,
            late_fee_fen=0,
            fine_fen=0,
            written_off_fen=0,
        ),
    )
    yield (
        "payments",
        TABLES["payments"].build(
            {
                "claim_id": ["i1:pilot", "i1:pilot", "i3:pilot"],
                "paid_at": _times("2022-12-15", "2022-12-20", "2023-02-15"),
                "benefit": ["medical", "recovery_pay", "medical"],
                "payer": ["fund", "platform", "fund"],
                "payee": ["hospital", "rider", "platform"],
                "account": ["pilot", None, "pilot"],
                "amount_fen": [14_000 + extra, 300, 2000],
            },
            **place,
            scheme="pilot",
        ),
    )
    yield (
        "claims",
        TABLES["claims"].build(
            {
                "injury_id": ["i1", "i2", "i3"],
                "claim_id": ["i1:pilot", None, "i3:pilot"],
                "liable_platform": ["A", "B", None],
                "reported": [True, False, True],
                "not_reported_reason": [None, "unaware", None],
                "filed_by": ["platform", None, "worker"],
                "notified_at": _times("2022-11-11", None, "2023-01-21"),
                "accepted_at": _times("2022-11-13", None, "2023-01-22"),
                "limit_days": [15, None, 15],
                "first_decision": ["confirmed", None, "confirmed"],
                "first_decided_at": _times("2022-11-21", None, "2023-02-10"),
                "final_decision": ["confirmed", None, "confirmed"],
                "final_decided_at": _times("2022-11-21", None, "2023-02-10"),
                "suspended_days": [0.0, None, 5.0],
                "disability_grade": [9, None, None],
                "closed_at": _times("2022-12-20", None, None),
                "paid_fen": [14_300 + extra, 0, 2000],
                "outstanding_fen": [0, 0, 3000],
                "ultimate_fen": [14_000 + extra, 0, 5000],
            },
            **place,
            scheme="pilot",
            valuation=DONE,
            region="r",
            covered=True,
            appraised_at=None,
        ),
    )
    purposes = ["liable", "rating", "paying"]
    yield (
        "attribution",
        TABLES["attribution"].build(
            {
                "claim_id": ["i1:pilot"] * 3 + ["i3:pilot"] * 4,
                "purpose": [*purposes, *purposes, "liable"],
                "platform": ["A", "A", "A", "A", None, None, "B"],
                "share": [1.0, 1.0, 1.0, 0.5, 1.0, 1.0, 0.5],
            },
            **place,
            valuation=DONE,
        ),
    )
    opening = [5000, 5000, 900 - extra, 9900 - extra]
    closing = [5000, 900 - extra, 9900 - extra, 18_400 - extra]
    yield (
        "fund",
        _fund(
            place,
            "pilot",
            "pool",
            opening_fen=opening,
            contributions_fen=[0, 10_000, 9000, 10_500],
            benefits_fen=[0, 14_000 + extra, 0, 2000],
            handling_fen=[0, 100, 0, 0],
            closing_fen=closing,
            deficit_before_rule_fen=[max(0, -balance) for balance in closing],
        ),
    )
    yield "position", _position(place, "pilot", closing, [14_000 + extra, 0, 5000, 3000])
    yield (
        "coverage",
        _coverage(
            place,
            riders_insured=[12, 6, 12],
            riders_ever_insured=[12, 12, 12],
            riders_first_insured=[12, 0, 0],
            orders_insured=[1000, 600, 1000],
            online_hours_insured=[160.0, 100.0, 160.0],
            injuries_reported=[1, 0, 1],
            injuries_compensated=[1, 0, 1],
            injuries_open=[0, 0, 1],
            loss_fen=[40_000, 10_000, 5000],
            compensated_fund_fen=[14_000 + extra, 0, 2000],
            compensated_platform_fen=[300, 0, 0],
            compensated_insurer_fen=[0, 0, 0],
            uncompensated_fen=[25_700 - extra, 10_000, 3000],
        ),
    )
    yield (
        "offices",
        TABLES["offices"].build(
            {"month": ["2022-11", "2023-01"], "arrived": [1, 1], "finished": [1, 0], "backlog": [0, 1]},
            **place,
            region="r",
            office="confirmation",
            utilisation=0.25,
            mean_wait_days=None,
            p95_wait_days=None,
            withdrawn=0,
            within_limit_share=1.0,
        ),
    )


def _policy(place):
    place = {**place, "design": "policy"}
    yield (
        "contributions",
        TABLES["contributions"].build(
            {
                "month": EXPOSED * 2,
                "payer": ["worker"] * 3 + ["platform"] * 3,
                "rate": [Decimal("0.06")] * 3 + [Decimal("0.02")] * 3,
                "due_fen": [300] * 3 + [100] * 3,
                "paid_fen": [300] * 3 + [100] * 3,
            },
            **place,
            account="insurer",
            scheme="policy",
            region="r",
            industry=None,
            platform=None,
            rate_from=np.datetime64("2022-11-01", "s"),
            base_unit="rider_day",
            base_true=50,
            base_declared=50,
            factor=Decimal(1),
            grade=None,
            assessed_fen=0,
            late_fee_fen=0,
            fine_fen=0,
            written_off_fen=0,
            arrears_fen=0,
        ),
    )
    yield (
        "payments",
        TABLES["payments"].build(
            {"claim_id": ["i3:policy"], "paid_at": _times("2023-01-25"), "amount_fen": [800]},
            **place,
            scheme="policy",
            benefit="medical",
            payer="insurer",
            payee="rider",
            account="insurer",
        ),
    )
    yield (
        "claims",
        TABLES["claims"].build(
            {
                "injury_id": ["i1", "i2", "i3"],
                "claim_id": ["i1:policy", "i2:policy", "i3:policy"],
                "notified_at": _times("2022-11-11", "2022-12-06", "2023-01-21"),
                "accepted_at": _times("2022-11-11", None, "2023-01-21"),
                "first_decision": ["refused", "pending", "confirmed"],
                "first_decided_at": _times("2022-11-12", None, "2023-01-25"),
                "final_decision": ["refused", "pending", "confirmed"],
                "final_decided_at": _times("2022-11-12", None, "2023-01-25"),
                "closed_at": _times("2022-11-12", None, "2023-01-25"),
                "paid_fen": [0, 0, 800],
                "ultimate_fen": [0, 0, 800],
            },
            **place,
            scheme="policy",
            valuation=DONE,
            region="r",
            liable_platform=None,
            covered=True,
            reported=True,
            not_reported_reason=None,
            filed_by=None,
            limit_days=None,
            suspended_days=None,
            appraised_at=None,
            disability_grade=None,
            outstanding_fen=0,
        ),
    )
    closing = [400, 800, 400, 400]
    yield (
        "fund",
        _fund(
            place,
            "insurer",
            "insurer",
            opening_fen=[0, 400, 800, 400],
            contributions_fen=[400, 400, 400, 0],
            benefits_fen=[0, 0, 800, 0],
            closing_fen=closing,
        ),
    )
    yield "position", _position(place, "insurer", closing, [0, 0, 0, 0])
    yield (
        "coverage",
        _coverage(
            place,
            riders_insured=[12, 12, 12],
            riders_ever_insured=[12, 12, 12],
            riders_first_insured=[12, 0, 0],
            orders_insured=[1000, 1000, 1000],
            online_hours_insured=[160.0, 160.0, 160.0],
            injuries_reported=[1, 1, 1],
            injuries_compensated=[0, 0, 1],
            injuries_open=[0, 1, 0],
            loss_fen=[40_000, 10_000, 5000],
            compensated_fund_fen=[0, 0, 0],
            compensated_platform_fen=[0, 0, 0],
            compensated_insurer_fen=[0, 0, 800],
            uncompensated_fen=[40_000, 10_000, 4200],
        ),
    )
