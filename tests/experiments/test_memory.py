"""How much memory a cell is said to take, and how many workers may run."""

from __future__ import annotations

from pathlib import Path

import pytest

from injurysim.core.errors import InputError
from injurysim.experiments import memory
from injurysim.experiments.memory import CellSize, workers_that_fit
from injurysim.experiments.plan import Plan
from injurysim.replication import run_cell
from injurysim.scenario.reading import read_scenario

QUICKSTART = Path(__file__).parents[2] / "scenarios" / "quickstart.yaml"


@pytest.fixture(scope="module")
def scenario():
    return read_scenario(QUICKSTART).scenario


@pytest.fixture(scope="module")
def plan(scenario):
    return Plan(scenario, replications=10, seed=1)


@pytest.fixture
def one(scenario):
    """Bytes of the largest cell."""
    return max(CellSize.of(scenario, name).bytes for name in scenario.worlds)


@pytest.fixture
def four_cores(monkeypatch):
    monkeypatch.setattr(memory, "cores", lambda: 4)


def test_the_size_of_a_cell_is_that_of_the_cell(scenario):
    """Rows of the population exactly or nearly, injuries within the effect of fatigue and limits and of chance."""
    name = next(iter(scenario.worlds))
    cut = scenario.model_copy(update={"horizon": scenario.horizon.model_copy(update={"months": 3})})
    size, found = CellSize.of(cut, name), run_cell(cut, name, 0, seed=1)
    assert size.riders == sum(group.riders.value for group in scenario.worlds[name].groups.values())
    assert 0.5 < size.injuries / found["injuries"][0].num_rows < 2
    assert size.files >= max(table.num_rows for table in found["claims"])


def test_rows_take_no_more_than_is_said(scenario):
    """Half a year of the full model, of whose days hardly two are alike; and nearly nothing in the plain world."""
    full = read_scenario(QUICKSTART.with_name("full-model.yaml"), overrides=["horizon.months=6"]).scenario
    size, compiled = CellSize.of(full, "full"), {}
    run_cell(full, "full", 0, seed=1, compiled=compiled)
    (tables,) = compiled.values()
    rows = size.variants * memory.BYTES_OF_VARIANT
    assert 0.1 * rows < tables.row_bytes < rows
    assert CellSize.of(scenario, "no-limit").variants < 20


def test_what_is_asked_for_is_given_if_it_fits(plan, one):
    assert workers_that_fit(plan, 3, available=3 * one) == 3
    assert workers_that_fit(plan, 99, available=1000 * one) == len(plan.cells)


def test_what_does_not_fit_is_refused_with_the_numbers_and_the_fix(plan, one):
    with pytest.raises(InputError) as error:
        workers_that_fit(plan, 4, available=3 * one)
    assert error.value.exit_code == 2
    (problem,) = error.value.problems
    assert problem.where == "--workers"
    assert f"4 workers would need about {4 * one / 2**30:.1f} GiB" in problem.what
    assert f"{3 * one / 2**30:.1f} GiB are available" in problem.what
    assert problem.fix == "Give --workers 3."


def test_when_not_one_fits_fewer_workers_are_no_help(plan, one):
    for wanted in (None, 1, 2):
        with pytest.raises(InputError) as error:
            workers_that_fit(plan, wanted, available=one - 1)
        assert "fewer riders" in error.value.problems[0].fix


@pytest.mark.usefixtures("four_cores")
def test_by_default_there_are_as_many_as_cores_and_memory_allow(plan, one):
    assert workers_that_fit(plan, None, available=100 * one) == 4
    assert workers_that_fit(plan, None, available=2 * one) == 2


@pytest.mark.usefixtures("four_cores")
def test_where_the_system_does_not_say_nothing_is_refused(plan, monkeypatch):
    monkeypatch.setattr(memory, "available_bytes", lambda: None)
    assert workers_that_fit(plan, None) == 4
    assert workers_that_fit(plan, 9) == 9
