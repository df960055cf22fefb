"""Drivers at fault: whether somebody else answers for an injury."""

from __future__ import annotations

from injurysim.core.randomness import Purpose, Streams, digest64
from injurysim.scenario.designs import ThirdParty


def is_at_fault(law: ThirdParty, injury_id: str, streams: Streams) -> bool:
    """Say whether somebody else is at fault: one draw an injury, the same for every design, scheme and account."""
    return streams.uniform_one(Purpose.AT_FAULT, digest64(injury_id)) < law.at_fault_share.value
