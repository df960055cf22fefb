"""What is wrong between the parts of a scenario, before it has a position."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from injurysim.scenario.distribution import Random

Path = tuple[str | int, ...]
Fault = tuple[Path, str, str]
"""Where, what is wrong, what is allowed."""


def unknown(path: Path, what: str, name: str, known: Iterable[str]) -> Fault:
    """Say that a name does not exist, with a near miss if there is one."""
    names = list(known)
    close = get_close_matches(name, names, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    return path, f"there is no {what} '{name}'.", f"{hint}Known: {', '.join(names) or 'none'}."


RAREST = 1e-9
"""Draws rarer than this are not asked after: a law need not be bounded for their sake."""


def outside(path: Path, law: Random, what: str, lowest: float, highest: float = math.inf) -> Iterator[Fault]:
    """Find a law whose draws could lie outside what they stand for.

    Parameters
    ----------
    path : path
        Where the law stands.
    law : distribution
        The law.
    what : str
        What it draws, with a verb: ``"days off could"``.
    lowest, highest : float
        The interval its draws must lie in.
    """
    low, high = law.law().ppf([RAREST, 1 - RAREST])
    if low < lowest or high > highest:
        beyond = f" or above {highest:,.6g}" if highest < math.inf else ""
        bounds = f"[{lowest:g}, {highest:g}]" if highest < math.inf else f"[{lowest:g}, …]"
        yield (
            path,
            f"{what} lie below {lowest:g}{beyond}.",
            f"Bound the distribution with `between: {bounds}`.",
        )
