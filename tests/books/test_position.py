"""The position of an account: what it owes, known to the office or only to the simulator, worked out by hand."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def position(small):
    """Return a function: outstanding, IBNR and net position less balance by month, for injuries on given days."""

    def of(lag_days, handling, *days, shares=1, situation="on_order"):
        items = [
            {
                "at": f"{day}T10:00:00",
                "group": "crew",
                "platform": "alpha",
                "severity": "mild",
                "medical_yuan": 1000,
                "situation": situation,
            }
            for day in days
        ]
        world = small.world(
            injuries={"kind": "listed", "severities": ["mild"], "items": items}, recovery={"kind": "none"}
        )
        reporting = {
            **small.SHARES,
            "severities": {"mild": shares},
            "not_covered_factor": 1,
            "lag_days": {"kind": "constant", "value": lag_days},
        }
        law = small.scheme(
            handling=handling,
            reporting=reporting,
            benefits={"medical": {"kind": "medical", "paid_share": "0.6"}},
        )
        found = small.frames(small.document({"d": small.design({"pilot": law})}, {"base": world}))
        rows = found["position"].merge(found["fund"][["month", "closing_fen", "benefits_fen"]])
        assert (
            rows["net_position_fen"] == rows["closing_fen"] - rows["outstanding_fen"] - rows["ibnr_fen"]
        ).all()
        return rows[["ibnr_fen", "outstanding_fen", "benefits_fen"]].to_numpy().tolist()

    return of


def slow(small, share="1"):
    """Twenty working days for a confirmation."""
    return {
        **small.OFFICES,
        "papers_days": {"kind": "constant", "value": 0},
        "confirmation": {"staff": 5, "minutes": {"kind": "constant", "value": 20 * 480}},
        "confirmed_share": share,
    }


def test_paid_at_once_nothing_is_owed(small, position):
    assert position(0, small.IMMEDIATE, "2024-01-15") == [[0, 0, 60000], *[[0, 0, 0]] * 4]


def test_between_injury_and_report_it_is_ibnr(small, position):
    """40 days after 15 January is 24 February."""
    assert position(40, small.IMMEDIATE, "2024-01-15") == [[60000, 0, 0], [0, 0, 60000], *[[0, 0, 0]] * 3]


def test_between_report_and_payment_it_is_outstanding(small, position):
    """Reported on 24 February, confirmed after twenty working days in March."""
    rows = [[60000, 0, 0], [0, 60000, 0], [0, 0, 60000], *[[0, 0, 0]] * 2]
    assert position(40, slow(small), "2024-01-15") == rows


def test_a_claim_that_will_be_refused_is_outstanding_until_it_is_and_never_ibnr(small, position):
    """The office does not know before it decides; the simulator does."""
    rows = [[0, 0, 0], [0, 60000, 0], *[[0, 0, 0]] * 3]
    assert position(40, slow(small, "0"), "2024-01-15") == rows
    assert position(40, slow(small), "2024-01-15", situation="waiting") == rows


def test_what_is_never_reported_is_never_owed(small, position):
    assert position(0, small.IMMEDIATE, "2024-01-15", shares=0) == [[0, 0, 0]] * 5


def test_a_report_after_the_run_is_ibnr_to_the_end(small, position):
    assert position(400, small.IMMEDIATE, "2024-01-15", "2024-03-31") == [
        *[[60000, 0, 0]] * 2,
        *[[120000, 0, 0]] * 3,
    ]


def test_undecided_at_the_end_it_stays_outstanding(small, position):
    forever = slow(small)
    forever["confirmation"] = {"staff": 1, "minutes": {"kind": "constant", "value": 200 * 480}}
    assert position(0, forever, "2024-03-20") == [*[[0, 0, 0]] * 2, *[[0, 60000, 0]] * 3]
