"""Commands that simulate: run, expand for more of a run, merge for what was run in shares."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from injurysim.cli.common import Full, Overrides, Quiet, Resume, ScenarioFile, Vary, console, told
from injurysim.cli.progress import progress
from injurysim.core.errors import InputError

if TYPE_CHECKING:
    from injurysim.api import Result

Workers = Annotated[
    int | None, typer.Option(min=1, help="processes; by default one a core, if memory allows")
]
Out = Annotated[Path | None, typer.Option(help="results folder; by default results/NAME/RUN-ID")]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="run on a Dask cluster: tcp://HOST:PORT, tls://HOST:PORT, or local"),
]


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
    precision: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[difference:]METRIC[@WORLD/DESIGN]=HALF_WIDTH",
            help="run until the half-width is reached, within --budget; may be repeated",
        ),
    ] = None,
    budget: Annotated[int | None, typer.Option(min=2, help="replications at most, with --precision")] = None,
    workers: Workers = None,
    out: Out = None,
    overrides: Overrides = None,
    vary: Vary = None,
    resume: Resume = False,
    quiet: Quiet = False,
    full: Full = False,
    cluster: Cluster = None,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", help="run only this share of the cells; see merge")
    ] = None,
) -> None:
    """Simulate a scenario, write a results folder, print the verdict."""
    with told():
        _check_resume(resume, out)
        if shard is not None and out is None:
            raise InputError.of("--shard needs a folder for the shard.", "Give it by --out.", where="--shard")
        if shard is not None and (precision or budget is not None):
            raise InputError.of(
                "a shard cannot know when a precision is reached.", "Give it --replications.", where="--shard"
            )
        from injurysim import api
        from injurysim.core import kernel_cache

        read = api.load(
            scenario,
            overrides=overrides or (),
            vary=vary or (),
            worlds=world or (),
            designs=design or (),
        )
        if not quiet and engine == "fast" and kernel_cache.is_cold():
            print("Compiling the kernels, once for this version: about a minute.", file=sys.stderr)
        with progress(quiet=quiet) as watch:
            options: dict[str, Any] = {
                "replications": replications,
                "seed": seed,
                "engine": engine,
                "workers": workers,
                "executor": cluster,
                "resume": resume,
                "watch": watch,
            }
            if shard is not None and out is not None:
                api.run_shard(read, shard, out, **options)
                return
            result = api.run(read, out=out, precision=precision or (), budget=budget, **options)
        if not quiet:
            print_verdict(result, whole=full)


def expand(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="the results folder of the run")],
    scenario: Annotated[
        Path | None, typer.Option(help="its scenario file with worlds, designs or months more")
    ] = None,
    replications: Annotated[
        int | None, typer.Option(min=1, help="how many there are to be in the end")
    ] = None,
    workers: Workers = None,
    out: Out = None,
    overrides: Overrides = None,
    vary: Vary = None,
    resume: Resume = False,
    quiet: Quiet = False,
    full: Full = False,
    cluster: Cluster = None,
) -> None:
    """Add replications, worlds, designs or months to a run that stands; what is there stays and is paired."""
    with told():
        from injurysim import api

        _check_resume(resume, out)
        for option, given in (("--set", overrides), ("--vary", vary)):
            if given and scenario is None:
                raise InputError.of(
                    f"{option} needs the scenario file it is laid over.",
                    "Give it by --scenario.",
                    where=option,
                )
        read = None if scenario is None else api.load(scenario, overrides=overrides or (), vary=vary or ())
        with progress(quiet=quiet) as watch:
            result = api.expand(
                results,
                read,
                replications=replications,
                workers=workers,
                executor=cluster,
                out=out,
                resume=resume,
                watch=watch,
            )
        if not quiet:
            print_verdict(result, whole=full)


def merge(
    shards: Annotated[
        list[Path], typer.Argument(metavar="SHARD...", help="folders that run --shard has written")
    ],
    out: Annotated[Path, typer.Option(help="results folder")],
    quiet: Quiet = False,
    full: Full = False,
) -> None:
    """Put the shards of a run together into the results folder it would have written in one go."""
    with told("merged"):
        from injurysim import api

        result = api.merge(shards, out)
        if not quiet:
            print_verdict(result, whole=full)


def _check_resume(resume: bool, out: Path | None) -> None:
    """Refuse to go on with a run in a folder that is not named."""
    if resume and out is None:
        raise InputError.of("--resume needs the folder of the run.", "Give it by --out.", where="--resume")


def print_verdict(result: Result, *, whole: bool = False) -> None:
    """Print what a run comes to."""
    from injurysim.results.precision_wording import precision_lines
    from injurysim.results.reading import run_info
    from injurysim.results.verdict import render_verdict

    info = run_info(result.scenario, result.folder.manifest, str(result.folder.path))
    render_verdict(info, result.summary, result.comparison, console(), whole=whole)
    for line in precision_lines(result.precision, info.replications):
        console().print(line, markup=False, highlight=False)
