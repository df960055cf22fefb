"""From a scenario as it was read to the plan of its run."""

from __future__ import annotations

from collections.abc import Sequence

from injurysim.experiments.plan import Plan, check_replications
from injurysim.experiments.pricing import priced
from injurysim.experiments.watch import Watch
from injurysim.replication import Engine
from injurysim.results.asking import with_precision
from injurysim.scenario.reading import ReadScenario
from injurysim.scenario.resolve import resolve


def planned(
    read: ReadScenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: Engine = "fast",
    precision: Sequence[str] = (),
    budget: int | None = None,
    watch: Watch | None = None,
) -> Plan:
    """Return the plan of a run: what the scenario says where nothing else is given, and every design with a price.

    Parameters
    ----------
    read : ReadScenario
        The scenario.
    replications, seed, engine, precision, budget, watch
        As for :func:`injurysim.api.run`.

    Raises
    ------
    InputError
        If there are no replications or too many, a precision cannot be had, or a design finds no price to break even.
    """
    if replications is not None:
        check_replications(replications)
    stated, watch = with_precision(read.scenario, precision, budget, replications), watch or Watch()
    seed = stated.seed if seed is None else seed
    return Plan(
        priced(stated, resolve(read.loaded.model), seed=seed, engine=engine, on_price=watch.on_note),
        replications=stated.replications if replications is None else replications,
        seed=seed,
        engine=engine,
    )
