"""Peak memory of cells of several sizes beside the estimate that decides how many workers may run.

Example: python benchmarks/memory.py
The constants of injurysim.experiments.memory are set from it: no estimate may lie below its peak.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from cases import full_model, quickstart, with_designs, with_horizon, with_world

CASES = {
    # name: (riders, factor on the hazard, months, run-off, designs)
    "small": (2_000, 1, 2, 0, 1),
    "riders": (1_000_000, 0, 2, 0, 1),
    "riders, ten designs": (1_000_000, 0, 2, 0, 10),
    "riders, a year": (300_000, 0, 13, 0, 1),
    "full model": (20_000, 1, 12, 0, 1),
    "injuries": (20_000, 100, 6, 12, 1),
    "injuries, three designs": (20_000, 100, 6, 12, 3),
}


def peak(case: str) -> tuple[int, int, int]:
    """Run a cell and write its tables; return the bytes of the peak and of the estimate, and the injuries."""
    import resource

    from injurysim.core.parts import keep_cell, pack_cell
    from injurysim.experiments.memory import CellSize
    from injurysim.replication import run_cell

    riders, hazard, months, runoff, designs = CASES[case]
    shipped = full_model() if case == "full model" else quickstart()
    scenario = with_designs(with_horizon(with_world(shipped, riders, hazard), months, runoff), designs)
    world = scenario.baseline.world
    tables = run_cell(scenario, world, 0, seed=1)
    with TemporaryDirectory() as folder:
        keep_cell(Path(folder), pack_cell(world, 0, tables))
    unit = 1 if sys.platform == "darwin" else 1024
    measured = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return measured, CellSize.of(scenario, world).bytes, tables["injuries"][0].num_rows


def main() -> None:
    """Run every case in a process of its own, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("cases", nargs="*", help=f"of {', '.join(CASES)}; by default all")
    print(f"{'case':<26}{'peak MiB':>10}{'estimate':>10}{'ratio':>8}{'injuries':>10}")
    for case in parser.parse_args().cases or CASES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            measured, estimate, injuries = pool.submit(peak, case).result()
        print(
            f"{case:<26}{measured / 2**20:>10.0f}{estimate / 2**20:>10.0f}{estimate / measured:>8.2f}{injuries:>10}"
        )


if __name__ == "__main__":
    main()
