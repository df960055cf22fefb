"""How a scheme stands to the layers before it in the design: beside them, for the rest, or only where they are silent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from injurysim.scenario.names import Name
from injurysim.scenario.values import Part, distinct

Layers = Annotated[tuple[Name, ...], AfterValidator(distinct)]


class Stacked(Part):
    """Pays in full beside the others."""

    kind: Literal["stacked"]


class Offset(Part):
    """Pays what the layers named have not: of each class of benefit, the award less what they award of that class.

    Classes are medical cost, income while off work, disability, death. All layers before it when none are named.
    """

    kind: Literal["offset"]
    layers: Layers = Field(default=(), description="schemes of the design, listed before this one")


class Secondary(Part):
    """Pays only where no layer named pays anything. All layers before it when none are named."""

    kind: Literal["secondary"]
    layers: Layers = Field(default=(), description="schemes of the design, listed before this one")


Layer = Annotated[Stacked | Offset | Secondary, Field(discriminator="kind")]
