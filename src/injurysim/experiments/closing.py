"""From finished cells to a results folder: tables made whole, statistics, manifest."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from injurysim.core.balance import CHECKS
from injurysim.core.closed import close_tables, sweep, write_table
from injurysim.core.parts import TableReceipt
from injurysim.core.randomness import STREAMS_VERSION
from injurysim.core.schemas import TABLES
from injurysim.experiments.plan import Plan
from injurysim.results.comparison import comparison
from injurysim.results.manifest import build_manifest, write_manifest
from injurysim.results.precision import precision_table
from injurysim.results.reading import own_accounts
from injurysim.results.summaries import quantiles, summary
from injurysim.scenario.stages import baseline_of, stages
from injurysim.scenario.variants import origins_of

if TYPE_CHECKING:
    import pandas as pd


def close(plan: Plan, folder: Path, values: pd.DataFrame, started: datetime) -> None:
    """Close the tables of a run folder all of whose cells are finished, and say what it was made of.

    It may be done again after it was cut short; the folder is fit to be moved into place when it returns.

    Parameters
    ----------
    plan : Plan
        What was run, with the number of replications it came to.
    folder : Path
        The run folder.
    values : pandas.DataFrame
        Every metric of every cell (see :func:`injurysim.results.values.values_of_cells`).
    started : datetime
        When the run began, with a time zone.
    """
    scenario = plan.scenario
    (folder / "scenario.yaml").write_text(plan.scenario_text, encoding="utf-8")
    receipts = close_tables(folder)
    for name, frame in _statistics(plan, values).items():
        receipts[name] = _written(folder, name, frame)
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
            baseline=baseline_of(scenario).model_dump(),
            inputs_of_worlds=plan.inputs_of_worlds,
        ),
    )
    sweep(folder)


def _statistics(plan: Plan, values: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Work out the tables of the whole experiment."""
    scenario, baseline = plan.scenario, baseline_of(plan.scenario)
    compared = comparison(
        values,
        baseline.world,
        baseline.design,
        accounts=own_accounts(scenario),
        origins=origins_of(scenario),
    )
    return {
        "metrics": values,
        "summary": summary(values),
        "quantiles": quantiles(values),
        "comparison": compared,
        "precision": precision_table(scenario, values),
    }


def _written(folder: Path, name: str, frame: pd.DataFrame) -> TableReceipt:
    table = TABLES[name]
    return write_table(folder, name, table.build({column: frame[column] for column in table.names}))
