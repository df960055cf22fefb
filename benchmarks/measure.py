"""Timers: what a piece of work costs the processor, and what repeats of it tell."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass
class Took:
    """What a block took, known when it has ended: ``cpu`` of this process and ``wall``, in seconds."""

    cpu: float = 0.0
    wall: float = 0.0


@contextmanager
def timed() -> Iterator[Took]:
    """Time a block, with the garbage collected before it begins."""
    gc.collect()
    took = Took()
    wall, cpu = time.perf_counter(), time.process_time()
    yield took
    took.cpu, took.wall = time.process_time() - cpu, time.perf_counter() - wall


class Stopwatch:
    """Adds up the processor seconds spent in functions it has wrapped, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, timed under a name."""

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            begun = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.add(name, time.process_time() - begun)

        return wrapped

    def iterate(self, name: str, items: Iterator[Any]) -> Iterator[Any]:
        """Yield the items, timed under a name while they are made and not while they are used."""
        end = object()
        step = self.wrap(name, lambda: next(items, end))
        while (item := step()) is not end:
            yield item

    def add(self, name: str, seconds: float) -> None:
        """Add seconds to a name."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds


@dataclass(frozen=True)
class Spread:
    """The median of repeats and their range."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        """Return the spread of one value or more."""
        return cls(median(values), min(values), max(values))
