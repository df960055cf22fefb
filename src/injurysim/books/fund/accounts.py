"""The accounts of a design, closed together at each month's end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from injurysim.books.claims import Claim, Payment
from injurysim.books.collector import Received
from injurysim.books.fund.deficit import RateFactor, fill, repay, transfer
from injurysim.books.fund.ledger import Flows, Ledger
from injurysim.books.fund.recoveries import Recoveries
from injurysim.books.setting import Setting
from injurysim.books.third_party import Drivers
from injurysim.scenario.designs import Design

if TYPE_CHECKING:
    from injurysim.books.scheme import SchemeAtWork


class Fund:
    """What comes into the accounts of a design and goes out of them.

    Parameters
    ----------
    design : Design
        Its accounts and what its schemes pay.
    setting : Setting
        The stage.
    schemes : sequence of SchemeAtWork
        Its schemes at work.
    drivers : Drivers
        What drivers at fault pay.

    Attributes
    ----------
    ledgers : by the account's name.
    """

    def __init__(
        self, design: Design, setting: Setting, schemes: Sequence[SchemeAtWork], drivers: Drivers
    ) -> None:
        self._calendar = setting.calendar
        self.ledgers = {name: Ledger(account) for name, account in design.accounts.items()}
        self._factors = {name: RateFactor(account.deficit) for name, account in design.accounts.items()}
        self._recoveries = Recoveries(design, drivers)
        laws = design.accounts.values()
        self._accepted = Passed(
            "accepted_at", schemes, asked=any(law.handling_yuan_per_claim.value for law in laws)
        )
        self._appraised = Passed("appraised_at", schemes, asked=any(law.appraisal_yuan.value for law in laws))

    def rate_factor(self, account: str, month: int) -> Decimal:
        """Return the factor on all rates of the schemes of an account, for the base that arises in a month."""
        return self._factors[account].at(month)

    def close(self, month: int, received: Iterable[Received], payments: Iterable[Payment]) -> None:
        """Close a month of every account: receipts to interest and costs, the test, then what follows from it."""
        flows = self._flows(month, received, payments)
        for name, ledger in self.ledgers.items():
            ledger.enter(self._calendar.month_date(month), flows[name])
        settle(self.ledgers)
        for name, ledger in self.ledgers.items():
            self._factors[name].decide(ledger)

    def _flows(
        self, month: int, received: Iterable[Received], payments: Iterable[Payment]
    ) -> dict[str, Flows]:
        flows: dict[str, Flows] = defaultdict(Flows)
        for row in received:
            flows[row.account].contributions_fen += row.settled.paid_fen
            flows[row.account].late_fees_fen += row.settled.late_fee_fen
        for payment in payments:
            if payment.item.account is not None:
                flows[payment.item.account].benefits_fen += payment.item.amount_fen
                self._recoveries.note(month, payment)
        for account, fen in self._recoveries.due(month).items():
            flows[account].recoveries_fen += fen
        before = self._calendar.month_end_minute(month)
        for account, number in self._accepted.by_account(before).items():
            flows[account].accepted += number
        for account, number in self._appraised.by_account(before).items():
            flows[account].appraised += number
        return flows


def settle(ledgers: dict[str, Ledger]) -> None:
    """Do what follows from the test of a month: loans are repaid, deficits met, surpluses handed on; then it ends.

    Deficits are met in the order in which the design names its accounts. Surpluses go by the balances after that, all
    at once, so that what is handed on is not handed on again in the same month.
    """
    for ledger in ledgers.values():
        repay(ledger.account.deficit, ledger)
    for ledger in ledgers.values():
        if ledger.month.short_fen:
            fill(ledger.account.deficit, ledger, ledgers)
    for ledger, target, fen in [
        (ledger, ledgers[rule.account], surplus_fen(ledger, rule.above_months.value))
        for ledger in ledgers.values()
        if (rule := ledger.account.surplus) is not None
    ]:
        transfer(ledger.month, target.month, fen)
    for ledger in ledgers.values():
        ledger.end()


def surplus_fen(ledger: Ledger, above_months: Decimal) -> int:
    """Return what lies above so many months of mean outgo; nothing before 12 months or without outgo."""
    held = ledger.held_for(above_months)
    return 0 if held is None else max(ledger.month.closing_fen - held, 0)


class Passed:
    """Counts the claims that pass a stage, each in the shares of the accounts that pay it.

    Parameters
    ----------
    stage : str
        The moment in the file that says so.
    schemes : sequence of SchemeAtWork
        Whose claims.
    asked : bool
        Whether anybody asks; if not, nothing is counted.
    """

    def __init__(self, stage: str, schemes: Sequence[SchemeAtWork], *, asked: bool) -> None:
        self._stage, self._asked, self._schemes = stage, asked, schemes
        self._seen = [0] * len(schemes)
        self._waiting: list[list[Claim]] = [[] for _ in schemes]

    def by_account(self, before: int) -> dict[str, Fraction]:
        """Return how many have passed it before a moment that were not counted earlier, by account."""
        found: dict[str, Fraction] = defaultdict(Fraction)
        if not self._asked:
            return found
        for number, scheme in enumerate(self._schemes):
            waiting = self._waiting[number]
            waiting += [each for each in scheme.claims[self._seen[number] :] if each.notified_at is not None]
            self._seen[number] = len(scheme.claims)
            for claim in waiting:
                if self._has_passed(claim, before):
                    for account, share in scheme.accounts.parts(claim.paying_shares).items():
                        found[account] += share
            # A file that is closed without passing never will.
            self._waiting[number] = [
                claim for claim in waiting if claim.closed_at is None and not self._has_passed(claim, before)
            ]
        return found

    def _has_passed(self, claim: Claim, before: int) -> bool:
        at: int | None = getattr(claim, self._stage)
        return at is not None and at < before
