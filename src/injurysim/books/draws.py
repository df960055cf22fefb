"""The draws of one claim: keyed by injury, scheme, stage and attempt, whatever else happens in the book."""

from __future__ import annotations

import numpy as np

from injurysim.core.randomness import Purpose, Streams, digest64
from injurysim.scenario.distribution import Random


class Draws:
    """Draws for an injury under a scheme; the same in every design that has the scheme under this name.

    Parameters
    ----------
    streams : Streams
        Seed and replication.
    injury_id, scheme : str
        Whose draws they are.
    """

    def __init__(self, streams: Streams, injury_id: str, scheme: str) -> None:
        self._streams = streams
        self._who = digest64(injury_id, scheme)

    def uniform(self, purpose: Purpose, attempt: int = 0) -> float:
        """Return a uniform strictly between 0 and 1 for a stage of the claim."""
        return self._streams.uniform_one(purpose, self._who, index=attempt)

    def value(self, purpose: Purpose, law: Random, attempt: int = 0) -> float:
        """Return a value of a distribution for a stage of the claim."""
        return float(law.law().ppf(np.array([self.uniform(purpose, attempt)]))[0])

    def whole(self, purpose: Purpose, law: Random, attempt: int = 0) -> int:
        """Return the nearest whole number to a value, at least 0."""
        return max(round(self.value(purpose, law, attempt)), 0)
