"""What tests of this room share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tiny_file() -> Path:
    """Return the tiny scenario of the command line's tests."""
    return Path(__file__).parents[1] / "cli" / "tiny.yaml"
