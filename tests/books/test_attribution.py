"""Whose an injury is: for each question the rule for two orders in hand and for none, and what accounts make of it."""

from __future__ import annotations

import math
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.books.attribution import EVERYBODY, NOBODY, Attributor, in_proportion, largest, wholly
from injurysim.books.setting import Setting
from injurysim.core.randomness import Streams
from injurysim.replication import make_world
from injurysim.scenario.attribution import Attribution
from injurysim.scenario.document import Scenario
from injurysim.scenario.resolve import book_calendar, resolve

ALPHA, BETA = 0, 1
EVERY_RULE = ("by_orders", "by_recent_earnings", "first_accepted", "pooled")


def at_once(small, riders=6, split=("0.6", "0.4"), **changes):
    crew = small.group(riders, **changes)
    crew["portfolios"] = {
        "both": {"split": dict(zip(("alpha", "beta"), split, strict=True)), "at_once": True}
    }
    return crew


def whose(**questions):
    """Return a law of attribution that answers every question alike, but for those given."""
    rule = {name: questions.pop(name) for name in ("two_orders", "no_order") if name in questions}
    return {**dict.fromkeys(("liable", "rating", "paying"), rule), **questions}


@pytest.fixture(scope="session")
def stage(small):
    """Return a maker of settings on which nobody has worked yet, for a crew and a law of attribution."""

    def make(crew, law):
        design = small.design({"pilot": small.scheme(attribution=law)})
        given = small.document({"pilot": design}, {"base": small.world({"crew": crew})})
        found = resolve(Scenario.model_validate(given))
        streams = Streams(7, 0)
        population = make_world(found, "base", streams, "fast").population
        return Setting.of(found, "base", book_calendar(found), streams, population)

    return make


def month(**by_platform):
    """Return a month's measures of engagements of one rider on two platforms."""
    values = {name: np.array(values, np.int64) for name, values in by_platform.items()}
    return SimpleNamespace(index=0, **values)


def shares(stage, injured, crew, *months, **law):
    given = whose(**law)
    setting = stage(crew, given)
    attributor = Attributor(Attribution.model_validate(given), setting)
    for each in months:
        setting.past.add(each)
    found = attributor.of(injured)
    assert found.liable == found.rating == found.paying
    return found.liable


def test_with_orders_of_one_platform_in_hand_it_is_that_platform_whatever_the_rules(small, stage, hurt):
    for rule in EVERY_RULE:
        law = {"two_orders": rule, "no_order": "none"}
        assert shares(stage, hurt(app=BETA), at_once(small), **law) == wholly(BETA)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("first_accepted", wholly(ALPHA)),
        ("pooled", EVERYBODY),
        ("by_orders", ((ALPHA, Fraction(30, 37)), (BETA, Fraction(7, 37)))),
        ("by_recent_earnings", ((ALPHA, Fraction(2, 3)), (BETA, Fraction(1, 3)))),
    ],
)
def test_two_orders_in_hand(small, stage, hurt, rule, wanted):
    """10 + 20 orders on one platform and 3 + 4 on the other; 100 + 100 fen and 40 + 60."""
    months = [
        month(orders=[10, 3], earnings_fen=[100, 40]),
        month(orders=[20, 4], earnings_fen=[100, 60]),
    ]
    injured = hurt(app=ALPHA, second_app=BETA)
    assert shares(stage, injured, at_once(small, 1), *months, two_orders=rule) == wanted


def test_only_so_many_whole_months_count(small, stage, hurt):
    months = [month(orders=[100, 0]), month(orders=[1, 2]), month(orders=[2, 4])]
    law = {"two_orders": "by_orders", "recent_months": 2}
    injured = hurt(app=ALPHA, second_app=BETA)
    assert shares(stage, injured, at_once(small, 1), *months, **law) == in_proportion({ALPHA: 3, BETA: 6})


@pytest.mark.parametrize("months", [[], [month(orders=[0, 0])]])
def test_a_rider_without_any_goes_by_the_split(small, stage, hurt, months):
    injured = hurt(app=BETA, second_app=ALPHA)
    found = shares(stage, injured, at_once(small, 1), *months, two_orders="by_orders")
    assert dict(found) == {ALPHA: Fraction(3, 5), BETA: Fraction(2, 5)}
    assert largest(found) == ALPHA


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [("open_app", wholly(BETA)), ("pooled", EVERYBODY), ("none", NOBODY), ("last_completed", wholly(BETA))],
)
def test_no_order_in_hand_in_sequence(small, stage, hurt, rule, wanted):
    """Who works one app after another waits on the app worked on, and there the last and the next order are."""
    for situation in ("waiting", "travelling"):
        injured = hurt(app=BETA, situation=situation)
        crew = small.group(portfolios=[{"alpha": "0.6", "beta": "0.4"}])
        assert shares(stage, injured, crew, no_order=rule) == wanted


