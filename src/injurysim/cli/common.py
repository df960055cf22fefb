"""What commands share: arguments, and errors told without a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from injurysim.core.errors import InjurysimError, InputError, RunInterrupted

if TYPE_CHECKING:
    from rich.console import Console

ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="the scenario file (YAML)")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="lay a value over the file; may be repeated"),
]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATH=V1,V2",
        help="a variant of a world or design for each value, beside it in one run; may be repeated",
    ),
]
Resume = Annotated[bool, typer.Option("--resume", help="go on with the unfinished run beside --out")]
Quiet = Annotated[bool, typer.Option("--quiet", help="no progress, no verdict")]
Full = Annotated[bool, typer.Option("--full", help="print every metric of every world in the verdict")]
Language = Annotated[Literal["en", "zh"], typer.Option(help="English or Chinese")]


@contextmanager
def told(not_done: str = "run") -> Iterator[None]:
    """Turn errors a user can meet into their message and exit code, without a traceback.

    Parameters
    ----------
    not_done : str
        What was not done where the input is wrong.
    """
    try:
        yield
    except InputError as error:
        count = len(error.problems)
        print(error, file=sys.stderr)
        print(f"{count} problem{'s' if count != 1 else ''}; nothing was {not_done}.", file=sys.stderr)
        raise typer.Exit(error.exit_code) from None
    except InjurysimError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        print("interrupted; nothing half-written is left, give the same command again", file=sys.stderr)
        raise typer.Exit(RunInterrupted.exit_code) from None


def console() -> Console:
    """Return a console for what a command says: plain and of one width when it goes to a pipe."""
    from rich.console import Console

    from injurysim.results.printing import plain_console

    return Console(highlight=False) if sys.stdout.isatty() else plain_console(sys.stdout)
