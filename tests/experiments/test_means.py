"""Who runs the cells: what was asked for, or what fits; refusals come before anything is touched."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from injurysim.core.errors import InputError
from injurysim.experiments.means import means_for
from injurysim.experiments.watch import Watch


def test_the_workers_asked_for_run_the_cells(plan):
    watch = Watch()
    with means_for(plan, 1, None, watch) as means:
        assert (means.workers, means.executor, means.watch) == (1, None, watch)


def test_no_more_workers_than_cells_by_default(plan):
    with means_for(plan, None, None, Watch()) as means:
        assert 1 <= means.workers <= len(plan.cells)


def test_an_executor_of_ones_own_stays_open(plan):
    with ThreadPoolExecutor(1) as pool:
        with means_for(plan, None, pool, Watch()) as means:
            assert means.executor is pool
        assert pool.submit(abs, -1).result() == 1


def test_less_than_one_worker_is_refused(plan):
    with (
        pytest.raises(InputError, match="workers must be 1 or more, not 0"),
        means_for(plan, 0, None, Watch()),
    ):
        pass
