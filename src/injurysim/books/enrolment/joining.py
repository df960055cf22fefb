"""When each platform of each region is in a scheme: dates stated or drawn, and numbers of orders to be reached."""

from __future__ import annotations

import datetime as dt

import numpy as np

from injurysim.books.setting import Setting
from injurysim.books.shared import SharedMonth
from injurysim.core.randomness import Purpose, Streams, digest64
from injurysim.core.sums import Truths
from injurysim.scenario.designs import Scheme
from injurysim.scenario.enrolment import Enrolment, JoiningDate, UncertainDate

NEVER = 1 << 30
"""Day of what never comes."""


class Joining:
    """Platforms in a scheme, region by region.

    Parameters
    ----------
    name : str
        Name of the scheme, which keys its draws: a date is the same in every design that has the scheme under it.
    law : Scheme
        Its rules.
    setting : Setting
        The stage.

    Attributes
    ----------
    first_day : day from which a platform is in, from the scenario's first, ``NEVER`` when it never is, shape (regions,
        platforms).
    until : first day on which the scheme insures nobody any more.
    begins : day on which the first platform that the scheme is for joins, shape (regions,).
    """

    def __init__(self, name: str, law: Scheme, setting: Setting) -> None:
        self._setting, enrolment = setting, law.enrolment
        calendar, drawn = setting.calendar, _Drawn(name, setting.streams)
        dates = [
            [drawn.date(enrolment, platform, region) for platform in setting.platforms]
            for region in setting.regions
        ]
        self.first_day = np.array(
            [[NEVER if each is None else calendar.day_of(each) for each in row] for row in dates], np.int64
        )
        self.until = NEVER if law.until is None else calendar.day_of(law.until)
        mine = np.array(
            [_is_meant(law, platform, industry) for platform, industry in _industries(setting)], np.bool_
        )
        here = [law.eligible.regions is None or region in law.eligible.regions for region in setting.regions]
        self.begins = np.where(np.outer(here, mine), self.first_day, NEVER).min(axis=1)
        self._least_orders = (
            None if enrolment.orders_per_month_at_least is None else enrolment.orders_per_month_at_least.value
        )
        # What is asked for every injury is asked of lists: a number out of an array costs more than the comparison.
        self._first_days: list[list[int]] = self.first_day.tolist()
        self._begin_days: list[int] = self.begins.tolist()
        self._reached = np.full(self.first_day.shape, self._least_orders is None)
        self._orders_of: SharedMonth | None = None

    @property
    def first_date(self) -> dt.date | None:
        """Day on which the scheme begins anywhere, None when it never does."""
        first = int(self.begins.min())
        return None if first == NEVER else self._setting.calendar.date_of(first)

    @property
    def begins_month(self) -> int | None:
        """Month in which the scheme begins anywhere, negative for one before the first; None when it never does."""
        begin = self.first_date
        return None if begin is None else self._setting.calendar.month_of(begin)

    def joined(self, month: SharedMonth) -> Truths:
        """Return which platforms are in by the first day of a month, shape (regions, platforms).

        Called once a month, in their order: orders reached in a month count from the next one on.
        """
        self._take_in_orders(month)
        day = int(self._setting.calendar.month_starts[month.month.index])
        return np.asarray((self.first_day <= day) & (day < self.until) & self._reached)

    def _take_in_orders(self, month: SharedMonth) -> None:
        if self._least_orders is None:
            return
        before, self._orders_of = self._orders_of, month
        if before is not None:
            orders = before.by_region(before.total("orders", lambda: before.month.orders))
            self._reached |= orders >= self._least_orders

    def is_in(self, region: int, platform: int, day: dt.date) -> bool:
        """Say whether a platform is in on a day of a shift of the month last asked for.

        The date counts by the day itself, also after the midnight at which a month ends; the orders reached are those
        of months before the shift's, since what is done later in the shift is no part of its past.
        """
        number = self._setting.calendar.day_of(day)
        begun = self._first_days[region][platform] <= number < self.until
        return begun and (self._least_orders is None or bool(self._reached[region, platform]))

    def is_open(self, region: int, day: dt.date) -> bool:
        """Say whether the scheme has begun in a region and not ended: whether there is something to report to."""
        return self._begin_days[region] <= self._setting.calendar.day_of(day) < self.until


def _industries(setting: Setting) -> list[tuple[str, str]]:
    return list(zip(setting.platforms, setting.industries, strict=True))


def _is_meant(law: Scheme, platform: str, industry: str) -> bool:
    """Say whether a scheme is for work on a platform."""
    asked = ((law.eligible.platforms, platform), (law.eligible.industries, industry))
    return all(names is None or name in names for names, name in asked)


class _Drawn:
    """Dates of a scheme: one draw for each place of the law that leaves one open, however many platforms go by it."""

    def __init__(self, scheme: str, streams: Streams) -> None:
        self._scheme, self._streams = scheme, streams

    def date(self, enrolment: Enrolment, platform: str, region: str) -> dt.date | None:
        """Return the day on which a platform joins in a region, None for never."""
        here = enrolment.regions.get(region)
        by_platform = enrolment.platforms if here is None else here.platforms
        place = ("" if here is None else region, platform if platform in by_platform else "")
        return self._settled(enrolment.joining_date(platform, region), place)

    def _settled(self, joining: JoiningDate | None, place: tuple[str, str]) -> dt.date | None:
        if not isinstance(joining, UncertainDate):
            return joining
        who = digest64("joining", self._scheme, *place)
        left = self._streams.uniform_one(Purpose.JOINING, who)
        for date, share in sorted(joining.dates.items()):
            left -= float(share.value)
            if left < 0:
                return date
        return None
