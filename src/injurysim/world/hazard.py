"""What multiplies a rider's hazard for a whole month: group, frailty, experience and shocks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from injurysim.core.distributions import gamma_by_mean
from injurysim.core.randomness import Purpose, Streams, digest64
from injurysim.scenario.groups import Experience, Group
from injurysim.scenario.world import World
from injurysim.world.monthly import multiply
from injurysim.world.population import Population

MOST_MONTHS = 1200


def rider_factors(world: World, population: Population, streams: Streams, month: int) -> NDArray[np.float64]:
    """Return the factor of each rider on the hazard in a month, shape (riders,)."""
    longest = min(month + int(population.experience_months.max(initial=0)), MOST_MONTHS)
    common, by_month = np.ones(len(world.groups)), np.ones((len(world.groups), longest + 1))
    for code, (name, group) in enumerate(world.groups.items()):
        common[code] = float(group.hazard_factor.value) * shock_factor(group, name, streams, month)
        if group.experience is not None:
            by_month[code] = experience_factor(group.experience, np.arange(longest + 1))
    factors = np.empty(len(population))
    multiply(
        population.frailty, population.group, population.cohort, population.experience_months,
        month, common, by_month, factors,
    )  # fmt: skip
    return factors


def months_of_experience(population: Population, month: int) -> NDArray[np.integer]:
    """Whole calendar months since the month of entry and those brought along, shape (riders,); at least 0."""
    since_entry = np.where(population.cohort > 0, month + 1 - population.cohort, month)
    return np.maximum(since_entry, 0) + population.experience_months


def experience_factor(experience: Experience, months: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return 1 + (at_entry - 1) exp(-m / months)."""
    excess = float(experience.at_entry.value) - 1
    return 1 + excess * np.exp(-months / float(experience.months.value))


def shock_factor(group: Group, name: str, streams: Streams, month: int) -> float:
    """Return the factor all riders of a group share in a month."""
    if group.shock is None:
        return 1.0
    period = month // group.shock.months.value
    u = streams.uniform_one(Purpose.SHOCK, digest64("shock", group.region, name), period)
    return float(gamma_by_mean(1.0, float(group.shock.cv.value)).ppf(u))