def test_by_time_online_over_all_platforms(small, stage, hurt):
    injured = hurt(app=BETA, situation="waiting")
    law = {"no_order": "by_online_time"}
    found = shares(stage, injured, at_once(small, 1), month(online_minutes=[90, 30]), **law)
    assert found == ((ALPHA, Fraction(3, 4)), (BETA, Fraction(1, 4)))
    assert dict(shares(stage, injured, at_once(small, 1), **law)) == {
        ALPHA: Fraction(3, 5),
        BETA: Fraction(2, 5),
    }


def drawn(stage, crew, hurt, rule, number):
    given = whose(no_order=rule)
    setting = stage(crew, given)
    attributor = Attributor(Attribution.model_validate(given), setting)
    injuries = [hurt(injury_id=f"east/crew/0/{i}/2024-01/0", situation="waiting") for i in range(number)]
    return [largest(attributor.of(each).liable) for each in injuries]


def test_with_apps_at_once_the_orders_around_a_wait_come_in_proportion_to_their_rates(small, stage, hurt):
    """3 x 0.6 orders an hour against 2 x 0.4; 4 standard errors, twice: one false alarm in 8 000."""
    number, expected = 4000, 1.8 / 2.6
    last = drawn(stage, at_once(small), hurt, "last_completed", number)
    following = drawn(stage, at_once(small), hurt, "next_accepted", number)
    for found in (last, following):
        error = math.sqrt(expected * (1 - expected) / number)
        assert abs(found.count(ALPHA) / number - expected) < 4 * error
    both = sum(a == b == ALPHA for a, b in zip(last, following, strict=True)) / number
    assert abs(both - expected**2) < 4 * math.sqrt(expected**2 * (1 - expected**2) / number)


def test_a_higher_rate_of_one_app_moves_injuries_only_to_it(small, stage, hurt):
    less = drawn(stage, at_once(small, split=("0.6", "0.4")), hurt, "last_completed", 500)
    more = drawn(stage, at_once(small, split=("0.8", "0.2")), hurt, "last_completed", 500)
    assert all(b == ALPHA for a, b in zip(less, more, strict=True) if a == ALPHA)
    assert less != more


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 10**9), min_size=1))
def test_shares_are_exact_and_add_to_one(weights):
    if not any(weights.values()):
        return
    found = in_proportion(weights)
    assert sum(share for _, share in found) == 1
    assert {platform for platform, _ in found} == {platform for platform, w in weights.items() if w}
    assert dict(found)[largest(found)] == max(share for _, share in found)


def test_the_month_at_hand_is_not_among_the_recent(small):
    """Every book asks for the month that is shared; it is over, and recent, when the next one is."""
    law = small.scheme(attribution=whose(two_orders="by_orders"))
    given = small.document({name: small.design({"pilot": law}) for name in ("one", "other")})
    found = resolve(Scenario.model_validate(given))
    streams = Streams(7, 0)
    running = make_world(found, "base", streams, "fast")
    setting = Setting.of(found, "base", book_calendar(found), streams, running.population)
    Attributor(Attribution.model_validate(whose(two_orders="by_orders")), setting)
    first, last = running.population.first_engagement[:2].tolist()
    worked = [0]
    for each in running.months():
        for _ in range(2):
            setting.shared(each)
            assert setting.past.of(slice(first, last), "orders", 3).sum() == sum(worked)
        worked.append(int(each.orders[first:last].sum()))
    assert worked[1] > 0


# ---- in a book ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def kept(small):
    """Return a maker of the tables of a pilot kept on riders with two apps open at once, hurt often."""

    def make(law, accounts=("fund",), benefits=None, months=3, **changes):
        world = small.world({"crew": at_once(small, 12)}, per_1000_hours=(9, 9))
        pilot = small.scheme(
            attribution=law,
            cover={"kind": "online"},
            benefits=benefits or small.BENEFITS,
            handling=small.IMMEDIATE,
            **changes,
        )
        found = small.design({"pilot": pilot}, {name: small.account() for name in accounts})
        return small.frames(small.document({"d": found}, {"base": world}, months=months, runoff_months=0))

    return make


