"""A scheme: who is in it, and from when injuries are its claims."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from injurysim.books.earnings import EarningsHistory


def test_before_its_platform_joins_nobody_is_covered(small):
    law = small.scheme(
        cover={"kind": "online"},
        handling=small.IMMEDIATE,
        enrolment={"kind": "mandatory", "joins": "2024-02-01", "platforms": {"beta": "2024-03-01"}},
    )
    worlds = {"base": small.world({"crew": small.group(20)})}
    found = small.frames(small.document({"pilot": small.design({"pilot": law})}, worlds))
    claims = found["claims"].merge(found["injuries"][["injury_id", "occurred_at"]])
    assert {*claims["liable_platform"][~claims["covered"]]} == {"beta"}
    joins = (
        claims["liable_platform"].map({"alpha": "2024-02-01", "beta": "2024-03-01"}).astype("datetime64[s]")
    )
    assert (claims["covered"] == (claims["occurred_at"] >= joins)).all()
    assert 0 < claims["covered"].sum() < len(claims)


def test_before_the_first_platform_joins_there_is_no_claim(small):
    """Alpha never joins and beta on 1 February: a claim for every injury from that midnight on, and none before.

    Reported at once and refused by immediate handling, a claim before it would stand in the table.
    """
    law = small.scheme(
        handling=small.IMMEDIATE, enrolment={"kind": "mandatory", "platforms": {"beta": "2024-02-01"}}
    )
    worlds = {"base": small.world({"crew": small.group(20)})}
    found = small.frames(small.document({"pilot": small.design({"pilot": law})}, worlds))
    injuries, claims = found["injuries"], found["claims"]
    after = injuries["occurred_at"] >= pd.Timestamp("2024-02-01")
    assert 10 < after.sum() < len(after) - 10
    assert sorted(claims["injury_id"]) == sorted(injuries.loc[after, "injury_id"])
    alphas = claims[claims["liable_platform"] == "alpha"]
    assert len(alphas)
    assert not alphas["covered"].any()
    everybody = found["coverage"][found["coverage"]["dimension"] == "all"].set_index("month")
    assert everybody["injuries"].sum() == len(injuries)
    assert everybody.loc["2024-01", "injuries_reported"] == 0


def test_a_scheme_begins_at_the_midnight_its_first_platform_joins(small):
    """Two riders hurt in the last minute of January and in the first of February; only the second has a claim."""
    usual = {"group": "crew", "platform": "alpha", "severity": "mild", "medical_yuan": 100}
    items = [
        {**usual, "at": at, "rider": rider}
        for rider, at in enumerate(("2024-01-31T23:59:00", "2024-02-01T00:00:00"))
    ]
    injuries = {"kind": "listed", "severities": ["mild"], "items": items}
    worlds = {"base": small.world(injuries=injuries, recovery={"kind": "none"})}
    law = small.scheme(enrolment={"kind": "mandatory", "joins": "2024-02-01"})
    claims = small.frames(small.document({"pilot": small.design({"pilot": law})}, worlds))["claims"]
    assert claims["injury_id"].tolist() == ["east/crew/0/1/2024-02/0"]


def test_a_scheme_begins_for_a_shift_that_goes_on_after_that_midnight(small, hurt):
    """Of the last shift of January, before midnight: no claim; after it: one, by the day of the injury."""
    nobody = {**small.SHARES, "severities": dict.fromkeys(small.SEVERITIES, 0)}
    law = small.scheme(reporting=nobody, enrolment={"kind": "mandatory", "joins": "2024-02-01"})
    books, _ = small.books(small.document({"pilot": small.design({"pilot": law})}))
    (scheme,) = books["pilot"].schemes
    before = len(scheme.claims)
    last, first = (
        hurt(injury_id=f"east/crew/0/0/2024-01/{k}", month=0, minute=31 * 1440 + k - 1, day=day)
        for k, day in enumerate((date(2024, 1, 31), date(2024, 2, 1)))
    )
    scheme.open_claims([last, first], EarningsHistory(np.zeros(6, np.int64)))
    assert [claim.injured for claim in scheme.claims[before:]] == [first]
    assert scheme.claims[-1].covered
