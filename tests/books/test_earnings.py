"""Earnings by which riders are paid and losses are valued: of whole months before the one at hand, or expected."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import gamma

from injurysim.books.earnings import (
    EarningsHistory,
    PlatformEarnings,
    expected_monthly_fen,
    months_asked_by_platform,
)
from injurysim.core.calendar import Calendar
from injurysim.core.money import round_half_up
from injurysim.core.randomness import Streams
from injurysim.replication import make_world
from injurysim.scenario.document import Scenario
from injurysim.scenario.resolve import resolve
from injurysim.scenario.world import World
from injurysim.world.population import draw_population

EXPECTED = 777


def history(*months):
    """Earnings of one rider, month by month, beside another's."""
    book = EarningsHistory(np.array([EXPECTED, 111]))
    for amount in months:
        book.add(np.array([0, 1]), np.array([amount, 999]))
    return book


# The mean of the months before


def test_earnings_are_the_mean_of_the_last_months_half_up():
    assert history(100, 101).monthly_fen(0, 12) == 101
    assert history(100, 200, 301).monthly_fen(0, 2) == 251
    assert history(100, 200, 300).monthly_fen(1, 12) == 999


@pytest.mark.parametrize("months", [1, 2, 5, 12])
def test_many_riders_are_told_what_each_of_them_is_told(months):
    book, draw = EarningsHistory(np.arange(100, 160), months=12), np.random.default_rng(1)
    for _ in range(8):
        asked = np.array([3, 3, 0, 59, *range(60)])
        assert book.monthly_fen_of(asked, months) == [book.monthly_fen(rider, months) for rider in asked]
        worked = draw.random(60) < 0.3
        book.add(np.arange(60), np.where(worked, draw.integers(1, 1_000_000, 60), 0))
    assert EarningsHistory(np.array([5, 7]), months=0).monthly_fen_of(np.array([1, 0]), 12) == [7, 5]
    with pytest.raises(ValueError, match="kept"):
        EarningsHistory(np.array([5]), months=2).monthly_fen_of(np.array([0]), 3)


def test_earnings_over_all_platforms():
    book = EarningsHistory(np.array([EXPECTED, EXPECTED]))
    book.add(np.array([0, 0, 1]), np.array([10, 20, 5]))
    assert (book.monthly_fen(0, 12), book.monthly_fen(1, 12)) == (30, 5)


def test_months_before_the_first_earnings_do_not_count_and_later_ones_without_do():
    """Off work for months after having earned, one has earned nothing in them."""
    assert history(0, 0, 300).monthly_fen(0, 12) == 300
    assert history(0, 300, 0, 0).monthly_fen(0, 12) == 100
    assert history(300, 0, 0, 60).monthly_fen(0, 3) == 20
    assert history(300, 0, 0, 0).monthly_fen(0, 3) == 0


def test_before_any_earnings_they_are_those_expected():
    assert history().monthly_fen(0, 12) == EXPECTED
    assert history(0, 0).monthly_fen(0, 12) == EXPECTED
    assert history(0, 0).monthly_fen(1, 12) == 999
    assert history(0, 0, 1).monthly_fen(0, 12) == 1


def test_no_more_than_thirty_six_months_are_kept():
    assert history(*([100] * 10), *([1] * 36)).monthly_fen(0, 48) == 1


# What a law of work means for a month


def crew(small, hours=8, **attendance):
    law = small.group(6)
    law["work"]["attendance"] = {"workday": "0.9", "weekend": "0.7", "holiday": "0.3", **attendance}
    law["work"]["wanted_hours"] = {"kind": "constant", "value": hours}
    return law


def expected(world):
    """Expected earnings by portfolio, in yuan; they are the same for all its riders."""
    law = World.model_validate(world)
    calendar = Calendar.build(date(2024, 1, 1), 1, (), ())
    riders = draw_population(law, calendar, Streams(7, 0))
    found = expected_monthly_fen(law, riders)
    assert found.shape == (len(riders),)
    by_name = {}
    for fen, portfolio in zip(found.tolist(), riders.portfolio.tolist(), strict=True):
        by_name.setdefault(riders.portfolios[portfolio], set()).add(fen)
    assert all(len(each) == 1 for each in by_name.values())
    return {name: each.pop() for name, each in by_name.items()}


