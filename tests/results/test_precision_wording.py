"""The lines on a stated precision say what was reached, and what is missing where it was not."""

from __future__ import annotations

from injurysim.core.schemas import TABLES
from injurysim.results.precision_wording import precision_lines

NAMES = TABLES["precision"].names


def table(*rows):
    built = TABLES["precision"].build(dict(zip(NAMES, map(list, zip(*rows, strict=True)), strict=True)))
    return TABLES["precision"].to_pandas(built)


def row(world, design, target, half_width, reached, foreseen=100, baseline=(None, None), unit="yuan"):
    metric = target.removeprefix("difference:").split("@")[0]
    wanted = 0.02 if unit == "probability" else 50_000.0
    method = "t" if half_width is not None else None
    n = 400 if half_width is not None else 0
    return (
        *(world, design, *baseline, target, metric, unit, wanted),
        *(half_width, n, foreseen, reached, method, 0.95),
    )


def test_nothing_asked_is_nothing_said():
    empty = TABLES["precision"].to_pandas(TABLES["precision"].empty())
    assert precision_lines(empty, 10) == []


def test_all_reached_is_one_line():
    one = table(
        row("base", "pilot", "closing_balance", 4e4, True), row("base", "old", "closing_balance", 3e4, True)
    )
    assert precision_lines(one, 25) == ["Precision: 1 of 1 target reached within 25 replications."]


def test_a_target_is_reached_only_where_all_its_half_widths_are():
    told = precision_lines(
        table(
            row("base", "pilot", "closing_balance", 61_000.0, False, 950),
            row("base", "old", "closing_balance", 4e4, True),
            row("limit", "pilot", "difference:closing_balance", 7e4, False, None, ("limit", "old")),
            row("limit", "pilot", "difference:net_position", 8e4, False, 1000, ("base", "pilot")),
            row("base", "pilot", "month_below_zero", 0.03, False, 900, unit="probability"),
            row("base", None, "injuries", 1.0, True, unit="injuries"),
            row(None, None, "fund_ratio", None, False, None, unit="months"),
        ),
        400,
    )
    assert told == [
        "Precision: 1 of 6 targets reached within 400 replications; not reached:",
        "  closing balance (yuan), pilot in world base: ± 61,000 instead of ± 50,000; it would take about 950 replications.",
        (
            "  probability of a month below zero, pilot in world base: ± 3.0% instead of ± 2.0%; it would take about 900"
            " replications."
        ),
        (
            "  net position at the end of exposure (yuan), pilot in world limit, against world base: ± 80,000 instead of"
            " ± 50,000; it would take about 1,000 replications."
        ),
        (
            "  closing balance (yuan), pilot in world limit, against old: ± 70,000 instead of ± 50,000; how many replications"
            " it would take cannot be told."
        ),
        "  fund_ratio ± 50,000: no world or design has a value.",
    ]
