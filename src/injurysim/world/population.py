"""Riders as arrays: who they are, and what is drawn once for life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from injurysim.core.distributions import Gamma
from injurysim.core.randomness import Purpose, Streams, group_who
from injurysim.scenario.groups import GammaFrailty, Group
from injurysim.scenario.names import Relation
from injurysim.scenario.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

RELATIONS: tuple[str, ...] = get_args(Relation)
COHORT_AT_START = 0
"""Riders present on the first day; later cohorts are for an open population."""


@dataclass(frozen=True)
class Population:
    """Riders and their engagements (a rider on one platform of the portfolio).

    Arrays over riders have shape (riders,). ``engagement_*`` arrays have shape (engagements,), grouped by rider in
    rider order and, within a rider, in the order in which the portfolio's platforms are worked.
    ``first_engagement`` has shape (riders + 1,).
    """

    regions: tuple[str, ...]
    groups: tuple[str, ...]
    platforms: tuple[str, ...]
    portfolios: tuple[tuple[str, str], ...]
    who: NDArray[np.uint64]
    ordinal: Ints
    region: Ints
    group: Ints
    portfolio: Ints
    relation: Ints
    frailty: Floats
    age_years: Floats
    first_engagement: Ints
    engagement_rider: Ints
    engagement_platform: Ints

    def __len__(self) -> int:
        return len(self.who)

    def rider_id(self, rider: int) -> str:
        """Return the rider's path ``region/group/cohort/ordinal``, the same in every world and design."""
        region, group = self.regions[self.region[rider]], self.groups[self.group[rider]]
        return f"{region}/{group}/{COHORT_AT_START}/{self.ordinal[rider]}"


def draw_population(world: World, streams: Streams) -> Population:
    """Draw the riders of a world; every attribute is keyed by the rider's path alone."""
    return draw_riders(
        world, streams, {name: np.arange(group.riders.value) for name, group in world.groups.items()}
    )


def draw_riders(world: World, streams: Streams, ordinals: dict[str, NDArray[np.int64]]) -> Population:
    """Draw riders with given ordinals, group by group.

    Parameters
    ----------
    world : World
    streams : Streams
    ordinals : dict
        Group name: ordinals of its riders, any order, each at most once. A part of the population drawn alone
        is the same as in the whole.
    """
    regions, platforms = tuple(world.regions), tuple(world.platforms)
    portfolios = tuple(
        (name, portfolio) for name, group in world.groups.items() for portfolio in group.portfolios
    )
    parts = [_draw_group(world.groups[name], name, streams, numbers) for name, numbers in ordinals.items()]
    groups = tuple(world.groups)
    group = np.concatenate(
        [np.full(len(part["who"]), groups.index(name)) for name, part in zip(ordinals, parts, strict=True)]
    )
    region_of_group = np.array([regions.index(world.groups[name].region) for name in groups], np.int64)
    first_portfolio = {
        name: portfolios.index((name, next(iter(world.groups[name].portfolios)))) for name in groups
    }
    portfolio = np.concatenate(
        [part["portfolio"] + first_portfolio[name] for name, part in zip(ordinals, parts, strict=True)]
    ).astype(np.int64)

    worked = [
        np.array([platforms.index(name) for name in world.groups[g].portfolios[p].split], np.int64)
        for g, p in portfolios
    ]
    sizes = np.array([len(each) for each in worked], np.int64)[portfolio]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    engaged = [worked[each] for each in portfolio]
    return Population(
        regions=regions,
        groups=groups,
        platforms=platforms,
        portfolios=portfolios,
        who=np.concatenate([part["who"] for part in parts]),
        ordinal=np.concatenate([part["ordinal"] for part in parts]).astype(np.int64),
        region=region_of_group[group],
        group=group.astype(np.int64),
        portfolio=portfolio,
        relation=np.concatenate([part["relation"] for part in parts]).astype(np.int64),
        frailty=np.concatenate([part["frailty"] for part in parts]),
        age_years=np.concatenate([part["age_years"] for part in parts]),
        first_engagement=first,
        engagement_rider=np.repeat(np.arange(len(portfolio)), sizes),
        engagement_platform=np.concatenate(engaged) if engaged else np.zeros(0, np.int64),
    )


def _draw_group(
    group: Group, name: str, streams: Streams, ordinals: NDArray[np.int64]
) -> dict[str, NDArray[np.generic]]:
    """Draw the attributes of riders of one group; each is keyed by who, never by how many there are."""
    who = group_who(group.region, name, COHORT_AT_START, ordinals)
    relations = list(group.relation)
    relation_codes = np.array([RELATIONS.index(each) for each in relations], np.int64)
    chosen = streams.race(
        Purpose.RELATION, who, relations, [float(group.relation[each].value) for each in relations]
    )
    portfolio = streams.race(
        Purpose.PORTFOLIO,
        who,
        list(group.portfolios),
        [float(p.weight.value) for p in group.portfolios.values()],
    )
    return {
        "who": who,
        "ordinal": ordinals,
        "relation": relation_codes[chosen],
        "portfolio": portfolio,
        "frailty": _frailty(group, streams, who),
        "age_years": group.age_years.law().ppf(streams.uniform(Purpose.AGE, who)),
    }


def _frailty(group: Group, streams: Streams, who: NDArray[np.uint64]) -> Floats:
    if not isinstance(group.frailty, GammaFrailty):
        return np.ones(len(who))
    shape = float(group.frailty.shape.value)
    return Gamma(shape, 1 / shape).ppf(streams.uniform(Purpose.FRAILTY, who))
