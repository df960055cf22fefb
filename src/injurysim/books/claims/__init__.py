"""Claims: from the injury through report, confirmation, appraisal and payment, as processes of SimPy."""

from injurysim.books.claims import chain, desks, immediate, two_strands
from injurysim.books.claims.file import NOT_CLAIMED, NOT_COVERED, RIDER, Cashbook, Claim, Grant, Item, Payment
from injurysim.books.claims.handling import begin, open_desks, will_confirm

__all__ = [
    "NOT_CLAIMED", "NOT_COVERED", "RIDER", "Cashbook", "Claim", "Grant", "Item", "Payment",
    "begin", "chain", "desks", "immediate", "open_desks", "two_strands", "will_confirm",
]  # fmt: skip
