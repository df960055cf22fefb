"""The public face: load a scenario, run it, read what came out."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, Unpack

from injurysim.experiments import shards
from injurysim.experiments.expanding import Standing
from injurysim.experiments.expanding import expand as expand_run
from injurysim.experiments.means import means_for
from injurysim.experiments.plan import Plan, Shard, check_replications
from injurysim.experiments.planning import planned
from injurysim.experiments.running import carry_out
from injurysim.experiments.watch import Watch
from injurysim.replication import Engine
from injurysim.results.folder import ResultsFolder
from injurysim.results.loading import load
from injurysim.results.precision import Rule
from injurysim.results.result import Result
from injurysim.scenario.reading import ReadScenario
from injurysim.scenario.templates import template_of

__all__ = [
    "Result",
    "Watch",
    "expand",
    "experiment",
    "load",
    "merge",
    "reopen",
    "run",
    "run_shard",
    "shipped",
]


class RunOptions(TypedDict, total=False):
    """What :func:`run` may be told besides the scenario."""

    replications: int | None
    seed: int | None
    engine: Engine
    precision: Sequence[str]
    budget: int | None
    workers: int | None
    executor: Executor | str | None
    out: str | os.PathLike[str] | None
    resume: bool
    watch: Watch | None


def shipped(name: str) -> Path:
    """Return the file of a scenario that comes with the program.

    Parameters
    ----------
    name : str
        As ``quickstart`` or ``minimal``; ``injurysim new --list`` lists them.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        There is none of that name.

    Examples
    --------
    >>> shipped("quickstart").name
    'quickstart.yaml'
    """
    return template_of(name).path


def run(
    read: ReadScenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: Engine = "fast",
    precision: Sequence[str] = (),
    budget: int | None = None,
    workers: int | None = None,
    executor: Executor | str | None = None,
    out: str | os.PathLike[str] | None = None,
    resume: bool = False,
    watch: Watch | None = None,
) -> Result:
    """Run a scenario and keep its results in a folder.

    Parameters
    ----------
    read : ReadScenario
        As :func:`load` gives it.
    replications, seed : int, optional
        In place of the scenario's own; with a precision ``replications`` is the least number.
    engine : {'fast', 'twin'}
        The workday kernel, or the slow SimPy model with every order an event.
    precision : sequence of str
        Half-widths wanted, ``[difference:]METRIC[@WORLD/DESIGN]=HALF_WIDTH`` each, in place of the scenario's own and
        of a number of replications (see ``docs/precision.md``).
    budget : int, optional
        Replications at most, when a precision is stated.
    workers : int, optional
        Processes; by default as many as there are cores and memory for, and never more than cells.
    executor : Executor or str, optional
        Runs the cells in place of the process pool: any of ``concurrent.futures``, a Dask client's
        ``client.get_executor()``, or the address of a Dask scheduler; ``local`` starts one here, with ``workers``. Its
        workers need this program, and no folder in common.
    out : path, optional
        The results folder; by default ``results/<scenario>/<run-id>``.
    resume : bool
        Go on with the unfinished run kept beside ``out``; where it is finished there is nothing to do.
    watch : Watch, optional
        Who is told how far it is.

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
        On Ctrl-C, a full disk, or when no worker is left; finished replications are kept.

    Examples
    --------
    >>> import injurysim as inj, tempfile
    >>> short = inj.load(inj.shipped("minimal"), overrides=["horizon.months=1", "horizon.runoff_months=1"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result = inj.run(short, replications=2, seed=7, workers=1, out=f"{folder}/run")
    ...     injuries = result.metrics.query("metric == 'injuries'")
    ...     premiums = result.table("contributions")
    >>> injuries[["world", "replication", "unit"]].to_dict("list")
    {'world': ['city', 'city'], 'replication': [0, 1], 'unit': ['injuries', 'injuries']}
    >>> bool((premiums["due_fen"] == premiums["paid_fen"] + premiums["arrears_fen"]).all())
    True
    """
    watch = watch or Watch()
    plan = planned(
        read,
        replications=replications,
        seed=seed,
        engine=engine,
        precision=precision,
        budget=budget,
        watch=watch,
    )
    target = Path(out) if out is not None else _default_folder(plan)
    with means_for(plan, workers, executor, watch) as means:
        carry_out(plan, target, means, resume=resume, rule=Rule.of(plan.scenario))
    return Result(ResultsFolder(target), plan.scenario)


def run_shard(
    read: ReadScenario,
    shard: str,
    out: str | os.PathLike[str],
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: Engine = "fast",
    workers: int | None = None,
    executor: Executor | str | None = None,
    resume: bool = False,
    watch: Watch | None = None,
) -> None:
    """Run a share of a scenario's cells into a folder, to be merged with the others by :func:`merge`.

    Parameters
    ----------
    shard : str
        Which share, as ``2/3``.
    out : path
        The folder of the shard.
    read, replications, seed, engine, workers, executor, resume, watch
        As for :func:`run`; the same for every shard.

    Raises
    ------
    InputError, BalanceError, RunInterrupted
        As :func:`run`.
    """
    share, watch = Shard.parse(shard), watch or Watch()
    plan = planned(read, replications=replications, seed=seed, engine=engine, watch=watch)
    with means_for(plan, workers, executor, watch) as means:
        shards.run_shard(plan, share, Path(out), means, resume=resume)


def merge(folders: Sequence[str | os.PathLike[str]], out: str | os.PathLike[str]) -> Result:
    """Put shards together into the results folder that the run would have written in one go.

    Parameters
    ----------
    folders : sequence of path
        What :func:`run_shard` has written, in any order.
    out : path
        The results folder.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        If the shards are not those of one run of this version, or do not hold all of its cells.
    """
    plan = shards.merge_shards([Path(folder) for folder in folders], Path(out))
    return Result(ResultsFolder(Path(out)), plan.scenario)


def reopen(folder: str | os.PathLike[str]) -> Result:
    """Open a results folder that a run has written.

    Parameters
    ----------
    folder : path
        The results folder.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        If no run was finished in the folder.
    """
    found = ResultsFolder(Path(folder))
    return Result(found, load(found.scenario_file).scenario)


def expand(
    results: str | os.PathLike[str],
    read: ReadScenario | None = None,
    *,
    replications: int | None = None,
    workers: int | None = None,
    executor: Executor | str | None = None,
    out: str | os.PathLike[str] | None = None,
    resume: bool = False,
    watch: Watch | None = None,
) -> Result:
    """Add replications, worlds, designs or months to a run that stands, paired with what is there.

    Cells whose inputs are the same are taken over. Others are run again, and their old rows must come out as they
    were: all of them, or with more months those on a cash basis up to the old end of exposure.

    Parameters
    ----------
    results : path
        The results folder of the run; it is left as it is.
    read : ReadScenario, optional
        What there is to be: the scenario of the run with worlds, designs or months more. By default the run's own.
    replications : int, optional
        How many there are to be in the end; by default as many as there are.
    workers, executor, resume, watch
        As for :func:`run`.
    out : path, optional
        The new results folder; by default ``results/<scenario>/<run-id>``.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        If the scenario lacks something the run has, or another version of this program has made the run.
    CheckFailed
        If a row that stood comes out otherwise; nothing is kept.
    """
    standing, watch = Standing.read(Path(results)), watch or Watch()
    old = standing.plan
    number = old.replications if replications is None else replications
    check_replications(number)
    if read is None:
        plan = replace(old, replications=number)
    else:
        plan = planned(read, replications=number, seed=old.seed, engine=old.engine, watch=watch)
    target = Path(out) if out is not None else _default_folder(plan)
    with means_for(plan, workers, executor, watch) as means:
        expand_run(standing, plan, target, means, resume=resume)
    return Result(ResultsFolder(target), plan.scenario)


def experiment(
    scenario: str | os.PathLike[str],
    *,
    vary: Mapping[str, Sequence[object]] | None = None,
    points: Mapping[str, Mapping[str, object]] | None = None,
    overrides: Sequence[str] = (),
    worlds: Sequence[str] = (),
    designs: Sequence[str] = (),
    **options: Unpack[RunOptions],
) -> Result:
    """Run a scenario with variants of its worlds and designs beside them, all paired by replication.

    Parameters
    ----------
    scenario : path
        The scenario file.
    vary : mapping of path to values, optional
        A grid: for each world or design that paths lead into, a variant for every combination of the values, as
        ``{"designs.pilot.schemes.injury.contribution.industries.delivery": [0.06, 0.08]}``.
    points : mapping of name to (mapping of path to value), optional
        In place of a grid a list: at each point one variant of each world and design that its paths lead into.
    overrides, worlds, designs
        As for :func:`load`; what is chosen by name may be a variant.
    **options
        As for :func:`run`.

    Returns
    -------
    Result
        Its ``points`` say which world or design is a variant of which, and in what.

    Raises
    ------
    InputError
        If a path leads nowhere, or into what is neither a world nor a design.
    BalanceError, RunInterrupted
        As :func:`run`.

    Examples
    --------
    >>> import injurysim as inj, tempfile
    >>> rate = "designs.per-order.schemes.pilot.contribution.industries.food-delivery"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result = inj.experiment(
    ...         inj.shipped("minimal"),
    ...         vary={rate: [0.05, 0.1]},
    ...         overrides=["horizon.months=1", "horizon.runoff_months=1"],
    ...         replications=2,
    ...         workers=1,
    ...         out=f"{folder}/run",
    ...     )
    ...     due = result.table("contributions").groupby("design")["due_fen"].sum()
    >>> result.points[["name", "of", "value"]].to_dict("list")
    {'name': ['per-order-food-delivery-0_05', 'per-order-food-delivery-0_1'], 'of': ['per-order', 'per-order'], 'value': ['0.05', '0.1']}
    >>> int(due["per-order-food-delivery-0_1"]) == 2 * int(due["per-order-food-delivery-0_05"])
    True
    """
    grid = [f"{path}={json.dumps(list(values), default=str)[1:-1]}" for path, values in (vary or {}).items()]
    listed = [f"experiment={json.dumps({'points': points}, default=str)}"] if points else []
    read = load(scenario, overrides=[*overrides, *listed], vary=grid, worlds=worlds, designs=designs)
    return run(read, **options)


def _default_folder(plan: Plan) -> Path:
    run_id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{plan.scenario_digest[:8]}"
    return Path("results") / plan.scenario.name / run_id
