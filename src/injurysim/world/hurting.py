"""Marks of an injury that decide what follows it, as the kernel draws them."""

from __future__ import annotations

import numpy as np

from injurysim.core.distributions import integer_cdf
from injurysim.scenario.injuries import MOST_DAYS_OFF, HazardInjuries
from injurysim.scenario.world import World
from injurysim.world.roster import Hurting


def hurting(world: World, recovery: int) -> Hurting:
    """Return the tables of severity and days off of a world; empty when its injuries are listed."""
    severities = (
        list(world.injuries.severities.values()) if isinstance(world.injuries, HazardInjuries) else []
    )
    rows = [integer_cdf(severity.days_off.law(), 0, MOST_DAYS_OFF) for severity in severities]
    return Hurting(
        severity_cdf=cumulative([float(each.share.value) for each in severities]),
        days_off_cdf=np.array(rows).reshape(len(rows), MOST_DAYS_OFF + 1),
        fatal=np.array([each.fatal for each in severities], np.bool_),
        recovery=recovery,
    )


def cumulative(shares: list[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return cumulative shares with the last entry exactly 1 (empty stays empty)."""
    total = np.cumsum(shares)
    if len(total):
        total[-1] = 1.0
    return total
