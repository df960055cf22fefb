"""The command that reads finished results: compare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from injurysim.cli.common import Language, console, told
from injurysim.core.errors import InputError

ResultsFolderPath = Annotated[Path, typer.Argument(metavar="RESULTS", help="the folder a run has written")]


def compare(
    results: ResultsFolderPath,
    a: Annotated[str, typer.Argument(metavar="WORLD/DESIGN", help="what is compared, or a world alone")],
    b: Annotated[str, typer.Argument(metavar="WORLD/DESIGN", help="what it is compared with")],
    metric: Annotated[
        list[str] | None, typer.Option(help="compare this metric; may be repeated; by default the verdict's")
    ] = None,
    half_width: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METRIC=VALUE",
            help="how precisely it is wanted, for the replications needed; may be repeated",
        ),
    ] = None,
    level: Annotated[float, typer.Option(help="confidence level of the intervals")] = 0.95,
    lang: Language = "en",
) -> None:
    """Compare any two places of finished results, paired by replication."""
    with told("compared"):
        from injurysim.api import reopen
        from injurysim.results.contrast_printed import render_contrast
        from injurysim.results.reading import titles_of

        result = reopen(results)
        found = result.contrast(a, b, metric or None, _half_widths(half_width or ()), level)
        render_contrast(found, titles_of(result.scenario, lang), console(), lang)


def _half_widths(stated: Sequence[str]) -> dict[str, float]:
    """Read half-widths by metric from ``METRIC=VALUE``."""
    found: dict[str, float] = {}
    for text in stated:
        name, _, value = text.partition("=")
        if name in found:
            raise InputError.of(
                f"there are two half-widths for '{name}'.", "Leave one out.", where="--half-width"
            )
        try:
            found[name] = float(value)
        except ValueError:
            raise InputError.of(
                f"'{text}' is no half-width.",
                "Write METRIC=VALUE, as closing_balance=100000, in the metric's unit.",
                where="--half-width",
            ) from None
    return found