def test_expected_earnings_by_hand(small):
    """365.25 / 7 / 12 weeks a month, of 5 x 0.9 + 2 x 0.7 = 5.9 days: 25.65446 days of eight hours.

    Alpha alone pays 8 x 3 x 6.5 = 156 yuan a day: 4 002.10 yuan. With 0.6 on alpha and 0.4 on beta, which gives two
    orders an hour at 7 yuan, a day is 93.6 + 44.8 = 138.4 yuan: 3 550.58. Holidays do not count.
    """
    by_hand = {("crew", "p0"): 400210, ("crew", "p1"): 355058}
    assert expected(small.world({"crew": crew(small)})) == by_hand
    assert expected(small.world({"crew": crew(small, holiday="1")})) == by_hand
    assert expected(small.world({"crew": crew(small, hours=4)})) == {
        ("crew", "p0"): 200105,
        ("crew", "p1"): 177529,
    }
    assert expected(small.world({"crew": crew(small, weekend="0")}))["crew", "p0"] == 305245


def test_expected_earnings_of_orders_fixed_by_the_day(small):
    """Forty orders a day worked at 2 yuan, however long the day: 80 x 25.65446 yuan."""
    fixed = {
        "industry": "parcel",
        "orders": {"kind": "fixed_per_day", "per_day": 40},
        "pay_per_order_yuan": 2,
    }
    world = small.world(
        {"crew": crew(small)}, platforms={"alpha": fixed, "beta": small.platform("parcel", 2, "7")}
    )
    assert expected(world)["crew", "p0"] == 205236


def test_expected_earnings_take_neither_limit_nor_hazard_nor_dates(small):
    plain = small.world({"crew": crew(small)})
    limit = {"kind": "day_logoff", "hours": 2, "scope": "all_platforms", "first_day": "2024-02-14"}
    other = small.world({"crew": crew(small)}, (0, 0), limits={"off": limit})
    assert expected(plain) == expected(other)


# In the books of a world


@pytest.fixture(scope="session")
def kept(small):
    """Twenty riders for three months: the injuries, the months of the world, and expected earnings."""
    given = small.document(worlds={"base": small.world({"crew": small.group(20)})})
    _, injured = small.books(given)
    scenario = resolve(Scenario.model_validate(given))
    running = make_world(scenario, "base", Streams(7, 0), "fast")
    riders = running.population
    months = [
        np.bincount(riders.engagement_rider, month.earnings_fen, len(riders)).astype(int).tolist()
        for month in running.months()
    ]
    return injured, months, expected_monthly_fen(scenario.worlds["base"], riders).tolist()


def test_injuries_of_the_first_month_go_by_the_expected(kept):
    injured, _, expected_fen = kept
    first = [each for each in injured if each.month == 0]
    assert len(first) > 10
    assert [each.monthly_earnings_fen for each in first] == [expected_fen[each.rider] for each in first]
    # Wanted hours are gamma of mean 8 and cv 0.3 below 14: E[X; X <= 14] = 8 F(14) with one more in the shape.
    shape, scale = 1 / 0.09, 8 * 0.09
    hours = 8 * gamma(shape + 1, scale=scale).cdf(14) / gamma(shape, scale=scale).cdf(14)
    by_hand = [pytest.approx(fen * hours / 8, abs=1.5) for fen in (355058, 400210)]
    assert sorted(set(expected_fen)) == by_hand


def test_later_injuries_go_by_the_whole_months_before(kept):
    injured, months, _ = kept
    later = [each for each in injured if each.month > 0]
    assert {each.month for each in later} == {1, 2}
    for each in later:
        before = [month[each.rider] for month in months[: each.month]]
        assert before[0] > 0
        assert each.monthly_earnings_fen == round_half_up(Fraction(sum(before), len(before)))


