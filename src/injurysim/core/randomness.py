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
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from injurysim.core.kernel_cache import keep_compiled_kernels

keep_compiled_kernels()

Whole = int | np.integer[Any]
Words = NDArray[np.uint64]

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


# numba turns uint64 mixed with a signed integer into float64, so every constant is a uint64.
_PARITY = np.uint64(0x1BD11BDAA9FC1A22)
_WORD, _HALF, _PURPOSE_SHIFT, _SPARE_BITS = np.uint64(64), np.uint64(32), np.uint64(48), np.uint64(12)
_R0, _R1, _R2, _R3 = np.uint64(16), np.uint64(42), np.uint64(12), np.uint64(31)
_R4, _R5, _R6, _R7 = np.uint64(16), np.uint64(32), np.uint64(24), np.uint64(21)
_S1, _S2, _S3, _S4, _S5 = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4), np.uint64(5)
_UNIT = 2.0**-52
_QUARTER_BITS, _QUARTER_MASK = np.uint64(32), np.uint64(0xFFFFFFFF)
QUARTERS = 4
"""Uniforms of 32 bits in one draw of :func:`quarters`."""


@njit(cache=True)
def _four(
    x0: np.uint64, x1: np.uint64, r0: np.uint64, r1: np.uint64, r2: np.uint64, r3: np.uint64
) -> tuple[np.uint64, np.uint64]:
    """Four rounds: add, rotate, exclusive-or."""
    x0 += x1
    x1 = ((x1 << r0) | (x1 >> (_WORD - r0))) ^ x0
    x0 += x1
    x1 = ((x1 << r1) | (x1 >> (_WORD - r1))) ^ x0
    x0 += x1
    x1 = ((x1 << r2) | (x1 >> (_WORD - r2))) ^ x0
    x0 += x1
    x1 = ((x1 << r3) | (x1 >> (_WORD - r3))) ^ x0
    return x0, x1


@njit(cache=True)
def threefry2x64(k0: np.uint64, k1: np.uint64, c0: np.uint64, c1: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Threefry2x64-20 of one counter under one key, all words of 64 bits.

    Parameters
    ----------
    k0, k1 : uint64
        The key.
    c0, c1 : uint64
        The counter.

    Returns
    -------
    tuple of two uint64
        Two random words.

    Notes
    -----
    From Python pass ``numpy.uint64``: numba takes a plain integer for a signed one.
    """
    a, b = np.uint64(k0), np.uint64(k1)
    c = _PARITY ^ a ^ b
    x0, x1 = _four(np.uint64(c0) + a, np.uint64(c1) + b, _R0, _R1, _R2, _R3)
    x0, x1 = _four(x0 + b, x1 + c + _S1, _R4, _R5, _R6, _R7)
    x0, x1 = _four(x0 + c, x1 + a + _S2, _R0, _R1, _R2, _R3)
    x0, x1 = _four(x0 + a, x1 + b + _S3, _R4, _R5, _R6, _R7)
    x0, x1 = _four(x0 + b, x1 + c + _S4, _R0, _R1, _R2, _R3)
    return x0 + c, x1 + a + _S5


@njit(cache=True)
def uniform_pair(
    key0: np.uint64, who: np.uint64, purpose: Whole, when: Whole, index: Whole
) -> tuple[float, float]:
    """Two uniforms of one draw, for use inside other kernels (fields are taken as they are, unchecked).

    The top 52 bits of each word, moved to the middle of their cell: (j + 1/2)·2⁻⁵². Such a number is exact in
    double precision and never 0 or 1, and 1 − u is as good as u. (With 53 bits the half is not representable
    above one half, and the last cell rounds to 1.)

    Parameters
    ----------
    key0 : uint64
        ``Streams.key0``: seed and replication.
    who : uint64
        Digest of the path of the subject.
    purpose, when, index : int
        Below 2¹⁶, 2³² and 2³².

    Returns
    -------
    tuple of two float
        Uniforms strictly between 0 and 1.
    """
    x0, x1 = threefry2x64(
        np.uint64(key0),
        np.uint64(who),
        np.uint64(purpose) << _PURPOSE_SHIFT,
        (np.uint64(when) << _HALF) | np.uint64(index),
    )
    # Through signed integers, which these are as well: processors convert them in one step.
    return (np.float64(np.int64(x0 >> _SPARE_BITS)) + 0.5) * _UNIT, (
        np.float64(np.int64(x1 >> _SPARE_BITS)) + 0.5
    ) * _UNIT


@njit(cache=True)
def quarters(
    key0: np.uint64, who: np.uint64, purpose: Whole, when: Whole
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Four whole numbers below 2³² of one draw, in order: u = (number + 1/2)·2⁻³² is uniform.

    For chances that are looked at every day, for which 32 bits are fine enough: one draw serves four days.

    Parameters
    ----------
    key0, who, purpose, when
        As in :func:`uniform_pair`; the index is 0.
    """
    x0, x1 = threefry2x64(
        np.uint64(key0),
        np.uint64(who),
        np.uint64(purpose) << _PURPOSE_SHIFT,
        np.uint64(when) << _HALF,
    )
    return x0 >> _QUARTER_BITS, x0 & _QUARTER_MASK, x1 >> _QUARTER_BITS, x1 & _QUARTER_MASK


@njit(cache=True)
def _fill_uniform(
    key0: np.uint64, purpose: np.uint64, who: Words, when: Words, index: Words, out: NDArray[np.float64]
) -> None:
    many_who, many_when, many_index = who.size > 1, when.size > 1, index.size > 1
    for i in range(out.size):
        out[i], _ = uniform_pair(key0, who[i * many_who], purpose, when[i * many_when], index[i * many_index])


@njit(cache=True)
def _fill_pairs(
    key0: np.uint64, purpose: np.uint64, who: np.uint64, when: Words, index: Words, out: NDArray[np.float64]
) -> None:
    for i in range(when.size):
        out[0, i], out[1, i] = uniform_pair(key0, who, purpose, when[i], index[i])


@njit(cache=True)
def _fill_first_word(k0: np.uint64, k1: np.uint64, c0: np.uint64, c1: Words, out: Words) -> None:
    for i in range(out.size):
        out[i], _ = threefry2x64(k0, k1, c0, c1[i])


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
        _fill_uniform(self.key0, code, subject, time, number, out.reshape(-1))
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
        _fill_pairs(self.key0, code, subject, np.ascontiguousarray(times), numbers, out)
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
    _fill_first_word(
        np.uint64(digest64(region, group)),
        np.uint64(_word(cohort, 64, "cohort")),
        np.uint64(Purpose.RIDER_ID << 48),
        counters,
        out,
    )
    return out
