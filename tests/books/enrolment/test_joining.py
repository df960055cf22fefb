"""When platforms are in: stated and drawn dates, regions of their own, numbers of orders, the end of a scheme."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

UNCERTAIN = {"dates": {"2024-02-01": "0.5", "2024-03-01": "0.25"}}
REGIONS = {"east": {}, "west": {}}


def groups(small):
    return {"crew": small.group(12), "others": small.group(12, region="west")}


def plan(small, enrolment, months=4, **changes):
    law = small.scheme(enrolment=enrolment, handling=small.IMMEDIATE, cover={"kind": "online"}, **changes)
    worlds = {"base": small.world(groups(small), regions=REGIONS)}
    return small.document({"plan": small.design({"pilot": law})}, worlds, months=months)


def insured_orders(found, level):
    """Orders insured by month of a level of the coverage table."""
    rows = found["coverage"][found["coverage"]["level"] == level]
    return rows.set_index("month")["orders_insured"]


def test_a_region_has_dates_of_its_own(small):
    """East by what holds elsewhere, west by its own: alpha there from March, beta never."""
    enrolment = {
        "kind": "mandatory",
        "joins": "2024-02-01",
        "regions": {"west": {"platforms": {"alpha": "2024-03-01"}}},
    }
    found = small.frames(plan(small, enrolment))
    east, west = insured_orders(found, "east"), insured_orders(found, "west")
    assert east["2024-01"] == 0
    assert (east[["2024-02", "2024-03", "2024-04"]] > 0).all()
    assert (west[["2024-01", "2024-02"]] == 0).all()
    assert (west[["2024-03", "2024-04"]] > 0).all()
    base = found["contributions"].groupby(["region", "platform"])["base_true"].sum()
    assert {("east", "alpha"), ("east", "beta"), ("west", "alpha")} == {*base[base > 0].index}
    claims = found["claims"].merge(found["injuries"][["injury_id", "occurred_at"]])
    first = claims.groupby("region")["occurred_at"].min()
    assert first["east"] >= pd.Timestamp("2024-02-01")
    assert first["west"] >= pd.Timestamp("2024-03-01")
    assert not claims[(claims["region"] == "west") & (claims["liable_platform"] == "beta")]["covered"].any()


def joined_month(small, document, replication, **named):
    """Return the first month with insured orders, None for never, of one replication."""
    found = small.frames(document, replication=replication)
    orders = insured_orders(found, named.get("level", "all"))
    return orders[orders > 0].index.min() if (orders > 0).any() else None


def test_a_drawn_date_has_its_probabilities_and_is_the_same_in_every_design_of_the_name(small):
    """Of 200 replications half join in February, a quarter in March, a quarter never, within four standard errors."""
    from injurysim.books.enrolment.joining import NEVER, Joining
    from injurysim.books.setting import Setting
    from injurysim.core.randomness import Streams
    from injurysim.replication import make_world
    from injurysim.scenario.document import Scenario
    from injurysim.scenario.resolve import book_calendar, resolve

    scenario = resolve(Scenario.model_validate(plan(small, {"kind": "mandatory", "joins": UNCERTAIN})))
    law = scenario.designs["plan"].schemes["pilot"]
    drawn = []
    for replication in range(200):
        streams = Streams(7, replication)
        running = make_world(scenario, "base", streams, "fast")
        setting = Setting.of(scenario, "base", book_calendar(scenario), streams, running.population)
        days = Joining("pilot", law, setting).first_day
        assert np.unique(days).size == 1  # stated once, drawn once
        assert (Joining("pilot", law, setting).first_day == days).all()
        drawn.append((days[0, 0], Joining("other", law, setting).first_day[0, 0]))
    first, other = np.array(drawn).T
    for day, share in ((31, 0.5), (60, 0.25), (NEVER, 0.25)):
        assert abs((first == day).mean() - share) < 4 * math.sqrt(share * (1 - share) / 200)
    assert 0.2 < (first == other).mean() < 0.6  # another name is another draw: alike in 0.375


def test_dates_stated_in_places_of_their_own_are_drawn_apart(small):
    enrolment = {
        "kind": "mandatory",
        "joins": UNCERTAIN,
        "regions": {"west": {"joins": UNCERTAIN}},
    }
    document = plan(small, enrolment)
    pairs = {
        tuple(joined_month(small, document, number, level=level) for level in ("east", "west"))
        for number in range(8)
    }
    assert any(east != west for east, west in pairs)


def test_a_platform_is_in_from_the_month_after_it_first_reached_so_many_orders(small):
    free = small.frames(plan(small, {"kind": "mandatory", "joins": "2024-01-01"}))
    orders = free["exposure"].groupby(["region", "platform", "month"])["orders"].sum()
    least = int(orders.unstack("month").max(axis=1).median())
    enrolment = {"kind": "mandatory", "joins": "2024-01-01", "orders_per_month_at_least": least}
    found = small.frames(plan(small, enrolment))
    insured = found["contributions"].groupby(["region", "platform", "month"])["base_true"].sum()
    seen = set()
    for (region, platform), series in orders.groupby(["region", "platform"]):
        by_month = series.droplevel(["region", "platform"]).sort_index()
        reached = (by_month >= least).cummax().shift(fill_value=False)
        wanted = by_month[reached]
        got = insured.get((region, platform), pd.Series(dtype=int))
        assert got.to_dict() == wanted.to_dict()
        seen.add(bool(len(wanted)))
    assert seen == {True, False}
    claims = found["claims"]
    assert 0 < claims["covered"].sum() < len(claims)


def test_a_scheme_ends(small):
    enrolment = {"kind": "mandatory", "joins": "2024-01-01"}
    found = small.frames(plan(small, enrolment, until="2024-03-01"))
    without = small.frames(plan(small, enrolment))
    orders = insured_orders(found, "all")
    assert (orders[["2024-03", "2024-04"]] == 0).all()
    claims = found["claims"].merge(found["injuries"][["injury_id", "occurred_at"]])
    assert claims["covered"].all()
    assert claims["occurred_at"].max() < pd.Timestamp("2024-03-01")
    other = without["claims"].merge(without["injuries"][["injury_id", "occurred_at"]])
    before = other[other["occurred_at"] < pd.Timestamp("2024-03-01")]
    assert claims["injury_id"].tolist() == before["injury_id"].tolist()
    rows = ["month", "platform", "due_fen"]
    until = without["contributions"]["month"] < "2024-03"
    assert (
        found["contributions"][rows].values.tolist() == without["contributions"][until][rows].values.tolist()
    )


@pytest.mark.parametrize("key", ["platforms", "engagers"])
def test_a_scheme_for_some_insures_them_alone(small, key):
    crew = small.group(30, engager={"platform": "0.5", "agent": "0.5"})
    names = {"platforms": ["beta"], "engagers": ["agent"]}[key]
    law = small.scheme(eligible={key: names}, handling=small.IMMEDIATE, cover={"kind": "online"})
    document = small.document({"plan": small.design({"pilot": law})}, {"base": small.world({"crew": crew})})
    books, injuries = small.books(document)
    setting = books["plan"].setting
    claims = books["plan"].schemes[0].claims
    mine = {
        "platforms": lambda injured: setting.platforms[injured.app] == "beta",
        "engagers": lambda injured: setting.population.engager[injured.rider] == 2,
    }[key]
    assert {claim.injured.injury_id for claim in claims} == {i.injury_id for i in injuries if mine(i)}
    assert 0 < len(claims) < len(injuries)
    assert all(claim.covered for claim in claims)


def test_age_counts_on_the_first_day_of_the_month(small):
    """Riders who turn 30 within the months are eligible until the month in which they are 30 when it begins."""
    crew = small.group(40, age_years={"kind": "uniform", "low": "29.2", "high": "30.1"})
    law = small.scheme(eligible={"age_below": 30}, handling=small.IMMEDIATE, cover={"kind": "online"})
    document = small.document(
        {"plan": small.design({"pilot": law})}, {"base": small.world({"crew": crew})}, months=6
    )
    books, injuries = small.books(document)
    calendar, ages = books["plan"].setting.calendar, books["plan"].setting.population.age_years

    def young(injured):
        return ages[injured.rider] + calendar.month_starts[injured.month] / 365.25 < 30

    claims = books["plan"].schemes[0].claims
    assert {claim.injured.injury_id for claim in claims} == {i.injury_id for i in injuries if young(i)}
    eligible = small.frames(document)["coverage"].query("dimension == 'all'")["riders_eligible"].tolist()
    assert eligible == sorted(eligible, reverse=True)
    assert eligible[0] > eligible[-1] > 0
