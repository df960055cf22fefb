"""A bill: a charge as it was declared, with the factor of its rating, split among those who pay it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from injurysim.books.contribution.charge import Charge
from injurysim.core.money import charge_fen, split_fen
from injurysim.core.schemas import RATE_PLACES, UNITS_OF_A_RATE
from injurysim.scenario.contribution import Payer


@dataclass(frozen=True)
class Bill:
    """What is owed for one month, region and platform.

    Attributes
    ----------
    month : month in which it is due.
    charge : the base and the rate.
    declared : units of the base that were declared.
    factor, grade : what rating makes of the rate.
    rates : rate of each payer; they add to that of the charge.
    """

    month: int
    charge: Charge
    declared: int
    factor: Decimal
    grade: str | None
    rates: tuple[Decimal, ...]

    @property
    def undeclared(self) -> int:
        """Units of the base that were not declared."""
        return self.charge.base - self.declared

    def fen_on(self, base: int) -> int:
        """Return the charge on so many units: base times rate times factor, half up to the fen."""
        units = UNITS_OF_A_RATE.get(self.charge.unit, 1)
        return charge_fen(base, self.charge.rate_yuan, self.factor, units=units)

    @cached_property
    def dues_fen(self) -> list[int]:
        """What is due on the declared base, of each payer."""
        return self.split(self.fen_on(self.declared))

    def split(self, fen: int) -> list[int]:
        """Divide an amount among the payers in proportion to their rates, by largest remainder."""
        return split_fen(fen, self.rates) if fen else [0] * len(self.rates)

    def without_base(self, month: int) -> Bill:
        """Return a bill of a month in which nothing is charged at the same rate."""
        return replace(self, month=month, charge=replace(self.charge, base=0), declared=0)


class Payers:
    """Those who pay a contribution.

    Parameters
    ----------
    shares : mapping of payer to share
        They add to one.

    Attributes
    ----------
    names : who they are, in the order of the scenario.
    """

    def __init__(self, shares: Mapping[Payer, Decimal]) -> None:
        self.names, self._shares = tuple(shares), tuple(shares.values())
        # Undeclared work is not the worker's doing, nor the state's.
        guilty = [share if name in {"platform", "engager"} else Decimal(0) for name, share in shares.items()]
        self._guilt: Sequence[Decimal] = guilty if any(guilty) else self._shares

    def rates(self, rate_yuan: Decimal) -> tuple[Decimal, ...]:
        """Divide a rate by the shares, to the last decimal of the tables, by largest remainder."""
        steps = int(rate_yuan.scaleb(RATE_PLACES))
        return tuple(Decimal(part).scaleb(-RATE_PLACES) for part in split_fen(steps, self._shares))

    def penalties(self, fen: int) -> list[int]:
        """Divide a late fee or a fine among platform and engager by their shares, or all payers without them."""
        return split_fen(fen, self._guilt)
