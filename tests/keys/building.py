"""Plain schemes and designs, of which one part at a time is made otherwise."""

from __future__ import annotations

from typing import Any

from keys.world_scenes import START, Document

JOIN = {"joins": START}
ALL: Document = {"kind": "mandatory", **JOIN}
PER_ORDER: Document = {
    "kind": "per_order",
    "payer": {"platform": "0.6", "worker": "0.4"},
    "industries": {"food": "0.5", "parcel": "1.5", "taxi": "0.7"},
}
SUM: Document = {"fixed": {"kind": "fixed_sum", "yuan": 3000}}


def scheme(account: str = "fund", **changes: Any) -> Document:
    """Return a scheme that insures all at once and pays a sum on the spot; what is given is otherwise."""
    return {
        "account": account,
        "enrolment": ALL,
        "contribution": PER_ORDER,
        "cover": {"kind": "order"},
        "reporting": {"kind": "all"},
        "handling": {"kind": "immediate"},
        "benefits": SUM,
        **changes,
    }


def design(*schemes: Document, accounts: Document | None = None, **changes: Any) -> Document:
    """Return a design of schemes named ``s0``, ``s1`` and so on, on one insurer's account."""
    return {
        "accounts": accounts or {"fund": {"kind": "insurer", "opening_yuan": 5000}},
        "schemes": {f"s{number}": each for number, each in enumerate(schemes)},
        **changes,
    }
