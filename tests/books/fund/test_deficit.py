"""What happens to an account below zero: it borrows, is filled, or its rates rise; and what surplus becomes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from injurysim.books.fund.accounts import settle
from injurysim.books.fund.deficit import RateFactor
from injurysim.books.fund.ledger import Flows, Ledger
from injurysim.scenario.fund import Account

DAY = date(2024, 1, 1)


def ledgers(**accounts):
    return {name: Ledger(Account.model_validate({"kind": "pool", **law})) for name, law in accounts.items()}


def close(books, **flows):
    """Close a month: received and paid by account; return the months by account."""
    for name, book in books.items():
        received, paid = flows.get(name, (0, 0))
        book.enter(DAY, Flows(contributions_fen=received, benefits_fen=paid))
    settle(books)
    return {name: book.month for name, book in books.items()}


def test_a_loan_fills_up_to_zero_bears_interest_and_is_repaid_from_what_lies_above():
    """12 % a year: 1000 borrowed, 10 of interest on it a month (6 on 620); 400 and then 1000 come in."""
    books = ledgers(a={"deficit": {"kind": "borrow", "annual_rate": "0.12"}})
    told = []
    for flows in [(0, 1000), (0, 0), (400, 0), (1000, 0), (0, 5)]:
        month = close(books, a=flows)["a"]
        told.append((month.borrowed_fen, month.repaid_fen, books["a"].debt_fen, month.closing_fen))
    assert told == [
        (1000, 0, 1000, 0),
        (0, 0, 1010, 0),
        (0, 400, 1010 + 10 - 400, 0),
        (0, 620 + 6, 0, 1000 - 626),
        (0, 0, 0, 369),
    ]
    assert books["a"].debts_fen == [1000, 1010, 620, 0, 0]


def test_another_account_fills_as_far_as_its_own_balance_reaches():
    books = ledgers(a={"deficit": {"kind": "from_account", "account": "b"}}, b={"opening_yuan": 5})
    first = close(books, a=(0, 300))
    assert (first["a"].transfers_fen, first["b"].transfers_fen) == (300, -300)
    assert (first["a"].closing_fen, first["b"].closing_fen) == (0, 200)
    second = close(books, a=(0, 300))
    assert (second["a"].closing_fen, second["b"].closing_fen) == (-100, 0)
    third = close(books, b=(0, 50))
    assert (third["a"].transfers_fen, third["b"].closing_fen) == (0, -50)


def test_an_account_is_filled_from_another_after_that_has_served_its_own_debt():
    loan = {"kind": "borrow"}
    books = ledgers(a={"deficit": {"kind": "from_account", "account": "b"}}, b={"deficit": loan})
    close(books, b=(0, 100))
    month = close(books, a=(0, 50), b=(120, 0))
    assert (month["b"].repaid_fen, month["b"].transfers_fen, month["a"].closing_fen) == (100, -20, -30)


def test_surplus_goes_on_after_twelve_months_and_only_once_a_month():
    """120 fen paid a month: above 2 months lie 10 000 - 12 x 120 - 240; b hands on what it held before."""
    books = ledgers(
        a={"opening_yuan": 100, "surplus": {"account": "b", "above_months": 2}},
        b={"opening_yuan": 50, "surplus": {"account": "c", "above_months": 1}},
        c={},
    )
    for _ in range(11):
        assert not any(month.transfers_fen for month in close(books, a=(0, 120), b=(0, 100)).values())
    month = close(books, a=(0, 120), b=(0, 100))
    above_a, above_b = 10000 - 12 * 120 - 240, 5000 - 12 * 100 - 100
    assert (month["a"].closing_fen, month["a"].fund_ratio_months) == (240, 2)
    assert [month[name].transfers_fen for name in "abc"] == [-above_a, above_a - above_b, above_b]


def raised(*months, **law):
    """Return the factors in force in each month, and the two after, for months (received, paid)."""
    rule = {"kind": "raise_rate", "step": "0.25", "most": "1.4", "release_months": 1, **law}
    books = ledgers(a={"deficit": rule})
    factor = RateFactor(books["a"].account.deficit)
    for flows in months:
        close(books, a=flows)
        factor.decide(books["a"])
    return [factor.at(month) for month in range(len(months) + 2)]


def test_rates_rise_from_the_month_after_next_up_to_the_most():
    found = raised((0, 10), (0, 10), (0, 10), (0, 10))
    assert found == [1, 1, *(Decimal(text) for text in ("1.25", "1.4", "1.4", "1.4"))]


def test_rates_come_down_a_step_a_month_with_enough_in_hand():
    """Ten months at -10 and below, then much more than a month's outgo; the ratio begins with the twelfth month."""
    found = raised(*[(0, 10)] * 10, *[(500, 10)] * 4)
    assert found[2:12] == [Decimal("1.25"), *[Decimal("1.4")] * 9]
    assert found[12:] == [Decimal("1.4"), Decimal("1.25"), 1, 1]


def test_other_rules_leave_the_rates_alone():
    books = ledgers(a={})
    factor = RateFactor(books["a"].account.deficit)
    close(books, a=(0, 10))
    factor.decide(books["a"])
    assert [factor.at(month) for month in range(3)] == [1, 1, 1]


rules = st.sampled_from(
    [
        {"kind": "carry"},
        {"kind": "state_subsidy"},
        {"kind": "borrow", "annual_rate": "0.06"},
        {"kind": "from_account", "account": "c"},
        {"kind": "raise_rate", "step": "0.1", "most": "1.5", "release_months": 3},
    ]
)
surpluses = st.sampled_from([None, {"account": "c", "above_months": "0.5"}])
flows = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))


@given(
    a=rules,
    b=rules,
    surplus=surpluses,
    months=st.lists(st.tuples(flows, flows, flows), min_size=1, max_size=16),
)
def test_nothing_is_made_or_lost_between_accounts(a, b, surplus, months):
    books = ledgers(a={"deficit": a, "surplus": surplus}, b={"deficit": b, "surplus": surplus}, c={})
    for each in months:
        month = close(books, **dict(zip("abc", each, strict=True)))
        assert sum(each.transfers_fen for each in month.values()) == 0
        for name, rule in (("a", a), ("b", b)):
            if rule["kind"] in ("state_subsidy", "borrow"):
                assert month[name].closing_fen >= 0
            assert month[name].deficit_before_rule_fen >= -min(month[name].closing_fen, 0)
