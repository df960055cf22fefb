"""Names and short texts of the language, and the levels that tables share with it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from injurysim.scenario.values import Part

PATTERN = r"^[a-z][a-z0-9_\-]*$"
LONGEST = 48
Name = Annotated[str, StringConstraints(pattern=PATTERN, max_length=LONGEST)]
"""A name in tables and paths: small letters, digits, ``_`` and ``-``, starting with a letter."""

Relation = Literal["labour_relation", "not_fully", "own_account"]
"""The three classes of the 2021 guidance: labour relation, not fully one, own-account."""

Engager = Literal["platform", "partner_firm", "agent", "dispatch"]
"""Who engages a rider."""

Situation = Literal["on_order", "waiting", "travelling"]

Wet = Literal["rain", "snow", "heat", "storm"]
"""States of the weather; a day in none of them is dry."""

MonthOfYear = Annotated[int, Field(ge=1, le=12)]

HourOfDay = Annotated[int, Field(ge=0, le=23)]


class Text(Part):
    """A text for readers, in English and optionally in Chinese."""

    en: str = Field(min_length=1)
    zh: str | None = None


class Source(Part):
    """Where a value comes from: a document, its issuer and its date; never a mirror's address."""

    title: str = Field(min_length=1)
    issuer: str | None = None
    date: str | None = None
    clause: str | None = None


class Varied(Part):
    """Of which world or design this one is a variant, and what is otherwise in it: as an ``experiment`` writes it."""

    of: Name
    set: dict[str, str] = Field(min_length=1, description="path below it: its value, as YAML on one line")
