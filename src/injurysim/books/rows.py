"""A book and the injured as columns of the tables: injuries, claims, attribution, payments, contributions, fund."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from injurysim.books.attribution import named
from injurysim.books.book import Book
from injurysim.books.claims import Claim
from injurysim.books.collection.debtor import Settled
from injurysim.books.fund.ledger import LEDGER_COLUMNS
from injurysim.books.injured import Injured
from injurysim.books.setting import Setting
from injurysim.core.calendar import Calendar
from injurysim.core.schemas import PURPOSES
from injurysim.core.working_time import WorkingTime

Columns = dict[str, Any]

SETTLED = tuple(each.name for each in fields(Settled) if each.name.endswith("_fen"))
"""What a payer owes and pays in a month, as columns of table ``contributions``."""


def end_minute(setting: Setting) -> int:
    """Return the minute at which the last month ends: what happens from then on is not known to the book."""
    return setting.calendar.month_end_minute(setting.calendar.months - 1)


def times(calendar: Calendar, minutes: Sequence[int | None]) -> NDArray[np.datetime64]:
    """Turn minutes into moments; None becomes a missing time."""
    known = np.array([minute is not None for minute in minutes], np.bool_)
    moments = calendar.datetime64(np.array([minute or 0 for minute in minutes], np.int64))
    return np.where(known, moments, np.datetime64("NaT", "s"))


def injury_columns(injuries: Sequence[Injured], setting: Setting) -> Columns:
    """Return the columns of table ``injuries``."""
    return {
        "injury_id": [injured.injury_id for injured in injuries],
        "rider_id": [injured.rider_id for injured in injuries],
        "region": [setting.regions[injured.region] for injured in injuries],
        "industry": [setting.industries[injured.app] for injured in injuries],
        "group": [setting.population.groups[injured.group] for injured in injuries],
        "relation": [injured.relation for injured in injuries],
        "occurred_at": times(setting.calendar, [injured.minute for injured in injuries]),
        "situation": [injured.situation for injured in injuries],
        "platform": [
            setting.platforms[injured.app] if injured.situation == "on_order" else None
            for injured in injuries
        ],
        "second_platform": [
            None if injured.second_app < 0 else setting.platforms[injured.second_app] for injured in injuries
        ],
        "hours_on_shift": [injured.worked_minutes / 60 for injured in injuries],
        "severity": [injured.severity for injured in injuries],
        "medical_cost_fen": [injured.medical_cost_fen for injured in injuries],
        "days_off": [injured.days_off for injured in injuries],
        "disability_grade": [injured.grade or None for injured in injuries],
        "fatal": [injured.fatal for injured in injuries],
    }


def is_reported(claim: Claim, at: int) -> bool:
    """Say whether a claim has been notified before a moment."""
    return claim.notified_at is not None and claim.notified_at < at


def outstanding_fen(claim: Claim, at: int) -> int:
    """Return what accounts hold against a claim before a moment: nothing before its report or after its end."""
    if not is_reported(claim, at) or (claim.closed_at is not None and claim.closed_at < at):
        return 0
    return claim.estimate_fen() - claim.settled_fen(at)


def suspended_days(claim: Claim, days: WorkingTime, at: int) -> float:
    """Return the working days before a moment on which the limit of a claim stood still."""
    if claim.suspended is None:
        return 0.0
    begin, end = (min(moment, at - 1) for moment in claim.suspended)
    return float(days.working_days_between(begin, end))


def claim_columns(book: Book) -> Columns:
    """Return the columns of table ``claims``."""
    setting, end = book.setting, end_minute(book.setting)
    claims = [(scheme, claim) for scheme in book.schemes for claim in scheme.claims]
    reported = [is_reported(claim, end) for _, claim in claims]

    def of_file(value: Callable[[Claim], Any]) -> list[Any]:
        """Return what is in the file of each claim, None for those that are not reported."""
        return [value(claim) if known else None for (_, claim), known in zip(claims, reported, strict=True)]

    def moments(name: str) -> NDArray[np.datetime64]:
        return times(setting.calendar, of_file(attrgetter(name)))

    days = WorkingTime(setting.calendar)
    return {
        "injury_id": [claim.injured.injury_id for _, claim in claims],
        "scheme": [scheme.name for scheme, _ in claims],
        "claim_id": of_file(lambda claim: claim.claim_id),
        "region": [setting.regions[claim.injured.region] for _, claim in claims],
        "liable_platform": [
            None if claim.liable is None else setting.platforms[claim.liable] for _, claim in claims
        ],
        "covered": [claim.covered for _, claim in claims],
        "reported": reported,
        "not_reported_reason": [
            None if known else claim.not_reported_reason or "not_yet"
            for (_, claim), known in zip(claims, reported, strict=True)
        ],
        "filed_by": of_file(attrgetter("filed_by")),
        "notified_at": moments("notified_at"),
        "accepted_at": moments("accepted_at"),
        "limit_days": of_file(attrgetter("limit_days")),
        "first_decision": of_file(lambda claim: claim.first_decision or "pending"),
        "first_decided_at": moments("first_decided_at"),
        "final_decision": of_file(lambda claim: claim.decision or "pending"),
        "final_decided_at": moments("decided_at"),
        "suspended_days": of_file(lambda claim: suspended_days(claim, days, end)),
        "appraised_at": moments("appraised_at"),
        "disability_grade": [
            claim.injured.grade or None if claim.appraised_at else None for _, claim in claims
        ],
        "closed_at": moments("closed_at"),
        "paid_fen": [sum(payment.item.amount_fen for payment in claim.paid) for _, claim in claims],
        "outstanding_fen": [outstanding_fen(claim, end) for _, claim in claims],
        "ultimate_fen": [claim.ultimate_fen() for _, claim in claims],
    }


def attribution_columns(book: Book) -> Columns:
    """Return the columns of table ``attribution``: what is pooled or nobody's has no platform."""
    end, platforms = end_minute(book.setting), book.setting.platforms
    rows = [
        (claim.claim_id, purpose, platform, share)
        for scheme in book.schemes
        for claim in scheme.claims
        if is_reported(claim, end)
        for purpose in PURPOSES
        for platform, share in named(getattr(claim, f"{purpose}_shares"), platforms)
    ]
    names = ("claim_id", "purpose", "platform", "share")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def payment_columns(book: Book) -> Columns:
    """Return the columns of table ``payments``."""
    payments = [(scheme.name, payment) for scheme in book.schemes for payment in scheme.cashbook]
    return {
        "claim_id": [payment.claim.claim_id for _, payment in payments],
        "scheme": [scheme for scheme, _ in payments],
        "paid_at": times(book.setting.calendar, [payment.paid_at for _, payment in payments]),
        "benefit": [payment.item.benefit for _, payment in payments],
        "payer": [payment.item.payer for _, payment in payments],
        "payee": [payment.payee for _, payment in payments],
        "account": [payment.item.account for _, payment in payments],
        "amount_fen": [payment.item.amount_fen for _, payment in payments],
    }


