"""Finding the one row of a table that a test is about."""

from __future__ import annotations


def only(frame, **where):
    """Return the row with these values, None standing for null; there must be exactly one."""
    for name, value in where.items():
        frame = frame[frame[name].isna() if value is None else frame[name] == value]
    assert len(frame) == 1
    return frame.iloc[0]