def test_the_first_month_of_own_earnings_by_hand(small):
    """Ten days off in January: 60 % of 4 002.10 yuan / 30 a day, 800.42; the loss is 1 334.03 and 100 of treatment."""
    item = {"at": "2024-01-15T10:00:00", "group": "crew", "platform": "alpha", "severity": "mild"}
    items = [{**item, "medical_yuan": 100, "days_off": 10, "rider": rider} for rider in range(6)]
    world = small.world(
        {"crew": crew(small) | {"portfolios": {"p0": {"split": {"alpha": 1}}}}},
        injuries={"kind": "listed", "severities": ["mild"], "items": items},
        recovery={"kind": "none"},
    )
    law = small.scheme(
        handling=small.IMMEDIATE,
        base_wage={"kind": "own_earnings"},
        benefits={"recovery": {"kind": "recovery_pay", "wage_share": "0.6", "most_days": 365}},
    )
    books, injured = small.books(small.document({"pilot": small.design({"pilot": law})}, {"base": world}))
    assert [each.loss_fen for each in injured] == [10000 + 133403] * 6
    (scheme,) = books["pilot"].schemes
    assert [payment.item.amount_fen for payment in scheme.cashbook] == [80042] * 6


# On some of the platforms


def by_platform(*months, small, kept=36):
    """Earnings of one rider on alpha and beta, month by month, in a world where 936 and 448 yuan a week are expected."""
    world = World.model_validate(
        small.world({"crew": crew(small) | {"riders": 1, "portfolios": {"p0": {"split": SPLIT}}}})
    )
    riders = draw_population(world, Calendar.build(date(2024, 1, 1), 1, (), ()), Streams(1, 0))
    book = PlatformEarnings(world, riders, kept)
    for amounts in months:
        book.add(np.array(amounts))
    return book


SPLIT = {"alpha": "0.6", "beta": "0.4"}
ALPHA, BETA = frozenset([0]), frozenset([1])


def test_earnings_on_some_of_the_platforms(small):
    book = by_platform((100, 7), (201, 0), small=small)
    assert book.monthly_fen(0, 12, ALPHA) == 151
    assert book.monthly_fen(0, 1, ALPHA) == 201
    assert book.monthly_fen(0, 12, BETA) == 4
    assert book.monthly_fen(0, 12, ALPHA | BETA) == 154


def test_months_before_the_first_earnings_on_them_do_not_count(small):
    book = by_platform((100, 0), (100, 50), (100, 0), small=small)
    assert book.monthly_fen(0, 12, BETA) == 25
    assert book.monthly_fen(0, 12, ALPHA | BETA) == 117


def test_before_any_earnings_on_them_they_are_those_expected_of_them(small):
    """25.65446 days of 93.60 yuan on alpha and of 44.80 on beta: together what is expected on all platforms."""
    book = by_platform((0, 0), (30, 0), small=small)
    assert book.monthly_fen(0, 12, BETA) == 114932
    assert by_platform(small=small).monthly_fen(0, 12, ALPHA) == 240126
    assert by_platform(small=small).monthly_fen(0, 12, ALPHA | BETA) == 355058
    assert by_platform(small=small).monthly_fen(0, 12, frozenset()) == 0


def test_earnings_by_platform_are_kept_only_where_a_rule_asks(small):
    def kept(on, months):
        law = small.scheme(base_wage={"kind": "own_earnings", "on": on, "months": months})
        return Scenario.model_validate(small.document({"pilot": small.design({"pilot": law})}))

    assert months_asked_by_platform(kept("all_platforms", 6)) == 0
    assert months_asked_by_platform(kept("liable_platform", 6)) == 6
    assert months_asked_by_platform(kept("same_industry", 24)) == 24
    with pytest.raises(ValueError, match="not kept"):
        history(100).monthly_fen(0, 12, ALPHA)
    with pytest.raises(ValueError, match="not kept"):
        by_platform((1, 1), small=small, kept=3).monthly_fen(0, 4, ALPHA)


