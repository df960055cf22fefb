"""Numbers and sentences of the verdict: money with separators, shares in per cent, every figure with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from injurysim.results.catalogue import metric_label
from injurysim.results.metrics import metric_of

NONE = "–"
"""What stands where there is no value."""
SAME = "same"

PER_CENT_UNITS = ("share", "probability")


@dataclass(frozen=True)
class Figure:
    """One row of ``summary``, nulls as None."""

    metric: str
    unit: str
    mean: float | None
    low: float | None
    high: float | None
    n: int


def is_per_cent(unit: str) -> bool:
    """Say whether a unit is written in per cent."""
    return unit in PER_CENT_UNITS or unit.startswith("share of ")


def number(value: float, unit: str, like: float | None = None) -> str:
    """Write a number in a unit, with as many decimals as ``like`` (by default itself) deserves.

    Examples
    --------
    >>> number(1234567.8, "yuan"), number(0.0312, "share"), number(0.062, "yuan/order")
    ('1,234,568', '3.1%', '0.0620')
    """
    scale = abs(value if like is None else like)
    if is_per_cent(unit):
        decimals = 1 if scale == 0 or scale >= 0.001 else min(4, 1 - math.floor(math.log10(scale)) - 2)
        text = f"{100 * value:,.{decimals}f}%"
    elif unit == "days" or scale >= 1000:
        text = f"{value:,.{1 if unit == 'days' else 0}f}"
    else:
        text = f"{value:,.{2 if scale == 0 or scale >= 1 else 4}f}"
    return text[1:] if text.startswith("-") and not any(digit in text for digit in "123456789") else text


def figure(of: Figure | None, replications: int) -> str:
    """Write an estimate with its interval: mean +- half-width, or [low, high] for a probability.

    The number of replications follows where it is not that of the run.
    """
    if of is None or of.mean is None:
        return NONE
    few = f" (n = {of.n})" if of.n != replications else ""
    if of.low is None or of.high is None:
        return f"{number(of.mean, of.unit)} (no interval, n = {of.n})"
    if metric_of(of.metric).kind == "probability":
        return f"{number(of.mean, of.unit)} [{number(of.low, of.unit)}, {number(of.high, of.unit)}]{few}"
    half = (of.high - of.low) / 2
    like = max(abs(of.mean), half)
    return f"{number(of.mean, of.unit, like)} ± {number(half, of.unit, like)}{few}"


def difference(value: float | None, low: float | None, high: float | None, unit: str, direction: str) -> str:
    """Write a paired difference with its interval and what it says.

    Differences of shares are in percentage points; two designs that agree in every replication are the same.
    """
    if value is None:
        return NONE
    if value == low == high == 0:
        return SAME
    like = max(abs(value), 0.0 if low is None or high is None else (high - low) / 2)
    signed = ("+" if value > 0 else "") + number(value, unit, like)
    if low is None or high is None:
        text = f"{signed} (no interval)"
    elif unit == "probability":
        text = f"{signed} [{number(low, unit)}, {number(high, unit)}]"
    else:
        text = f"{signed} ± {number((high - low) / 2, unit, like)}"
    if is_per_cent(unit):
        text = text.replace("%", " pp")
    return text if direction == "neutral" else f"{text} {direction}"


def row_label(metric: str, unit: str) -> str:
    """Name a metric for a reader, with its label and unit."""
    name = metric_label(metric)
    told = "yuan" if unit.startswith("yuan/") and " per " in name else unit
    return name if unit in PER_CENT_UNITS or told in name.replace("(", " ").split() else f"{name} ({told})"


def sentences(design: str, figures: Mapping[str, Figure], replications: int) -> list[str]:
    """Say in plain words whether a design is funded, who is covered, who pays and who is left out.

    Parameters
    ----------
    design : str
        Its name or title.
    figures : mapping of metric to Figure
        Its rows of ``summary`` in one world.
    replications : int
        Of the run.
    """

    def told(metric: str) -> str | None:
        known = figures.get(metric)
        return None if known is None or known.mean is None else figure(known, replications)

    said = [f"{design} {_funded(figures, replications)}"]
    covered = [
        f"{share} of {what}"
        for metric, what in (
            ("coverage_of_riders", "rider-months"),
            ("coverage_of_orders", "orders"),
            ("coverage_of_injuries", "injuries"),
        )
        if (share := told(metric)) is not None
    ]
    if covered:
        said.append(f"It covers {_listed(covered)}.")
    out = figures.get("coverage_of_riders")
    if out is not None and out.mean is not None:
        left = number(max(0.0, 1 - out.mean), "share")
        said.append(f"Left out of cover: {left} of rider-months.")
    cost, workers = told("platform_cost_per_order"), told("worker_share_of_cost")
    if cost is not None:
        said.append(
            f"Platforms pay {cost} yuan per order"
            + (f"; workers bear {workers} of the cost." if workers else ".")
        )
    loss, nobody = told("uncompensated_loss_per_injured_rider"), told("loss_share_uncompensated")
    if loss is not None:
        share = f", {nobody} of the loss" if nobody else ""
        said.append(f"An injured rider is left with {loss} yuan uncompensated{share}.")
    return said


def _funded(figures: Mapping[str, Figure], replications: int) -> str:
    """Say whether a design is funded: what its net position's interval says, and how often it fell below zero."""
    net, below = (
        None if known is None or known.mean is None else known
        for known in (figures.get("net_position"), figures.get("month_below_zero"))
    )
    if net is None and below is None:
        return "keeps no fund of its own."
    fell = "how often its balance falls below zero cannot be read off a sample of the riders"
    if below is not None and below.mean is not None:
        times = f"{round(below.mean * below.n)} of {below.n} replications"
        fell = f"its balance fell below zero in {times} ({figure(below, replications)})"
    if net is None:
        return f"has no known net position; {fell}."
    value = f"net position {figure(net, replications)} yuan at the end of exposure"
    insurers = figures.get("loss_share_insurer")
    if insurers is not None and insurers.mean:
        value += " (of its own fund; insurers' accounts are not in it)"
    if net.low is None or net.high is None:
        return f"cannot be judged from {net.n} replication: {value}; {fell}."
    if net.low > 0:
        return f"is funded: {value}; {fell}."
    if net.high < 0:
        return f"is not funded: {value}; {fell}."
    return f"may or may not be funded: {value}, an interval with zero in it; {fell}."


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
