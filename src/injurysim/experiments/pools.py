"""Where cells run: on any ``concurrent.futures`` executor, or on processes of our own that may die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType

from injurysim.core.errors import RunInterrupted
from injurysim.core.parts import PackedCell
from injurysim.experiments.plan import Cell
from injurysim.experiments.signals import out_of_reach_of_the_terminal, undisturbed

Job = Callable[[Cell], PackedCell]
"""Runs a cell wherever it is called; can be pickled, and imported by name."""
Keep = Callable[[Cell, PackedCell], None]
"""Puts a finished cell away; called in this process, one cell after another."""

MOST_DEATHS = 3
"""Pools of workers that may die one after another without a cell being finished in between."""


def on_executor(executor: Executor, cells: Iterable[Cell], job: Job, keep: Keep) -> None:
    """Run cells on an executor, and keep each as it ends, in whatever order.

    Parameters
    ----------
    executor : Executor
        Any; what it runs is pickled, and so is what comes back.
    cells : iterable of Cell
    job : callable
        From a cell to its packed tables.
    keep : callable
        Called with each cell and its tables.

    Raises
    ------
    CancelledError
        The executor dropped the cells, as one does that loses its workers for good.
    Exception
        Whatever a cell or ``keep`` raised; cells that wait are called off, those that ended before are kept.
    """
    running: dict[Future[PackedCell], Cell] = {}
    try:
        _submit(executor, cells, job, running)
        _keep_as_they_end(running, keep)
    finally:
        for future in running:
            future.cancel()


def _submit(
    executor: Executor, cells: Iterable[Cell], job: Job, running: dict[Future[PackedCell], Cell]
) -> None:
    for cell in cells:
        running[executor.submit(job, cell)] = cell


def _keep_as_they_end(running: dict[Future[PackedCell], Cell], keep: Keep) -> None:
    while running:
        ended, _ = wait(running, return_when=FIRST_COMPLETED)
        # What came back well is kept before anything that went wrong is told.
        for future in sorted(ended, key=_failed):
            packed = future.result()
            keep(running.pop(future), packed)


def _failed(future: Future[PackedCell]) -> bool:
    return future.cancelled() or future.exception() is not None


@contextmanager
def told_when_workers_are_gone() -> Iterator[None]:
    """Turn what executors of others say when they have lost their workers into an interruption.

    Raises
    ------
    RunInterrupted
    """
    try:
        yield
    except CancelledError:
        raise RunInterrupted("the workers are gone") from None
    except BrokenExecutor as error:
        raise RunInterrupted(f"the workers are gone ({error})") from error
    except Exception as error:
        # An exception of Dask can only be met where Dask is loaded.
        dask = sys.modules.get("distributed")
        if dask is not None and isinstance(error, dask.KilledWorker):
            why = "a cell killed every worker that was given it, as cells do where memory runs out"
            raise RunInterrupted(why) from error
        if dask is not None and isinstance(error, dask.comm.CommClosedError):
            raise RunInterrupted(f"the workers are gone ({error})") from error
        raise


def on_processes(
    cells: Iterable[Cell], job: Job, keep: Keep, workers: int, on_note: Callable[[str], None]
) -> None:
    """Run cells on processes of this machine; when one is killed, those left are run by others.

    Parameters
    ----------
    cells, job, keep
        As for :func:`on_executor`.
    workers : int
        Processes.
    on_note : callable
        Told when a worker has died.

    Raises
    ------
    RunInterrupted
        When workers die again and again and no cell is finished in between, as they do without memory.
    """
    left = dict.fromkeys(cells)
    deaths = 0

    def kept(cell: Cell, packed: PackedCell) -> None:
        nonlocal deaths
        keep(cell, packed)
        del left[cell]
        deaths = 0

    while left:
        try:
            _on_one_pool(list(left), job, kept, min(workers, len(left)))
        except BrokenProcessPool:
            deaths += 1
            if deaths == MOST_DEATHS:
                raise RunInterrupted(
                    "workers were killed again and again, as they are when memory runs out (fewer --workers need less)"
                ) from None
            on_note(f"a worker was killed; {len(left)} cells are left and go on")


def _on_one_pool(cells: list[Cell], job: Job, keep: Keep, workers: int) -> None:
    before = set(multiprocessing.active_children())
    # A fresh interpreter for each worker: forking a process that has run compiled threads is not safe.
    with ProcessPoolExecutor(workers, mp_context=_Context(), initializer=_begin_worker) as pool:
        try:
            running: dict[Future[PackedCell], Cell] = {}
            _submit(pool, cells, job, running)
            _keep_as_they_end(running, keep)
        except BaseException:
            # Nobody wants what they are still at, and a cell may take minutes. The pool calls off what waits itself:
            # it does not bear a future that was cancelled when its workers end.
            with undisturbed():
                for child in set(multiprocessing.active_children()) - before:
                    child.terminate()
                pool.shutdown()
            raise


class _Process(SpawnProcess):
    def start(self) -> None:
        with out_of_reach_of_the_terminal(), _without_the_callers_script():
            super().start()


@contextmanager
def _without_the_callers_script() -> Iterator[None]:
    """Start processes that do not import the script that is being run: they need this package alone.

    A script that calls ``run`` would otherwise begin anew in every worker unless it kept to
    ``if __name__ == "__main__"``. What a new process imports is read from the module ``__main__`` when it starts.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


class _Context(SpawnContext):
    Process = _Process


def _begin_worker() -> None:
    """End with the process that has started this one, and leave Ctrl-C to it also where signals cannot be blocked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
