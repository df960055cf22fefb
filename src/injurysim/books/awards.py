"""What a scheme awards for an injury: every benefit, who pays it and from which account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from injurysim.books.benefits import AmountOf, Facts, PensionOf, amount_of, base_wage_of, pension_of
from injurysim.books.claims import Item
from injurysim.books.draws import PersonDraws
from injurysim.books.earnings import EarningsHistory
from injurysim.books.injured import Injured
from injurysim.books.setting import Setting
from injurysim.scenario.benefits import Benefit, BenefitClass, OwnEarnings, PensionBenefit
from injurysim.scenario.designs import Scheme


@dataclass(frozen=True)
class _Rule:
    """A benefit of the scheme: who pays it, how much it gives, and the pension if it is paid month by month."""

    benefit: str
    payer: str
    account: str | None
    pays_for: BenefitClass
    amount: AmountOf
    pension: PensionOf | None

    def item(self, facts: Facts) -> Item:
        """Return what the benefit gives for an injury."""
        pension = None if self.pension is None else self.pension(facts)
        fen = self.amount(facts)
        return Item(self.benefit, self.payer, self.account, fen, self.pays_for, pension)


class Awards:
    """The benefits of a scheme, with all that does not depend on the injury worked out.

    Parameters
    ----------
    law : Scheme
        Its rules.
    setting : Setting
        The stage.
    benefit_payer : str
        ``fund`` or ``insurer``: who pays what its account pays.
    """

    def __init__(self, law: Scheme, setting: Setting, benefit_payer: str) -> None:
        self._law, self._setting = law, setting
        self._base_wage = None if law.base_wage is None else base_wage_of(law.base_wage)
        self._own = _own_earnings(law, setting)

        def rule(name: str, benefit: Benefit) -> _Rule:
            by_platform = benefit.payer == "platform"
            return _Rule(
                name,
                "platform" if by_platform else benefit_payer,
                None if by_platform else law.account,
                benefit.pays_for,
                amount_of(benefit),
                pension_of(benefit) if _monthly(benefit) else None,
            )

        self._rules = [rule(name, benefit) for name, benefit in law.benefits.items()]

    def of(
        self,
        injured: Injured,
        liable: int | None,
        earnings: EarningsHistory,
        *,
        medical_paid_fen: int = 0,
    ) -> tuple[Item, ...]:
        """Return the award for an injury, should it be confirmed.

        Parameters
        ----------
        injured : Injured
            The injury.
        liable : int or None
            Index of the liable platform; None when there is none, or all are.
        earnings : EarningsHistory
            Earnings of the months before.
        medical_paid_fen : int
            Medical cost that somebody else has paid and the scheme does not pay again.
        """
        wage = None
        if self._base_wage is not None:
            wage = self._base_wage(injured.day, self._own(injured, liable, earnings))
        person = PersonDraws(self._setting.streams, injured.injury_id)
        facts = Facts(injured, wage, self._law.annuity, person, medical_paid_fen)
        return tuple(rule.item(facts) for rule in self._rules)


def paid_by_platform(awards: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return an award whose every item the platform pays itself."""
    return tuple(replace(item, payer="platform", account=None) for item in awards)


def _monthly(benefit: Benefit) -> bool:
    return isinstance(benefit, PensionBenefit) and benefit.funding == "pay_as_you_go"


def _own_earnings(law: Scheme, setting: Setting) -> Callable[[Injured, int | None, EarningsHistory], int]:
    """Return how a scheme looks the earnings of the injured up; nothing is looked up that no wage goes by."""
    rule, industries = law.base_wage, setting.industries
    if not isinstance(rule, OwnEarnings):
        return lambda injured, liable, earnings: 0  # noqa: ARG005
    alike = [frozenset(at for at, each in enumerate(industries) if each == mine) for mine in industries]
    platforms: dict[str, Callable[[Injured, int | None], frozenset[int] | None]] = {
        "all_platforms": lambda injured, liable: None,  # noqa: ARG005
        "liable_platform": lambda injured, liable: None if liable is None else frozenset([liable]),  # noqa: ARG005
        "same_industry": lambda injured, liable: alike[injured.app],  # noqa: ARG005
    }
    on, months = platforms[rule.on], rule.months
    return lambda injured, liable, earnings: earnings.monthly_fen(injured.rider, months, on(injured, liable))
