"""The shared rider model beside others: whether they hold the same model, and how fast they run it.

starsim and mesa are optional (``pip install -e '.[bench]'``); who is not installed is left out, and said to be.
"""

from __future__ import annotations

import importlib
import os
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from cases import Sizes
from engines import SEED, Kernel
from machine import version_of
from measure import timed
from shared_model import Tally, months_of, shared_world

from injurysim.core.randomness import Streams
from injurysim.world.fast import FastWorld

if TYPE_CHECKING:
    from shared_model import Floats

PEERS = ("starsim", "mesa")
MOST_ERRORS = 4.0
"""A peer and the world may differ by this many standard errors."""
MORE_HAZARD = 100
"""Agreement is looked at with a hazard raised so much that there are injuries to compare."""


def installed() -> dict[str, ModuleType]:
    """Import the peers that are installed: the module of each in this folder, by name."""
    os.environ.setdefault("STARSIM_INSTALL_FONTS", "0")  # nothing is drawn, and its fonts take seconds
    return {name: importlib.import_module(f"peer_{name}") for name in PEERS if version_of(name)}


def not_installed() -> dict[str, str]:
    """Say of the peers that are not installed why they are not measured."""
    return {
        name: f"{name} is not installed; pip install -e '.[bench]'" for name in PEERS if not version_of(name)
    }


class Shared:
    """The shared model in the kernel and in every peer that is installed."""

    def __init__(self, sizes: Sizes) -> None:
        self._riders = sizes.peer_riders
        calendar = months_of(1)
        self._days = int(calendar.month_starts[-1])
        self._kernel = Kernel(shared_world(self._riders), calendar)
        self._peers = installed()

    def run(self, replication: int) -> dict[str, float]:
        """Time a month of each.

        Returns
        -------
        dict
            Rider-days a second, of the days alone: ``kernel_shared`` and the names of the peers.
        """
        found = self._kernel.rates(replication, "kernel_shared")
        for name, peer in self._peers.items():
            run = peer.Run(self._riders, self._days, SEED + replication)
            with timed() as took:
                run.go()
            found[name] = self._riders * self._days / took.cpu
        return found


def agreement(riders: int) -> dict[str, dict[str, float]]:
    """Compare each peer with the world, so that another model is not timed.

    Returns
    -------
    dict
        By peer: differences of the means of shifts, hours, expected and happened injuries, in standard errors.

    Raises
    ------
    SystemExit
        If one is ``MOST_ERRORS`` or more.
    """
    peers = installed()
    if not peers:
        return {}
    calendar = months_of(1)
    ours, found = _world_tally(riders), {}
    for name, peer in peers.items():
        run = peer.Run(riders, int(calendar.month_starts[-1]), SEED, MORE_HAZARD)
        run.go()
        found[name] = errors = differences(run.tally(), ours)
        for what, error in errors.items():
            if not abs(error) < MOST_ERRORS:
                raise SystemExit(
                    f"{name} and the world differ in {what} by {error:.1f} standard errors: nothing was timed"
                )
    return found


def differences(one: Tally, other: Tally) -> dict[str, float]:
    """Return the differences of two tallies' means by rider, in standard errors."""
    return {what: _error(getattr(one, what), getattr(other, what)) for what in Tally.__dataclass_fields__}


def _error(one: Floats, other: Floats) -> float:
    variance = sum(np.var(each, ddof=1) / len(each) for each in (one, other))
    return float((one.mean() - other.mean()) / np.sqrt(variance))


def _world_tally(riders: int) -> Tally:
    world = FastWorld(shared_world(riders, MORE_HAZARD), months_of(1), Streams(SEED, 0))
    (month,) = world.months()
    rider, size = world.population.engagement_rider, len(world.population)
    return Tally(
        shifts=month.rider_days.astype(np.float64),
        hours=np.bincount(rider, month.online_minutes, size) / 60,
        expected=np.bincount(rider, month.expected_injuries, size),
        injuries=np.bincount(month.injuries.rider, minlength=size).astype(np.float64),
    )
