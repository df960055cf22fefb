"""Riders as arrays: who they are, and what is drawn once for life."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.core.distributions import Gamma, lognormal_by_mean
from injurysim.core.randomness import Purpose, Streams, group_who
from injurysim.core.side_by_side import SideBySide
from injurysim.scenario.groups import GammaFrailty, Group, LognormalFrailty
from injurysim.scenario.names import Engager, Relation
from injurysim.scenario.world import World

Ints = NDArray[np.integer]
Floats = NDArray[np.float64]
Cohort = tuple[str, int]
"""A group and the number of a cohort: 0 for the riders of the first day, m + 1 for those who enter in month m."""

RELATIONS: tuple[str, ...] = get_args(Relation)
ENGAGERS: tuple[str, ...] = get_args(Engager)
NEVER = 1 << 30
"""Day of leaving of those who stay."""
DAYS_OF_MONTH = 30.4375
RIDERS_AT_ONCE = 50_000
"""Riders of a cohort that a thread draws together: each attribute takes several numbers for each of them on the way."""


@dataclass(frozen=True)
class Population:
    """Riders and their engagements (a rider on one platform of the portfolio), all who ever are there.

    Arrays over riders have shape (riders,). ``engagement_*`` arrays have shape (engagements,), grouped by rider in
    rider order and, within a rider, in the order in which the portfolio's platforms are worked.
    ``first_engagement`` has shape (riders + 1,). A rider is there from ``entry_day`` to the day before ``exit_day``;
    ``experience_months`` are those brought along.
    """

    regions: tuple[str, ...]
    groups: tuple[str, ...]
    platforms: tuple[str, ...]
    portfolios: tuple[tuple[str, str], ...]
    who: NDArray[np.uint64]
    cohort: Ints
    ordinal: Ints
    region: Ints
    group: Ints
    portfolio: Ints
    relation: Ints
    engager: Ints
    frailty: Floats
    age_years: Floats
    entry_day: Ints
    exit_day: Ints
    experience_months: Ints
    first_engagement: Ints
    engagement_rider: Ints
    engagement_platform: Ints

    def __len__(self) -> int:
        return len(self.who)

    def rider_id(self, rider: int) -> str:
        """Return the rider's path ``region/group/cohort/ordinal``, the same in every world and design."""
        region, group = self.regions[self.region[rider]], self.groups[self.group[rider]]
        return path_of(region, group, int(self.cohort[rider]), int(self.ordinal[rider]))


def path_of(region: str, group: str, cohort: int, ordinal: int) -> str:
    """Return a rider's path from its parts."""
    return f"{region}/{group}/{cohort}/{ordinal}"


def draw_population(world: World, calendar: Calendar, streams: Streams, *, threads: int = 1) -> Population:
    """Draw all riders of a world; every attribute is keyed by the rider's path alone."""
    everybody = {cohort: np.arange(size) for cohort, size in cohorts(world, calendar).items()}
    return draw_riders(world, calendar, streams, everybody, threads=threads)


def cohorts(world: World, calendar: Calendar) -> dict[Cohort, int]:
    """Return the sizes of all cohorts of a world; those of later months only where riders enter."""
    sizes: dict[Cohort, int] = {}
    for name, group in world.groups.items():
        sizes[name, 0] = group.riders.value
        if group.entry is not None:
            for month in range(calendar.months):
                sizes[name, month + 1] = group.entry.per_month.at(calendar.month_date(month))
    return sizes


