"""The commands; each is a thin wrapper of the public face, and imports what is heavy when it runs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from injurysim import __version__
from injurysim.core.errors import InjurysimError, InputError, RunInterrupted

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from injurysim.experiment.cells import OnMonth
    from injurysim.experiment.plan import Cell

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The laboratory for occupational-injury insurance of platform workers.",
)

ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="the scenario file (YAML)")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="lay a value over the file; may be repeated"),
]


@contextmanager
def _told() -> Iterator[None]:
    """Turn errors a user can meet into their message and exit code, without a traceback."""
    try:
        yield
    except InputError as error:
        count = len(error.problems)
        print(error, file=sys.stderr)
        print(f"{count} problem{'s' if count != 1 else ''}; nothing was run.", file=sys.stderr)
        raise typer.Exit(error.exit_code) from None
    except InjurysimError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        print("interrupted; nothing half-written is left", file=sys.stderr)
        raise typer.Exit(RunInterrupted.exit_code) from None


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


@app.command(epilog="Example: injurysim run scenarios/quickstart.yaml --replications 20 --seed 7")
def run(
    scenario: ScenarioFile,
    world: Annotated[list[str] | None, typer.Option(help="run only this world; may be repeated")] = None,
    design: Annotated[list[str] | None, typer.Option(help="run only this design; may be repeated")] = None,
    replications: Annotated[int | None, typer.Option(min=1, help="in place of the scenario's own")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**32 - 1, help="in place of the scenario's own")
    ] = None,
    engine: Annotated[
        Literal["fast", "twin"], typer.Option(help="the kernel, or every order an event")
    ] = "fast",
    workers: Annotated[
        int | None, typer.Option(min=1, help="processes; by default one a core, if memory allows")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="results folder; by default results/NAME/RUN-ID")] = None,
    overrides: Overrides = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="go on with the unfinished run beside --out")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="no progress, no verdict")] = False,
) -> None:
    """Simulate a scenario, write a results folder, print the verdict."""
    with _told():
        if resume and out is None:
            raise InputError.of(
                "--resume needs the folder of the run.", "Give it by --out.", where="--resume"
            )
        from injurysim import api
        from injurysim.core import kernel_cache
        from injurysim.scenario.stages import stages

        read = api.load(scenario, overrides=overrides or (), worlds=world or (), designs=design or ())
        if not quiet and engine == "fast" and kernel_cache.is_cold():
            print("Compiling the kernels, once for this version: about a minute.", file=sys.stderr)
        total = (replications or read.scenario.replications) * len(stages(read.scenario))
        with _progress(total, quiet=quiet) as (on_done, on_month):
            result = api.run(
                read,
                replications=replications,
                seed=seed,
                engine=engine,
                workers=workers,
                out=out,
                resume=resume,
                on_done=on_done,
                on_month=on_month,
                on_price=lambda what: None if quiet else print(f"{what} …", file=sys.stderr),
            )
        if not quiet:
            from injurysim.results.reading import run_info
            from injurysim.results.verdict import plain_console, render_verdict

            console = _console() if sys.stdout.isatty() else plain_console(sys.stdout)
            info = run_info(result.scenario, result.folder.manifest, str(result.folder.path))
            render_verdict(info, result.summary, result.comparison, console)


@app.command(epilog="Example: injurysim check scenarios/quickstart.yaml")
def check(scenario: ScenarioFile, overrides: Overrides = None) -> None:
    """Validate a scenario: every problem with file, line and column, and the fix."""
    with _told():
        from injurysim.scenario.reading import read_scenario

        read = read_scenario(scenario, overrides=overrides or ())
        found = read.scenario
        print(
            f"{scenario}: no problem found: {len(found.worlds)} world(s), {len(found.designs)} design(s), "
            f"{found.horizon.months} months and {found.horizon.runoff_months} of run-off from {found.horizon.start}."
        )


@app.command(epilog="Example: injurysim describe scenarios/quickstart.yaml --lang zh")
def describe(
    scenario: ScenarioFile,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="English or Chinese")] = "en",
    world: Annotated[list[str] | None, typer.Option(help="tell only this world; may be repeated")] = None,
    design: Annotated[list[str] | None, typer.Option(help="tell only this design; may be repeated")] = None,
    overrides: Overrides = None,
) -> None:
    """Put a scenario into words: what it assumes, what each world and design changes, from which source."""
    with _told():
        from injurysim.describe.description import describe as described
        from injurysim.scenario.reading import read_scenario

        read = read_scenario(scenario, overrides=overrides or (), worlds=world or (), designs=design or ())
        # The days off one by one, which reading settles, would drown the rest.
        as_written = read.scenario.model_copy(update={"calendar": read.loaded.model.calendar})
        sys.stdout.write(described(as_written, lang, read.loaded.based_on))


@app.command(epilog="Example: injurysim new my-city --from minimal")
def new(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="name of the scenario: written to NAME.yaml")
    ] = None,
    template: Annotated[
        str, typer.Option("--from", metavar="TEMPLATE", help="what to start from; see --list")
    ] = "quickstart",
    listed: Annotated[bool, typer.Option("--list", help="list the templates with their titles")] = False,
) -> None:
    """Write a commented scenario to start from."""
    with _told():
        from injurysim.scenario.templates import start, templates

        if listed:
            for each in templates().values():
                english, chinese = each.titles()
                what = "design" if each.is_design else "scenario"
                print(f"{each.name} ({what}): {english}{f' / {chinese}' if chinese else ''}")
            return
        if name is None:
            raise InputError.of("a name is missing.", "Write injurysim new NAME.", where="NAME")
        path = Path(name.removesuffix(".yaml"))
        written = start(path.name, template, path.parent)
        print(f"{written[0]}: a copy of '{template}'.")
        if len(written) > 1:
            print(f"What it includes is in {path.parent / f'{path.name}-parts'}{os.sep}.")
        if templates()[template].is_design:
            print("It offers a design for scenarios to include; its first lines say how.")
        else:
            print(f"Next: injurysim check {written[0]}")


@app.command(epilog="Example: injurysim schema > schema/scenario.schema.json")
def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from injurysim.scenario.document import Scenario
    from injurysim.scenario.schema import json_schema

    print(json.dumps(json_schema(Scenario), ensure_ascii=False, indent=2))


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[tuple[Callable[[Cell], None], OnMonth]]:
    """Show a bar on a terminal, a line for each ended cell in a pipe, nothing when quiet.

    The bar counts cells; within one that runs in this process it moves month by month.
    """
    done = 0
    if quiet:
        yield lambda _: None, lambda _cell, _done, _all: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("replications x worlds", total=total)

            def ended(_: Cell) -> None:
                nonlocal done
                done += 1
                bar.update(task, completed=done)

            yield ended, lambda _, months, of: bar.update(task, completed=done + months / of)
    else:

        def line(cell: Cell) -> None:
            nonlocal done
            done += 1
            print(f"{done}/{total} world {cell.world}, replication {cell.replication}", file=sys.stderr)

        yield line, lambda _cell, _done, _all: None


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def main() -> None:
    """Run the command line."""
    app()
