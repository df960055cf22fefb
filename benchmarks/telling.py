"""A report in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ratios import WITHOUT_AVX512
from report import MOST_DRIFT, reached


def told(result: Mapping[str, Any]) -> str:
    """Put a report into words."""
    lines = [*_circumstances(result), "", *_ratios(result), "", *_rates(result), "", *_cell(result)]
    if result["scaling"]:
        lines += ["", *_scaling(result)]
    if result["process"]:
        lines += ["", *_process(result)]
    return "\n".join(lines)


def number(value: float) -> str:
    """Write a figure with three digits that count."""
    for size, unit in ((1e9, " G"), (1e6, " M")):
        if value >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def bound(row: Mapping[str, Any]) -> str:
    """Write a target as a bound."""
    return f"{'at most' if row.get('at_most') else 'at least'} {number(row['target'])}"


def _circumstances(result: Mapping[str, Any]) -> Iterator[str]:
    machine, settings, agreed = result["machine"], result["settings"], result["agreement"]
    loads = [each for each in result["load_average"] if each is not None]
    versions = ", ".join(f"{name} {release}" for name, release in machine["versions"].items())
    avx512 = "yes" if machine["avx512"] else "no"
    yield (
        f"CPU     {machine['cpu']}, {machine['cores']} cores, LLVM's {machine['llvm_cpu']}, AVX-512 {avx512}"
    )
    yield f"with    Python {machine['python']}, {versions}"
    yield f"load    {f'{min(loads):.1f} to {max(loads):.1f}' if loads else 'unknown'} over the rounds"
    warm_up = " after one to warm up" if settings["warm_up"] else ""
    yield (
        f"rounds  {settings['rounds']}{warm_up}, {len(result['rounds_left_out'])} left out because a yardstick"
        f" moved by more than {MOST_DRIFT:.0%}"
    )
    yield (
        f"agree   kernel and twin, bit for bit, {agreed['threads']} thread{'s' * (agreed['threads'] > 1)}:"
        f" {agreed['shifts']:,} shifts, {agreed['minutes']:,} minutes, {agreed['injuries']:,} injuries"
    )
    for peer, errors in result["peers_agreement"].items():
        furthest = max(errors, key=lambda what: abs(errors[what]))
        yield f"        {peer} and the world, in law: furthest in {furthest}, {errors[furthest]:+.1f} s.e."
    if not machine["avx512"]:
        yield (
            f"targets of the kernel against others are one in {WITHOUT_AVX512} of those with AVX-512,"
            " which this processor lacks"
        )


def _ratios(result: Mapping[str, Any]) -> Iterator[str]:
    yield "Ratios inside a round: median (range), target"
    for ratio in result["ratios"]:
        target = "-"
        if ratio["target"] is not None:
            target = f"{bound(ratio)}: {'reached' if reached(ratio) else 'NOT REACHED'}"
        yield f"  {ratio['name']:<43} {_range(ratio):<32} {target}"
    for each in result["not_measured"]:
        yield f"  {each['name']:<43} {'not measured':<32} {bound(each)}: {each['why']}"


def _rates(result: Mapping[str, Any]) -> Iterator[str]:
    yield "Rates, for orientation; of one core's own seconds, of two threads by the clock: median (range)"
    for name, rate in result["rates"].items():
        yield f"  {name:<26} {_range(rate):<36} {rate['unit']}"
    yield f"  of the claims {result['claims_closed_share']:.0%} were closed in the run"


def _cell(result: Mapping[str, Any]) -> Iterator[str]:
    whole = sum(part["median"] for part in result["cell"].values())
    yield f"A whole cell, {result['settings']['riders']:,} riders and 3 designs: share of its seconds"
    for name, part in result["cell"].items():
        yield f"  {name:<14} {part['median'] / whole:6.1%}"


def _scaling(result: Mapping[str, Any]) -> Iterator[str]:
    yield "Scaling of the kernel: nanoseconds a rider-day on one thread"
    for dimension, points in result["scaling"].items():
        for value, spread in points.items():
            yield f"  {dimension:<10} {int(value):>9,}   {_range(spread)}"


def _process(result: Mapping[str, Any]) -> Iterator[str]:
    yield "Whole processes, once each: depends on the machine, so no part of --check"
    for each in result["process"]:
        target = f"at most {each['target']:g}" if each["target"] else "-"
        yield f"  {each['name']:<58} {each['value']:8.2f} {each['unit']:<3} {target}"


def _range(spread: Mapping[str, float]) -> str:
    return f"{number(spread['median'])} ({number(spread['low'])} to {number(spread['high'])})"
