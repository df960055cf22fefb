"""The benchmark runs at its smallest size and says what it should; how fast is never asked here."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from runpy import run_path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"

RATES = {
    *("kernel", "kernel_loop", "riders_drawn", "twin", "twin_events", "bare_events"),
    *("threefry", "splitmix", "triad", "claims"),
}
RATIOS = {
    "kernel / twin": 10_000,
    "kernel / generator limit (SplitMix64)": 0.05,
    "kernel / its own generator (Threefry)": None,
    "twin / bare SimPy, events": 0.5,
    "ten designs / one, no injuries": 1.5,
    "ten designs / one, with injuries": None,
}


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    path = tmp_path_factory.mktemp("benchmark") / "quick.json"
    ran = subprocess.run(  # noqa: S603
        [sys.executable, str(BENCHMARKS / "run.py"), "--quick", "--riders", "300", "--json", str(path)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout, json.loads(path.read_text(encoding="utf-8"))


def is_a_spread(found):
    return 0 < found["low"] <= found["median"] <= found["high"]


def test_every_rate_and_ratio_is_there_with_its_range(quick):
    _, result = quick
    assert result["format"] == 1
    assert set(result["rates"]) == RATES
    assert all(is_a_spread(rate) and rate["unit"] for rate in result["rates"].values())
    assert {ratio["name"]: ratio["target"] for ratio in result["ratios"]} == RATIOS
    assert all(is_a_spread(ratio) for ratio in result["ratios"])
    assert set(result["cell"]) == {"riders", "world", "books", "tables", "checks"}
    assert set(result["scaling"]) == {"500 riders", "2,000 riders", "1 months", "2 months"}
    assert 0 < result["claims_closed_share"] <= 1
    assert len(result["rounds"]) == len(result["load_average"]) == 1
    assert result["rounds_left_out"] == []


def test_it_says_on_what_it_ran_and_what_it_cannot_measure(quick):
    told, result = quick
    machine = result["machine"]
    assert isinstance(machine["avx512"], bool)
    assert machine["cpu"] in told
    assert all(number in told for number in machine["versions"].values())
    assert result["settings"]["riders"] == 300
    assert all(each["why"] in told for each in result["not_measured"])


def test_the_engines_agreed_before_they_were_timed(quick):
    _, result = quick
    assert result["agreement"]["shifts"] > 0
    assert result["agreement"]["injuries"] > 0


def test_a_round_with_another_yardstick_is_left_out_and_ratios_stay_inside_rounds(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    report = run_path(str(BENCHMARKS / "report.py"))["report"]
    even = {"threefry": 100.0, "splitmix": 400.0, "claims": 1.0, "claims_closed": 1.0, "twin": 1.0}
    rounds = [
        even | {"kernel": 10.0},
        even | {"kernel": 30.0, "twin": 2.0},
        even | {"kernel": 500.0, "splitmix": 600.0},
    ]
    result = report(rounds)
    assert result["rounds_left_out"] == [2]
    ratio = result["ratios"][0]
    assert (ratio["name"], ratio["low"], ratio["median"], ratio["high"]) == (
        "kernel / twin",
        10.0,
        12.5,
        15.0,
    )


def test_the_parts_a_run_is_timed_by_are_in_the_package(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for module, function, _ in run_path(str(BENCHMARKS / "where.py"))["PARTS"]:
        assert callable(getattr(importlib.import_module(module), function))


def test_the_chart_is_drawn(quick, tmp_path):
    _, result = quick
    run_path(str(BENCHMARKS / "chart.py"))["draw"](result, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
