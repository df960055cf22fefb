"""How a scheme's contributions come in: what a month owes, when it is billed, what of it is paid."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from injurysim.books.claims import Payment
from injurysim.books.collection.bill import Bill, Payers
from injurysim.books.collection.debtor import Debtor, Settled
from injurysim.books.collection.inspection import Inspectors
from injurysim.books.contribution.base import base_of
from injurysim.books.contribution.charge import charges
from injurysim.books.paying import Accounts
from injurysim.books.rating.rater import rater_of
from injurysim.books.setting import Setting
from injurysim.books.shared import Mask, SharedMonth
from injurysim.core.money import rounded, scaling
from injurysim.core.schemas import FACTOR_PLACES
from injurysim.scenario.contribution import Free
from injurysim.scenario.designs import Scheme

ONE = Decimal(1)


@dataclass(frozen=True)
class Received:
    """What one payer owes and pays for a region and platform in a month: one row of table ``contributions``."""

    month: int
    scheme: str
    account: str
    bill: Bill
    settled: Settled

    @property
    def rate_yuan(self) -> Decimal:
        """The payer's own rate."""
        return self.bill.rates[self.settled.number]


class Collector:
    """The contributions of a scheme.

    Parameters
    ----------
    name : str
        Name of the scheme.
    law : Scheme
        Its rules.
    setting : Setting
        The stage.
    begins : date or None
        Day on which its first platform joins.
    accounts : Accounts
        Into which account each platform pays.
    """

    def __init__(
        self, name: str, law: Scheme, setting: Setting, begins: dt.date | None, accounts: Accounts
    ) -> None:
        self.name, self._law, self._setting, self._accounts = name, law, setting, accounts
        self._to_bill: deque[Bill] = deque()
        self._debtors: dict[tuple[int, int], Debtor] = {}
        self._visits: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._rater = rater_of(law.rating, setting)
        self._rule = None if isinstance(law.contribution, Free) or begins is None else law.contribution
        self._inspectors = None
        if self._rule is not None and begins is not None:
            self._payers, self._base = Payers(self._rule.payers()), base_of(self._rule, setting, begins)
            if self._rule.inspection is not None:
                self._inspectors = Inspectors(self._rule.inspection, name, setting)

    def assess(self, month: SharedMonth, insured: Mask, rate_factor: Decimal = ONE) -> None:
        """Note what a month owes, to be billed when the lag has passed; called once a month, in their order.

        Parameters
        ----------
        month : SharedMonth
            The world's month.
        insured : Mask
            Which engagements owe it.
        rate_factor : Decimal
            What the account's deficit rule puts on every rate, besides the rating.
        """
        rule, now = self._rule, month.month.index
        if rule is None:
            return
        self._rater.begin(now)
        for charge in charges(rule, self._base, month, insured, self._setting):
            share = self.declared_share(charge.region, charge.platform, now)
            rated = self._rater.standing(charge.region, charge.platform)
            self._to_bill.append(
                Bill(
                    month=now + rule.lag_months,
                    charge=charge,
                    declared=scaling(share)(charge.base),
                    factor=rounded(rated.factor * rate_factor, FACTOR_PLACES),
                    grade=rated.grade,
                    rates=self._payers.rates(charge.rate_yuan),
                )
            )

    def close(self, month: int, payments: Iterable[Payment] = ()) -> list[Received]:
        """Return what is owed and comes in within a month; called once a month, in their order, run-off included.

        ``payments`` are those of the scheme in the month, on which the rating goes.
        """
        rule = self._rule
        if rule is None:
            return []
        bills: dict[tuple[int, int], Bill] = {}
        while self._to_bill and self._to_bill[0].month <= month:
            bill = self._to_bill.popleft()
            place = bill.charge.region, bill.charge.platform
            bills[place] = bill
            if place not in self._debtors:
                self._debtors[place] = Debtor(rule, self._payers, self._setting.platforms[place[1]])
        visited = None if self._inspectors is None else self._inspectors.visited(month)
        rows: list[Received] = []
        for place, debtor in self._debtors.items():
            visit = visited is not None and bool(visited[place])
            if visit:
                self._visits[place].append(month)
            rows.extend(self._settle(month, debtor, bills.get(place), visit))
        self._rater.add({place: sum(bill.dues_fen) for place, bill in bills.items()}, payments)
        return rows

    def _settle(self, month: int, debtor: Debtor, bill: Bill | None, visit: bool) -> Iterable[Received]:
        now = bill
        if now is None:
            if debtor.last is None:
                return
            now = debtor.last.without_base(month)
        account = self._accounts.of(now.charge.platform)
        for settled in debtor.close(now, visited=visit, calendar=self._setting.calendar):
            if bill is not None or not settled.is_nothing:
                yield Received(month, self.name, account, now, settled)

    def declared_share(self, region: int, platform: int, month: int) -> Decimal:
        """Return the share of a platform's base in a region that is declared for a month, all without a rule.

        Known at the month's start: it goes by the inspections of the months before.
        """
        rule = self._rule
        if rule is None or rule.declared is None:
            return ONE
        if rule.inspection is not None:
            honest = rule.inspection.honest_months.value
            if any(visit < month <= visit + honest for visit in self._visits.get((region, platform), ())):
                return ONE
        name = self._setting.platforms[platform]
        return rule.declared.platforms.get(name, rule.declared.share).value

    def would_lift(self, region: int, platform: int, month: int, *, amount_fen: int) -> bool:
        """Say whether so much more in benefits of a month would lift a platform's paid ratio into a higher factor."""
        return self._rater.would_lift(region, platform, month, amount_fen=amount_fen)

    def months_owed(self, region: int, platform: int, month: int) -> int:
        """Return for how many months a platform owes contributions of a region at the start of a month.

        A month counts when any of its bill is late and neither paid nor written off.
        """
        debtor = self._debtors.get((region, platform))
        return 0 if debtor is None else debtor.months_owed(month)
