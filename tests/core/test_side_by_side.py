"""Parts side by side: every thing in one part, in order, and the same outcome on any number of threads."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.side_by_side import SideBySide

SMALL = st.integers(1, 9)


@given(size=st.integers(0, 300), at_most=SMALL, each=SMALL, threads=SMALL)
def test_every_thing_is_in_one_part_and_no_part_is_too_large(
    size: int, at_most: int, each: int, threads: int
) -> None:
    with SideBySide(threads) as hands:
        parts = hands.parts(size, at_most, each=each)
    assert [thing for part in parts for thing in range(size)[part]] == list(range(size))
    sizes = [part.stop - part.start for part in parts]
    assert max(sizes, default=0) <= at_most
    assert max(sizes, default=0) - min(sizes, default=0) <= 1
    if threads > 1:  # every thread has as many, or there is one for each thing
        assert len(parts) % (threads * each) == 0 or len(parts) == size


def test_one_thread_cuts_only_what_is_too_large() -> None:
    with SideBySide(1) as hands:
        assert hands.parts(10, 10, each=4) == [slice(0, 10)]
        assert hands.parts(11, 10, each=4) == [slice(0, 5), slice(5, 11)]


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_what_comes_of_the_parts_is_in_their_order(threads: int) -> None:
    with SideBySide(threads) as hands:
        assert list(hands.begin(lambda number: number * number, range(50))) == [
            number * number for number in range(50)
        ]


def test_several_threads_are_at_it_together_and_before_anybody_asks() -> None:
    both = threading.Barrier(3, timeout=60)
    with SideBySide(2) as hands:
        coming = hands.begin(lambda _: both.wait(), range(2))
        both.wait()
        assert sorted(coming) != []


def test_what_a_part_raises_is_raised_where_it_is_asked_for() -> None:
    for threads in (1, 2):
        with SideBySide(threads) as hands, pytest.raises(ZeroDivisionError):
            list(hands.begin(lambda number: 1 // number, [1, 0]))
