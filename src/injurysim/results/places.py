"""Places, each a world and a design or a world alone: their values, what they are called, what each is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from injurysim.results.metrics import OVER_ACCOUNTS, metric_of
from injurysim.scenario.stages import SEPARATOR

if TYPE_CHECKING:
    import pandas as pd

Place: TypeAlias = tuple[str, str | None]
"""A world, and a design or None for the world alone."""
Origins: TypeAlias = Mapping[str, Mapping[str, str]]
"""``worlds`` and ``designs`` -> variant -> what it is a variant of."""

ByPlace: TypeAlias = "dict[Place, dict[tuple[str, str], pd.Series[float]]]"
"""Values by place, then by metric and unit; each a series over replications."""


@dataclass(frozen=True)
class Pair:
    """A metric of a place, and of what it is compared with; both over the replications they share."""

    place: Place
    baseline: Place
    metric: str
    unit: str
    values: pd.Series[float]
    against: pd.Series[float]

    @property
    def n(self) -> int:
        """Replications with both values."""
        return int((self.values.notna() & self.against.notna()).sum())


def place_text(place: Place) -> str:
    """Write a place as a user does: ``world/design``, or the world alone."""
    return place[0] if place[1] is None else f"{place[0]}/{place[1]}"


def read_place(text: str) -> Place:
    """Read a place from ``world/design``, or ``world``.

    Examples
    --------
    >>> read_place("no-limit/pilot-2022"), read_place("no-limit")
    (('no-limit', 'pilot-2022'), ('no-limit', None))
    """
    world, slash, design = text.partition("/")
    return world, design if slash else None


def by_place(values: pd.DataFrame) -> ByPlace:
    """Sort values into places and metrics."""
    found: ByPlace = {}
    keys = [values[name].to_numpy() for name in ("world", "design", "metric", "unit")]
    series = values.set_index("replication")["value"]
    for (world, design, metric, unit), own in series.groupby(keys, dropna=False):
        place = (str(world), design if isinstance(design, str) else None)
        found.setdefault(place, {})[str(metric), str(unit)] = own.sort_index()
    return found


def pairs_of(
    series: ByPlace, place: Place, baseline: Place, accounts: Mapping[str, frozenset[str]]
) -> Iterator[Pair]:
    """Yield every metric that two places have in the same unit, and that counts the same accounts."""
    for (metric, unit), mine in series[place].items():
        theirs = series[baseline].get((metric, unit))
        if theirs is not None and alike(metric, place, baseline, accounts):
            yield Pair(place, baseline, metric, unit, *mine.align(theirs, join="inner"))


def alike(metric: str, place: Place, baseline: Place, accounts: Mapping[str, frozenset[str]]) -> bool:
    """Say whether a metric of two places counts the same accounts."""
    mine, theirs = (None if design is None else accounts.get(design) for _, design in (place, baseline))
    return metric_of(metric).name not in OVER_ACCOUNTS or mine == theirs


def baselines_of(
    place: Place, places: set[Place], world: str, design: str, origins: Origins | None = None
) -> list[Place]:
    """Return what a place is compared with: the baseline design in its world, itself in the baseline world.

    And, where its world or its design is a variant, itself in the world and as the design it is a variant of.

    Parameters
    ----------
    place : tuple of world and design
        As it was run; the design is None for the world alone.
    places : set of such
        Everything that was run.
    world, design : str
        The baseline.
    origins : mapping, optional
        ``worlds`` and ``designs`` -> variant -> what it is a variant of.
    """
    stage, own_design = place
    own_world, answered, answer = stage.partition(SEPARATOR)
    origins = origins or {}
    of_worlds, of_designs = origins.get("worlds", {}), origins.get("designs", {})
    wanted: list[Place] = []
    if own_design is None:
        wanted += [(world, None)] if stage != world else []
        wanted += [(f"{of_worlds[own_world]}{answered}{answer}", None)] if own_world in of_worlds else []
        wanted += [(f"{own_world}{SEPARATOR}{of_designs[answer]}", None)] if answer in of_designs else []
    else:
        designs = [design, of_designs.get(own_design, design)]
        worlds = [world, of_worlds.get(own_world, world)]
        wanted += [(own_world, other) for other in designs if other != own_design]
        wanted += [(other, own_design) for other in worlds if other != own_world]
    found = [
        (at, of) if (at, of) in places else (f"{at}{SEPARATOR}{of}", of) for at, of in dict.fromkeys(wanted)
    ]
    return [baseline for baseline in found if baseline in places]
