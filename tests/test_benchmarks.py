"""The benchmark runs at its smallest size and says what it should; how fast is never asked here."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path
from types import SimpleNamespace

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
INSTALLED = {each.name.lower() for each in distributions()}
PEERS = [
    pytest.param(name, marks=pytest.mark.skipif(name not in INSTALLED, reason=f"{name} is not installed"))
    for name in ("starsim", "mesa")
]
CELL = {"riders", "world", "books", "tables", "checks"}


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    path = tmp_path_factory.mktemp("benchmark") / "quick.json"
    told = python("run.py", "--quick", "--riders", "300", "--json", str(path))
    return told, json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def bench(monkeypatch):
    """Import parts of the benchmark by name, and forget them afterwards: their names are common ones."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if BENCHMARKS.as_posix() in Path(getattr(sys.modules[name], "__file__", None) or "").as_posix():
            del sys.modules[name]


def python(script, *words):
    ran = subprocess.run(  # noqa: S603
        [sys.executable, str(BENCHMARKS / script), *words], capture_output=True, check=False, encoding="utf-8"
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def is_a_spread(found):
    return 0 < found["low"] <= found["median"] <= found["high"]


def test_every_rate_and_ratio_is_there_with_its_range(quick):
    _, result = quick
    assert result["format"] == 2
    rates = {
        "kernel",
        "riders_drawn",
        "twin",
        "twin_events",
        "twin_bare_events",
        "threefry",
        "splitmix",
        "triad",
    }
    assert rates | {"claims", "kernel_shared"} <= set(result["rates"])
    assert all(is_a_spread(rate) and rate["unit"] for rate in result["rates"].values())
    assert all(is_a_spread(ratio) for ratio in result["ratios"])
    assert set(result["cell"]) == CELL
    assert result["scaling"] == {}
    assert 0 < result["claims_closed_share"] <= 1
    assert len(result["rounds"]) == len(result["load_average"]) == 1
    assert result["rounds_left_out"] == []


def test_every_target_is_measured_or_said_to_be_missing_and_why(quick, bench):
    told, result = quick
    avx512 = result["machine"]["avx512"]
    wanted = {ratio.name: ratio.wanted(avx512=avx512) for ratio in bench("ratios").RATIOS}
    found = {row["name"]: row["target"] for row in (*result["ratios"], *result["not_measured"])}
    assert found.items() <= wanted.items()
    assert {name for name, target in wanted.items() if target is not None} <= set(found)
    assert {"kernel / twin (plain SimPy)", "kernel / SplitMix64 in L1", "twin / bare SimPy, events"} <= {
        ratio["name"] for ratio in result["ratios"]
    }
    assert all(each["why"] in told for each in result["not_measured"])


def test_it_says_on_what_it_ran(quick):
    told, result = quick
    machine = result["machine"]
    assert isinstance(machine["avx512"], bool)
    assert machine["cpu"] in told
    assert all(number in told for number in machine["versions"].values())
    assert result["settings"]["riders"] == 300


def test_the_engines_agreed_before_they_were_timed(quick):
    _, result = quick
    assert result["agreement"]["shifts"] > 0
    assert result["agreement"]["injuries"] > 0


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_holds_the_same_model_and_was_timed(quick, name):
    _, result = quick
    errors = result["peers_agreement"][name]
    assert set(errors) == {"shifts", "hours", "expected", "injuries"}
    assert all(abs(error) < 4 for error in errors.values())
    assert is_a_spread(result["rates"][name])


def test_another_model_does_not_agree(bench):
    shared, peers = bench("shared_model"), bench("peers")
    world = peers._world_tally(2_000)
    longer = shared.Tally(world.shifts, world.hours * 1.1, world.expected, world.injuries)
    errors = peers.differences(longer, world)
    assert errors["shifts"] == 0
    assert errors["hours"] > peers.MOST_ERRORS


def test_a_peer_that_is_not_installed_is_named(bench, monkeypatch):
    peers = bench("peers")
    monkeypatch.setattr(peers, "version_of", lambda _: None)
    assert peers.installed() == {}
    assert peers.agreement(100) == {}
    assert set(peers.not_installed()) == {"starsim", "mesa"}
    assert all("[bench]" in why for why in peers.not_installed().values())


def test_the_peers_tire_as_the_world_says(bench):
    shared = bench("shared_model")
    tired = shared.tired_hours()
    assert len(tired) == shared.CAP * 60 + 1
    assert tired[4 * 60] == pytest.approx(4)
    assert tired[6 * 60] == pytest.approx(4 + 1.15 + 1.3)


def test_two_threads_are_asked_for_when_the_kernel_has_them(bench, monkeypatch):
    engines, shared = bench("engines"), bench("shared_model")
    asked, world = [], engines.FastWorld

    def threaded(*args, threads=1, **options):
        asked.append(threads)
        return world(*args, **options)

    monkeypatch.setattr(engines, "FastWorld", threaded)
    monkeypatch.setattr(engines, "TWO_THREADS", True)
    rates = engines.Kernel(shared.shared_world(100), shared.months_of(1)).rates(1, "kernel")
    assert asked == [1, 1, 1, 2]
    assert set(rates) == {"kernel_first", "kernel", "kernel_wall", "kernel_two_threads"}


def test_a_round_with_another_yardstick_is_left_out_and_ratios_stay_inside_rounds(bench):
    even = {"threefry": 100.0, "splitmix": 400.0, "claims": 1.0, "claims_closed": 1.0, "twin": 1.0}
    rounds = [
        even | {"kernel": 10.0},
        even | {"kernel": 30.0, "twin": 2.0},
        even | {"kernel": 500.0, "splitmix": 600.0},
    ]
    result = bench("report").report(rounds, avx512=False, reasons={"mesa": "is not here"})
    assert result["rounds_left_out"] == [2]
    ratio = result["ratios"][0]
    assert (ratio["low"], ratio["median"], ratio["high"]) == (10.0, 12.5, 15.0)
    assert ratio["target"] == 2_500
    assert {"name": "kernel / mesa", "target": 30, "why": "is not here"} in result["not_measured"]


def test_no_round_that_counts_is_an_error(bench):
    rounds = [{"threefry": 100.0, "splitmix": 100.0}, {"threefry": 200.0, "splitmix": 200.0}]
    with pytest.raises(SystemExit, match="too busy"):
        bench("report").report(rounds, avx512=True, reasons={})


@pytest.mark.parametrize(("median", "code"), [(9_999.0, 1), (10_000.0, 0)])
def test_check_is_of_ratios_alone(bench, monkeypatch, median, code):
    run = bench("run")
    ratio = {"name": "one / other", "target": 10_000, "at_most": False, "median": median}
    slow = {"name": "a run", "value": 99.0, "unit": "s", "target": 10.0}
    given = SimpleNamespace(
        quick=True, riders=300, rounds=1, scaling=False, whole=False, check=True, json=None, chart=None
    )
    monkeypatch.setattr(run, "options", lambda: given)
    monkeypatch.setattr(run, "run", lambda *_: {"ratios": [ratio], "process": [slow]})
    monkeypatch.setattr(bench("telling"), "told", lambda _: "")
    assert run.main() == code


def test_scaling_walks_one_dimension_at_a_time(bench, monkeypatch):
    cases, scaling, report = bench("cases"), bench("scaling"), bench("report")
    monkeypatch.setattr(scaling, "Workers", lambda *_: SimpleNamespace(run=lambda **_: {"two_workers": 1.0}))
    grid = cases.Grid(base_riders=200, riders=(100, 200), months=(1,), platforms=(1, 8), hazards=(1, 10))
    found = scaling.Scaling(cases.full_model(), cases.quickstart(), grid, None).run(1, warm_up=True)
    assert found.pop("two_workers") == 1.0
    table = report._by_dimension(report._of_prefix("ns.", [found]))
    assert {dimension: set(points) for dimension, points in table.items()} == {
        "riders": {"100", "200"},
        "months": {"1"},
        "platforms": {"1", "8"},
        "hazard": {"1", "10"},
    }


def test_the_launcher_tells_the_peak_of_the_command_and_not_its_own():
    small, large = (
        json.loads(python("launch.py", sys.executable, "-c", f"bytes(bytearray({size}))"))
        for size in (1, 60_000_000)
    )
    assert small["code"] == large["code"] == 0
    assert small["seconds"] > 0
    assert large["peak_bytes"] - small["peak_bytes"] > 100_000_000


@pytest.mark.slow
def test_scaling_and_whole_processes_run(tmp_path):
    told = python(
        "run.py", "--quick", "--riders", "300", "--scaling", "--whole", "--json", str(tmp_path / "j")
    )
    result = json.loads((tmp_path / "j").read_text(encoding="utf-8"))
    assert {"riders", "months", "platforms", "hazard"} == set(result["scaling"])
    assert "two workers / one, by the clock" in {ratio["name"] for ratio in result["ratios"]}
    assert [each["unit"] for each in result["process"]] == ["s", "MB", "s"]
    assert all(each["name"] in told for each in result["process"])


def test_the_parts_a_run_is_timed_by_are_in_the_package(bench):
    for module, function, _ in bench("where").PARTS:
        assert callable(getattr(importlib.import_module(module), function))


def test_the_chart_is_drawn(quick, bench, tmp_path):
    _, result = quick
    bench("chart").draw(result, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
