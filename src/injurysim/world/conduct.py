"""How riders deal with limits: who keeps which, and who switches apps at a log-off. Drawn once for each rider."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from injurysim.core.randomness import Purpose, Streams, digest32
from injurysim.scenario.limits import BadWeather, ConfirmAfter, Limit
from injurysim.scenario.world import World


@dataclass(frozen=True)
class Conduct:
    """One way to deal with the limits of a world.

    Attributes
    ----------
    ignored : names of limits that are not kept.
    switching : names of log-offs at which the rider goes on with the next app.
    """

    ignored: frozenset[str]
    switching: frozenset[str]


def draw_conduct(
    world: World, streams: Streams, who: NDArray[np.uint64]
) -> tuple[tuple[Conduct, ...], NDArray[np.int16]]:
    """Draw how each rider deals with the limits.

    Returns
    -------
    conducts : tuple of Conduct
        Those that occur.
    code : ndarray of int, shape (riders,)
        Index of each rider's.
    """
    limits = {name: limit for name, limit in world.limits.items() if not isinstance(limit, BadWeather)}
    bits = np.zeros(len(who), np.uint64)
    questions: list[tuple[Purpose, str, float]] = []
    for name, limit in limits.items():
        questions += [(Purpose.COMPLIANCE, name, _ignored_share(limit))]
        questions += [(Purpose.SWITCHING, name, _switch_share(limit))]
    for place, (purpose, name, share) in enumerate(questions):
        if share >= 1:
            bits |= np.uint64(1 << place)
        elif share > 0:
            bits |= (streams.uniform(purpose, who, 0, digest32(name)) < share).astype(np.uint64) << np.uint64(
                place
            )
    used, code = np.unique(bits, return_inverse=True)
    conducts = tuple(_conduct(int(each), questions) for each in used)
    return conducts, code.astype(np.int16)


def _conduct(bits: int, questions: list[tuple[Purpose, str, float]]) -> Conduct:
    said = {(purpose, name) for place, (purpose, name, _) in enumerate(questions) if bits >> place & 1}
    return Conduct(
        ignored=frozenset(name for purpose, name in said if purpose is Purpose.COMPLIANCE),
        switching=frozenset(name for purpose, name in said if purpose is Purpose.SWITCHING),
    )


def _ignored_share(limit: Limit) -> float:
    if isinstance(limit, ConfirmAfter):
        return float(limit.confirm_share.value)
    return 1 - float(limit.compliance.value)  # type: ignore[union-attr]


def _switch_share(limit: Limit) -> float:
    response = getattr(limit, "response", "stop")
    if response == "comply_or_switch":
        return float(limit.switch_share.value)  # type: ignore[union-attr]
    return 1.0 if response == "switch" else 0.0
