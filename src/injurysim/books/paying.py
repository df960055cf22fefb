"""Into which account a platform's contributions go, and from which accounts a claim is paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from injurysim.books.attribution import EVERYBODY, Attributed, Shares
from injurysim.books.claims import Item
from injurysim.core.money import split_fen
from injurysim.scenario.designs import Design, Scheme


def payers(design: Design) -> dict[str, str]:
    """Say as what each account of a design pays: ``insurer`` or ``fund``."""
    return {
        name: "insurer" if account.kind == "insurer" else "fund" for name, account in design.accounts.items()
    }


def accounts_of(law: Scheme) -> tuple[str, ...]:
    """Return the accounts of a scheme: its own, then those that platforms have of their own."""
    return tuple(dict.fromkeys([law.account, *law.attribution.platform_accounts.values()]))


class Accounts:
    """The accounts of a scheme.

    Parameters
    ----------
    law : Scheme
        Its rules.
    platforms : sequence of str
        Names of the platforms, by index.
    payers : mapping of str to str
        As what each account of the design pays.
    """

    def __init__(self, law: Scheme, platforms: Sequence[str], payers: Mapping[str, str]) -> None:
        self._scheme, self._payers = law.account, payers
        own = law.attribution.platform_accounts
        self._of_platform = tuple(own.get(name, law.account) for name in platforms)

    def of(self, platform: int | None) -> str:
        """Return the account of a platform: its own, or the scheme's; the scheme's where no platform is named."""
        return self._scheme if platform is None else self._of_platform[platform]

    def parts(self, shares: Shares) -> dict[str, Fraction]:
        """Return the share of each account: what is pooled or nobody's is the scheme's account's."""
        found: dict[str, Fraction] = {}
        for platform, share in shares or EVERYBODY:
            account = self.of(platform)
            found[account] = found.get(account, Fraction(0)) + share
        return found

    def divide(self, items: Sequence[Item], whose: Attributed) -> tuple[Item, ...]:
        """Divide what the scheme's account pays among the accounts that do, to the fen by largest remainder.

        Employer items are paid by the platforms liable, by all of the scheme together where liability is pooled; where
        an injury is nobody's, nobody pays them and they fall out of the award.
        """
        parts = self.parts(whose.paying)
        divided: list[Item] = []
        for item in items:
            if item.payer == "platform":
                if whose.liable:
                    divided.append(item)
            elif item.account != self._scheme or set(parts) == {self._scheme}:
                divided.append(item)
            else:
                amounts = split_fen(item.amount_fen, list(parts.values()))
                divided.extend(
                    replace(item.of_amount(fen), payer=self._payers[account], account=account)
                    for account, fen in zip(parts, amounts, strict=True)
                )
        return tuple(divided)
