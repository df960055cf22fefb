"""Windows of cover: nested, and the minutes after an order in agreement with the injuries they cover."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from injurysim.books.draws import Draws, Lot
from injurysim.books.windows import in_window, minutes_since_order
from injurysim.core.randomness import Purpose, Streams

WINDOWS = {
    "order": {"kind": "order"},
    "five-minutes": {"kind": "order_plus_minutes", "minutes": 5},
    "twenty-minutes": {"kind": "order_plus_minutes", "minutes": 20},
    "online": {"kind": "online"},
    "commute": {"kind": "commute"},
    "day": {"kind": "day"},
}
FOUR = 4.0
"""Standard errors allowed: one false alarm in 16 000."""


def one_at_a_time(small, per_hour):
    orders = {
        "kind": "one_at_a_time",
        "per_hour": per_hour,
        "minutes": {"kind": "gamma", "mean": 25, "cv": 0.6},
    }
    return {**small.platform(), "orders": orders}


def designs(small, windows=WINDOWS):
    return {
        name: small.design({"pilot": small.scheme(cover=window, handling=small.IMMEDIATE)})
        for name, window in windows.items()
    }


@pytest.fixture(scope="session")
def commuting(small):
    """Return coverage and claims of every window on riders who travel, wait and deliver."""
    crew = small.group(40, work={**small.group()["work"], "commute_minutes": 30})
    return small.frames(small.document(designs(small), {"base": small.world({"crew": crew})}, months=3))


def test_each_window_covers_what_the_narrower_one_does_and_more(small, commuting):
    claims = {name: small.of_design(commuting["claims"], name).set_index("injury_id") for name in WINDOWS}
    covered = [
        claims[name]["covered"] for name in ("order", "five-minutes", "twenty-minutes", "online", "commute")
    ]
    for narrow, wide in pairwise(covered):
        assert (narrow <= wide).all()
        assert narrow.sum() < wide.sum()
    assert covered[-1].all()
    assert claims["day"]["covered"].all()
    situation = commuting["injuries"].set_index("injury_id")["situation"]
    assert (claims["online"]["covered"] == (situation != "travelling")).all()


def test_minutes_inside_grow_with_the_window(small, commuting):
    hours = {
        name: small.of_design(commuting["coverage"], name)
        .query("dimension == 'all'")
        .set_index("month")["online_hours_insured"]
        for name in WINDOWS
    }
    for narrow, wide in (
        ("order", "five-minutes"),
        ("five-minutes", "twenty-minutes"),
        ("twenty-minutes", "online"),
    ):
        assert (hours[narrow] < hours[wide]).all()
    assert hours["online"].equals(hours["commute"])
    assert hours["online"].equals(hours["day"])


def test_a_day_without_orders_is_no_day_of_work(small):
    """On a platform that gives no orders nothing is covered by the day, neither minutes nor injuries."""
    idle = {"industry": "food", "orders": {"kind": "fixed_per_day", "per_day": 0}, "pay_per_order_yuan": 0}
    platforms = {"alpha": idle, "beta": small.platform("parcel", 2, "7")}
    world = small.world({"crew": small.group(40)}, platforms=platforms)
    found = small.frames(small.document(designs(small, {"day": WINDOWS["day"]}), {"base": world}))
    claims = found["claims"]
    assert (claims["covered"] == (claims["liable_platform"] == "beta")).all()
    assert {*claims["liable_platform"]} == {"alpha", "beta"}
    hours = found["coverage"].query("level == 'alpha'")
    assert (hours["online_hours_insured"] == 0).all()
    assert (hours["online_hours"] > 0).all()


KINDS = {"poisson": lambda small: small.platform(per_hour=2), "one": lambda small: one_at_a_time(small, 2)}


def waiting(small, kind, minutes, riders=300):
    """Run riders who wait a good deal; return the waiting injuries, their cover and the book."""
    window = {"kind": "order_plus_minutes", "minutes": minutes}
    fields = {"age_years": {"kind": "constant", "value": 30}}
    crew = small.group(riders, [{"alpha": 1}], **fields)
    world = small.world(
        {"crew": crew}, (8, 8), platforms={"alpha": KINDS[kind](small)}, recovery={"kind": "none"}
    )
    world = {**world, "fatigue": {"kind": "none"}}
    contribution = {"kind": "per_order", "payer": "platform", "industries": {"food": "0.06"}}
    law = small.scheme(cover=window, handling=small.IMMEDIATE, contribution=contribution)
    world["injuries"] = {**world["injuries"], "per_1000_hours": {"food": 40}}
    return small.frames(small.document({"plan": small.design({"pilot": law})}, {"base": world}, months=3))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("minutes", [5, 20])
def test_injuries_are_covered_as_often_as_minutes_of_waiting_are(small, kind, minutes):
    """Share of waiting injuries covered against share of waiting time, at a flat hazard: within four standard errors."""
    found = waiting(small, kind, minutes)
    exposure = found["exposure"][["online_hours", "engaged_hours"]].sum()
    inside = (
        found["coverage"].query("dimension == 'all'")["online_hours_insured"].sum()
        - exposure["engaged_hours"]
    )
    share = inside / (exposure["online_hours"] - exposure["engaged_hours"])
    claims = found["claims"].merge(found["injuries"][["injury_id", "situation"]])
    waited = claims[claims["situation"] == "waiting"]["covered"]
    error = math.sqrt(share * (1 - share) / len(waited))
    assert error < 0.06 * share  # what this run can see
    assert abs(waited.mean() - share) < FOUR * error
    assert claims[claims["situation"] == "on_order"]["covered"].all()


@pytest.mark.parametrize("kind", KINDS)
def test_order_by_order_waiting_riders_have_waited_as_the_law_says(small, kind):
    """Of moments of waiting, as many lie within 5 and 20 minutes of an order as minutes are counted inside.

    Orders come at 2 an hour for 25 minutes; a shift of 8 hours begins without one. Moments are those of every minute
    of 4000 shifts; the standard error is that of means of shifts.
    """
    draw = np.random.default_rng(11)
    rate, shifts, length = 2 / 60, 4000, 480
    for minutes in (5.0, 20.0):
        covered, waited = np.zeros(shifts), np.zeros(shifts)
        for shift in range(shifts):
            spans, at = [], draw.exponential(1 / rate)
            while at < length:
                done = at + draw.gamma(1 / 0.36, 25 * 0.36)
                spans.append((at, done))
                at = (done if kind == "one" else at) + draw.exponential(1 / rate)
            busy_until, since = 0.0, None
            for begin, done in [*spans, (length, length)]:
                if begin > busy_until:
                    gap = min(begin, length) - busy_until
                    waited[shift] += max(gap, 0)
                    covered[shift] += max(min(gap, minutes), 0) if since is not None else 0
                busy_until, since = max(busy_until, done), busy_until
        ratio = covered.sum() / waited.sum()
        error = (covered - ratio * waited).std() / waited.mean() / math.sqrt(shifts)
        q = -math.expm1(-rate * minutes)
        busy = 1 - waited.mean() / length
        lost = (
            q - (1 - busy) * rate * minutes * (1 - q)
        ) / rate  # of a shift, before its first order is done
        law = q - lost / waited.mean()
        assert error < 0.01 * ratio
        assert (
            abs(ratio - law) < FOUR * error + 0.01 * ratio
        )  # 1 %: order times vary, and shares drift at first


def test_demand_of_the_hour_and_the_day_counts(small, hurt):
    """Ten times the demand, a tenth of the minutes since the last order; by the same draw."""
    demand = {"by_hour": {0: 1, 12: 10}, "weekend": 10}
    platform = small.platform()
    platform["orders"]["demand"] = demand
    world = small.world(platforms={"alpha": platform, "beta": small.platform("parcel", 2, "7")})
    books, _ = small.books(small.document(worlds={"base": world}))
    setting = books["pilot"].setting

    def since(minute):
        lot = Lot(Streams(7, 0), ["one"], "pilot")
        return minutes_since_order(hurt(situation="waiting", minute=minute), Draws(lot, 0), setting)

    monday = 7 * 1440  # 8 January
    assert since(monday + 13 * 60) == pytest.approx(since(monday + 11 * 60) / 10)
    assert since(monday - 13 * 60) == pytest.approx(since(monday + 11 * 60) / 10)


def test_apps_open_together_add_their_orders(small, hurt):
    portfolio = {"split": {"alpha": "0.5", "beta": "0.5"}, "at_once": True}
    crew = {**small.group(5), "portfolios": {"both": portfolio}}
    books, _ = small.books(small.document(worlds={"base": small.world({"crew": crew})}))
    setting = books["pilot"].setting
    draws = Draws(Lot(Streams(7, 0), ["one"], "pilot"), 0)
    rate = (3 + 2) / 2 / 60
    assert minutes_since_order(hurt(situation="waiting"), draws, setting) == pytest.approx(
        -math.log(draws.uniform(Purpose.SINCE_ORDER)) / rate
    )


def test_of_a_shift_just_begun_there_is_no_last_order(small, hurt):
    """Within a window without end an injury is covered when the wait is no longer than the shift."""
    from injurysim.scenario.cover import OrderPlusMinutes

    books, _ = small.books(small.document())
    setting = books["pilot"].setting
    window = OrderPlusMinutes.model_validate({"kind": "order_plus_minutes", "minutes": 100_000})
    lot = Lot(Streams(3, 0), [str(n) for n in range(2000)], "pilot")
    for worked in (0, 35, 85):  # less 25 minutes, in which the first order is done
        inside = [
            in_window(window, hurt(situation="waiting", worked_minutes=worked), Draws(lot, n), setting)
            for n in range(2000)
        ]
        chance = -math.expm1(-max(worked - 25, 0) * 3 / 60)
        assert abs(np.mean(inside) - chance) <= FOUR * math.sqrt(chance * (1 - chance) / 2000)