def contribution_columns(book: Book) -> Columns:
    """Return the columns of table ``contributions``."""
    setting, rows = book.setting, book.received
    bills, settled = [row.bill for row in rows], [row.settled for row in rows]
    return {
        "month": [setting.calendar.month_label(row.month) for row in rows],
        "account": [row.account for row in rows],
        "scheme": [row.scheme for row in rows],
        "payer": [each.payer for each in settled],
        "region": [setting.regions[bill.charge.region] for bill in bills],
        "industry": [setting.industries[bill.charge.platform] for bill in bills],
        "platform": [setting.platforms[bill.charge.platform] for bill in bills],
        "rate_from": _moments(bill.charge.rate_from or setting.calendar.start for bill in bills),
        "base_unit": [bill.charge.unit for bill in bills],
        "base_true": [bill.charge.base for bill in bills],
        "base_declared": [bill.declared for bill in bills],
        "rate": [row.rate_yuan for row in rows],
        "factor": [bill.factor for bill in bills],
        "grade": [bill.grade for bill in bills],
        **{name: [getattr(each, name) for each in settled] for name in SETTLED},
    }


def _moments(days: Iterable[dt.date]) -> NDArray[np.datetime64]:
    return np.array(list(days), "datetime64[D]").astype("datetime64[s]")


def fund_columns(book: Book) -> Columns:
    """Return the columns of table ``fund``."""
    rows = [
        (account, month, closed)
        for account, ledger in book.ledgers.items()
        for month, closed in enumerate(ledger.months)
    ]
    return {
        "month": [book.setting.calendar.month_label(month) for _, month, _ in rows],
        "account": [account for account, _, _ in rows],
        "kind": [book.design.accounts[account].kind for account, _, _ in rows],
        **{name: [getattr(closed, name) for _, _, closed in rows] for name in LEDGER_COLUMNS},
    }
