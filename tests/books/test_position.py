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


def test_a_report_outside_cover_is_never_owed(small, position):
    """The office can read its rules: it holds nothing for it, though it is not refused before March."""
    assert position(40, slow(small), "2024-01-15", situation="waiting") == [[0, 0, 0]] * 5


def test_what_the_office_would_refuse_after_the_run_is_never_ibnr(small, position):
    """The chance of confirmation counts for claims of which the run sees neither decision nor report."""
    assert position(400, slow(small, "0"), "2024-01-15") == [[0, 0, 0]] * 5
    assert position(400, slow(small), "2024-01-15") == [[60000, 0, 0]] * 5


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


FOREVER = {"staff": 1, "minutes": {"kind": "constant", "value": 200 * 480}}
QUICK = {"papers_days": {"kind": "constant", "value": 0}}


@pytest.mark.parametrize(
    ("situation", "lag_days", "handling", "reported", "outstanding_fen", "ultimate_fen"),
    [
        ("on_order", 0, {}, True, 0, 60000),
        ("on_order", 0, {"confirmed_share": 0}, True, 0, 0),
        ("on_order", 0, {"confirmation": FOREVER}, True, 60000, 60000),
        ("on_order", 0, {"confirmation": FOREVER, "confirmed_share": 0}, True, 60000, 0),
        ("on_order", 400, {}, False, 0, 60000),
        ("on_order", 400, {"confirmed_share": 0}, False, 0, 0),
        ("waiting", 0, {}, True, 0, 0),
        ("waiting", 0, {"confirmation": FOREVER}, True, 0, 0),
        ("waiting", 400, {}, False, 0, 0),
    ],
)
def test_what_is_held_against_a_claim_and_what_it_costs_in_the_end(
    small, situation, lag_days, handling, reported, outstanding_fen, ultimate_fen
):
    """0.6 of 1000 yuan; the office holds it while open if its rules cover it, and it costs it if ever confirmed.

    What the liable platform pays itself is in neither: they are of the account.
    """
    item = {"at": "2024-01-15T10:00:00", "group": "crew", "platform": "alpha", "situation": situation}
    items = [{**item, "severity": "mild", "medical_yuan": 1000}]
    world = small.world(
        injuries={"kind": "listed", "severities": ["mild"], "items": items}, recovery={"kind": "none"}
    )
    reporting = {
        **small.SHARES,
        "severities": {"mild": 1},
        "not_covered_factor": 1,
        "lag_days": {"kind": "constant", "value": lag_days},
    }
    law = small.scheme(
        handling={**small.OFFICES, "confirmed_share": 1, **QUICK, **handling},
        reporting=reporting,
        benefits={
            "medical": {"kind": "medical", "paid_share": "0.6"},
            "own": {"kind": "fixed_sum", "yuan": 77, "payer": "platform"},
        },
    )
    found = small.frames(small.document({"d": small.design({"pilot": law})}, {"base": world}))
    (claim,) = found["claims"].itertuples()
    told = (claim.reported, claim.outstanding_fen, claim.ultimate_fen)
    assert told == (reported, outstanding_fen, ultimate_fen)


def test_what_is_not_reported_at_all_costs_nothing_in_the_end(small):
    reporting = {**small.SHARES, "severities": dict.fromkeys(small.SEVERITIES, 0)}
    found = small.frames(small.document({"d": small.design({"pilot": small.scheme(reporting=reporting)})}))
    assert len(found["claims"])
    assert not found["claims"]["ultimate_fen"].any()


def test_ultimates_are_the_payments_and_what_is_still_to_come(small):
    """A closed file has cost what it has paid; the last IBNR is of the unreported, the last outstanding of open files."""
    law = small.scheme(reporting=small.SHARES, handling={**small.OFFICES, "confirmed_share": "0.8"})
    worlds = {"base": small.world({"crew": small.group(20)})}
    found = small.frames(small.document({"d": small.design({"pilot": law})}, worlds, runoff_months=0))
    claims = found["claims"]
    closed = claims[claims["closed_at"].notna()]
    assert len(closed) > 20
    assert (closed["ultimate_fen"] == closed["paid_fen"]).all()
    late = claims[claims["not_reported_reason"] == "not_yet"]
    last = found["position"].iloc[-1]
    assert late["ultimate_fen"].sum() == last["ibnr_fen"] > 0
    assert claims["outstanding_fen"].sum() == last["outstanding_fen"] > 0


def test_a_pension_is_owed_once_from_the_injury_on(small):
    """Hurt on 15 January, awarded in February, paid from March: outstanding until the award, a liability from it on.

    What is owed for it moves only by a year's ageing of a twelfth or two, well below one in a hundred; interest apart,
    the net position does not see where it stands.
    """
    item = {
        "at": "2024-01-15T10:00:00",
        "group": "crew",
        "platform": "alpha",
        "severity": "mild",
        "medical_yuan": 0,
        "disability_grade": 1,
    }
    items = [{**item, "rider": rider} for rider in range(5)]
    world = small.world(
        injuries={"kind": "listed", "severities": ["mild"], "items": items}, recovery={"kind": "none"}
    )
    law = small.scheme(
        handling=slow(small),
        contribution={"kind": "none"},
        annuity={**small.ANNUITY, "interest": 0},
        benefits={"pension": {**small.BENEFITS["pension"], "funding": "pay_as_you_go"}},
    )
    accounts = {"fund": small.account(interest=None, opening_yuan=10**7)}
    found = small.frames(small.document({"d": small.design({"pilot": law}, accounts)}, {"base": world}))
    rows = found["position"]
    month = 5 * 630000
    assert found["fund"]["benefits_fen"].tolist() == [0, 0, month, month, month]
    outstanding, held = rows["outstanding_fen"].tolist(), rows["pension_liability_fen"].tolist()
    assert [fen > 0 for fen in outstanding] == [True, False, False, False, False]
    assert [fen > 0 for fen in held] == [False, True, True, True, True]
    assert held[1] == pytest.approx(outstanding[0], rel=0.01)
    net = rows["net_position_fen"]
    assert (net.diff().dropna().abs() < 0.01 * outstanding[0]).all()
    claims = found["claims"]
    assert claims["closed_at"].notna().all()
    assert (claims["paid_fen"] == 3 * 630000).all()
    assert (claims["outstanding_fen"] == 0).all()
    assert claims["ultimate_fen"].sum() == outstanding[0]
    coverage = found["coverage"].query("dimension == 'all'")
    assert coverage["compensated_fund_fen"].sum() == outstanding[0]
    assert coverage["injuries_compensated"].sum() == 5
