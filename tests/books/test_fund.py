"""The ledger of an account, month by month."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.books.fund import Ledger
from injurysim.scenario.fund import Account


def ledger(**law):
    return Ledger(Account.model_validate({"kind": "pool", **law}))


def test_an_account_opens_with_what_it_was_given():
    assert ledger(opening_yuan="1234.565").close(0, 0).opening_fen == 123457


def test_a_negative_balance_is_carried_and_earns_nothing():
    book = ledger(interest={"annual_rate": "0.12"})
    assert book.close(100, 400).closing_fen == -300
    second = book.close(0, 0)
    assert (second.opening_fen, second.return_fen, second.closing_fen) == (-300, 0, -300)
    assert second.deficit_before_rule_fen == 300


def test_the_state_tops_up_to_zero_and_the_deficit_is_read_before():
    book = ledger(deficit={"kind": "state_subsidy"})
    month = book.close(100, 400)
    assert (month.deficit_before_rule_fen, month.subsidy_fen, month.closing_fen) == (300, 300, 0)
    assert book.close(50, 0).subsidy_fen == 0


def test_interest_on_opening_and_half_the_flow_may_be_nothing_on_a_positive_opening():
    book = ledger(opening_yuan=1, interest={"annual_rate": "0.12", "base": "opening_plus_half_net"})
    assert book.close(0, 300).return_fen == 0


def test_interest_is_rounded_half_up_once_a_month():
    """12 % a year on 50 fen is half a fen a month."""
    assert ledger(opening_yuan="0.50", interest={"annual_rate": "0.12"}).close(0, 0).return_fen == 1
    assert ledger(opening_yuan="0.49", interest={"annual_rate": "0.12"}).close(0, 0).return_fen == 0


def test_the_fund_ratio_is_months_of_mean_outgo_of_the_last_twelve():
    """Twelve months of 100 benefits and 10 handling, then one of 1310: mean 210 = (11 x 110 + 1310) / 12."""
    book = ledger(opening_yuan=100, handling_share="0.05")
    ratios = [book.close(200, 100).fund_ratio_months for _ in range(12)]
    assert ratios[:11] == [None] * 11
    assert ratios[11] == pytest.approx((10000 + 12 * 90) / 110)
    last = book.close(200, 1300)
    assert last.fund_ratio_months == pytest.approx(last.closing_fen / 210)


def test_there_is_no_fund_ratio_without_outgo():
    book = ledger(opening_yuan=100)
    assert [book.close(0, 0).fund_ratio_months for _ in range(13)] == [None] * 13


@given(
    opening=st.integers(0, 10**9),
    flows=st.lists(st.tuples(st.integers(0, 10**8), st.integers(0, 10**8)), max_size=15),
    share=st.decimals(0, 1, places=3),
    base=st.sampled_from(["opening", "opening_plus_half_net"]),
    rule=st.sampled_from(["carry", "state_subsidy"]),
)
def test_months_follow_on_each_other_to_the_fen(opening, flows, share, base, rule):
    book = ledger(
        opening_yuan=str(opening / 100),
        handling_share=share,
        interest={"annual_rate": "0.035", "base": base},
        deficit={"kind": rule},
    )
    before = opening
    for received, paid in flows:
        month = book.close(received, paid)
        assert month.opening_fen == before
        before = month.closing_fen
        flow = received + month.return_fen + month.subsidy_fen - paid - month.handling_fen
        assert month.closing_fen == month.opening_fen + flow
        assert month.deficit_before_rule_fen == max(-(month.closing_fen - month.subsidy_fen), 0)
        assert abs(month.handling_fen - received * share) <= 0.5
        if rule == "state_subsidy":
            assert month.closing_fen >= 0
        else:
            assert month.subsidy_fen == 0
