"""Faults of what stands beside a scheme: layers that are not before it, drivers who pay a loss that nobody values."""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.scenario.designs import Design
from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault, Path, unknown
from injurysim.scenario.layer import Stacked


def layer_faults(at: Path, design: Design) -> Iterator[Fault]:
    """Find layers that name themselves, a later scheme or one that the design does not have."""
    schemes = list(design.schemes)
    for place, (name, scheme) in enumerate(design.schemes.items()):
        where, layer, before = (*at, "schemes", name, "layer"), scheme.layer, schemes[:place]
        if isinstance(layer, Stacked):
            continue
        if not before:
            what = f"'{name}' is the first scheme of the design: there is no layer before it."
            yield where, what, "List the schemes it goes by before it, or make it `stacked`."
            continue
        for number, other in enumerate(layer.layers):
            at_name = (*where, "layers", number)
            if other == name:
                yield at_name, f"'{name}' names itself.", f"Before it stand: {', '.join(before)}."
            elif other in schemes and other not in before:
                what = f"'{other}' stands after '{name}', whose award it cannot know."
                yield at_name, what, f"List '{other}' before '{name}', or name one of: {', '.join(before)}."
            elif other not in schemes:
                yield unknown(at_name, "scheme", other, before)


def third_party_faults(at: Path, design: Design, scenario: Scenario) -> Iterator[Fault]:
    """Find drivers at fault who are to pay a share of a loss that is not valued."""
    if design.third_party is not None and scenario.losses is None:
        yield (
            (*at, "third_party"),
            "drivers at fault pay a share of the loss, and the scenario values none.",
            "Add `losses` to the scenario.",
        )
