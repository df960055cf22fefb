"""How riders deal with limits: drawn once for each rider and limit, keyed by names."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np

from injurysim.core.randomness import Streams, group_who
from injurysim.scenario.world import World
from injurysim.world.conduct import Conduct, draw_conduct

Law = Callable[..., dict[str, Any]]
FOUR = 4.0
N = 20_000
WHO = group_who("city", "riders", 0, np.arange(N))
CAP = {"kind": "day_logoff", "scope": "platform", "hours": 8}
LIMITS: dict[str, Any] = {
    "cap": {**CAP, "compliance": "0.7", "response": "comply_or_switch", "switch_share": "0.4"},
    "ask": {"kind": "confirm_after", "scope": "platform", "hours": 8, "confirm_share": "0.25"},
    "rest": {"kind": "rest_after_spell", "scope": "platform", "hours": 4, "rest_minutes": 20},
    "moved": {**CAP, "response": "switch"},
    "wet": {"kind": "bad_weather", "states": ["rain"]},
}


def drawn(
    law: Law, limits: dict[str, Any], who: np.ndarray = WHO
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return who ignores each limit, and who switches at it."""
    conducts, code = draw_conduct(World.model_validate(law(limits=limits)), Streams(3, 0), who)
    assert sorted(set(code.tolist())) == list(range(len(conducts)))  # those that occur

    def those(part: str) -> dict[str, np.ndarray]:
        return {name: np.array([name in getattr(each, part) for each in conducts])[code] for name in limits}

    return those("ignored"), those("switching")


def test_shares_are_those_of_the_limits_and_independent(law: Law) -> None:
    ignored, switching = drawn(law, LIMITS)
    for found, share in ((ignored["cap"], 0.3), (ignored["ask"], 0.25), (switching["cap"], 0.4)):
        assert abs(found.mean() - share) < FOUR * sqrt(share * (1 - share) / N)
    table = np.corrcoef([ignored["cap"], ignored["ask"], switching["cap"]])
    assert np.abs(table - np.eye(3)).max() < FOUR / sqrt(N)
    assert switching["moved"].all()
    assert not any(ignored[name].any() for name in ("rest", "moved", "wet"))
    assert not any(switching[name].any() for name in ("ask", "rest", "wet"))


def test_one_more_limit_or_another_order_changes_nobody(law: Law) -> None:
    before = drawn(law, LIMITS)
    more = {"new": {**CAP, "compliance": "0.5"}, **dict(reversed(LIMITS.items()))}
    after = drawn(law, more)
    for part, changed in zip(before, after, strict=True):
        for name, found in part.items():
            assert (changed[name] == found).all(), name


def test_a_rider_is_the_same_among_others(law: Law) -> None:
    some = np.array([7, 12_345, 3])
    everybody, few = drawn(law, LIMITS), drawn(law, LIMITS, WHO[some])
    for all_of, few_of in zip(everybody, few, strict=True):
        for name in LIMITS:
            assert (all_of[name][some] == few_of[name]).all()


def test_who_keeps_a_limit_keeps_a_stricter_one_too(law: Law) -> None:
    """One uniform for each rider: more compliance never makes anybody stop complying."""
    (less, _), (more, _) = (
        drawn(law, {"cap": {**CAP, "compliance": share}}) for share in ("0.5", "0.8")
    )  # fmt: skip
    assert (less["cap"] >= more["cap"]).all()
    assert less["cap"].sum() > more["cap"].sum()


def test_no_limits_no_ways_to_deal_with_them(law: Law) -> None:
    conducts, code = draw_conduct(World.model_validate(law()), Streams(3, 0), WHO)
    assert conducts == (Conduct(frozenset(), frozenset()),)
    assert not code.any()
