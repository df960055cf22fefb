"""The benchmark: ratios of the kernel, the twin, the books and the machine's limits, from interleaved rounds.

Example: python benchmarks/run.py --json benchmark.json --chart benchmark.png
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases import Sizes, quick, quickstart, with_horizon, with_world

if TYPE_CHECKING:
    from engines import Kernel

    from injurysim.scenario.document import Scenario
    from injurysim.world.tables import Tables

FORMAT = 1
Measurement = Callable[[int], dict[str, float]]


def measurements(scenario: Scenario, sizes: Sizes) -> Iterator[Measurement]:
    """Yield what is measured in every round, in this order; each takes the number of the round."""
    import engines
    import limits
    import whole

    laws: dict[int, Tables] = {}
    kernel = engines.Kernel(scenario, sizes.riders, sizes.kernel_months, laws)
    cell = whole.Cell(
        with_horizon(with_world(scenario, sizes.riders), sizes.cell_months, sizes.cell_runoff_months)
    )
    designs, claims = whole.Designs(scenario, sizes), whole.Claims(scenario, sizes)
    scaling = {
        f"{riders:,} riders": engines.Kernel(scenario, riders, 1, laws) for riders in sizes.by_riders
    } | {
        f"{months} months": engines.Kernel(scenario, sizes.riders, months, laws) for months in sizes.by_months
    }

    yield lambda _: limits.limits()
    yield kernel.run
    yield lambda number: engines.twin_and_bare(scenario, sizes.twin_riders, number)
    yield lambda number: {f"cell.{part}": seconds for part, seconds in cell.parts(number).items()}
    yield designs.run
    yield claims.run
    for name, size in scaling.items():
        yield partial(_nanoseconds, name, size)


def _nanoseconds(name: str, size: Kernel, number: int) -> dict[str, float]:
    """Time a size of the kernel, for scaling: nanoseconds a rider-day."""
    return {f"ns.{name}": 1e9 / size.run(number)["kernel"]}


def run(rounds: int, sizes: Sizes, note: Callable[[str], None]) -> dict[str, Any]:
    """Run a round to warm up and the rounds that count, and report."""
    import engines
    import whole
    from machine import load_average, machine
    from report import report

    scenario, started = quickstart(), datetime.now(UTC)
    agreement = engines.agreement(scenario, sizes.twin_riders)
    measured, found, loads = list(measurements(scenario, sizes)), [], []
    with ExitStack() as stack:
        workers = None
        if sizes.plan_cells:
            pool = stack.enter_context(ProcessPoolExecutor(2, mp_context=get_context("spawn")))
            workers = whole.Workers(scenario, sizes, pool)
            workers.run(cold=False)
        gc.collect()
        gc.freeze()  # what stands for good, the libraries foremost, is not looked through before each figure
        for number in range(0 if sizes.warm_up else 1, rounds + 1):
            note(f"round {number} of {rounds}" if number else "warming up")
            figures: dict[str, float] = {}
            for measure in measured:
                figures |= measure(number)
            if workers and 0 < number <= sizes.worker_rounds:
                figures |= workers.run(cold=number == 1)
            if number:
                found.append(figures)
                loads.append(load_average())
    return {
        "format": FORMAT,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds(), 1),
        "machine": machine(),
        "load_average": loads,
        "settings": {"rounds": rounds, **asdict(sizes)},
        "agreement": agreement,
        **report(found),
    }


def main() -> None:
    """Read the options, run, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, help="rounds that count (default 5, or 1 with --quick)")
    parser.add_argument(
        "--riders", type=int, help="riders of the kernel and the cell (default 20000, or 1000)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured")
    parser.add_argument(
        "--chart", type=Path, metavar="FILE.png", help="draw the ratios against their targets"
    )
    parser.add_argument("--quick", action="store_true", help="see that it runs: nothing to quote")
    options = parser.parse_args()
    rounds = options.rounds or (1 if options.quick else 5)
    riders = options.riders or (1_000 if options.quick else 20_000)
    if rounds < 1 or riders < 100:
        parser.error("at least 1 round and 100 riders")
    sizes = quick(riders) if options.quick else Sizes(riders)
    result = run(rounds, sizes, lambda line: print(line, file=sys.stderr, flush=True))
    from report import told

    print(told(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if options.chart:
        from chart import draw

        draw(result, options.chart)


if __name__ == "__main__":
    main()
