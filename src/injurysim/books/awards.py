"""What a scheme awards for an injury: every benefit, who pays it and from which account."""

from __future__ import annotations

from injurysim.books.benefits import Facts, amount_of, base_wage_of
from injurysim.books.claims import Item
from injurysim.books.earnings import EarningsHistory
from injurysim.books.injured import Injured
from injurysim.scenario.benefits import OwnEarnings
from injurysim.scenario.designs import Scheme

PAYS_FOR = {
    "medical": "medical",
    **dict.fromkeys(("recovery_pay", "daily_allowance"), "income"),
    **dict.fromkeys(("death_sum", "funeral", "dependants_pension", "survivors"), "death"),
    "fixed_sum": "fixed",
}
"""What the kinds of benefit pay for; those that are not named pay for a permanent grade."""


class Awards:
    """The benefits of a scheme, with all that does not depend on the injury worked out.

    Parameters
    ----------
    law : Scheme
        Its rules.
    benefit_payer : str
        ``fund`` or ``insurer``: who pays what its account pays.
    """

    def __init__(self, law: Scheme, benefit_payer: str) -> None:
        self._law = law
        self._base_wage = None if law.base_wage is None else base_wage_of(law.base_wage)
        self._benefits = [
            (name, "platform", None, PAYS_FOR.get(benefit.kind, "disability"), amount_of(benefit))
            if benefit.payer == "platform"
            else (
                name,
                benefit_payer,
                law.account,
                PAYS_FOR.get(benefit.kind, "disability"),
                amount_of(benefit),
            )
            for name, benefit in law.benefits.items()
        ]

    def of(self, injured: Injured, earnings: EarningsHistory) -> tuple[Item, ...]:
        """Return the award for an injury, should it be confirmed."""
        wage, rule = None, self._law.base_wage
        if self._base_wage is not None:
            own = earnings.monthly_fen(injured.rider, rule.months) if isinstance(rule, OwnEarnings) else 0
            wage = self._base_wage(injured.day, own)
        facts = Facts(injured, wage, self._law.annuity)
        return tuple(
            Item(name, payer, account, amount(facts), pays_for)
            for name, payer, account, pays_for, amount in self._benefits
        )
