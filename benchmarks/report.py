"""What rounds come to: rates, ratios taken inside each round, shares, scaling; as JSON holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from measure import Spread
from ratios import RATIOS

Round = Mapping[str, float]

UNITS = {
    "kernel_first": "rider-days/s",
    "kernel": "rider-days/s",
    "kernel_two_threads": "rider-days/s",
    "kernel_plain_first": "rider-days/s",
    "kernel_plain": "rider-days/s",
    "kernel_plain_two_threads": "rider-days/s",
    "kernel_large_wall": "rider-days/s",
    "kernel_large_two_threads": "rider-days/s",
    "kernel_shared_first": "rider-days/s",
    "kernel_shared": "rider-days/s",
    "kernel_shared_two_threads": "rider-days/s",
    "starsim": "rider-days/s",
    "mesa": "rider-days/s",
    "riders_drawn": "riders/s",
    "twin": "rider-days/s",
    "twin_events": "events/s",
    "twin_bare_events": "events/s",
    "twin_plain": "rider-days/s",
    "twin_plain_events": "events/s",
    "twin_plain_bare_events": "events/s",
    "threefry": "draws of 128 bits/s",
    "splitmix": "draws of 64 bits/s",
    "triad": "bytes/s",
    "claims": "claims/s",
}
"""Rates that are told; a round holds more figures than these."""
YARDSTICKS = ("threefry", "splitmix")
MOST_DRIFT = 0.25
"""A round in which a yardstick is further than this from its median is left out."""


def report(rounds: Sequence[Round], *, avx512: bool, reasons: Mapping[str, str]) -> dict[str, Any]:
    """Work out rates, ratios and the rest from the rounds that count.

    Parameters
    ----------
    rounds : sequence of mapping of name to figure
        What each round measured; some figures may be missing from some rounds.
    avx512 : bool
        Whether the processor has AVX-512, on which some targets depend.
    reasons : mapping of name of a figure to text
        Why figures are missing from all rounds.

    Raises
    ------
    SystemExit
        If a yardstick moved too much in every round.
    """
    out = [number for number, each in enumerate(rounds) if _drifted(each, rounds)]
    kept = [each for number, each in enumerate(rounds) if number not in out]
    if not kept:
        raise SystemExit("the yardsticks moved in every round: the machine is too busy to measure anything")
    ratios, missing = [], []
    for ratio in RATIOS:
        target = ratio.wanted(avx512=avx512)
        known = [each for each in kept if ratio.one in each and ratio.other in each]
        if known:
            spread = _spread(each[ratio.one] / each[ratio.other] for each in known)
            ratios.append({"name": ratio.name, "target": target, "at_most": ratio.at_most, **spread})
        elif target is not None:
            missing.append({"name": ratio.name, "target": target, "why": ratio.why_not(reasons)})
    return {
        "rounds": [dict(each) for each in rounds],
        "rounds_left_out": out,
        "rates": {
            name: {"unit": unit, **_spread(each[name] for each in kept if name in each)}
            for name, unit in UNITS.items()
            if any(name in each for each in kept)
        },
        "ratios": ratios,
        "not_measured": missing,
        "cell": _of_prefix("cell.", kept),
        "scaling": _by_dimension(_of_prefix("ns.", kept)),
        "claims_closed_share": median(each["claims_closed"] for each in kept),
    }


def reached(ratio: Mapping[str, Any]) -> bool:
    """Return whether the median of a ratio reaches its target; one without a target does."""
    if ratio["target"] is None:
        return True
    return bool(
        ratio["median"] <= ratio["target"] if ratio["at_most"] else ratio["median"] >= ratio["target"]
    )


def _drifted(one: Round, rounds: Sequence[Round]) -> bool:
    return any(abs(one[name] / median(each[name] for each in rounds) - 1) > MOST_DRIFT for name in YARDSTICKS)


def _spread(values: Iterable[float]) -> dict[str, float]:
    return asdict(Spread.of(list(values)))


def _of_prefix(prefix: str, rounds: Sequence[Round]) -> dict[str, dict[str, float]]:
    names = dict.fromkeys(name for each in rounds for name in each if name.startswith(prefix))
    return {
        name.removeprefix(prefix): _spread(each[name] for each in rounds if name in each) for name in names
    }


def _by_dimension(spreads: Mapping[str, dict[str, float]]) -> dict[str, dict[str, dict[str, float]]]:
    """Turn names such as ``riders.1000`` into a table by dimension and value."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, spread in spreads.items():
        dimension, _, value = name.partition(".")
        found.setdefault(dimension, {})[value] = spread
    return found
