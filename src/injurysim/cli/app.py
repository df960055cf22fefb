"""The command line: every command by its name, with an example."""

from __future__ import annotations

from typing import Annotated

import typer

from injurysim import __version__
from injurysim.cli.comparing import compare
from injurysim.cli.running import expand, merge, run
from injurysim.cli.scenarios import check, describe, new, schema

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The laboratory for occupational-injury insurance of platform workers.",
)

app.command(epilog="Example: injurysim run scenarios/quickstart.yaml --replications 20 --seed 7")(run)
app.command(epilog="Example: injurysim expand results/try --replications 40 --out results/more")(expand)
app.command(epilog="Example: injurysim merge shard-1 shard-2 shard-3 --out results/whole")(merge)
app.command(
    epilog="Example: injurysim compare results/quickstart/RUN no-limit/pilot-2025 no-limit/pilot-2022"
    " --metric closing_balance --half-width closing_balance=100000"
)(compare)
app.command(epilog="Example: injurysim check scenarios/quickstart.yaml scenarios/minimal.yaml")(check)
app.command(epilog="Example: injurysim describe scenarios/quickstart.yaml --lang zh")(describe)
app.command(epilog="Example: injurysim new my-city --from minimal")(new)
app.command(epilog="Example: injurysim schema > schema/scenario.schema.json")(schema)


def _version(asked: bool) -> None:
    if asked:
        print(f"injurysim {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="show the version")
    ] = False,
) -> None:
    """Simulate platform workers, their injuries, and the designs that insure them."""
