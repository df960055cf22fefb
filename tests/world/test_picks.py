"""Wishes and starts: laws of whole cells, picked by inverse transform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from injurysim.core.threefry import uniform_of
from injurysim.scenario.world import World
from injurysim.world.picks import PICK_CELLS, WANTED_MINUTES, picked, starts_of, wishes_of

Law = Callable[..., dict[str, Any]]


class TestPicks:
    """A look-up, and a search where a cell of u holds more than one number: always the inverse transform."""

    LAWS: tuple[dict[str, Any], ...] = (
        {"kind": "lognormal", "median": 8, "sigma": "0.3", "between": [1, 16]},
        {"kind": "uniform", "low": 0, "high": "19.9"},
        {"kind": "gamma", "mean": 1, "cv": 2, "between": [0, 18]},
        {"kind": "discrete", "values": [2, 2.5, 12], "weights": ["0.00001", "0.49999", "0.5"]},
        {"kind": "constant", "value": 8},
    )

    @pytest.mark.parametrize("hours", LAWS, ids=lambda law: law["kind"])
    def test_are_the_inverse_transform(self, law: Law, group: Law, hours: dict[str, Any]) -> None:
        work = {**group()["work"], "wanted_hours": hours}
        _, picks = wishes_of(World.model_validate(law(groups={"riders": group(work=work)})))
        (cdf,) = picks.cdf
        # Uniforms are odd multiples of 2⁻⁵³, so none is an edge of a cell itself.
        edges = np.arange(PICK_CELLS + 1) / PICK_CELLS
        u = np.concatenate([
            np.random.default_rng(2).random(20_000), edges[:-1] + 2.0**-53, np.nextafter(edges[1:], 0), cdf[cdf < 1],
            np.nextafter(cdf[cdf < 1], 1), np.nextafter(cdf[cdf > 0], 0), [2.0**-53, 1 - 2.0**-53],
        ])  # fmt: skip
        words = np.floor(u[(u > 0) & (u < 1)] * 2.0**52).astype(np.uint64) << np.uint64(12)
        found = [picked(picks, 0, word) for word in words]
        u = np.array([uniform_of(word) for word in words])
        assert found == np.searchsorted(cdf, u, side="left").tolist()

    def test_wishes_and_starts_are_rounded_half_up(self, law: Law, group: Law) -> None:
        work = {
            **group()["work"],
            "wanted_hours": {"kind": "uniform", "low": 4, "high": 12},
            "start_hour": {"kind": "uniform", "low": 6, "high": 14},
        }
        world = World.model_validate(law(groups={"riders": group(work=work)}))
        (_, wishes), starts = wishes_of(world), starts_of(world)
        cell = np.arange(wishes.cdf.shape[1])
        assert wishes.cdf[0] == pytest.approx(np.clip(((cell + 0.5) / 12 - 4) / 8, 0, 1))
        cell = np.arange(starts.cdf.shape[1])
        assert starts.cdf[0] == pytest.approx(np.clip(((cell + 0.5) / 4 - 6) / 8, 0, 1))

    def test_a_season_stretches_the_wishes(self, law: Law, group: Law) -> None:
        work = {**group()["work"], "wanted_hours": {"kind": "constant", "value": 8},
                "season": {"hours": {2: "1.25", 3: "0.5", 4: "1.25"}}}  # fmt: skip
        (season,), wishes = wishes_of(World.model_validate(law(groups={"riders": group(work=work)})))
        assert len(wishes.cdf) == 3
        assert season[1] == season[3]
        wished = [int(np.searchsorted(wishes.cdf[row], 0.5)) * WANTED_MINUTES for row in season[:4]]
        assert wished == [480, 600, 240, 600]
