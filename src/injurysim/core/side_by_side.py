"""Parts of one piece of work, on one thread or on several, with the same outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class SideBySide:
    """Threads that share work; worth it where the work leaves the interpreter to others.

    Parameters
    ----------
    threads : int
        How many; one does everything itself, when it is asked for.
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def parts(self, size: int, at_most: int, *, each: int = 1) -> list[slice]:
        """Cut so many things into parts, alike in size, of which every thread has as many.

        Parameters
        ----------
        size : int
            How many things there are.
        at_most : int
            Things of a part.
        each : int
            Parts of a thread at least, if there are several threads: more, so that none waits long for another.
        """
        threads = self.threads * each if self.threads > 1 else 1
        number = -(-size // (at_most * threads)) * threads
        ends = [size * place // number for place in range(number + 1)] if number else [0]
        return [slice(begin, end) for begin, end in pairwise(ends) if begin < end]

    def begin(self, work: Callable[[T], R], parts: Sequence[T]) -> Iterator[R]:
        """Begin the parts and return what comes of them, in their order; with one thread each is done when asked for."""
        return map(work, parts) if self._pool is None else self._pool.map(work, parts)


ALONE = SideBySide(1)
"""One thread."""
