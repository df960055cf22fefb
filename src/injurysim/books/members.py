"""Who is insured under a scheme: by month for contributions and cover counts, by injury for claims."""

from __future__ import annotations

from injurysim.books.eligibility import first_joining, is_eligible, joined_platforms, settled
from injurysim.books.injured import Injured
from injurysim.books.setting import Setting
from injurysim.books.shared import Mask
from injurysim.scenario.designs import Scheme
from injurysim.world.month import Month


class Members:
    """The insured of a scheme.

    Parameters
    ----------
    name : str
        Name of the scheme, which keys its draws.
    law : Scheme
        Its rules.
    setting : Setting
        The stage.

    Attributes
    ----------
    eligible : which engagements the scheme is for.
    begins : day on which the first platform joins, None when none ever does.
    """

    def __init__(self, name: str, law: Scheme, setting: Setting) -> None:
        self.name, self._law, self._setting = name, law, setting
        self.eligible = setting.strata.mask(law.eligible)
        self.begins = first_joining(law.enrolment, law.eligible, setting)
        self._insured = self.eligible
        self._joins = [settled(law.enrolment, platform) for platform in setting.platforms]
        self._eligible_kinds: dict[tuple[str, int, int, int], bool] = {}

    def insured(self, month: Month) -> Mask:
        """Return which engagements are insured in a month; called once a month, in their order, before its injuries."""
        day = self._setting.calendar.month_date(month.index)
        joined = joined_platforms(self._law.enrolment, self._setting, day)
        # Held from month to month, so that it is made anew only when a platform joins.
        self._insured = self._setting.strata.mask(self._law.eligible, joined)
        return self._insured

    def is_eligible(self, injured: Injured) -> bool:
        """Say whether the scheme is for the injured; asked once of each kind of rider."""
        kind = (injured.relation, injured.region, injured.group, injured.app)
        if kind not in self._eligible_kinds:
            self._eligible_kinds[kind] = is_eligible(self._law.eligible, injured, self._setting)
        return self._eligible_kinds[kind]

    def insures(self, injured: Injured) -> bool:
        """Say whether an eligible rider is insured at the injury, on the platform whose app was open."""
        joined = self._joins[injured.app]
        return joined is not None and joined <= injured.day
