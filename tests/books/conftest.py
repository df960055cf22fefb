"""What tests of this room share."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import pytest


@pytest.fixture(scope="session")
def small():
    """Return the builders of small scenarios (see small_cells.py)."""
    return SimpleNamespace(**run_path(str(Path(__file__).with_name("small_cells.py"))))


@pytest.fixture(scope="session")
def hurt():
    """Return a maker of injuries; what is not asked for is that of a rider slightly hurt on an order."""
    from datetime import date

    from injurysim.books.injured import Injured

    def make(**changes):
        usual = {
            "injury_id": "east/crew/0/0/2024-01/0",
            "rider": 0,
            "month": 0,
            "minute": 10 * 60,
            "day": date(2024, 1, 1),
            "app": 0,
            "second_app": -1,
            "situation": "on_order",
            "worked_minutes": 60,
            "relation": "not_fully",
            "region": 0,
            "group": 0,
            "severity": "mild",
            "medical_cost_fen": 0,
            "days_off": 0,
            "grade": 0,
            "fatal": False,
            "age_years": 40.0,
            "monthly_earnings_fen": 0,
            "loss_fen": 0,
        }
        return Injured(**{**usual, **changes})

    return make
