"""Mistakes put into a scenario, and what is said of them."""

from __future__ import annotations

from typing import NamedTuple


class Mistake(NamedTuple):
    """A text of a scenario, what stands there instead, and what is said of it.

    In ``new`` the sign ▸ marks the place of the mistake; it is not part of the file.
    """

    old: str
    new: str
    where: str
    said: str


def place_of(mark: str, text: str) -> tuple[int, int]:
    """Return line and column, both from 1, of a mark that stands once in a text."""
    assert text.count(mark) == 1
    before = text[: text.index(mark)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
