"""Running cells: the job that any worker can do, and who does it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial

from injurysim.core import kernel_cache
from injurysim.core.errors import InputError
from injurysim.core.machine import cores
from injurysim.core.parts import PackedCell, pack_cell
from injurysim.core.program import program_digest
from injurysim.experiments.plan import Cell, Plan
from injurysim.experiments.pools import Keep, on_executor, on_processes, told_when_workers_are_gone
from injurysim.experiments.watch import Watch
from injurysim.replication import Engine, run_cell
from injurysim.scenario.document import Scenario
from injurysim.world.tables import Tables


def run_cells(
    plan: Plan,
    cells: Sequence[Cell],
    keep: Keep,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    watch: Watch | None = None,
) -> None:
    """Run cells of a plan.

    Parameters
    ----------
    plan : Plan
        What they belong to.
    cells : sequence of Cell
        Those to run.
    keep : callable
        Called in this process with each cell that has ended and its packed tables, in whatever order.
    workers : int
        Processes of the default pool; 1 runs in this process. The cores are shared out among them: threads of a
        world and processes of replications together never outnumber the cores, unless the workers alone do.
    executor : Executor, optional
        Runs the cells instead of the pool, with one thread each. Its workers need this program and nothing else: what
        they make travels back.
    watch : Watch, optional
        Who is told.

    Raises
    ------
    BalanceError
        If a cell does not balance.
    InputError
        If a worker runs another version of this program.
    RunInterrupted
        If the workers are gone for good.
    """
    watch = watch or Watch()
    if not cells:
        return
    text = plan.scenario.model_dump_json(exclude_none=True)
    job = partial(run_one, text, seed=plan.seed, engine=plan.engine, program=program_digest())
    if executor is not None:
        with told_when_workers_are_gone():
            on_executor(executor, cells, job, keep)
        return
    number = min(workers, len(cells))
    # Kernels are compiled once, by the first cell, and not by every worker for itself.
    here = cells if number == 1 else cells[:1] if plan.engine == "fast" and kernel_cache.is_cold() else []
    for cell in here:
        keep(cell, job(cell, threads=cores(), on_month=partial(watch.on_month, cell)))
    if rest := cells[len(here) :]:
        number = min(workers, len(rest))
        threads = max(1, cores() // number)
        on_processes(rest, partial(job, threads=threads), keep, number, watch.on_note)


def run_one(
    text: str,
    cell: Cell,
    *,
    seed: int,
    engine: Engine,
    program: str,
    threads: int = 1,
    on_month: Callable[[int, int], None] = lambda _done, _all: None,
) -> PackedCell:
    """Run one cell; everything it depends on is in the arguments, so any worker gives the same tables."""
    if program != program_digest():
        raise InputError.of(
            "a worker has another version of injurysim, or of a library it uses, than the process that gave it the cell.",
            "Install the same on all machines; requirements.lock names the exact versions.",
            where="workers",
        )
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
    return pack_cell(cell.world, cell.replication, tables)


class _Last(threading.local):
    """The scenario a thread ran last, kept from cell to cell with its compiled worlds; threads share none."""

    text: str = ""
    scenario: Scenario
    compiled: dict[str, Tables]


_last = _Last()


def _scenario(text: str) -> tuple[Scenario, dict[str, Tables]]:
    if _last.text != text:
        _last.scenario, _last.compiled, _last.text = Scenario.model_validate_json(text), {}, text
    return _last.scenario, _last.compiled
