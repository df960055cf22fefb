"""Which injuries a scheme covers, and what undeclared work or debts do to cover."""

from __future__ import annotations

from dataclasses import dataclass

from injurysim.books.advance import Advance
from injurysim.books.collector import Collector
from injurysim.books.draws import Draws
from injurysim.books.injured import Injured
from injurysim.books.members import Members
from injurysim.books.setting import Setting
from injurysim.books.windows import in_window
from injurysim.core.randomness import Purpose
from injurysim.scenario.cover import Consequence
from injurysim.scenario.designs import Scheme

LIGHT_TO_GRAVE: tuple[Consequence, ...] = ("full", "fund_advances_and_recovers", "platform_pays", "none")


@dataclass(frozen=True, slots=True)
class UnderCover:
    """What the rules of cover make of an injury.

    Attributes
    ----------
    covered : whether the scheme owes benefits, whoever pays them in the end.
    consequence : what undeclared work or debts of the platform did to cover; ``full`` if nothing.
    advance : what is claimed back from the platform, or None.
    """

    covered: bool
    consequence: Consequence = "full"
    advance: Advance | None = None


NOT_COVERED = UnderCover(covered=False)


class CoverAtWork:
    """The rules of cover of a scheme.

    Parameters
    ----------
    law : Scheme
        Its rules.
    setting, members, collector
        The stage, who is insured, and what was declared and is owed.
    """

    def __init__(self, law: Scheme, setting: Setting, members: Members, collector: Collector) -> None:
        self._rule, self._setting = law.cover, setting
        self._members, self._collector = members, collector
        self._excluded = float(self._rule.excluded_share.value)
        self._after_months = self._rule.unpaid_after_months.value
        self._advance = Advance(self._rule.recovered_share.value, self._rule.recovered_after_months.value)

    def of(self, injured: Injured, draws: Draws) -> UnderCover:
        """Say what becomes of the injury of somebody eligible."""
        covered = (
            self._members.insures(injured)
            and self._members.insured_days(injured) >= self._rule.waiting_days.value
            and in_window(self._rule, injured, draws, self._setting)
            and not (self._excluded and draws.uniform(Purpose.EXCLUSION) < self._excluded)
        )
        if not covered:
            return NOT_COVERED
        consequence = self._consequence(injured, draws)
        advanced = consequence == "fund_advances_and_recovers"
        return UnderCover(consequence != "none", consequence, self._advance if advanced else None)

    def _consequence(self, injured: Injured, draws: Draws) -> Consequence:
        """Return the graver of what holds for undeclared work and for debts."""
        at = (injured.region, injured.app, injured.month)
        found: list[Consequence] = ["full"]
        if self._rule.undeclared != "full":
            declared = float(self._collector.declared_share(*at))
            if declared < 1 and draws.uniform(Purpose.DECLARED) >= declared:
                found.append(self._rule.undeclared)
        if self._rule.unpaid != "full" and self._collector.months_owed(*at) > self._after_months:
            found.append(self._rule.unpaid)
        return max(found, key=LIGHT_TO_GRAVE.index)
