"""What a caller may be told of a run while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from injurysim.experiments.plan import Cell


def _nothing(*_: object) -> None:
    pass


@dataclass(frozen=True)
class Watch:
    """Functions to be called while a run goes on; what is not given is not told.

    Attributes
    ----------
    on_plan : callable
        Called with the number of cells to be run, and anew when a precision asks for more.
    on_done : callable
        Called with each cell that is finished and kept.
    on_month : callable
        Called with a cell, its months done and its months in all, while it runs in this process.
    on_note : callable
        Called with a sentence on what takes its time or went amiss: a price that is looked for, a worker that died.
    """

    on_plan: Callable[[int], None] = _nothing
    on_done: Callable[[Cell], None] = _nothing
    on_month: Callable[[Cell, int, int], None] = _nothing
    on_note: Callable[[str], None] = _nothing
