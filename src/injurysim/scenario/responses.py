"""Static answers of riders and platforms to a design: off unless stated, worked out before the run.

A design with responses runs on a world of its own, ``<world>~<design>``; nothing a book computes reaches a world.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from injurysim.scenario.groups import Reclassification
from injurysim.scenario.names import Name
from injurysim.scenario.values import NonNegative, Part, Share, Unit, Value


class RecoveryResponse(Part):
    """Absence grows with what the law replaces: days off are multiplied by 1 + elasticity x replacement rate.

    The replacement rate is that of the design's pay while recovering, over all schemes a rider of the group is in.
    """

    elasticity: Annotated[Value[NonNegative], Unit("relative rise of days off at full replacement")]


class PassThrough(Part):
    """A share of what platforms are charged is taken from the pay of riders: pay an order falls by it."""

    share: Annotated[Value[Share], Unit("share of the platforms' contribution an order")]


class ExitResponse(Part):
    """Fewer riders where work pays less: a group's size and entries fall by elasticity x relative loss of pay.

    The loss of pay is the worker's own contribution and what is passed through, over earnings.
    """

    elasticity: Annotated[Value[NonNegative], Unit("relative fall of riders for a relative fall of pay")]
    groups: dict[
        Name, Annotated[Value[NonNegative], Unit("relative fall of riders for a relative fall of pay")]
    ] = Field(default_factory=dict, description="a group's own elasticity")


class Responses(Part):
    """What riders and platforms do in answer to the design."""

    recovery: RecoveryResponse | None = None
    pass_through: PassThrough | None = None
    leaving: ExitResponse | None = None
    reclassified: Reclassification | None = Field(
        default=None, description="platforms move riders out of a relation class that has become dear"
    )
