"""Progress of a run: a bar on a terminal, lines in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from injurysim.experiments.plan import Cell
    from injurysim.experiments.watch import Watch


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Watch]:
    """Show a bar on a terminal, a line for each ended cell in a pipe, nothing when quiet.

    The bar counts cells; within one that runs in this process it moves month by month.
    """
    from injurysim.experiments.watch import Watch

    done = total = 0

    def note(text: str) -> None:
        print(f"{text} …", file=sys.stderr)

    if quiet:
        yield Watch()
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("replications x worlds", total=None)

            def more(cells: int) -> None:
                nonlocal total
                total += cells
                bar.update(task, total=total, completed=done)

            def ended(_: Cell) -> None:
                nonlocal done
                done += 1
                bar.update(task, completed=done)

            yield Watch(
                more, ended, lambda _, months, of: bar.update(task, completed=done + months / of), note
            )
    else:

        def counted(cells: int) -> None:
            nonlocal total
            total += cells

        def line(cell: Cell) -> None:
            nonlocal done
            done += 1
            print(f"{done}/{total} {cell}", file=sys.stderr)

        yield Watch(on_plan=counted, on_done=line, on_note=note)
