"""Limits as the walk of a shift reads them: one row of numbers a limit and app, for one rider's way to deal with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from injurysim.scenario.limits import (
    ConfirmAfter,
    DayLogoff,
    MonthLogoff,
    RestAfterSpell,
    WeekLogoff,
    whole_minutes,
)
from injurysim.scenario.world import World
from injurysim.world import layout
from injurysim.world.conduct import Conduct

Floats = NDArray[np.float64]
FatigueLimit = DayLogoff | WeekLogoff | MonthLogoff | ConfirmAfter | RestAfterSpell


def shift_limits(world: World, names: Sequence[str], conduct: Conduct, apps: Sequence[str]) -> Floats:
    """Return the limits of a shift that start afresh with it, shape (n, LIMIT_COLUMNS).

    Parameters
    ----------
    world : World
    names : sequence of str
        Limits that hold on the day.
    conduct : Conduct
        How the rider deals with them.
    apps : sequence of str
        Platforms of the portfolio.

    Raises
    ------
    InputError
        If a limit or its rest rounds to no minute at all.
    """
    kept = _kept(world, names, conduct)
    return _rows(world, {name: limit for name, limit in kept.items() if not _lasts(limit)}, conduct, apps)


def lasting_limits(
    world: World, names: Sequence[str], conduct: Conduct, apps: Sequence[str]
) -> tuple[Floats, list[str]]:
    """Return the limits whose meters run on from shift to shift, by week or month, and the name behind each row."""
    kept = {name: limit for name, limit in _kept(world, names, conduct).items() if _lasts(limit)}
    rows = [_rows(world, {name: limit}, conduct, apps) for name, limit in kept.items()]
    owners = [name for name, of_limit in zip(kept, rows, strict=True) for _ in of_limit]
    return np.concatenate([np.zeros((0, layout.LIMIT_COLUMNS)), *rows]), owners


def lasting_names(world: World) -> list[str]:
    """Return the names of the limits by week or month."""
    return [name for name, limit in world.limits.items() if isinstance(limit, WeekLogoff | MonthLogoff)]


def stacked(blocks: Sequence[Floats]) -> Floats:
    """Return the limits of several blocks one after another, shape (n, LIMIT_COLUMNS)."""
    return np.concatenate([np.zeros((0, layout.LIMIT_COLUMNS)), *blocks])


def spans(blocks: Sequence[Floats]) -> NDArray[np.int64]:
    """Return where each block begins and ends among :func:`stacked` ones, shape (blocks, 2)."""
    ends = np.cumsum([len(block) for block in blocks], dtype=np.int64)
    return np.stack([ends - [len(block) for block in blocks], ends], axis=1).astype(np.int64)


def _lasts(limit: FatigueLimit) -> bool:
    return isinstance(limit, WeekLogoff | MonthLogoff)


def _kept(world: World, names: Sequence[str], conduct: Conduct) -> dict[str, FatigueLimit]:
    found: dict[str, FatigueLimit] = {}
    for name in names:
        limit = world.limits[name]
        if isinstance(limit, FatigueLimit) and name not in conduct.ignored:
            found[name] = limit
    return found


def _rows(world: World, limits: dict[str, FatigueLimit], conduct: Conduct, apps: Sequence[str]) -> Floats:
    rows = []
    for name, limit in limits.items():
        scopes = [layout.ALL] if limit.scope == "all_platforms" else _applying(limit, apps)
        for scope in scopes:
            row = np.zeros(layout.LIMIT_COLUMNS)
            row[layout.SCOPE] = scope
            row[layout.CLOCK] = layout.CLOCK_ONLINE if limit.clock == "online" else layout.CLOCK_ENGAGED
            row[layout.MINUTES] = _minutes(limit, name)
            if isinstance(limit, RestAfterSpell):
                row[layout.REST] = whole_minutes(limit.rest_minutes.value, f"limits.{name}.rest_minutes")
            row[layout.SWITCH] = name in conduct.switching
            if isinstance(limit, DayLogoff):
                row[layout.OFF_AFTER] = float(limit.off_hours.value) * 60
            for k, app in enumerate(apps):
                row[layout.FIRST_COEFFICIENT + k] = _coefficient(world, limit, app)
            rows.append(row)
    return np.array(rows).reshape(len(rows), layout.LIMIT_COLUMNS)


def _applying(limit: FatigueLimit, apps: Sequence[str]) -> list[float]:
    """Return the apps of a portfolio that apply a limit of their own."""
    return [float(k) for k, app in enumerate(apps) if limit.platforms is None or app in limit.platforms]


def _coefficient(world: World, limit: FatigueLimit, app: str) -> float:
    """Minutes on the clock of a limit for a minute online, or with an order in hand."""
    if limit.clock == "billed":
        return float(world.platforms[app].billed_share.value)
    return 1 + float(limit.allowance.value) if limit.clock == "engaged_plus_allowance" else 1.0


def _minutes(limit: FatigueLimit, name: str) -> float:
    minutes = limit.hours.value * 60
    where = f"limits.{name}.hours"
    return float(whole_minutes(minutes, where)) if limit.clock == "online" else float(minutes)
