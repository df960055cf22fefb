"""What the language is laid out for and this version cannot do yet.

A kind, a value or a key named here is refused by name, with what it is, rather than as a mistake in spelling.
"""

from __future__ import annotations

PLANNED: dict[str, dict[str, str]] = {
    # of a world
    "rest": {"latent": "a latent effectiveness that rest restores"},
    # of a scheme
    "enrolment": {
        "default": "insured unless the rider opts out",
        "voluntary": "a choice by own risk and price",
        "main_platform": "only the platform the rider works on most",
        "threshold": "insured from a number of days, orders or hours",
    },
    "contribution": {
        "per_online_hour": "an amount for an hour with the app open",
        "per_engaged_hour": "an amount for an hour on an order",
        "per_year": "an amount for a rider-year",
        "share_of_earnings": "a share of the rider's earnings",
        "share_of_turnover": "a share of the platform's turnover, capped",
    },
    "rating": {
        "ladder": "a grade that moves by steps with the paid ratio",
        "set": "a grade set by the paid ratio",
        "credibility": "experience rating by credibility",
    },
    "cover": {
        "order_plus_minutes": "the order and some minutes after it",
        "commute": "the way to the first order and from the last",
        "day": "the whole day with an order",
    },
    "attribution": {
        "by_orders": "shares by orders in hand",
        "by_recent_earnings": "shares by recent earnings",
        "pooled": "shared by all platforms",
    },
    "reporting": {"suppressed": "fewer reports when a claim costs the platform its grade"},
    "handling": {
        "two_strands": "treatment and file apart, with clocks that stop, a fast lane, review and appeal",
    },
    "benefits": {
        "nursing": "nursing care by degree",
        "orphans_pension": "pensions person by person",
        "pay_as_you_go_pension": "a pension paid month by month",
    },
    "layer": {
        "offset": "pays what the layer before has not",
        "secondary": "pays only where the layer before does not cover",
    },
    "deficit": {"borrow": "a loan", "raise_rate": "a higher rate"},
}
"""Field name -> kind (a value of ``kind`` or of the field itself) -> what it is, in a few words."""

PLANNED_KEYS: dict[str, dict[str, str]] = {
    "worlds": {"response": "static answers to a design"},
    "platforms": {"turnover_per_order_yuan": "what a platform takes for an order"},
    "contribution": {
        "declared_share": "undeclared exposure",
        "inspection": "inspection, back-payment and fines",
    },
    "reporting": {"filed_by": "who files, and by when"},
    "cover": {
        "waiting_days": "days before cover begins",
        "undeclared": "what an undeclared order does to cover",
    },
    "accounts": {"transfers": "transfers between accounts", "prevention_share": "prevention outgo"},
    "scenario": {
        "scale": "a population in miniature",
        "experiment": "a plan of overrides as a list or grid",
        "precision": "a stated precision in place of a number of replications",
    },
}
"""Field name of the mapping -> key -> what it is, in a few words."""


def planned_kind(field: str, kind: str) -> str | None:
    """Say what a kind under a field is, when the language is laid out for it and it is not available; else None.

    Examples
    --------
    >>> planned_kind("rest", "latent")
    'a latent effectiveness that rest restores'
    >>> planned_kind("rest", "latend") is None
    True
    """
    return PLANNED.get(field, {}).get(kind)


def planned_key(field: str, key: str) -> str | None:
    """Say what a key under a field is, when the language is laid out for it and it is not available; else None."""
    return PLANNED_KEYS.get(field, {}).get(key)
