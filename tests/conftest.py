"""What tests of several rooms share: the tiny scenario, and the digests of a results folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def tiny() -> Path:
    """Return the tiny scenario."""
    return Path(__file__).with_name("cli") / "tiny.yaml"


@pytest.fixture(scope="session")
def manifest() -> Callable[[Path], dict[str, Any]]:
    """Return a function that reads the manifest of a results folder."""

    def read(folder: Path) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return found

    return read


@pytest.fixture(scope="session")
def digests(manifest: Callable[[Path], dict[str, Any]]) -> Callable[[Path], dict[str, str]]:
    """Return a function that gives the digest of a run and of each of its tables."""

    def read(folder: Path) -> dict[str, str]:
        found = manifest(folder)
        tables = {name: table["digest"] for name, table in found["tables"].items()}
        return {"run": found["run_digest"], **tables}

    return read
