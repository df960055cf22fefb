"""Parts of the language that read well and are not at work yet: a scenario that uses one is refused, with its place.

Each line goes when the room that carries the part out is built.
"""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.scenario import (
    handling,
)
from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault
from injurysim.scenario.reporting import ReportBySeverity
from injurysim.scenario.values import Part, Value, iter_parts

KINDS: tuple[type[Part], ...] = (
    # handling
    handling.TwoStrands,
)

KEYS: dict[type[Part], tuple[str, ...]] = {
    ReportBySeverity: ("relations", "platforms", "awareness", "filing", "suppression"),
    handling.Desk: ("regions", "leave"),
    handling.Board: ("regions", "leave"),
    handling.Offices: ("round_the_clock",),
}


def awaiting_faults(scenario: Scenario) -> Iterator[Fault]:
    """Find what a scenario uses of the parts that are not at work yet."""
    for path, part in iter_parts(scenario):
        if isinstance(part, KINDS):
            kind = getattr(part, "kind", path[-1])
            yield (
                path,
                f"'{kind}' is part of the language but not available in this version.",
                "Leave it out.",
            )
        keys = KEYS.get(type(part), ())
        for key in keys:
            default = type(part).model_fields[key].get_default(call_default_factory=True)
            if _plain(getattr(part, key)) != _plain(default):
                what = f"'{key}' is part of the language but not available in this version."
                yield (*path, key), what, "Leave it out."


def _plain(value: object) -> object:
    return value.value if isinstance(value, Value) else value
