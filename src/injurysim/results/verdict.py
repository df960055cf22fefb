"""The verdict: what was run, what it assumes, how every design did, and how it differs from the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from injurysim.results.metrics import metric_of, rank
from injurysim.results.printing import print_line, table_of
from injurysim.results.records import records
from injurysim.results.sentences import TOLD, Titles, comparison_sentences
from injurysim.results.wording import NONE, Figure, difference, figure, number, row_label, sentences
from injurysim.scenario.stages import base_of

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

LABEL_WIDTH, CELL_WIDTH = 46, 26

MOST_SENTENCES = 12
"""So many differences are told in a sentence."""

DECISIVE = (
    *("net_position", "closing_balance", "month_below_zero", "ultimate_loss_ratio"),
    *("platform_cost_per_order", "worker_share_of_earnings", "coverage_of_injuries", "compensated_share"),
    *("uncompensated_loss_per_injured_rider", "injuries", "worked_hours", "orders"),
)
"""What is printed of worlds that are not the baseline's: is it funded, who pays, who is left out, what is lost."""

TOTALS = frozenset({"yuan", "injuries", "deaths", "hours", "rider-days", "rider-months", "orders", "claims"})
"""Units of metrics that grow with the number of riders."""


@dataclass(frozen=True)
class RunInfo:
    """What the verdict says of the run itself.

    Attributes
    ----------
    name : str
        Name of the scenario.
    replications, seed, engine
        How it was run.
    worlds, designs : sequence of str
        In the order to be shown.
    baseline_world, baseline_design : str
        What differences are against.
    first_month, last_month : str
        Months of exposure, as ``2022-07``.
    runoff_months : int
        Months that claims run on after them.
    assumptions : mapping of grade of evidence to count
        As ``{"official": 12, "assumption": 5}``.
    question : str, optional
        The question the scenario asks.
    titles : mapping of design to title
        For the sentences; a design without one is called by its name.
    folder : str, optional
        Where the results are, as the user named it.
    scale : Decimal
        Share of the scenario's riders that was simulated.
    prices : mapping of design to text
        For designs without a price of their own, why, and what they were priced at.
    """

    name: str
    replications: int
    seed: int
    engine: str
    worlds: Sequence[str]
    designs: Sequence[str]
    baseline_world: str
    baseline_design: str
    first_month: str
    last_month: str
    runoff_months: int = 0
    assumptions: Mapping[str, int] = field(default_factory=dict)
    question: str | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    folder: str | None = None
    scale: Decimal = Decimal(1)
    prices: Mapping[str, str] = field(default_factory=dict)


def render_verdict(
    run_info: RunInfo,
    summary: pd.DataFrame,
    comparison: pd.DataFrame,
    console: Console,
    *,
    whole: bool = False,
) -> None:
    """Print the verdict.

    Parameters
    ----------
    run_info : RunInfo
        What was run.
    summary, comparison : pandas.DataFrame
        The tables of those names.
    console : rich.console.Console
        Where to; anything that is not a terminal is better served by :func:`injurysim.results.printing.plain_console`.
    whole : bool
        Print every headline metric of every world and pair. By default those of the baseline world, and of the others
        what decides most, against it.
    """
    figures = _figures(summary)
    worlds = list(dict.fromkeys([*run_info.worlds, *(world for world, _ in figures)]))
    chosen = [world for world in worlds if whole or _is_base(run_info, world)]
    _print_run(run_info, console)
    for world in worlds:
        _print_world(run_info, world, figures.get((world, None), {}), console)
        if world in chosen:
            _print_designs(run_info, world, figures, console)
    for title, columns, cells in _differences(_of_interest(run_info, comparison, whole=whole)):
        rows = [key for key in _rows(cells) if any(cell.get(key, NONE) != NONE for cell in cells)]
        if rows:
            _print_table(title, rows, columns, cells, console)
    if run_info.scale != 1:
        _print_in_full(run_info, figures, console)
    for world in chosen:
        _print_sentences(run_info, world, figures, console)
    _print_decisive(run_info, comparison, console)
    if len(chosen) < len(worlds):
        print_line(console, "")
        print_line(console, "Every metric of the other worlds: --full, or the tables summary and comparison.")
    if run_info.folder:
        print_line(console, "")
        print_line(console, f"Results: {run_info.folder}")


