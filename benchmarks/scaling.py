"""How the kernel's time grows with riders, months, platforms and hazard; and two workers beside one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from cases import Grid
from engines import Kernel
from shared_model import capped_world, months_of
from whole import Workers

if TYPE_CHECKING:
    from injurysim.scenario.document import Scenario

ROUNDS = 3
"""At most so many rounds of this: the large sizes take most of the time of a run."""


class Scaling:
    """One dimension at a time, the others as they are; kernels are made when first asked for."""

    def __init__(self, full: Scenario, quickstart: Scenario, grid: Grid, pool: ProcessPoolExecutor) -> None:
        def of(riders: int, months: int = 1, hazard: int = 1) -> Callable[[], Kernel]:
            return lambda: Kernel.of(full, riders, months, hazard)

        def capped(platforms: int) -> Callable[[], Kernel]:
            return lambda: Kernel(capped_world(grid.base_riders, platforms), months_of(1))

        self._makers = {
            **{f"riders.{riders}": of(riders) for riders in grid.riders},
            **{f"months.{months}": of(grid.base_riders, months) for months in grid.months},
            **{f"platforms.{number}": capped(number) for number in grid.platforms},
            **{f"hazard.{times}": of(grid.base_riders, hazard=times) for times in grid.hazards},
        }
        self._kernels: dict[str, Kernel] = {}
        self._workers = Workers(quickstart, grid, pool)

    def run(self, replication: int, *, warm_up: bool) -> dict[str, float]:
        """Time every point.

        Returns
        -------
        dict
            Nanoseconds a rider-day, ``ns.<dimension>.<value>``; and what :meth:`whole.Workers.run` returns.
        """
        found = {}
        for name, make in self._makers.items():
            kernel = self._kernels.get(name) or self._kernels.setdefault(name, make())
            found[f"ns.{name}"] = 1e9 * kernel.took(replication).cpu / kernel.rider_days
        return found | self._workers.run(cold=not warm_up)
