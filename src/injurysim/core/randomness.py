"""Keyed randomness: every draw is a function of (seed, replication, purpose, who, when, index) and nothing else.

The generator is Threefry2x64-20 of Random123 (Salmon, Moraes, Dror and Shaw 2011), a keyed bijection of 128-bit
counters, checked against its published known answers. The fields sit in bits of their own::

    key 0      seed (32) | replication (32)        counter 0   purpose (16) | zero (48)
    key 1      who (64)                            counter 1   when (32) | index (32)

so two different draws never share a counter and key. ``who`` is a digest of a path (region/group/cohort/ordinal,
or a claim), never a row number. One counter gives a pair of uniforms: the functions that give one uniform give the
first of that pair, so a (purpose, when, index) is read either as one or as a pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray

from injurysim.core.threefry import (
    QUARTERS,
    fill_first_word,
    fill_pairs,
    fill_uniform,
    quarters,
    uniform_pair,
)

STREAMS_VERSION = 2
"""Bumped whenever a change would give a scenario other draws; saved in every manifest."""


class Purpose(IntEnum):
    """What a draw is for. Append only: a number once given is never changed or used again."""

    ATTENDANCE = 1  # does the rider work on this day (streams_version 1)
    SHIFT = 2  # start and wanted length of a worked day
    INJURY_CLOCK = 3  # unit exponential the integrated hazard must reach
    SEVERITY = 4  # severity class of an injury
    MEDICAL_COST = 5  # medical cost, in and out of catalogue
    DAYS_OFF = 6  # days off work
    DISABILITY = 7  # permanent grade
    SITUATION = 8  # on order, waiting or travelling, and the orders in hand
    ORDERS = 9  # order count of a rider, platform and month
    RIDER_ID = 10  # a rider's identity, from the path and not from the seed
    PORTFOLIO = 11  # which platforms a rider works on
    RELATION = 12  # relation class and engager
    FRAILTY = 13  # a rider's own multiplier of the hazard
    AGE = 14  # age and experience at entry
    ORDER_GAP = 15  # waiting for an order and the minutes on it (the event-by-event engine)
    ORDER_MINUTES = 16  # minutes on an order (streams_version 1)
    REPORT = 17  # is the injury reported
    REPORT_LAG = 18  # days from injury to notification
    PAPERS = 19  # are papers missing or is liability awaited, and how long
    CONFIRMATION_TIME = 20  # handling time of a confirmation
    CONFIRMATION_OUTCOME = 21  # confirmed or refused
    APPRAISAL_TIME = 22  # handling time of an appraisal
    PAYMENT_TIME = 23  # handling time of a payment
    UNCOVERED_REPORT = 24  # does somebody without cover file all the same
    PRESENCE = 25  # does the rider work on this day: four days a draw, see `presence`
    ENTRY = 26  # day of entry
    TENURE = 27  # months from entry to leaving
    EXPERIENCE = 28  # months of experience brought along
    ENGAGER = 29  # who engages a rider
    SHOCK = 30  # factor on the hazard that a group shares for a period
    WEATHER = 31  # state of a day in a region
    COMPLIANCE = 32  # does the rider keep a limit
    SWITCHING = 33  # does the rider switch apps at a log-off
    REOFFERED = 40  # orders lost to limits that others take
    ENROLMENT = 41  # does a rider choose to be insured, or to opt out
    JOINING = 42  # which of several dates a platform joins on
    LEDGER = 43  # does a rider stand on the register
    EXCLUSION = 44  # does an exclusion take an injury out
    SINCE_ORDER = 45  # minutes since the last order, of somebody hurt while waiting
    DECLARED = 46  # was the work of an injury declared
    INSPECTION = 47  # is a platform inspected in a month
    FILED_BY = 48  # does the platform or the worker file
    SUPPRESSION = 49  # does a platform keep a claim back
    POLICE = 50  # are police findings awaited, and how long
    CLEAR = 51  # are the facts clear
    WITHDRAWAL = 52  # would a claim be given up, and after how long
    REVIEW = 53  # does a refused claim go to review, how long, with what end
    APPEAL = 54  # does it go to appeal, how long, with what end
    ACCEPTANCE_TIME = 55  # days in which papers are checked
    PENSIONER_LIFE = 56  # how long a pensioner lives
    DEPENDANTS = 57  # whom the dead leave behind
    NURSING = 58  # does the injured need care
    AT_FAULT = 59  # is somebody else at fault, and is it recovered
    RECLASSIFIED = 60  # is a rider moved to another relation class
    LATE = 61  # what of a bill is late, by chance (nothing yet: a stated share of each is)
    ATTRIBUTED = 62  # whose an injury is, where chance decides


def digest64(*path: str | int) -> int:
    """Digest of a path in 64 bits (BLAKE2b), the same on every machine.

    Each part goes in with its kind and its length, so ("ab", "c"), ("a", "bc") and ("1",), (1,) all differ.

    Parameters
    ----------
    *path : str or int
        Parts of the path, for example region, group, cohort, ordinal.

    Returns
    -------
    int
        From 0 to 2⁶⁴ − 1.

    Raises
    ------
    TypeError
        When a part is neither text nor an integer.
    """
    return _digest(path, 8)


def digest32(*path: str | int) -> int:
    """Digest of a path in 32 bits, for the ``index`` of a named option; see :func:`digest64`."""
    return _digest(path, 4)


def _digest(path: Sequence[str | int], size: int) -> int:
    state = blake2b(digest_size=size)
    for part in path:
        if isinstance(part, str):
            kind, text = b"s", part.encode()
        elif isinstance(part, int | np.integer):
            kind, text = b"i", str(int(part)).encode()
        else:
            raise TypeError(f"a path is made of text and integers, got {part!r}")
        state.update(kind + str(len(text)).encode() + b":" + text)
    return int.from_bytes(state.digest(), "little")


def _word(value: int, bits: int, name: str) -> int:
    """One field as an int, refused when it is negative or does not fit in its bits."""
    if not 0 <= value < 1 << bits:
        raise ValueError(f"{name} must be a whole number from 0 to 2**{bits} - 1, got {value}")
    return int(value)


def _words(value: ArrayLike, bits: int, name: str) -> NDArray[np.uint64]:
    """Return a field as an array of uint64, refused when an element is negative or does not fit in its bits."""
    array = np.asarray(value)
    if array.size:
        if array.dtype.kind not in "iu":
            raise ValueError(f"{name} must hold whole numbers from 0 to 2**{bits} - 1, got {array.dtype}")
        _word(int(array.min()), bits, name)
        _word(int(array.max()), bits, name)
    return array.astype(np.uint64, copy=False)


class Streams:
    """All random numbers of one replication.

    Parameters
    ----------
    seed : int
        Seed of the experiment, from 0 to 2³² − 1.
    replication : int
        Number of the replication, from 0 to 2³² − 1.

    Attributes
    ----------
    key0 : numpy.uint64
        Seed and replication as the kernels take them.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = _word(seed, 32, "seed")
        self.replication = _word(replication, 32, "replication")
        self.key0 = np.uint64(self.seed << 32 | self.replication)

    def __repr__(self) -> str:
        return f"Streams(seed={self.seed}, replication={self.replication})"

    def uniform(
        self, purpose: Purpose, who: ArrayLike, when: ArrayLike = 0, index: ArrayLike = 0
    ) -> NDArray[np.float64]:
        """One uniform for each element of the broadcast arguments.

        Parameters
        ----------
        purpose : Purpose
            What the draws are for.
        who : array_like of uint64
            Digests of the subjects.
        when, index : array_like of int
            Below 2³²: for example the day or month, and the number of the draw.

        Returns
        -------
        ndarray of float
            Strictly between 0 and 1, in the broadcast shape.

        Raises
        ------
        ValueError
            When a field is negative, not whole, or does not fit in its bits.
        """
        fields = (_words(who, 64, "who"), _words(when, 32, "when"), _words(index, 32, "index"))
        shape = np.broadcast_shapes(*(field.shape for field in fields))
        out = np.empty(shape, dtype=np.float64)
        code = np.uint64(_word(purpose, 16, "purpose"))
        # One element stands for all; flatten() always copies, so the kernel meets one kind of array.
        subject, time, number = (
            (field if field.size == 1 else np.broadcast_to(field, shape)).flatten() for field in fields
        )
        fill_uniform(self.key0, code, subject, time, number, out.reshape(-1))
        return out

    def pairs(
        self, purpose: Purpose, who: int, when: ArrayLike, index: ArrayLike = 0
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Two independent uniforms for each of many draws of one subject: those of :meth:`pair_one`.

        Parameters
        ----------
        purpose : Purpose
            What the draws are for.
        who : int
            Digest of the subject.
        when : array_like of int, shape (n,)
        index : array_like of int, shape (n,) or one for all
            Below 2³².

        Returns
        -------
        two ndarrays of float, shape (n,)
            Strictly between 0 and 1.
        """
        times = _words(when, 32, "when")
        numbers = np.ascontiguousarray(np.broadcast_to(_words(index, 32, "index"), times.shape))
        out = np.empty((2, times.size))
        code, subject = np.uint64(_word(purpose, 16, "purpose")), np.uint64(_word(who, 64, "who"))
        fill_pairs(self.key0, code, subject, np.ascontiguousarray(times), numbers, out)
        return out[0], out[1]

    def uniform_one(self, purpose: Purpose, who: int, when: int = 0, index: int = 0) -> float:
        """One uniform strictly between 0 and 1; the same number as :meth:`uniform` gives."""
        return self.pair_one(purpose, who, when, index)[0]

    def pair_one(self, purpose: Purpose, who: int, when: int = 0, index: int = 0) -> tuple[float, float]:
        """Two independent uniforms of one draw; the first is that of :meth:`uniform_one`.

        Parameters
        ----------
        purpose : Purpose
            What the draw is for.
        who : int
            Digest of the subject.
        when, index : int
            Below 2³².

        Returns
        -------
        tuple of two float
            Strictly between 0 and 1.

        Raises
        ------
        ValueError
            When a field is negative or does not fit in its bits.
        """
        return uniform_pair(
            self.key0,
            np.uint64(_word(who, 64, "who")),
            np.uint64(_word(purpose, 16, "purpose")),
            np.uint64(_word(when, 32, "when")),
            np.uint64(_word(index, 32, "index")),
        )

    def by_day(self, purpose: Purpose, who: int, first_day: int, last_day: int) -> NDArray[np.float64]:
        """One uniform of 32 bits for each day of one subject, four days a draw (see :func:`quarters`).

        Parameters
        ----------
        purpose : Purpose
            What the draws are for.
        who : int
            Digest of the subject.
        first_day, last_day : int
            Days wanted, the last excluded.

        Returns
        -------
        ndarray of float, shape (last_day - first_day,)
            Strictly between 0 and 1.
        """
        code, subject = np.uint64(_word(purpose, 16, "purpose")), np.uint64(_word(who, 64, "who"))
        first, last = first_day // QUARTERS, -(-last_day // QUARTERS)
        words = [quarters(self.key0, subject, code, np.uint64(number)) for number in range(first, last)]
        numbers = np.array(words, np.float64).reshape(-1)
        begin = first_day - first * QUARTERS
        return (numbers[begin : begin + last_day - first_day] + 0.5) * 2.0**-32

    def race(
        self, purpose: Purpose, who: NDArray[np.uint64], names: Sequence[str], weights: Sequence[float]
    ) -> NDArray[np.int64]:
        """Choose one named option each, with probability in proportion to its weight.

        Each option runs an exponential clock at the rate of its weight, keyed by its name, and the first to
        ring is chosen. So one option more changes only those who take it, and a changed weight moves riders
        only to or from that option; the order of the options does not matter.

        Parameters
        ----------
        purpose : Purpose
            What the choice is about.
        who : ndarray of uint64, shape (n,)
            Digests of the riders.
        names : sequence of str, length m
            Names of the options.
        weights : sequence of float, length m
            Non-negative; an option of weight zero is never chosen.

        Returns
        -------
        ndarray of int, shape (n,)
            Position of the chosen option in `names`.

        Raises
        ------
        ValueError
            When the lengths differ, two names share a digest, or the weights are negative, not finite or all
            zero.
        """
        rates = np.asarray(weights, dtype=np.float64)
        if rates.shape != (len(names),):
            raise ValueError(f"{len(names)} names but weights of shape {rates.shape}")
        if not (np.isfinite(rates).all() and (rates >= 0.0).all() and rates.any()):
            raise ValueError(f"weights must be finite, not negative and not all zero, got {list(weights)}")
        keys = [digest32(name) for name in names]
        if len(set(keys)) < len(keys):
            raise ValueError(f"two options share a digest, rename one of them: {list(names)}")
        running = np.flatnonzero(rates)
        who = np.asarray(who)
        uniforms = self.uniform(purpose, who[:, np.newaxis], 0, np.asarray(keys, dtype=np.uint64)[running])
        first = np.argmin(-np.log(uniforms) / rates[running], axis=1)
        return np.asarray(running[first], dtype=np.int64)


def group_who(region: str, group: str, cohort: int, ordinals: ArrayLike) -> NDArray[np.uint64]:
    """Digests (``who``) of the riders of a group: functions of their path alone, whatever the seed.

    The first word of Threefry2x64-20 with key (digest of region and group, cohort) and counter
    (``Purpose.RIDER_ID`` × 2⁴⁸, ordinal): the same digest idea as :func:`digest64`, quick for a whole cohort.

    Parameters
    ----------
    region, group : str
        Names.
    cohort : int
        Number of the cohort (the month of entry).
    ordinals : array_like of int, shape (n,)
        Numbers of the riders inside the cohort.

    Returns
    -------
    ndarray of uint64, shape (n,)
        One digest a rider.

    Raises
    ------
    ValueError
        When the cohort or an ordinal is negative or not whole.
    """
    counters = np.atleast_1d(_words(ordinals, 64, "ordinals")).flatten()
    out = np.empty(counters.size, dtype=np.uint64)
    fill_first_word(
        np.uint64(digest64(region, group)),
        np.uint64(_word(cohort, 64, "cohort")),
        np.uint64(Purpose.RIDER_ID << 48),
        counters,
        out,
    )
    return out
