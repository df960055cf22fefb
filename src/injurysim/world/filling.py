"""Rows that shifts have asked for, walked and put into the tables, many in one call: a kernel, so that threads can share them."""

from __future__ import annotations

import math
import threading
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from injurysim.core.kernel_cache import kernel
from injurysim.world import layout
from injurysim.world.layout import Floats, Ints, Line, Scratch, ShiftLaw, whole
from injurysim.world.packed import pack
from injurysim.world.rows import RowTables
from injurysim.world.walk import walk, walk_line

# Columns of what is asked for. A row begins at AT, or the rows of all wishes, when the wish is ALL_WISHES.
PORTFOLIO, KIND, STATE, LIMITS_FROM, LIMITS_TO, START, WISH, AT = range(8)
"""Portfolio, kind of day and state of fatigue; rows of the limits; minute of the start, and minutes wanted."""
ASKED_COLUMNS = 8
ALL_WISHES = -1


class Room(NamedTuple):
    """Room in which a thread walks: of one walk, and of the rows of a line and where each ends."""

    scratch: Scratch
    stop: Floats
    row: Floats
    rows: Floats
    ends: Ints


class Filling(threading.local):
    """What each thread fills rows with, kept from call to call.

    Parameters
    ----------
    wishes : int
        Rows of a line at most.
    """

    def __init__(self, wishes: int) -> None:
        columns = layout.HEAD + layout.MOST_APPS * layout.PER_APP
        self.room = Room(
            scratch=layout.new_scratch(),
            stop=np.zeros(layout.STOP_COLUMNS),
            row=np.zeros(columns),
            rows=np.zeros((wishes, columns)),
            ends=np.zeros((wishes, 4), np.int64),
        )

    def fill(self, law: ShiftLaw, rows: RowTables, wanted_minutes: int, asked: NDArray[np.int64]) -> None:
        """Fill rows in.

        Parameters
        ----------
        law : ShiftLaw
        rows : RowTables
            Its limits are read, its values written.
        wanted_minutes : int
            Minutes between two wishes of a line.
        asked : array of shape (n, ASKED_COLUMNS)
            None twice over all calls at a time.
        """
        _fill(law, rows, wanted_minutes, asked, self.room)


@kernel
def _fill(law: ShiftLaw, rows: RowTables, step: int, asked: Ints, room: Room) -> None:
    for i in range(asked.shape[0]):
        f, kind, state, start = asked[i, PORTFOLIO], asked[i, KIND], asked[i, STATE], asked[i, START]
        limits, at, wish = (
            rows.limits[asked[i, LIMITS_FROM] : asked[i, LIMITS_TO]],
            asked[i, AT],
            asked[i, WISH],
        )
        if wish == ALL_WISHES:
            wishes, width = rows.wishes[f], rows.width[f]
            line = Line(room.rows[:wishes], room.ends[:wishes], rows.wanted_from[f] * step, step)
            walk_line(law, kind, f, state, limits, start, room.scratch, room.stop, room.row, line)
            for place in range(wishes):
                pack(law, f, room.rows[place], rows.values, at + place * width)
        else:
            line = Line(room.rows[:0], room.ends[:0], whole(0), step)
            walk(law, kind, f, state, limits, start, wish, math.inf, room.scratch, room.row, room.stop, line)
            pack(law, f, room.row, rows.values, at)
