"""Where the time of a whole run goes: what ``injurysim run`` does, in this process, part by part.

Example: python benchmarks/where.py --replications 2
With an empty folder in INJURYSIM_CACHE the kernels are compiled first, as in the first run of a version.
"""

from __future__ import annotations

import argparse
import importlib
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from cases import QUICKSTART, with_horizon, with_world
from measure import Stopwatch

IMPORTS = (
    *("numpy", "numba", "scipy.special", "pydantic", "simpy", "injurysim.api"),
    *("pyarrow.parquet", "pyarrow.compute", "pandas", "injurysim.cli.app", "rich.console"),
)
"""In the order in which a run comes to need them."""

PARTS = (
    ("injurysim.replication", "_tables", "tables built"),
    ("injurysim.replication", "_check", "balance identities"),
    ("injurysim.experiments.cells", "pack_cell", "parts packed"),
    ("injurysim.experiments.finishing", "keep_cell", "parts written"),
    ("injurysim.experiments.closing", "close_tables", "parts made whole"),
    ("injurysim.results.values", "frames_of", "tables read back"),
    ("injurysim.results.values", "metric_values", "metrics"),
    ("injurysim.experiments.closing", "summary", "summary"),
    ("injurysim.experiments.closing", "comparison", "comparison"),
    ("injurysim.experiments.plan", "dump_resolved", "resolved scenario saved"),
    ("injurysim.experiments.plan", "scenario_digest", "scenario's digest"),
    ("injurysim.experiments.closing", "write_manifest", "manifest"),
)


def profile(scenario: Path, replications: int) -> dict[str, float]:
    """Return seconds of the processor by part; what no part claims is in "everything else"."""
    watch, begun = Stopwatch(), time.process_time()
    for name in IMPORTS:
        watch.wrap("imports", importlib.import_module)(name)
    from injurysim import api, replication

    read = watch.wrap("scenario read and checked", api.load)(scenario)
    aside = time.process_time()
    tiny = _tiny_world(read.scenario)
    begun += time.process_time() - aside
    watch.wrap("kernels loaded or compiled", next)(tiny.months())
    make_world = watch.wrap("riders drawn and law compiled", replication.make_world)

    def timed_world(*args: Any, **options: Any) -> Any:
        running = make_world(*args, **options)
        months = running.months
        running.months = lambda: watch.iterate("world", months())  # type: ignore[method-assign]
        return running

    with ExitStack() as stack, TemporaryDirectory() as folder:
        stack.enter_context(patch.object(replication, "make_world", timed_world))
        # One thread: seconds of the processor do not tell threads apart.
        stack.enter_context(patch("injurysim.experiments.cells.cores", return_value=1))
        for module_name, function, told in PARTS:
            module = importlib.import_module(module_name)
            timed = watch.wrap(told, getattr(module, function))
            stack.enter_context(patch.object(module, function, timed))
        book = importlib.import_module("injurysim.books.book").Book
        for name in ("keep", "run_off"):
            stack.enter_context(patch.object(book, name, watch.wrap("books", getattr(book, name))))
        result = api.run(read, replications=replications, workers=1, out=Path(folder) / "run")
        watch.wrap("verdict", _verdict)(read, result)
    whole = time.process_time() - begun
    watch.add("everything else", whole - sum(watch.seconds.values()))
    return watch.seconds


def _tiny_world(scenario: Any) -> Any:
    """Return a world of a few riders, whose first month makes numba load or compile the workday kernel."""
    from injurysim.core.randomness import Streams
    from injurysim.scenario.resolve import exposure_calendar
    from injurysim.world.fast import FastWorld

    name = next(iter(scenario.worlds))
    small = with_horizon(with_world(scenario, 100, world=name), 1)
    return FastWorld(small.worlds[name], exposure_calendar(small), Streams(0, 0))


def _verdict(read: Any, result: Any) -> None:
    import io

    from injurysim.results.printing import plain_console
    from injurysim.results.reading import run_info
    from injurysim.results.verdict import render_verdict

    info = run_info(read.scenario, result.folder.manifest, str(result.folder.path))
    render_verdict(info, result.summary, result.comparison, plain_console(io.StringIO()))


def main() -> None:
    """Run, and print the parts in falling order."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scenario", nargs="?", type=Path, default=QUICKSTART)
    parser.add_argument("--replications", type=int, default=2)
    options = parser.parse_args()
    seconds = profile(options.scenario, options.replications)
    whole = sum(seconds.values())
    for name, part in sorted(seconds.items(), key=lambda each: -each[1]):
        print(f"{name:<30} {part:7.2f} s {part / whole:6.1%}")
    print(f"{'the whole':<30} {whole:7.2f} s")


if __name__ == "__main__":
    main()
