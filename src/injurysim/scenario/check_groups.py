"""Faults of a group: names that do not exist, draws that cannot be carried, chances of working above 1."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from injurysim.scenario.faults import RAREST, Fault, Path, outside, unknown
from injurysim.scenario.groups import (
    LAST_START,
    MOST_EXPERIENCE_MONTHS,
    MOST_WANTED_HOURS,
    Attendance,
    Group,
    Season,
)
from injurysim.scenario.names import Wet
from injurysim.scenario.world import World

AGES = (10, 110)
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def group_faults(at: Path, name: str, world: World) -> Iterator[Fault]:
    """Find the faults of one group of the world at a path."""
    group = world.groups[name]
    of_group = (*at, "groups", name)
    if group.region not in world.regions:
        yield unknown((*of_group, "region"), "region", group.region, world.regions)
    for portfolio_name, portfolio in group.portfolios.items():
        for platform in portfolio.split:
            if platform not in world.platforms:
                where = (*of_group, "portfolios", portfolio_name, "split", platform)
                yield unknown(where, "platform", platform, world.platforms)
    if not any(portfolio.weight.value for portfolio in group.portfolios.values()):
        yield (*of_group, "portfolios"), "no portfolio has a weight above 0.", "Give one of them a weight."
    yield from _draws(of_group, group)
    yield from _attendance((*of_group, "work", "attendance"), group, world)


def _draws(of_group: Path, group: Group) -> Iterator[Fault]:
    """Hold starts within a day, wanted work within the longest shift, ages among the living, and so on."""
    work = (*of_group, "work")
    yield from outside((*work, "start_hour"), group.work.start_hour, "hours of starting could", 0, LAST_START)
    longest = max([factor.value for factor in group.work.season.hours.values()], default=Decimal(1))
    most, what = float(MOST_WANTED_HOURS), "wanted hours could"
    if longest > 1:
        # Rounded down, so that the bound in the message is one that passes.
        most = math.floor(MOST_WANTED_HOURS / longest * 100) / 100
        what = (
            f"wanted hours, which the season multiplies by {longest} (to {MOST_WANTED_HOURS} at most), could"
        )
    yield from outside((*work, "wanted_hours"), group.work.wanted_hours, what, 0, most)
    yield from outside((*of_group, "age_years"), group.age_years, "ages could", *AGES)
    if group.tenure_months is not None:
        where = (*of_group, "tenure_months")
        yield from outside(where, group.tenure_months, "months from entry to leaving could", 0)
        if group.tenure_months.law().ppf(1 - RAREST) == 0:
            yield where, "nobody would stay.", "Give a law of months above 0, or leave it out: nobody leaves."
    if group.experience is not None and group.experience.at_start is not None:
        where = (*of_group, "experience", "at_start")
        what = "months of experience could"
        yield from outside(where, group.experience.at_start, what, 0, MOST_EXPERIENCE_MONTHS)


def _attendance(where: Path, group: Group, world: World) -> Iterator[Fault]:
    """Refuse a chance of working that season or weather could raise above 1: nothing is clipped."""
    month, in_season = _highest(group.work.season)
    state, in_weather = _best_weather(group.region, world)
    for kind in Attendance.model_fields:
        chance = getattr(group.work.attendance, kind).value
        product = chance * in_season * in_weather
        if product > 1:
            factors = [f"{chance}", *([f"{in_season} in {month}"] if month else [])]
            factors += [f"{in_weather} in {state}"] if state else []
            yield (
                (*where, kind),
                f"the chance of working could be above 1: {' × '.join(factors)} = {product}.",
                f"Nothing is clipped: let it be {_down(1 / (in_season * in_weather))} at most, or lower a factor.",
            )


def _highest(season: Season) -> tuple[str, Decimal]:
    """Return the month (none if all are 1 at most) with the highest factor on attendance, and the factor."""
    months = {MONTHS[month - 1]: factor.value for month, factor in sorted(season.attendance.items())}
    if len(months) < len(MONTHS):
        months = {"": Decimal(1), **months}
    best = max(months, key=months.__getitem__)
    return best, months[best]


def _best_weather(region: str, world: World) -> tuple[Wet | str, Decimal]:
    """Return the state that can occur in a region (none if dry is best) with the highest factor on attendance."""
    law = world.weather.regions.get(region) if world.weather else None
    if world.weather is None or law is None:
        return "", Decimal(1)
    occur = {
        state
        for chances in (law.chances, *law.by_month.values())
        for state, chance in chances.items()
        if chance.value
    }
    factors: dict[str, Decimal] = {"": Decimal(1)}
    factors |= {
        state: effect.attendance.value for state, effect in world.weather.effects.items() if state in occur
    }
    best = max(factors, key=factors.__getitem__)
    return best, factors[best]


def _down(number: Decimal) -> Decimal:
    """Round down to four decimals."""
    return (number * 10_000 // 1) / 10_000
