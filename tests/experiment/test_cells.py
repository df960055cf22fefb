"""Running a plan: who gets how many threads, and what is told on the way."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from injurysim.core import parts
from injurysim.experiment import cells
from injurysim.experiment.plan import Plan
from injurysim.scenario.reading import read_scenario


@pytest.fixture(scope="module")
def plan(tiny_file):
    return Plan(read_scenario(tiny_file).scenario, replications=3, seed=5)


class Pool:
    """Runs nothing, and notes what it is asked to run."""

    def __init__(self, workers, **_):
        self.workers, self.jobs = workers, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def submit(self, job, cell):
        self.jobs.append((job, cell))
        done = Future()
        done.set_result(None)
        return done


@pytest.mark.parametrize("number", [1, 2, 4, 7])
@pytest.mark.parametrize("workers", [1, 2, 3, 5])
def test_threads_and_workers_never_outnumber_the_cores(plan, tmp_path, monkeypatch, number, workers):
    pools, alone = [], []
    monkeypatch.setattr(cells, "cores", lambda: number)
    monkeypatch.setattr(
        cells, "ProcessPoolExecutor", lambda *given, **_: pools.append(Pool(*given)) or pools[0]
    )
    monkeypatch.setattr(cells, "_run_one", lambda *_, threads=1, **__: alone.append(threads))
    cells.run_plan(plan, tmp_path, workers=workers)
    if workers == 1:
        assert not pools
        assert alone == [number] * len(plan.cells)
    else:
        (pool,) = pools
        threads = {job.keywords["threads"] for job, _ in pool.jobs}
        assert len(threads) == 1
        assert pool.workers == min(workers, len(plan.cells))
        assert pool.workers * threads.pop() <= max(number, pool.workers)
        assert [cell for _, cell in pool.jobs] == plan.cells


def test_threads_reach_the_world(plan, tmp_path, monkeypatch):
    from injurysim.world.fast import FastWorld

    threads = []
    start = FastWorld.__init__

    def noted(self, *given, **options):
        start(self, *given, **options)
        threads.append(self.threads)

    monkeypatch.setattr(cells, "cores", lambda: 3)
    monkeypatch.setattr(FastWorld, "__init__", noted)
    cells.run_plan(plan, tmp_path)
    assert threads == [3] * len(plan.cells)


def test_a_cell_in_this_process_tells_each_month_and_then_its_end(plan, tmp_path):
    told = []
    cells.run_plan(
        plan, tmp_path, on_month=lambda *given: told.append(given), on_done=lambda cell: told.append((cell,))
    )
    horizon = plan.scenario.horizon
    months = horizon.months + horizon.runoff_months
    assert told == [
        each
        for cell in plan.cells
        for each in (*[(cell, number, months) for number in range(1, months + 1)], (cell,))
    ]
    assert len(parts.finished_cells(tmp_path)) == len(plan.cells)


def test_what_stands_already_is_not_run_again(plan, tmp_path):
    done = []
    cells.run_plan(plan, tmp_path, skip=plan.cells, on_done=done.append)
    assert done == []
