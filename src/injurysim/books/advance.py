"""What an account pays in a platform's stead."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Advance:
    """What an account pays for a platform and claims back from it.

    Attributes
    ----------
    recovered_share : share of each payment that comes back.
    after_months : months from a payment to its recovery.
    """

    recovered_share: Decimal
    after_months: int
