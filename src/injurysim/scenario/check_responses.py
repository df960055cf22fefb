"""Faults of responses: an answer may rest only on what a design says, never on what its book finds out."""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.scenario.choice import StatedShare
from injurysim.scenario.designs import Design, Scheme
from injurysim.scenario.enrolment import MainPlatform, Threshold, choice_of
from injurysim.scenario.faults import Fault, Path, unknown
from injurysim.scenario.injuries import HazardInjuries
from injurysim.scenario.rating import FixedFactor, NoRating
from injurysim.scenario.world import World

WHY = "A response is worked out before the run; leave `responses` out, or let the scheme state it."


def response_faults(at: Path, design: Design, worlds: dict[str, World]) -> Iterator[Fault]:
    """Find the faults of a design's responses on every world."""
    law = design.responses
    if law is None:
        return
    for name, scheme in design.schemes.items():
        yield from _unknowable((*at, "schemes", name), scheme)
    for world in worlds.values():
        for group in law.leaving.groups if law.leaving else ():
            if group not in world.groups:
                yield unknown((*at, "responses", "leaving", "groups", group), "group", group, world.groups)
        if law.recovery is not None and not isinstance(world.injuries, HazardInjuries):
            yield (
                (*at, "responses", "recovery"),
                "injuries that are listed one by one cannot take longer.",
                "Leave `recovery` out.",
            )


def _unknowable(at: Path, scheme: Scheme) -> Iterator[Fault]:
    """Find what only the book knows: grades, and who is insured by own choice or by work done."""
    if not isinstance(scheme.rating, NoRating | FixedFactor):
        yield (
            (*at, "rating"),
            f"the design has responses, and grades ('{scheme.rating.kind}') come from its book.",
            WHY,
        )
    rule = scheme.enrolment
    chosen = choice_of(rule)
    if isinstance(rule, MainPlatform | Threshold) or (
        chosen is not None and not isinstance(chosen, StatedShare)
    ):
        yield (
            (*at, "enrolment"),
            f"the design has responses, and who is insured ('{rule.kind}') comes from its book.",
            WHY,
        )