def test_whose_an_injury_is_does_not_depend_on_what_comes_after(kept):
    law = whose(two_orders="by_recent_earnings", no_order="by_online_time")
    short, longer = (kept(law, months=months) for months in (3, 4))
    known = longer["attribution"][longer["attribution"]["claim_id"].isin(short["claims"]["claim_id"])]
    columns = ["claim_id", "purpose", "platform", "share"]
    assert known["share"].nunique() > 2
    assert known[columns].reset_index(drop=True).equals(short["attribution"][columns])


def test_platforms_with_accounts_of_their_own_receive_and_pay(kept):
    law = {"paying": {"two_orders": "by_orders", "no_order": "pooled"}, "platform_accounts": {"beta": "b"}}
    found = kept(law, ("fund", "b"))
    contributions = found["contributions"]
    assert (contributions["account"] == contributions["platform"].map({"alpha": "fund", "beta": "b"})).all()
    paying = found["attribution"].query("purpose == 'paying'")
    share = (
        paying.assign(account=np.where(paying["platform"] == "beta", "b", "fund"))
        .groupby(["claim_id", "account"])["share"]
        .sum()
    )
    paid = found["payments"]
    whole = paid.groupby(["claim_id", "benefit"])["amount_fen"].transform("sum")
    each = [share[row.claim_id, row.account] for row in paid.itertuples()]
    assert (abs(paid["amount_fen"] - whole * each) < 1).all()
    split = paid.groupby(["claim_id", "benefit"])["account"].nunique()
    assert set(split) == {1, 2}, "some are paid by one account, some by both"
    assert paid.groupby("account")["amount_fen"].sum().min() > 0


def test_what_is_owed_stands_at_the_accounts_that_pay(kept, small):
    law = {"paying": {"two_orders": "by_orders"}, "platform_accounts": {"beta": "b"}}
    found = kept(law, ("fund", "b"), reporting={**small.SHARES, "not_covered_factor": "1"})
    claims, last = found["claims"], found["position"]
    last = last[last["month"] == last["month"].max()]
    ibnr = claims[~claims["reported"]]["ultimate_fen"].sum()
    assert last["ibnr_fen"].sum() == ibnr
    assert last["outstanding_fen"].sum() == claims["outstanding_fen"].sum()


def test_nobody_files_and_pays_employer_items_where_an_injury_is_nobodys(kept, small):
    benefits = {**small.BENEFITS, "recovery": {**small.BENEFITS["recovery"], "payer": "platform"}}
    paid = {}
    for rule in ("open_app", "pooled", "none"):
        found = kept({"liable": {"no_order": rule}}, benefits=benefits)
        waiting = found["injuries"].query("situation == 'waiting'")["injury_id"]
        claims = found["claims"][found["claims"]["injury_id"].isin(waiting)]
        assert claims["liable_platform"].isna().all() == (rule != "open_app")
        payments = found["payments"][found["payments"]["claim_id"].isin(claims["claim_id"])]
        paid[rule] = payments.groupby("payer")["amount_fen"].sum()
    assert paid["open_app"].equals(paid["pooled"]), "pooled: all platforms of the scheme pay it together"
    assert paid["pooled"]["platform"] > 0
    assert "platform" not in paid["none"]
    assert paid["none"]["fund"] == paid["pooled"]["fund"]


def test_three_questions_are_answered_apart(kept):
    law = {
        "liable": {"two_orders": "first_accepted"},
        "rating": {"two_orders": "by_recent_earnings"},
        "paying": {"two_orders": "pooled"},
    }
    found = kept(law)
    both = found["injuries"][found["injuries"]["second_platform"].notna()]["injury_id"]
    claims = found["claims"][found["claims"]["injury_id"].isin(both)]
    rows = found["attribution"][found["attribution"]["claim_id"].isin(claims["claim_id"])]
    assert len(claims) > 3
    assert (rows[rows["purpose"] == "liable"]["platform"] == "alpha").all()
    assert set(rows[rows["purpose"] == "rating"]["platform"]) == {"alpha", "beta"}
    assert rows[rows["purpose"] == "paying"]["platform"].isna().all()