def _is_base(run: RunInfo, world: str) -> bool:
    """Say whether a world is the baseline's, or that of a design which is answered to in it."""
    return base_of(world) == base_of(run.baseline_world)


def _of_interest(run: RunInfo, comparison: pd.DataFrame, *, whole: bool) -> pd.DataFrame:
    """Return the pairs of the baseline world, and what decides most of the others against it."""
    if whole:
        return comparison
    chosen = [
        _is_base(run, world) or (base_of(world) != base_of(against) and metric in DECISIVE)
        for world, against, metric in zip(
            comparison["world"], comparison["baseline_world"], comparison["metric"], strict=True
        )
    ]
    return comparison.loc[chosen]


def _print_designs(run: RunInfo, world: str, figures: Figures, console: Console) -> None:
    designs = [design for design in run.designs if (world, design) in figures]
    if designs:
        _print_table(
            f"World {world}: mean ± half-width or [low, high] of the 95 % interval",
            _rows([figures[world, design] for design in designs]),
            designs,
            [
                {key: figure(one, run.replications) for key, one in figures[world, design].items()}
                for design in designs
            ],
            console,
        )


Key = tuple[str, str]
"""A metric and its unit."""

Figures = dict[tuple[str, str | None], dict[Key, Figure]]


def _figures(summary: pd.DataFrame) -> Figures:
    """Return the rows of ``summary`` by world and design, nulls as None."""
    found: Figures = {}
    for row in records(summary):
        one = Figure(row["metric"], row["unit"], row["mean"], row["ci_low"], row["ci_high"], row["n"])
        found.setdefault((row["world"], row["design"]), {})[one.metric, one.unit] = one
    return found


def _rows(cells: Sequence[Mapping[Key, object]]) -> list[Key]:
    """Return the headline metrics that any of the columns has, in the order of the dictionary, then by label."""
    keys = {key for cell in cells for key in cell if metric_of(key[0]).headline}
    return sorted(keys, key=lambda key: (rank(key[0]), key))


def _print_run(run: RunInfo, console: Console) -> None:
    several = "replications" if run.replications != 1 else "replication"
    print_line(
        console, f"Scenario {run.name}: {run.replications} {several}, seed {run.seed}, engine {run.engine}"
    )
    if run.question:
        print_line(console, run.question)
    months = "month" if run.runoff_months == 1 else "months"
    runoff = f", then {run.runoff_months} {months} of run-off" if run.runoff_months else ""
    print_line(console, f"Exposure {run.first_month} to {run.last_month}{runoff}")
    print_line(console, f"Worlds: {', '.join(run.worlds)}. Designs: {', '.join(run.designs)}.")
    print_line(console, f"Baseline: design {run.baseline_design} in world {run.baseline_world}")
    total = sum(run.assumptions.values())
    grades = ", ".join(f"{count} {grade}" for grade, count in run.assumptions.items() if count)
    print_line(console, f"Values it rests on: {total}" + (f" ({grades})" if grades else ""))
    if run.replications < 2:
        print_line(console, "One replication gives no interval: nothing here can be told from chance.")


def _print_world(run: RunInfo, world: str, figures: Mapping[Key, Figure], console: Console) -> None:
    told = [f"{row_label(*key)} {figure(figures[key], run.replications)}" for key in _rows([figures])]
    if told:
        print_line(console, "")
        print_line(console, f"World {world}: {'; '.join(told)}")


