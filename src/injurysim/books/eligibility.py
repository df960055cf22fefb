"""Who is in a scheme: eligible riders, and platforms that have joined."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from injurysim.books.injured import Injured
from injurysim.books.setting import Setting
from injurysim.scenario.enrolment import Eligible, Enrolment

Truths = NDArray[np.bool_]


def is_eligible(eligible: Eligible, injured: Injured, setting: Setting) -> bool:
    """Say whether the scheme is for a rider at work on the app of the injury."""
    asked = (
        (eligible.relations, injured.relation),
        (eligible.industries, setting.industries[injured.app]),
        (eligible.regions, setting.regions[injured.region]),
        (eligible.groups, setting.population.groups[injured.group]),
    )
    return all(names is None or value in names for names, value in asked)


def has_joined(enrolment: Enrolment, platform: str, day: dt.date) -> bool:
    """Say whether a platform is in the scheme on a day."""
    joined = settled(enrolment, platform)
    return joined is not None and joined <= day


def settled(enrolment: Enrolment, platform: str) -> dt.date | None:
    """Return the day from which a platform is in, or None when it never is."""
    joining = enrolment.joining_date(platform)
    if joining is None or isinstance(joining, dt.date):
        return joining
    raise NotImplementedError("uncertain dates are not at work yet")


def first_joining(enrolment: Enrolment, eligible: Eligible, setting: Setting) -> dt.date | None:
    """Return the day on which the first platform of an eligible industry joins, or None when none does."""
    dates = [
        settled(enrolment, platform)
        for platform, industry in zip(setting.platforms, setting.industries, strict=True)
        if eligible.industries is None or industry in eligible.industries
    ]
    return min((date for date in dates if date is not None), default=None)


def joined_platforms(enrolment: Enrolment, setting: Setting, day: dt.date) -> Truths:
    """Return which platforms are in the scheme on a day, shape (platforms,)."""
    return np.array([has_joined(enrolment, name, day) for name in setting.platforms], np.bool_)
