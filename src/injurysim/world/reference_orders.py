"""Orders of the reference model: how fast they come, and the desk of an app at which they are in hand."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import accumulate
from operator import add

import numpy as np
from numpy.typing import ArrayLike, NDArray

from injurysim.core.calendar import MINUTES_PER_DAY
from injurysim.core.distributions import Distribution
from injurysim.core.randomness import Purpose, Streams

SLOT_BITS = 24
"""Draws of the orders of a day are numbered; each app of the portfolio has 2**24 numbers of its own."""

MORE = 16
"""Draws made when those of a desk are used up."""


class Rate:
    """Orders a minute at which an app offers, by hour of the day.

    Attributes
    ----------
    constant : float, optional
        The rate when it is the same at all hours; None otherwise.
    unit : float
        Minutes to an order if the rate is constant; 1 otherwise, as gaps are then told in expected orders.
    """

    __slots__ = ("_before", "_by_hour", "constant", "unit")

    def __init__(self, by_hour: Sequence[float]) -> None:
        self._by_hour = tuple(by_hour)
        self._before = tuple(accumulate((60 * rate for rate in by_hour), initial=0.0))
        self.constant = by_hour[0] if len(set(by_hour)) == 1 else None
        self.unit = 1.0 if self.constant is None else 1 / self.constant if self.constant else math.inf

    def at(self, minute: float) -> float:
        """Return the rate at a minute from the first midnight."""
        return self._by_hour[int(minute % MINUTES_PER_DAY) // 60]

    def until(self, minute: float) -> float:
        """Return the orders expected from the first midnight to a minute."""
        days, rest = divmod(minute, MINUTES_PER_DAY)
        hour = int(rest) // 60
        return days * self._before[-1] + self._before[hour] + (rest - 60 * hour) * self._by_hour[hour]

    def expected(self, begin: float, end: float) -> float:
        """Return the orders expected from one minute to another."""
        if self.constant is not None:
            return self.constant * (end - begin)
        return self.until(end) - self.until(begin)

    def after(self, minute: float, load: float) -> float:
        """Return the minute at which so many orders more have been expected: infinite if never."""
        if self.constant is not None:
            return minute + load / self.constant if self.constant else math.inf
        if self._before[-1] == 0.0:
            return math.inf
        days, rest = divmod(load, self._before[-1])
        minute += days * MINUTES_PER_DAY
        while True:
            rate, end = self.at(minute), (minute // 60 + 1) * 60
            if rate and minute + rest / rate <= end:
                return minute + rest / rate
            rest = max(rest - rate * (end - minute), 0.0)
            minute = end


class Desk:
    """An app of a rider in one shift: orders taken, in hand and delivered, with the draws they need.

    An order is taken at ``arrival``, the next after so many expected orders as the next of ``gaps`` says. While the
    app is closed nothing is in hand. ``deliveries`` is a heap of the moments at which those in hand are delivered;
    infinity at its end keeps it from running empty.

    Attributes
    ----------
    rate : Rate, optional
        None with so many orders a day: one is in hand all the while.
    one_at_a_time : bool
        Whether an order in hand keeps others away.
    gaps : array of float
        Drawn gaps, in minutes if the rate is constant and otherwise in expected orders.
    minutes : array of float
        Drawn minutes of orders, with those of the gaps.
    unit : float
        Minutes, or expected orders, of a gap drawn as 1.
    number : int
        Draws used.
    taken : int
        Orders taken.
    simple : bool
        Whether orders come at one rate and whatever is in hand.
    offered : float
        Orders expected while the app was open to one, up to minute ``since``.
    busy_until : float
        When the last of the orders taken since the app was opened is delivered, at a desk of simple orders.
    """

    __slots__ = (
        "arrival", "busy_until", "day", "deliveries", "factor", "gaps", "law", "minutes", "number", "offered",
        "one_at_a_time", "rate", "simple", "since", "slot", "taken", "unit",
    )  # fmt: skip

    def __init__(
        self, day: int, slot: int, rate: Rate | None, law: Distribution | None, factor: float, one: bool
    ) -> None:
        self.day, self.slot, self.rate, self.law, self.factor = day, slot, rate, law, factor
        self.one_at_a_time = one
        self.gaps, self.minutes = array("d"), array("d")
        self.number = self.taken = 0
        self.offered = self.since = self.busy_until = 0.0
        self.unit = 1.0 if rate is None else rate.unit
        self.simple = rate is not None and rate.constant is not None and not one
        self.arrival, self.deliveries = math.inf, [math.inf]

    @property
    def busy(self) -> bool:
        """Whether an order is in hand."""
        return self.rate is None or len(self.deliveries) > 1

    @property
    def next(self) -> float:
        """When an order is next taken or delivered."""
        return min(self.arrival, self.deliveries[0])

    def open(self, now: float, streams: Streams, who: int) -> None:
        """Open the app with nothing in hand and wait for an order."""
        self.deliveries, self.since, self.busy_until = [math.inf], now, now
        if self.rate is None:
            return
        if self.arrival < math.inf:
            # The wait when the app was closed is forgotten, and so is its draw.
            self.number += 1
        self._wait(now, streams, who)

    def settle(self, now: float) -> None:
        """Count the orders expected up to now."""
        if self.rate is None or (self.one_at_a_time and self.busy):
            return
        self.offered += self.rate.expected(self.since, now)
        self.since = now

    def _wait(self, now: float, streams: Streams, who: int) -> None:
        """Wait for the next order."""
        assert self.rate is not None  # noqa: S101  (nobody waits at a desk of so many orders a day)
        if self.number == len(self.gaps):
            draw_orders(streams, who, [self], [MORE])
        gap = self.gaps[self.number]
        self.arrival = now + gap if self.rate.constant is not None else self.rate.after(now, gap)

    def step(self, now: float, streams: Streams, who: int) -> None:
        """Take the order that arrives now, or deliver the one that is due."""
        if self.deliveries[0] < self.arrival:
            heappop(self.deliveries)
            if self.one_at_a_time:
                self.since = now
                self._wait(now, streams, who)
            return
        if self.one_at_a_time:
            self.settle(now)
        heappush(self.deliveries, now + self.minutes[self.number])
        self.number += 1
        self.taken += 1
        if self.one_at_a_time:
            self.arrival = math.inf
        else:
            self._wait(now, streams, who)

    def agenda(self, begin: float, end: float, streams: Streams, who: int) -> tuple[list[float], float]:
        """Write down what will happen at a desk of :attr:`simple` orders, which come whatever is in hand.

        Returns
        -------
        moments : list of float
            Those before the end at which orders are taken and delivered, in order.
        engaged : float
            Minutes with an order in hand.
        """
        number = self.number
        arrivals = list(accumulate(self.gaps[number + 1 :], initial=self.arrival))
        while arrivals[-1] < end:
            draw_orders(streams, who, [self], [MORE])
            arrivals = list(accumulate(self.gaps[number + 1 :], initial=self.arrival))
        count = bisect_left(arrivals, end)
        self.arrival, self.number, self.taken = arrivals[count], number + count, self.taken + count
        del arrivals[count:]
        due = list(map(add, arrivals, self.minutes[number : number + count]))
        # Until when the orders so far keep the rider busy: who is free before the next arrives has no order in hand.
        busy_until = list(accumulate(due, max, initial=max(begin, self.busy_until)))
        self.busy_until = busy_until[-1]
        idle = sum([at - free for at, free in zip(arrivals, busy_until, strict=False) if at > free])
        due += self.deliveries
        due.sort()
        done = bisect_left(due, end)
        self.deliveries = due[done:]
        moments = arrivals + due[:done]
        moments.sort()
        return moments, min(self.busy_until, end) - begin - idle


def draw_orders(streams: Streams, who: int, desks: Sequence[Desk], counts: ArrayLike) -> None:
    """Draw so many gaps and minutes of orders more for each desk, in one call for all of them.

    A draw is keyed by the rider, the day, the app's place in the portfolio and its number, so it does not matter
    how many are drawn at a time.
    """
    sizes = np.asarray(counts, np.int64)
    ends = np.cumsum(sizes)
    keys = [(desk.day, (desk.slot << SLOT_BITS) + len(desk.gaps)) for desk in desks]
    days, index = np.repeat(np.array(keys, np.int64).T, sizes, axis=1)
    index += np.arange(ends[-1]) - np.repeat(ends - sizes, sizes)
    gaps, lots = streams.pairs(Purpose.ORDER_GAP, who, days, index)
    units, factors = np.repeat(
        [[desk.unit for desk in desks], [desk.factor for desk in desks]], sizes, axis=1
    )
    gaps = -np.log(gaps) * units
    minutes = np.maximum(_minutes(desks, index >> SLOT_BITS, lots), 0.0) * factors
    # One copy out of numpy for all desks; an array of doubles is as small and quicker to cut into short pieces.
    all_gaps, all_minutes = array("d", gaps.tobytes()), array("d", minutes.tobytes())
    begin = 0
    for desk, end in zip(desks, ends.tolist(), strict=True):
        desk.gaps += all_gaps[begin:end]
        desk.minutes += all_minutes[begin:end]
        begin = end


def _minutes(
    desks: Sequence[Desk], slots: NDArray[np.int64], lots: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the minutes of orders in dry weather: those of each app by its own law."""
    laws = {desk.slot: desk.law for desk in desks if desk.law is not None}
    if len(laws) == 1:
        (law,) = laws.values()
        return law.ppf(lots)
    minutes = np.empty_like(lots)
    for slot, law in laws.items():
        mine = slots == slot
        minutes[mine] = law.ppf(lots[mine])
    return minutes
