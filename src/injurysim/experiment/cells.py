"""Running cells: here, or on any ``concurrent.futures`` executor."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

from injurysim.core import kernel_cache
from injurysim.core.errors import RunInterrupted
from injurysim.core.machine import cores
from injurysim.core.parts import write_cell
from injurysim.experiment.plan import Cell, Plan
from injurysim.replication import Engine, run_cell
from injurysim.scenario.document import Scenario
from injurysim.world.tables import Tables

OnMonth = Callable[[Cell, int, int], None]
"""Told of a cell: months done, and months there are."""


def run_plan(
    plan: Plan,
    folder: Path,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    skip: Iterable[Cell] = (),
    on_done: Callable[[Cell], None] = lambda _: None,
    on_month: OnMonth = lambda _cell, _done, _all: None,
) -> None:
    """Run every cell of a plan and write its tables into a folder as it ends.

    Parameters
    ----------
    plan : Plan
        What to run.
    folder : Path
        Where the parts of the tables go.
    workers : int
        Processes of the default pool; 1 runs in this process. The cores are shared out among them: threads of a
        world and processes of replications together never outnumber the cores, unless the workers alone do.
    executor : Executor, optional
        Runs the cells instead of the pool, with one thread each; it must see the folder.
    skip : iterable of Cell
        Cells whose tables stand already.
    on_done : callable
        Called with each cell that has ended.
    on_month : callable
        Called with a cell, its months done and its months in all, while a cell runs in this process.

    Raises
    ------
    RunInterrupted
        On Ctrl-C or a full disk; the cells that have ended are kept.
    BalanceError
        If a cell does not balance.
    """
    done = set(skip)
    cells = [cell for cell in plan.cells if cell not in done]
    if not cells:
        return
    text = plan.scenario.model_dump_json(exclude_none=True)
    job = partial(_run_one, text, seed=plan.seed, engine=plan.engine, folder=folder)
    try:
        if executor is not None:
            _on_executor(executor, cells, job, on_done)
            return
        number = min(workers, len(cells))
        # Kernels are compiled once, by the first cell, and not by every worker for itself.
        here = cells if number == 1 else cells[:1] if plan.engine == "fast" and kernel_cache.is_cold() else []
        for cell in here:
            job(cell, threads=cores(), on_month=partial(on_month, cell))
            on_done(cell)
        if cells := cells[len(here) :]:
            number = min(workers, len(cells))
            threads = max(1, cores() // number)
            # A fresh interpreter for each worker: forking a process that has run compiled threads is not safe.
            with ProcessPoolExecutor(number, mp_context=get_context("spawn")) as pool:
                _on_executor(pool, cells, partial(job, threads=threads), on_done)
    except KeyboardInterrupt:
        raise RunInterrupted(
            "interrupted; the replications that have ended are kept, go on with --resume"
        ) from None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise RunInterrupted("the disk is full; make room and go on with --resume") from error
        raise


def _on_executor(
    executor: Executor, cells: list[Cell], job: Callable[[Cell], None], on_done: Callable[[Cell], None]
) -> None:
    running: dict[Future[None], Cell] = {executor.submit(job, cell): cell for cell in cells}
    try:
        while running:
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                future.result()
                on_done(running.pop(future))
    except BaseException:
        for future in running:
            future.cancel()
        raise


def _run_one(
    text: str,
    cell: Cell,
    *,
    seed: int,
    engine: Engine,
    folder: Path,
    threads: int = 1,
    on_month: Callable[[int, int], None] = lambda _done, _all: None,
) -> None:
    """Run one cell; everything it depends on is in the arguments, so any worker gives the same tables."""
    scenario, compiled = _scenario(text)
    tables = run_cell(
        scenario,
        cell.world,
        cell.replication,
        seed=seed,
        engine=engine,
        compiled=compiled,
        threads=threads,
        on_month=on_month,
    )
    write_cell(folder, cell.world, cell.replication, tables)


@lru_cache(maxsize=2)
def _scenario(text: str) -> tuple[Scenario, dict[str, Tables]]:
    """Return the scenario, and a place for its compiled worlds, kept by the worker from cell to cell."""
    return Scenario.model_validate_json(text), {}
