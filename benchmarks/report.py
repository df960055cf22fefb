"""What rounds come to: rates, ratios taken inside each round, shares, scaling; as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from measure import Spread

Round = Mapping[str, float]

UNITS = {
    "kernel": "rider-days/s",
    "kernel_loop": "rider-days/s",
    "riders_drawn": "riders/s",
    "twin": "rider-days/s",
    "twin_events": "events/s",
    "bare_events": "events/s",
    "threefry": "draws of 128 bits/s",
    "splitmix": "draws of 64 bits/s",
    "triad": "bytes/s",
    "claims": "claims/s",
}
"""Rates measured in every round."""
YARDSTICKS = ("threefry", "splitmix")
MOST_DRIFT = 0.25
"""A round in which a yardstick is further than this from its median is left out."""


@dataclass(frozen=True)
class Ratio:
    """A ratio of two figures of one round, and what it should be: at least a target, or at most."""

    name: str
    one: str
    other: str
    target: float | None = None
    at_most: bool = False


RATIOS = (
    Ratio("kernel / twin", "kernel", "twin", 10_000),
    Ratio("kernel / generator limit (SplitMix64)", "kernel", "splitmix", 0.05),
    Ratio("kernel / its own generator (Threefry)", "kernel", "threefry"),
    Ratio("twin / bare SimPy, events", "twin_events", "bare_events", 0.5),
    Ratio("ten designs / one, no injuries", "ten_designs_no_injuries", "one_design_no_injuries", 1.5, True),
    Ratio("ten designs / one, with injuries", "ten_designs_injuries", "one_design_injuries"),
    Ratio("two workers / one, processor seconds", "one_worker_cpu", "two_workers_cpu"),
    Ratio("two workers / one, by the clock", "one_worker", "two_workers"),
    Ratio("two workers / one, with their start", "one_worker", "two_workers_cold"),
)

NOT_MEASURED = (
    {
        "name": "two threads / one, a world of 1e6 riders",
        "target": 1.5,
        "why": "the kernel runs on one thread",
    },
    {"name": "kernel / starsim", "target": 12, "why": "needs the shared model beside starsim"},
    {"name": "kernel / mesa", "target": 120, "why": "needs the shared model beside mesa"},
)
"""Targets that this version has nothing to be measured by."""


def report(rounds: Sequence[Round]) -> dict[str, Any]:
    """Work out rates, ratios and the rest from the rounds that count.

    Parameters
    ----------
    rounds : sequence of mapping of name to figure
        What each round measured; some figures may be missing from some rounds.
    """
    kept = [each for each in rounds if not _drifted(each, rounds)]
    return {
        "rounds": [dict(each) for each in rounds],
        "rounds_left_out": [number for number, each in enumerate(rounds) if _drifted(each, rounds)],
        "rates": {
            name: {"unit": unit, **_spread(each[name] for each in kept if name in each)}
            for name, unit in UNITS.items()
            if any(name in each for each in kept)
        },
        "ratios": [
            {
                "name": ratio.name,
                "target": ratio.target,
                "at_most": ratio.at_most,
                **_spread(
                    each[ratio.one] / each[ratio.other]
                    for each in kept
                    if ratio.other in each and ratio.one in each
                ),
            }
            for ratio in RATIOS
            if any(ratio.one in each and ratio.other in each for each in kept)
        ],
        "cell": _of_prefix("cell.", kept),
        "scaling": _of_prefix("ns.", kept),
        "claims_closed_share": median(each["claims_closed"] for each in kept),
        "not_measured": list(NOT_MEASURED),
    }


def told(result: Mapping[str, Any]) -> str:
    """Put a report into words."""
    machine, settings = result["machine"], result["settings"]
    loads = [each for each in result["load_average"] if each is not None]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    agreed = result["agreement"]
    lines = [
        (
            f"CPU     {machine['cpu']}, {machine['cores']} cores, LLVM's {machine['llvm_cpu']},"
            f" AVX-512 {'yes' if machine['avx512'] else 'no'}"
        ),
        f"with    Python {machine['python']}, {versions}",
        f"load    {f'{min(loads):.1f} to {max(loads):.1f}' if loads else 'unknown'} over the rounds",
        (
            f"rounds  {settings['rounds']}{' after one to warm up' if settings['warm_up'] else ''}, {len(result['rounds_left_out'])} left out because a"
            f" yardstick moved by more than {MOST_DRIFT:.0%}"
        ),
        (
            f"agree   kernel and twin, bit for bit: {agreed['shifts']:,} shifts, {agreed['minutes']:,} minutes,"
            f" {agreed['injuries']:,} injuries"
        ),
        "",
        "Ratios inside a round: median (range), target",
    ]
    for ratio in result["ratios"]:
        target = "-" if ratio["target"] is None else _wanted(ratio)
        lines.append(f"  {ratio['name']:<38} {_range(ratio):<34} {target}")
    lines += [f"  {each['name']:<38} not measured: {each['why']}" for each in result["not_measured"]]
    lines += ["", "Rates, for orientation, of one core's own seconds: median (range)"]
    for name, rate in result["rates"].items():
        lines.append(f"  {name:<14} {_range(rate):<38} {rate['unit']}")
    lines.append(f"  of the claims {result['claims_closed_share']:.0%} were closed in the run")
    whole = sum(part["median"] for part in result["cell"].values())
    lines += ["", f"A whole cell, {settings['riders']:,} riders and 3 designs: share of its seconds"]
    lines += [f"  {name:<14} {part['median'] / whole:6.1%}" for name, part in result["cell"].items()]
    lines += ["", "Scaling of the kernel: nanoseconds a rider-day"]
    lines += [f"  {name:<14} {_range(each)}" for name, each in result["scaling"].items()]
    return "\n".join(lines)


def number(value: float) -> str:
    """Write a figure with three digits that count."""
    for size, unit in ((1e9, " G"), (1e6, " M")):
        if value >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _range(spread: Mapping[str, float]) -> str:
    return f"{number(spread['median'])} ({number(spread['low'])} to {number(spread['high'])})"


def _wanted(ratio: Mapping[str, Any]) -> str:
    reached = ratio["median"] <= ratio["target"] if ratio["at_most"] else ratio["median"] >= ratio["target"]
    bound = "at most" if ratio["at_most"] else "at least"
    return f"{bound} {number(ratio['target'])}: {'reached' if reached else 'not reached'}"


def _drifted(one: Round, rounds: Sequence[Round]) -> bool:
    return any(abs(one[name] / median(each[name] for each in rounds) - 1) > MOST_DRIFT for name in YARDSTICKS)


def _spread(values: Iterable[float]) -> dict[str, float]:
    return asdict(Spread.of(list(values)))


def _of_prefix(prefix: str, rounds: Sequence[Round]) -> dict[str, dict[str, float]]:
    names = dict.fromkeys(name for each in rounds for name in each if name.startswith(prefix))
    return {
        name.removeprefix(prefix): _spread(each[name] for each in rounds if name in each) for name in names
    }
