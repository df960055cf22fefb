"""Commands about a scenario file: check, describe, new, schema."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from injurysim.cli.common import Language, Overrides, ScenarioFile, Vary, told
from injurysim.core.errors import InputError, Problem


def check(
    scenarios: Annotated[list[Path], typer.Argument(metavar="SCENARIO...", help="scenario files (YAML)")],
    overrides: Overrides = None,
    vary: Vary = None,
) -> None:
    """Validate scenarios: every problem with file, line and column, and the fix."""
    with told():
        from injurysim.results.loading import load

        problems: dict[Problem, None] = {}  # what is wrong with an override is told once
        for scenario in scenarios:
            try:
                found = load(scenario, overrides=overrides or (), vary=vary or ()).scenario
            except InputError as error:
                problems |= dict.fromkeys(error.problems)
                continue
            print(
                f"{scenario}: no problem found: {len(found.worlds)} world(s), {len(found.designs)} design(s), "
                f"{found.horizon.months} months and {found.horizon.runoff_months} of run-off from {found.horizon.start}."
            )
        if problems:
            raise InputError(list(problems))


def describe(
    scenario: ScenarioFile,
    lang: Language = "en",
    world: Annotated[list[str] | None, typer.Option(help="tell only this world; may be repeated")] = None,
    design: Annotated[list[str] | None, typer.Option(help="tell only this design; may be repeated")] = None,
    overrides: Overrides = None,
    vary: Vary = None,
) -> None:
    """Put a scenario into words: what it assumes, what each world and design changes, from which source."""
    with told():
        from injurysim.describe.description import describe as described
        from injurysim.results.loading import load

        read = load(
            scenario,
            overrides=overrides or (),
            vary=vary or (),
            worlds=world or (),
            designs=design or (),
        )
        # The days off one by one, which reading settles, would drown the rest.
        as_written = read.scenario.model_copy(update={"calendar": read.loaded.model.calendar})
        sys.stdout.write(described(as_written, lang, read.loaded.based_on))


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
    with told("written"):
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


def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from injurysim.scenario.document import Scenario
    from injurysim.scenario.schema import json_schema

    print(json.dumps(json_schema(Scenario), ensure_ascii=False, indent=2))
