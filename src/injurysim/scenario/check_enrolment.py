"""Faults of enrolment and cover: names that no world has, ages and dates that leave nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from injurysim.scenario.designs import Scheme
from injurysim.scenario.enrolment import Eligible, Enrolment
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
    yield from _ages((*at, "eligible"), eligible)
    yield from _until((*at, "until"), scheme)
    for key in ("choice", "opt_out"):
        choice = getattr(enrolment, key, None)
        for name in getattr(choice, "groups", ()):
            if name not in world.groups:
                yield unknown((*at, "enrolment", key, "groups", name), "group", name, world.groups)
    yield from _joining((*at, "enrolment"), enrolment, world)


def _joining(at: Path, enrolment: Enrolment, world: World) -> Iterator[Fault]:
    """Find platforms and regions that do not exist among those that join, and a scheme that nobody joins."""
    if not enrolment.joining_dates():
        yield at, "no platform ever joins, so nobody is insured.", "Give `joins`, or dates in `platforms`."
    for each in enrolment.platforms:
        if each not in world.platforms:
            yield unknown((*at, "platforms", each), "platform", each, world.platforms)
    for name, region in enrolment.regions.items():
        where = (*at, "regions", name)
        if name not in world.regions:
            yield unknown(where, "region", name, world.regions)
        for each in region.platforms:
            if each not in world.platforms:
                yield unknown((*where, "platforms", each), "platform", each, world.platforms)


def _ages(at: Path, eligible: Eligible) -> Iterator[Fault]:
    youngest, oldest = eligible.age_from, eligible.age_below
    if youngest is not None and oldest is not None and youngest.value >= oldest.value:
        what = f"nobody is {youngest.value} or older and below {oldest.value}."
        yield (*at, "age_below"), what, f"Give an age above {youngest.value}, or leave one of the two out."


def _until(at: Path, scheme: Scheme) -> Iterator[Fault]:
    """Find an end that splits a month, or comes before anything has joined."""
    until, dates = scheme.until, scheme.enrolment.joining_dates()
    if until is None:
        return
    if until.day != 1:
        fix = f"Give {until:%Y-%m}-01 or the first of another month."
        yield at, f"a scheme ends with a month, not before {until}, since a month's base is not split.", fix
    elif dates and until <= min(dates):
        what = f"the scheme ends on {until}, before its first platform joins on {min(dates)}."
        yield at, what, "Give a later date, or leave it out."
