"""Drivers at fault: whose fault an injury is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from injurysim.core.randomness import Purpose, Streams, digest64
from injurysim.core.sums import Truths
from injurysim.scenario.designs import ThirdParty


def injured_at_fault(law: ThirdParty, streams: Streams, injury_ids: Sequence[str]) -> Truths:
    """Say of each injury whether somebody else is at fault, shape (injuries,).

    Drawn for the injury, whatever scheme or design asks; a larger share adds injuries to those of a smaller one.
    """
    who = np.array([digest64(injury_id) for injury_id in injury_ids], np.uint64)
    fault: Truths = streams.uniform(Purpose.AT_FAULT, who) < float(law.at_fault_share.value)
    return fault
