"""Rows in memory: lines of rows, each given room when a shift first asks for it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.core.errors import InputError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

OUTSIDE, NOT_YET = -1, -2
"""Where the row of a shift begins that is none of the table's, and of one that nobody has asked for yet."""
FIRST_ROOM = 1 << 27
"""Numbers for which there is room at first. Zeros that nobody has touched take no memory, and moving them does."""
MOST_ROW_BYTES = 4 << 30


class RowTables(NamedTuple):
    """Rows and limits as the kernel reads them. F portfolios, C conducts, D kinds of day, V variants, E states with rows.

    Attributes
    ----------
    values : all rows, line after line; a row not filled yet has length 0.
    variant : (F, C, D) variant of a portfolio, conduct and kind of day; -1 when it does not occur.
    lines : (V, E, starts) where the rows of a variant, state and start begin, one for each wish; or NOT_YET.
    start_from, starts, wanted_from, wishes : (F,) cells of start and of wanted minutes that have rows.
    limits, limit_span : limits of a shift, and (V, 2) which of them hold.
    lasting, lasting_span : limits by week or month, likewise; lasting_owner : which limit each row is of.
    by_week : (limits by week or month,) whether it is by week.
    """

    values: Floats
    variant: Ints
    lines: Ints
    start_from: Ints
    starts: Ints
    wanted_from: Ints
    wishes: Ints
    limits: Floats
    limit_span: Ints
    lasting: Floats
    lasting_span: Ints
    lasting_owner: Ints
    by_week: NDArray[np.bool_]


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
        self.values = np.zeros(FIRST_ROOM)
        self.lines = np.full((0, states, starts), NOT_YET, np.int64)
        self._used = 0

    @property
    def row_bytes(self) -> int:
        """Bytes of the rows there is room for, filled or not."""
        return self._used * 8

    def hold(self, variants: int) -> None:
        """Make room for the places of so many variants."""
        known = len(self.lines)
        if variants > known:
            lines = np.full((max(variants, 2 * known), *self.lines.shape[1:]), NOT_YET, np.int64)
            lines[:known] = self.lines
            self.lines = lines

    def line(self, variant: int, state: int, start: int, wishes: int, columns: int) -> Floats:
        """Return the rows of a start, shape (wishes, columns), to be filled.

        Raises
        ------
        InputError
            If rows would take too much memory.
        """
        begin, size = int(self.lines[variant, state, start]), wishes * columns
        if begin < 0:
            begin, self._used = self._used, self._used + size
            if self.row_bytes > MOST_ROW_BYTES:
                raise InputError.of(
                    f"the shifts of this world need more than {MOST_ROW_BYTES >> 30} GiB of tables",
                    "Use fewer different factors on demand by month, or another rule than `combine: capped`.",
                    where="worlds",
                )
            if self._used > len(self.values):
                values = np.zeros(max(self._used, 2 * len(self.values)))
                values[:begin] = self.values[:begin]
                self.values = values
            self.lines[variant, state, start] = begin
        return self.values[begin : begin + size].reshape(wishes, columns)
