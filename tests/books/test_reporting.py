"""Who reports an injury, and when."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import TypeAdapter

from injurysim.books.draws import Draws, Lot
from injurysim.books.reporting import Reported, report_of
from injurysim.core.randomness import Streams
from injurysim.scenario.reporting import Report


@pytest.mark.parametrize(
    ("severity", "covered", "share"),
    [("mild", True, 0.1), ("serious", True, 0.6), ("mild", False, 0.03), ("serious", False, 0.18)],
)
def test_the_share_reported_by_severity(hurt, severity, covered, share):
    """8000 injuries each; four standard errors of the binomial, at most 0.022 of the share."""
    rule = TypeAdapter(Report).validate_python(
        {
            "kind": "by_severity",
            "severities": {"mild": "0.1", "serious": "0.6"},
            "not_covered_factor": "0.3",
            "lag_days": {"kind": "exponential", "mean": 3},
        }
    )
    n, report = 8000, report_of(rule, ("alpha",))
    lot = Lot(Streams(1, 0), [f"i{number}" for number in range(n)], "s")
    found = [report(hurt(severity=severity), Draws(lot, number), covered) for number in range(n)]
    days = np.array([each.at - 600 for each in found if each is not None]) / 1440
    assert abs(len(days) / n - share) <= 4 * math.sqrt(share * (1 - share) / n)
    assert abs(days.mean() - 3) <= 4 * 3 / math.sqrt(len(days))
    assert days.min() >= 0


def test_shares_of_nought_and_one_are_certain(hurt):
    rule = TypeAdapter(Report).validate_python(
        {
            "kind": "by_severity",
            "severities": {"mild": 0, "fatal": 1},
            "not_covered_factor": 1,
            "lag_days": {"kind": "constant", "value": 1.5},
        }
    )
    report, lot = (
        report_of(rule, ("alpha",)),
        Lot(Streams(1, 0), [f"i{number}" for number in range(500)], "s"),
    )
    for number in range(500):
        assert report(hurt(severity="mild"), Draws(lot, number), True) is None
        assert report(hurt(severity="fatal"), Draws(lot, number), True) == Reported(600 + 2160)


def test_a_lag_longer_than_the_run_is_not_reported_yet(small):
    late = {
        **small.SHARES,
        "severities": dict.fromkeys(small.SEVERITIES, 1),
        "not_covered_factor": 1,
        "lag_days": {"kind": "constant", "value": 400},
    }
    found = small.frames(small.document({"pilot": small.design({"pilot": small.scheme(reporting=late)})}))
    claims = found["claims"]
    assert len(claims)
    assert set(claims["not_reported_reason"]) == {"not_yet"}
    assert found["position"]["outstanding_fen"].sum() == 0
    assert found["position"]["ibnr_fen"].iloc[-1] > 0
