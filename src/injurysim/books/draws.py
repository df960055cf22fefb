"""The draws of claims: keyed by injury, scheme, stage and attempt, whatever else happens in the book."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from injurysim.core.randomness import Purpose, Streams, digest64
from injurysim.scenario.distribution import Random

Floats = NDArray[np.float64]


class Lot:
    """The claims of a scheme that are opened together; what one of them draws is drawn for all of them at once.

    A draw depends on its own claim alone, so which claims share a lot changes nothing but the time it takes.

    Parameters
    ----------
    streams : Streams
        Seed and replication.
    injury_ids : sequence of str
        The injuries, one claim each.
    scheme : str
        The scheme.
    """

    def __init__(self, streams: Streams, injury_ids: Sequence[str], scheme: str) -> None:
        self._streams = streams
        self._who = np.array([digest64(injury_id, scheme) for injury_id in injury_ids], np.uint64)
        self._uniforms: dict[tuple[Purpose, int], Floats] = {}
        self._values: dict[tuple[Purpose, int, int], tuple[Random, Floats]] = {}

    def uniforms(self, purpose: Purpose, attempt: int) -> Floats:
        """Return a uniform strictly between 0 and 1 for each claim."""
        key = (purpose, attempt)
        if key not in self._uniforms:
            self._uniforms[key] = self._streams.uniform(purpose, self._who, index=attempt)
        return self._uniforms[key]

    def values(self, purpose: Purpose, law: Random, attempt: int) -> Floats:
        """Return a value of a distribution for each claim."""
        key = (purpose, attempt, id(law))  # the law is kept beside, so that no other takes its place
        known = self._values.get(key)
        if known is None:
            known = self._values[key] = law, law.law().ppf(self.uniforms(purpose, attempt))
        return known[1]


class Draws:
    """Draws for an injury under a scheme; the same in every design that has the scheme under this name.

    Parameters
    ----------
    lot : Lot
        The claims it was opened with.
    place : int
        Its place among them.
    """

    __slots__ = ("_lot", "_place")

    def __init__(self, lot: Lot, place: int) -> None:
        self._lot, self._place = lot, place

    def uniform(self, purpose: Purpose, attempt: int = 0) -> float:
        """Return a uniform strictly between 0 and 1 for a stage of the claim."""
        return float(self._lot.uniforms(purpose, attempt)[self._place])

    def value(self, purpose: Purpose, law: Random, attempt: int = 0) -> float:
        """Return a value of a distribution for a stage of the claim."""
        return float(self._lot.values(purpose, law, attempt)[self._place])

    def whole(self, purpose: Purpose, law: Random, attempt: int = 0) -> int:
        """Return the nearest whole number to a value, at least 0."""
        return max(round(self.value(purpose, law, attempt)), 0)


class PersonDraws:
    """Draws about the injured rather than about a claim: the same under every scheme and in every design.

    Parameters
    ----------
    streams : Streams
        Seed and replication.
    injury_id : str
        The injury.
    """

    __slots__ = ("_streams", "who")

    def __init__(self, streams: Streams, injury_id: str) -> None:
        self._streams, self.who = streams, digest64(injury_id)

    def uniform(self, purpose: Purpose, index: int = 0) -> float:
        """Return a uniform strictly between 0 and 1."""
        return self._streams.uniform_one(purpose, self.who, index=index)

    def value(self, purpose: Purpose, law: Random, index: int = 0) -> float:
        """Return a value of a distribution."""
        return float(law.law().ppf(self.uniform(purpose, index)))
