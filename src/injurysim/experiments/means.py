"""With what a plan is carried out: processes, an executor or a cluster, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field

from injurysim.core.errors import InputError
from injurysim.experiments.cluster import LOCAL, cluster
from injurysim.experiments.memory import workers_that_fit
from injurysim.experiments.plan import Plan
from injurysim.experiments.watch import Watch


@dataclass(frozen=True)
class Means:
    """With what a plan is carried out; none of it shows in the figures.

    Attributes
    ----------
    workers : int
        Processes of this machine; 1 is this process alone.
    executor : Executor, optional
        Runs the cells in their place.
    watch : Watch
        Who is told.
    """

    workers: int = 1
    executor: Executor | None = None
    watch: Watch = field(default_factory=Watch)


@contextmanager
def means_for(
    plan: Plan, workers: int | None, executor: Executor | str | None, watch: Watch
) -> Iterator[Means]:
    """Settle who runs the cells of a plan; a Dask cluster is connected to while the block lasts.

    Parameters
    ----------
    plan : Plan
        What is to be run.
    workers : int, optional
        Processes asked for; by default as many as there are cores and memory for.
    executor : Executor or str, optional
        Runs the cells in their place; or the address of a Dask scheduler, or ``local``.
    watch : Watch
        Who is told.

    Yields
    ------
    Means

    Raises
    ------
    InputError
        Less than one worker, more than there is memory for, or no scheduler at the address.
    """
    if workers is not None and workers < 1:
        raise InputError.of(f"workers must be 1 or more, not {workers}.", where="workers")
    # Before the folder is opened: what stands there of an unfinished run is not touched by a refusal.
    number = workers_that_fit(plan, workers) if executor in (None, LOCAL) else 1
    if isinstance(executor, str):
        with cluster(executor, number, watch.on_note) as workers_there:
            yield Means(number, workers_there, watch)
    else:
        yield Means(number, executor, watch)
