"""What is wrong between the parts of a scenario, before it has a position."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from decimal import Decimal
from difflib import get_close_matches

from injurysim.scenario.distribution import Random
from injurysim.scenario.values import Dated

Path = tuple[str | int, ...]
Fault = tuple[Path, str, str]
"""Where, what is wrong, what is allowed."""


class Key(str):
    """The last step of a path, when it is the key itself that is wrong and not what it holds."""

    __slots__ = ()


def unknown(path: Path, what: str, name: str, known: Iterable[str]) -> Fault:
    """Say that a name does not exist, with a near miss if there is one; at the key where the name is one."""
    if path[-1] == name:
        path = (*path[:-1], Key(name))
    names = list(known)
    close = get_close_matches(name, names, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    return path, f"there is no {what} '{name}'.", f"{hint}Known: {', '.join(names) or 'none'}."


def floor_above_ceiling(
    at: Path, floor: Dated[Decimal] | None, ceiling: Dated[Decimal] | None, start: dt.date
) -> Iterator[Fault]:
    """Refuse a floor above its ceiling, on any day from a start on which either changes."""
    if floor is None or ceiling is None:
        return
    for day in sorted({start, *floor.changes(), *ceiling.changes()}):
        if day >= start and floor.at(day) > ceiling.at(day):
            what = f"the floor of {floor.at(day)} yuan lies above the ceiling of {ceiling.at(day)} on {day}."
            yield (*at, "floor_yuan"), what, "Let the floor be the ceiling at most."
            return


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
