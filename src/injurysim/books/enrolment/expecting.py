"""The year a rider may expect before there is any month to go by: work, and injuries of somebody without frailty."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from injurysim.books.expected import ExpectedWork, expected_work
from injurysim.scenario.fatigue import Band, Factors, HoursOnShift
from injurysim.scenario.groups import Group
from injurysim.scenario.injuries import HazardInjuries
from injurysim.scenario.world import World
from injurysim.world.month import Floats
from injurysim.world.population import Population

MONTHS_OF_YEAR = 12


def expected_years(world: World, group: Group, portfolio: str) -> list[dict[str, float]]:
    """Return a year on each platform of a portfolio, in its order.

    Returns
    -------
    list of dict
        Of every measure of :data:`injurysim.books.past.MEASURES`, what twelve mean months come to; the injuries are
        those of hours at the hazard of the industry, with the group's factor, the factors of the situations and the
        mean multiplier by hours on shift, and without frailty, experience, weather and rests.
    """
    works = expected_work(group, portfolio, world)
    fatigue = mean_fatigue(world, group) * float(group.hazard_factor.value)
    hours = group.work.wanted_hours.law().mean()
    found = []
    for name, share in group.portfolios[portfolio].split.items():
        work = works[name]
        month = {
            "days_worked": work.days,
            "months_worked": work.months,
            "online_minutes": work.online_hours * 60,
            "engaged_minutes": work.engaged_hours * 60,
            "orders": work.orders,
            "earnings_fen": work.earnings_yuan * 100,
            # Hours of the rider, each once however many apps are open.
            "expected_injuries": work.days
            * hours
            * float(share.value)
            * fatigue
            * _hazard(world, world.platforms[name].industry, work),
        }
        found.append({measure: MONTHS_OF_YEAR * value for measure, value in month.items()})
    return found


def _hazard(world: World, industry: str, work: ExpectedWork[float]) -> float:
    """Return the hazard of an hour of such work at fatigue multiplier 1."""
    law = world.injuries
    if not isinstance(law, HazardInjuries) or industry not in law.per_1000_hours or not work.online_hours:
        return 0.0
    engaged = work.engaged_hours / work.online_hours
    on_order, waiting = (float(each.value) for each in (law.situations.on_order, law.situations.waiting))
    return float(law.per_1000_hours[industry].value) / 1000 * (engaged * on_order + (1 - engaged) * waiting)


def mean_fatigue(world: World, group: Group) -> float:
    """Return the multiplier by hours on shift of a mean worked hour, without rests: E[m(0..X)] / E[X], X hours wanted."""
    fatigue, wanted = world.fatigue, group.work.wanted_hours.law()
    bands: tuple[Band, ...] = ()
    if isinstance(fatigue, HoursOnShift):
        bands = fatigue.bands
    elif isinstance(fatigue, Factors):
        bands = fatigue.hours_on_shift or ()
    hours = wanted.mean()
    if not bands or not hours:
        return 1.0
    starts = [float(band.from_hours) for band in bands]
    limited = [wanted.limited_mean(each) for each in [*starts[1:], math.inf]]
    before = [0.0, *limited[:-1]]
    multipliers = [float(band.multiplier.value) for band in bands]
    return sum(m * (high - low) for m, low, high in zip(multipliers, before, limited, strict=True)) / hours


@dataclass(frozen=True)
class ExpectedYears:
    """Expected years of all portfolios of a world.

    Attributes
    ----------
    measures : name of a measure: a year of it by portfolio and place in it, shape (portfolios, most platforms of one).
    """

    measures: dict[str, Floats]

    @classmethod
    def of(cls, world: World, population: Population) -> ExpectedYears:
        """Work out the expected year of every portfolio."""
        years = [expected_years(world, world.groups[g], p) for g, p in population.portfolios]
        widest = max(len(each) for each in years)
        measures = {name: np.zeros((len(years), widest)) for name in years[0][0]}
        for row, each in enumerate(years):
            for place, year in enumerate(each):
                for name, value in year.items():
                    measures[name][row, place] = value
        return cls(measures)
