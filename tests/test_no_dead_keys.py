"""No dead keys: changing any key of the language changes a table, or the key is exempt for a stated reason.

A key that is new to the language fails here until it is set in one of the scenarios of ``keys/`` at a value where
changing it moves something, or stands in ``keys/exempt.py``.
"""

from __future__ import annotations

import json
from functools import cache

import pytest

from injurysim.api import load, run
from injurysim.scenario.document import Scenario
from keys import design_scenes
from keys.exempt import EVERY, EXEMPT, IN_RESULTS
from keys.leaves import all_leaves, leaves_of
from keys.stages import PLAIN, STAGES, short, some
from keys.sweep import dead_keys_of_designs, dead_keys_of_scenarios, faults_of, tables_of_designs

BATCHES = 4
"""Parts into which a sweep is split, so that it is spread over workers."""


@cache
def side_by_side() -> Scenario:
    return Scenario.model_validate(design_scenes.SIDE_BY_SIDE)


@cache
def lasting() -> Scenario:
    return Scenario.model_validate(design_scenes.LASTING)


@cache
def stages() -> dict[str, Scenario]:
    return {name: Scenario.model_validate(document) for name, document in STAGES.items()}


def keys_of_designs(scenario: Scenario) -> frozenset[str]:
    return frozenset(leaf.name for each in scenario.designs.values() for leaf in leaves_of(each))


@cache
def by_sweep() -> dict[str, frozenset[str]]:
    """Return the keys that each sweep changes: in designs side by side wherever they can be."""
    beside = keys_of_designs(side_by_side()) & EVERY
    longer = (keys_of_designs(lasting()) & EVERY) - beside
    found = {leaf.name for each in stages().values() for leaf in leaves_of(each)}
    return {"beside": beside, "longer": longer, "alone": (found & EVERY) - beside - longer}


def batch(keys: frozenset[str], number: int) -> list[str]:
    return sorted(keys)[number::BATCHES]


def test_every_key_is_changed_or_exempt() -> None:
    changed = frozenset().union(*by_sweep().values())
    assert EVERY - changed == frozenset()
    assert (EXEMPT.keys() | IN_RESULTS) <= all_leaves()
    assert len(all_leaves()) > 700


def test_scenarios_of_keys_are_free_of_faults() -> None:
    """What is changed is a scenario that anybody could run."""
    for scenario in (side_by_side(), lasting(), *stages().values()):
        assert list(faults_of(scenario)) == []


@pytest.mark.parametrize("number", range(BATCHES))
def test_every_key_of_a_design_moves_something(number: int) -> None:
    assert dead_keys_of_designs(side_by_side(), batch(by_sweep()["beside"], number)) == {}


def test_every_key_of_lasting_accounts_moves_something() -> None:
    assert dead_keys_of_designs(lasting(), by_sweep()["longer"]) == {}


@pytest.mark.parametrize("number", range(BATCHES))
def test_every_key_of_a_world_moves_something(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Identities are checked on every run elsewhere; on these small ones they would take most of the time.
    monkeypatch.setattr("injurysim.replication._check", lambda *_: None)
    assert dead_keys_of_scenarios(stages(), batch(by_sweep()["alone"], number)) == {}


def test_exempt_keys_move_nothing() -> None:
    """No exemption is stale, as far as the key is set in a design; and the sweep tells a dead key."""
    exempt = keys_of_designs(side_by_side()) & EXEMPT.keys()
    dead = dead_keys_of_designs(side_by_side(), exempt)
    assert dead.keys() == exempt
    assert all(dead.values())
    assert len(exempt) > 40


def test_exempt_keys_of_a_scenario_move_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("injurysim.replication._check", lambda *_: None)
    some = {name: stages()[name] for name in ("listed", "some")}
    exempt = {leaf.name for each in some.values() for leaf in leaves_of(each)} & EXEMPT.keys()
    exempt -= {leaf for leaf in keys_of_designs(side_by_side()) if leaf not in ("Text.en", "Text.zh")}
    assert dead_keys_of_scenarios(some, exempt).keys() == exempt


def test_a_design_beside_moves_nothing() -> None:
    """What the sweep takes for a change of a key is none of the company: designs alone have the same tables."""
    names = ("collected", "two-strands", "attribution", "rating-set")
    alone = {name: side_by_side().designs[name] for name in names}
    beside = tables_of_designs(side_by_side(), side_by_side().designs)
    for name, design in alone.items():
        assert tables_of_designs(side_by_side(), {name: design})[name] == beside[name]


def test_what_is_run_and_compared_moves_the_results(tmp_path) -> None:
    """The number of replications and the baseline change the tables of a whole run."""
    two = {"worlds": {"stage": some(), "other-stage": some()}, "designs": {"plain": PLAIN, "other": PLAIN}}
    document = short(PLAIN, **two, replications=1)

    def results(name: str, **changes: object) -> dict[str, list[object]]:
        file = tmp_path / f"{name}.yaml"
        file.write_text(json.dumps({**document, **changes}), encoding="utf-8")
        result = run(load(file), out=tmp_path / name, workers=1)
        return {
            "compared": result.comparison[
                ["world", "design", "baseline_world", "baseline_design"]
            ].values.tolist(),
            "replications": result.table("fund")["replication"].unique().tolist(),
        }

    before = results("before")
    assert results("twice", replications=2)["replications"] != before["replications"]
    for key, baseline in {
        "world": {"world": "other-stage", "design": "plain"},
        "design": {"world": "stage", "design": "other"},
    }.items():
        assert results(key, baseline=baseline)["compared"] != before["compared"]
