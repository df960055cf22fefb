"""The accounts of a design in a run: costs by claim and appraisal, rates that rise, loans that stand in the position."""

from __future__ import annotations

from decimal import Decimal

import pytest

from injurysim.books.fund.ledger import Ledger
from injurysim.core.errors import BalanceError


def run(small, account, months=4, scheme=None, accounts=None, **document):
    pilot = small.scheme(**{"handling": small.IMMEDIATE, **(scheme or {})})
    found = small.design({"pilot": pilot}, {"fund": {"kind": "pool", **account}, **(accounts or {})})
    return small.frames(small.document({"d": found}, months=months, **document))


def by_month(times):
    return times.dropna().dt.strftime("%Y-%m").value_counts()


def test_handling_goes_by_claims_accepted_and_appraisal_by_appraisals_in_the_month(small):
    """With real offices, in which both happen later than the injury, some of them after the run."""
    costs = {"handling_yuan_per_claim": "15.5", "appraisal_yuan": 300, "handling_share": 0}
    found = run(small, costs, scheme={"handling": small.OFFICES, "reporting": small.SHARES})
    fund, claims = found["fund"].set_index("month"), found["claims"]
    accepted, appraised = by_month(claims["accepted_at"]), by_month(claims["appraised_at"])
    assert len(accepted) > 2
    assert appraised.sum() > 1
    for month in fund.index:
        assert fund["handling_fen"][month] == 1550 * accepted.get(month, 0)
        assert fund["prevention_fen"][month] == 30000 * appraised.get(month, 0)


def test_a_claim_costs_the_account_that_pays_it(small):
    costs = {"kind": "pool", "handling_yuan_per_claim": 10}
    law = {"attribution": {"platform_accounts": {"beta": "b"}}, "cover": {"kind": "online"}}
    worlds = {"base": small.world(per_1000_hours=(6, 30))}
    found = run(small, costs, scheme=law, accounts={"b": costs}, worlds=worlds)
    claims = found["claims"][found["claims"]["reported"]]
    total = found["fund"].groupby("account")["handling_fen"].sum()
    for account, platform in (("fund", "alpha"), ("b", "beta")):
        assert total[account] == 1000 * (claims["liable_platform"] == platform).sum() > 0


def test_rates_rise_two_months_after_a_month_below_zero(small):
    """The pilot pays out far more than it takes: the factor stands at 1, 1, then a step more each month."""
    rule = {"kind": "raise_rate", "step": "0.25", "most": "1.6", "release_months": 3}
    found = run(small, {"deficit": rule}, months=6, scheme={"rating": {"kind": "fixed", "factor": "0.9"}})
    fund, rows = found["fund"], found["contributions"]
    assert (fund["closing_fen"] < 0).all()
    factors = rows.groupby("month")["factor"].agg(["min", "max"])
    wanted = [Decimal(f) for f in ("0.9", "0.9", "1.125", "1.35", "1.44", "1.44")]
    assert factors["min"].tolist() == factors["max"].tolist() == wanted
    same = run(small, {}, months=6, scheme={"rating": {"kind": "fixed", "factor": "0.9"}})
    assert (same["contributions"]["base_true"] == rows["base_true"]).all()


def test_rates_of_a_past_month_do_not_depend_on_later_ones(small):
    rule = {"kind": "raise_rate", "step": "0.25", "most": "1.6", "release_months": 3}
    short, long = (run(small, {"deficit": rule}, months=months, runoff_months=0) for months in (4, 6))
    early = long["contributions"][long["contributions"]["month"].isin(short["contributions"]["month"])]
    assert early.reset_index(drop=True).equals(short["contributions"])


def test_a_debt_stands_in_the_position(small):
    found = run(small, {"deficit": {"kind": "borrow", "annual_rate": "0.06"}})
    fund, position = found["fund"], found["position"]
    assert fund["borrowed_fen"].sum() > 0
    assert (fund["closing_fen"] >= 0).all()
    debt = 0
    for row, held in zip(fund.itertuples(), position.itertuples(), strict=True):
        debt += (debt * 6 + 600) // 1200 + row.borrowed_fen - row.repaid_fen
        assert held.debt_fen == debt


def test_what_an_account_gets_from_the_background_is_told_apart(small):
    background = {"income_yuan": {"dated": {"2024-01-01": 1000, "2024-03-01": 2000}}, "outgo_yuan": 1500}
    fund = run(small, {"background": background}, runoff_months=1)["fund"]
    assert fund["background_fen"].tolist() == [-50000, -50000, 50000, 50000, 50000]
    assert fund["transfers_fen"].tolist() == fund["background_fen"].tolist()


def test_a_transfer_that_nobody_gives_is_told(small, monkeypatch):
    def end(self, end=Ledger.end):
        self.month.transfers_fen += 1
        end(self)

    monkeypatch.setattr(Ledger, "end", end)
    with pytest.raises(BalanceError, match="add to 1 over the accounts"):
        run(small, {"opening_yuan": "1.01"})


def test_a_debt_that_is_forgotten_is_told(small, monkeypatch):
    monkeypatch.setattr(
        "injurysim.books.fund.deficit.Ledger.debt_fen", property(lambda _: 0, lambda *_: None), raising=False
    )
    with pytest.raises(BalanceError, match="loans less repayments make"):
        run(small, {"opening_yuan": "1.02", "deficit": {"kind": "borrow"}})
