"""Rows in memory: lines of rows, each given room when a shift first asks for it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.core.errors import InputError
from injurysim.core.kernel_cache import inlined
from injurysim.world.lasting import Lasting
from injurysim.world.layout import index, whole
from injurysim.world.packed import LENGTH, UNKNOWN, Blocks

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

OUTSIDE, NOT_YET = -1, -2
"""Where the row of a shift begins that is none of the table's, and of one that nobody has asked for yet."""
NUMBER_BYTES, LINE_BYTES = 4, 64
"""A number, and a line of the processor's cache."""
FIRST_ROOM = 1 << 28
"""Numbers for which there is room at first. Zeros that nobody has touched take no memory, and moving them does."""
MOST_ROW_BYTES = 4 << 30

# What the kernel says of a shift that had no row yet.
MISSED_VARIANT, MISSED_STATE, MISSED_START, MISSED_WISH, MISSED_KIND = range(5)
MISSED_COLUMNS = 5


class RowTables(NamedTuple):
    """Rows and limits as the kernel reads them. F portfolios, C conducts, D kinds of day, V variants, E states with rows.

    Attributes
    ----------
    values : all rows, line after line (see :mod:`~injurysim.world.packed`); a row not filled yet has an unknown length.
    width : (F,) numbers of a row.
    variant : (F, C, D) variant of a portfolio, conduct and kind of day; -1 when it does not occur.
    lines : (V, E, starts) where the rows of a variant, state and start begin, one for each wish; or NOT_YET.
    start_from, starts, wanted_from, wishes : (F,) cells of start and of wanted minutes that have rows.
    limits, limit_span : limits of a shift, and (V, 2) which of them hold.
    lasting : those by week or month.
    """

    values: Blocks
    width: Ints
    variant: NDArray[np.int32]
    lines: NDArray[np.int32]
    start_from: Ints
    starts: Ints
    wanted_from: Ints
    wishes: Ints
    limits: Floats
    limit_span: Ints
    lasting: Lasting


@inlined
def place_of(rows: RowTables, f: int, variant: int, state: int, start: int, wish: int) -> int:
    """Where the row of a start and a wish (cells of the law) begins, filled or not; or OUTSIDE, or NOT_YET."""
    own = index(f)
    s, q = start - rows.start_from[own], wish - rows.wanted_from[own]
    if s < 0 or s >= rows.starts[own] or q < 0 or q >= rows.wishes[own]:
        return OUTSIDE
    line = whole(rows.lines[index(variant), index(state), index(s)])
    return line + q * rows.width[own] if line >= 0 else line


class RowStore:
    """Lines of rows, one after another in the order in which they are asked for.

    Parameters
    ----------
    states, starts : int
        Of each variant.

    Attributes
    ----------
    values, lines
        As of :class:`RowTables`; replaced by larger ones when they are full.
    """

    def __init__(self, states: int, starts: int) -> None:
        self.values = _room(FIRST_ROOM)
        self.lines = np.full((0, states, starts), NOT_YET, np.int32)
        self._used = 0

    @property
    def row_bytes(self) -> int:
        """Bytes of the rows there is room for, filled or not."""
        return self._used * NUMBER_BYTES

    def hold(self, variants: int) -> None:
        """Make room for the places of so many variants."""
        known = len(self.lines)
        if variants > known:
            lines = np.full((max(variants, 2 * known), *self.lines.shape[1:]), NOT_YET, np.int32)
            lines[:known] = self.lines
            self.lines = lines

    def begins(self, variant: Ints, state: Ints, start: Ints, wishes: Ints, width: Ints) -> Ints:
        """Return where lines of rows begin, each of so many rows of ``width`` numbers; new ones are not filled.

        Raises
        ------
        InputError
            If rows would take too much memory.
        """
        missing = self.lines[variant, state, start] < 0
        asked = (each[missing].tolist() for each in (variant, state, start, wishes, width))
        for v, e, s, number, numbers in zip(*asked, strict=True):
            if self.lines[v, e, s] < 0:
                self.lines[v, e, s] = self._new_line(number, numbers)
        return self.lines[variant, state, start].astype(np.int64)

    def _new_line(self, wishes: int, width: int) -> int:
        begin = -(-self._used // width) * width  # so that rows as long as a line of the cache lie in one
        self._used = begin + wishes * width
        if self.row_bytes > MOST_ROW_BYTES:
            raise InputError.of(
                f"the shifts of this world need more than {MOST_ROW_BYTES >> 30} GiB of tables",
                "Use fewer different factors on demand by month, or another rule than `combine: capped`.",
                where="worlds",
            )
        if self._used > len(self.values):
            values = _room(max(self._used, 2 * len(self.values)))
            values[:begin] = self.values[:begin]
            self.values = values
        self.values[begin + LENGTH : self._used : width] = UNKNOWN
        return begin


def _room(numbers: int) -> Blocks:
    """Return zeros that begin with a line of the cache."""
    room = np.zeros(numbers * NUMBER_BYTES + LINE_BYTES, np.uint8)
    skipped = -room.ctypes.data % LINE_BYTES
    return room[skipped : skipped + numbers * NUMBER_BYTES].view(np.float32)
