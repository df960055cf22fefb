"""What every table and line on a terminal has in common."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PLAIN_WIDTH = 120
"""Width of what does not go to a terminal."""


def plain_console(file: IO[str] | None = None) -> Console:
    """Return a console for pipes and files: no colour, no control codes, always of one width."""
    from rich.console import Console

    return Console(
        file=file, width=PLAIN_WIDTH, color_system=None, force_terminal=False, highlight=False, markup=False
    )


def print_line(console: Console, text: str) -> None:
    """Print a text as it stands: brackets are no markup, numbers no colours."""
    console.print(text, markup=False, highlight=False)


def table_of(label: str, label_width: int, columns: list[str]) -> Table:
    """Return a table without rows: labels to the left, of a width at most, and numbers to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(label, max_width=label_width)
    for column in columns:
        table.add_column(column, justify="right")
    return table
