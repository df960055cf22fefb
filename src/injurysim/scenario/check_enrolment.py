"""Faults of enrolment: names that no world has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from injurysim.scenario.designs import Scheme
from injurysim.scenario.faults import Fault, Path, unknown
from injurysim.scenario.world import World


def enrolment_faults(at: Path, scheme: Scheme, world: World) -> Iterator[Fault]:
    """Find what eligibility and enrolment of a scheme name and a world does not have."""
    eligible, enrolment = scheme.eligible, scheme.enrolment
    industries = dict.fromkeys(platform.industry for platform in world.platforms.values())
    listed: list[tuple[str, str, Iterable[str] | None, Iterable[str]]] = [
        ("industries", "industry", eligible.industries, industries),
        ("platforms", "platform", eligible.platforms, world.platforms),
        ("regions", "region", eligible.regions, world.regions),
        ("groups", "group", eligible.groups, world.groups),
    ]
    for key, what, names, known in listed:
        for place, each in enumerate(names or ()):
            if each not in known:
                yield unknown((*at, "eligible", key, place), what, each, known)
    for each in enrolment.platforms:
        if each not in world.platforms:
            yield unknown((*at, "enrolment", "platforms", each), "platform", each, world.platforms)
    for name, region in enrolment.regions.items():
        where = (*at, "enrolment", "regions", name)
        if name not in world.regions:
            yield unknown(where, "region", name, world.regions)
        for each in region.platforms:
            if each not in world.platforms:
                yield unknown((*where, "platforms", each), "platform", each, world.platforms)
