"""A whole cell by its parts, ten designs beside one, claims through SimPy, two workers beside one."""

from __future__ import annotations

import os
import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from cases import Grid, Sizes, everything_reported, with_designs, with_horizon, with_world
from engines import SEED
from measure import Stopwatch, Took, timed

from injurysim import replication as cell
from injurysim.books.book import Book
from injurysim.experiments.finishing import finish_cells
from injurysim.experiments.means import Means
from injurysim.experiments.plan import Plan

if TYPE_CHECKING:
    from injurysim.scenario.document import Scenario
    from injurysim.world.tables import Tables

PARTS = ("riders", "world", "books", "tables", "checks")
"""Parts of a cell: drawing riders, the world's months, the books (all else), building tables, balance identities."""
STAFF = 50


class Cell:
    """One cell, run again and again with its law compiled once."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._compiled: dict[str, Tables] = {}

    def seconds(self, replication: int) -> float:
        """Run the cell and return what it took."""
        with timed() as took:
            cell.run_cell(
                self.scenario, self.scenario.baseline.world, replication, seed=SEED, compiled=self._compiled
            )
        return took.cpu

    def parts(self, replication: int) -> dict[str, float]:
        """Run the cell and return the seconds of its parts; the books are what is left of the whole."""
        watch = Stopwatch()
        make_world = watch.wrap("riders", cell.make_world)

        def timed_world(*args: Any, **options: Any) -> Any:
            running = make_world(*args, **options)
            months = running.months
            running.months = lambda: watch.iterate("world", months())
            return running

        with (
            patch.object(cell, "make_world", timed_world),
            patch.object(cell, "_tables", watch.wrap("tables", cell._tables)),
            patch.object(cell, "_check", watch.wrap("checks", cell._check)),
        ):
            whole = self.seconds(replication)
        known = watch.seconds
        return {part: known.get(part, whole - sum(known.values())) for part in PARTS}


class Designs:
    """Ten designs on one world beside one, with its injuries and without any."""

    def __init__(self, scenario: Scenario, sizes: Sizes) -> None:
        self._cells = {
            f"{name}_{injuries}": Cell(with_designs(with_horizon(world, sizes.design_months), number))
            for injuries, riders, hazard in (
                ("injuries", sizes.design_riders, 1),
                ("no_injuries", sizes.design_riders, 0),
                ("few_riders", sizes.riders, 0),
            )
            for world in [with_world(scenario, riders, hazard)]
            for name, number in (("one_design", 1), ("ten_designs", 10))
        }

    def run(self, replication: int) -> dict[str, float]:
        """Return the seconds of each cell: ``one_design_injuries``, ``ten_designs_injuries`` and so on."""
        return {name: each.seconds(replication) for name, each in self._cells.items()}


class Claims:
    """The book of one design on a small world with many injuries, all of them reported."""

    def __init__(self, scenario: Scenario, sizes: Sizes) -> None:
        world = with_horizon(with_world(scenario, sizes.claim_riders, sizes.claim_hazard), 3, 18)
        self._scenario = everything_reported(with_designs(world, 1), STAFF)
        self._compiled: dict[str, Tables] = {}

    def run(self, replication: int) -> dict[str, float]:
        """Time the book from the month's injuries to the last payment, and nothing around it.

        Returns
        -------
        dict
            ``claims``: files a second, opened, moved through the offices and closed in the book's SimPy;
            ``claims_closed``: the share of them that are closed by the end.
        """
        watch = Stopwatch()
        with (
            patch.object(Book, "keep", watch.wrap("book", Book.keep)),
            patch.object(Book, "run_off", watch.wrap("book", Book.run_off)),
        ):
            tables = cell.run_cell(
                self._scenario, self._scenario.baseline.world, replication, seed=SEED, compiled=self._compiled
            )
        closed = [part.column("closed_at") for part in tables["claims"]]
        files = sum(len(column) for column in closed)
        return {
            "claims": files / watch.seconds["book"],
            "claims_closed": 1 - sum(column.null_count for column in closed) / files,
        }


class Workers:
    """A small plan with one worker, with two that are warm, and with two that have yet to start."""

    def __init__(self, scenario: Scenario, grid: Grid, pool: ProcessPoolExecutor) -> None:
        small = with_designs(with_horizon(with_world(scenario, grid.base_riders), grid.plan_months), 3)
        self._plan, self._pool = Plan(small, replications=grid.plan_cells, seed=SEED), pool

    def run(self, *, cold: bool) -> dict[str, float]:
        """Run the plan each way.

        Returns
        -------
        dict
            Wall seconds ``one_worker``, ``two_workers`` and, if asked for, ``two_workers_cold``; and seconds of
            the processor ``one_worker_cpu`` and ``two_workers_cpu``, of the busier of the two, which neighbours on
            the same cores do not lengthen.
        """
        one = self._took()
        before = dict(self._pool.map(_own_seconds, range(2)))
        two = self._took(executor=self._pool)
        after = dict(self._pool.map(_own_seconds, range(2)))
        busier = max(seconds - before.get(worker, 0.0) for worker, seconds in after.items())
        found = {
            "one_worker": one.wall,
            "two_workers": two.wall,
            "one_worker_cpu": one.cpu,
            "two_workers_cpu": two.cpu + busier,
        }
        return found | {"two_workers_cold": self._took(workers=2).wall} if cold else found

    def _took(self, **options: Any) -> Took:
        folder = Path(mkdtemp(prefix="injurysim-benchmark-"))
        try:
            with timed() as took:
                finish_cells(self._plan, self._plan.cells, folder, Means(**options))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return took


def _own_seconds(_: int) -> tuple[int, float]:
    """Return this worker and its seconds so far; the nap lets the other worker take the other question."""
    time.sleep(0.3)
    return os.getpid(), time.process_time()
