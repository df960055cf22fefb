"""The chart: how much of each target is reached, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from report import reached
from telling import number

# Okabe and Ito's blue and vermilion, told apart by every kind of sight; the marker differs as well.
REACHED, SHORT, GREY = "#0072B2", "#D55E00", "#767676"
ROOM = 7
"""Beside the outermost bars, as a factor: room for what is written there."""
TICKS = tuple(factor * 10.0**power for power in range(-4, 4) for factor in (1, 3))
ROW_INCHES, MARGIN_INCHES = 0.34, 1.5


def draw(result: Mapping[str, Any], path: Path) -> None:
    """Draw the ratios that have a target, as multiples of it on a logarithmic axis.

    Parameters
    ----------
    result : mapping
        A report of the benchmark, as its JSON holds it.
    path : Path
        Where the picture goes; its ending says the format.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = [ratio for ratio in result["ratios"] if ratio["target"] is not None]
    missing = result["not_measured"]
    number_of_rows = len(rows) + len(missing)
    figure = Figure(figsize=(11, MARGIN_INCHES + ROW_INCHES * number_of_rows), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _scale(axes, [share for ratio in rows for share in _shares(ratio)])
    for place, ratio in enumerate(rows):
        _row(axes, place, ratio)
    for place, each in enumerate(missing, start=len(rows)):
        axes.annotate(
            f"not measured: {each['why']}", (0.01, place), xycoords=("axes fraction", "data"), color=GREY,
            va="center", style="italic",
        )  # fmt: skip
    axes.axvline(1.0, color="black", linewidth=1)
    axes.set_yticks(range(number_of_rows), [f"{each['name']}   {_bound(each)}" for each in (*rows, *missing)])
    axes.set_ylim(number_of_rows - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("reached, as a multiple of the target; marker: median of the rounds, bar: their range")
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    machine, rounds = result["machine"], result["settings"]["rounds"] - len(result["rounds_left_out"])
    axes.set_title(
        f"{machine['cpu']}, AVX-512 {'yes' if machine['avx512'] else 'no'};"
        f" {rounds} round{'s' * (rounds > 1)} counted",
        loc="right", fontsize=9, color=GREY,
    )  # fmt: skip
    figure.suptitle("Ratios taken inside one run, beside their targets", x=0.01, ha="left", weight="bold")
    figure.savefig(path, dpi=130)


def _scale(axes: Any, shares: list[float]) -> None:
    """Let the axis reach from the lowest share to the highest, the target always between them."""
    low, high = min(1.0, *shares) / ROOM, max(1.0, *shares) * ROOM
    ticks = [tick for tick in TICKS if low <= tick <= high]
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_xticks(ticks, ["target" if tick == 1 else f"{tick:g}×" for tick in ticks])
    axes.minorticks_off()


def _row(axes: Any, place: int, ratio: Mapping[str, Any]) -> None:
    """Draw one ratio: its range, its median, the gap to the target, and its value on the side away from it."""
    median, low, high = _shares(ratio)
    good = reached(ratio)
    colour = REACHED if good else SHORT
    if not good:
        axes.plot([median, 1], [place, place], color=GREY, linewidth=1, linestyle=":")
    axes.plot([low, high], [place, place], color=colour, linewidth=5, alpha=0.4, solid_capstyle="butt")
    axes.plot([median], [place], marker="o" if good else "D", color=colour, markersize=7)
    said = number(ratio["median"]) if good else f"{number(ratio['median'])} (a factor {1 / median:.2g} short)"
    end, shift, side = (high, 9, "left") if good else (low, -9, "right")
    axes.annotate(
        said, (end, place), xytext=(shift, 0), textcoords="offset points", ha=side, va="center", color=colour,
    )  # fmt: skip


def _shares(ratio: Mapping[str, Any]) -> tuple[float, float, float]:
    """Return median, lowest and highest multiple of the target; of a bound from above, the target over the ratio."""
    target = ratio["target"]
    if ratio["at_most"]:
        return target / ratio["median"], target / ratio["high"], target / ratio["low"]
    return ratio["median"] / target, ratio["low"] / target, ratio["high"] / target


def _bound(row: Mapping[str, Any]) -> str:
    return f"{'≤' if row.get('at_most') else '≥'} {number(row['target'])}"
