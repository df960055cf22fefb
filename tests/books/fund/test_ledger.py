"""The ledger of an account, month by month: what is entered, in which order, and what it comes to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.books.fund.accounts import settle
from injurysim.books.fund.ledger import Flows, Ledger
from injurysim.scenario.fund import Account

DAY = date(2024, 1, 1)


def ledger(**law):
    return Ledger(Account.model_validate({"kind": "pool", **law}))


def close(book, contributions=0, benefits=0, day=DAY, **flows):
    """Close a month of an account that stands alone, and return it."""
    book.enter(day, Flows(contributions_fen=contributions, benefits_fen=benefits, **flows))
    settle({"alone": book})
    return book.month


def test_an_account_opens_with_what_it_was_given():
    assert close(ledger(opening_yuan="1234.565")).opening_fen == 123457


def test_a_negative_balance_is_carried_and_earns_nothing():
    book = ledger(interest={"annual_rate": "0.12"})
    assert close(book, 100, 400).closing_fen == -300
    second = close(book)
    assert (second.opening_fen, second.return_fen, second.closing_fen) == (-300, 0, -300)
    assert second.deficit_before_rule_fen == 300


def test_the_state_tops_up_to_zero_and_the_deficit_is_read_before():
    book = ledger(deficit={"kind": "state_subsidy"})
    month = close(book, 100, 400)
    assert (month.deficit_before_rule_fen, month.subsidy_fen, month.closing_fen) == (300, 300, 0)
    assert close(book, 50).subsidy_fen == 0


def test_interest_on_opening_and_half_the_flow_may_be_nothing_on_a_positive_opening():
    book = ledger(opening_yuan=1, interest={"annual_rate": "0.12", "base": "opening_plus_half_net"})
    assert close(book, 0, 300).return_fen == 0


def test_interest_is_rounded_half_up_once_a_month():
    """12 % a year on 50 fen is half a fen a month."""
    assert close(ledger(opening_yuan="0.50", interest={"annual_rate": "0.12"})).return_fen == 1
    assert close(ledger(opening_yuan="0.49", interest={"annual_rate": "0.12"})).return_fen == 0


def test_half_the_net_flow_is_that_of_everything_before_the_interest():
    """100 + (200 + 30 + 20 + 40 + 10 - 50 - 20 - 10) / 2 = 210 yuan at 12 % a year is 2.10 a month."""
    book = ledger(
        opening_yuan=100,
        interest={"annual_rate": "0.12", "base": "opening_plus_half_net"},
        subsidy_yuan=30,
        background={"income_yuan": 60, "outgo_yuan": 20},
        handling_share="0.1",
        prevention_share="0.05",
    )
    month = close(book, 20000, 5000, recoveries_fen=2000, late_fees_fen=1000)
    assert month.return_fen == 210


def test_every_flow_has_its_column():
    """By hand; the appraisal and the claim are half this account's, and no amount is in two places."""
    book = ledger(
        opening_yuan=100,
        subsidy_yuan={"dated": {"2024-01-01": 30, "2024-02-01": 31}},
        background={"income_yuan": 60, "outgo_yuan": 20},
        handling_share="0.1",
        handling_yuan_per_claim=15,
        handling_yuan={"dated": {"2024-01-01": 5, "2024-02-01": 7}},
        prevention_share="0.05",
        appraisal_yuan=200,
    )
    flows = {"accepted": Fraction(5, 2), "appraised": Fraction(1, 2)}
    month = close(book, 20000, 5000, recoveries_fen=2000, late_fees_fen=1000, **flows)
    assert (month.subsidy_fen, month.transfers_fen, month.background_fen) == (3000, 4000, 4000)
    assert month.handling_fen == 2000 + 3750 + 500
    assert month.prevention_fen == 1000 + 10000
    wanted = 10000 + 20000 + 1000 + 3000 + 2000 + 4000 - 5000 - 6250 - 11000
    assert (month.closing_fen, month.deficit_before_rule_fen) == (wanted, 0)
    second = close(book, day=date(2024, 2, 1))
    assert (second.opening_fen, second.subsidy_fen, second.handling_fen) == (wanted, 3100, 700)


def test_costs_come_before_the_test():
    """100 received, and 60 for handling, 50 for prevention: 10 short, which the state makes good."""
    book = ledger(handling_share="0.6", prevention_share="0.5", deficit={"kind": "state_subsidy"})
    month = close(book, 100)
    assert (month.deficit_before_rule_fen, month.subsidy_fen, month.closing_fen) == (10, 10, 0)


def test_the_fund_ratio_is_months_of_mean_outgo_of_the_last_twelve():
    """Twelve months of 100 benefits and 10 handling, then one of 1310: mean 210 = (11 x 110 + 1310) / 12."""
    book = ledger(opening_yuan=100, handling_share="0.05")
    ratios = [close(book, 200, 100).fund_ratio_months for _ in range(12)]
    assert ratios[:11] == [None] * 11
    assert ratios[11] == pytest.approx((10000 + 12 * 90) / 110)
    last = close(book, 200, 1300)
    assert last.fund_ratio_months == pytest.approx(last.closing_fen / 210)
    assert book.held_for(Decimal("1.5")) == 315


def test_there_is_no_fund_ratio_without_outgo():
    book = ledger(opening_yuan=100)
    assert [close(book).fund_ratio_months for _ in range(13)] == [None] * 13


amounts = st.integers(0, 10**8)


@given(
    opening=st.integers(0, 10**9),
    flows=st.lists(st.tuples(amounts, amounts, amounts, st.integers(0, 50)), max_size=15),
    share=st.decimals(0, 1, places=3),
    base=st.sampled_from(["opening", "opening_plus_half_net"]),
    rule=st.sampled_from(
        [{"kind": "carry"}, {"kind": "state_subsidy"}, {"kind": "borrow", "annual_rate": "0.05"}]
    ),
)
def test_months_follow_on_each_other_to_the_fen(opening, flows, share, base, rule):
    book = ledger(
        opening_yuan=str(opening / 100),
        handling_share=share,
        prevention_share="0.02",
        handling_yuan_per_claim="12.345",
        interest={"annual_rate": "0.035", "base": base},
        deficit=rule,
    )
    before = opening
    for received, paid, recovered, accepted in flows:
        month = close(book, received, paid, recoveries_fen=recovered, accepted=Fraction(accepted))
        assert month.opening_fen == before
        before = month.closing_fen
        inflow = received + recovered + month.return_fen + month.subsidy_fen + month.borrowed_fen
        outgo = paid + month.handling_fen + month.prevention_fen + month.repaid_fen
        assert month.closing_fen == month.opening_fen + inflow - outgo
        assert abs(month.handling_fen - received * share - Decimal("1234.5") * accepted) <= 1
        filled = month.subsidy_fen + month.borrowed_fen
        assert filled == (0 if rule["kind"] == "carry" else month.deficit_before_rule_fen)
        assert not (month.repaid_fen and month.borrowed_fen)
        if rule["kind"] != "carry":
            assert month.closing_fen >= 0
        assert book.debts_fen[-1] == book.debt_fen >= 0
