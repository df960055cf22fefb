"""What schemas are put together from: columns by kind, several names at once, and tables with their leading columns."""

from __future__ import annotations

from injurysim.core.columns import Column, ColumnType
from injurysim.core.tables import Basis, Of, Table


def column(
    kind: ColumnType,
    unit: str,
    names: str,
    description: str,
    *,
    nullable: bool = False,
    levels: tuple[str, ...] = (),
) -> tuple[Column, ...]:
    """Return one column for each of the names, which share everything else."""
    return tuple(Column(name, kind, unit, description, nullable, levels or None) for name in names.split())


def text(
    name: str, description: str, *, nullable: bool = False, levels: tuple[str, ...] = ()
) -> tuple[Column, ...]:
    """Return a column of text, of given levels where there are any."""
    return column("text", "-", name, description, nullable=nullable, levels=levels)


def fen(name: str, description: str) -> tuple[Column, ...]:
    """Return a column of money."""
    return column("int64", "fen", name, description)


def count(name: str, unit: str, description: str) -> tuple[Column, ...]:
    """Return a column of whole numbers."""
    return column("int64", unit, name, description)


def hours(name: str, description: str) -> tuple[Column, ...]:
    """Return a column of hours."""
    return column("float64", "hours", name, description)


def real(name: str, unit: str, description: str) -> tuple[Column, ...]:
    """Return columns of numbers, separated by spaces, that may be missing."""
    return column("float64", unit, name, description, nullable=True)


def time(name: str, description: str, *, nullable: bool = False) -> tuple[Column, ...]:
    """Return a column of moments."""
    return column("time", "local time", name, description, nullable=nullable)


def table(
    name: str, of: Of, basis: Basis, key: tuple[str, ...], description: str, *columns: tuple[Column, ...]
) -> Table:
    """Return a table; the columns that all tables of worlds or books begin with are put first."""
    world = text("world", "world of the scenario, or world~design where a design has responses on")
    design = text("design", "design whose book the row belongs to")
    replication = column("int32", "-", "replication", "replication, from 0")
    leading = {"world": (world, replication), "book": (world, design, replication), "experiment": ()}[of]
    flat = tuple(column for group in (*leading, *columns) for column in group)
    return Table(name, of, basis, key, flat, description)
