"""The benchmark: ratios of the kernel, its peers, the twin, the books and the machine's limits, in interleaved rounds.

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
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from cases import (
    QUICK_GRID,
    Grid,
    Sizes,
    full_model,
    quick,
    quickstart,
    with_horizon,
    with_world,
    without_approximations,
)

FORMAT = 2
QUICK_PROCESS = (2_000, 1)
"""Riders and months of ``--whole`` with ``--quick``."""
Measurement = Callable[[int], dict[str, float]]


def measurements(sizes: Sizes) -> Iterator[Measurement]:
    """Yield what is measured in every round, in this order; each takes the number of the round."""
    import engines
    import limits
    import peers
    import whole

    full, plain = full_model(), quickstart()
    kernel = engines.Kernel.of(full, sizes.riders, sizes.kernel_months)
    plain_kernel = engines.Kernel.of(plain, sizes.riders, sizes.kernel_months)
    cell = whole.Cell(
        with_horizon(with_world(plain, sizes.riders), sizes.cell_months, sizes.cell_runoff_months)
    )
    yield lambda _: limits.limits()
    yield lambda number: kernel.rates(number, "kernel")
    yield kernel.riders_drawn
    yield lambda number: plain_kernel.rates(number, "kernel_plain")
    yield peers.Shared(sizes).run
    yield lambda number: engines.twin_and_bare(full, sizes.twin_riders, number)
    yield lambda number: engines.twin_and_bare(plain, sizes.plain_twin_riders, number, "twin_plain")
    if sizes.large_riders:
        large = engines.Kernel.of(full, sizes.large_riders, sizes.large_months)
        yield lambda number: large.rates(number, "kernel_large")
    yield lambda number: {f"cell.{part}": seconds for part, seconds in cell.parts(number).items()}
    yield whole.Designs(plain, sizes).run
    yield whole.Claims(plain, sizes).run


def reasons(sizes: Sizes) -> dict[str, str]:
    """Say why figures are missing, by figure."""
    import engines
    import peers

    told = peers.not_installed()
    if not engines.TWO_THREADS:
        told |= dict.fromkeys(
            [
                f"{kernel}_two_threads"
                for kernel in ("kernel", "kernel_plain", "kernel_large", "kernel_shared")
            ],
            engines.WHY_ONE_THREAD,
        )
    if not sizes.large_riders:
        told.setdefault("kernel_large_two_threads", "left out by --quick")
    return told


def run(rounds: int, sizes: Sizes, grid: Grid | None, note: Callable[[str], None]) -> dict[str, Any]:
    """Run a round to warm up and the rounds that count, and report.

    Parameters
    ----------
    rounds : int
        Rounds that count.
    sizes : Sizes
    grid : Grid or None
        What scaling walks over; None leaves it out.
    note : callable
        Is told what goes on.
    """
    import engines
    import peers
    import scaling
    from machine import load_average, machine
    from report import report

    started, host = datetime.now(UTC), machine()
    note("holding the engines and the peers to one model")
    agreed = engines.agreement(without_approximations(full_model()), sizes)
    peers_agreed = peers.agreement(sizes.agreeing_riders)
    measured, found, loads = list(measurements(sizes)), [], []
    with ExitStack() as stack:
        scaled = None
        if grid:
            pool = stack.enter_context(ProcessPoolExecutor(2, mp_context=get_context("spawn")))
            scaled = scaling.Scaling(full_model(), quickstart(), grid, pool)
            note("warming up for scaling")
            scaled.run(0, warm_up=True)
        gc.collect()
        gc.freeze()  # what stands for good, the libraries foremost, is not looked through before each figure
        for number in range(0 if sizes.warm_up else 1, rounds + 1):
            note(f"round {number} of {rounds}" if number else "warming up")
            figures: dict[str, float] = {}
            for measure in measured:
                figures |= measure(number)
            if scaled and 0 < number <= scaling.ROUNDS:
                figures |= scaled.run(number, warm_up=False)
            if number:
                found.append(figures)
                loads.append(load_average())
    return {
        "format": FORMAT,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds(), 1),
        "machine": host,
        "load_average": loads,
        "settings": {"rounds": rounds, **asdict(sizes), "grid": asdict(grid) if grid else None},
        "agreement": agreed,
        "peers_agreement": peers_agreed,
        **report(found, avx512=bool(host["avx512"]), reasons=reasons(sizes)),
        "process": [],
    }


def options() -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add = parser.add_argument
    add("--rounds", type=int, help="rounds that count (default 5, or 1 with --quick)")
    add("--riders", type=int, help="riders of the kernel and the cell (default 20000, or 1000)")
    add("--scaling", action="store_true", help="by riders, months, platforms, hazard and workers as well")
    add("--whole", action="store_true", help="a year of a million riders and --help, as whole processes")
    add("--check", action="store_true", help="exit with 1 if a ratio misses its target")
    add("--json", type=Path, metavar="FILE", help="write everything measured")
    add("--chart", type=Path, metavar="FILE.png", help="draw the ratios against their targets")
    add("--quick", action="store_true", help="see that it runs: nothing to quote")
    given = parser.parse_args()
    given.rounds = given.rounds if given.rounds is not None else 1 if given.quick else 5
    given.riders = given.riders if given.riders is not None else 1_000 if given.quick else 20_000
    if given.rounds < 1 or given.riders < 100:
        parser.error("at least 1 round and 100 riders")
    return given


def main() -> int:
    """Run, tell, write; return the exit code."""
    given = options()
    sizes = quick(given.riders) if given.quick else Sizes(given.riders)
    grid = (QUICK_GRID if given.quick else Grid()) if given.scaling else None

    def note(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    result = run(given.rounds, sizes, grid, note)
    if given.whole:
        from process import whole_processes

        note("whole processes")
        result["process"] = whole_processes(quickstart(), *(QUICK_PROCESS if given.quick else ()))
    from report import reached
    from telling import told

    print(told(result))
    if given.json:
        given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if given.chart:
        from chart import draw

        draw(result, given.chart)
    missed = [ratio["name"] for ratio in result["ratios"] if not reached(ratio)]
    if given.check and missed:
        note(f"missed: {'; '.join(missed)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
