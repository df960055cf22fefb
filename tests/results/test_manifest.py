"""A manifest names what a result was made of, and nothing of where."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math

import pytest

from injurysim.core.parts import TableReceipt
from injurysim.results.manifest import build_manifest, read_manifest, run_digest, write_manifest


def made(**changed):
    start = dt.datetime(2022, 7, 1, 8, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    given = {
        "name": "城市试点",
        "seed": 7,
        "replications": 3,
        "engine": "fast",
        "worlds": ["base"],
        "designs": ["pilot", "policy"],
        "scenario_digest": "ab",
        "streams_version": 1,
        "checks": ["fund_rolls_forward"],
        "tables": {"fund": TableReceipt(8, 100, "f1"), "claims": TableReceipt(6, 90, "c1")},
        "started": start,
        "ended": start + dt.timedelta(seconds=2.5),
        **changed,
    }
    return build_manifest(**given)


def test_manifest_says_what_was_run():
    manifest = made(baseline={"world": "base", "design": "policy"})
    assert manifest["tables"]["fund"] == {"rows": 8, "bytes": 100, "digest": "f1"}
    assert manifest["started"] == "2022-07-01T00:00:00+00:00"
    assert manifest["wall_seconds"] == 2.5
    assert set(manifest["versions"]) >= {
        "python",
        "numpy",
        "scipy",
        "simpy",
        "numba",
        "pandas",
        "pyarrow",
        "injurysim",
    }
    assert manifest["machine"]["cpu"]
    assert manifest["baseline"]["design"] == "policy"


def test_run_digest_is_of_the_tables_digests_alone():
    assert made()["run_digest"] == hashlib.sha256(b"claims c1\nfund f1\n").hexdigest()
    assert made(seed=8)["run_digest"] == made()["run_digest"]
    assert run_digest({"a": "1", "b": "2"}) == run_digest({"b": "2", "a": "1"})
    assert run_digest({"a": "1", "b": "2"}) != run_digest({"a": "2", "b": "1"})


def test_a_manifest_is_written_in_one_way(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    manifest = made()
    for folder, entries in ((one, manifest), (other, dict(reversed(manifest.items())))):
        folder.mkdir()
        write_manifest(folder, entries)
    content = (one / "manifest.json").read_bytes()
    assert content == (other / "manifest.json").read_bytes()
    assert content.endswith(b"}\n")
    assert "城市试点".encode() in content
    assert read_manifest(one) == json.loads(content) == manifest


def test_no_place_on_a_machine_is_named():
    for path in ("/home/someone/plan.yaml", "C:\\Users\\someone\\plan.yaml"):
        with pytest.raises(ValueError, match=r"manifest.command\[1\] holds a path"):
            made(command=["run", path])
    made(command=["run", "scenarios/plan.yaml"])


def test_times_need_a_zone_and_numbers_must_be_numbers(tmp_path):
    with pytest.raises(ValueError, match="time zone"):
        made(started=dt.datetime(2022, 7, 1))
    with pytest.raises(ValueError, match="JSON"):
        write_manifest(tmp_path, {"seed": math.nan})
