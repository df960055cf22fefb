"""Who is insured under a scheme: by month for contributions and cover counts, by injury for claims."""

from __future__ import annotations

import numpy as np

from injurysim.books import walks
from injurysim.books.enrolment.joining import NEVER, Joining
from injurysim.books.enrolment.ways import way_into
from injurysim.books.injured import Injured
from injurysim.books.setting import Setting
from injurysim.books.shared import Mask, SharedMonth, has_ages, of_age
from injurysim.core.sums import Truths, Wholes
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
    joining : when platforms are in.
    eligible : which engagements the scheme is for in the month last asked for.
    """

    def __init__(self, name: str, law: Scheme, setting: Setting) -> None:
        self.name, self._law, self._setting = name, law, setting
        self.joining = Joining(name, law, setting)
        self.eligible = setting.strata.mask(law.eligible)
        self._table, self._has_ages = setting.strata.eligible(law.eligible), has_ages(law.eligible)
        self._way = way_into(name, law, setting, self.joining)
        self._personal: Truths | None = None
        # The day from which each rider is insured, kept only where cover waits for it.
        waits = law.cover.waiting_days.value > 0
        self._since = np.full(len(setting.population), NEVER, np.int32) if waits else None
        self._insured: tuple[Mask, Truths | None, Mask] = (self.eligible, None, self.eligible)

    def insured(self, month: Month) -> Mask:
        """Return which engagements are insured in a month; called once a month, in their order, before its injuries."""
        shared = self._setting.shared(month)
        day = int(self._setting.calendar.month_starts[month.index])
        strata, eligible = self._setting.strata, self._law.eligible
        self.eligible = strata.mask(eligible, day=day)
        joined = strata.mask(eligible, self.joining.joined(shared), day)
        self._personal = self._way.insured(shared, joined)
        # Held from month to month, so that it is made anew only when something changes.
        if self._insured[0] is not joined or self._insured[1] is not self._personal:
            self._insured = (joined, self._personal, self._both(shared, joined))
        if self._since is not None:
            self._begin(self._since, day)
        return self._insured[2]

    def _both(self, month: SharedMonth, joined: Mask) -> Mask:
        """Return the engagements that have joined and are insured in person: one mask for all schemes alike."""
        personal = self._personal
        if personal is None:
            return joined
        # By the object: it lives as long as the month knows the mask made of it.
        key = ("insured", joined, id(personal))
        return month.once(key, lambda: (personal, Mask(joined.engagements & personal)))[1]

    def _begin(self, since: Wholes, day: int) -> None:
        """Note the first insured day of riders: that of the month, or of their entry within it."""
        population, insured = self._setting.population, np.empty(len(since), np.bool_)
        walks.any_of(population.first_engagement, self._insured[2].engagements, insured)
        new = insured & (since == NEVER) & (population.entry_day < self._next_month(day))
        since[new] = np.maximum(population.entry_day[new], day)

    def _next_month(self, day: int) -> int:
        starts = self._setting.calendar.month_starts
        return int(starts[np.searchsorted(starts, day, side="right")])

    def insured_days(self, injured: Injured) -> int:
        """Return the whole days from the rider's first insured day to the injury; 0 where cover waits for none."""
        if self._since is None:
            return 0
        return self._setting.calendar.day_of(injured.day) - int(self._since[injured.rider])

    def may_report(self, injured: Injured) -> bool:
        """Say whether there is a scheme to report to where and when the injured was hurt, and whether it is for them."""
        return self.joining.is_open(injured.region, injured.day) and self.is_eligible(injured)

    def is_eligible(self, injured: Injured) -> bool:
        """Say whether the scheme is for the injured on the app that was open, by the age in the month of the shift."""
        setting, stratum = self._setting, self._setting.strata.code[injured.rider]
        if not self._table[stratum, injured.app]:
            return False
        if not self._has_ages:
            return True
        day = int(setting.calendar.month_starts[injured.month])
        return bool(of_age(self._law.eligible, float(setting.population.age_years[injured.rider]), day))

    def insures(self, injured: Injured) -> bool:
        """Say whether an eligible rider is insured at the injury, on the platform whose app was open."""
        if not self.joining.is_in(injured.region, injured.app, injured.day):
            return False
        return self._personal is None or bool(self._personal[self._engagement(injured)])

    def _engagement(self, injured: Injured) -> int:
        """Return the place of the rider on the app that was open."""
        population = self._setting.population
        first, last = population.first_engagement[injured.rider : injured.rider + 2]
        return int(first + population.engagement_platform[first:last].tolist().index(injured.app))
