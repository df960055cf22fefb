"""Making the next of a row of things while the last one is being worked on."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from injurysim.core.ahead import one_ahead

PATIENCE_SECONDS = 30


def test_the_same_items_come_in_the_same_order() -> None:
    assert list(one_ahead(iter(range(5)))) == [0, 1, 2, 3, 4]
    assert list(one_ahead(iter([None, 0, False]))) == [None, 0, False]
    assert list(one_ahead(iter(()))) == []


def test_the_next_item_is_made_while_one_is_worked_on_and_none_after_it() -> None:
    begun = [threading.Event() for _ in range(4)]

    def items() -> Iterator[int]:
        for number, each in enumerate(begun):
            each.set()
            yield number

    for number in one_ahead(items()):
        if number + 1 < len(begun):
            assert begun[number + 1].wait(PATIENCE_SECONDS)
        assert not any(each.is_set() for each in begun[number + 2 :])


def test_what_is_raised_while_an_item_is_made_is_raised_when_it_is_asked_for() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("no second")

    row = one_ahead(items())
    assert next(row) == 1
    with pytest.raises(ValueError, match="no second"):
        next(row)


def test_left_early_it_makes_one_item_more_and_leaves_no_thread_behind() -> None:
    made = []

    def items() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            yield number

    before = threading.active_count()
    row = one_ahead(items())
    assert next(row) == 0
    row.close()
    assert made in ([0], [0, 1])
    assert threading.active_count() == before
