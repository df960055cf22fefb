"""The chart: how much of each target is reached, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Okabe and Ito's blue and vermilion, told apart by every kind of sight; the marker differs as well.
REACHED, SHORT, GREY = "#0072B2", "#D55E00", "#767676"
LEFT, RIGHT = 0.01, 3.0


def draw(result: Mapping[str, Any], path: Path) -> None:
    """Draw the ratios that have a target, as shares of it on a logarithmic axis.

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
    figure = Figure(figsize=(11, 2.0 + 0.5 * (len(rows) + len(missing))), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for place, ratio in enumerate(rows):
        _row(axes, place, ratio)
    for place, each in enumerate(missing, start=len(rows)):
        axes.annotate(f"not measured: {each['why']}", (0.012, place), color=GREY, va="center", style="italic")
    axes.axvline(1.0, color="black", linewidth=1)
    axes.annotate("target", (1.0, -0.75), ha="center", va="bottom", annotation_clip=False)
    axes.set_xscale("log")
    axes.set_xlim(min([LEFT, *(_shares(ratio)[1] / 6 for ratio in rows)]), RIGHT)
    ticks = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0]
    axes.set_xticks(ticks, ["1 %", "3 %", "10 %", "30 %", "100 %", "300 %"])
    axes.minorticks_off()
    names = [*(f"{ratio['name']}\n{_target(ratio)}" for ratio in rows)]
    names += [f"{each['name']}\nat least {each['target']:g}" for each in missing]
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.8)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("share of the target reached (logarithmic); dot: median of the rounds, bar: their range")
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    machine = result["machine"]
    figure.suptitle(
        "Ratios taken inside one run, and what is missing to the targets", x=0.01, ha="left", weight="bold"
    )
    axes.set_title(
        f"{machine['cpu']}, AVX-512 {'yes' if machine['avx512'] else 'no'}, {result['settings']['rounds']} rounds",
        loc="right", fontsize=8, color=GREY, pad=14,
    )  # fmt: skip
    figure.savefig(path, dpi=130)


def _row(axes: Any, place: int, ratio: Mapping[str, Any]) -> None:
    """Draw one ratio: its range, its median, the gap to the target, and its value beside it."""
    median, low, high = _shares(ratio)
    reached = median >= 1
    colour = REACHED if reached else SHORT
    if not reached:
        axes.plot([median, 1], [place, place], color=GREY, linewidth=1, linestyle=":")
    axes.plot([low, high], [place, place], color=colour, linewidth=5, alpha=0.4, solid_capstyle="butt")
    axes.plot([median], [place], marker="o" if reached else "D", color=colour, markersize=8)
    value = f"{ratio['median']:,.0f}" if ratio["median"] >= 100 else f"{ratio['median']:.3g}"
    said = value if reached else f"{value} (a factor {1 / median:.2g} short)"
    end, shift, side = (high, 9, "left") if reached else (low, -9, "right")
    axes.annotate(
        said, (end, place), xytext=(shift, 0), textcoords="offset points", ha=side, va="center", color=colour,
    )  # fmt: skip


def _shares(ratio: Mapping[str, Any]) -> tuple[float, float, float]:
    """Return median, lowest and highest share of the target; of a bound from above, the target over the ratio."""
    target = ratio["target"]
    if ratio["at_most"]:
        return target / ratio["median"], target / ratio["high"], target / ratio["low"]
    return ratio["median"] / target, ratio["low"] / target, ratio["high"] / target


def _target(ratio: Mapping[str, Any]) -> str:
    return f"{'at most' if ratio['at_most'] else 'at least'} {ratio['target']:,g}"