def _print_in_full(run: RunInfo, figures: Figures, console: Console) -> None:
    """Print the totals of the sample blown up to the whole; means alone, since a sample varies more than the whole."""
    times = 1 / run.scale
    print_line(console, "")
    print_line(console, f"In full size: means of the sample times {times.normalize():f}")
    for (world, design), known in figures.items():
        told = [
            f"{row_label(*key)} {number(mean * float(times), key[1])}"
            for key in _rows([known])
            if key[1] in TOTALS and (mean := known[key].mean) is not None
        ]
        if told:
            whose = f"World {world}" + (f", {design}" if design else "")
            print_line(console, f"{whose}: {'; '.join(told)}")


def _differences(comparison: pd.DataFrame) -> list[tuple[str, list[str], list[dict[Key, str]]]]:
    """Return a table for each pair compared: title, columns, cells by metric and unit."""
    grouped: dict[tuple[str, str], dict[str, dict[Key, str]]] = {}
    for row in records(comparison):
        if row["design"] is None:
            title, column = f"World {row['world']} against world {row['baseline_world']}", "the world"
        elif row["design"] == row["baseline_design"]:
            title, column = f"World {row['world']} against world {row['baseline_world']}", row["design"]
        else:
            title, column = f"World {row['world']}, against design {row['baseline_design']}", row["design"]
        ends = row["joint_low"], row["joint_high"]
        cell = difference(row["difference"], *ends, row["unit"], row["direction"])
        what = f"differences paired by replication, {100 * row['level']:.3g} % intervals that hold for all pairs of a metric jointly"
        cells = grouped.setdefault((title, what), {}).setdefault(column, {})
        cells[row["metric"], row["unit"]] = cell
    return [
        (f"{title}: {what}", list(columns), list(columns.values()))
        for (title, what), columns in grouped.items()
    ]


def _print_table(
    title: str,
    rows: Sequence[Key],
    columns: list[str],
    cells: Sequence[Mapping[Key, str]],
    console: Console,
) -> None:
    """Print metrics down and designs across, in blocks that fit the width."""
    print_line(console, "")
    print_line(console, title)
    block = max(1, (console.width - LABEL_WIDTH) // CELL_WIDTH)
    for start in range(0, len(columns), block):
        table = table_of("", LABEL_WIDTH, columns[start : start + block])
        own = cells[start : start + block]
        for key in rows:
            if any(key in cell for cell in own):
                table.add_row(row_label(*key), *(cell.get(key, NONE) for cell in own))
        console.print(table)


def _print_sentences(run: RunInfo, world: str, figures: Figures, console: Console) -> None:
    for design in run.designs:
        if (world, design) not in figures:
            continue
        title = run.titles.get(design, design)
        name = title if len(run.worlds) == 1 else f"{title} (world {world})"
        by_metric = {metric: one for (metric, _), one in figures[world, design].items()}
        print_line(console, "")
        told = sentences(name, by_metric, run.replications)
        print_line(console, " ".join([*told, run.prices[design]] if design in run.prices else told))


def _print_decisive(run: RunInfo, comparison: pd.DataFrame, console: Console) -> None:
    """Print in sentences which differences are told apart, of the metrics that decide most.

    First those of designs in the baseline world, then those of worlds, then the rest; what does not fit is counted.
    """
    rows = comparison[comparison["metric"].isin(TOLD) & comparison["direction"].isin(["better", "worse"])]
    if rows.empty:
        return
    base = [base_of(world) == base_of(run.baseline_world) for world in rows["world"]]
    ranks = rows.assign(
        elsewhere=[
            0 if here else 1 if alone else 2 for here, alone in zip(base, rows["design"].isna(), strict=True)
        ],
        place=[TOLD.index(metric) for metric in rows["metric"]],
    )
    rows = ranks.sort_values(["elsewhere", "place"], kind="stable")
    titles = Titles(worlds=dict.fromkeys(map(base_of, run.worlds), ""), designs=run.titles)
    print_line(console, "")
    print_line(console, "What is told apart:")
    for sentence in comparison_sentences(rows.head(MOST_SENTENCES), titles):
        print_line(console, f"- {sentence}")
    if len(rows) > MOST_SENTENCES:
        print_line(
            console, f"- and {len(rows) - MOST_SENTENCES} more such differences in the table comparison."
        )
