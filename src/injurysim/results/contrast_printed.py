"""A contrast on a terminal: a table of the differences, and what they say in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from injurysim.describe.catalogue import Language
from injurysim.describe.numbers import MANNERS
from injurysim.results.amounts import Amounts, in_unit
from injurysim.results.catalogue import metric_label, words
from injurysim.results.metrics import rank
from injurysim.results.printing import print_line, table_of
from injurysim.results.records import records
from injurysim.results.sentences import TOLD, Titles, comparison_sentences, place_names, times
from injurysim.results.wording import NONE

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

LABEL_WIDTH = 44

MOST_SENTENCES = 12
"""With more metrics only the ones that decide most are told in a sentence."""


def render_contrast(
    contrast: pd.DataFrame, titles: Titles, console: Console, language: Language = "en"
) -> None:
    """Print a contrast.

    Parameters
    ----------
    contrast : pandas.DataFrame
        As :func:`injurysim.results.contrast.contrast` gives it.
    titles : Titles
        How worlds and designs are called.
    console : rich.console.Console
        Where to.
    language : {'en', 'zh'}
        The language.
    """
    say = words(language)
    rows = contrast.assign(place=[rank(name) for name in contrast["metric"]])
    rows = rows.sort_values(["place", "metric"]).drop(columns="place")
    if rows.empty:
        print_line(console, say["table.nothing"])
        return
    joint = bool((rows["family"] > 1).any())
    level = MANNERS[language].share(round(float(rows["level"].iloc[0]), 10))
    of_designs = rows[rows["design"].notna()]
    _, a, b = place_names(records(of_designs if len(of_designs) else rows)[0], titles, language)
    print_line(console, say["table.title"].format(a=a, b=b))
    intervals = ("own", "joint") if joint else ("own",)
    heads = ("difference", *intervals, "better", "needed", "gain", "says")
    columns = [say[f"table.{head}"].format(level=level) for head in heads]
    table = table_of(say["table.metric"], LABEL_WIDTH, columns)
    for row in records(rows):
        table.add_row(*_cells(row, language, joint=joint))
    console.print(table)
    family = int(rows["family"].max())
    for note in ("needed_for", "family" if joint else "single"):
        print_line(console, say[f"table.{note}"].format(family=family))
    few = rows if len(rows) <= MOST_SENTENCES else rows[rows["metric"].isin(TOLD)]
    for sentence in comparison_sentences(few, titles, language):
        print_line(console, f"\n{sentence}")


def _cells(row: Mapping[Any, Any], language: Language, *, joint: bool) -> list[str]:
    """Return the cells of a row: difference, intervals, how often better, replications needed, gain, verdict."""
    say = words(language)
    label = metric_label(row["metric"], language)
    unit = in_unit("", row["unit"], language).strip()
    cells = [label if unit in label else say["table.in_unit"].format(metric=label, unit=unit)]
    if (difference := row["difference"]) is None:
        return [*cells, *([NONE] * (7 if joint else 6))]
    ends = [row[name] for name in ("ci_low", "ci_high", "joint_low", "joint_high")]
    known = [abs(each) for each in (difference, *ends) if each is not None]
    half = 0.0 if ends[0] is None else (ends[1] - ends[0]) / 2
    amounts = Amounts(language, row["unit"], max(known), half)
    cells.append(amounts.bare(difference))
    for low, high in (ends[:2], ends[2:]) if joint else (ends[:2],):
        cells.append(NONE if low is None else amounts.ends(low, high, signed=True))
    counted = times(row)
    gain, needed = row["pairing_gain"], row["n_needed"]
    return [
        *cells,
        NONE if counted is None else say["table.better_share"].format(share=counted.better, n=row["n"]),
        NONE if needed is None else MANNERS[language].number(needed),
        NONE if gain is None else f"{gain:,.1f}" if gain < 100 else f"{gain:,.0f}",
        say["direction.same" if row["same_share"] == 1 else f"direction.{row['direction']}"],
    ]
