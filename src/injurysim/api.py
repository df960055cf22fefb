"""The public face: load a scenario, run it, read what came out."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from injurysim.core.balance import CHECKS
from injurysim.core.errors import InputError
from injurysim.core.parts import close_tables, finished_cells, forget_cells, write_table
from injurysim.core.randomness import STREAMS_VERSION
from injurysim.experiment.cells import OnMonth, run_plan
from injurysim.experiment.memory import workers_that_fit
from injurysim.experiment.plan import Cell, Plan
from injurysim.experiment.pricing import priced
from injurysim.replication import Engine
from injurysim.results.folder import ResultsFolder, RunFolder
from injurysim.results.manifest import build_manifest, write_manifest
from injurysim.results.reading import frames_of, own_accounts
from injurysim.scenario.document import Scenario
from injurysim.scenario.reading import ReadScenario
from injurysim.scenario.reading import read_scenario as load
from injurysim.scenario.resolve import resolve
from injurysim.scenario.stages import baseline_of, stages

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Result", "load", "run"]


@dataclass(frozen=True)
class Result:
    """A finished run.

    Attributes
    ----------
    folder : ResultsFolder
        Where it stands.
    scenario : Scenario
        What was run: resolved, and with a price for every design that had none.
    """

    folder: ResultsFolder
    scenario: Scenario

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Mean and interval of each metric by world and design."""
        return self.folder.table("summary")

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """Paired differences to the baseline."""
        return self.folder.table("comparison")

    def table(self, name: str) -> pd.DataFrame:
        """Return one table of the results as a tidy frame."""
        return self.folder.table(name)


def run(
    read: ReadScenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: Engine = "fast",
    workers: int | None = None,
    executor: Executor | None = None,
    out: str | os.PathLike[str] | None = None,
    resume: bool = False,
    on_done: Callable[[Cell], None] = lambda _: None,
    on_month: OnMonth = lambda _cell, _done, _all: None,
    on_price: Callable[[str], None] = lambda _: None,
) -> Result:
    """Run a scenario and keep its results in a folder.

    Parameters
    ----------
    read : ReadScenario
        As :func:`load` gives it.
    replications, seed : int, optional
        In place of the scenario's own.
    engine : {'fast', 'twin'}
        The workday kernel, or the slow SimPy model with every order an event.
    workers : int, optional
        Processes; by default as many as there are cores and memory for, and never more than cells.
    executor : Executor, optional
        Runs the cells in place of the process pool.
    out : path, optional
        The results folder; by default ``results/<scenario>/<run-id>``.
    resume : bool
        Go on with the unfinished run kept beside ``out``.
    on_done : callable
        Called with each cell that has ended.
    on_month : callable
        Called with a cell, its months done and its months in all, while a cell runs in this process.
    on_price : callable
        Called with a sentence before a design without a price of its own is priced.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        If the folder is taken, the workers do not fit into memory, or a design finds no price to break even.
    BalanceError
        If a cell does not balance.
    RunInterrupted
        On Ctrl-C or a full disk.
    """
    for name, number in (("replications", replications), ("workers", workers)):
        if number is not None and number < 1:
            raise InputError.of(f"{name} must be 1 or more, not {number}.", where=name)
    stated = read.scenario
    seed = stated.seed if seed is None else seed
    plan = Plan(
        priced(stated, resolve(read.loaded.model), seed=seed, engine=engine, on_price=on_price),
        replications=stated.replications if replications is None else replications,
        seed=seed,
        engine=engine,
    )
    # Before the folder is opened: what stands there of an unfinished run is not touched by a refusal.
    processes = workers_that_fit(plan, workers) if executor is None else 1
    started = datetime.now(UTC)
    target = Path(out) if out is not None else _default_folder(plan, started)
    with RunFolder(target, resume=resume, fingerprint=plan.fingerprint) as folder:
        # Of an unfinished run with more replications, the ones asked for are kept.
        forget_cells(folder.tmp, {(cell.world, cell.replication) for cell in plan.cells})
        finished = [Cell(replication, world) for world, replication in finished_cells(folder.tmp)]
        run_plan(
            plan,
            folder.tmp,
            workers=processes,
            executor=executor,
            skip=finished,
            on_done=on_done,
            on_month=on_month,
        )
        _finish(plan, folder.tmp, started)
        folder.commit()
    return Result(ResultsFolder(target), plan.scenario)


def _default_folder(plan: Plan, started: datetime) -> Path:
    run_id = f"{started:%Y%m%d-%H%M%S}-{plan.fingerprint[:8]}"
    return Path("results") / plan.scenario.name / run_id


def _finish(plan: Plan, folder: Path, started: datetime) -> None:
    """Close the tables, work out the statistics, and write the manifest."""
    from injurysim.core.schemas import TABLES
    from injurysim.results.comparison import comparison, summary
    from injurysim.results.metrics import metric_values

    scenario = plan.scenario
    (folder / "scenario.yaml").write_text(plan.scenario_text, encoding="utf-8")
    baseline = baseline_of(scenario)
    receipts = close_tables(folder)
    values = metric_values(frames_of(scenario, folder))
    compared = comparison(values, baseline.world, baseline.design, accounts=own_accounts(scenario))
    for name, frame in (("summary", summary(values)), ("comparison", compared)):
        table = TABLES[name]
        receipts[name] = write_table(
            folder, name, table.build({column: frame[column] for column in table.names})
        )
    write_manifest(
        folder,
        build_manifest(
            name=scenario.name,
            seed=plan.seed,
            replications=plan.replications,
            engine=plan.engine,
            worlds=list(stages(scenario)),
            designs=list(scenario.designs),
            scenario_digest=plan.scenario_digest,
            streams_version=STREAMS_VERSION,
            checks=[check.__name__ for check in CHECKS],
            tables=receipts,
            started=started,
            ended=datetime.now(UTC),
            baseline=baseline.model_dump(),
        ),
    )