def draw_riders(
    world: World,
    calendar: Calendar,
    streams: Streams,
    ordinals: dict[Cohort, NDArray[np.int64]],
    *,
    threads: int = 1,
) -> Population:
    """Draw riders with given ordinals, cohort by cohort.

    Parameters
    ----------
    world : World
    calendar : Calendar
        Its months are those in which riders enter.
    streams : Streams
    ordinals : dict
        Group and cohort: ordinals of its riders, any order, each at most once. A part of the population drawn alone
        is the same as in the whole.
    threads : int
        Cohorts, or parts of large ones, drawn side by side.
    """
    regions, platforms, groups = tuple(world.regions), tuple(world.platforms), tuple(world.groups)
    portfolios = tuple(
        (name, portfolio) for name, group in world.groups.items() for portfolio in group.portfolios
    )
    draw = partial(_draw_cohort, world, portfolios, calendar, streams)
    shared_out = [
        (cohort, some)
        for cohort, own in ordinals.items()
        for some in np.array_split(own, max(1, -(-len(own) // RIDERS_AT_ONCE)))
    ]
    with SideBySide(threads) as hands:
        parts = list(hands.begin(lambda share: draw(*share), shared_out))
    # Each attribute's parts are let go of as soon as they are put together.
    drawn = {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}
    worked = [
        np.array([platforms.index(name) for name in world.groups[g].portfolios[p].split], np.int32)
        for g, p in portfolios
    ]
    widest = max(len(each) for each in worked)
    table = np.full((len(portfolios), widest), -1, np.int32)
    for row, each in zip(table, worked, strict=True):
        row[: len(each)] = each
    sizes = np.array([len(each) for each in worked], np.int32)[drawn["portfolio"]]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    slots = table[drawn["portfolio"]]
    return Population(
        regions=regions,
        groups=groups,
        platforms=platforms,
        portfolios=portfolios,
        first_engagement=first,
        engagement_rider=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        engagement_platform=slots[slots >= 0],
        **drawn,
    )


def _draw_cohort(
    world: World,
    portfolios: tuple[tuple[str, str], ...],
    calendar: Calendar,
    streams: Streams,
    cohort: Cohort,
    ordinals: NDArray[np.int64],
) -> dict[str, NDArray[np.generic]]:
    """Draw the attributes of riders of one cohort; each is keyed by who, never by how many there are."""
    name, number = cohort
    group = world.groups[name]
    who = group_who(group.region, name, number, ordinals)
    first_portfolio = portfolios.index((name, next(iter(group.portfolios))))
    weights = {each: float(portfolio.weight.value) for each, portfolio in group.portfolios.items()}
    entry = _entry_day(number, calendar, streams, who)
    return {
        "who": who,
        "cohort": np.full(len(who), number, np.int16),
        "ordinal": np.asarray(ordinals, np.int32),
        "region": np.full(len(who), list(world.regions).index(group.region), np.int32),
        "group": np.full(len(who), list(world.groups).index(name), np.int32),
        "portfolio": _choice(Purpose.PORTFOLIO, who, weights, streams) + np.int32(first_portfolio),
        "relation": _relation(group, streams, who),
        "engager": _level(Purpose.ENGAGER, who, group.engager, ENGAGERS, streams),
        "frailty": _frailty(group, streams, who),
        "age_years": group.age_years.law().ppf(streams.uniform(Purpose.AGE, who)),
        "entry_day": entry,
        "exit_day": _exit_day(group, entry, streams, who),
        "experience_months": _experience(group, number, streams, who),
    }


def _choice(
    purpose: Purpose, who: NDArray[np.uint64], weights: dict[str, float], streams: Streams
) -> NDArray[np.int32]:
    """Return the place of the option each rider takes."""
    if len(weights) == 1:
        return np.zeros(len(who), np.int32)
    return streams.race(purpose, who, list(weights), list(weights.values())).astype(np.int32)


def _level(
    purpose: Purpose, who: NDArray[np.uint64], shares: Any, levels: tuple[str, ...], streams: Streams
) -> NDArray[np.int8]:
    codes = np.array([levels.index(each) for each in shares], np.int8)
    return codes[_choice(purpose, who, {each: float(share.value) for each, share in shares.items()}, streams)]


def _relation(group: Group, streams: Streams, who: NDArray[np.uint64]) -> NDArray[np.int8]:
    """Return the relation class as riders are treated: as drawn, then moved."""
    relation = _level(Purpose.RELATION, who, group.relation, RELATIONS, streams)
    for number, move in enumerate(group.reclassified):
        moved = streams.uniform(Purpose.RECLASSIFIED, who, index=number) < float(move.share.value)
        moved &= relation == RELATIONS.index(move.from_relation)
        relation[moved] = RELATIONS.index(move.to_relation)
    return relation


def _entry_day(
    cohort: int, calendar: Calendar, streams: Streams, who: NDArray[np.uint64]
) -> NDArray[np.int32]:
    """Return the day of entry: the first day, or one of the cohort's month drawn evenly."""
    if cohort == 0:
        return np.zeros(len(who), np.int32)
    first, last = calendar.month_starts[cohort - 1], calendar.month_starts[cohort]
    days: NDArray[np.float64] = np.floor(streams.uniform(Purpose.ENTRY, who) * (last - first))
    return np.asarray(first + days, np.int32)


def _exit_day(
    group: Group, entry: NDArray[np.int32], streams: Streams, who: NDArray[np.uint64]
) -> NDArray[np.int32]:
    """Return the first day on which the rider has left."""
    if group.tenure_months is None:
        return np.full(len(who), NEVER, np.int32)
    months = group.tenure_months.law().ppf(streams.uniform(Purpose.TENURE, who))
    days = np.clip(np.floor(months * DAYS_OF_MONTH + 0.5), 1, NEVER - 1_000_000)
    return entry + days.astype(np.int32)


def _experience(group: Group, cohort: int, streams: Streams, who: NDArray[np.uint64]) -> NDArray[np.int32]:
    """Return the whole months of experience brought along: none by those who enter."""
    if cohort or group.experience is None or group.experience.at_start is None:
        return np.zeros(len(who), np.int32)
    months = group.experience.at_start.law().ppf(streams.uniform(Purpose.EXPERIENCE, who))
    return np.floor(months).astype(np.int32)


def _frailty(group: Group, streams: Streams, who: NDArray[np.uint64]) -> Floats:
    if isinstance(group.frailty, GammaFrailty):
        shape = float(group.frailty.shape.value)
        return Gamma(shape, 1 / shape).ppf(streams.uniform(Purpose.FRAILTY, who))
    if isinstance(group.frailty, LognormalFrailty):
        return lognormal_by_mean(1.0, float(group.frailty.cv.value)).ppf(
            streams.uniform(Purpose.FRAILTY, who)
        )
    return np.ones(len(who))
