"""Who is in a scheme: eligibility, enrolment and joining dates."""

from __future__ import annotations

import datetime as dt
from typing import Literal, Self

from pydantic import Field, model_validator

from injurysim.scenario.names import Name, Relation
from injurysim.scenario.values import Part


class Eligible(Part):
    """Whom the scheme is for; what is left out is not asked."""

    relations: tuple[Relation, ...] | None = None
    industries: tuple[Name, ...] | None = None
    regions: tuple[Name, ...] | None = None
    groups: tuple[Name, ...] | None = None


class Mandatory(Part):
    """Every eligible rider is insured on each platform that has joined, from its first order there.

    A platform joins on the ``joins`` date, and one named in ``platforms`` on its own date instead; without
    ``joins`` only those named ever join.
    """

    kind: Literal["mandatory"]
    joins: dt.date | None = Field(default=None, description="when platforms join; left out: only those named")
    platforms: dict[Name, dt.date] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _months_are_whole(self) -> Self:
        for date in (self.joins, *self.platforms.values()):
            if date is not None and date.day != 1:
                raise ValueError(
                    f"a platform joins on the first day of a month, not on {date}, in this version"
                )
        return self

    def joining_date(self, platform: str) -> dt.date | None:
        """Return the day from which a platform is in, or None when it never is."""
        return self.platforms.get(platform, self.joins)


Enrolment = Mandatory
