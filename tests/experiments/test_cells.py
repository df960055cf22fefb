"""Running cells: who gets how many threads, what is told on the way, and the same tables from any executor."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from injurysim.core.errors import InputError
from injurysim.experiments import cells
from injurysim.experiments.cells import run_cells
from injurysim.experiments.plan import Plan
from injurysim.experiments.watch import Watch
from injurysim.scenario.reading import read_scenario


@pytest.fixture(scope="module")
def plan(tiny):
    return Plan(read_scenario(tiny).scenario, replications=3, seed=5)


@pytest.fixture(scope="module")
def kept(plan):
    """Run the cells one after another in this process."""
    found = {}
    run_cells(plan, plan.cells, found.__setitem__)
    return found


@pytest.mark.parametrize("number", [1, 2, 4, 7])
@pytest.mark.parametrize("workers", [1, 2, 3, 5])
def test_threads_and_workers_never_outnumber_the_cores(plan, monkeypatch, number, workers):
    pools, alone = [], []
    monkeypatch.setattr(cells, "cores", lambda: number)
    monkeypatch.setattr(cells, "on_processes", lambda *given: pools.append(given))
    monkeypatch.setattr(cells, "run_one", lambda *_, threads=1, **__: alone.append(threads))
    run_cells(plan, plan.cells, lambda *_: None, workers=workers)
    if workers == 1:
        assert not pools
        assert alone == [number] * len(plan.cells)
    else:
        ((asked, job, _, processes, _),) = pools
        assert processes == min(workers, len(plan.cells))
        assert processes * job.keywords["threads"] <= max(number, processes)
        assert asked == plan.cells


def test_threads_reach_the_world(plan, monkeypatch):
    from injurysim.world.fast import FastWorld

    threads = []
    start = FastWorld.__init__

    def noted(self, *given, **options):
        start(self, *given, **options)
        threads.append(self.threads)

    monkeypatch.setattr(cells, "cores", lambda: 3)
    monkeypatch.setattr(FastWorld, "__init__", noted)
    run_cells(plan, plan.cells, lambda *_: None)
    assert threads == [3] * len(plan.cells)


def test_a_cell_in_this_process_tells_each_month_and_then_its_end(plan):
    told = []
    watch = Watch(on_month=lambda *given: told.append(given))
    run_cells(plan, plan.cells, lambda cell, _: told.append((cell,)), watch=watch)
    horizon = plan.scenario.horizon
    months = horizon.months + horizon.runoff_months
    assert told == [
        each
        for cell in plan.cells
        for each in (*[(cell, number, months) for number in range(1, months + 1)], (cell,))
    ]


def test_threads_of_one_process_give_the_same_cells(plan, kept):
    found = {}
    with ThreadPoolExecutor(3) as pool:
        run_cells(plan, plan.cells, found.__setitem__, executor=pool)
    assert {cell: packed.receipt for cell, packed in found.items()} == {
        cell: packed.receipt for cell, packed in kept.items()
    }


def test_a_cell_is_run_as_often_as_one_likes_in_any_order(plan, kept):
    again = {}
    run_cells(plan, [plan.cells[4], plan.cells[1]], again.__setitem__)
    assert {cell: packed.files for cell, packed in again.items()} == {
        cell: kept[cell].files for cell in (plan.cells[4], plan.cells[1])
    }


def test_a_worker_with_another_program_is_refused(plan):
    class Elsewhere(ThreadPoolExecutor):
        def submit(self, job, cell):
            return super().submit(job, cell, program="another")

    with Elsewhere(1) as pool, pytest.raises(InputError, match="another version of injurysim"):
        run_cells(plan, plan.cells, lambda *_: None, executor=pool)


def test_nothing_to_run_asks_for_no_worker(plan):
    class Nobody:
        def submit(self, *_) -> Future:
            raise AssertionError

    run_cells(plan, [], lambda *_: None, executor=Nobody())
