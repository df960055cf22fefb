"""Making the next of a row of things while the last one is being worked on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")

_END: Final = object()


def one_ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield the same items in the same order, each made by a thread of its own while the one before is worked on.

    Worth it where making an item leaves the interpreter to others. Two items are held at most, if whoever takes one
    lets go of it before asking for the next. What is raised while an item is made is raised when it is asked for.

    Parameters
    ----------
    items : iterator
        Is asked by one thread at a time, and for one item more than is taken if it is left early.
    """
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(next, items, _END)
        while (item := coming.result()) is not _END:
            coming = maker.submit(next, items, _END)
            yield item  # type: ignore[misc]
            del item
