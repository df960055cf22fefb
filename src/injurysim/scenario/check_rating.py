"""Faults of ratings: factors finer than the tables, grades that cannot be told apart, experience that never comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from injurysim.core.schemas import FACTOR_PLACES
from injurysim.scenario.check_contribution import places
from injurysim.scenario.contribution import Free
from injurysim.scenario.designs import Scheme
from injurysim.scenario.faults import Fault, Path
from injurysim.scenario.rating import (
    Experience,
    FixedFactor,
    Ladder,
    NoClaim,
    Rating,
    SetGrade,
    SetRating,
    Step,
)


def rating_faults(at: Path, scheme: Scheme) -> Iterator[Fault]:
    """Find the faults of a scheme's rating."""
    rule, where = scheme.rating, (*at, "rating")
    if isinstance(rule, FixedFactor) and places(rule.factor.value) > FACTOR_PLACES:
        yield (*where, "factor"), f"a factor has {FACTOR_PLACES} decimals at most.", "Round it."
    if isinstance(rule, Experience) and isinstance(scheme.contribution, Free):
        what = "nothing is owed under the scheme, so there is no experience to rate by."
        yield where, what, "Leave the rating out, or give a contribution."
    if isinstance(rule, NoClaim) and rule.claim_cap_yuan is not None:
        what = "a no-claim rating asks whether anything was paid for a claim, not how much."
        yield (*where, "claim_cap_yuan"), what, "Leave it out."
    key, steps = _steps(rule)
    for number, step in enumerate(steps):
        if places(step.factor.value) > FACTOR_PLACES:
            at_factor = (*where, key, number, "factor")
            yield at_factor, f"a factor has {FACTOR_PLACES} decimals at most.", "Round it."
    for grade, times in Counter(step.grade for step in steps).items():
        if times > 1:
            what = f"{times} of the {key} are called '{grade}', so tables could not tell them apart."
            yield (*where, key), what, "Give each its own label."


def _steps(rule: Rating) -> tuple[str, tuple[SetGrade | Step, ...]]:
    """Return the key under which a rating has its grades, and the grades."""
    if isinstance(rule, SetRating):
        return "grades", rule.grades
    return "steps", rule.steps if isinstance(rule, Ladder | NoClaim) else ()
