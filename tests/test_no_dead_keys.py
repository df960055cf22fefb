"""No dead keys: changing any key of the language changes a table, or the key is exempt for a stated reason.

A key that is new to the language fails here until it is set in one of the scenarios of ``keys/`` at a value where
changing it moves something, or stands in ``keys/exempt.py``.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from injurysim.api import load, run
from injurysim.results.precision import Rule
from injurysim.scenario.designs import Design
from injurysim.scenario.document import Scenario
from injurysim.scenario.values import Value
from keys import design_scenes
from keys.exempt import EVERY, EXEMPT, IN_RESULTS
from keys.leaves import all_leaves, evidence, leaves_of
from keys.stages import PLAIN, STAGES, short, some
from keys.sweep import dead_keys_of_designs, dead_keys_of_scenarios, faults_of, tables_of_designs
from keys.world_scenes import START

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
    dead = dead_keys_of_designs(side_by_side(), exempt, ways=2)
    assert dead.keys() == exempt
    assert all(dead.values())
    assert len(exempt) > 40


def test_exempt_keys_of_a_scenario_move_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("injurysim.replication._check", lambda *_: None)
    some = {name: stages()[name] for name in ("some", "listed")}
    exempt = {leaf.name for each in some.values() for leaf in leaves_of(each)} & EXEMPT.keys()
    exempt -= {leaf for leaf in keys_of_designs(side_by_side()) if leaf not in ("Text.en", "Text.zh")}
    assert dead_keys_of_scenarios(some, exempt, ways=2).keys() == exempt


def test_what_a_value_says_of_itself_moves_nothing() -> None:
    """Source, clause, grade, range and so on are for readers, whatever value says them."""

    def saying(item: Any) -> Any:
        if isinstance(item, dict) and {"value", "unit"} <= item.keys():
            return evidence(item["value"])
        if isinstance(item, dict):
            return {key: saying(each) for key, each in item.items()}
        return [saying(each) for each in item] if isinstance(item, list | tuple) else item

    names = ("collected", "two-strands", "rating-set", "pays-survivors", "spent", "beside")
    plain = {name: side_by_side().designs[name] for name in names}
    told = {
        name: Design.model_validate(saying(design.model_dump(exclude_none=True)))
        for name, design in plain.items()
    }
    assert told != plain
    assert set(evidence(0)) | {"unit"} == set(Value.model_fields)
    assert tables_of_designs(side_by_side(), told) == tables_of_designs(side_by_side(), plain)


def test_the_sweep_finds_a_dead_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shares of contributions that no ledger takes are dead, and what stands beside them is not."""
    monkeypatch.setattr("injurysim.books.fund.ledger.share_fen", lambda *_: 0)
    keys = ("Account.handling_share", "Account.handling_yuan", "Account.prevention_share")
    dead = dead_keys_of_designs(side_by_side(), keys, ways=2)
    assert dead.keys() == {"Account.handling_share", "Account.prevention_share"}


def test_a_design_beside_moves_nothing() -> None:
    """What the sweep takes for a change of a key is none of the company: designs alone have the same tables."""
    names = ("collected", "two-strands", "attribution", "rating-set")
    together = {name: side_by_side().designs[name] for name in names}
    beside = tables_of_designs(side_by_side(), together)
    for name, design in together.items():
        assert tables_of_designs(side_by_side(), {name: design})[name] == beside[name]


def test_what_is_run_and_compared_moves_the_results(tmp_path) -> None:
    """The number of replications and the baseline change the tables of a whole run, each columns of its own."""
    document = {
        **short(
            PLAIN, worlds={"stage": some(), "other-stage": some()}, designs={"plain": PLAIN, "other": PLAIN}
        ),
        "horizon": {"start": START, "months": 1},
    }

    def results(name: str, world: str, design: str, replications: int) -> list[set[object]]:
        file = tmp_path / f"{name}.yaml"
        said = {**document, "baseline": {"world": world, "design": design}, "replications": replications}
        file.write_text(json.dumps(said), encoding="utf-8")
        result = run(load(file), out=tmp_path / name, workers=1)
        compared = result.comparison.astype(str)
        return [
            set(result.table("fund").replication),
            set(zip(compared.world, compared.baseline_world, strict=True)),
            set(zip(compared.design, compared.baseline_design, strict=True)),
        ]

    one = results("one", "stage", "plain", 1)
    two = results("two", "other-stage", "other", 2)
    assert all(before != after for before, after in zip(one, two, strict=True))


def test_every_key_of_a_precision_moves_its_table() -> None:
    """Each key alone, on the same values: the replications that are kept, or the rows of ``precision``."""
    rng = np.random.default_rng(5)
    rows = [
        (world, design, replication, metric, "yuan", rng.normal(0, 1))
        for replication in range(60)
        for world in ("stage", "other-stage")
        for design in ("plain", "other")
        for metric in ("closing_balance", "net_position")
    ]
    values = pd.DataFrame(rows, columns=["world", "design", "replication", "metric", "unit", "value"])
    document = {
        **short(
            PLAIN, worlds={"stage": some(), "other-stage": some()}, designs={"plain": PLAIN, "other": PLAIN}
        ),
        "baseline": {"world": "stage", "design": "plain"},
    }
    target = {"metric": "closing_balance", "half_width": "0.9", "world": "stage", "design": "other"}
    stated = {"at_least": 10, "at_most": 50, "targets": [target]}

    def told(precision: dict[str, Any]) -> tuple[object, ...]:
        rule = Rule.of(Scenario.model_validate({**document, "precision": precision}))
        assert rule is not None
        there = 0
        while (number := rule.next_number(values[values.replication < there])) is not None:
            there = number
        kept = rule.kept(values[values.replication < there])
        return kept, rule.table(values[values.replication < kept]).to_csv()

    spent = {**stated, "targets": [{**target, "half_width": "0.01"}]}
    others = [
        {"at_least": 12},
        *(
            {"targets": [{**target, **change}]}
            for change in (
                {"metric": "net_position"},
                {"of": "difference"},
                {"world": "other-stage"},
                {"design": "plain"},
                {"half_width": "0.8"},
            )
        ),
    ]
    before = told(stated)
    assert all(told({**stated, **each}) != before for each in others)
    assert told({**spent, "at_most": 30}) != told(spent)
    checked = {f"Precision.{key}" for key in stated if key != "targets"} | {
        f"Target.{key}" for key in (*target, "of")
    }
    assert checked == {leaf for leaf in IN_RESULTS if leaf.startswith(("Precision.", "Target."))}
