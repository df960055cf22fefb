"""What one payer owes and has not paid: arrears, until they are paid or written off."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from injurysim.core.money import share_fen
from injurysim.scenario.collection import Arrears


@dataclass(frozen=True)
class Late:
    """The part of a bill that is late: since when, and in which month it is paid or given up."""

    billed: int
    settled: int
    fen: int


class Debts:
    """The debts of a payer for one region and platform.

    Parameters
    ----------
    arrears : Arrears or None
        What is paid late; nothing when None.
    platform : str
        Name of the platform.
    """

    def __init__(self, arrears: Arrears | None, platform: str) -> None:
        self._arrears = arrears
        self._late_share = Decimal(0)
        if arrears is not None:
            self._late_share = arrears.platforms.get(platform, arrears.late_share).value
        self._late: list[Late] = []

    @property
    def arrears_fen(self) -> int:
        """What is owed and unpaid."""
        return sum(late.fen for late in self._late)

    def bill(self, month: int, due_fen: int) -> int:
        """Take in a bill of a month; return what of it is paid at once."""
        late = share_fen(due_fen, self._late_share)
        if late and self._arrears is not None:
            self._late.append(Late(month, month + self._arrears.paid_after_months.value, late))
        return due_fen - late

    def settle(self, month: int) -> tuple[int, int]:
        """Return what is paid of late bills in a month, and what is written off."""
        if self._arrears is None:
            return 0, 0
        paid = written_off = 0
        for late in self._late:
            if late.settled <= month:
                given_up = share_fen(late.fen, self._arrears.written_off_share.value)
                paid, written_off = paid + late.fen - given_up, written_off + given_up
        self._late = [late for late in self._late if late.settled > month]
        return paid, written_off

    def owed_since(self, month: int) -> set[int]:
        """Return the months before a month whose bills are owed at its start."""
        return {late.billed for late in self._late if late.billed < month <= late.settled}