def test_the_wage_of_an_injury_goes_by_the_platforms_the_rule_names(small):
    """Alpha is food, beta and gamma are parcels; hurt on beta in January the expected earnings are those of each rule."""
    item = {"at": "2024-01-15T10:00:00", "group": "crew", "platform": "beta", "severity": "mild"}
    world = small.world(
        {
            "crew": crew(small)
            | {"riders": 1, "portfolios": {"p0": {"split": {"alpha": "0.5", "beta": "0.3", "gamma": "0.2"}}}}
        },
        platforms={
            "alpha": small.platform(),
            "beta": small.platform("parcel", 2, "7"),
            "gamma": small.platform("parcel", 1, "10"),
        },
        injuries={
            "kind": "listed",
            "severities": ["mild"],
            "items": [{**item, "medical_yuan": 0, "days_off": 30}],
        },
        recovery={"kind": "none"},
    )

    def plan(on):
        pay = {"kind": "recovery_pay", "wage_share": 1, "most_days": 365}
        law = small.scheme(
            handling=small.IMMEDIATE,
            contribution={"kind": "none"},
            base_wage={"kind": "own_earnings", "on": on},
            benefits={"recovery": pay},
        )
        return small.design({"pilot": law})

    rules = ("all_platforms", "liable_platform", "same_industry")
    found = small.frames(small.document({on.replace("_", ""): plan(on) for on in rules}, {"base": world}))
    paid = found["payments"].set_index("design")["amount_fen"].to_dict()
    days = 365.25 / 84 * (5 * 0.9 + 2 * 0.7)
    alpha, beta, gamma = 8 * 0.5 * 3 * 6.5, 8 * 0.3 * 2 * 7, 8 * 0.2 * 10
    by_hand = [alpha + beta + gamma, beta, beta + gamma]
    assert [paid[on.replace("_", "")] for on in rules] == [
        pytest.approx(days * each * 100, abs=0.51) for each in by_hand
    ]


# Nothing that comes later

SPLIT_DAY = "2024-02-14"
SPLIT_MINUTE = (31 + 13) * 1440
LIMIT = {"kind": "day_logoff", "hours": 2, "scope": "all_platforms", "first_day": SPLIT_DAY}


@pytest.mark.parametrize(
    "wage",
    [
        {"kind": "fixed", "yuan": 7000},
        {"kind": "own_earnings", "months": 1},
        {"kind": "own_earnings", "months": 1, "on": "liable_platform"},
    ],
)
@pytest.mark.parametrize("handling", ["IMMEDIATE", "OFFICES"])
def test_no_amount_depends_on_work_after_an_injury(small, wage, handling):
    """Two worlds that differ from 14 February on: all that injuries before it are worth, cost and get is the same.

    From then on riders of the second work two hours a day and earn a quarter: February as a whole differs, and with
    it every amount that would look at the month of the injury. Ample staff, so that later cases hold nobody up.
    A replication (run_cell) pays the same and counts the same losses as the books kept here.
    """
    worlds = {
        "free": small.world({"crew": small.group(45)}),
        "limited": small.world({"crew": small.group(45)}, limits={"off": LIMIT}),
    }
    rule = getattr(small, handling)
    if rule["kind"] == "offices":
        rule = rule | {
            desk: {**rule[desk], "staff": 200} for desk in ("confirmation", "appraisal", "payment")
        }
    law = small.scheme(base_wage=wage, handling=rule, cover={"kind": "online"})
    given = small.document({"pilot": small.design({"pilot": law})}, worlds, runoff_months=4)
    told = []
    for world in worlds:
        books, injured = small.books(given, world=world)
        (scheme,) = books["pilot"].schemes
        early = {claim.claim_id: claim for claim in scheme.claims if claim.injured.minute < SPLIT_MINUTE}
        payments = sorted(
            (payment.claim.claim_id, payment.paid_at, astuple(payment.item))
            for payment in scheme.cashbook
            if payment.claim.claim_id in early
        )
        told.append(
            {
                "injuries": [astuple(each) for each in injured if each.minute < SPLIT_MINUTE],
                "awards": {name: [astuple(item) for item in claim.awards] for name, claim in early.items()},
                "payments": payments,
            }
        )
        february = [each for each in injured if each.month == 1 and each.minute < SPLIT_MINUTE]
        assert len(february) > 10
        assert any(each.days_off for each in february)
        assert len(payments) > 20
        found = small.frames(given, world=world)
        amounts = sorted(found["payments"]["amount_fen"])
        assert amounts == sorted(payment.item.amount_fen for payment in scheme.cashbook)
        everybody = found["coverage"][found["coverage"]["dimension"] == "all"]
        losses = [sum(each.loss_fen for each in injured if each.month == month) for month in range(3)]
        assert everybody["loss_fen"].tolist()[:3] == losses
    free, limited = told
    assert free == limited
    tables = [small.frames(given, world=world)["riders"] for world in worlds]
    earned = [each.loc[each["month"] == "2024-02", "earnings_fen"].sum() for each in tables]
    assert earned[1] < 0.75 * earned[0]
