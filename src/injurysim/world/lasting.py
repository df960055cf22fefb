"""Limits by week or month in the kernel: their meters run on from shift to shift."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from injurysim.core.kernel_cache import inlined, kernel
from injurysim.world import layout
from injurysim.world.layout import HEAD, PER_APP, ShiftLaw
from injurysim.world.rows import RowTables

Floats = NDArray[np.float64]


@inlined
def _on_clock(limit: Floats, i: int, row: Floats, at: int, law: ShiftLaw, f: int) -> float:
    """Minutes of a shift, whose row begins at ``at``, on the clock of limit ``i``."""
    column = layout.ENGAGED if limit[i, layout.CLOCK] == layout.CLOCK_ENGAGED else layout.ONLINE
    if limit[i, layout.SCOPE] != layout.ALL:
        k = int(limit[i, layout.SCOPE])
        return limit[i, layout.FIRST_COEFFICIENT + k] * row[at + HEAD + k * PER_APP + column]
    minutes, coefficient = 0.0, 0.0
    for k in range(law.apps[f]):
        minutes += limit[i, layout.FIRST_COEFFICIENT + k] * row[at + HEAD + k * PER_APP + column]
        coefficient += limit[i, layout.FIRST_COEFFICIENT + k] * law.share[f, k]
    if law.at_once[f]:
        return coefficient * row[at + (layout.BUSY if column == layout.ENGAGED else layout.WORKED)]
    return minutes


@inlined
def _cell_of(limit: Floats, i: int, first: int) -> int:
    """Engagement at which the meter of limit ``i`` by week or month is kept."""
    return first if limit[i, layout.SCOPE] == layout.ALL else first + int(limit[i, layout.SCOPE])


@kernel
def fits(
    rows: RowTables, used: Floats, law: ShiftLaw, f: int, variant: int, first: int, row: Floats, at: int
) -> bool:
    """Say whether a shift stays within what is left of the limits by week or month."""
    for i in range(rows.lasting_span[variant, 0], rows.lasting_span[variant, 1]):
        spent = used[rows.lasting_owner[i], _cell_of(rows.lasting, i, first)]
        if spent + _on_clock(rows.lasting, i, row, at, law, f) > rows.lasting[i, layout.MINUTES]:
            return False
    return True


@kernel
def run_on(
    rows: RowTables, used: Floats, law: ShiftLaw, f: int, variant: int, first: int, row: Floats, at: int
) -> None:
    """Let the meters of the limits by week or month run for a shift."""
    for i in range(rows.lasting_span[variant, 0], rows.lasting_span[variant, 1]):
        spent = _on_clock(rows.lasting, i, row, at, law, f)
        used[rows.lasting_owner[i], _cell_of(rows.lasting, i, first)] += spent


@kernel
def start_afresh(used: Floats, by_week: NDArray[np.bool_], week: bool, first: int, apps: int) -> None:
    """Set the meters of the limits by week, or of those by month, to zero."""
    for i in range(by_week.shape[0]):
        if by_week[i] == week:
            for k in range(apps):
                used[i, first + k] = 0.0


@kernel
def limits_of(rows: RowTables, used: Floats, variant: int, first: int, room: Floats) -> int:
    """Write a shift's own limits, and those by week or month with the minutes they have left; return their number."""
    found = 0
    for i in range(rows.limit_span[variant, 0], rows.limit_span[variant, 1]):
        for column in range(layout.LIMIT_COLUMNS):
            room[found, column] = rows.limits[i, column]
        found += 1
    for i in range(rows.lasting_span[variant, 0], rows.lasting_span[variant, 1]):
        for column in range(layout.LIMIT_COLUMNS):
            room[found, column] = rows.lasting[i, column]
        room[found, layout.MINUTES] -= used[rows.lasting_owner[i], _cell_of(rows.lasting, i, first)]
        found += 1
    return found
